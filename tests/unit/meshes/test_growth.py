"""Graded meshes: how edge lengths grow away from a finer part."""

import numpy as np
import pytest

from meshes.assemble import assemble
from meshes.assembly import Assembly
from meshes.settings import MeshSettings
from meshes.shapes.basic import Box, Plate
from meshes.spacing import Spacing

PARTS = [
    Plate(name="panel", width=0.4, length=0.4, thickness=0.02, material="al", coating="w", mesh=0.05),
    Box(name="chip", size=(0.02, 0.02, 0.01), position=(0.0, 0.0, 0.015), material="al", coating="w", mesh=0.004),
]


def edges(mesh: Assembly) -> tuple[np.ndarray, np.ndarray]:
    """Mean edge length of each panel cell and its distance from the chip [m]."""
    corners = mesh.points[mesh.cells[mesh.cell_part == 0]]
    pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    length = np.mean([np.linalg.norm(corners[:, a] - corners[:, b], axis=1) for a, b in pairs], axis=0)
    return length, np.linalg.norm(corners.mean(axis=1)[:, :2], axis=1)


@pytest.mark.parametrize("growth", [1.2, 1.5])
def test_cells_grow_as_asked(growth):
    """At distance d from the chip the size is its own plus (growth - 1) d or the panel's; the median cell keeps to it within 30 %."""
    length, distance = edges(assemble(PARTS, MeshSettings(growth=growth)))
    asked = np.minimum(0.05, 0.004 + (growth - 1) * np.maximum(distance - 0.01, 0.0))
    assert np.median(length / asked) == pytest.approx(1.0, abs=0.3)


def test_slower_growth_takes_more_cells():
    """1.2 takes more than 1.5, and that more than the mesher's own."""
    counts = [len(assemble(PARTS, MeshSettings(growth=growth)).cells) for growth in (1.2, 1.5, None)]
    assert counts[0] > counts[1] > counts[2]


def test_volumes_stay_exact():
    """Grading moves no face."""
    mesh = assemble(PARTS, MeshSettings(growth=1.3))
    assert len(mesh.touches) == 1
    assert mesh.touches[0].area == pytest.approx(4e-4, rel=1e-9)


def test_growth_and_spacing_together():
    """Fine about a corner by the spacing, fine about the chip by the growth: each cell has the smaller of both sizes, within 30 %."""
    corners = np.array([[x, y, z] for x in (-0.2, 0.2) for y in (-0.2, 0.2) for z in (-0.01, 0.02)])
    cells = np.array([[0, 4, 6, 5], [0, 6, 2, 3], [0, 5, 3, 1], [6, 5, 7, 3], [0, 6, 5, 3]])
    wanted = 0.008 + 0.12 * np.linalg.norm(corners[:, :2] - corners[0, :2], axis=1)
    both, graded, spaced = (
        assemble(PARTS, MeshSettings(growth=growth), spacing=spacing)
        for growth, spacing in ((1.5, Spacing(corners, cells, wanted)), (1.5, None), (None, Spacing(corners, cells, wanted)))
    )
    assert len(both.cells) > max(len(graded.cells), len(spaced.cells))
    length, distance = edges(both)
    near = distance < 0.05
    asked = np.minimum(0.05, 0.004 + 0.5 * np.maximum(distance - 0.01, 0.0))
    assert np.median(length[near] / asked[near]) == pytest.approx(1.0, abs=0.3)
    assert np.median(length[_at_corner(both)]) == pytest.approx(np.median(edges(spaced)[0][_at_corner(spaced)]), rel=0.2)


def _at_corner(mesh: Assembly) -> np.ndarray:
    """Which of the panel's cells lie within 100 mm of its corner at -x, -y."""
    middle = mesh.points[mesh.cells[mesh.cell_part == 0]].mean(axis=1)
    return np.linalg.norm(middle[:, :2] + 0.2, axis=1) < 0.1
