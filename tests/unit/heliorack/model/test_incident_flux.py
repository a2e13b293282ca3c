"""Sunlight, albedo and planet infrared on facets that others may shade, before any is absorbed."""

import numpy as np
import pytest
from case_text import box, orbit, turning

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError
from heliorack.model.incident_flux import Incidence
from heliorack.model.radiation import Radiating
from heliorack.run.simulate import meshed_bodies, simulate
from meshes.measure import facet_normals
from orbit.chords import mean_direct

CASE = orbit(20)
CASE += """
[radiation]
rays = 1024
planet_rays = 1024
cluster_mm = 100
[run]
kind = "steady"
"""
CASE += box("panel", (100, 100, 10)) + box("wing", (80, 80, 4), (0, 0, 100))
HINGE = turning("wing", "-z")

pytestmark = pytest.mark.usefixtures("empty_cache")


def traced(text: str = CASE, *overrides: str) -> Radiating:
    """Radiation of a solved case."""
    return simulate(loads(text, overrides)).radiation


def incidence_of(found: Radiating) -> Incidence:
    """What falls on it."""
    assert found.falls is not None
    return found.falls


@pytest.fixture(scope="module")
def still() -> Radiating:
    """Two fixed parts."""
    return traced()


def unshaded(found: Radiating, text: str = CASE) -> np.ndarray:
    """Sunlight on the facets of the views as if each were alone (n, s)."""
    result = simulate(loads(text))
    assert result.env is not None
    normals = facet_normals(found.body.assembly)[found.views.facets]
    return mean_direct(result.env, lambda env: normals)


def test_direct_light_is_the_visible_part_of_the_unshaded(still):
    """At every facet while its shadow stands still; nothing where it faces away; something is shaded, something is not."""
    falls, alone = incidence_of(still), unshaded(still)
    seen = falls.visible
    stands = np.zeros(seen.shape, dtype=bool)
    stands[1:-1] = (seen[1:-1] == seen[:-2]) & (seen[1:-1] == seen[2:])
    assert (stands & (seen > 0)).any()
    assert falls.direct[stands] == pytest.approx((seen * alone)[stands], rel=1e-5, abs=1e-3)
    assert (falls.direct <= alone * 1.2 + 1e-3).all()
    assert (falls.visible[alone <= 0] == 0).all()
    assert (falls.visible <= 1).all()
    lit = alone > 1
    assert (falls.visible[lit] == 1).any()
    assert (falls.visible[lit] < 1).any()


def test_groups_get_the_mean_of_their_facets(still):
    """Power on a group is that on its facets."""
    falls, views = incidence_of(still), still.views
    power = np.zeros_like(falls.sunlight)
    np.add.at(power.T, views.group, (falls.direct * still.facet_areas()).T)
    assert falls.sunlight * views.areas == pytest.approx(power, rel=1e-5, abs=1e-6)
    assert falls.mirrored is None


def test_parts_hide_the_planet_from_one_another(still):
    """Never more than alone; the panel sees the planet past the wing, and less of it."""
    alone = incidence_of(traced(CASE, "radiation.model=open", 'parts.panel.coating="mli_small"', 'parts.wing.coating="mli_small"'))
    assert alone.hidden_error == 0
    assert incidence_of(still).hidden_error > 0
    whole, part = alone.infrared.max(), incidence_of(still).infrared
    assert part.max() <= whole * (1 + 1e-9)
    names = np.array([still.body.assembly.face_names[i] for i in still.views.face])
    seen = part[:, names == "panel:+z"].mean() / whole
    assert 0.3 < seen < 0.95


def test_open_model_shades_nothing():
    """Groups under blankets, since all others are left to the faces alone."""
    found = traced(CASE, "radiation.model=open", 'parts.panel.coating="mli_small"', 'parts.wing.coating="mli_small"')
    falls, alone = incidence_of(found), unshaded(found)
    assert (falls.visible[alone > 0] == 1).all()
    assert falls.direct == pytest.approx(alone, rel=1e-5, abs=1e-3)
    assert (falls.sought, falls.reused) == (0, 0)


def test_shadows_follow_a_part_that_turns():
    """The sunlight on the panel does not depend on the number of poses of the exchange, one included."""
    above = "parts.wing.position_mm=[0, 0, -100]"
    one, four = (traced(CASE + HINGE, above, f"radiation.positions={n}") for n in (1, 4))
    panel = np.array([name.startswith("panel") for name in one.body.assembly.face_names])
    facets, others = (found.views.facets[panel[found.views.face[found.views.group]]] for found in (one, four))
    both = np.intersect1d(facets, others)
    assert len(both)
    mine, theirs = (np.searchsorted(found.views.facets, both) for found in (one, four))
    assert np.array_equal(incidence_of(one).visible[:, mine], incidence_of(four).visible[:, theirs])
    shaded = incidence_of(four).visible[:, theirs]
    assert ((shaded > 0) & (shaded < 1)).any()


def test_other_fluxes_trace_nothing_and_are_the_same():
    """Sunlight, albedo and infrared scaled from an earlier case of the same orbit are those of a case alone; another orbit is traced."""
    bodies = meshed_bodies()
    simulate(loads(CASE), bodies=bodies)
    changed = ("environment.solar_flux_W_m2=1322", "environment.albedo=0.22", "environment.earth_ir_W_m2=217")
    scaled, own = simulate(loads(CASE, changed), bodies=bodies).radiation, traced(CASE, *changed)
    assert incidence_of(scaled).reused == incidence_of(scaled).sought > 20
    for name in ("direct", "visible", "sunlight", "albedo", "infrared"):
        assert np.array_equal(getattr(incidence_of(scaled), name), getattr(incidence_of(own), name)), name
    assert not np.array_equal(incidence_of(scaled).sunlight, incidence_of(traced()).sunlight)
    other = simulate(loads(CASE, ["orbit.beta_deg=30"]), bodies=bodies).radiation
    assert incidence_of(other).reused < incidence_of(other).sought


@pytest.mark.parametrize("point", ["nadir", "orbit_normal"])
def test_a_turn_that_is_averaged_casts_the_shadows_of_one_that_is_followed(point):
    """60 turns per revolution are followed, 62 are not: orbit means on all groups agree to a percent of the sunlight, the planet's too."""
    spin = "attitude={{kind='spin', point={{axis='+x', at='{}'}}, spin_period_s={}}}"
    period = simulate(loads(CASE)).env.period
    followed, averaged = (incidence_of(traced(CASE, spin.format(point, period / turns))) for turns in (60, 62))
    assert len(averaged.times) < 320 < len(followed.times)
    for name in ("sunlight", "albedo", "infrared"):
        means = [np.trapezoid(getattr(falls, name), falls.times, axis=0) / falls.times[-1] for falls in (followed, averaged)]
        assert means[1] == pytest.approx(means[0], abs=0.01 * 1361 / np.pi)
    assert (averaged.visible <= 1 + 1e-6).all()


def test_a_joint_on_a_body_that_spins_fast_is_refused():
    with pytest.raises(CaseError, match=r"attitude.spin_period.*cannot follow on a body that turns more than 60 times per revolution"):
        traced(CASE + HINGE, "attitude={kind='spin', point={axis='+x', at='sun'}, spin_period_s=30}")
