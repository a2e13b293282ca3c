"""Refinement by an error per cell, and the factors of `[mesh]` on sizes."""

import numpy as np
import pytest

from meshes.assemble import assemble
from meshes.parts import all_solids
from meshes.settings import MeshSettings
from meshes.shapes.basic import Box, Cylinder
from meshes.sizes import target_sizes
from meshes.spacing import refined

CUBE = Box(name="cube", material="al", coating="w", size=(0.1, 0.1, 0.1), mesh=0.015)
PLATE = Box(name="plate", material="al", coating="w", size=(0.2, 0.2, 0.002), mesh=0.015)


@pytest.mark.parametrize("part", [CUBE, PLATE])
def test_the_budget_of_cells_is_kept(part: Box) -> None:
    """An error that is the same everywhere asks for the cells of the budget, in bulk and in sheets, within 40 %."""
    mesh = assemble([part])
    finer = assemble([part], spacing=refined(mesh, np.ones(len(mesh.cells)), 3.0))
    assert len(finer.cells) == pytest.approx(3 * len(mesh.cells), rel=0.4)


def test_cells_gather_where_the_error_is() -> None:
    """With the error in one corner, edges there are a third of those in the opposite corner."""
    mesh = assemble([CUBE])
    corner = mesh.points[mesh.cells].mean(axis=1) + 0.05
    spacing = refined(mesh, np.exp(-((corner / 0.02) ** 2).sum(axis=1)), 3.0)
    finer = assemble([CUBE], spacing=spacing)
    near = np.linalg.norm(finer.points + 0.05, axis=1) < 0.03
    far = np.linalg.norm(finer.points - 0.05, axis=1) < 0.03
    assert near.sum() > 10 * far.sum()
    assert spacing.size.max() <= 1.5 * 0.015


def test_round_off_asks_for_the_same_mesh() -> None:
    """Sizes are rounded, so that a solution on two ranks gives the mesh of that on one."""
    mesh = assemble([CUBE])
    error = np.linspace(1.0, 2.0, len(mesh.cells))
    assert np.array_equal(refined(mesh, error).size, refined(mesh, error * (1 + 1e-13)).size)


def test_refine_divides_every_size() -> None:
    """Those of parts, of the whole, by default and of round parts alike."""
    parts = [CUBE, Cylinder(name="can", material="al", coating="w", radius=0.01, height=0.1, position=(0.2, 0.0, 0.0))]
    for size in (None, 0.03):
        plain, fine = (target_sizes(all_solids(parts), MeshSettings(size=size, refine=f)) for f in (1.0, 2.0))
        assert fine == pytest.approx(plain / 2, rel=1e-15)


def test_curvature_counts_cells_around_a_turn() -> None:
    """48 cells around a can: the polygon lacks a quarter of what that of 24 lacks."""
    can = Cylinder(name="can", material="al", coating="w", radius=0.01, height=0.02, mesh=0.01)
    lacking = []
    for cells in (24, 48):
        mesh = assemble([can], MeshSettings(curvature=cells))
        side = mesh.facets[mesh.facet_face == mesh.face_names.index("can:side")]
        lacking.append(1 - np.hypot(*mesh.points[side].mean(axis=1)[:, :2].T).mean() / 0.01)
    assert lacking[0] / lacking[1] == pytest.approx(4.0, rel=0.1)
