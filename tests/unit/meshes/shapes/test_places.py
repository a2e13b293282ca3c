"""Named placements, arrays by pitch and parts that stand for several, on simple and composite parts alike."""

from math import pi

import numpy as np
import pytest

from meshes.assemble import assemble
from meshes.errors import GeometryError
from meshes.parts import all_solids, solids
from meshes.shapes.basic import Array, Box, Cylinder, Placement, Plate
from meshes.shapes.rack import Rack
from meshes.shapes.sphere import Sphere
from meshes.shapes.tray import Slab, Tray
from meshes.shapes.wing import PanelArray

BOX = {"name": "fin", "material": "al", "coating": "w", "size": (0.01, 0.02, 0.03)}
WAYS = {
    "stowed": Placement(position=(0.0, 0.0, 1.0), rotation=(pi / 2, 0.0, 0.0)),
    "deployed": Placement(position=(2.0, 0.0, 0.0)),
}


def test_a_part_is_where_its_placement_says():
    """Without one it is at its own position; the other placements are only known."""
    own = Box(**BOX, position=(5.0, 0.0, 0.0), placements=WAYS)
    assert solids(own)[0].centre == (5.0, 0.0, 0.0)
    (stowed,) = solids(Box(**BOX, position=(5.0, 0.0, 0.0), placements=WAYS, placement="stowed"))
    assert stowed.centre == (0.0, 0.0, 1.0)
    assert stowed.rotation @ [0.0, 1.0, 0.0] == pytest.approx([0.0, 0.0, 1.0])


def test_composite_parts_move_as_a_whole():
    """A wing stowed against the +z side stands upright; deployed it lies along y."""
    wing = {"name": "wing", "panels": 2, "width": 1.0, "length": 1.0, "thickness": 0.02, "gap": 0.0, "material": "al", "coating": "w"}
    stowed = solids(PanelArray(**wing, placements=WAYS, placement="stowed"))
    assert [solid.centre for solid in stowed] == [pytest.approx((0, 0, 1.5)), pytest.approx((0, 0, 2.5))]
    deployed = solids(PanelArray(**wing, placements=WAYS, placement="deployed"))
    assert [solid.centre for solid in deployed] == [pytest.approx((2, 0.5, 0)), pytest.approx((2, 1.5, 0))]


def test_a_tray_keeps_its_placement_in_a_rack():
    """In the rack's axes."""
    tray = Tray(name="tray", coating="w", board=Slab(size=(0.1, 0.1, 0.002), material="fr4"), placements=WAYS, placement="deployed")
    rack = Rack(name="rack", coating="w", size=(1, 1, 1), wall=0.01, material="al", walls=(), tray=tray, position=(0.0, 1.0, 0.0))
    assert solids(rack)[0].centre == pytest.approx((2.0, 1.0, 0.0))


def test_a_placement_must_be_there():
    """The message lists those that are."""
    with pytest.raises(ValueError, match=r"^placement = 'folded' is not among the part's placements \(stowed, deployed\)"):
        Box(**BOX, placements=WAYS, placement="folded")
    with pytest.raises(ValueError, match=r"\(none\)"):
        Box(**BOX, placement="stowed")


def test_array_pieces_are_numbered_along_x_first_around_the_position():
    """name.1 is at the corner of least x, y, z; every piece has the part's heat and own mesh size."""
    made = solids(Box(**BOX, heat=2.0, mesh=0.01, position=(1.0, 1.0, 1.0), array=Array(count=(2, 3, 1), pitch=(0.1, 0.2, 0.0))))
    assert [solid.name for solid in made] == [f"fin.{i}" for i in range(1, 7)]
    assert made[0].centre == pytest.approx((0.95, 0.8, 1.0))
    assert made[1].centre == pytest.approx((1.05, 0.8, 1.0))
    assert made[5].centre == pytest.approx((1.05, 1.2, 1.0))
    assert np.mean([solid.centre for solid in made], axis=0) == pytest.approx([1, 1, 1])
    assert {(solid.heat, solid.mesh) for solid in made} == {(2.0, 0.01)}


def test_an_array_turns_with_its_part():
    """A quarter turn about z lays the row along y, and every piece with it."""
    first, last = solids(Box(**BOX, rotation=(0.0, 0.0, pi / 2), array=Array(count=(2, 1, 1), pitch=(0.5, 0.0, 0.0))))
    assert first.centre == pytest.approx((0, -0.25, 0))
    assert last.rotation @ [1.0, 0.0, 0.0] == pytest.approx([0, 1, 0])


def test_pieces_of_an_array_are_coated_by_pattern():
    """As sub-parts: "2:+z" one of them, "+x" all."""
    array = Array(count=(3, 1, 1), pitch=(0.1, 0.0, 0.0))
    made = solids(Box(**BOX, array=array, coatings={"+x": "black", "2:+z": "gold"}))
    assert [solid.coatings["+z"] for solid in made] == ["w", "gold", "w"]
    assert {solid.coatings["+x"] for solid in made} == {"black"}


@pytest.mark.parametrize(
    "part",
    [
        Box(**BOX, array=Array(count=(2, 2, 2), pitch=(0.01, 0.02, 0.03))),
        Plate(
            name="p", material="al", coating="w", width=0.1, length=0.2, thickness=0.01, array=Array(count=(1, 1, 2), pitch=(0, 0, 0.01))
        ),
        Cylinder(name="c", material="al", coating="w", radius=0.05, height=0.1, array=Array(count=(1, 1, 2), pitch=(0, 0, 0.1))),
    ],
    ids=["box", "plate", "cylinder"],
)
def test_a_pitch_of_the_parts_own_size_makes_neighbours_touch(part):
    """Every two neighbours along every axis."""
    nx, ny, nz = part.array.count
    assert len(assemble([part]).touches) == (nx - 1) * ny * nz + nx * (ny - 1) * nz + nx * ny * (nz - 1)


def test_a_pitch_that_makes_pieces_overlap_is_refused():
    """Along the axes that have more than one piece."""
    with pytest.raises(ValueError, match=r"^array\.pitch along y is less than the part's 20 mm"):
        Box(**BOX, array=Array(count=(1, 2, 1), pitch=(0.0, 0.019, 0.0)))
    with pytest.raises(ValueError, match=r"^array\.pitch along x is less than the part's 100 mm"):
        Sphere(name="s", material="al", coating="w", radius=0.05, array=Array(count=(2, 1, 1), pitch=(0.09, 0.0, 0.0)))


def test_count_is_carried_by_every_solid():
    """That of a tray in a rack times that of the rack."""
    assert solids(Box(**BOX, count=12))[0].count == 12
    assert {solid.count for solid in solids(Box(**BOX, count=12, array=Array(count=(2, 1, 1), pitch=(0.1, 0.0, 0.0))))} == {12}
    tray = Tray(name="tray", coating="w", board=Slab(size=(0.1, 0.1, 0.002), material="fr4"), count=3)
    rack = Rack(name="rack", coating="w", size=(1, 1, 1), wall=0.01, material="al", walls=("top",), tray=tray, count=2)
    assert [solid.count for solid in solids(rack)] == [2, 6]


def test_array_names_are_the_parts_own():
    """A part fin and an array fin do not mix."""
    with pytest.raises(GeometryError, match=r"fin\.1 named twice"):
        all_solids([Box(**BOX, array=Array(count=(1, 1, 1), pitch=(0, 0, 0))) for _ in range(2)])
