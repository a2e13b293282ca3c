"""Bulk data and Abaqus input written by hand: coordinate systems, forms of fields, instances, and what is refused."""

import numpy as np
import pytest

from meshes.assemble import assemble
from meshes.cad.abaqus import read_abaqus
from meshes.cad.bulk_data import read_bulk
from meshes.cad.imported import Piece
from meshes.cad.mesh_files import MeshFile
from meshes.errors import GeometryError

CORNERS = np.array([[0, 0, 0], [3, 0, 0], [0, 4, 0], [0, 0, 5]], dtype=float)


def points(tmp_path, text):
    """Points of the file in its basic system."""
    (tmp_path / "a.bdf").write_text(text)
    return read_bulk(tmp_path / "a.bdf").points


SMALL = """BEGIN BULK
$ a comment
GRID           1              0.      0.      0.
GRID           2             3.0      0.      0.       $ another
GRID           3              0.   4.0+0      0.
GRID           4              0.      0.   .5E+1
CTETRA         1       7       1       2       3       4
ENDDATA
"""
LARGE = """GRID*                  1                              0.              0.*
*                     0.
GRID*                  2                             3.0             0.0*A
*A                   0.0
GRID*                  3                             0.0          40.D-1
*                    0.0
GRID*                  4                             0.0             0.0
*                 5.0000
CTETRA*                1               7               1               2
*                      3               4
"""
FREE = """SOL 101
CEND
BEGIN BULK
GRID,1,,0.,0.,0.
GRID,2,,3.0,0.,0.
GRID,3,0,0.,4.0,0.
GRID , 4 , , 0. , 0. , 5.
PSOLID,7,1
CTETRA,1,7,1,2,
,3,4
ENDDATA
"""
TABS = "GRID\t1\t\t0.\t0.\t0.\nGRID\t2\t\t3.\t0.\t0.\nGRID\t3\t\t0.\t4.\t0.\nGRID\t4\t\t0.\t0.\t5.\nCTETRA\t1\t7\t1\t2\t3\t4\n"


@pytest.mark.parametrize("text", [SMALL, LARGE, FREE, TABS], ids=["small", "large", "free", "tabs"])
def test_all_forms_of_fields(tmp_path, text):
    """One tetrahedron of 10 units of volume, property 7."""
    (tmp_path / "a.bdf").write_text(text)
    raw = read_bulk(tmp_path / "a.bdf")
    np.testing.assert_array_equal(raw.points, CORNERS)
    assert [(block.kind, block.nodes.tolist()) for block in raw.blocks] == [("CTETRA", [[0, 1, 2, 3]])]
    assert [label.names for label in raw.labels] == [("7",)]


@pytest.mark.parametrize(
    ("card", "given", "there"),
    [
        ("CORD2R,5,,1.,2.,3.,1.,2.,4.\n,1.,9.,3.", (1.0, 2.0, 3.0), (-1.0, 3.0, 6.0)),
        ("CORD2C,5,,0.,0.,0.,0.,0.,1.\n,1.,0.,0.", (2.0, 90.0, 5.0), (0.0, 2.0, 5.0)),
        ("CORD2S,5,,0.,0.,0.,0.,0.,1.\n,1.,0.,0.", (2.0, 90.0, 90.0), (0.0, 2.0, 0.0)),
        ("CORD1C,5,1,4,2", (2.0, 90.0, 5.0), (0.0, 2.0, 5.0)),
        ("CORD1R,9,1,2,3,5,1,4,3", (1.0, 2.0, 3.0), (-2.0, 1.0, 3.0)),
        ("CORD2R,5,6,0.,0.,0.,0.,0.,1.\n,1.,0.,0.\nCORD2C,6,,7.,0.,0.,7.,0.,1.\n,8.,0.,0.", (1.0, 2.0, 3.0), (8.0, 2.0, 3.0)),
        ("CORD2R,5,6,1.,90.,0.,1.,90.,1.\n,2.,90.,0.\nCORD2C,6,,7.,0.,0.,7.,0.,1.\n,8.,0.,0.", (1.0, 2.0, 3.0), (5.0, 2.0, 3.0)),
    ],
    ids=["rectangular", "cylindrical", "spherical", "by points", "the second of a card", "one in another", "one on angles of another"],
)
def test_points_in_systems_of_the_file(tmp_path, card, given, there):
    """Where a point lies whose CP names a system; by hand. It may stand before the card that defines its system."""
    x, y, z = given
    found = points(tmp_path, FREE.replace("PSOLID,7,1", f"GRID,20,5,{x},{y},{z}\n{card}"))
    assert found[-1] == pytest.approx(there, abs=1e-12)
    usual = points(
        tmp_path, f"GRDSET,,5\nGRID,20,,{x},{y},{z}\nGRID,1,0,0.,0.,0.\nGRID,2,0,3.,0.,0.\nGRID,3,0,0.,4.,0.\nGRID,4,0,0.,0.,5.\n{card}\n"
    )
    assert usual[0] == pytest.approx(there, abs=1e-12)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("GRID,3,0", "GRID,3,8"), "point 3 is in coordinate system 8, which no CORD1 or CORD2 card defines"),
        (("GRID,3,0,0.,4.0", "GRID,3,0,0.,4x"), "line 6: GRID: field 5 is '4x', and must be a number"),
        (("GRID,3,", "GRID,2,"), "line 6: GRID: point 2 is there twice, first on line 5"),
        ((",3,4\n", ",3,9\n"), "a cell names point 9, which the file does not define"),
        (("PSOLID,7,1", "INCLUDE 'b.bdf'"), r"line 8: INCLUDE 'b.bdf' is not followed"),
        (("PSOLID,7,1", "CORD2R,5,5,0.,0.,0.,0.,0.,1.\n,1.,0.,0.\nGRID,9,5,1.,1.,1."), "coordinate system 5 leads to itself"),
        (("PSOLID,7,1", "CORD2R,5,,0.,0.,0.,0.,0.,1.\n,0.,0.,2.\nGRID,9,5,1.,1.,1."), "system 5 is given by three points on a line"),
        (("PSOLID,7,1", "=,*(1),=,=\n"), r"line 8: fields copied from the card before \(=\) are not read"),
        (("GRID,3,0,0.,4.0", "GRID,3,0,0.,nan"), r"a.bdf: node 3 lies at \(0, nan, 0\)"),
        (("CTETRA,1,7,1,2,\n,3,4", "CTETRA,1,7,1,2,3"), "line 9: CTETRA 1 names 3 points of 4"),
    ],
)
def test_what_is_refused_is_named(tmp_path, change, words):
    """The card and its line, what was found, what to do."""
    assert change[0] in FREE
    (tmp_path / "a.bdf").write_text(FREE.replace(*change))
    part = MeshFile(
        name="p", file=str(tmp_path / "a.bdf"), unit_scale=1e-3, coating="z93", solids=(Piece(name="a", match="7", material="m"),)
    )
    with pytest.raises(GeometryError, match=words):
        assemble([part])


INSTANCES = """*Heading
** made by hand
*Part, name=block
*Node
1, 0., 0., 0.
2, 3., 0., 0.
3, 0., 4., 0.
4, 0., 0., 5.
*Element, type=DC3D4, elset=all
1, 1, 2,
3, 4
*Elset, elset=chosen, generate
1, 1, 1
*End Part
*Assembly, name=A
*Instance, name=one, part=block
*End Instance
*Instance, name=two, part=block
10., 0., 0.
10., 0., 0., 10., 0., 1., 90.
*End Instance
*Elset, elset=far, instance=two
1,
*End Assembly
"""


def test_instances_stand_where_the_assembly_puts_them(tmp_path):
    """The second is moved by 10 along x and turned by 90 deg about z through (10, 0, 0); sets of parts and of the assembly."""
    (tmp_path / "a.inp").write_text(INSTANCES)
    raw = read_abaqus(tmp_path / "a.inp")
    np.testing.assert_allclose(raw.points[:4], CORNERS)
    np.testing.assert_allclose(raw.points[4:], [[10, 0, 0], [10, 3, 0], [6, 0, 0], [10, 0, 5]], atol=1e-12)
    names = [label.names[0] for label in raw.labels]
    groups = [{names[i] for i in raw.sets[k]} for k in raw.blocks[0].group.tolist()]
    assert groups == [{"all", "chosen", "one"}, {"all", "chosen", "two", "far"}]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("1, 1, 1\n", "1, 1, 1\n*Include, input=b.inp\n"), r"line 14: \*INCLUDE is not followed"),
        (("type=DC3D4", "type=C3D7"), "elements of type C3D7 are not read; export tetrahedra"),
        (("3, 4\n", "3, 9\n"), "element 1 names node 9, which the file does not define"),
        (("part=block", "part=plate"), "there is no part 'plate'"),
        (("2, 3.,", "2, three,"), "line 6: 'three' must be a number"),
    ],
)
def test_faults_of_abaqus_input_are_named(tmp_path, change, words):
    """The keyword and its line."""
    assert change[0] in INSTANCES
    (tmp_path / "a.inp").write_text(INSTANCES.replace(*change))
    with pytest.raises(ValueError, match=words):
        read_abaqus(tmp_path / "a.inp")
