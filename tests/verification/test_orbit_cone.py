"""Conical shadow of a spherical Earth: umbra and penumbra times against closed-form values, and grazing passages."""

import numpy as np
import pytest

from orbit.attitude.pointing import Attitude, Pointing
from orbit.environment import EnvironmentSettings, environment, orbit_summary
from orbit.kinds.analytic import Beta

NADIR = Attitude(Pointing("+z", "nadir"), Pointing("+x", "velocity"))
# h [km], beta [deg], umbra [s], penumbra entry to exit [s], one penumbra crossing [s]; R 6378.137 km, solar radius 695700 km at 1 AU
TABLE = [
    (400, 0, 2158.321, 2174.763, 8.221),
    (550, 0, 2128.272, 2145.262, 8.495),
    (650, 0, 2114.191, 2131.551, 8.680),
    (650, 30, 1976.429, 1997.230, 10.401),
    (650, 60, 1041.210, 1099.295, 29.042),
]


def seen(beta_deg, altitude_km=650, **settings):
    return environment(Beta(altitude=altitude_km * 1e3, beta=np.radians(beta_deg)), EnvironmentSettings(**settings), NADIR)


@pytest.mark.parametrize(("altitude_km", "beta_deg", "umbra", "eclipse", "crossing"), TABLE)
def test_umbra_and_penumbra_last_as_long_as_two_cones_say(altitude_km, beta_deg, umbra, eclipse, crossing):
    """The penumbra grows from 8 s to 29 s towards the critical beta angle."""
    figures = orbit_summary(seen(beta_deg, altitude_km))
    assert figures["umbra_s"] == pytest.approx(umbra, abs=0.01)
    assert figures["eclipse_s"] == pytest.approx(eclipse, abs=0.01)
    edges = figures["edges_s"]
    assert edges == sorted(edges)
    assert len(edges) == 4
    assert edges[1] - edges[0] == pytest.approx(crossing, abs=0.01)
    assert edges[3] - edges[2] == pytest.approx(crossing, abs=0.01)
    assert sum(edges) / 4 == pytest.approx(figures["period_s"] / 2, abs=1e-3), "the shadow is centred on orbit midnight"


def test_the_eclipse_becomes_penumbra_only_and_then_vanishes_near_the_critical_beta():
    """At 650 km the umbra ends near 64.9 deg, the penumbra near 65.4 deg; no edges are left beyond."""
    deep, grazing, clear = (seen(b) for b in (64.85, 65.2, 65.5))
    assert len(deep.edges) == 4
    assert np.min(deep.illumination) == 0.0
    assert len(grazing.edges) == 2
    assert 0.0 < np.min(grazing.illumination) < 1.0
    assert orbit_summary(grazing)["umbra_s"] == 0.0
    assert len(clear.edges) == 0
    assert np.all(clear.illumination == 1.0)
    assert orbit_summary(clear)["eclipse_s"] == 0.0


def test_the_shadow_equivalent_lies_at_the_cylinder():
    """The integral of 1 - illumination over a cone's shadow is the cylinder's eclipse to a second."""
    cone, cylinder = orbit_summary(seen(30.0)), orbit_summary(seen(30.0, shadow="cylinder"))
    assert cone["shadow_equivalent_s"] == pytest.approx(cylinder["eclipse_s"], abs=0.2)
