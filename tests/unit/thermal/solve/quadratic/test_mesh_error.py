"""What quadratic elements would change, found by iteration, against the whole of their matrix."""

import numpy as np
import pytest

from heliorack.case.case import loads
from heliorack.run.simulate import simulate
from thermal.solve.quadratic import mesh_error, plates

PLATE = """
title = "a heated stud on a plate that is 400 times as wide as thick"
[[parts]]
name = "plate"
kind = "box"
size_mm = [400, 300, 1]
position_mm = [0, 0, -0.5]
material = "metal"
coating = "insulated"
mesh_mm = 60
[[parts]]
name = "stud"
kind = "box"
size_mm = [20, 20, 15]
position_mm = [50, 30, 7.5]
material = "copper"
coating = "insulated"
heat_W = 2
[[contacts]]
between = ["stud", "plate"]
conductance_W_m2K = 3000
[[boundaries]]
kind = "film"
faces = "plate:-z"
h_W_m2K = 5
fluid_degC = 20
[[boundaries]]
kind = "temperature"
faces = "plate:-x"
temperature_degC = 20
[materials.metal]
density_kg_m3 = 2700
specific_heat_J_kgK = 900
conductivity_W_mK = 150
source = "test"
[run]
kind = "steady"
"""
SPAN = 300.0  #: s


@pytest.fixture(scope="module")
def found() -> dict[float, tuple[np.ndarray, ...]]:
    """By shift: the answer of the iteration and of the whole matrix, what is said to be open, all (n + m,), and how often it was
    preconditioned."""
    states: dict[float, tuple[np.ndarray, ...]] = {}
    steady, near = mesh_error.Shifts.steady, mesh_error.Shifts._near
    count = [0]

    def counted(self, *given):
        count[0] += 1
        return near(self, *given)

    def looked_at(self, left):
        for shift in (0.0, 1.0 / SPAN):
            count[0] = 0
            answer = self.after([(SPAN, left)]) if shift else steady(self, left)
            together, open_ = (np.concatenate(both, axis=1)[0] for both in answer)
            nodes, size = left[0].shape[1], len(together)
            free = np.concatenate([np.ones(nodes), ~self.enriched.still])
            free[self.solver.held] = 0.0
            unit = np.diag(free)
            whole = np.concatenate(self._products(shift, (unit[:, :nodes], unit[:, nodes:])), axis=1) + np.eye(size) - unit
            states[shift] = together, np.linalg.solve(whole, np.concatenate(left, axis=1)[0]), open_, np.array(count[0])
        return steady(self, left)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mesh_error.Shifts, "steady", looked_at)
        patch.setattr(mesh_error.Shifts, "_near", counted)
        simulate(loads(PLATE))
    return states


@pytest.mark.parametrize("shift", [0.0, 1.0 / SPAN])
def test_a_plate_is_solved_and_what_is_left_is_said(found, shift):
    """Within half a percent of the whole matrix, and no further away than is said, in 30 iterations at most."""
    answer, exact, open_, count = found[shift]
    off = np.abs(answer - exact).max()
    assert np.abs(exact).max() > 0.01
    assert off <= 5e-3 * np.abs(exact).max()
    assert off <= open_.max() <= 0.02 * np.abs(exact).max()
    assert count <= 30


def test_a_block_that_is_too_large_is_left_to_the_iteration(found, monkeypatch):
    """Without a factor for plates it takes more ways, and what it says to be left still holds what it is off."""
    _, exact, _, count = found[0.0]
    monkeypatch.setattr(plates, "MOST", 0)
    ways: list[float] = []
    answers = []
    steady, near = mesh_error.Shifts.steady, mesh_error.Shifts._near
    monkeypatch.setattr(mesh_error.Shifts, "_near", lambda *given: (ways.append(given[1]), near(*given))[1])
    monkeypatch.setattr(mesh_error.Shifts, "steady", lambda *given: (answers.append(steady(*given)), answers[-1])[1])
    simulate(loads(PLATE))
    together, open_ = (np.concatenate(both, axis=1)[0] for both in answers[0])
    assert np.abs(together - exact).max() <= open_.max()
    assert len(ways) > 1.5 * count


def test_what_is_solved_has_nothing_left(monkeypatch):
    """A plate alone is all in its own factor: it is solved between two looks, and nothing is said to be left."""
    first, last = PLATE.index('[[parts]]\nname = "stud"'), PLATE.index("[[boundaries]]")
    alone = (PLATE[:first] + PLATE[last:]).replace("mesh_mm = 60", "mesh_mm = 60\nheat_W = 2")
    answers = []
    steady = mesh_error.Shifts.steady
    monkeypatch.setattr(mesh_error.Shifts, "steady", lambda *given: (answers.append(steady(*given)), answers[-1])[1])
    simulate(loads(alone))
    together, open_ = (np.concatenate(both, axis=1)[0] for both in answers[0])
    assert np.abs(together).max() > 0.01
    assert open_.max() < 1e-6 * np.abs(together).max()
