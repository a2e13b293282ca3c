"""Heat that is conducted in the body at a moment: its flux by cell, and the arrows that show its way."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder.fields import CONDUCTIVITY, ViewError
from heliorack.runfolder.surface import Surface

Floats = NDArray[np.float64]

ACROSS = 26  #: arrows along the size of the body
LONGEST, SHORTEST = 1.5, 0.2  #: of the distance between arrows; a shorter one is left out


def flux(grid: Any) -> Floats:
    """Conducted heat flux -k grad T of every tetrahedron of a frame, (c, 3) [W/m2].

    Raises:
        ViewError: the frame does not say how its parts conduct: it was written before that was kept.
    """
    if CONDUCTIVITY not in grid.field_data:
        raise ViewError("the run does not keep how its parts conduct, it was run before that was kept: run the case again")
    cells = np.asarray(grid.cells.reshape(-1, 5)[:, 1:], dtype=np.int64)
    corners = np.asarray(grid.points, dtype=float)[cells]
    T = np.asarray(grid.point_data["temperature_degC"], dtype=float)[cells]
    gradient = np.linalg.solve(corners[:, 1:] - corners[:, :1], (T[:, 1:] - T[:, :1])[..., None])[..., 0]
    k = np.asarray(grid.field_data[CONDUCTIVITY], dtype=float).reshape(-1, 3, 3)[np.asarray(grid.cell_data["part"], dtype=np.int64)]
    return -np.einsum("cij,cj->ci", k, gradient)


def arrows(surface: Surface) -> tuple[Floats, Floats]:
    """Middles and arrows of a surface with directions, (a, 3) each [m]: one for each cube of space and part, at the mean by area."""
    assert surface.vector is not None
    centre, area = surface.points[surface.triangles].mean(axis=1), surface.areas()
    spacing = float(np.linalg.norm(np.ptp(surface.points, axis=0))) / ACROSS
    a, b, c = (surface.points[surface.triangles[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    axis = np.abs(normal).argmax(axis=1)
    side = 2 * axis + (normal[np.arange(len(axis)), axis] > 0)  # the two sides of a plate are not mixed
    place = np.column_stack([np.floor((centre - surface.points.min(axis=0)) / spacing).astype(np.int64), surface.part, side])
    _, cube = np.unique(place, axis=0, return_inverse=True)
    cube = cube.ravel()
    total = np.maximum(np.bincount(cube, area), 1e-300)
    middle, mean = (
        np.column_stack([np.bincount(cube, area * values[:, k]) / total for k in range(3)]) for values in (centre, surface.vector)
    )
    size = np.linalg.norm(mean, axis=1)
    usual = float(np.percentile(size, 95)) if len(size) else 0.0
    length = LONGEST * spacing * np.minimum(size / max(usual, 1e-300), 1.0)
    shown = length > SHORTEST * spacing
    return middle[shown], (mean / np.maximum(size, 1e-300)[:, None] * length[:, None])[shown]


def glyphs(pyvista: Any, middle: Floats, arrow: Floats) -> Any:
    """Arrows as PyVista draws them."""
    cloud = pyvista.PolyData(middle - 0.5 * arrow)
    cloud.point_data["way"] = arrow
    cloud.point_data["length"] = np.linalg.norm(arrow, axis=1)
    shape = pyvista.Arrow(tip_length=0.4, tip_radius=0.13, shaft_radius=0.045, tip_resolution=12, shaft_resolution=8)
    return cloud.glyph(orient="way", scale="length", factor=1.0, geom=shape)
