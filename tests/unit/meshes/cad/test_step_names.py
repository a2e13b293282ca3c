"""Labels of faces: read from the text of a STEP file, and told from one another by where the vertices are."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from meshes.cad.step_names import Body, bodies, names_of
from meshes.shapes.solid import rotation_matrix

DATA = Path(__file__).parents[3] / "data"
TURN = rotation_matrix((0.4, -1.1, 2.0))


def brick(size=(3.0, 2.0, 1.0), names=("a", "", "", "", "", "b")):
    """A brick: its six faces -x ... +z with four vertices each."""
    corners = np.array(list(product((-0.5, 0.5), repeat=3))) * size
    faces = tuple(corners[np.sign(corners[:, axis]) == side] for axis in range(3) for side in (-1, 1))
    return Body("brick", names, faces)


def moved(body):
    """Faces as a kernel might have them: metres for millimetres, turned, shifted, vertices in another order."""
    return [1e-3 * face[::-1] @ TURN.T + (1.0, 2.0, 3.0) for face in body.corners]


def test_the_committed_file():
    """Two solids with their products; a record over two lines, a doubled quote and letters by their code."""
    plate, block = bodies(DATA / "labelled.step")
    assert (plate.product, block.product) == ("plate", "block")
    assert plate.names == ("", "", "", "", "twice", "twice")
    assert block.names == ("end", "", "", "Kühlfläche", "", "", "tread", "step's riser", "bore")
    assert [len(face) for face in block.corners] == [4, 6, 5, 6, 5, 4, 4, 4, 2]


def test_other_ways_to_write_the_same(tmp_path):
    """Comments, blanks, complex records, no line breaks at all, and a bound by a polygon."""
    text = (DATA / "labelled.step").read_text().replace("ADVANCED_FACE(\n  'end',", "/* 'ADVANCED_FACE */ ADVANCED_FACE ( 'end' ,")
    number = text[: text.index("'tread'")].rpartition("#")[2].partition(" ")[0]
    old = text[text.index(f"#{number} = ADVANCED_FACE") :].partition(";")[0]
    bound, surface = old.partition("'tread',(")[2].split("),")[0], old.split("),")[1].split(",")[0]
    words = f"(FACE(({bound})) FACE_SURFACE({surface},.T.) REPRESENTATION_ITEM('tread') ADVANCED_FACE() TOPOLOGICAL_REPRESENTATION_ITEM())"
    path = tmp_path / "other.step"
    path.write_text(text.replace(old, f"#{number}={words}").replace("\n", " "))
    ours, theirs = bodies(path)[1], bodies(DATA / "labelled.step")[1]
    assert ours.names == theirs.names
    assert all(np.array_equal(a, b) for a, b in zip(ours.corners, theirs.corners, strict=True))


def test_a_moved_solid_is_recognised():
    """Turned, shifted and in another unit, and vertices in any order."""
    assert names_of([brick()], "brick", moved(brick())) == brick().names


def test_an_order_that_is_not_the_files_is_not_believed():
    """Two faces swapped, a mirrored solid, another shape, another number of faces."""
    faces = moved(brick())
    assert names_of([brick()], "brick", [faces[2], faces[1], faces[0], *faces[3:]]) is None
    assert names_of([brick()], "brick", [faces[1], faces[0], *faces[2:]]) is None
    assert names_of([brick()], "brick", moved(brick((3.0, 2.0, 1.1)))) is None
    assert names_of([brick()], "brick", faces[:5]) is None


def test_products_of_one_shape_are_told_apart_by_their_name_or_not_at_all():
    """With other labels; of the same labels it does not matter which is which."""
    other = replace(brick(names=("", "b", "", "", "", "a")), product="other")
    assert names_of([brick(), other], "other", moved(brick())) == other.names
    assert names_of([brick(), other], "third", moved(brick())) is None
    assert names_of([brick(), replace(brick(), product="other")], "third", moved(brick())) == brick().names


@pytest.mark.parametrize("count", [0, 3])
def test_a_named_face_without_its_vertices_is_not_believed(count):
    """The kernel has none or fewer at a face that bears a name; at one without a name it does not matter."""
    faces = moved(brick())
    assert names_of([brick()], "brick", [faces[0][:count], *faces[1:]]) is None
    assert names_of([brick()], "brick", [faces[0], faces[1][:count], *faces[2:]]) == brick().names
