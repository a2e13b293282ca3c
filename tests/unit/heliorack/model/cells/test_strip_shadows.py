"""Shadows on the strips of a face: borders of strings count, facets do not."""

import numpy as np
import pytest

from heliorack.case.case import load
from heliorack.model import radiation
from heliorack.model.body import build_body
from heliorack.model.cells.strip_shadows import lit_strips, spots_of
from heliorack.model.surroundings import surroundings
from heliorack.runtime.parallel import world

CASE = """
title = "strips"
[environment]
kind = "orbit"
preset = "mean"
[orbit]
kind = "beta"
altitude_km = 550
beta_deg = 90
[attitude]
point = {{ axis = "+z", at = "sun" }}
align = {{ axis = "+x", at = "nadir" }}
[[parts]]
name = "wing"
{wing}
material = "al_6061"
coating = "gaas_cells"
mesh_mm = 37
[[parts]]
name = "mast"
kind = "box"
size_mm = [{mast}, 1200, 20]
position_mm = [{x}, 0, 300]
material = "al_6061"
coating = "gaas_cells"
mesh_mm = 150
"""
PLATE = 'kind = "plate"\nwidth_mm = 1000\nlength_mm = 1000\nthickness_mm = 5'
DISC = 'kind = "cylinder"\nradius_mm = 500\nheight_mm = 5'
X = np.array([1.0, 0.0, 0.0])


def seen(folder, wing, mast, x, strips, kept=None):
    file = folder / "strips.toml"
    file.write_text(CASE.format(wing=wing, mast=mast, x=x))
    case = load(file)
    env, body = surroundings(case), build_body(case, world())
    turning = radiation.motion(body.assembly, case.tracking, env, 1)
    face = body.assembly.face_names.index("wing:+z")
    return lit_strips(body, turning, env, face, X, strips, kept), body, face


@pytest.mark.parametrize(("mast", "x", "dark"), [(250, 375, [6, 7]), (125, 62.5, [4]), (500, 0, [2, 3, 4, 5])])
def test_a_shadow_darkens_its_strings_and_no_other(tmp_path, mast, x, dark):
    """A mast exactly over some of eight strings, on a mesh whose facets straddle every border: those are black, the others whole."""
    part, _, _ = seen(tmp_path, PLATE, mast, x, 8)
    expected = np.ones(8)
    expected[dark] = 0.0
    np.testing.assert_allclose(part, np.broadcast_to(expected, part.shape), atol=1e-12)


def test_half_a_string_is_half_lit(tmp_path):
    """A border in the middle of a string: the lit part is the area's."""
    part, _, _ = seen(tmp_path, PLATE, 62.5, 31.25, 8)
    assert part[0] == pytest.approx([1, 1, 1, 1, 0.5, 1, 1, 1], abs=1 / 32)


def test_strings_on_a_disc_count_its_area_alone(tmp_path):
    """Points lie on the disc, each strip's share is that of its own area, and a shadow over the half leaves the other whole."""
    part, body, face = seen(tmp_path, DISC, 600, 300, 5)
    assert part[0, [0, 1]] == pytest.approx(1.0)
    assert part[0, [3, 4]] == pytest.approx(0.0)
    assert part[0, 2] == pytest.approx(0.5, abs=0.02)
    found = spots_of(body, face, X, 5)
    at = np.einsum("pk,pkj->pj", found.place, body.assembly.points[body.assembly.facets[found.facet]])
    assert np.hypot(at[:, 0], at[:, 1]).max() < 0.5
    share = np.bincount(found.strip, found.weight) / len(found.strip)
    edges = np.linspace(-0.5, 0.5, 6)
    area = np.diff(edges * np.sqrt(0.25 - edges**2) + 0.25 * np.arcsin(2 * edges)) / (np.pi / 4)
    assert share == pytest.approx(area, abs=0.01)


def test_what_is_kept_is_what_is_traced(tmp_path):
    """The second time comes from the folder, with the same bits; other strings are traced anew."""
    kept = tmp_path / "kept"
    first, _, _ = seen(tmp_path, PLATE, 250, 370, 8, kept)
    files = sorted(kept.iterdir())
    again, _, _ = seen(tmp_path, PLATE, 250, 370, 8, kept)
    np.testing.assert_array_equal(again, first)
    assert sorted(kept.iterdir()) == files
    seen(tmp_path, PLATE, 250, 370, 4, kept)
    assert len(list(kept.iterdir())) == len(files) + 1
