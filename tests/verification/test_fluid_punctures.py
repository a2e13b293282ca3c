"""Meteoroids and punctures at published points."""

import pytest

from thermal.fluid.puncture import YEAR, gruen, no_leak, wall_needed


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
