"""Regular boxes and how they are joined."""

import numpy as np
import pytest

from meshes.errors import GeometryError
from meshes.join import join
from meshes.measure import cell_volumes, face_areas, part_volumes
from meshes.structured import structured_box


def test_box_counts_and_measures():
    """Six equal tetrahedra per brick, exact areas, nodes x first."""
    made = structured_box((4, 3, 2), (0.4, 0.6, 0.8), (1, 2, 3), "bar", "steel")
    assert made.cells.shape == (6 * 24, 4)
    assert cell_volumes(made.points, made.cells) == pytest.approx(np.full(144, 0.4 * 0.6 * 0.8 / 144))
    assert face_areas(made) == pytest.approx([0.48, 0.48, 0.32, 0.32, 0.24, 0.24])
    assert made.points[:2] == pytest.approx(np.array([[1, 2, 3], [1.1, 2, 3]]))
    assert made.face_names[-1] == "bar:+z"
    assert made.part_material == ("steel",)
    assert made.facets.shape == (2 * 2 * (12 + 8 + 6), 3)


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("order", [1, -1])
def test_boxes_of_like_divisions_match_on_their_common_face(axis, order):
    """Along every axis, in either order, with other divisions across the joint."""
    step, divisions = np.eye(3)[axis], np.array([3, 4, 5])
    other = np.where(step > 0, 7, divisions)
    low = structured_box(tuple(divisions.tolist()), (1, 1, 1), name="low")
    high = structured_box(tuple(other.tolist()), (1, 1, 1), tuple(step.tolist()), name="high")
    made = join([low, high][::order])
    (touch,) = made.touches
    assert touch.area == pytest.approx(1.0, rel=1e-12)
    assert made.points[made.facets[touch.facets_a]] == pytest.approx(made.points[made.facets[touch.facets_b]][:, [0, 2, 1]])
    assert (made.facet_touch == 0).sum() == 2 * len(touch.facets_a)
    assert part_volumes(made) == pytest.approx([1, 1])


def test_join_keeps_what_touched_before():
    """Three slabs joined in two steps."""
    slabs = [structured_box((2, 2, 1), (1, 1, 0.1), (0, 0, 0.1 * i), f"s{i}") for i in range(3)]
    made = join([join(slabs[:2]), slabs[2]])
    assert [(touch.part_a, touch.part_b) for touch in made.touches] == [(0, 1), (1, 2)]
    assert [made.face_names[made.facet_face[touch.facets_b[0]]] for touch in made.touches] == ["s1:-z", "s2:-z"]


def test_faces_that_lie_on_each_other_without_matching_are_refused():
    """Silence would be a missing contact."""
    with pytest.raises(GeometryError, match=r"parts a and b lie on each other over 1e\+06 mm2, but their triangles match over 0 mm2"):
        join([structured_box((3, 2, 1), (1, 1, 1), name="a"), structured_box((2, 2, 1), (1, 1, 1), (0, 0, 1), "b")])


def test_overlapping_and_doubled_boxes_are_refused():
    """As in assemble."""
    a = structured_box((1, 1, 1), (1, 1, 1), name="a")
    with pytest.raises(GeometryError, match=r"parts a and b overlap by 5e\+08 mm3"):
        join([a, structured_box((1, 1, 1), (1, 1, 1), (0.5, 0, 0), "b")])
    with pytest.raises(GeometryError, match="a named twice"):
        join([a, a])


def test_boxes_apart_stay_apart():
    """No touch, nothing lost."""
    made = join([structured_box((1, 1, 1), (1, 1, 1), name="a"), structured_box((1, 1, 1), (1, 1, 1), (2, 0, 0), "b")])
    assert made.touches == ()
    assert len(made.points) == 16


def test_empty_divisions_are_refused():
    """Positive numbers only."""
    with pytest.raises(GeometryError, match="must be positive"):
        structured_box((0, 1, 1), (1, 1, 1))
