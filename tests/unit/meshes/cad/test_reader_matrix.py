"""Mesh files as the world writes them: one bar of two halves, written by gmsh, VTK, meshio and by hand, comes out the same from each.

The halves are 20 x 20 x 10 mm from the origin along x, groups "left" (7) and "right" (8).
"""

from itertools import product

import meshio
import numpy as np
import pytest

from meshes.assemble import assemble
from meshes.cad.imported import Piece
from meshes.cad.mesh_files import MeshFile
from meshes.errors import GeometryError
from meshes.gmsh_session import session
from meshes.measure import part_volumes
from meshes.structured import structured_box

VOLUME, COMMON = 4e-6, 200e-6  # m3 of a half, m2 between the two


def bar(file, left="left", right="right", **given):
    """The bar as a part."""
    pieces = (Piece(name="l", match=left, material="m"), Piece(name="r", match=right, material="m"))
    return MeshFile(**({"name": "bar", "file": str(file), "unit_scale": 1e-3, "coating": "z93", "solids": pieces} | given))


def is_the_bar(file, left="left", right="right", **given):
    """Both halves have their volume and touch over the face between them; what was assumed of the file."""
    made = assemble([bar(file, left, right, **given)])
    assert part_volumes(made) == pytest.approx([VOLUME, VOLUME], rel=1e-6)
    assert [touch.area for touch in made.touches] == pytest.approx([COMMON], rel=1e-6)
    return made.assumptions


def by_gmsh(file, groups=True, also_all=False, order=1, recombine=False, **options):
    """The bar as gmsh writes it, with some of its Mesh options."""
    with session() as gmsh:
        boxes = [(3, gmsh.model.occ.addBox(x, 0, 0, 20, 20, 10)) for x in (0, 20)]
        gmsh.model.occ.fragment(boxes[:1], boxes[1:])
        gmsh.model.occ.synchronize()
        for tag, name, volumes in ((7, "left", [1]), (8, "right", [2]), (9, "all", [1, 2]))[: 3 if also_all else 2 if groups else 0]:
            gmsh.model.addPhysicalGroup(3, volumes, tag, name)
        if recombine:
            for _, tag in gmsh.model.getEntities(1):
                gmsh.model.mesh.setTransfiniteCurve(tag, 3)
            for dim in (2, 3):
                for _, tag in gmsh.model.getEntities(dim):
                    (gmsh.model.mesh.setTransfiniteSurface if dim == 2 else gmsh.model.mesh.setTransfiniteVolume)(tag)
                    gmsh.model.mesh.setRecombine(dim, tag)
        options = {"MeshSizeMax": 10, "ElementOrder": order} | options
        before = {name: gmsh.option.getNumber(f"Mesh.{name}") for name in options}
        for name, value in options.items():
            gmsh.option.setNumber(f"Mesh.{name}", value)
        gmsh.model.mesh.generate(3)
        gmsh.write(str(file))
        for name, value in before.items():
            gmsh.option.setNumber(f"Mesh.{name}", value)
    return file


MSH = [
    pytest.param(version, binary, parametric, everything, marks=() if full else pytest.mark.full)
    for version, binary, parametric, everything in product((1, 2.2, 4.0, 4.1), (0, 1), (0, 1), (0, 1))
    if not (version == 4.0 and binary)  # gmsh writes none
    and not (version == 1 and not binary and parametric)  # gmsh's own cannot be read, by itself neither
    and not (version < 3 and everything)  # gmsh then writes no groups: below
    for full in [version == 2.2 or (version == 4.1 and parametric + binary + everything in (0, 1, 3))]
]


@pytest.mark.parametrize(("version", "binary", "parametric", "everything"), MSH)
def test_msh_of_every_kind(tmp_path, version, binary, parametric, everything):
    """Versions, ASCII and binary, with parametric nodes, with everything saved; each cell in one group, and in two of them."""
    options = {"MshFileVersion": version, "Binary": binary, "SaveParametric": parametric, "SaveAll": everything}
    names = ("7", "8") if version == 1 else ("left", "right")
    for also_all in (False, True):
        is_the_bar(by_gmsh(tmp_path / f"bar{also_all}.msh", also_all=also_all, **options), *names)


def test_msh_without_groups_goes_by_volumes(tmp_path):
    """Version 2 with everything saved has lost its groups, version 4 may have none: groups = "gmsh:geometrical" tells volumes apart."""
    for version in (2.2, 4.1):
        file = by_gmsh(tmp_path / f"bar{version}.msh", groups=version < 3, MshFileVersion=version, SaveAll=1)
        is_the_bar(file, "1", "2", groups="gmsh:geometrical")
        whole = assemble([bar(file, solids=(Piece(name="a", match="all", material="m"),))])
        assert part_volumes(whole) == pytest.approx([2 * VOLUME])


def test_groups_that_overlap_are_refused_by_name(tmp_path):
    """ "all" and "left" share cells."""
    file = by_gmsh(tmp_path / "bar.msh", also_all=True)
    with pytest.raises(GeometryError, match=r"solids.l \(left\) and solids.r \(all\) claim the same cells of bar.msh"):
        assemble([bar(file, right="all")])


def test_cells_of_no_group_are_named(tmp_path):
    """Everything saved, one half in a group: the rest is asked for."""
    file = tmp_path / "bar.msh"
    with session() as gmsh:
        boxes = [(3, gmsh.model.occ.addBox(x, 0, 0, 20, 20, 10)) for x in (0, 20)]
        gmsh.model.occ.fragment(boxes[:1], boxes[1:])
        gmsh.model.occ.synchronize()
        gmsh.model.addPhysicalGroup(3, [1], 7, "left")
        gmsh.option.setNumber("Mesh.SaveAll", 1)
        gmsh.model.mesh.generate(3)
        gmsh.write(str(file))
        gmsh.option.setNumber("Mesh.SaveAll", 0)
    with pytest.raises(GeometryError, match=r"no entry of solids names no group; add one"):
        assemble([bar(file, solids=(Piece(name="l", match="left", material="m"),))])
    is_the_bar(file, right="no group")


@pytest.mark.parametrize(
    ("suffix", "left", "right"), [("unv", "left", "right"), ("med", "left", "right"), ("inp", "left", "right"), ("bdf", "1", "2")]
)
@pytest.mark.parametrize("also_all", [False, True])
def test_other_formats_by_gmsh(tmp_path, suffix, left, right, also_all):
    """Groups of universal files, MED and Abaqus by name, properties of bulk data by number."""
    is_the_bar(by_gmsh(tmp_path / f"bar.{suffix}", also_all=also_all and suffix != "bdf"), left, right)


@pytest.mark.parametrize("suffix", ["msh", "unv", "med", "inp", "bdf"])
@pytest.mark.parametrize("kind", ["quadratic", "hexahedra"])
def test_quadratic_cells_and_hexahedra_by_gmsh(tmp_path, suffix, kind):
    """Nodes on edges are left out and hexahedra cut, with a word; volumes and the face between are exact."""
    given = {"order": 2} if kind == "quadratic" else {"recombine": True}
    names = ("1", "2") if suffix == "bdf" else ("left", "right")
    said = is_the_bar(by_gmsh(tmp_path / f"bar.{suffix}", **given), *names)
    wanted = "cells of higher order are read by their corners." if kind == "quadratic" else "16 hexahedra are cut into tetrahedra."
    assert any(wanted in sentence for sentence in said), said


def halves():
    """Points of the bar in mm, its tetrahedra, and 7 or 8 for each."""
    made = structured_box((4, 2, 2), (40.0, 20.0, 10.0))
    points = made.points - made.points.min(axis=0)
    return points, made.cells, np.where(points[made.cells].mean(axis=1)[:, 0] < 20, 7, 8)


def grid_of(points, cells, kinds):
    """A VTK grid; every cell with its VTK type."""
    import pyvista

    return pyvista.UnstructuredGrid(np.concatenate([[len(cell), *cell] for cell in cells]), np.array(kinds), points)


@pytest.mark.parametrize("form", ["ascii", "binary", "appended", "raw", "lz4", "lzma", "float32", "legacy"])
def test_vtu_by_vtk(tmp_path, form):
    """Text, base64, appended, compressed, single precision, with words in field data and cell data; groups by number and by word."""
    from vtkmodules.vtkIOXML import vtkXMLUnstructuredGridWriter

    points, cells, group = halves()
    grid = grid_of(points.astype(np.float32) if form == "float32" else points, cells, [10] * len(cells))
    grid.cell_data["region"] = group.astype(float)
    grid.cell_data["word"] = np.where(group == 7, "left", "right")
    grid.field_data["names"] = ["a", "b"]
    file = tmp_path / ("bar.vtk" if form == "legacy" else "bar.vtu")
    if form == "legacy":
        grid.save(file, binary=False)
    else:
        writer = vtkXMLUnstructuredGridWriter()
        writer.SetFileName(str(file))
        writer.SetInputData(grid)
        {"ascii": writer.SetDataModeToAscii, "binary": writer.SetDataModeToBinary}.get(form, writer.SetDataModeToAppended)()
        if form == "raw":
            writer.EncodeAppendedDataOff()
        {"lz4": writer.SetCompressorTypeToLZ4, "lzma": writer.SetCompressorTypeToLZMA, "raw": writer.SetCompressorTypeToNone}.get(
            form, writer.SetCompressorTypeToZLib
        )()
        writer.Write()
    is_the_bar(file, "7", "8")
    is_the_bar(file, groups="word")


def test_damaged_vtu_is_refused(tmp_path):
    """Cut in the middle; a group that is no whole number; a polyhedron."""
    points, cells, group = halves()
    grid = grid_of(points, cells, [10] * len(cells))
    grid.cell_data["region"] = group + 0.5
    grid.save(tmp_path / "bar.vtu", binary=False)
    with pytest.raises(GeometryError, match=r"cell data 'region' holds 7\.5; groups go by whole numbers"):
        assemble([bar(tmp_path / "bar.vtu")])
    (tmp_path / "cut.vtu").write_text((tmp_path / "bar.vtu").read_text()[:2000])
    with pytest.raises(GeometryError, match=r"cut.vtu cannot be read as .vtu"):
        assemble([bar(tmp_path / "cut.vtu")])


SOLIDS = {
    "hexahedron": ([[0, 1, 2, 3, 4, 5, 6, 7]], 12),
    "voxel": ([[0, 1, 3, 2, 4, 5, 7, 6]], 11),
    "wedge": ([[0, 1, 2, 4, 5, 6], [0, 2, 3, 4, 6, 7]], 13),
    "pyramid": ([[0, 1, 2, 3, 8], [4, 7, 6, 5, 8], [0, 4, 5, 1, 8], [1, 5, 6, 2, 8], [2, 6, 7, 3, 8], [3, 7, 4, 0, 8]], 14),
}


@pytest.mark.parametrize("kind", list(SOLIDS))
def test_cells_with_quadrangles_are_cut_alike_from_both_sides(tmp_path, kind):
    """Two halves of one cell, or a few, each: the face between them matches whatever the numbers of its corners."""
    pattern, vtk = SOLIDS[kind]
    corner = np.array([[x, y, z] for z in (0, 10) for x, y in ((0, 0), (20, 0), (20, 20), (0, 20))] + [[10, 10, 5]], dtype=float)
    both = np.concatenate([corner, corner + np.array([20, 0, 0])])
    for seed in range(4):
        order = np.random.default_rng(seed).permutation(len(both))
        points = np.empty_like(both)
        points[order] = both
        grid = grid_of(points, [order[np.array(cell) + start] for start in (0, 9) for cell in pattern], [vtk] * (2 * len(pattern)))
        grid.cell_data["region"] = np.repeat([7, 8], len(pattern))
        grid.save(tmp_path / f"bar{seed}.vtu")
        assert any("4 nodes lay where others lie and were merged" in words for words in is_the_bar(tmp_path / f"bar{seed}.vtu", "7", "8"))


def test_a_hexahedron_in_a_wrong_order_is_refused(tmp_path):
    """Two corners swapped fold it."""
    corner = np.array([[x, y, z] for z in (0, 10) for x, y in ((0, 0), (20, 0), (20, 20), (0, 20))], dtype=float)
    grid_of(corner, [[0, 2, 1, 3, 4, 5, 6, 7]], [12]).save(tmp_path / "bar.vtu")
    with pytest.raises(GeometryError, match="1 hexahedra are folded or have their corners in a wrong order, the first near"):
        assemble([bar(tmp_path / "bar.vtu", solids=(Piece(name="a", match="all", material="m"),))])


@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        ("msh", {"file_format": "gmsh22", "binary": False}),
        ("msh", {"file_format": "gmsh22", "binary": True}),
        ("bdf", {"point_format": "free", "cell_format": "fixed-small"}),
        ("bdf", {"point_format": "fixed-small", "cell_format": "fixed-small"}),
        ("bdf", {"point_format": "fixed-large", "cell_format": "fixed-large"}),
        ("vtu", {}),
        ("inp", {}),
    ],
)
def test_meshio(tmp_path, suffix, options):
    """What meshio writes; its bulk data in all three forms."""
    points, cells, group = halves()
    ordered = np.argsort(group, kind="stable")
    parts = [ordered[group[ordered] == i] for i in (7, 8)]
    blocks, tags = [("tetra", cells[rows]) for rows in parts], [group[rows] for rows in parts]
    data = {"msh": {"gmsh:physical": tags, "gmsh:geometrical": tags}, "bdf": {"nastran:ref": tags}, "vtu": {"part": tags}, "inp": {}}[
        suffix
    ]
    none = np.array([], dtype=int)
    sets = {"7": [np.arange(len(parts[0])), none], "8": [none, np.arange(len(parts[-1]))]} if suffix == "inp" else {}
    meshio.write(tmp_path / f"bar.{suffix}", meshio.Mesh(points, blocks, cell_data=data, cell_sets=sets), **options)
    is_the_bar(tmp_path / f"bar.{suffix}", "7", "8")


@pytest.mark.parametrize("binary", [False, True])
def test_msh_without_entities(tmp_path, binary):
    """Version 4.1 by meshio names no entities: gmsh refuses it. It has no groups either."""
    points, cells, _ = halves()
    meshio.write(tmp_path / "bar.msh", meshio.Mesh(points, [("tetra", cells)]), file_format="gmsh", binary=binary)
    made = assemble([bar(tmp_path / "bar.msh", solids=(Piece(name="a", match="all", material="m"),))])
    assert part_volumes(made) == pytest.approx([2 * VOLUME])


def test_nodes_that_coincide_are_merged_and_counted(tmp_path):
    """Halves with nodes of their own on the face between them, in one group: nine nodes went, and heat passes."""
    points, cells, group = halves()
    own = np.where(group == 8, len(points), 0)[:, None] + cells
    grid_of(np.concatenate([points, points + 1e-6]), own, [10] * len(cells)).save(tmp_path / "bar.vtu")
    made = assemble([bar(tmp_path / "bar.vtu", solids=(Piece(name="a", match="all", material="m"),))])
    assert "bar.vtu: 9 nodes lay where others lie and were merged with them." in made.assumptions
    assert not any("pieces" in sentence for sentence in made.assumptions)


def test_pieces_of_a_group_are_named(tmp_path):
    """Halves 0.05 mm apart in one group stay apart, and that is said."""
    points, cells, group = halves()
    own = np.where(group == 8, len(points), 0)[:, None] + cells
    grid_of(np.concatenate([points, points + np.array([0.05, 0, 0])]), own, [10] * len(cells)).save(tmp_path / "bar.vtu")
    made = assemble([bar(tmp_path / "bar.vtu", solids=(Piece(name="a", match="all", material="m"),))])
    words = "warning: bar.a is 2 pieces that do not touch (4000, 4000 mm3); no heat is conducted between them."
    assert words in made.assumptions


def test_cells_that_are_there_twice_count_once(tmp_path):
    """Four tetrahedra again at the end of the file."""
    points, cells, _ = halves()
    grid_of(points, [*cells, *cells[:4]], [10] * (len(cells) + 4)).save(tmp_path / "bar.vtu")
    made = assemble([bar(tmp_path / "bar.vtu", solids=(Piece(name="a", match="all", material="m"),))])
    assert part_volumes(made) == pytest.approx([2 * VOLUME])
    assert "bar.vtu: 4 cells are there twice and count once." in made.assumptions


def test_shells_and_beams_beside_the_solid_are_said(tmp_path):
    """A triangle with a corner that no solid has; one on the boundary is no loss."""
    points, cells, _ = halves()
    away = np.concatenate([points, [[0.0, 0.0, 99.0]]])
    grid_of(away, [*cells, [0, 1, len(points)], cells[0][:3]], [10] * len(cells) + [5, 5]).save(tmp_path / "bar.vtu")
    made = assemble([bar(tmp_path / "bar.vtu", solids=(Piece(name="a", match="all", material="m"),))])
    assert "warning: bar.vtu: 1 triangles that belong to no solid are left out: they carry no heat here." in made.assumptions
