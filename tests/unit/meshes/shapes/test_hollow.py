"""Hollow boxes: enclosures and the housings of battery packs, with named inside faces."""

from dataclasses import replace

import numpy as np
import pytest

from meshes.assemble import assemble
from meshes.measure import face_areas, facet_normals
from meshes.parts import solids
from meshes.settings import MeshSettings
from meshes.shapes.basic import Box
from meshes.shapes.enclosure import Enclosure
from meshes.shapes.pack import BatteryPack
from meshes.shapes.solid import Cavity, Solid

CASE = Enclosure(name="case", material="al", coating="white", size=(0.3, 0.2, 0.1), wall=0.01)
PACK = BatteryPack(
    name="pack", coating="white", size=(0.2, 0.15, 0.07), material="cell", heat=20.0, base=0.006, base_margin=0.02, base_material="al",
    base_coating="bare", wall=0.002, clearance=0.003, housing_material="steel",
)  # fmt: skip
INNER = ("in-x", "in+x", "in-y", "in+y", "in-z", "in+z")


def test_inside_faces_are_named_and_insulated_unless_coated():
    """Outer faces have the part's coating, inside faces `inside_coating`, exceptions by name."""
    (case,) = solids(CASE)
    assert case.faces == ("-x", "+x", "-y", "+y", "-z", "+z", *INNER)
    assert case.inner_faces == INNER
    assert {case.coatings[face] for face in INNER} == {"insulated"}
    (black,) = solids(replace(CASE, inside_coating="black", coatings={"in-z": "gold"}))
    assert (black.coatings["in+z"], black.coatings["in-z"], black.coatings["-z"]) == ("black", "gold", "white")


def test_inside_faces_look_into_the_cavity():
    """in-x is on the -x side and its outward normal is +x."""
    made = assemble([CASE], MeshSettings(size=0.1))
    normals = facet_normals(made)
    for face, sign, axis in zip(INNER, [1, -1] * 3, [0, 0, 1, 1, 2, 2], strict=True):
        rows = made.facet_face == made.face_names.index(f"case:{face}")
        assert normals[rows] == pytest.approx(np.tile(sign * np.eye(3)[axis], (rows.sum(), 1)), abs=1e-12)
        assert (np.sign(made.points[made.facets[rows]][:, :, axis]) == -sign).all()


def test_parts_inside_touch_the_walls_they_stand_on():
    """A box on the floor of the enclosure, one in its corner."""
    on_floor = Box(name="floor", material="al", coating="w", size=(0.05, 0.05, 0.02), position=(0, 0, -0.03))
    in_corner = Box(name="corner", material="al", coating="w", size=(0.05, 0.04, 0.02), position=(0.115, 0.07, 0.03))
    made = assemble([CASE, on_floor, in_corner], MeshSettings(size=0.1))
    walls = [{made.face_names[i] for i in made.facet_face[touch.facets_a]} for touch in made.touches]
    found = {made.part_names[touch.part_b]: (touch.area, faces) for touch, faces in zip(made.touches, walls, strict=True)}
    assert found["floor"] == (pytest.approx(0.0025, rel=1e-9), {"case:in-z"})
    assert found["corner"] == (pytest.approx(0.05 * 0.04 + 0.05 * 0.02 + 0.04 * 0.02, rel=1e-9), {"case:in+x", "case:in+y", "case:in+z"})


def test_a_turned_enclosure_keeps_its_inside():
    """Areas by face, in the axes of the part."""
    turned = replace(CASE, rotation=(0.3, -0.4, 1.2), position=(1, 2, 3))
    made = assemble([turned], MeshSettings(size=0.1))
    assert face_areas(made) == pytest.approx(solids(CASE)[0].areas, rel=1e-9)


def test_an_open_side_of_a_named_cavity_is_no_face():
    """It takes its section from the outer face there."""
    tub = Solid("tub", "box", (1.0, 1.0, 1.0), "al", cavities=(Cavity((0.0, 0.0, 0.1), (0.8, 0.8, 0.8), named=True),))
    assert tub.inner_faces == INNER[:5]
    assert dict(zip(tub.faces, tub.areas.tolist(), strict=True))["+z"] == pytest.approx(1 - 0.64)


def test_walls_must_leave_room():
    """Twice the wall is less than the shortest edge."""
    with pytest.raises(ValueError, match=r"^wall is too thick"):
        replace(CASE, wall=0.05)


def test_pack_is_built_from_its_underside_up():
    """Base, block on it, housing around with the clearance on the sides and above; the base stands out."""
    cells, base, housing = solids(PACK)
    assert [solid.name for solid in (cells, base, housing)] == ["pack.cells", "pack.base", "pack.housing"]
    assert (base.centre[2], cells.centre[2]) == (pytest.approx(0.003), pytest.approx(0.006 + 0.035))
    assert housing.size == pytest.approx((0.21, 0.16, 0.075))
    assert housing.centre[2] - housing.size[2] / 2 == pytest.approx(0.006)
    assert base.size == pytest.approx((0.25, 0.2, 0.006))
    assert (cells.heat, base.heat, base.coatings["-z"], cells.coatings["+z"]) == (20.0, 0.0, "bare", "white")
    assert housing.inner_faces == ("in-x", "in+x", "in-y", "in+y", "in+z")


@pytest.mark.parametrize(("clearance", "held"), [(0.003, 0.0), (0.0, 2 * (0.2 + 0.15) * 0.07 + 0.2 * 0.15)])
def test_pack_touches_base_and_housing(clearance, held):
    """The block stands on the base; it touches four walls and the lid only without clearance. The rim of the housing stands on the base."""
    made = assemble([replace(PACK, clearance=clearance)], MeshSettings(size=0.1))
    areas = {(made.part_names[touch.part_a], made.part_names[touch.part_b]): touch.area for touch in made.touches}
    outer = (0.2 + 2 * (clearance + 0.002), 0.15 + 2 * (clearance + 0.002))
    rim = outer[0] * outer[1] - (outer[0] - 0.004) * (outer[1] - 0.004)
    expected = {("pack.cells", "pack.base"): 0.03, ("pack.base", "pack.housing"): rim}
    assert areas == pytest.approx(expected | ({("pack.cells", "pack.housing"): held} if held else {}), rel=1e-9)


def test_base_and_housing_are_optional_but_whole():
    """A thickness without a material says nothing."""
    bare = replace(PACK, base=None, base_material=None, wall=None, housing_material=None)
    assert [solid.name for solid in solids(bare)] == ["pack.cells"]
    with pytest.raises(ValueError, match="base needs base_material"):
        replace(PACK, base_material=None)
    with pytest.raises(ValueError, match="housing_material needs wall"):
        replace(PACK, wall=None)
