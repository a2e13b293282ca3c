"""Radiation of a case: what it states, what it conserves and what its figures mean."""

import numpy as np
import pytest
from case_text import box, orbit

from heliorack.case.case import loads
from heliorack.report.trust_words import reuse_lines
from heliorack.results import radiation_figures
from heliorack.results.result import Result
from heliorack.run.simulate import simulate
from meshes.errors import GeometryError

CASE = orbit(20)
CASE += """
[radiation]
rays = 1024
planet_rays = 256
cluster_mm = 100
[run]
kind = "steady"
"""
CASE += box("panel", (100, 100, 10)) + box("lid", (80, 80, 4), (0, 0, 60), coating="a276", more="heat_W = 2")

pytestmark = pytest.mark.usefixtures("empty_cache")


def solved(*overrides: str) -> Result:
    """Solved case."""
    return simulate(loads(CASE, overrides))


@pytest.fixture(scope="module")
def result() -> Result:
    """As written."""
    return solved()


def test_exchange_is_reciprocal_and_closed(result):
    """Heat between groups is the same both ways; an enclosure as warm as its sky exchanges nothing."""
    radiating = result.radiation
    (pose,) = radiating.poses
    between = pose.returned * radiating.views.areas[:, None]
    assert between == pytest.approx(between.T, abs=1e-12 * between.max())
    assert pose.returned.sum(axis=1) + pose.sky == pytest.approx(radiating.surfaces.emission, rel=1e-9)


def test_absorbed_light_never_exceeds_what_arrives(result):
    """First absorption and all reflections together, of each path."""
    radiating = result.radiation
    assert radiating.falls is not None
    for path, given in (("sun", radiating.falls.sunlight), ("albedo", radiating.falls.albedo), ("infrared", radiating.falls.infrared)):
        areas = radiating.facet_areas()
        arrives = np.trapezoid(given, radiating.falls.times, axis=0) / radiating.falls.times[-1] @ radiating.views.areas
        taken = radiating.absorbed(path) @ areas
        assert 0 < taken < arrives


def test_figures_of_the_summary(result):
    """Nothing reused at first, errors positive, no error of interpolation where nothing turns."""
    found = radiation_figures.summary(result.radiation)
    assert found["model"] == "exchange"
    assert found["poses"] == found["view_factors"] == 1
    assert found["view_factors_reused"] == found["sun_directions_reused"] == 0
    assert found["closure"]["rows_after"] < 1e-9
    assert found["closure"]["reciprocity_after"] < 1e-9
    assert 0 < found["standard_error"] < 0.05
    assert 0 < found["temperature_error_K"] < 1
    assert "position_error" not in found
    assert result.radiation.words().startswith(f"view factors of {found['groups']} groups traced; 0 of ")


def test_what_is_reused_is_said(result):
    """In the progress and at the end; in a set of load cases all of them together."""
    again = solved("parts.lid.heat_W=4")
    found = radiation_figures.summary(again.radiation)
    assert again.radiation.words().startswith(f"view factors of {found['groups']} groups reused from the cache; ")
    n = found["sun_directions"]
    assert reuse_lines({"": result.summary()}) == []
    assert reuse_lines({"one": result.summary(), "two": again.summary()}) == [
        "view factors reused from the cache: 1 of 2 poses",
        f"directions of the Sun reused from the cache: {n} of {2 * n}",
    ]


def test_more_rays_lower_the_errors(result):
    """64 times the rays: an eighth of the error or less, since rays of low discrepancy do better than the root."""
    fine = radiation_figures.summary(solved("radiation.rays=65536").radiation)
    coarse = radiation_figures.summary(result.radiation)
    assert fine["groups"] == coarse["groups"]
    assert coarse["standard_error"] / fine["standard_error"] > 7
    assert fine["temperature_error_K"] < coarse["temperature_error_K"]


def test_open_model_has_no_groups():
    """Every face is left to the faces alone."""
    radiating = solved("radiation.model=open").radiation
    assert radiation_figures.summary(radiating) == {"groups": 0, "model": "open"}
    assert radiating.enclosure() is None
    assert radiating.words() == "no face sees another"


def test_light_that_can_go_nowhere_is_refused_in_one_sentence(monkeypatch):
    """The words of the exchange, with where they belong."""
    monkeypatch.setattr(
        "heliorack.model.radiation.transfer", lambda *given: (_ for _ in ()).throw(ValueError("insulated faces see only one another"))
    )
    with pytest.raises(GeometryError, match=r"^radiation: insulated faces see only one another$"):
        solved()
