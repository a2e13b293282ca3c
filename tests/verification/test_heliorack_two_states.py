"""Hot and cold starts: one state, two states, or one that runs away."""

import numpy as np
import pytest
from bodies import alone
from lump_case import BLOCK, FILM, FLUID, ORBIT, gpu, leaking_power
from scipy.optimize import brentq

from heliorack.case.case import loads
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.run.simulate import simulate

F, AT, D = 0.2, 60.0, 15.0
LEAKAGE = f"leakage = {{ fraction = {F}, at_degC = {AT}, doubling_K = {D} }}"
THROTTLE = "throttle = { junction_degC = 110, release_degC = 100, factor = 0.2 }"
BOTH = ORBIT + '[run]\nstarts = "both"\n[solver]\nswitching = false\ntolerance_K = 0.01\n'


def gap(T, peak=4.0, share=1.0):
    """Heat brought in above heat lost [W] at T [K]."""
    return share * leaking_power(peak, T, F, AT + ZERO_CELSIUS, D) - FILM * (T - FLUID)


def test_two_states(record_property):
    """Leakage carries the hot start into its throttle, where it stays; the cold start never gets there. Both by their own equations."""
    cold = brentq(gap, 330.0, 350.0)
    unstable = brentq(gap, 350.0, 372.0)

    def throttled(T):
        s = np.clip((T - 373.15) / 10.0, 0.0, 1.0)
        return gap(T, share=1.0 - 0.8 * s * s * (3 - 2 * s))

    hot = brentq(throttled, 373.2, 383.1)
    assert cold < unstable < hot
    result = simulate(loads(BLOCK + gpu(4.0, LEAKAGE, THROTTLE) + BOTH), alone())
    starts = result.starts
    record_property("found", starts.hot[0].high)
    record_property("expected", hot)
    record_property("tolerance", 0.01)
    assert not starts.agree
    assert starts.cold[0].low == pytest.approx(cold, abs=0.01)
    assert starts.cold[0].high == pytest.approx(cold, abs=0.01)
    assert starts.hot[0].low == pytest.approx(hot, abs=0.01)
    assert starts.hot[0].high == pytest.approx(hot, abs=0.01)
    assert any(said.startswith("two states: ") for said in result.remarks)
    assert result.solution.end.mean() == pytest.approx(hot, abs=0.01)  # the figures are those of the hot one
    assert result.delivered["gpu"].throttled > 0.0


def test_one_state():
    """The same device on less power: both starts end within the tolerance, which is said."""
    result = simulate(loads(BLOCK + gpu(2.0, LEAKAGE, THROTTLE) + BOTH), alone())
    assert result.starts.agree
    assert result.starts.difference <= 0.01
    assert any("end in one state" in said for said in result.remarks)


def test_hot_start_runs_away():
    """Without the throttle nothing holds the hot start: two states, of which the cold one gives the figures."""
    result = simulate(loads(BLOCK + gpu(4.0, LEAKAGE) + BOTH), alone())
    assert result.starts.hot_runaway.startswith("thermal runaway: chip")
    assert result.solution.end.mean() == pytest.approx(brentq(gap, 330.0, 350.0), abs=0.01)
    assert any(said.startswith("two states: the cold start") for said in result.remarks)
    assert result.failures == ()


def test_both_starts_run_away():
    """No state at all: the result is a thermal runaway, and both starts are said to end so."""
    result = simulate(loads(BLOCK + gpu(5.0, LEAKAGE) + BOTH), alone())
    assert result.failures[0].startswith("thermal runaway")
    assert "starts from 400 K and 200 K both run away" in result.remarks
