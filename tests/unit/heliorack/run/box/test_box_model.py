"""A reduced model over a box of parameters: near the finite elements inside it, silent outside it."""

import numpy as np
import pytest
from case_text import box, contact, orbit

from heliorack.case.case import loads
from heliorack.run.box.box_model import Box, OutsideError
from heliorack.run.box.learn import Teacher
from heliorack.run.box.recipe import NoBoxError
from heliorack.run.simulate import simulate
from heliorack.runtime.parallel import world

CASE = orbit(20) + '[solver]\nlinear = "direct"\n'
CASE += box("panel", (300, 200, 5)) + box("box", (100, 100, 20), (50, 20, 12.5), mesh=30, more="heat_W = 20")
CASE += contact("panel", "box", 300)
RANGES = {"parts.box.heat_W": (10.0, 40.0), "contacts.0.conductance_W_m2K": (150.0, 600.0), "environment.solar_flux_W_m2": (1320.0, 1410.0)}


def case_at(point, more=()):
    return loads(CASE, [*more, *(f"{key}={value!r}" for key, value in point.items())])


@pytest.fixture(scope="module")
def model():
    return Teacher(case_at, Box(RANGES), world(), calm=1, judged=2).made()


def test_a_point_inside_is_within_what_is_stated(model):
    """Extremes and means of parts against a solve of all nodes, at a point that nothing was made from."""
    point = {"parts.box.heat_W": 17.0, "contacts.0.conductance_W_m2K": 420.0, "environment.solar_flux_W_m2": 1398.0}
    found, true = model.at(point), simulate(case_at(point)).solution.history
    assert found.error <= 0.3
    for mine, full in ((found.history.hottest, true.hottest), (found.history.coldest, true.coldest)):
        assert np.abs(mine - full).max() <= found.error + 0.05


def test_answers_do_not_depend_on_what_was_asked_before(model):
    """Bit by bit the same after another point."""
    one, other = ({key: low + share * (high - low) for key, (low, high) in RANGES.items()} for share in (0.2, 0.9))
    first = model.at(one).history.hottest
    model.at(other)
    assert np.array_equal(model.at(one).history.hottest, first)


def test_a_point_outside_is_refused_in_words(model):
    """Named by its parameter, its value and the range."""
    point = {"parts.box.heat_W": 41.0, "contacts.0.conductance_W_m2K": 420.0, "environment.solar_flux_W_m2": 1398.0}
    with pytest.raises(OutsideError, match=r"parts\.box\.heat_W = 41 lies outside 10 to 40"):
        model.at(point)


def test_geometry_is_no_parameter():
    """Another mesh has no coordinates of the first."""
    with pytest.raises(NoBoxError, match="mesh"):
        Teacher(case_at, Box({"parts.box.size_mm.0": (95.0, 105.0)}), world()).made()
