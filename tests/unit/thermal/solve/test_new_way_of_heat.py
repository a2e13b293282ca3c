"""A way of heat that the house does not know: one class, and steady, transient and periodic solves and their ledger take it in."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from bodies import Solid, audited, lump
from scipy.optimize import brentq

from meshes.structured import structured_box
from thermal.constants import STEFAN_BOLTZMANN as SIGMA
from thermal.heat import Alone, Category, Slope
from thermal.solve.ledger import Ledger
from thermal.solve.periodic import periodic_state
from thermal.solve.periodic_march import Constant, PeriodicMarch
from thermal.solve.settings import Solver
from thermal.solve.solution import Task, solve_steady

CAPACITY, LOSS, ROOM = 2000.0, 2e-3, 250.0  # J/K, W/K3, K


@dataclass(frozen=True, eq=False)
class Cubic(Alone):
    """Heat that goes with the cube of the difference to a constant temperature."""

    path: str
    coefficient: np.ndarray  #: (owned,) W/K3
    constant: float  #: K
    category: ClassVar[Category] = Category.OUTSIDE

    def load(self, now):
        return -self.coefficient * (now.T - self.constant) ** 3

    def heat(self, now):
        return -float(self.coefficient @ (now.T - self.constant) ** 3)

    def slope(self):
        return Slope(self._derivative, self.coefficient)

    def _derivative(self, now):
        return 3 * (now.T - self.constant) ** 2


def cooled(absorbed=0.0, area=0.0):
    """A body of uniform temperature that loses heat by the cube, and by radiation where it has an area."""
    share = lump(CAPACITY, area).heat_capacity / CAPACITY
    return lump(CAPACITY, area, absorbed=absorbed, ways=[Cubic("cube", LOSS * share, ROOM)])


def task(model, **settings):
    """A march that records the mean of the body."""
    groups = (model.heat_capacity / CAPACITY)[:, None]
    from scipy.sparse import csr_matrix

    return Task(model, csr_matrix(groups), np.linspace(0.0, 600.0, 601), Solver(linear="direct", **settings), lambda words, done: None)


@pytest.mark.parametrize("scheme", ["rosw", "implicit_euler"])
def test_cooling_is_the_closed_form_and_the_ledger_closes(scheme):
    """u = u0 (1 + 2 c u0^2 t / C)^(-1/2), and the stages' heat by the derivative that the matrix uses close the books."""
    model = cooled()
    fine = {"tolerance": 1e-5} if scheme == "rosw" else {"fixed_steps": 4000}
    T, ledger = audited(model, np.full(model.layout.owned, 350.0), (0.0, 900.0), scheme=scheme, **fine)
    exact = 100.0 / np.sqrt(1 + 2 * LOSS * 100.0**2 * 900.0 / CAPACITY)
    assert pytest.approx(exact, rel=1e-5 if scheme == "rosw" else 2e-3) == T - ROOM
    assert ledger.heat()["cube"] == pytest.approx(CAPACITY * (T[0] - 350.0), rel=1e-11)
    assert ledger.closure() < (1e-13 if scheme == "rosw" else 1e-11)


def test_steady_beside_radiation():
    """20 W leave by both ways; each path has its own part, to 1e-9."""
    found = solve_steady(task(cooled(20.0, 0.02)))
    T = brentq(lambda T: SIGMA * 0.02 * T**4 + LOSS * (T - ROOM) ** 3 - 20.0, 200.0, 400.0, xtol=1e-12)
    assert found.end == pytest.approx(T, abs=1e-8)
    assert found.ledger.heat() == pytest.approx({"space": -SIGMA * 0.02 * T**4, "sun": 20.0, "cube": -LOSS * (T - ROOM) ** 3}, rel=1e-9)


def test_periodic_with_conduction_between_rows():
    """A bar that is cooled by the cube at one end, heated half of the time at the other: repeats, found in few orbits, books in order."""
    solid = Solid(structured_box((6, 1, 1), (0.12, 0.02, 0.02), name="bar"), 20.0, 2e6)
    end = solid.area("bar:+x")
    cube = Cubic("cube", 5e-4 * end / end.sum(), ROOM)
    model = solid.model(heat={"bar": lambda t: 12.0 if t < 300.0 else 0.0}, emitters={"bar:-x": (0.8, 3.0)}, ways=[cube])
    ledger = Ledger(model)
    events, settings = (0.0, 300.0, 600.0), Solver(linear="direct", tolerance=1e-3)
    found = periodic_state(model, solid.start(280.0), lambda: events, settings, ledger.observe, lambda orbit: ledger.clear(), lambda: True)
    assert found.converged
    assert found.orbits <= 6
    assert np.abs(found.end - found.start).max() < 1e-3
    assert ledger.closure() < 1e-12
    assert ledger.time_error() < 1e-4
    assert ledger.heat()["cube"] < -100.0


def test_the_march_with_its_books():
    """The same through the whole march, in which the new path is one of the books with its own category."""
    found = PeriodicMarch(task(cooled(lambda t: 30.0 if t < 200.0 else 5.0), tolerance=1e-3), Constant((0.0, 200.0, 600.0))).solve()
    assert found.periodic.converged
    books = {entry.path: entry for entry in found.ledger.close().entries}
    assert books["cube"].category is Category.OUTSIDE
    assert books["cube"].line == "cube"
    assert books["cube"].heat == pytest.approx(-books["sun"].heat, rel=1e-4)
    assert found.ledger.closure() < 1e-12


def test_paths_of_one_name_are_of_one_category():
    @dataclass(frozen=True, eq=False)
    class Inside(Cubic):
        category = Category.WITHIN

    share = lump(CAPACITY, 0.0).heat_capacity
    with pytest.raises(ValueError, match="two ways of heat of the path 'cube' differ: within and outside"):
        lump(CAPACITY, 0.0, ways=[Cubic("cube", share, ROOM), Inside("cube", share, ROOM)])
