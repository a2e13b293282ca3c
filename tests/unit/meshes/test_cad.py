"""STEP files as parts."""

from pathlib import Path

import numpy as np
import pytest

from heliorack.case import loads
from heliorack.problems import CaseError
from heliorack.save import begin
from meshes.assemble import assemble
from meshes.cad import Step
from meshes.errors import GeometryError
from meshes.files import located
from meshes.imported import FaceRule, Piece
from meshes.measure import face_areas, part_volumes
from meshes.settings import MeshSettings

DATA = Path(__file__).parents[2] / "data"
COARSE = MeshSettings(size=8e-3)

PIECES = """
[[parts.solids]]
name = "plate"
match = "plate"
material = "al_6061"
[[parts.solids]]
name = "chip"
match = "chip"
count = 2
heat_W = 10
material = "al_6061"
[[parts.solids]]
name = "post"
match = "p?st"
material = "al_6061"
[[parts.solids]]
name = "strip"
match = "module/strip/*"
material = "al_6061"
"""

STEP = """
[run]
kind = "steady"
[[parts]]
kind = "step"
name = "module"
file = "module.step"
coating = "insulated"
coatings = { "plate:-z" = "z93" }
mesh_mm = 5
"""

TWIN = """
[run]
kind = "steady"
[[parts]]
kind = "box"
name = "plate"
size_mm = [100, 80, 4]
material = "al_6061"
coating = "insulated"
coatings = { "-z" = "z93" }
mesh_mm = 5
[[parts]]
kind = "box"
name = "chip1"
size_mm = [20, 20, 3]
position_mm = [-25, 0, 3.5]
material = "al_6061"
coating = "insulated"
heat_W = 10
mesh_mm = 5
[[parts]]
kind = "box"
name = "chip2"
size_mm = [20, 20, 3]
position_mm = [25, 0, 3.5]
material = "al_6061"
coating = "insulated"
heat_W = 10
mesh_mm = 5
[[parts]]
kind = "cylinder"
name = "post"
radius_mm = 5
height_mm = 10
position_mm = [0, 25, 7]
material = "al_6061"
coating = "insulated"
mesh_mm = 5
[[parts]]
kind = "box"
name = "strip"
size_mm = [60, 6, 2]
position_mm = [0, -25, 3]
material = "al_6061"
coating = "insulated"
mesh_mm = 5
"""

JOINTS = """
[[contacts]]
between = ["{0}plate", "{0}*"]
conductance_W_m2K = 5000
[[boundaries]]
kind = "temperature"
faces = "{0}post:+z"
temperature_degC = 20
"""


def module(**given):
    """The committed assembly as a part."""
    pieces = tuple(
        Piece(name=name, match=name, count=n, material="m") for name, n in (("plate", 1), ("chip", 2), ("post", 1), ("strip", 1))
    )
    return Step(**({"name": "module", "file": str(DATA / "module.step"), "coating": "z93", "solids": pieces} | given))


def areas(assembly):
    """Area of every face [mm2] that has any."""
    return {name: area * 1e6 for name, area in zip(assembly.face_names, face_areas(assembly), strict=True) if area > 0}


@pytest.fixture(scope="module")
def meshed():
    """The committed assembly, coarsely."""
    return assemble([module()], COARSE)


# ---------------------------------------------------------------------------------------------------------------- names and sizes


def test_sub_parts_and_faces_are_known_without_the_file():
    """The tables of the case alone name everything that patterns can match."""
    part = module(
        file="not_there.step", faces={"root": FaceRule(nearest=(0, 0, -1), of="plate"), "deck": FaceRule(normal="+z", of="plate")}
    )
    names = [solid.name for solid in part.sub_parts()]
    assert names == ["module.plate", "module.chip1", "module.chip2", "module.post", "module.strip"]
    assert part.sub_parts()[0].faces == ("-x", "+x", "-y", "+y", "-z", "root", "deck", "other")
    assert part.sub_parts()[1].faces == ("-x", "+x", "-y", "+y", "-z", "+z", "other")


def test_names_and_instances_survive(meshed):
    """Two instances of one product are chip1 and chip2, in the order of the file; volumes are those of the drawing in mm."""
    assert meshed.part_names == ("module.plate", "module.chip1", "module.chip2", "module.post", "module.strip")
    volumes = part_volumes(meshed)
    assert volumes[[0, 1, 2, 4]] == pytest.approx(np.array([32000, 1200, 1200, 720]) * 1e-9, rel=1e-9)
    assert volumes[3] == pytest.approx(np.pi * 25 * 10 * 1e-9, rel=0.015)
    assert [meshed.points[meshed.cells[meshed.cell_part == i], 0].mean() > 0 for i in (1, 2)] == [False, True]


def test_what_touches_in_the_file_touches_in_the_mesh(meshed):
    """Plate and chips share 400 mm2 each, with matching triangles."""
    touching = {(meshed.part_names[t.part_a], meshed.part_names[t.part_b]): t.area * 1e6 for t in meshed.touches}
    assert touching["module.plate", "module.chip1"] == pytest.approx(400, rel=1e-9)
    assert touching["module.plate", "module.strip"] == pytest.approx(360, rel=1e-9)
    assert len(touching) == 4


def test_flat_faces_go_by_direction_and_curved_ones_are_other(meshed):
    """The post's side is no direction, even where a triangle of it looks along an axis."""
    found = areas(meshed)
    assert found["module.plate:+z"] == pytest.approx(8000, rel=1e-9)
    assert found["module.chip1:-x"] == pytest.approx(60, rel=1e-9)
    assert {name for name in found if name.startswith("module.post:")} == {"module.post:-z", "module.post:+z", "module.post:other"}
    assert found["module.post:other"] == pytest.approx(np.pi * 10 * 10, rel=0.01)


def test_faces_by_word_are_whole_faces():
    """By the nearest point (a curved face, and one under another part), by direction, by colour; a face is not cut by what lies on it."""
    rules = {
        "deck": FaceRule(nearest=(-25e-3, 0.1e-3, 2.1e-3), of="plate"),
        "mantle": FaceRule(nearest=(6e-3, 25e-3, 7e-3)),
        "lid": FaceRule(normal="+z", of="chip*"),
        "black": FaceRule(color=(26, 26, 26), of="chip2"),
    }
    found = areas(assemble([module(faces={name: rules[name] for name in ("deck", "mantle", "lid")})], COARSE))
    assert found["module.plate:deck"] == pytest.approx(8000, rel=1e-9)
    assert "module.plate:+z" not in found
    assert found["module.post:mantle"] == pytest.approx(np.pi * 100, rel=0.01)
    assert found["module.chip1:lid"] == pytest.approx(400, rel=1e-9) == found["module.chip2:lid"]
    found = areas(assemble([module(faces={"black": rules["black"]})], COARSE))
    assert found["module.chip2:black"] == pytest.approx(2 * 400 + 4 * 60, rel=1e-9)


def test_a_turned_part_keeps_the_names_of_its_own_axes():
    """Directions are those of the file; normals in body axes turn with the part."""
    turned = assemble([module(position=(0.1, 0.0, 0.0), rotation=(0.0, np.pi / 2, 0.3))], COARSE)
    found = areas(turned)
    assert found["module.plate:+z"] == pytest.approx(8000, rel=1e-9)
    assert found["module.plate:-x"] == pytest.approx(320, rel=1e-9)
    assert turned.points[:, 0].max() == pytest.approx(0.1 + 12e-3, abs=1e-9)


def test_solids_may_go_by_colour():
    """The chips are the black ones."""
    pieces = (
        Piece(name="chip", color=(26, 26, 26), count=2, material="m"),
        Piece(name="plate", color=(0, 128, 0), material="m"),
    )
    assembly = assemble([module(solids=pieces, ignore=("post", "strip"))], COARSE)
    assert part_volumes(assembly) == pytest.approx(np.array([1200, 1200, 32000]) * 1e-9, rel=1e-9)


# ---------------------------------------------------------------------------------------------------------------- labels of faces

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
    from meshes.solid import rotation_matrix

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


# ---------------------------------------------------------------------------------------------------------------- end to end


def test_same_temperatures_as_the_parametric_twin():
    """Mean and hottest temperatures of every part agree within 1 % of the rise, the difference of the two meshes."""
    from heliorack.pipeline import simulate

    imported = simulate(loads(STEP + PIECES + JOINTS.format("module."), source=str(DATA / "case.toml")))
    twin = simulate(loads(TWIN + JOINTS.format("")))
    rise = twin.solution.history.mean[-1] - 293.15
    assert rise[1] > 20  # of 293.15 K held at the post: 20 W reach it through a contact of 0.39 W/K
    assert imported.body.assembly.part_names == tuple(f"module.{name}" for name in twin.body.assembly.part_names)
    for ours, theirs in (
        (imported.solution.history.mean, twin.solution.history.mean),
        (imported.solution.history.high, twin.solution.history.high),
    ):
        assert ours[-1] - 293.15 == pytest.approx(theirs[-1] - 293.15, rel=0.01)


def test_a_run_keeps_the_file_with_its_case(tmp_path):
    """The run folder holds a copy, and its case finds it."""
    case = loads(STEP + PIECES + JOINTS.format("module."), source=str(DATA / "case.toml"))
    begin(case, tmp_path)
    assert (tmp_path / "inputs" / "module.step").read_bytes() == (DATA / "module.step").read_bytes()
    again = loads((tmp_path / "case.toml").read_text(), source=str(tmp_path / "case.toml"))
    assert again.parts[0].path == tmp_path / "inputs" / "module.step"


# ---------------------------------------------------------------------------------------------------------------- repair


def test_small_features_are_removed_and_said():
    """A hole below the limit goes, the volume is that of the plate without it, and a sentence says how much was added."""
    piece = Piece(name="plate", match="*", material="m")
    file = str(DATA / "bored.step")
    whole = assemble([module(file=file, solids=(piece,))], MeshSettings(size=4e-3))
    assert part_volumes(whole) == pytest.approx([(4800 - np.pi * 1.5**2 * 4) * 1e-9], rel=1e-3)
    plain = assemble([module(file=file, solids=(piece,), drop_features=5e-3)], MeshSettings(size=4e-3))
    assert part_volumes(plain) == pytest.approx([4800e-9], rel=1e-9)
    assert "module.plate: features below 5 mm are left out, which adds 28.27 mm3." in plain.assumptions


def test_healing_sews_surfaces_into_a_solid():
    """Six faces of a box become 1000 mm3."""
    piece = Piece(name="hull", match="*", material="m")
    sewn = assemble([module(file=str(DATA / "hulls.step"), solids=(piece,), healing=True)], COARSE)
    assert part_volumes(sewn) == pytest.approx([1e-6], rel=1e-9)


def test_the_unit_of_the_file_is_said():
    """Lengths follow the file; a factor on top is said too."""
    assert "module.step: lengths are read in the unit that the file states." in assemble([module()], COARSE).assumptions


def test_units_1000_times_off_are_warned_of():
    """A module of 100 m, and one of 0.1 mm."""
    large = assemble([module(unit_scale=1001.0)], MeshSettings(size=8.0))
    assert large.assumptions[0] == "warning: part module is 100.1 m long; the units of module.step may be 1000 times off (unit_scale)"
    assert "module.step: lengths are read in the unit that the file states, times 1001." in large.assumptions


def test_units_1000_times_off_do_not_fill_the_memory():
    """With a mesh size meant for the right unit the mesh is refused before it is made."""
    with pytest.raises(
        GeometryError, match=r"module.plate would take about 5e\+11 cells of 8 mm; its units may be off \(unit_scale\), or mesh_mm"
    ):
        assemble([module(unit_scale=1001.0)], COARSE)


# ---------------------------------------------------------------------------------------------------------------- bad input


def case_with(words, pieces=PIECES):
    """A case around the committed file with its table changed."""
    return STEP.replace('file = "module.step"', words) + pieces + JOINTS.format("module.")


def test_missing_file_is_found_by_check():
    """Before anything is meshed, at its place in the case."""
    with pytest.raises(CaseError) as caught:
        loads(case_with('file = "modul.step"'), source=str(DATA / "case.toml"))
    assert f'parts.module.file = "modul.step"   no such file in {DATA}; paths start at the folder of the case file' in str(caught.value)
    with pytest.raises(GeometryError, match=r"part module: file nowhere.step does not exist; paths start at the folder of the case file"):
        assemble([module(file="nowhere.step")])


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


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ('file = "module.step"\nfaces = { "+x" = { normal = "+x" } }', "two faces claim the name '+x'"),
        ('file = "module.step"\nfaces = { a = { normal = "+x" }, b = { normal = "+x" } }', "'a' and 'b' both claim the +x faces of plate"),
        (
            'file = "module.step"\nfaces = { a = { normal = "+x", of = "lid" } }',
            '= "lid"   matches no sub-part; there are plate, chip1, chip2',
        ),
        (
            'file = "module.step"\nfaces = { a = { of = "plate" } }',
            "nearest, normal, color or label says which face is meant; give one of them",
        ),
    ],
)
def test_faces_that_cannot_be_are_found_by_check(words, message):
    """Before the file is read."""
    with pytest.raises(CaseError) as caught:
        loads(case_with(words), source=str(DATA / "case.toml"))
    assert message in str(caught.value)


def test_an_entry_needs_one_way_to_find_its_solid():
    """A pattern or a colour, and names only once."""
    with pytest.raises(CaseError, match="give either match or color, to say which solids are meant"):
        loads(case_with('file = "module.step"', PIECES.replace('match = "plate"\n', "")), source=str(DATA / "case.toml"))
    with pytest.raises(CaseError, match="chip1 named twice"):
        loads(case_with('file = "module.step"', PIECES.replace('name = "strip"', 'name = "chip1"')), source=str(DATA / "case.toml"))


def test_committed_files_are_small():
    """Under 100 kB each."""
    assert all(path.stat().st_size < 100_000 for path in DATA.glob("*.step"))


def test_drawn_volumes_are_known_for_reports():
    """Volumes of the file by the kernel: 32000 mm3 of plate, the post's in closed form."""
    volumes = [solid.volume * 1e9 for solid in located(module().sub_parts())]
    assert volumes == pytest.approx([32000, 1200, 1200, np.pi * 250, 720], rel=1e-9)


def test_holes_cost_cells_by_what_they_hold(tmp_path):
    """A plate lacks no larger share than 24 chords take of a cylinder, with fewer cells; a bore that is named keeps its 24."""

    def plate(**given):
        part = Step(
            name="set", file=str(DATA / "bored.step"), coating="z93", solids=(Piece(name="plate", match="*", material="m"),), **given
        )
        mesh = assemble([part], MeshSettings(size=5e-3))
        drawn = (40 * 30 - np.pi * 1.5**2) * 4e-9
        return abs(part_volumes(mesh)[0] / drawn - 1), len(mesh.cells), face_areas(mesh)

    off, cells, _ = plate()
    named_off, named_cells, areas = plate(faces={"bore": FaceRule(nearest=(1.5e-3, 0.0, 0.0))})
    assert named_off < off < (2 * np.pi / 24) ** 2 / 6
    assert cells < named_cells / 3
    assert areas.sum() > 0
    assert areas.max() <= 40 * 30e-6
    bore = areas[np.isclose(areas, 2 * np.pi * 1.5 * 4e-6, rtol=0.03)]
    assert bore == pytest.approx(2 * np.pi * 1.5 * 4e-6, rel=(np.pi / 24) ** 2 / 6 * 1.01)
    assert len(bore) == 1
