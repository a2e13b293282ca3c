"""Stefan, Neumann, a lumped pack, thermostats and punctures at published points."""

import pytest

from thermal.fluid.phase_change import Pack, PackHistory, Phase, front
from thermal.fluid.puncture import YEAR, gruen, no_leak, wall_needed
from thermal.fluid.thermostat import Conducting, Radiating, thermostat_cycle


@pytest.mark.parametrize(("stefan", "number"), [(0.05, 0.1568209223), (0.1, 0.2200162727), (1.0, 0.6200626333)])
def test_stefan(stefan, number):
    """lambda exp(lambda^2) erf(lambda) = Ste/sqrt(pi), to 1e-10."""
    assert front(Phase(0.2, 800.0, 2000.0), 2e5, 300.0 + 100 * stefan, 300.0).number == pytest.approx(number, abs=1e-10)


def test_wax():
    """k 0.2, rho 800, cp 2000, 200 kJ/kg, wall 20 K above: 13.00047 mm and 317.339934 W/m2 after an hour, 10 mm after 2130.0250 s."""
    wax = front(Phase(0.2, 800.0, 2000.0), 2e5, 320.0, 300.0)
    assert wax.position(3600.0).item() == pytest.approx(13.00047e-3, abs=5e-9)
    assert wax.wall_flux(3600.0).item() == pytest.approx(317.339934, rel=1e-8)
    assert wax.reaches(0.010) == pytest.approx(2130.0250, abs=1e-4)


def test_neumann():
    """Water of 5 degC on a wall of -10 degC: lambda 0.1641870714, 20.50311 mm of ice after an hour, 272.90883743 K at 20 mm."""
    ice = front(Phase(2.22, 1000.0, 2050.0), 333500.0, 263.15, 273.15, Phase(0.556, 1000.0, 4200.0), 278.15)
    assert ice.number == pytest.approx(0.1641870714, abs=1e-10)
    assert ice.position(3600.0).item() == pytest.approx(20.50311e-3, abs=5e-9)
    assert ice.temperature(0.020, 3600.0) == pytest.approx(272.90883743, abs=1e-8)


def test_lumped_pack():
    """2 kg of 200 kJ/kg, 150 W in, 5 W/K out: melts from 192.929645 s for 3636.363636 s, 600 s later 312.757936 K."""
    history = PackHistory(Pack(2.0, 2e5, 301.15, 2000.0, 2000.0), 295.15, 150.0, 5.0, 293.15)
    assert (history.begins, history.lasts) == pytest.approx((192.929645, 3636.363636), rel=1e-8)
    assert history.temperature(history.begins + history.lasts + 600.0) == pytest.approx(312.757936, abs=1e-6)


@pytest.mark.parametrize(
    ("lump", "band", "on", "off", "part"),
    [
        (Conducting(2000.0, 1.5, 250.0), (273.15, 278.15), 469.363719, 260.736765, 0.64287551),
        (Radiating(2000.0, 0.05, 0.0), (263.15, 268.15), 217.97942065, 708.44671920, 0.23529066),
    ],
)
def test_thermostat(lump, band, on, off, part):
    """Times on and off to 1e-8; duty and mean power."""
    cycle = thermostat_cycle(lump, 60.0, *band)
    assert (cycle.on, cycle.off) == pytest.approx((on, off), rel=1e-8)
    assert (cycle.duty, cycle.mean) == pytest.approx((part, 60 * part), abs=6e-7)


def test_meteoroids():
    """Heavier than 1e-9, 1e-6 and 1e-3 g: 95.0635078, 1.48798684 and 5.96753551e-4 per m2 and year."""
    assert gruen([1e-12, 1e-9, 1e-6]) * YEAR == pytest.approx([95.0635078, 1.48798684, 5.96753551e-4], rel=1e-8)


def test_no_leak():
    """10 m2 for 5 years against 1e-4 g: 0.517464 hits, none with 0.596030; of two isolated halves one may go: 0.948030."""
    hits = float(gruen(1e-7)) * 10 * 5 * YEAR
    assert (hits, no_leak(hits), no_leak(hits, 2, 1)) == pytest.approx((0.517464, 0.596030, 0.948030), abs=5e-7)


def test_single_wall():
    """Aluminium, 20 km/s, 2.5 g/cm3: 1e-6, 1e-5 and 1e-4 g need 0.509149, 1.144713 and 2.573644 mm."""
    assert [1e3 * wall_needed(mass) for mass in (1e-9, 1e-8, 1e-7)] == pytest.approx([0.509149, 1.144713, 2.573644], abs=1e-6)
