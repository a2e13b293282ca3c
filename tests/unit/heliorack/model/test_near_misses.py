"""Faces that all but touch."""

import numpy as np
import pytest

from heliorack.model.near_misses import near_misses, near_words
from meshes.assemble import assemble
from meshes.settings import MeshSettings
from meshes.shapes.basic import Box, Cylinder

BOARD = Box(name="board", size=(0.04, 0.03, 0.002), position=(0.0, 0.0, -0.001), material="m", coating="z93")


def found(*parts):
    """Near misses of some parts."""
    made = assemble(parts, MeshSettings(size=4e-3))
    return list(near_misses(made, np.where(made.facet_touch < 0, 1.0, 0.0)))


def chip(gap, **given):
    """A chip of 10 x 10 x 1 mm over the board."""
    return Box(
        **(
            {"name": "chip", "size": (0.01, 0.01, 0.001), "position": (0.002, 0.003, 0.0005 + gap), "material": "m", "coating": "z93"}
            | given
        )
    )


@pytest.mark.parametrize("gap", [2e-5, 9e-5])
def test_gap_and_area_of_a_chip_above_its_board(gap):
    """100 mm2 at the gap that was drawn."""
    (miss,) = found(BOARD, chip(gap))
    assert (miss.part_a, miss.part_b) == ("board", "chip")
    assert miss.gap == pytest.approx(gap, rel=1e-6)
    assert miss.area == pytest.approx(100e-6, rel=1e-6)
    assert near_words([miss])[0].startswith(f"warning: faces of board and chip lie {gap * 1e3:.2g} mm apart over 100 mm2 and do not touch")


def test_what_touches_or_is_far_is_no_near_miss():
    """On the board, 0.2 mm above it, and beside it at the same height with its side 0.05 mm from nothing that looks at it."""
    assert found(BOARD, chip(0.0)) == []
    assert found(BOARD, chip(2e-4)) == []
    assert found(BOARD, chip(0.0, position=(0.0, 0.0, 0.0005)), chip(0.0, name="lid", position=(0.0, 0.0, 0.0017))) == []


def test_turned_parts_are_found_too():
    """The same chip and board turned together by 30 and 20 deg: planes no longer along the axes."""
    turn = {"rotation": (np.pi / 6, 0.0, 0.0)}
    away = np.array([[1, 0, 0], [0, np.cos(np.pi / 6), -np.sin(np.pi / 6)], [0, np.sin(np.pi / 6), np.cos(np.pi / 6)]])
    board = Box(name="board", size=BOARD.size, position=tuple(away @ BOARD.place.position), material="m", coating="z93", **turn)
    (miss,) = found(board, chip(0.0, position=tuple(away @ [0.002, 0.003, 0.0005 + 5e-5]), **turn))
    assert (miss.gap, miss.area) == (pytest.approx(5e-5, rel=1e-4), pytest.approx(100e-6, rel=1e-3))


def test_a_round_post_beside_another():
    """Two cylinders 0.05 mm apart along their nearest line: a strip of some width, not their whole sides."""
    posts = [
        Cylinder(name=n, radius=0.005, height=0.01, position=(x, 0.0, 0.0), material="m", coating="z93")
        for n, x in (("a", 0.0), ("b", 0.01005))
    ]
    misses = found(*posts)
    assert all(0 < miss.area < 0.1 * np.pi * 1e-4 for miss in misses)


def test_many_pairs_are_told_as_a_number():
    """Eight by name, the rest counted."""
    (miss,) = found(BOARD, chip(2e-5))
    said = near_words([miss] * 11)
    assert len(said) == 9
    assert said[-1] == "warning: 3 more pairs of parts have faces less than 0.1 mm apart that do not touch"
