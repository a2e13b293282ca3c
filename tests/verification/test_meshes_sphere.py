"""Meshed spheres approach the true one as the square of the edge length."""

from math import pi

import numpy as np
import pytest

from meshes.assemble import assemble
from meshes.measure import face_areas, part_volumes
from meshes.shapes.sphere import Sphere


def test_volume_and_surface_converge_with_order_two():
    """An inscribed polyhedron lacks volume (4/3 pi r³) and surface (4 pi r²) with h²; mass follows volume."""
    radius = 0.05
    sizes = 2 * pi * radius / np.array([24, 36, 54])
    made = [assemble([Sphere(name="ball", material="al", coating="w", radius=radius, mesh=size)]) for size in sizes]
    volume = 1 - np.array([part_volumes(each)[0] for each in made]) / (4 / 3 * pi * radius**3)
    surface = 1 - np.array([face_areas(each)[0] for each in made]) / (4 * pi * radius**2)
    assert (volume > surface).all()
    assert volume[0] < 0.025
    assert np.polyfit(np.log(sizes), np.log(volume), 1)[0] == pytest.approx(2.0, abs=0.1)
    assert np.polyfit(np.log(sizes), np.log(surface), 1)[0] == pytest.approx(2.0, abs=0.1)
    assert "ball lacks" in made[0].assumptions[0]
    assert all(each.face_names == ("ball:surface",) for each in made)
