"""The closed forms of a radiating tube against integrations along it."""

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp

from thermal.constants import STEFAN_BOLTZMANN
from thermal.fluid.radiating_tube import RadiatingTube, inverse_quartic_integral
from thermal.fluid.validity import FluidError


@pytest.mark.parametrize("film", [np.inf, 150.0])
@pytest.mark.parametrize(("inlet", "sink"), [(310.0, 0.0), (310.0, 60.0), (310.0, 200.0), (230.0, 290.0), (300.0, 299.9)])
def test_against_an_integration(inlet, sink, film):
    """Cooling and being warmed by its surroundings, with and without a film: the ODE to 1e-9 of the heat."""
    tube = RadiatingTube(0.9, 2.0, sink, film, 0.0314 if np.isfinite(film) else 0.0)
    rate, length = 200.0, 12.0
    along = solve_ivp(lambda _, t: [-tube.lost(tube.wall(t[0])) / rate], (0, length), [inlet], method="DOP853", rtol=1e-12, atol=1e-11)
    assert tube.heat(inlet, rate, length) == pytest.approx(rate * (inlet - along.y[0, -1]), rel=1e-8)
    assert tube.length_between(inlet, tube.outlet(inlet, rate, length), rate) == pytest.approx(length, rel=1e-7)


@pytest.mark.parametrize("sink", [0.0, 1.0, 80.0, 101.0, 250.0])
def test_integral(sink):
    """dT/(T^4 - Ts^4) from 330 K to 400 K by quadrature, across the place where series and closed form meet."""
    expected = quad(lambda T: 1 / (T**4 - sink**4), 330.0, 400.0, epsabs=0, epsrel=1e-13)[0]
    assert inverse_quartic_integral(330.0, sink) - inverse_quartic_integral(400.0, sink) == pytest.approx(expected, rel=1e-10)


def test_long_tube_ends_at_the_sink():
    """Never beyond it, from either side; no digits are lost on the way."""
    for inlet in (310.0, 150.0):
        tube = RadiatingTube(0.9, 2.0, 200.0)
        gaps = [abs(tube.outlet(inlet, 10.0, length) - 200.0) for length in (10.0, 20.0, 40.0, 80.0)]
        ratio = np.exp(-20.0 * 4 * 0.9 * STEFAN_BOLTZMANN * 2.0 * 200.0**3 / 10.0)
        assert gaps[2] / gaps[1] == pytest.approx(ratio, rel=0.02)
        assert tube.outlet(inlet, 1e-3, 1e6) == pytest.approx(200.0, abs=1e-12)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: RadiatingTube(1.2, 2.0, 0.0), "emittance of 0 to 1"),
        (lambda: RadiatingTube(0.9, 2.0, 0.0, 100.0), "wetted"),
        (lambda: RadiatingTube(0.9, 2.0, 200.0).length_between(310.0, 190.0, 1.0), "takes no fluid from 310 to 190"),
        (lambda: RadiatingTube(0.9, 2.0, 200.0).outlet(310.0, 0.0, 1.0), "needs a flow"),
    ],
)
def test_refused(make, words):
    """By what is missing."""
    with pytest.raises(FluidError, match=words):
        make()
