"""Extremes that a body cannot make are not counted; those that it makes are."""

import numpy as np
import pytest
from bodies import Solid
from scipy.sparse import hstack

from meshes.assembly import Assembly
from meshes.structured import structured_box
from thermal.solve.march import march
from thermal.solve.maximum_principle import MaximumPrinciple
from thermal.solve.probes import Recorder
from thermal.solve.settings import Solver


def sheared(cells):
    """A bar whose tetrahedra lean so far that many edges couple the wrong way."""
    box: Assembly = structured_box((cells, 3, 3), (0.1, 0.02, 0.02), name="bar")
    box.points[:, 0] += 1.5 * box.points[:, 1]
    return Solid(box, 0.3, 2e6)


def extremes(model, solid, T, seconds, principle):
    """Coldest and hottest of the bar over a march [K]."""
    seen = Recorder(solid.layout, hstack([solid.volumes]).tocsr(), np.array([0.0]), np.array([0.0]), principle)
    seen.start(0.0, T)
    for step in march(model, T, [0.0, seconds], Solver(linear="direct", tolerance=0.05)):
        seen.observe(step)
    found = seen.history()
    return float(found.coldest[0]), float(found.hottest[0])


def test_a_swing_beside_a_jump_does_not_count():
    """One end of a bar at 293 K is held at 373 K: raw values leave that range, counted ones do not."""
    solid = sheared(12)
    model = solid.model(held={"bar:-x": 373.0})
    T = solid.start(293.0)
    raw = extremes(model, solid, T, 60.0, None)
    assert raw[0] < 293.0 - 0.01
    assert extremes(model, solid, T, 60.0, MaximumPrinciple(model)) == (293.0, 373.0)


@pytest.mark.parametrize("way", [{"films": {"bar:+x": (500.0, 250.0)}}, {"fluxes": {"bar:+x": -500.0}}, {"held": {"bar:+x": 280.0}}])
def test_a_place_that_is_cooled_counts(way):
    """With heat drawn at one face by any way the coldest value is the raw one, to the last bit."""
    solid = Solid(structured_box((12, 2, 2), (0.1, 0.02, 0.02), name="bar"), 0.3, 2e6)
    model = solid.model(**way)
    T = solid.start(293.0)
    raw = extremes(model, solid, T, 600.0, None)
    assert raw[0] < 290.0
    assert extremes(model, solid, T, 600.0, MaximumPrinciple(model))[0] == raw[0]
