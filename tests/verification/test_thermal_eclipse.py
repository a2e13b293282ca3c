"""Sunlight that stops and comes back: the order in time survives a shadow edge on which a step ends."""

import numpy as np
import pytest
from bodies import SIGMA, lump, orders, run
from scipy.optimize import brentq

CAPACITY, AREA, SUN, START = 9000.0, 0.85, 800.0, 250.0
ENTRY, EXIT, END = 1234.5, 3456.7, 5700.0
EVENTS = (0.0, ENTRY, EXIT, END)


def in_sunlight(T: float, t: float) -> float:
    """Temperature after `t` [s] towards Ts = (q/(sigma A))^(1/4): t = C/(2 sigma A Ts^3) [atanh(T/Ts) + atan(T/Ts)] from T to the root."""
    Ts = (SUN / (SIGMA * AREA)) ** 0.25

    def clock(u: float) -> float:
        return CAPACITY / (2 * SIGMA * AREA * Ts**3) * float(np.arctanh(u / Ts) + np.arctan(u / Ts))

    return float(brentq(lambda u: clock(u) - clock(T) - t, T, Ts * (1 - 1e-12), xtol=1e-12))


def in_shadow(T: float, t: float) -> float:
    """Temperature after `t` [s] of emission to 0 K."""
    return float((T**-3 + 3 * SIGMA * AREA * t / CAPACITY) ** (-1 / 3))


AFTERWARDS = in_sunlight(in_shadow(in_sunlight(START, ENTRY), EXIT - ENTRY), END - EXIT)


def errors(steps, events, **settings):
    model = lump(CAPACITY, AREA, 0.0, lambda t: 0.0 if ENTRY < t < EXIT else SUN)
    start = np.full(model.layout.owned, START)
    return [abs(run(model, start, events, fixed_steps=n, **settings)[0] - AFTERWARDS) for n in steps]


@pytest.mark.parametrize(("scheme", "order", "steps"), [("rosw", 3, (8, 16, 32, 64)), ("implicit_euler", 1, (20, 40, 80, 160))])
def test_order_is_kept_across_the_edges(scheme, order, steps):
    """Closed form from sunlight to shadow to sunlight: order 3 (1) with steps that end on the edges."""
    found = errors(steps, EVENTS, scheme=scheme)
    assert np.polyfit(np.log(1 / np.array(steps)), np.log(found), 1)[0] == pytest.approx(order, abs=0.2)


def test_steps_across_the_edges_lose_it():
    """The same number of steps that do not know the edges is a thousand times worse."""
    assert errors((192,), (0.0, END))[0] > 1000 * errors((64,), EVENTS)[0]
    assert orders((1.0, 0.5), errors((8, 16), EVENTS))[0] > 2.5


@pytest.mark.parametrize("tolerance", [0.1, 0.01, 0.001])
def test_error_control_keeps_its_word(tolerance):
    """With error control the end of the orbit is within the tolerance."""
    model = lump(CAPACITY, AREA, 0.0, lambda t: 0.0 if ENTRY < t < EXIT else SUN)
    end = run(model, np.full(model.layout.owned, START), EVENTS, tolerance=tolerance)[0]
    assert end == pytest.approx(AFTERWARDS, abs=tolerance)
