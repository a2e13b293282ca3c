"""Mesh files of other programs as parts."""

import meshio
import numpy as np
import pytest
from file_parts import areas

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError
from meshes.assemble import assemble
from meshes.cad.imported import FaceRule, Piece
from meshes.cad.mesh_files import MeshFile
from meshes.errors import GeometryError
from meshes.measure import part_volumes
from meshes.settings import MeshSettings
from meshes.shapes.basic import Box
from meshes.shapes.sphere import Sphere
from meshes.structured import structured_box

LOW_HIGH = (Piece(name="low", match="1", material="m"), Piece(name="high", match="2", material="m"))


def brick(folder, change=lambda points, cells: None):
    """A brick of 40 x 30 x 40 mm from the origin up, lower half group 1 (low), upper group 2 (high); as .vtu, .msh and .bdf in mm."""
    made = structured_box((4, 3, 4), (40.0, 30.0, 40.0))
    points, cells = made.points.copy(), made.cells.copy()
    group = np.where(points[cells].mean(axis=1)[:, 2] > 20, 2, 1)
    change(points, cells)
    blocks = [("tetra", cells[group == i]) for i in (1, 2)]
    tags = [np.full((group == i).sum(), i) for i in (1, 2)]
    names = {"low": np.array([1, 3]), "high": np.array([2, 3])}
    meshio.Mesh(points, blocks, cell_data={"part": tags}).write(folder / "brick.vtu")
    physical = meshio.Mesh(points, blocks, cell_data={"gmsh:physical": tags, "gmsh:geometrical": tags}, field_data=names)
    meshio.write(folder / "brick.msh", physical, file_format="gmsh22", binary=False)
    meshio.write(folder / "brick.bdf", meshio.Mesh(points, blocks, cell_data={"nastran:ref": tags}))
    return folder


def part(folder, suffix="vtu", **given):
    """The brick as a part."""
    usual = {"name": "brick", "file": str(folder / f"brick.{suffix}"), "unit_scale": 1e-3, "coating": "z93", "solids": LOW_HIGH}
    return MeshFile(**(usual | given))


CASE = """
[run]
kind = "steady"
[[parts]]
kind = "mesh"
name = "brick"
file = "brick.{}"
unit_scale = 0.001
coating = "insulated"
[[parts.solids]]
name = "low"
match = "1"
material = "al_6061"
[[parts.solids]]
name = "high"
match = "2"
material = "al_6061"
heat_W = 10
[[contacts]]
between = ["brick.low", "brick.high"]
conductance_W_m2K = 500
[[boundaries]]
kind = "temperature"
faces = "brick.low:-z"
temperature_degC = 20
"""


def test_three_formats_give_identical_results(tmp_path, capfd):
    """Temperatures of every node agree to the last bit; nothing is printed on the way."""
    from heliorack.run.simulate import simulate

    source = str(brick(tmp_path) / "case.toml")
    runs = [simulate(loads(CASE.format(suffix), source=source)) for suffix in ("vtu", "msh", "bdf")]
    for other in runs[1:]:
        np.testing.assert_array_equal(other.body.assembly.points, runs[0].body.assembly.points)
        np.testing.assert_array_equal(other.body.assembly.facets, runs[0].body.assembly.facets)
        np.testing.assert_array_equal(other.solution.history.mean, runs[0].solution.history.mean)
    assert runs[0].solution.history.mean[-1, 1] > 293.15 + 10 / (500 * 1200e-6)
    assert capfd.readouterr().out == ""


def test_groups_faces_and_touches(tmp_path):
    """Halves of 24000 mm3 with faces by direction touch over 40 x 30 mm2."""
    made = assemble([part(brick(tmp_path))])
    assert made.part_names == ("brick.low", "brick.high")
    assert part_volumes(made) == pytest.approx([24e-6, 24e-6], rel=1e-12)
    assert areas(made)["brick.low:+x"] == pytest.approx(600, rel=1e-12)
    assert [touch.area for touch in made.touches] == pytest.approx([1200e-6], rel=1e-12)
    assert "brick.vtu: lengths are read as 0.001 m per unit." in made.assumptions


def test_faces_by_word(tmp_path):
    """The face nearest to a point up to its sharp edges, and all that look one way."""
    rules = {"root": FaceRule(nearest=(0.02, 0.015, -0.01)), "front": FaceRule(normal="-y")}
    found = areas(assemble([part(brick(tmp_path), faces=rules)]))
    assert found["brick.low:root"] == pytest.approx(1200)
    assert "brick.low:-z" not in found
    assert found["brick.high:front"] == pytest.approx(800)


def test_groups_go_by_name_too(tmp_path):
    """The .msh has names of groups, and patterns may match them."""
    named = (Piece(name="a", match="lo*", material="m"), Piece(name="b", match="high", material="m"))
    assert part_volumes(assemble([part(brick(tmp_path), "msh", solids=named)])) == pytest.approx([24e-6, 24e-6])


def test_it_is_placed_like_any_part(tmp_path):
    """Turned by 90 deg about z, then moved: x from -30 + 100 mm."""
    made = assemble([part(brick(tmp_path), position=(0.1, 0.0, 0.0), rotation=(0.0, 0.0, np.pi / 2))])
    assert made.points.min(axis=0) == pytest.approx([0.07, 0.0, 0.0], abs=1e-12)
    assert areas(made)["brick.low:+x"] == pytest.approx(600)


def test_it_touches_other_meshes_only_where_triangles_coincide(tmp_path):
    """The same brick above itself touches over its whole face; a box with another mesh does not, and is no error."""
    folder = brick(tmp_path)
    upper = part(folder, name="upper", position=(0.0, 0.0, 0.04))
    both = assemble([part(folder), upper])
    pairs = {(both.part_names[t.part_a], both.part_names[t.part_b]): t.area for t in both.touches}
    assert pairs["brick.high", "upper.low"] == pytest.approx(1200e-6)
    box = Box(name="box", size=(0.04, 0.03, 0.01), position=(0.02, 0.015, -0.005), material="m", coating="z93")
    mixed = assemble([part(folder), box], MeshSettings(size=7e-3))
    assert mixed.part_names == ("box", "brick.low", "brick.high")
    assert [(t.part_a, t.part_b) for t in mixed.touches] == [(1, 2)]


def turned_brick(folder, inward):
    """The brick turned by 45 deg about z, one edge `inward` metres inside the face x = 0 of a box that lies beyond it."""
    half = 0.0475  # m, of the box
    box = Box(name="box", size=(2 * half, 0.2, 0.1), position=(half, 0.0, 0.02), material="m", coating="z93")
    tip = 0.04 * np.cos(np.pi / 4)  # its edge at x = 40, y = 0 mm
    return [box, part(folder, position=(inward - tip, -tip, 0.0), rotation=(0.0, 0.0, np.pi / 4))]


def test_a_turned_mesh_that_runs_into_a_box_is_refused_with_how_much(tmp_path):
    """A wedge of 10 x 20 x 40 mm / 2 = 100 mm2 x 40 mm: 2000 mm3 of each half."""
    with pytest.raises(GeometryError) as caught:
        assemble(turned_brick(brick(tmp_path), 0.01), MeshSettings(size=15e-3))
    said = str(caught.value)
    assert "mend the file, or move one of the parts" in said
    for half in ("low", "high"):
        share = float(said.partition(f"parts box and brick.{half} overlap by about ")[2].partition(" mm3")[0])
        assert share == pytest.approx(2000, rel=0.03)
        assert f"% of brick.{half})" in said


def test_a_turned_mesh_that_only_touches_is_not_refused(tmp_path):
    """Its edge on the face of the box, and 1 mm off."""
    for inward in (0.0, -1e-3):
        made = assemble(turned_brick(brick(tmp_path), inward), MeshSettings(size=15e-3))
        assert not any("overlap" in sentence for sentence in made.assumptions)


def test_a_little_overlap_is_said(tmp_path):
    """1 mm inside: 0.08 % of each half."""
    made = assemble(turned_brick(brick(tmp_path), 1e-3), MeshSettings(size=15e-3))
    said = [sentence for sentence in made.assumptions if "overlap" in sentence]
    assert len(said) == 2
    assert said[0].startswith("parts box and brick.low overlap by about ")
    assert said[0].endswith("chords of curved faces, or positions a little off; both count whole.")


def test_a_mesh_within_a_round_part_is_refused(tmp_path):
    """All of it: 24000 mm3 of each half in a ball of 60 mm; and one brick in another."""
    ball = Sphere(name="ball", radius=0.06, position=(0.02, 0.015, 0.02), material="m", coating="z93")
    with pytest.raises(GeometryError, match=r"parts ball and brick.high overlap by about 24000 mm3 \(100 % of brick.high\)"):
        assemble([ball, part(brick(tmp_path))], MeshSettings(size=20e-3))
    twin = part(tmp_path, name="twin", position=(0.01, 0.0, 0.0), rotation=(0.0, 0.0, 0.1))
    with pytest.raises(GeometryError, match=r"parts brick.low and twin.low overlap by about"):
        assemble([part(tmp_path), twin])


def test_inverted_cells_are_turned_and_said(tmp_path):
    """Seven tetrahedra in left-hand order give the same volumes."""

    def invert(points, cells):
        cells[:7] = cells[:7][:, [0, 2, 1, 3]]

    made = assemble([part(brick(tmp_path, invert))])
    assert part_volumes(made) == pytest.approx([24e-6, 24e-6])
    assert "brick.vtu: 7 tetrahedra had their corners in left-hand order and were turned." in made.assumptions


def test_degenerate_cells_are_refused_with_their_number(tmp_path):
    """The third tetrahedron has one corner twice."""

    def flatten(points, cells):
        cells[2, 3] = cells[2, 0]

    words = r"part brick: 1 tetrahedron of brick.vtu without volume, the first is number 3 of 288 near \("
    with pytest.raises(GeometryError, match=words):
        assemble([part(brick(tmp_path, flatten))])


def test_units_1000_times_off_are_warned_of(tmp_path):
    """40 m is no warning, 400 m is; nor is 40 mm, but 0.04 mm."""
    folder = brick(tmp_path)
    assert not any(sentence.startswith("warning") for sentence in assemble([part(folder, unit_scale=1.0)]).assumptions)
    large = assemble([part(folder, unit_scale=10.0)])
    assert large.assumptions[0] == "warning: part brick is 400 m long; the units of brick.vtu may be 1000 times off (unit_scale)"
    small = assemble([part(folder, unit_scale=1e-6)])
    assert small.assumptions[0] == "warning: part brick is 0.04 mm long; the units of brick.vtu may be 1000 times off (unit_scale)"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"file": "nowhere.msh"}, "part brick: file nowhere.msh does not exist; paths start at the folder of the case file"),
        ({"groups": "pid"}, "brick.vtu has no cell data 'pid'; it has part"),
        ({"solids": (Piece(name="low", match="1", material="m"),)}, "no entry of solids names 2; add one"),
        (
            {"solids": (*LOW_HIGH, Piece(name="lid", match="3*", material="m"))},
            r"solids.lid: match = '3\*' matches no group of cells of brick.vtu",
        ),
        (
            {"faces": {"a": FaceRule(nearest=(0.02, 0.0, -1.0)), "b": FaceRule(normal="-z")}},
            "faces 'b' and 'a' both claim one face of brick.low",
        ),
    ],
)
def test_faults_of_the_file_are_named(tmp_path, given, words):
    """Which part, what was found, and what to try."""
    with pytest.raises(GeometryError, match=words):
        assemble([part(brick(tmp_path), **given)])


def test_files_without_volume_are_refused(tmp_path):
    """Cells of faces alone, and a text that is no mesh: gmsh would run it as a script."""
    cube = np.array([[x, y, z] for z in (0.0, 1.0) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))])
    meshio.Mesh(cube, [("triangle", [[0, 1, 2]])]).write(tmp_path / "skin.vtu")
    with pytest.raises(GeometryError, match=r"skin.vtu holds no tetrahedra, nor other cells that have a volume \(triangles\)"):
        assemble([part(tmp_path, file=str(tmp_path / "skin.vtu"))])
    (tmp_path / "text.msh").write_text('SystemCall "touch here";\n')
    with pytest.raises(GeometryError, match=r"part brick: text.msh cannot be read as .msh .*does not begin with \$MeshFormat"):
        assemble([part(tmp_path, file=str(tmp_path / "text.msh"))])


def test_check_knows_the_names_without_reading(tmp_path):
    """An unknown format and a missing unit are found before any file is read."""
    with pytest.raises(CaseError) as caught:
        loads(CASE.format("vtu").replace("unit_scale = 0.001\n", ""), source=str(brick(tmp_path) / "case.toml"))
    assert "parts.brick.unit_scale" in str(caught.value)
    with pytest.raises(CaseError, match=r"is none of \.msh, \.unv, \.med, \.vtu, \.vtk, \.bdf"):
        loads(CASE.format("stl"), source=str(tmp_path / "case.toml"))


def test_cells_that_fold_over_one_another_are_refused(tmp_path):
    """A node within the brick that was moved out through its neighbours: the brick had more volume than its surface holds, in silence."""

    def moved(points, cells):
        points[np.argmin(np.linalg.norm(points - [20, 10, 10], axis=1))] = [55, 10, 10]

    with pytest.raises(GeometryError, match=r"brick\.vtu: tetrahedra \d+ and \d+ lie on the same side of the face that they share"):
        assemble([part(brick(tmp_path, moved))], MeshSettings())


def test_a_file_that_is_cut_short_is_said_by_this_program(tmp_path, capfd):
    """VTK's parser and pipeline wrote addresses and colours to the terminal beside it."""
    file = brick(tmp_path) / "brick.vtu"
    file.write_bytes(file.read_bytes()[:800])
    with pytest.raises(GeometryError, match=r"cannot be read as \.vtu \(Error parsing input file\..* Is the file whole\?\)"):
        assemble([part(tmp_path)], MeshSettings())
    assert capfd.readouterr().err == ""
