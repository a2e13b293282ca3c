"""Faces of one array: each gives by its own light and temperature, and an array that does not fit them says so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from power.solar.sections import Section, dark, rooms, shares, split
from power.solar.strings import Lit, Wing
from power.system.array_power import array_density, sections_density, strings_power
from power.system.settings import Power
from power.system.system import solve

TIMES = np.array([0.0, 1800.0, 3600.0, 3600.0, 5400.0])
SUN = np.array([1361.0, 900.0, 1361.0, 0.0, 0.0])
WARM = np.array([330.0, 310.0, 330.0, 330.0, 250.0])
NIGHT = np.zeros(5)


def power(**given):
    return Power(**{"cell": "azur_3g30_cic", "battery": "lg_mj1", **given})


def test_one_face_is_the_array():
    """The same answer as sunlight and temperature given for the array as a whole."""
    whole = solve(power(), TIMES, SUN, np.full(5, 50.0), WARM)
    single = solve(power(), TIMES, SUN, np.full(5, 50.0), sections=[Section("wing:+z", 10.0, SUN, WARM)])
    assert single.array_area == whole.array_area
    assert single.available == pytest.approx(whole.available, rel=1e-15)
    assert np.all(single.split == 1.0)


def test_faces_add_up_by_hand():
    """Two thirds of the area at full light and 330 K, one third at half light and 300 K: the sum of the two, each with its own figures."""
    sections = [Section("a:+z", 0.2, SUN, WARM), Section("b:+z", 0.1, 0.5 * SUN, np.full(5, 300.0))]
    table = power(array_area=0.3)
    found = solve(table, TIMES, SUN, np.full(5, 50.0), sections=sections)
    one, other = array_density(table, SUN, WARM), array_density(table, 0.5 * SUN, np.full(5, 300.0))
    assert found.available == pytest.approx(0.2 * one + 0.1 * other, rel=1e-12)
    assert found.split[0] == pytest.approx(np.array([0.2 * one[0], 0.1 * other[0]]) / (0.2 * one[0] + 0.1 * other[0]))
    assert found.temperature == pytest.approx((2 * WARM + 300.0) / 3)


def test_a_face_in_the_dark_gives_nothing():
    """It gets no part of the draw, and is named."""
    sections = [Section("w1:+x", 0.1, SUN, WARM), Section("w2:+x", 0.1, NIGHT, WARM)]
    found = solve(power(array_area=0.2), TIMES, SUN, np.full(5, 20.0), sections=sections)
    lit = SUN > 0
    assert np.all(found.split[lit] == [1.0, 0.0])
    assert dark(sections) == ["w2:+x never sees the Sun; the cells on it give nothing"]
    assert any("w2:+x never sees the Sun" in said for said in found.warnings)


def test_strips_in_the_dark_are_counted():
    """One of two strips of a face, whose room is that of both."""
    sections = [Section("w1:+x", 0.1, SUN, WARM), Section("w1:+x", 0.1, NIGHT, WARM), Section("w2:+x", 0.3, SUN, WARM)]
    assert dark(sections) == ["1 of 2 strips of w1:+x never see the Sun; the cells on them give nothing"]
    assert rooms(sections) == pytest.approx({"w1:+x": 0.2, "w2:+x": 0.3})


def test_an_array_that_does_not_fit_is_a_missed_limit():
    """It says what it has and needs, and is solved with what there is: no more electricity than the faces can give."""
    open_ = solve(power(), TIMES, SUN, np.full(5, 200.0), sections=[Section("wing:+x", 1e6, SUN, WARM)])
    found = solve(power(), TIMES, SUN, np.full(5, 200.0), sections=[Section("wing:+x", 0.1, SUN, WARM)])
    assert found.array_area == pytest.approx(0.1)
    assert found.needed_area == pytest.approx(open_.array_area)
    assert any(f"needs {open_.array_area:.3g} m2" in said and "have 0.1 m2" in said for said in found.failures)
    assert np.all(found.drawn <= 0.1 * array_density(power(), SUN, WARM) + 1e-9)


def test_strings_are_drawn_from_their_face():
    """Three strings on one face and one on the other share the draw three to one in equal light."""
    table = power(wings=(Wing(14, 4),))
    lit = [Lit(table.wings[0], SUN, WARM, np.ones((5, 3)), section=0), Lit(table.wings[0], SUN, WARM, np.ones((5, 1)), section=1)]
    sections = [Section("a:+z", 1.0, SUN, WARM), Section("b:+z", 1.0, SUN, WARM)]
    found = solve(table, TIMES, SUN, np.full(5, 20.0), sections=sections, strings=lit)
    assert found.available == pytest.approx(strings_power(table, lit), rel=1e-12)
    assert found.split[0] == pytest.approx([0.75, 0.25])


@given(
    st.lists(st.tuples(st.floats(1e-3, 10), st.just(0.0) | st.floats(1e-6, 1), st.floats(200, 400)), min_size=1, max_size=5),
    st.floats(1.0, 500.0),
)
def test_parts_add_up_to_one(faces, load):
    """For any faces, light and load: parts of the draw sum to one, shares to one, and the sum of the faces is the array."""
    sections = [Section(f"f{i}:+z", room, light * SUN, np.full(5, warm)) for i, (room, light, warm) in enumerate(faces)]
    each = sections_density(power(), sections)
    assert split(each, sections).sum(axis=1) == pytest.approx(np.ones(5), abs=1e-12)
    assert shares(sections).sum() == pytest.approx(1.0, abs=1e-12)
    found = solve(power(array_area=1.0), TIMES, SUN, np.full(5, load), sections=sections)
    assert found.available == pytest.approx(each.sum(axis=1), rel=1e-12, abs=1e-12)
