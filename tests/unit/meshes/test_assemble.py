"""Parts meshed together: names, nodes, facets, touches, bonds, refusals."""

import numpy as np
import pytest

from meshes.assemble import assemble, check
from meshes.errors import GeometryError
from meshes.measure import area_vectors, cell_volumes, face_areas, facet_normals, part_volumes
from meshes.parts import all_solids
from meshes.settings import MeshSettings
from meshes.shapes.basic import Box, Plate
from meshes.shapes.solid import rotation_matrix

COARSE = MeshSettings(size=0.05)


def plate_with_boxes() -> list[Plate | Box]:
    """A plate of 400 x 300 x 4 mm, two boxes on its +z side, overlapping boxes on its -z side, one standing on another."""

    def box(name, x, y, z, size=(0.08, 0.06, 0.02)):
        return Box(name=name, material="cu", coating="black", size=size, position=(x, y, z))

    plate = Plate(name="panel", material="al", coating="white", width=0.4, length=0.3, thickness=0.004)
    top, back = 0.002 + 0.01, -0.002 - 0.01
    return [
        plate,
        box("a", -0.1, 0, top),
        box("b", 0.1, 0, top),
        box("c", -0.08, 0.01, back),
        box("d", 0.11, -0.02, back),
        box("e", 0.1, 0, top + 0.02),
    ]


@pytest.fixture(scope="module")
def split():
    """All interfaces left as touches."""
    return assemble(plate_with_boxes(), COARSE)


def names(assembly, pairs):
    """Pairs of part names."""
    return {(assembly.part_names[pair.part_a], assembly.part_names[pair.part_b]) for pair in pairs}


def test_every_face_has_its_drawn_area(split):
    """Also those that touch: each side is listed."""
    drawn = np.concatenate([solid.areas for solid in all_solids(plate_with_boxes())])
    assert face_areas(split) == pytest.approx(drawn, rel=1e-9)
    assert split.face_names[:2] == ("panel:-x", "panel:+x")
    assert face_areas(split, free=True)[split.face_names.index("b:-z")] == 0.0


def test_volumes_are_exact(split):
    """Flat-sided parts to 1e-9, every cell positive."""
    assert part_volumes(split) == pytest.approx([solid.volume for solid in all_solids(plate_with_boxes())], rel=1e-9)
    assert cell_volumes(split.points, split.cells).min() > 0


def test_all_touching_pairs_are_found_with_their_area(split):
    """Four boxes on the panel and one on a box; boxes on opposite sides do not touch."""
    assert names(split, split.touches) == {("panel", "a"), ("panel", "b"), ("panel", "c"), ("panel", "d"), ("b", "e")}
    assert [touch.area for touch in split.touches] == pytest.approx([0.08 * 0.06] * 5, rel=1e-9)
    assert not split.bonds


def test_rows_of_a_touch_coincide_corner_by_corner(split):
    """Mirrored corners at the same place, normals opposed, parts as stated, index consistent."""
    normals = facet_normals(split)
    for i, touch in enumerate(split.touches):
        a, b = split.facets[touch.facets_a], split.facets[touch.facets_b]
        assert np.array_equal(split.points[a], split.points[b][:, [0, 2, 1]])
        assert normals[touch.facets_a] == pytest.approx(-normals[touch.facets_b])
        assert set(split.cell_part[split.facet_cell[touch.facets_a]]) == {touch.part_a}
        assert set(split.cell_part[split.facet_cell[touch.facets_b]]) == {touch.part_b}
        assert np.array_equal(np.flatnonzero(split.facet_touch == i), np.sort(np.r_[touch.facets_a, touch.facets_b]))


def test_parts_share_no_node_unless_bonded(split):
    """Every node belongs to the cells of one part, and every node is used."""
    owner = np.full(len(split.points), -1)
    owner[split.cells.ravel()] = np.repeat(split.cell_part, 4)
    assert owner.min() >= 0
    assert np.array_equal(owner[split.cells], np.repeat(split.cell_part[:, None], 4, axis=1))


def test_facets_belong_to_their_cell_and_point_outward(split):
    """All three corners are the cell's; the fourth lies behind."""
    cells = split.cells[split.facet_cell]
    inside = (cells[:, None, :] == split.facets[:, :, None]).any(axis=1)
    assert (inside.sum(axis=1) == 3).all()
    fourth = split.points[cells[~inside]]
    height = np.einsum("ij,ij->i", area_vectors(split.points, split.facets), fourth - split.points[split.facets[:, 0]])
    assert (height < 0).all()


def test_bonding_merges_the_nodes_of_the_interface_only(split):
    """Bonded pairs lose one node per node of the interface; their facets leave the list; other touches remain."""
    bonded = assemble(plate_with_boxes(), COARSE, bonded=lambda a, b: "e" in (a, b) or "c" in (a, b))
    glued = [touch for touch in split.touches if split.part_names[touch.part_b] in "ec"]
    merged = sum(len(np.unique(split.facets[touch.facets_a])) for touch in glued)
    assert len(bonded.points) == len(split.points) - merged
    assert len(bonded.facets) == len(split.facets) - 2 * sum(len(touch.facets_a) for touch in glued)
    assert names(bonded, bonded.bonds) == {("panel", "c"), ("b", "e")}
    assert [bond.area for bond in bonded.bonds] == pytest.approx([0.0048, 0.0048])
    assert names(bonded, bonded.touches) == {("panel", "a"), ("panel", "b"), ("panel", "d")}
    for touch in bonded.touches:
        assert np.array_equal(bonded.points[bonded.facets[touch.facets_a]], bonded.points[bonded.facets[touch.facets_b]][:, [0, 2, 1]])
    assert face_areas(bonded)[bonded.face_names.index("c:+z")] == 0.0
    assert part_volumes(bonded) == pytest.approx(part_volumes(split))


def test_same_parts_give_the_same_mesh(split):
    """Bit by bit."""
    again = assemble(plate_with_boxes(), COARSE)
    assert np.array_equal(again.points, split.points)
    assert np.array_equal(again.cells, split.cells)
    assert np.array_equal(again.facets, split.facets)


def test_turned_parts_keep_faces_areas_and_contacts():
    """Two boxes turned and shifted together; +z of the lower one still faces the upper one; the rotation is handed on."""
    angles = (0.4, -1.1, 2.3)
    turn = rotation_matrix(angles)
    x, y, z = turn @ [0, 0, 0.03] + [1, 2, 3]
    lower = Box(name="lower", material="al", coating="w", size=(0.1, 0.2, 0.04), position=(1, 2, 3), rotation=angles)
    upper = Box(name="upper", material="al", coating="w", size=(0.05, 0.1, 0.02), position=(x, y, z), rotation=angles)
    made = assemble([lower, upper])
    assert made.touches[0].area == pytest.approx(0.005, rel=1e-9)
    up = made.facet_face == made.face_names.index("lower:+z")
    assert facet_normals(made)[up] == pytest.approx(np.tile(turn[:, 2], (up.sum(), 1)), abs=1e-9)
    assert made.part_rotation[0] == pytest.approx(turn)
    assert part_volumes(made) == pytest.approx([8e-4, 1e-4], rel=1e-9)


@pytest.mark.parametrize("angles", [(np.pi, 0, 0), (0, np.pi, 0), (0, 0, np.pi), (np.pi / 2, np.pi / 2, 0), (1e-9, 0, 0), (2.0, 3.0, -3.0)])
def test_any_rotation_reaches_gmsh(angles):
    """Half turns and tiny angles included: every face is found and measures what it should."""
    made = assemble([Box(name="b", material="al", coating="w", size=(0.1, 0.2, 0.3), rotation=angles)], MeshSettings(size=0.1))
    assert face_areas(made) == pytest.approx([0.06, 0.06, 0.03, 0.03, 0.02, 0.02], rel=1e-9)


def test_overlap_names_the_parts_and_the_volume():
    """All overlapping pairs at once; a part inside another counts."""
    box = {"material": "al", "coating": "w", "size": (0.1, 0.1, 0.1)}
    parts = [Box(name="one", **box), Box(name="two", position=(0.09, 0, 0), **box)]
    with pytest.raises(GeometryError, match=r"parts one and two overlap by 1e\+05 mm3"):
        assemble(parts)
    inner = Box(name="inner", material="al", coating="w", size=(0.01, 0.01, 0.01))
    with pytest.raises(GeometryError, match=r"parts one and two overlap .* mm3; parts one and inner overlap by 1000 mm3"):
        assemble([*parts, inner])


def test_parts_that_touch_along_an_edge_make_no_contact():
    """A common line has no area."""
    box = {"material": "al", "coating": "w", "size": (0.1, 0.1, 0.1)}
    made = assemble([Box(name="one", **box), Box(name="two", position=(0.1, 0.1, 0), **box)])
    assert made.touches == ()


def test_thin_plate_is_one_flat_layer():
    """0.5 mm under a box: hardly a node between the plate's faces (gmsh adds one to recover an edge), no explosion of cells."""
    plate = Plate(name="p", material="al", coating="w", width=0.3, length=0.3, thickness=0.0005, mesh=0.03)
    made = assemble([plate, Box(name="b", material="al", coating="w", size=(0.1, 0.1, 0.05), position=(0, 0, 0.02525), mesh=0.03)])
    nodes = made.points[np.unique(made.cells[made.cell_part == 0])]
    assert (abs(abs(nodes[:, 2]) - 0.00025) > 1e-9).mean() < 0.01
    assert (made.cell_part == 0).sum() < 2500


def test_layers_cut_the_thickness():
    """Four layers: three planes of nodes inside, at the quarters."""
    made = assemble([Plate(name="p", material="al", coating="w", width=0.3, length=0.3, thickness=0.004, mesh=0.03, layers=4)])
    heights = made.points[:, 2]
    for plane in (-0.001, 0, 0.001):
        assert (abs(heights - plane) < 1e-9).sum() > 50
    assert part_volumes(made) == pytest.approx([0.3 * 0.3 * 0.004], rel=1e-9)
    assert len(made.points) < 2500


def test_mesh_volume_off_the_closed_form_is_refused(split):
    """The check that guards against a lost piece."""
    parts = plate_with_boxes()
    parts[1] = Box(name="a", material="cu", coating="black", size=(0.08, 0.06, 0.03), position=parts[1].position)
    with pytest.raises(GeometryError, match=r"part a: mesh volume is 0\.666"):
        check(all_solids(parts), split)


def test_a_sliver_is_refused_and_placed():
    """Two equal boxes on each other, shifted by 0.4 micrometres: the strip cannot be meshed, and the message says on which face."""
    boxes = [
        Box(name="a", size=(0.1, 0.05, 0.01), material="al", coating="w"),
        Box(name="b", size=(0.1, 0.05, 0.01), position=(0.4e-6, 0.0, 0.01), material="al", coating="w"),
    ]
    with pytest.raises(GeometryError, match=r"part [ab]: \d+ boundary triangles near its face [+-][xyz] .* a sliver"):
        assemble(boxes)
