"""Strings of wings on the faces of a body: how many lie where, and what of each is in shadow."""

import numpy as np
import pytest
from command.powered import POWERED, changed
from command.test_power_runs import FIN
from hypothesis import given
from hypothesis import strategies as st

from heliorack.case.case import load
from heliorack.model import open_faces, radiation
from heliorack.model.body import build_body
from heliorack.model.cells.solar_cells import shared, solar_cells
from heliorack.model.surroundings import surroundings
from heliorack.runtime.parallel import world


@given(st.integers(0, 500), st.lists(st.floats(0.01, 10.0), min_size=1, max_size=6))
def test_strings_are_shared_by_area(total, areas):
    """Whole numbers that add up, none a whole string from its share."""
    exact = total * np.array(areas) / sum(areas)
    found = shared(total, np.array(areas))
    assert sum(found) == total
    assert np.abs(np.array(found) - exact).max() < 1.0 + 1e-6


def cells(folder, strings, more=""):
    """Cells of the small satellite with a fin on its wing."""
    text = changed(POWERED, ("array_area_m2 = 0.75\n", ""), ("[[compute]]", FIN + "[[compute]]"))
    file = folder / "wing.toml"
    file.write_text(f'{text}\n[[power.wings]]\nname = "one"\nseries = 2\nparallel = {strings}\n{more}')
    case = load(file)
    env, body = surroundings(case), build_body(case, world())
    radiating = radiation.radiating(case, body, env, lambda words, fraction: None)
    seen = open_faces.expose(body, case.coatings, case.boundaries, env, case.life, case.tracking, radiating.facets)
    return solar_cells(case, body, seen, radiating, env, env.times, 0)


@pytest.mark.parametrize("more", ["", 'across = "x"\n'], ids=["along the wing", "across the wing"])
def test_strings_narrower_than_the_mesh_are_not_lost(tmp_path, more):
    """Of 6 facets in a row 100 strings: whole in the Sun where the face is, and their mean is the lit part of the face within a facet."""
    found = cells(tmp_path, 100, more)
    place = found.places[0]
    assert place.strings == 100
    assert place.sunlit.shape == (len(found.times), 100)
    lit = place.irradiance > 1.0
    whole = found.sunlight[lit, place.face] / place.irradiance[lit]
    assert whole.max() == pytest.approx(1.0, abs=1e-6)
    assert whole.min() < 0.9
    assert place.sunlit[lit][whole > 1.0 - 1e-6] == pytest.approx(1.0, abs=1e-6)
    assert np.abs(place.sunlit[lit].mean(axis=1) - whole).max() < 0.2


def test_irradiance_is_that_without_the_shadow(tmp_path):
    """Area mean of sunlight never exceeds it, and equals it when the fin's shadow falls elsewhere."""
    found = cells(tmp_path, 4)
    free = found.places[0].irradiance
    assert np.all(found.sunlight[:, 0] <= free * (1.0 + 1e-6) + 1e-9)
    assert np.isclose(found.sunlight[:, 0], free, rtol=1e-6).mean() > 0.3
