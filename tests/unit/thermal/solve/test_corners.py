"""Steps end on the corners of laws that answer to temperature."""

import numpy as np
import pytest
from bodies import SIGMA, audited, lump, orders
from scipy.integrate import solve_ivp
from scipy.sparse import csr_matrix

from thermal.heater import Heater, duty, duty_piece, duty_slope, knee
from thermal.signal import Signal
from thermal.solve.march import march
from thermal.solve.periodic import periodic_state
from thermal.solve.settings import Solver
from thermal.solve.ways import Feedback

HEATER = Heater("warm", "lump", 200.0, 288.15, 292.15)
CAPACITY, AREA, END = 9000.0, 0.85, 400.0


def heated(power=200.0, absorbed=0.0, known=True):
    """A lump that radiates to nothing, with a thermostat whose corners are known, or not."""
    heater, share = Heater("warm", "lump", power, HEATER.on_below, HEATER.off_above), lump(CAPACITY, AREA).heat_capacity / CAPACITY

    def piece(at, T):
        on, slope = duty_piece(heater, at, T)
        return power * on, power * slope

    corners = {"beyond": lambda t, T: T - np.array(knee(heater))[:, None], "pieces": piece} if known else {}
    law, slope = (lambda t, T: power * duty(heater, T)), (lambda t, T: power * duty_slope(heater, T))
    return lump(CAPACITY, AREA, absorbed=absorbed, ways=[Feedback("heaters", csr_matrix(share[:, None]), law, slope, **corners)])


def cooled(fixed, known=True, start=300.0):
    """Temperature at the end, and the times at which steps ended."""
    model = heated(known=known)
    steps = list(march(model, np.full(model.layout.owned, start), (0.0, END), Solver(fixed_steps=fixed, linear="direct")))
    return float(steps[-1].after[0]), np.array([step.end for step in steps]), steps


@pytest.fixture(scope="module")
def exact():
    """The same by an integrator with events, to 1e-11: temperature at the end, and when the knee begins and ends."""

    def rate(t, T):
        return (200.0 * duty(HEATER, T) - SIGMA * AREA * T**4) / CAPACITY

    passes = [lambda t, T, corner=corner: T[0] - corner for corner in knee(HEATER)]
    found = solve_ivp(rate, (0.0, END), [300.0], events=passes, rtol=1e-12, atol=1e-11, max_step=1.0)
    return float(found.y[0, -1]), sorted(float(t[0]) for t in found.t_events)


def test_order_three_across_corners(exact):
    """Two corners within one or two steps: order three all the same, of the end and of when the corners are reached."""
    count = [12, 24, 48]
    ends, times = zip(*[cooled(n)[:2] for n in count], strict=True)
    assert min(orders([1 / n for n in count], [abs(T - exact[0]) for T in ends])) > 2.6
    for corner in exact[1]:
        assert np.abs(times[-1] - corner).min() < 1e-2
    straddled = [abs(cooled(n, known=False)[0] - exact[0]) for n in count]
    assert straddled[-1] > 10 * abs(ends[-1] - exact[0])  # what a step costs that goes across


def test_each_step_goes_by_one_piece():
    """Steps lie on one side of every corner, to a thousandth of a kelvin."""
    *_, steps = cooled(24)
    low, high = knee(HEATER)
    for step in steps:
        piece = int(next(iter(step.sides.values()))[0])
        floor, top = (-np.inf, low, high)[piece], (low, high, np.inf)[piece]
        assert min(step.before[0], step.after[0]) > floor - 1e-3
        assert max(step.before[0], step.after[0]) < top + 1e-3
    assert len(steps) == 26


def test_the_ledger_closes_over_corners():
    """What is stored is what the paths bring, by steps of any length."""
    model = heated()
    for settings in ({"tolerance": 0.05}, {"fixed_steps": 8}):
        _, ledger = audited(model, np.full(model.layout.owned, 300.0), (0.0, END), **settings)
        assert ledger.closure() < 1e-9


def test_a_mean_that_comes_to_rest_on_a_corner():
    """The heater brings at full power just what is lost at its lower corner: the march ends there, and neither stops nor turns over."""
    low, _ = knee(HEATER)
    model = heated(power=SIGMA * AREA * low**4)
    for start in (low - 1.0, low, low + 1.0):
        steps = list(march(model, np.full(model.layout.owned, start), (0.0, 20_000.0), Solver(tolerance=1e-3, linear="direct")))
        assert steps[-1].after[0] == pytest.approx(low, abs=0.05)
        assert len(steps) < 60


def test_periodic_state_to_a_hundred_thousandth():
    """A lump that the Sun warms above its thermostat's knee and that cools through it in shadow repeats to 1e-5 K, in a few orbits."""
    times = np.array([0.0, 600.0, 600.0, 1500.0])
    sun = Signal(times, np.array([[600.0], [600.0], [0.0], [0.0]]))
    model = heated(absorbed=lambda t: float(sun(t)[0]))
    found = {}
    for tolerance in (1e-5, 4e-6):
        steps = []
        settings = Solver(tolerance=tolerance, linear="direct", max_orbits=10)
        start = np.full(model.layout.owned, 295.0)
        state = periodic_state(model, start, lambda: [0.0, 600.0, 1500.0], settings, steps.append, lambda orbit, kept=steps: kept.clear())
        assert state.converged
        assert len({int(next(iter(step.sides.values()))[0]) for step in steps}) == 3  # it has been on all pieces
        found[tolerance] = float(state.start[0])
    assert found[1e-5] == pytest.approx(found[4e-6], abs=1e-5)
