"""Heaters on a regulator by case files: the transient of a linear system of two, the steady state, power at its ends, the bus."""

import numpy as np
import pytest
from case_text import orbit
from network_case import STEADY, node, solved, table, tie, transient
from scipy.integrate import solve_ivp
from scipy.linalg import expm

CAPACITY, TIE, SINK, GAIN, TAU, HOLD = 2000.0, 1.5, 250.0, 20.0, 200.0, 278.15


def regulated(power, more=""):
    """A plate on a strap to 250 K with a heater that holds 5 degC."""
    keys = {"node": '"plate"', "power_W": power, "hold_degC": HOLD - 273.15, "gain_W_K": GAIN, "integral_s": TAU}
    plate = node("plate", capacity_J_K=CAPACITY) + node("sink", held_degC=SINK - 273.15) + tie("plate", "sink", TIE)
    return plate + table("regulators", name='"h"', **keys) + more


def test_between_its_ends_it_is_a_linear_system():
    """From 0 degC: (T, S) by the exponential of its matrix at 100 s and 800 s to 2 mK; the energy is that of the first law."""
    matrix = np.array([[-(GAIN + TIE) / CAPACITY, GAIN / CAPACITY], [-1 / TAU, 0.0]])
    rest = np.array([HOLD, HOLD + TIE * (HOLD - SINK) / GAIN])
    begin = np.array([273.15, HOLD])
    for end in (100.0, 800.0):
        result = solved(regulated(500) + transient(end, 0))
        T, S = rest + expm(matrix * end) @ (begin - rest)
        found = result.record.temperatures()[-1]
        assert found[result.built.nodes["plate"]] == pytest.approx(T, abs=2e-3)
        assert found[result.built.network.names.index("heater h setting")] == pytest.approx(S, abs=2e-3)
        assert result.record.closure() < 1e-9


def test_steady():
    """It holds its temperature exactly, by 1.5 x 28.15 W; a strap to a second node holds that where the sensor is there."""
    found = solved(regulated(60) + STEADY).summary()
    assert found.parts["plate"].mean_degC == pytest.approx(5.0, abs=1e-7)
    assert found.network.heaters["h"].mean_W == pytest.approx(TIE * (HOLD - SINK), rel=1e-8)
    assert found.network.heaters["h"].duty == pytest.approx(TIE * (HOLD - SINK) / 60, rel=1e-8)
    far = regulated(60, node("far", heat_W=-3) + tie("plate", "far", 2)).replace("hold_degC", 'sensor = "far"\nhold_degC')
    parts = solved(far + STEADY).summary().parts
    assert (parts["far"].mean_degC, parts["plate"].mean_degC) == pytest.approx((5.0, 6.5), abs=1e-7)


@pytest.mark.parametrize(("power", "heat", "temperature"), [(30, 0, SINK + 20), (60, 90, SINK + 60)])
def test_at_its_ends(power, heat, temperature):
    """Too weak it is on all the time, and says so; where it is warm anyway it is off. Neither winds up."""
    found = solved(regulated(power).replace("capacity_J_K", f"heat_W = {heat}\ncapacity_J_K") + STEADY).summary()
    assert found.parts["plate"].mean_degC + 273.15 == pytest.approx(temperature, abs=1e-6)
    assert found.network.heaters["h"].mean_W == pytest.approx(0.0 if heat else power, abs=1e-6)
    assert any("heater h is on all the time" in said for said in found.remarks) == (not heat)


def test_it_comes_out_of_saturation_at_once():
    """From -30 degC with 60 W at most: as the ODE of plate and setting integrated to 1e-10, to 5 mK."""

    def slopes(t, y):
        P = min(max(GAIN * (y[1] - y[0]), 0.0), 60.0)
        return [(P - TIE * (y[0] - SINK)) / CAPACITY, (HOLD + P / GAIN - y[1]) / TAU]

    exact = solve_ivp(slopes, (0, 3000), [243.15, HOLD], rtol=1e-10, atol=1e-10, max_step=5)
    result = solved(regulated(60) + transient(3000, -30))
    T = result.record.temperatures()[:, result.built.nodes["plate"]]
    for t in (1000.0, 2000.0, 3000.0):
        wanted = np.interp(t, exact.t, exact.y[0])
        assert np.interp(t, result.record.times, T) == pytest.approx(wanted, abs=0.02)
    assert T[-1] == pytest.approx(exact.y[0, -1], abs=5e-3)
    assert T.max() < HOLD + 1.0


def test_on_the_bus():
    """What it draws in the periodic state is on the bus."""
    bus = '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\nyears = 1\nbase_load_W = 15\n'
    found = solved(orbit(30) + regulated(60) + bus).summary()
    assert found.power.load_mean_W == pytest.approx(15 + TIE * (HOLD - SINK), rel=1e-6)
    assert found.periodic.converged


def test_refused():
    """Nodes that are not there, and a name that a heater has."""
    with pytest.raises(ValueError, match="did you mean plate"):
        solved(regulated(60).replace('node = "plate"', 'node = "plat"') + STEADY)
    heater = table("heaters", name='"h"', node='"plate"', power_W=6, on_below_degC=0, off_above_degC=5)
    with pytest.raises(ValueError, match="is the name of a heater too"):
        solved(regulated(60) + heater + STEADY)


DERIVATIVE, FILTER = 60.0, 6.0
RATED = {"integral_s = 200.0": f"integral_s = 40.0\nderivative_s = {DERIVATIVE}\nfilter_s = {FILTER}"}


def rated(power, more=""):
    """The same with a derivative part and a quicker integral one."""
    return regulated(power, more).replace(*next(iter(RATED.items())))


def test_with_a_derivative_part_it_is_a_linear_system_of_three():
    """Plate, setting and filtered measurement by the exponential of their matrix, to 2 mK; a PID in its usual form (ISA 5.1).

    P = K (T_set - T + 1/tau int(T_set - T) - T_d dF/dt), F following T by tau_f.
    """
    ahead, tau = DERIVATIVE / FILTER, 40.0
    rows = [
        [-(GAIN * (1 + ahead) + TIE) / CAPACITY, GAIN / CAPACITY, GAIN * ahead / CAPACITY],
        [-1 / tau, 0.0, 0.0],
        [1 / FILTER, 0.0, -1 / FILTER],
    ]
    rest = np.array([HOLD, HOLD + TIE * (HOLD - SINK) / GAIN, HOLD])
    begin = np.array([273.15, HOLD, 273.15])
    for end in (20.0, 150.0, 800.0):
        result = solved(rated(500) + transient(end, 0))
        exact = rest + expm(np.array(rows) * end) @ (begin - rest)
        names = result.built.network.names
        found = result.record.temperatures()[-1][[names.index(name) for name in ("plate", "heater h setting", "heater h filtered")]]
        assert found == pytest.approx(exact, abs=2e-3)
        assert result.record.closure() < 1e-9


def test_a_derivative_part_neither_winds_up_nor_moves_the_steady_state():
    """From -30 degC with 60 W at most: as the ODE of three integrated to 1e-9, to 20 mK on the way; it then holds its temperature."""
    ahead, tau = DERIVATIVE / FILTER, 40.0

    def slopes(t, y, winds_up):
        T, S, F = y
        D = ahead * (T - F)
        P = min(max(GAIN * (S - T - D), 0.0), 60.0)
        return [(P - TIE * (T - SINK)) / CAPACITY, (HOLD - T if winds_up else HOLD + P / GAIN + D - S) / tau, (T - F) / FILTER]

    exact, wound = (
        solve_ivp(slopes, (0, 3000), [243.15, HOLD, 243.15], args=(winds_up,), rtol=1e-9, atol=1e-9, max_step=5)
        for winds_up in (False, True)
    )
    result = solved(rated(60) + transient(3000, -30))
    T = result.record.temperatures()[:, result.built.nodes["plate"]]
    for t in (1000.0, 1500.0, 2000.0, 3000.0):
        assert np.interp(t, result.record.times, T) == pytest.approx(np.interp(t, exact.t, exact.y[0]), abs=0.02)
    assert T.max() == pytest.approx(exact.y[0].max(), abs=0.02)
    assert T.max() - HOLD < 0.1 * (wound.y[0].max() - HOLD)  # 0.49 K beside the 6.9 K of one that winds up
    assert result.record.closure() < 1e-9
    found = solved(rated(60) + STEADY).summary()
    assert found.parts["plate"].mean_degC == pytest.approx(5.0, abs=1e-7)
    assert found.network.heaters["h"].mean_W == pytest.approx(TIE * (HOLD - SINK), rel=1e-8)


@pytest.mark.parametrize(
    ("keys", "words"), [("derivative_s = 60", r"filter_s   is missing"), ("filter_s = 6", r"derivative_s, which is missing")]
)
def test_half_a_derivative_part_is_refused(keys, words):
    with pytest.raises(ValueError, match=words):
        solved(regulated(60).replace("integral_s = 200.0", f"integral_s = 200.0\n{keys}") + STEADY)
