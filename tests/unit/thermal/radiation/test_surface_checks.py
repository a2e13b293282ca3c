"""Faults of radiating surfaces: inside out, crossing, buried."""

import numpy as np
import pytest
from triangles import ball, box, together

from thermal.radiation.surface_checks import buried, inside_out, intersecting


def solid(low, high, m=2):
    return np.concatenate(box(low, high, m))


def turned(corners):
    return corners[:, ::-1]


ROOM = np.concatenate(box((-1, -1, -1), (2, 2, 2), 2, inward=True))
LEFT, RIGHT = solid((0, 0, 0), (0.4, 0.4, 0.4)), solid((0.6, 0, 0), (1, 0.5, 0.5))


def test_sound_parts_raise_nothing():
    """Two solids apart in a room that is said to be a cavity."""
    view, labels = together([LEFT, RIGHT, ROOM])
    assert inside_out(view, labels, cavities={2}) == ()
    assert buried(view, np.where(labels == 2, -1, labels)) == ()
    assert intersecting(view, labels) == ()


def test_a_solid_inside_out_is_named_with_its_volume():
    """Closed: minus its volume to round-off, and every ray from the other part onto it ends on a back."""
    view, labels = together([LEFT, turned(RIGHT)])
    (fault,) = inside_out(view, labels)
    assert fault.label == 1
    assert fault.volume == pytest.approx(-0.4 * 0.5 * 0.5, rel=1e-12)
    assert fault.backs == 1
    assert intersecting(view, labels) == ()  # its backs do not make it a crossing


def test_an_open_surface_inside_out_is_told_by_rays():
    """Without the face that is bonded to something else a surface has no volume; the backs it shows decide."""
    view, labels = together([LEFT, turned(np.concatenate(box((0.6, 0, 0), (1, 0.5, 0.5), 2)[:5]))])
    (fault,) = inside_out(view, labels)
    assert fault.label == 1
    assert np.isnan(fault.volume)
    assert fault.backs > 0.9
    view, labels = together([LEFT, np.concatenate(box((0.6, 0, 0), (1, 0.5, 0.5), 2)[:5])])
    assert inside_out(view, labels) == ()


@pytest.mark.parametrize("overlap", [0.05, 1e-3, 1e-5])
def test_crossing_boxes_are_found_with_their_depth(overlap):
    """A small box set into the side of a large one: depth is the overlap; what is buried of both is one face twice and a rim."""
    view, labels = together([solid((0, 0, 0), (1, 1, 1)), solid((1 - overlap, 0.3, 0.35), (1.5, 0.6, 0.7), 3), LEFT + 3])
    (found,) = intersecting(view, labels, rays=64)
    assert (found.first, found.second) == (0, 1)
    assert found.depth == pytest.approx(overlap, abs=4e-6 * view.size)
    assert found.area == pytest.approx(2 * 0.3 * 0.35 + 2 * overlap * 0.65, rel=0.2)


def test_parts_that_touch_do_not_cross():
    """Face to face, with other meshes and out of line; a peg in a hole of its own facets; the faces pressed together are buried."""
    view, labels = together([solid((0, 0, 0), (1, 1, 1)), solid((1, 0.2, 0.2), (1.5, 0.7, 0.9), 3)])
    assert intersecting(view, labels, rays=64) == ()
    pressed = {(one.label, one.inside): one.area for one in buried(view, labels, rays=64)}
    assert pressed[1, 0] == pytest.approx(0.5 * 0.7, rel=1e-6)
    assert pressed[0, 1] == pytest.approx(0.5 * 0.7, rel=0.1)


def test_a_part_in_the_corner_of_two_others_does_not_cross():
    """An angle piece of two plates in one part, a box that rests on both, meshes unlike; boxes around the two overlap."""
    angle = np.concatenate([solid((0, 0, 0), (1, 1, 0.1), 3), solid((0, 0, 0.1), (0.1, 1, 1), 4)])
    view, labels = together([angle, solid((0.1, 0.2, 0.1), (0.6, 0.8, 0.7), 5)])
    assert intersecting(view, labels) == ()
    view, labels = together([angle, solid((0.1 - 1e-4, 0.2, 0.1), (0.6, 0.8, 0.7), 5)])
    assert intersecting(view, labels)[0].depth == pytest.approx(1e-4, rel=0.02)


def test_a_part_wholly_inside_another_solid():
    """No surface crosses, yet all of the inner part sees backs; in a hollow part it does not."""
    inner, outer = ball(0.1, 8) + 0.5, solid((0, 0, 0), (1, 1, 1), 3)
    view, labels = together([inner, outer])
    (found,) = intersecting(view, labels)
    assert (found.first, found.second, found.depth) == (0, 1, 0.0)
    assert found.area == pytest.approx(view.areas[labels == 0].sum())
    hollow = np.concatenate([outer, np.concatenate(box((0.2, 0.2, 0.2), (0.8, 0.8, 0.8), inward=True))])
    view, labels = together([inner, hollow])
    assert intersecting(view, labels) == ()
    assert inside_out(view, labels) == ()


def test_crossing_balls():
    """Curved, meshes unlike: found, not deeper than the lens they share; apart by a hair: not found."""
    view, labels = together([ball(0.5, 16), ball(0.5, 14) + np.array([0.8, 0.1, 0.05])])
    (found,) = intersecting(view, labels)
    assert 0 < found.depth < 0.2
    assert found.area > 0
    view, labels = together([ball(0.5, 16), ball(0.5, 14) + np.array([1.001, 0, 0])])
    assert intersecting(view, labels) == ()


def test_refusals():
    view, labels = together([LEFT, RIGHT])
    with pytest.raises(ValueError, match="one number per facet"):
        inside_out(view, labels[1:])
    with pytest.raises(ValueError, match="rays = 0 must be at least 1"):
        intersecting(view, labels, rays=0)
