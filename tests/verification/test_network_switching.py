"""Thermostats and packs that melt, marched with exact switching, against closed forms."""

import numpy as np
import pytest
from networks import floats, heated, marched, network, radiating, rows, tied

from thermal.network.states import PhaseChange
from thermal.network.steady import steady_state
from thermal.network.switches import Phases, Thermostats


def thermostat(power, low, high, averaged=False):
    """A heater on the first row."""
    return Thermostats(("h",), rows(0), rows(0), floats(power), floats(low), floats(high), averaged)


@pytest.mark.parametrize(
    ("flow", "sink", "low", "on", "off"),
    [(tied((0, 1, 1.5)), 250.0, 273.15, 469.363719, 260.736765), (radiating((0, 1, 0.05)), 0.0, 263.15, 217.97942065, 708.44671920)],
)
def test_thermostat_cycle(flow, sink, low, on, off):
    """2000 J/K with a 60 W heater of a 5 K band: times on and off by the closed forms, to 1e-5."""
    heater = thermostat(60.0, low, low + 5.0)
    record = marched(network([2000, 0], [flow, heater], held=[(1, sink)]), [low - 3, sink], [0.0, 4000.0], switches=[heater])
    off_times = np.array([one.time for one in record.turned if one.what == "off"])
    on_times = np.array([one.time for one in record.turned if one.what == "on" and one.time > 0.0])  # it begins below its band: on at once
    assert off_times[1] - on_times[0] == pytest.approx(on, rel=1e-5)
    assert on_times[0] - off_times[0] == pytest.approx(off, rel=1e-5)
    assert record.hottest[0] == pytest.approx(low + 5.0, abs=1e-6)
    assert record.closure() < 1e-10


def test_averaged_law_has_the_same_mean_power():
    """38.57 W of the switching heater within 1 % by the duty-averaged law in steady state."""
    heater = thermostat(60.0, 273.15, 278.15, averaged=True)
    T = steady_state(network([2000, 0], [tied((0, 1, 1.5)), heater], held=[(1, 250.0)]), floats(270, 250))
    assert 1.5 * (T[0] - 250.0) == pytest.approx(38.572530, rel=0.01)


def pack():
    """2 kg of 200 kJ/kg that melt at 301.15 K, 2000 J/kgK, with 5 W/K to 293.15 K, and 150 W."""
    law = PhaseChange(rows(0), floats(301.15), floats(100.0), floats(1.0), rows(0))
    return network([4000, 0], [tied((0, 1, 5.0)), heated(0, 150.0)], held=[(1, 293.15)], laws=[law]), Phases(law, ("pack",))


def test_pack_melts():
    """Start and length of the melting, and the temperature 600 s later, to 1e-6."""
    net, phases = pack()
    start, length = 192.929645, 3636.363636
    record = marched(net, [295.15, 293.15], [0.0, start + length + 600.0], switches=[phases])
    assert [one.what for one in record.turned] == ["melts or freezes", "is liquid"]
    assert record.turned[0].time == pytest.approx(start, rel=1e-6)
    assert record.turned[1].time - record.turned[0].time == pytest.approx(length, rel=1e-6)
    assert record.temperatures()[-1][0] == pytest.approx(312.757936, abs=2e-5)
    assert record.closure() < 1e-10
    before = np.array(record.times) <= start
    T = record.temperatures()[:, 0]
    solid = 293.15 + 30.0 - 28.0 * np.exp(-np.array(record.times)[before] * 5.0 / 4000.0)
    assert T[before] == pytest.approx(solid, abs=1e-4)  # of every moment, whatever the pack has become by the end
    assert T.min() == record.coldest[0] == pytest.approx(295.15, abs=1e-6)


def test_pack_freezes_again():
    """What melts in takes the same heat to freeze: a pack that is heated and then cooled ends solid, its heat balanced."""
    law = PhaseChange(rows(0), floats(301.15), floats(100.0), floats(0.8), rows(0))
    net = network([4000, 0], [tied((0, 1, 50.0))], held=[(1, 280.0)], laws=[law])
    phases = Phases(law, ("pack",))
    phases.law.phase[:] = 2
    record = marched(net, [310.0, 280.0], [0.0, 2000.0], switches=[phases])
    assert [one.what for one in record.turned] == ["melts or freezes", "is solid"]
    assert record.turned[1].time - record.turned[0].time == pytest.approx(100.0 * 4000 / (50.0 * 21.15), rel=1e-6)
