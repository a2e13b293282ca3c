"""Meshed cylinders approach the true ones as the square of the edge length."""

from math import pi

import numpy as np
import pytest

from meshes.assemble import assemble
from meshes.measure import face_areas, part_volumes
from meshes.shapes.basic import Cylinder


def test_volume_and_side_converge_with_order_two():
    """An inscribed prism of n sides lacks (2 pi/n)²/6 of pi r² h; turning from ring to ring, the triangles lack somewhat less."""
    radius, height = 0.05, 0.1
    sizes = 2 * pi * radius / np.array([24, 36, 54])
    made = [assemble([Cylinder(name="can", material="al", coating="w", radius=radius, height=height, mesh=size)]) for size in sizes]
    volume = 1 - np.array([part_volumes(each)[0] for each in made]) / (pi * radius**2 * height)
    side = 1 - np.array([face_areas(each)[0] for each in made]) / (2 * pi * radius * height)
    assert (volume < (2 * pi / np.array([24, 36, 54])) ** 2 / 6).all()
    assert np.polyfit(np.log(sizes), np.log(volume), 1)[0] == pytest.approx(2.0, abs=0.1)
    assert np.polyfit(np.log(sizes), np.log(side), 1)[0] == pytest.approx(2.0, abs=0.1)
    assert "can lacks 0.8" in made[0].assumptions[0]
