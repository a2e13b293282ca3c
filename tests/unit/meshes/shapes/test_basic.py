"""Parts as solids: places, faces, coatings, closed-form volumes and areas."""

import subprocess
import sys
from math import pi

import numpy as np
import pytest

from meshes.errors import GeometryError
from meshes.parts import all_solids, solids
from meshes.shapes.basic import Box, Cylinder, Plate
from meshes.shapes.solid import Cavity, Solid, rotation_matrix


def test_rotation_is_about_the_parts_own_axes_in_the_order_x_y_z():
    """After 90 degrees about x, the part's own y is the body's z: a further turn about it moves x in the plane x-y."""
    turn = rotation_matrix((pi / 2, pi / 2, 0.0))
    assert turn @ [1, 0, 0] == pytest.approx([0, 1, 0])
    assert turn @ [0, 1, 0] == pytest.approx([0, 0, 1])


def test_box_gives_faces_volume_and_areas_in_closed_form():
    """A 10 x 20 x 30 mm box."""
    (box,) = solids(Box(name="b", material="al", coating="white", size=(0.01, 0.02, 0.03), heat=5.0))
    assert box.faces == ("-x", "+x", "-y", "+y", "-z", "+z")
    assert box.volume == pytest.approx(6e-6, rel=1e-14)
    assert box.areas == pytest.approx([6e-4, 6e-4, 3e-4, 3e-4, 2e-4, 2e-4], rel=1e-14)
    assert (box.heat, box.material, box.name) == (5.0, "al", "b")


def test_cylinder_and_plate():
    """Side 2 pi r h, ends pi r², volume pi r² h; a plate is width, length, thickness along x, y, z."""
    (can,) = solids(Cylinder(name="c", material="al", coating="white", radius=0.1, height=0.5))
    assert can.faces == ("side", "-z", "+z")
    assert can.areas == pytest.approx([pi * 0.1, pi * 0.01, pi * 0.01])
    assert can.volume == pytest.approx(pi * 0.005)
    (plate,) = solids(Plate(name="p", material="al", coating="white", width=1.0, length=0.5, thickness=0.01))
    assert plate.size == (1.0, 0.5, 0.01)


def test_cavities_flush_with_a_face_open_it():
    """A through slot takes its section from both ends and adds its four walls inside; a buried one only adds six walls."""
    slot = Solid("s", "box", (1.0, 2.0, 3.0), "al", cavities=(Cavity((0, 0, 0), (0.1, 2.0, 0.2)),))
    assert slot.volume == pytest.approx(6 - 0.04)
    assert slot.areas == pytest.approx([6, 6, 3 - 0.02, 3 - 0.02, 2, 2, 2 * 2 * (0.1 + 0.2)])
    buried = Solid("s", "box", (1.0, 1.0, 1.0), "al", cavities=(Cavity((0, 0, 0), (0.5, 0.5, 0.5)),))
    assert buried.areas[-1] == pytest.approx(6 * 0.25)


def test_coatings_by_face_override_the_parts():
    """The last pattern that matches counts; a part that is coated throughout needs none."""
    (box,) = solids(Box(name="b", material="al", coating="white", size=(1, 1, 1), coatings={"*": "black", "+z": "insulated"}))
    assert box.coatings["+z"] == "insulated"
    assert set(box.coatings.values()) == {"black", "insulated"}


def test_coating_of_a_face_that_does_not_exist_is_refused():
    """The message lists the faces there are."""
    with pytest.raises(GeometryError, match=r"parts\.c\.coatings: '\+x' matches no face; faces are \+z, -z, side"):
        solids(Cylinder(name="c", material="al", coating="white", radius=1, height=1, coatings={"+x": "black"}))


def test_names_that_patterns_could_not_address_are_refused():
    """A colon separates part and face, a point part and sub-part."""
    with pytest.raises(ValueError, match="name = 'a:b' may hold"):
        Box(name="a:b", material="al", coating="white", size=(1, 1, 1))


def test_sizes_must_be_positive():
    """A box has three; the message is in the unit of the case file."""
    with pytest.raises(ValueError, match=r"size = \[1000\.0, 0\.0, 1000\.0\] mm must be positive"):
        Box(name="b", material="al", coating="white", size=(1, 0.0, 1))


def test_a_name_used_twice_is_refused():
    """All doubled names are listed."""
    box = Box(name="b", material="al", coating="white", size=(1, 1, 1))
    with pytest.raises(GeometryError, match="b named twice"):
        all_solids([box, box])
    with pytest.raises(GeometryError, match="nothing to mesh"):
        all_solids([])


def test_listing_solids_loads_no_heavy_library():
    """A case is checked without gmsh, scipy or dolfinx."""
    code = "import sys, meshes.parts, meshes.settings; print([m for m in ('gmsh', 'scipy', 'dolfinx', 'mpi4py') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_local_coordinates_undo_the_placement():
    """Centre and own axes."""
    solid = solids(Box(name="b", material="al", coating="white", size=(1, 1, 1), position=(1, 2, 3), rotation=(0.1, 0.2, 0.3)))[0]
    corner = np.array([1, 2, 3]) + rotation_matrix((0.1, 0.2, 0.3)) @ [0.5, 0.5, 0.5]
    assert solid.local(corner) == pytest.approx([0.5, 0.5, 0.5])
