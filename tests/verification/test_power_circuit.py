"""A battery behind a resistance keeps its books: what leaves the store is work at the terminals and heat, and a simple case is exact."""

import numpy as np
import pytest

from power.storage.circuit import Pack, step
from power.storage.ocv import LIBRARY, OpenCircuit


def test_stored_energy_falls_by_the_open_circuit_power(record_property):
    """d(stored)/dt = -E I over 60 orbits of charge and discharge at -10 to 40 degC: stored, work and heat agree to 1e-12 of what moved."""
    curve = LIBRARY["sony_us26650ftc1"]
    pack = Pack(curve, 10800.0, curve.resistance, series=8, parallel=4)
    soc, work, heat, moved = np.array([0.9]), 0.0, 0.0, 0.0
    start = float(pack.stored(soc)[0])
    for k in range(60 * 48):
        power = 300.0 if k % 48 < 18 else -190.0
        done = step(pack, soc, power, 288.15 + 25.0 * np.sin(k / 30.0), 120.0)
        soc, work, heat = done.soc, work + float(done.power[0]) * 120.0, heat + float(done.heat[0]) * 120.0
        moved += abs(float(done.released[0]))
    found = (float(pack.stored(soc)[0]) - start + work + heat) / moved
    record_property("expected", 0.0)
    record_property("found", found)
    record_property("tolerance", 1e-12)
    assert heat > 0.01 * moved
    assert abs(found) < 1e-12


def test_simple_battery(record_property):
    """10 W for 5 s into 10 Ws that hold 5 Ws: 10 Ws, clamped when full (test of Basilisk's simpleBattery)."""
    pack = Pack(OpenCircuit((0.0, 1.0), (1.0, 1.0), "one volt"), 10.0)
    soc = np.array(0.5)
    for _ in range(5):
        soc = step(pack, soc, -(5.0 + 5.0), 293.15, 1.0).soc
    record_property("expected", 10.0)
    record_property("found", float(pack.stored(soc)))
    record_property("tolerance", 1e-12)
    assert float(pack.stored(soc)) == pytest.approx(10.0, rel=1e-12)


@pytest.mark.parametrize(("soc", "volts"), [(0.0, 2.5), (0.5, 3.7509), (1.0, 4.2)])
def test_lg_m50_at_rest(soc, volts, record_property):
    """Open-circuit voltage of the full cell between 2.5 and 4.2 V from both electrodes (Chen et al. 2020)."""
    found = float(LIBRARY["lg_m50"].voltage(soc))
    record_property("expected", volts)
    record_property("found", found)
    record_property("tolerance", 2e-4)
    assert found == pytest.approx(volts, abs=2e-4 * volts)
