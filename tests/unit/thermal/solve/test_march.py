"""The march: events, jumps, limits, dense output."""

from contextlib import suppress
from types import SimpleNamespace

import numpy as np
import pytest
from bodies import audited, bar, lump, run

from thermal.errors import SolveError
from thermal.solve.linear import ShiftedSolver
from thermal.solve.march import inside, march
from thermal.solve.settings import Solver


@pytest.mark.parametrize("settings", [{}, {"fixed_steps": 3}, {"scheme": "implicit_euler", "max_step": 7.0}])
def test_steps_end_on_every_event(settings):
    """Steps follow one another without a gap, and every event is the end of one."""
    model = lump(9000.0, 0.85)
    events = (0.0, 10.0, 33.3, 100.0)
    steps = list(march(model, np.full(model.layout.owned, 350.0), events, Solver(**settings)))
    ends = [step.end for step in steps]
    assert [step.start for step in steps] == pytest.approx([0.0, *ends[:-1]])
    for event in events[1:]:
        assert min(abs(end - event) for end in ends) < 1e-9


def test_max_step_is_kept():
    """No step is longer."""
    model = lump(9000.0, 0.85)
    steps = list(march(model, np.full(model.layout.owned, 350.0), (0.0, 1000.0), Solver(max_step=17.0)))
    assert max(step.end - step.start for step in steps) <= 17.0 * (1 + 1e-12)


def test_loads_are_taken_from_inside_the_interval():
    """A load that jumps at an event never shows its other side."""
    assert 10.0 < inside(10.0, 10.0, 20.0) < 10.0 + 1e-6
    assert 20.0 - 1e-6 < inside(20.0, 10.0, 20.0) < 20.0
    assert inside(15.0, 10.0, 20.0) == 15.0


def test_a_held_face_may_start_at_another_temperature():
    """A quench from 293 to 373 K converges with error control; the jump of the held nodes is heat of that path, and the ledger closes."""
    solid = bar(8, 0.1, 0.01, 200.0, 2e6)
    model = solid.model(held={"bar:-x": 373.15})
    for settings in ({"tolerance": 0.05}, {"fixed_steps": 50}, {"scheme": "implicit_euler", "fixed_steps": 50}):
        T, ledger = audited(model, solid.start(293.15), (0.0, 100.0), **settings)
        assert ledger.closure() < 1e-9
        assert ledger.stored() == pytest.approx(model.heat_capacity @ (T - 293.15), rel=1e-9)
    exact = run(model, solid.start(293.15), (0.0, 100.0), tolerance=1e-5)
    assert run(model, solid.start(293.15), (0.0, 100.0), tolerance=0.05) == pytest.approx(exact, abs=0.05)


def test_a_held_value_may_jump_at_an_event():
    """300 K, then 350 K: the same as two marches."""
    solid = bar(8, 0.1, 0.01, 200.0, 2e6)
    stepped = solid.model(held={"bar:-x": lambda t: 300.0 if t < 50 else 350.0})
    T, ledger = audited(stepped, solid.start(320.0), (0.0, 50.0, 100.0), fixed_steps=40)
    first = run(solid.model(held={"bar:-x": 300.0}), solid.start(320.0), (0.0, 50.0), fixed_steps=40)
    assert run(solid.model(held={"bar:-x": 350.0}), first, (50.0, 100.0), fixed_steps=40) == pytest.approx(T, abs=1e-9)
    assert ledger.closure() < 1e-9


def test_dense_output_meets_both_ends_and_has_order_three():
    """In the middle of a step the continuous extension is as good as the march itself: its error falls eightfold for half the step."""
    model = lump(9000.0, 0.85)
    start = np.full(model.layout.owned, 350.0)
    errors = []
    for n in (8, 16, 32):
        worst = 0.0
        for step in march(model, start, (0.0, 3600.0), Solver(fixed_steps=n)):
            assert step.at(step.start) == pytest.approx(step.before, abs=1e-9)
            assert step.at(step.end) == pytest.approx(step.after, abs=1e-9)
            middle = 0.5 * (step.start + step.end)
            exact = (350.0**-3 + 3 * 5.670374419e-8 * 0.85 * middle / 9000.0) ** (-1 / 3)
            worst = max(worst, abs(float(step.at(middle)[0]) - exact))
        errors.append(worst)
    assert np.log2(errors[0] / errors[1]) > 2.7
    assert np.log2(errors[1] / errors[2]) > 2.7


def test_rate_is_the_derivative_of_the_dense_output():
    """By central differences; for the linear step of implicit Euler too."""
    model = lump(9000.0, 0.85)
    for settings in ({"fixed_steps": 4}, {"scheme": "implicit_euler", "fixed_steps": 4}):
        step = next(iter(march(model, np.full(model.layout.owned, 350.0), (0.0, 400.0), Solver(**settings))))
        middle = 40.0
        assert step.rate_at(middle) == pytest.approx((step.at(middle + 0.01) - step.at(middle - 0.01)) / 0.02, rel=1e-6)


def test_a_load_that_becomes_nan_stops_the_march():
    """With its path and the time, not with a temperature."""
    model = lump(9000.0, 0.85, absorbed=lambda t: np.nan if t > 50 else 100.0)
    with pytest.raises(SolveError, match=r"the heat by 'sun' is not a number at t = (5\d|6\d|7\d|8\d|9\d|100)"):
        run(model, np.full(model.layout.owned, 300.0), (0.0, 100.0))


def test_a_negative_start_is_pulled_back():
    """Emission is odd in T: from -100 K a heated body comes to its steady temperature (q/(eps sigma A))^(1/4)."""
    model = lump(100.0, 0.85, absorbed=300.0)
    T = run(model, np.full(model.layout.owned, -100.0), (0.0, 5000.0), tolerance=1e-3)
    assert pytest.approx((300.0 / (5.670374419e-8 * 0.85)) ** 0.25, abs=0.01) == T


def test_an_error_of_one_rank_does_not_wait_for_the_others():
    """Factors are freed by all ranks together: on the way out of an error that only one of them has, it must not begin to."""
    closed = []
    for size, error in ((1, None), (2, None), (1, OSError()), (2, OSError())):
        solver = ShiftedSolver.__new__(ShiftedSolver)
        solver.model = SimpleNamespace(layout=SimpleNamespace(comm=SimpleNamespace(size=size)))
        with pytest.MonkeyPatch.context() as patch, suppress(OSError):
            patch.setattr(ShiftedSolver, "close", lambda self, at=(size, error is None): closed.append(at))
            with solver:
                if error is not None:
                    raise error
    assert closed == [(1, True), (2, True), (1, False)]
