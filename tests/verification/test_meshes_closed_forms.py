"""Volume, area and mass of every flat-sided shape against formulas written here by hand, to 1e-9."""

from dataclasses import replace

import numpy as np
import pytest

from meshes.assemble import assemble
from meshes.measure import area_vectors, face_areas, part_volumes
from meshes.settings import MeshSettings
from meshes.shapes.basic import Array, Box, Plate
from meshes.shapes.enclosure import Enclosure
from meshes.shapes.pack import BatteryPack
from meshes.shapes.rack import Rack, Shelf
from meshes.shapes.radiator import Radiator
from meshes.shapes.tray import Device, Lid, Slab, Tray, VapourChamber
from meshes.shapes.wing import PanelArray

DENSITY = {"light": 50.0, "al": 2700.0, "cu": 8960.0}  # kg/m³


def cuboid(x, y, z):
    """Volume and surface."""
    return x * y * z, 2 * (x * y + y * z + z * x)


BOARD = Slab(size=(0.3, 0.2, 0.002), material="light")
CHIP = Device(name="chip", size=(0.05, 0.04, 0.003), material="cu", lid=Lid(size=(0.06, 0.05, 0.002), material="al"))
CHAMBER = VapourChamber(size=(0.2, 0.1, 0.004), material="cu")
TRAY = Tray(name="t", coating="w", board=BOARD, devices=(CHIP,), vapour_chamber=CHAMBER)
HOLE = (0.296, 0.196, 0.096)
SHAPES = {
    "box": (Box(name="b", coating="w", material="al", size=(0.1, 0.2, 0.3)), [(*cuboid(0.1, 0.2, 0.3), "al")]),
    "array of plates": (
        Plate(
            name="p", coating="w", material="al", width=0.1, length=0.2, thickness=0.004, array=Array(count=(2, 1, 2), pitch=(0.1, 0, 0.05))
        ),
        [(*cuboid(0.1, 0.2, 0.004), "al")] * 4,
    ),
    "enclosure": (
        Enclosure(name="e", coating="w", material="al", size=(0.3, 0.2, 0.1), wall=0.002),
        [(cuboid(0.3, 0.2, 0.1)[0] - cuboid(*HOLE)[0], cuboid(0.3, 0.2, 0.1)[1] + cuboid(*HOLE)[1], "al")],
    ),
    "battery pack": (
        BatteryPack(
            name="k", coating="w", material="light", size=(0.2, 0.15, 0.07), base=0.006, base_margin=0.02, base_material="al", wall=0.002,
            clearance=0.003, housing_material="al",
        ),
        [
            (*cuboid(0.2, 0.15, 0.07), "light"),
            (*cuboid(0.25, 0.2, 0.006), "al"),
            (0.21 * 0.16 * 0.075 - 0.206 * 0.156 * 0.073, cuboid(0.21, 0.16, 0.075)[1] + 2 * (0.206 + 0.156) * 0.073, "al"),
        ],
    ),
    "panel array": (
        PanelArray(
            name="w", coating="w", panels=2, width=0.5, length=0.4, thickness=0.02, gap=0.01, material="light", hinge_width=0.1,
            hinge_thickness=0.004, hinge_material="al", yoke_width=0.2, yoke_length=0.3, yoke_material="al",
        ),
        [(*cuboid(0.5, 0.4, 0.02), "light")] * 2 + [(*cuboid(0.1, 0.01, 0.004), "al"), (*cuboid(0.2, 0.3, 0.02), "al")],
    ),
    "radiator": (
        Radiator(
            name="r", coating="w", width=0.6, length=0.4, thickness=0.02, material="light", pipes=2, pipe_width=0.02, pipe_height=0.012,
            pipe_material="al", sheet=0.0004, sheet_material="al", root_width=0.03, root_material="cu",
        ),
        [
            (
                0.6 * 0.4 * 0.02 - 2 * 0.02 * 0.4 * 0.012,
                cuboid(0.6, 0.4, 0.02)[1] + 2 * (2 * (0.02 + 0.012) * 0.4 - 2 * 0.02 * 0.012),  # the walls of two grooves, less their ends
                "light",
            ),
            *[(*cuboid(0.02, 0.4, 0.012), "al")] * 2,
            *[(*cuboid(0.6, 0.4, 0.0004), "al")] * 2,
            (*cuboid(0.6, 0.03, 0.0208), "cu"),
        ],
    ),
    "tray": (
        TRAY,
        [
            (*cuboid(0.3, 0.2, 0.002), "light"),
            (*cuboid(0.2, 0.1, 0.004), "cu"),
            (*cuboid(0.05, 0.04, 0.003), "cu"),
            (*cuboid(0.06, 0.05, 0.002), "al"),
        ],
    ),
    "rack": (
        Rack(
            name="k", coating="w", size=(0.4, 0.5, 0.3), wall=0.01, material="al", walls=("bottom", "left", "back"), trays=1,
            tray=Tray(name="t", coating="w", board=BOARD), shelf=Shelf(thickness=0.003, material="al"),
        ),
        [
            (*cuboid(0.4, 0.5, 0.01), "al"),
            (*cuboid(0.01, 0.5, 0.29), "al"),
            (*cuboid(0.39, 0.01, 0.29), "al"),
            (*cuboid(0.39, 0.49, 0.003), "al"),
            (*cuboid(0.3, 0.2, 0.002), "light"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_volume_area_and_mass_are_exact(name):
    """By sub-part, also turned out of the axes; every surface is closed."""
    part, expected = SHAPES[name]
    volumes, areas, materials = zip(*expected, strict=True)
    mass = sum(volume * DENSITY[material] for volume, material in zip(volumes, materials, strict=True))
    for placed in (part, replace(part, position=(0.5, -1.0, 2.0), rotation=(0.3, -0.7, 1.9))):
        made = assemble([placed], MeshSettings(size=0.1))
        assert made.part_material == materials
        assert part_volumes(made) == pytest.approx(volumes, rel=1e-9)
        assert np.bincount(made.face_part, face_areas(made)) == pytest.approx(areas, rel=1e-9)
        assert part_volumes(made) @ [DENSITY[material] for material in made.part_material] == pytest.approx(mass, rel=1e-9)
        owner = made.cell_part[made.facet_cell]
        vectors = area_vectors(made.points, made.facets)
        closed = np.stack([np.bincount(owner, vectors[:, axis]) for axis in range(3)])
        assert closed == pytest.approx(np.zeros_like(closed), abs=1e-12)
