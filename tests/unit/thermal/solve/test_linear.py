"""Solves that need not be exact: as good as asked, without losing heat, from few factors."""

import numpy as np
import pytest
from bodies import Solid, audited, bar

from meshes.structured import structured_box
from thermal.errors import SolveError
from thermal.solve.algebra import preconditioners
from thermal.solve.algebra.conjugate_gradients import Remainder, iterates
from thermal.solve.algebra.recycling import Recycling
from thermal.solve.linear import ShiftedSolver

ENOUGH = 1e-4  #: K
ROUND_OFF = 40 * float(np.finfo(float).eps)


@pytest.fixture(scope="module")
def slab():
    """A plate with a hot spot's load on it, emitting on one side."""
    return Solid(structured_box((12, 12, 2), (0.3, 0.3, 0.01), name="slab"), 150.0, 2.4e6)


@pytest.fixture(params=["direct", "multigrid"])
def kind(request):
    """Both ways to solve."""
    return request.param


def loads(solid, count):
    """Heat that moves along the plate [W]."""
    x = solid.assembly.points[solid.layout.nodes, 0]
    return [np.exp(-(((x - 0.1 - 0.02 * k) / 0.05) ** 2)) for k in range(count)]


@pytest.mark.parametrize("held", [{}, {"slab:-x": 300.0}])
def test_an_answer_that_need_not_be_exact_is_as_good_as_asked_and_loses_no_heat(slab, kind, held):
    """For shifts up and down by 200: within `enough` of the exact one (multigrid foretells it less well), and no heat is left over."""
    model = slab.model(emitters={"slab:+z": (0.85, 3.0)}, held=held)
    exact, near = ShiftedSolver(model, "direct"), ShiftedSolver(model, kind)
    for solver in (exact, near):
        solver.linearise(model.derivatives(0.0, slab.start(300.0)))
    conducts = model.A.getDiagonal().array
    change = np.linspace(0.0, 0.1, len(near.held))
    for shift in (0.2, 0.1, 0.07, 0.02, 0.01, 0.002, 0.001, 0.03, 0.15):
        for load in loads(slab, 2):
            u = near.solve(shift, load, change, ENOUGH)
            wanted = exact.solve(shift, load, change)
            assert model.error_norm(u - wanted) < (ENOUGH if kind == "direct" else 8 * ENOUGH)
            assert u[near.held] == pytest.approx(change, abs=1e-15)
            left = load - near._full_product(shift, u)
            left[near.held] = 0.0
            assert abs(left.sum()) < ROUND_OFF * ((conducts + shift * model.heat_capacity) @ np.abs(u))
    assert near.factorisations < (9 if kind == "direct" else 4)


def test_a_neighbour_that_is_asked_too_often_gets_a_factor_of_its_own(slab):
    """Until then it takes that of the other shift, and an exact answer never does."""
    model = slab.model(emitters={"slab:+z": (0.85, 3.0)})
    solver = ShiftedSolver(model, "direct")
    solver.solve(0.1, loads(slab, 1)[0])
    for load in loads(slab, 20):
        solver.solve(0.06, load, None, 1e-9)
    assert solver.factorisations == 2
    solver.solve(0.05, loads(slab, 1)[0])
    assert solver.factorisations == 3


def test_multigrids_of_auto_give_way_to_factors_where_they_are_slow(slab, monkeypatch):
    """Slow is more cycles a solve than `QUICK`."""
    model = slab.model(emitters={"slab:+z": (0.85, 3.0)})
    monkeypatch.setattr(preconditioners, "SMALL", 0)
    quick, slow = ShiftedSolver(model, "auto"), ShiftedSolver(model, "auto")
    monkeypatch.setattr(preconditioners, "QUICK", 100)
    for load in loads(slab, preconditioners.TRIED + 2):
        quick.solve(0.1, load, None, ENOUGH)
    monkeypatch.setattr(preconditioners, "QUICK", 0)
    for load in loads(slab, preconditioners.TRIED + 2):
        slow.solve(0.1, load, None, ENOUGH)
    assert quick.factorisations == 1  # the multigrid
    assert slow.factorisations > 1


def test_closure_does_not_suffer_from_stages_that_are_not_exact(kind):
    """A bar under sunlight with shadows: 1e-11 of the throughput, by multigrid too."""
    solid = bar(30, 0.3, 0.02, 150.0, 2.4e6)
    model = solid.model(emitters={"bar:+y": (0.85, 3.0)}, fluxes={"bar:+x": lambda t: 1000.0 if t < 1000 else 0.0})
    _, ledger = audited(model, solid.start(300.0), (0.0, 1000.0, 2000.0), linear=kind, tolerance=0.5)
    assert ledger.closure() < 1e-11


def test_closure_outlasts_hundreds_of_guesses(slab, kind):
    """A wave that wanders for 400 solves, so that every guess is an extrapolation: errors of one are not handed on to the next.

    With residuals carried along from guess to guess the sum is off by 80 to 140 units of round-off, else by less than one.
    """
    model = slab.model(emitters={"slab:+z": (0.85, 3.0)})
    solver = ShiftedSolver(model, kind)
    solver.linearise(model.derivatives(0.0, slab.start(300.0)))
    solver.solve(0.04, loads(slab, 1)[0])
    conducts, x = model.A.getDiagonal().array, slab.assembly.points[slab.layout.nodes, 0]
    for n in range(400):
        shift, load = 0.06, 1.0 + np.cos(10.0 * x - 0.02 * n)
        u = solver.solve(shift, load, None, ENOUGH)
        left = load - solver._full_product(shift, u)
        assert abs(left.sum()) < 0.1 * ROUND_OFF * ((conducts + shift * model.heat_capacity) @ np.abs(u))


def test_nan_and_matrices_that_are_not_positive_end_with_words(slab):
    """No iteration runs on."""
    model = slab.model(emitters={"slab:+z": (0.85, 3.0)})
    solver = ShiftedSolver(model, "multigrid")
    with pytest.raises(SolveError, match="the linear solve failed"):
        solver.solve(0.1, np.full(model.layout.owned, np.nan), None, ENOUGH)
    layout = model.layout
    right = np.ones(layout.owned)
    assert list(iterates(layout, lambda v: -v, lambda r: r, np.zeros_like(right), right.copy())) == []
    (only,) = iterates(layout, lambda v: 2 * v, lambda r: r, np.zeros_like(right), np.zeros_like(right))
    assert not only.answer.any()


def test_the_next_answer_out_of_the_last_ones_is_exact_where_it_can_be(slab):
    """A load that is a mixture of two solved ones, at a third shift, is met at once; an unknown one is left over as it is."""
    model = slab.model(emitters={"slab:+z": (0.85, 3.0)})
    solver = ShiftedSolver(model, "direct")
    solver.refresh(np.full(model.layout.owned, 1e-3))
    known = Recycling(model.layout, lambda u: model.product(model.M, u), 3)
    first, second = loads(slab, 2)
    assert not known.guess(0.1, first)[0].any()
    answers = [solver.solve(0.1, first), solver.solve(0.02, second)]
    for shift, u in zip((0.1, 0.02), answers, strict=True):
        known.keep(shift, u, solver._full_product(shift, u))
    mixed = 2 * answers[0] - answers[1]
    found, left = known.guess(0.05, solver._full_product(0.05, mixed))
    assert found == pytest.approx(mixed, rel=1e-9, abs=1e-9 * np.abs(mixed).max())
    assert np.abs(left).max() < 1e-9 * np.abs(solver._full_product(0.05, mixed)).max()


def test_what_is_left_is_foretold_by_the_rate_of_the_changes():
    """Changes of 1, 1/4, 1/16 leave a third of the last; before there are two, the rate is the one given."""
    left = Remainder(0.5)
    assert [left.after(change) for change in (1.0, 1 / 4, 1 / 16)] == pytest.approx([1.0, 1 / 12, 1 / 48])
