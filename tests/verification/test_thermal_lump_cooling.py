"""An isothermal body that cools by radiation: temperatures and the order in time of both schemes."""

import numpy as np
import pytest
from bodies import lump, orders, run

START, CAPACITY, AREA = 350.0, 9000.0, 0.85
TO_NOTHING = {600: 311.88176590, 3600: 230.96708630, 7200: 193.04675728, 36000: 118.45122642}  #: (T0^-3 + 3 eps sigma A t/C)^(-1/3)
TO_200_K = {600: 316.04361049, 3600: 247.88693201}  #: t = C/(2 eps sigma A Ts^3) [g(T) - g(T0)], g = atanh(Ts/T) + atan(T/Ts)


@pytest.mark.parametrize(("sink", "exact"), [(0.0, TO_NOTHING), (200.0, TO_200_K)])
def test_temperatures_on_the_way(sink, exact):
    """9000 J/K, 0.85 m2, from 350 K: the closed form to 0.01 K, with error control at 1 mK."""
    model = lump(CAPACITY, AREA, sink)
    T, t = np.full(model.layout.owned, START), 0.0
    for end, value in exact.items():
        T, t = run(model, T, (t, end), tolerance=1e-3), end
        assert pytest.approx(value, abs=0.01) == T
        assert np.ptp(T) < 1e-9


@pytest.mark.parametrize(("scheme", "order", "steps"), [("rosw", 3, (20, 40, 80, 160)), ("implicit_euler", 1, (40, 80, 160, 320))])
@pytest.mark.parametrize(("sink", "exact"), [(0.0, TO_NOTHING), (200.0, TO_200_K)])
def test_order_in_time(scheme, order, steps, sink, exact):
    """Fixed steps over 3600 s: Rosenbrock-W of order 3 keeps it with a frozen slope of the emission; implicit Euler has order 1."""
    model = lump(CAPACITY, AREA, sink)
    start = np.full(model.layout.owned, START)
    errors = [abs(run(model, start, (0.0, 3600.0), scheme=scheme, fixed_steps=n)[0] - exact[3600]) for n in steps]
    assert orders([3600 / n for n in steps], errors) == pytest.approx([order] * 3, abs=0.1)
