"""Bonded interfaces and chains of them."""

import numpy as np
import pytest

from meshes.contacts.bond import bond
from meshes.join import join
from meshes.measure import face_areas, part_volumes
from meshes.structured import structured_box

CUBES = [structured_box((2, 2, 2), (1, 1, 1), (i % 2, i // 2, 0), name) for i, name in enumerate("abcd")]  # two by two around the z axis


def test_four_cubes_touch_along_four_faces():
    """Neighbours by edge only are no pair."""
    made = join(CUBES)
    assert [(touch.part_a, touch.part_b) for touch in made.touches] == [(0, 1), (0, 2), (1, 3), (2, 3)]
    assert [touch.area for touch in made.touches] == pytest.approx([1.0] * 4)
    assert len(made.points) == 4 * 27


def test_bonding_all_gives_the_conforming_grid():
    """5 x 5 x 3 nodes; the line where four parts meet is one line."""
    made = join(CUBES, bonded=lambda a, b: True)
    assert len(made.points) == 75
    assert made.touches == ()
    assert len(made.bonds) == 4
    assert (made.facet_touch == -1).all()
    assert face_areas(made).sum() == pytest.approx(4 + 4 + 8)


def test_a_chain_of_bonds_shares_the_line_where_it_meets():
    """a-b, a-c bonded: b and c meet on the axis through a; d stays apart but for its contacts."""
    made = join(CUBES, bonded=lambda a, b: a == "a")
    assert len(made.points) == 108 - 2 * 9
    assert [(touch.part_a, touch.part_b) for touch in made.touches] == [(1, 3), (2, 3)]
    owners = [set(made.cells[made.cell_part == part].ravel().tolist()) for part in range(4)]
    assert len(owners[0] & owners[1] & owners[2]) == 3
    assert not owners[3] & (owners[0] | owners[1] | owners[2])


def test_open_chain_around_a_contact_leaves_the_contact():
    """a-b, b-d, d-c bonded, a-c not: the contact keeps its area though its two sides share the axis."""
    made = join(CUBES, bonded=lambda a, b: (a, b) != ("a", "c"))
    (touch,) = made.touches
    assert touch.area == pytest.approx(1.0)
    assert np.array_equal(made.points[made.facets[touch.facets_a]], made.points[made.facets[touch.facets_b]][:, [0, 2, 1]])
    assert len(made.points) == 75 + 6


def test_bonding_later_is_the_same_as_at_once():
    """`bond` may be applied again and again; volumes do not change."""
    step = bond(join(CUBES, bonded=lambda a, b: (a, b) == ("a", "b")), lambda a, b: True)
    whole = join(CUBES, bonded=lambda a, b: True)
    assert len(step.points) == len(whole.points)
    assert len(step.bonds) == 4
    assert part_volumes(step) == pytest.approx([1.0] * 4)
