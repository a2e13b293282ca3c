"""Factors that go from solver to solver: the same answers to the last bit, and none for matrices with entries elsewhere."""

import numpy as np
import pytest
from bodies import Solid

from meshes.structured import structured_box
from thermal.solve.algebra import preconditioner, spare_factors
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Model

SHIFTS = (0.02, 0.001, 0.0)


@pytest.fixture(autouse=True)
def none_left():
    """Factors of other tests are freed first."""
    while spare_factors._spare:
        spare_factors._spare.pop()[2].close()


@pytest.fixture
def made(monkeypatch):
    """Shifts of the factors that were made from nothing."""
    known, init = [], preconditioner.Preconditioner.__init__

    def counted(self, shift, matrix, kind):
        known.append(shift)
        init(self, shift, matrix, kind)

    monkeypatch.setattr(preconditioner.Preconditioner, "__init__", counted)
    return known


def plate(cells: int = 10) -> Model:
    """One that emits."""
    return Solid(structured_box((cells, 10, 1), (0.3, 0.3, 0.01), name="slab"), 150.0, 2.4e6).model(emitters={"slab:+z": (0.85, 3.0)})


def solved(model: Model, T: float) -> list[np.ndarray]:
    """Answers at some shifts, with slopes at a temperature [K]."""
    T = np.full(model.layout.owned, T)
    with ShiftedSolver(model, "direct") as solver:
        solver.linearise(model.derivatives(0.0, T))
        return [solver.solve(shift, np.linspace(0.0, 1.0, len(T))) for shift in SHIFTS]


def test_the_next_solver_takes_them_and_answers_the_same(made):
    """Three factors are made for two solvers; another slope has the answers, to the last bit, that it has by factors of its own."""
    model = plate()
    alone = solved(model, 310.0)
    while spare_factors._spare:
        spare_factors._spare.pop()[2].close()
    made.clear()
    solved(model, 280.0)
    after = solved(model, 310.0)
    assert len(made) == len(SHIFTS)
    assert all((one == other).all() for one, other in zip(alone, after, strict=True))


def test_other_places_other_factors(made):
    """A plate of another mesh makes its own, and takes what its like has left behind."""
    solved(plate(), 300.0)
    solved(plate(9), 300.0)
    assert len(made) == 2 * len(SHIFTS)
    solved(plate(9), 300.0)
    assert len(made) == 2 * len(SHIFTS)


def test_no_more_than_there_is_room_for(monkeypatch):
    """The oldest are freed."""
    monkeypatch.setattr(spare_factors, "ROOM", 2.5 * 720.0 * plate().layout.size)
    solved(plate(), 300.0)
    assert [one.shift for _, _, one in spare_factors._spare] == list(SHIFTS[1:])


def test_no_more_than_a_few_however_small():
    """Solvers of ten bodies leave what two of them made; 350 factors of small ones were more than MPI has communicators for."""
    for cells in range(1, 11):
        solved(plate(cells), 300.0)
        solved(plate(cells), 310.0)
    assert len(spare_factors._spare) <= spare_factors.MOST < 10 * len(SHIFTS)
