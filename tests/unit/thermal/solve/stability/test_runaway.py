"""Feedbacks that may run away, known by themselves: loop gain, ceiling, and the two ends that hot and cold starts find."""

import numpy as np
import pytest
from bodies import lump
from scipy.sparse import csr_matrix

from thermal.constants import STEFAN_BOLTZMANN as SIGMA
from thermal.errors import ThermalRunawayError
from thermal.solve.settings import Solver
from thermal.solve.solution import steady
from thermal.solve.stability.runaway import growing, loops_at, watch
from thermal.solve.ways import Feedback

AREA, SETTINGS = 0.05, Solver(linear="direct")
SHARE = lump(2000.0, AREA).heat_capacity[:, None] / 2000.0


def leaking(name="gpu", watts=10.0, growth=0.1, ceiling=400.0):
    """Watts that grow with temperature, up to a ceiling."""

    def rate(t, means):
        return watts + growth * (np.minimum(means, ceiling) - 300.0)

    def gain(t, means):
        return np.where(means < ceiling, growth, 0.0)

    return Feedback("compute", csr_matrix(SHARE), rate, gain, name=name, members=("chip",), ceiling=lambda t: ceiling)


def heater():
    return Feedback("heaters", csr_matrix(SHARE), lambda t, m: 5.0 + 0.0 * m, lambda t, m: 0.0 * m)


def test_gain_is_slope_times_resistance_wherever_the_feedback_stands():
    """dP/dT over 4 sigma A T^3, the same before, between and after feedbacks that cannot run away."""
    for ways in ([leaking(), heater()], [heater(), leaking()], [heater(), leaking(), heater()]):
        model = lump(2000.0, AREA, ways=ways)
        assert [feedback.name for feedback in growing(model)] == ["gpu"]
        found = loops_at(model, SETTINGS, 0.0, np.full(model.layout.owned, 320.0))
        assert found.entries[0].gain == pytest.approx(0.1 / (4 * SIGMA * AREA * 320.0**3), rel=1e-9)
        assert found.together == pytest.approx(found.entries[0].gain, rel=1e-9)
        assert found.words() is None


def test_gains_of_two_that_heat_one_another_add_up():
    model = lump(2000.0, AREA, ways=[leaking("one", growth=0.1), heater(), leaking("two", growth=0.3)])
    found = loops_at(model, SETTINGS, 0.0, np.full(model.layout.owned, 320.0))
    assert [loop.name for loop in found.entries] == ["one", "two"]
    assert found.together == pytest.approx(0.4 / (4 * SIGMA * AREA * 320.0**3), rel=1e-9)


def test_a_ceiling_passed_is_said():
    """Which member, of what, at which temperature, and the loop gain just below."""
    model = lump(2000.0, AREA, ways=[heater(), leaking(growth=2.0, ceiling=350.0)])
    watch(model, SETTINGS, 10.0, np.full(model.layout.owned, 349.9))
    with pytest.raises(ThermalRunawayError, match=r"thermal runaway: chip \(compute 'gpu'\) passes 76.9 degC at 10 s") as found:
        watch(model, SETTINGS, 10.0, np.full(model.layout.owned, 350.1))
    assert found.value.state == pytest.approx(350.1)


def test_steady_state_is_followed_from_its_start():
    """Growth below 4 sigma A T^3 = 0.31 W/K comes back to 300 K; far above it a warm start has no state under the ceiling."""
    model = lump(2000.0, AREA, ways=[leaking(watts=SIGMA * AREA * 300.0**4, growth=0.1)])
    assert steady(model, SETTINGS, 320.0, 1e-8)[0] == pytest.approx(300.0, abs=1e-5)
    steep = lump(2000.0, AREA, ways=[leaking(watts=SIGMA * AREA * 300.0**4, growth=3.0, ceiling=380.0)])
    with pytest.raises(ThermalRunawayError, match="under orbit-mean loads"):
        steady(steep, SETTINGS, 350.0, 1e-8)


@pytest.mark.parametrize(("start", "ends"), [(290.0, 333.33), (289.0, 269.70)])
def test_a_start_beside_a_state_that_does_not_last_moves_away_from_it(start, ends):
    """Power steps by 20 W within a kelvin: between two states that last lies one near 289.7 K that a long step may not cross."""

    def rate(t, means):
        return 15.0 + 10.0 * (1 + np.tanh((means - 290.0) / 0.5))

    def gain(t, means):
        return 20.0 * (1 - np.tanh((means - 290.0) / 0.5) ** 2)

    step = Feedback("compute", csr_matrix(SHARE), rate, gain, name="gpu", members=("chip",), ceiling=lambda t: 900.0)
    assert steady(lump(2000.0, AREA, ways=[step]), SETTINGS, start, 1e-8)[0] == pytest.approx(ends, abs=0.01)
