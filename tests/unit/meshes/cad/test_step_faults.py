"""What is wrong with a STEP file or with what the case says of it, in words."""

import pytest
from file_parts import COARSE, DATA, module

from meshes.assemble import assemble
from meshes.cad.imported import FaceRule, Piece
from meshes.errors import GeometryError


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"file": "hulls.step"}, "hulls.step holds 6 surfaces and no solid; export solids, or set healing = true to sew the surfaces"),
        ({"file": "make_step.py"}, "part module: make_step.py cannot be read as STEP"),
        (
            {"faces": {"a": FaceRule(nearest=(0, 0, -1)), "b": FaceRule(nearest=(0, 0.01, -1))}},
            "faces 'a' and 'b' both claim one face of module.plate",
        ),
        (
            {"faces": {"a": FaceRule(nearest=(0, 0, -1)), "b": FaceRule(normal="-z")}},
            "faces 'b' and 'a' both claim one face of module.plate",
        ),
        (
            {"faces": {"a": FaceRule(nearest=(25e-3, 0, 2e-3))}},
            r"faces.a.nearest_mm is as near to 2 faces \(of module.plate, module.chip2\)",
        ),
        ({"faces": {"a": FaceRule(color=(1, 2, 3))}}, r"faces.a: no face has the color \[1, 2, 3\]"),
        ({"faces": {"a": FaceRule(normal="+x", of="post")}}, r"faces.a: no flat face looks to \+x"),
        ({"drop_features": 15e-3}, "are shorter than drop_features_mm = 15 and cannot be removed; try a smaller one"),
    ],
)
def test_faults_of_the_file_are_named(given, words):
    """Which part, what was found, and what to try."""
    if "file" in given:
        given = given | {"file": str(DATA / given["file"])}
    with pytest.raises(GeometryError, match=words):
        assemble([module(**given)], COARSE)


def test_solids_and_entries_must_match_one_to_one():
    """All faults at once, with the labels of the file."""
    pieces = (
        Piece(name="lid", match="lid*", material="m"),
        Piece(name="chip", match="chip", material="m"),
        Piece(name="plate", match="pl*", material="m"),
        Piece(name="board", match="plate", material="m"),
    )
    with pytest.raises(GeometryError) as caught:
        assemble([module(solids=pieces)])
    assert str(caught.value) == (
        "part module: solids.lid: match = 'lid*' matches no solid of module.step; "
        "solids.chip: match = 'chip' matches 2 solids of module.step, not 1; set count = 2, or change the pattern; "
        "solids.plate and solids.board both claim solid module/plate/plate [0, 128, 0]; "
        "no entry of solids names module/post/post [200, 200, 200], module/strip/strip [200, 200, 200]; "
        "add one, or list the pattern in ignore. "
        "module.step holds module/plate/plate [0, 128, 0], module/chip/chip [26, 26, 26] (2 times), module/post/post [200, 200, 200], "
        "module/strip/strip [200, 200, 200]"
    )


def test_overlapping_solids_are_named_with_their_common_volume():
    """Two boxes of the file share 10 x 10 x 2 mm."""
    pieces = (Piece(name="low", match="low", material="m"), Piece(name="high", match="high", material="m"))
    with pytest.raises(GeometryError, match=r"parts module.low and module.high overlap by 200 mm3"):
        assemble([module(file=str(DATA / "clash.step"), solids=pieces)])


def test_units_1000_times_off_do_not_fill_the_memory():
    """With a mesh size meant for the right unit the mesh is refused before it is made."""
    with pytest.raises(
        GeometryError, match=r"module.plate would take about 5e\+11 cells of 8 mm; its units may be off \(unit_scale\), or mesh_mm"
    ):
        assemble([module(unit_scale=1001.0)], COARSE)
