"""Battery as a voltage behind a resistance: closed forms, energy books, limits, and the published curves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from power.storage.battery import BatteryCell, battery
from power.storage.charge import charge_power, charge_rate, check_rates
from power.storage.circuit import Pack, at_power, current_range, mean_efficiencies, step
from power.storage.ocv import LG_M50_EMPTY, LG_M50_FULL, LIBRARY, OpenCircuit, arrhenius, lg_m50, open_circuit, resistance_at

FLAT = OpenCircuit((0.0, 1.0), (4.0, 4.0), "flat")
ROOM = 298.15
PACK = Pack(FLAT, 3600.0, ((ROOM, 0.05),), series=8, parallel=4, voltages=(2.5, 4.2))
LFP = Pack(LIBRARY["sony_us26650ftc1"], 10800.0, LIBRARY["sony_us26650ftc1"].resistance, 8, 2)


def test_pack_of_cells():
    """8 in series, 4 in parallel of 4 V, 1 Ah, 50 mohm: 32 V, 4 Ah, 128 Wh, 100 mohm."""
    assert PACK.energy == pytest.approx(128.0 * 3600.0)
    assert float(PACK.open_voltage(0.3)) == 32.0
    assert float(PACK.ohms(ROOM)) == pytest.approx(0.1)


def test_current_at_a_power():
    """(32 - 0.1 I) I = 310 W at 10 A: 31 V, 10 W of heat; -330 W at -10 A: 33 V, 10 W."""
    found = at_power(PACK, [310.0, -330.0, 0.0], 0.5, ROOM)
    assert found.current == pytest.approx([10.0, -10.0, 0.0])
    assert found.voltage == pytest.approx([31.0, 33.0, 32.0])
    assert found.heat == pytest.approx([10.0, 10.0, 0.0])
    assert not found.limited.any()


def test_peak_of_power_and_terminal_voltages():
    """Without voltage limits the peak is E^2/4R = 2560 W; with 20 to 33.6 V it is 20 V x 120 A and 33.6 V x 16 A."""
    free = Pack(FLAT, 3600.0, ((ROOM, 0.05),), 8, 4)
    peak = at_power(free, 1e5, 0.5, ROOM)
    assert float(peak.power) == pytest.approx(2560.0)
    assert bool(peak.limited)
    assert np.array(current_range(PACK, 0.5, ROOM)) == pytest.approx(np.array([-16.0, 120.0]))
    assert at_power(PACK, [1e5, -1e5], 0.5, ROOM).power == pytest.approx([2400.0, -33.6 * 16.0])


@given(st.floats(-500.0, 500.0), st.floats(0.05, 0.95), st.floats(255.0, 330.0), st.floats(1.0, 400.0))
def test_what_leaves_the_store_is_work_and_heat(power, soc, temperature, duration):
    """d(stored) = -E I dt, split into terminal work and I^2 R, to round-off for any step; E I = V I + I^2 R at every moment."""
    done = step(LFP, soc, power, temperature, duration)
    moved = float(LFP.stored(done.soc) - LFP.stored(soc))
    assert moved == pytest.approx(-float(done.power + done.heat) * duration, abs=1e-9 * LFP.energy)
    now = at_power(LFP, power, soc, temperature)
    assert float(now.current * LFP.open_voltage(soc)) == pytest.approx(float(now.power + now.heat), rel=1e-12, abs=1e-12)
    assert float(now.heat) >= 0.0


def test_step_is_second_order_in_time():
    """Half an hour at 100 W in 4, 8 and 16 steps: the error of the state of charge falls by four on a straight curve."""
    slope = Pack(OpenCircuit((0.0, 1.0), (3.0, 4.2), "straight"), 3600.0, ((ROOM, 0.05),), 8, 4)

    def end(n):
        soc = np.array(0.9)
        for _ in range(n):
            soc = step(slope, soc, 100.0, ROOM, 1800.0 / n).soc
        return float(soc)

    exact = end(1024)
    errors = [abs(end(n) - exact) for n in (4, 8, 16)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.15)
    assert np.log2(errors[1] / errors[2]) == pytest.approx(2.0, abs=0.15)


def test_trivial_battery():
    """5 W + 5 W for 5 s into 10 J that holds 5 J: full at 10 J, and only what fits is taken (a clamp in the source; 1 W of 10 W here)."""
    small = Pack(OpenCircuit((0.0, 1.0), (1.0, 1.0), "unit"), 10.0)
    done = step(small, 0.5, -10.0, ROOM, 5.0)
    assert float(small.stored(done.soc)) == pytest.approx(10.0)
    assert float(done.power) == pytest.approx(-1.0)
    assert float(step(small, 0.5, -1.0, ROOM, 5.0).power) == pytest.approx(-1.0)
    assert float(step(small, 0.1, 10.0, ROOM, 5.0).power) == pytest.approx(0.2)


def test_many_packs_in_one_call():
    done = step(LFP, np.linspace(0.1, 0.9, 9), np.linspace(-100.0, 100.0, 7)[:, None], ROOM, 10.0)
    assert done.soc.shape == (7, 9)


def test_resistance_by_arrhenius():
    """R(T0) exp(B (1/T - 1/T0)) at any temperature from two points of it; one point holds everywhere; a table is met at its points."""
    table = arrhenius(0.05, ROOM, 2000.0)
    for kelvin in (250.0, 273.15, ROOM, 320.0):
        assert float(resistance_at(table, kelvin)) == pytest.approx(0.05 * np.exp(2000.0 * (1 / kelvin - 1 / ROOM)))
    assert resistance_at(arrhenius(0.05, ROOM, 0.0), [250.0, 350.0]) == pytest.approx([0.05, 0.05])
    known = LIBRARY["sony_us26650ftc1"].resistance
    assert resistance_at(known, [k for k, _ in known]) == pytest.approx([r for _, r in known])
    assert np.all(np.diff(resistance_at(known, np.linspace(250.0, 340.0, 91))) < 0.0)


def test_ends_of_the_lg_m50_hold_the_lithium_of_the_paper():
    """4.2 and 2.5 V, and both electrodes give up the same charge: 5.1532 Ah, as their stoichiometries at 25 degC."""
    assert lg_m50([0.0, 1.0]) == pytest.approx([2.5, 4.2], abs=1e-9)
    faraday, plate = 96485.33212, 0.065 * 1.58
    graphite = 33133.0 * 0.75 * 85.2e-6 * plate * faraday * (LG_M50_FULL[0] - LG_M50_EMPTY[0])
    nmc = 63104.0 * 0.665 * 75.6e-6 * plate * faraday * (LG_M50_EMPTY[1] - LG_M50_FULL[1])
    assert graphite / 3600.0 == pytest.approx(5.1532, rel=1e-4)
    assert graphite == pytest.approx(nmc, rel=1e-9)


def test_curves_of_the_library():
    """The mean at rest lies above the nominal voltage under load (3.63, 3.6, 3.2 V) by less than 0.15 V; samples within 5 mV of the fit."""
    nominal = {"lg_m50": 3.63, "panasonic_ncr18650": 3.6, "sony_us26650ftc1": 3.2}
    for name, curve in LIBRARY.items():
        assert nominal[name] < curve.mean < nominal[name] + 0.15
        assert curve.source
    at = np.linspace(0.02, 1.0, 500)
    assert np.max(np.abs(LIBRARY["lg_m50"].voltage(at) - lg_m50(at))) < 5e-3
    with pytest.raises(ValueError, match="curve 'x' is not in the library"):
        open_circuit("x")


@pytest.mark.parametrize(
    ("soc", "volts", "said"),
    [
        ((0.1, 1.0), (3.0, 4.0), "from exactly 0 to exactly 1"),
        ((0.0, 0.5, 0.5, 1.0), (3.0, 3.1, 3.2, 4.0), "rising"),
        ((0.0, 1.0), (4.0, 3.0), "must not fall"),
    ],
)
def test_bad_curves(soc, volts, said):
    with pytest.raises(ValueError, match=said):
        OpenCircuit(soc, volts, "bad")


def test_charging_window_and_rate():
    """LG MJ1 charges from 0 to 45 degC only; a table is linear between its rows and off outside them."""
    cell = battery("lg_mj1")
    kelvin = 273.15 + np.array([-5.0, 0.0, 10.0, 40.0, 50.0])
    assert charge_rate(cell, kelvin).tolist() == [0.0, np.inf, np.inf, np.inf, 0.0]
    rates = ((268.15, 0.1), (298.15, 0.7), (313.15, 0.7))
    assert charge_rate(cell, kelvin, rates) == pytest.approx([0.0, 0.2, 0.4, 0.7, 0.0])
    with pytest.raises(ValueError, match="must rise in temperature"):
        check_rates([(273.15, 0.5), (273.15, 0.7)])
    with pytest.raises(ValueError, match="at least two rows"):
        check_rates([(273.15, 0.5)])


def test_charging_power():
    """0.5 per hour of 4 Ah at 32 V behind 0.1 ohm: 2 A x 32.2 V; the highest voltage holds 16 A x 33.6 V."""
    cell = BatteryCell(1.0, 1.0, "test")
    rates = ((273.15, 0.5), (313.15, 0.5))
    assert float(charge_power(cell, PACK, 0.5, ROOM, rates)) == pytest.approx(2.0 * 32.2)
    assert float(charge_power(cell, PACK, 0.5, ROOM)) == pytest.approx(16.0 * 33.6)
    assert float(charge_power(cell, Pack(FLAT, 3600.0), 0.5, ROOM)) == np.inf
    assert float(charge_power(cell, PACK, 0.5, 400.0, rates)) == 0.0


def test_mean_efficiencies_stand_for_the_resistance():
    """At 10 A either way: 320 of 330 W stored, 310 of 320 W given."""
    found = mean_efficiencies(PACK, [0.0, 1.0, 1.0, 2.0], [330.0, 330.0, 0.0, 0.0], [0.0, 0.0, 310.0, 310.0], 0.5, ROOM)
    assert found == pytest.approx((320.0 / 330.0, 310.0 / 320.0))
    assert mean_efficiencies(PACK, [0.0, 1.0], [0.0, 0.0], [0.0, 0.0], 0.5, ROOM) == (1.0, 1.0)
