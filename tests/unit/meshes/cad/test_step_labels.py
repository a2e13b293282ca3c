"""Faces of STEP parts by the labels that the file gives them."""

import numpy as np
import pytest
from file_parts import COARSE, DATA, areas, module

from meshes.assemble import assemble
from meshes.cad.imported import FaceRule, Piece
from meshes.cad.step import Step
from meshes.errors import GeometryError
from meshes.measure import part_volumes
from meshes.settings import MeshSettings

BLOCK = {"end": 60.0, "cool": 104.0, "tread": 80.0, "riser": 20.0}  # mm2
WORDS = {"end": "end", "cool": "Kühlfläche", "tread": "tread", "riser": "step's riser", "bore": "bore"}


def labelled(words=WORDS, **given):
    """A plate and two instances of a block with a step and a bore, the second turned about all axes; faces by their labels."""
    pieces = (Piece(name="plate", match="plate", material="m"), Piece(name="block", match="block", count=2, material="m"))
    rules = {name: rule if isinstance(rule, FaceRule) else FaceRule(label=rule) for name, rule in words.items()}
    usual = {"name": "set", "file": str(DATA / "labelled.step"), "coating": "z93", "solids": pieces, "faces": rules}
    return Step(**(usual | given))


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_faces_go_by_the_labels_of_the_file(scale):
    """On both instances, the turned one too; escaped letters, quotes and a record over two lines; whatever the unit."""
    made = assemble([labelled(unit_scale=scale)], MeshSettings(size=3e-3 * scale))
    found = areas(made)
    for block in ("set.block1", "set.block2"):
        for face, area in BLOCK.items():
            assert found[f"{block}:{face}"] == pytest.approx(area * scale**2, rel=1e-9)
        assert found[f"{block}:bore"] == pytest.approx(2 * np.pi * 2 * 6 * scale**2, rel=0.01)
    assert "set.block1:-x" not in found


def test_labelled_faces_lie_where_the_file_places_them():
    """The tread looks along the z axis of its block: (0, 0, 1), and turned by 30, 40, 50 deg about x, the new y and the newest z."""
    from meshes.measure import area_vectors
    from meshes.shapes.solid import rotation_matrix

    made = assemble([labelled()], MeshSettings(size=3e-3))
    normals = []
    for block in ("set.block1", "set.block2"):
        facets = made.facets[made.facet_face == made.face_names.index(f"{block}:tread")]
        total = area_vectors(made.points, facets).sum(axis=0)
        normals.append(total / np.linalg.norm(total))
        middle = made.points[facets].mean(axis=(0, 1))
        centre = np.array([[-20e-3, 0, 10e-3], [20e-3, 0, 15e-3]][len(normals) - 1])
        turn = np.eye(3) if len(normals) == 1 else rotation_matrix(tuple(np.deg2rad([30.0, 40.0, 50.0])))
        assert np.dot(middle - centre, normals[-1]) == pytest.approx(1e-3, abs=1e-9)
        assert normals[-1] == pytest.approx(turn[:, 2], abs=1e-9)


def test_a_label_may_be_meant_on_one_solid_only():
    """With `of`; the other block keeps its direction."""
    found = areas(assemble([labelled({"root": FaceRule(label="end", of="block2")})], MeshSettings(size=3e-3)))
    assert found["set.block2:root"] == pytest.approx(60)
    assert found["set.block1:-x"] == pytest.approx(60)


def test_labels_survive_the_removal_of_features():
    """The bore of 6 mm goes, with its label; the tread keeps its own, and the +z face is whole again."""
    words = {"tread": "tread"}
    found = areas(assemble([labelled(words, drop_features=6.5e-3)], MeshSettings(size=3e-3)))
    assert found["set.block1:tread"] == pytest.approx(80, rel=1e-9) == found["set.block2:tread"]
    assert found["set.block1:+z"] == pytest.approx(120)
    with pytest.raises(
        GeometryError, match=r"faces.bore: no face of .* has the label 'bore'; there is Kühlfläche, end, step's riser, tread"
    ):
        assemble([labelled({"bore": FaceRule(label="bore", of="block1")}, drop_features=6.5e-3)], MeshSettings(size=3e-3))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"label": "tred"}, "no face of labelled.step has the label 'tred'; it has Kühlfläche, bore, end, step's riser, tread, twice"),
        ({"label": "twice"}, "2 faces of set.plate have the label 'twice'; name one by nearest_mm"),
        ({"label": "end", "of": "plate"}, "no face of set.plate has the label 'end'; there is twice"),
    ],
)
def test_labels_that_mean_no_face_or_two(rule, words):
    """Each with the labels there are."""
    with pytest.raises(GeometryError, match=rf"part set: faces.a: {words}"):
        assemble([labelled({"a": FaceRule(**rule)})], COARSE)


def test_a_file_without_labels_says_so():
    """The committed assembly has none."""
    with pytest.raises(GeometryError, match=r"no face of module.step has the label 'end'; it has no labels"):
        assemble([module(faces={"a": FaceRule(label="end")})], COARSE)


def test_two_rules_may_not_name_one_face():
    """A label and a point, as a direction and a point."""
    rules = {"a": "end", "b": FaceRule(nearest=(-31e-3, 0, 10e-3))}
    with pytest.raises(GeometryError, match=r"faces 'a' and 'b' both claim one face of set.block1"):
        assemble([labelled(rules)], COARSE)


FIELD = DATA / "field"
BOARD_AND_DIE = {"file": str(FIELD / "60_step_multibody.step")}


def test_bodies_of_one_product_go_by_their_own_names():
    """Two named bodies in one product: 60 x 40 x 2 mm and 10 x 10 x 1 mm, whichever is asked for first."""
    for names in (("board", "die"), ("die", "board")):
        made = assemble([module(**BOARD_AND_DIE, solids=tuple(Piece(name=n, match=n, material="m") for n in names))], COARSE)
        volume = dict(zip(made.part_names, part_volumes(made) * 1e9, strict=True))
        assert volume["module.board"] > 5 * volume["module.die"]


def test_solids_by_point_and_by_box():
    """Two instances of one chip told apart: the one at x = +25 by a point within, the other by a box around it."""
    there = Piece(name="there", at=(0.025, 0.0, 0.0035), material="m")
    here = Piece(name="here", within=((-0.036, -0.011, 0.001), (-0.014, 0.011, 0.006)), material="m")
    rest = tuple(Piece(name=n, match=n, material="m") for n in ("plate", "post", "strip"))
    made = assemble([module(solids=(there, here, *rest))], COARSE)
    middle = [made.points[made.cells[made.cell_part == i].ravel()].mean(axis=0)[0] for i in (0, 1)]
    assert middle == pytest.approx([0.025, -0.025], abs=1e-3)
    with pytest.raises(GeometryError, match=r"solids.lid: at_mm = \[0, 0, 90\] matches no solid of module.step"):
        assemble([module(solids=(Piece(name="lid", at=(0.0, 0.0, 0.09), material="m"), there, here, *rest))])
    with pytest.raises(ValueError, match="give one of match, color, at_mm or within_mm"):
        Piece(name="both", match="a", at=(0.0, 0.0, 0.0), material="m")


def test_surfaces_beside_solids_are_said():
    """A loose sheet is no part of any solid."""
    made = assemble([module(file=str(FIELD / "65_step_sheet.step"), solids=(Piece(name="a", match="*", material="m"),))], COARSE)
    assert any("65_step_sheet.step: 1 surface (1 face) beside the solids bound none and are left out" in said for said in made.assumptions)
    assert not any("beside the solids" in said for said in assemble([module()], COARSE).assumptions)
