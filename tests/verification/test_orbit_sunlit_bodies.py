"""Isothermal bodies in sunlight: closed-form equilibrium temperatures, and the seasonal solar flux."""

import numpy as np
import pytest

from orbit.planet import PRESETS, STEFAN_BOLTZMANN, plate_equilibrium, sphere_equilibrium
from orbit.sun import AU, solar_flux


def test_sphere_and_plate_equilibrium():
    """alpha/epsilon 1 at 1361 W/m2, no planet: 278.3, 393.6 and 331.0 K; a black plate at 20 degC emits 418.77 W/m2 per side."""
    assert float(sphere_equilibrium(1361.0)) == pytest.approx(278.321399, abs=1e-6)
    assert float(plate_equilibrium(1361.0)) == pytest.approx(393.605898, abs=1e-6)
    assert float(plate_equilibrium(1361.0, sides=2)) == pytest.approx(330.981788, abs=1e-6)
    emitted = STEFAN_BOLTZMANN * 293.15**4
    assert emitted == pytest.approx(418.765920, abs=1e-6)


@pytest.mark.parametrize(
    ("constant", "perihelion", "aphelion"), [(1361.0, 1407.65, 1316.63), (1367.0, 1413.85, 1322.44), (1366.1, 1412.92, 1321.57)]
)
def test_the_season_moves_sunlight_by_the_inverse_square(constant, perihelion, aphelion):
    """Eccentricity 0.0167086; 1414 and 1322 W/m2 belong to a constant of 1367, not 1361."""
    e = 0.0167086
    assert float(solar_flux(AU * (1 - e), constant)) == pytest.approx(perihelion, rel=1e-5)
    assert float(solar_flux(AU * (1 + e), constant)) == pytest.approx(aphelion, rel=1e-5)


def test_the_presets_are_the_season_of_1361():
    """Hot and cold are perihelion and aphelion to 0.1 %."""
    assert PRESETS["hot"].solar == pytest.approx(1407.65, rel=1e-3)
    assert PRESETS["cold"].solar == pytest.approx(1316.63, rel=1e-3)


def test_a_panel_sees_distance_and_cosine():
    """1361 W at 1 AU, half at 60 deg, 1361/1.52^2 at 1.52 AU, each to 1e-7."""
    flux = float(solar_flux(AU))
    assert flux * np.cos(np.radians(60)) == pytest.approx(680.5, rel=1e-7)
    assert float(solar_flux(1.52 * AU)) == pytest.approx(1361.0 / 1.52**2, rel=1e-7)
