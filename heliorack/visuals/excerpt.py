"""What of the body a picture shows: parts, a half, what lies in a range of temperature, surfaces of one temperature; pulled apart."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.patterns import matching, unmatched
from heliorack.runfolder.fields import ViewError, read_surface
from heliorack.runfolder.quantity import FLUX, TEMPERATURE, Quantity
from heliorack.runfolder.surface import Surface
from heliorack.runtime.graphics import quiet_vtk
from heliorack.visuals.heat_flux import flux

Floats = NDArray[np.float64]

SHOWN = replace(TEMPERATURE, said="a label gives the highest temperature of what is shown of its part")
MOST_LEVELS = 30  #: surfaces of one temperature that a number may ask for

PLANE = re.compile(r"([+-]?)([xyz])(?:=([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))?$")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """All of it by default."""

    parts: tuple[str, ...] = ()  #: patterns; none: all
    slice: str | None = None  #: "y": through the middle; "y=0.1": at 0.1 m; "-y": the other half stays
    limits: tuple[float, float] | None = None  #: ends of the colours; None: those of what is shown
    threshold: tuple[float, float] | None = None  #: degC; what is colder or hotter is left out
    iso: str | None = None  #: "5": so many surfaces of one temperature inside the body; "40,50": at these [degC]
    explode: float = 0.0  #: parts apart, in their distances from the middle of the body

    def surface(self, path: Path, quantity: Quantity = TEMPERATURE) -> Surface:
        """The outside of what is shown of a frame, with the face of the cut; or temperature's own surfaces.

        Raises:
            ViewError: no such part or plane, or nothing is left; the frame does not say how its parts conduct.
        """
        if self.slice is None and self.threshold is None and self.iso is None and quantity is TEMPERATURE:
            return self.of(read_surface(path))
        import pyvista

        quiet_vtk()
        grid: Any = pyvista.read(path)
        if quantity is FLUX:
            grid.cell_data[FLUX.key] = flux(grid)
        elif quantity is TEMPERATURE and self._leaves_out(np.asarray(grid.point_data["temperature_degC"])):
            quantity = SHOWN
        if self.threshold is not None:
            grid = _between(grid, *self.threshold)
        names = tuple(str(name) for name in grid.field_data["part_names"])
        if self.iso is not None:
            pieces = _levels(grid, self.iso)
        elif self.slice is not None:
            pieces = _cut(grid, self.slice)
        else:
            pieces = [grid.extract_surface(algorithm="dataset_surface", pass_pointid=False, pass_cellid=False).triangulate()]
        return self.of(_joined(pieces, names, quantity))

    def _leaves_out(self, values: Floats) -> bool:
        """Whether parts of temperatures [degC] of the body are cut."""
        trimmed = self.threshold is not None and not (self.threshold[0] <= values.min() and values.max() <= self.threshold[1])
        return self.slice is not None or self.iso is not None or trimmed

    def of(self, surface: Surface) -> Surface:
        """The parts that are shown of a surface."""
        if not self.parts:
            return surface.exploded(self.explode) if self.explode else surface
        names = [surface.part_names[i] for i in surface.present()]
        for pattern in self.parts:
            if not matching(pattern, names):
                raise ViewError(f"--parts {pattern}: {unmatched(pattern, names, 'part')}")
        wanted = matching(self.parts, names)
        some = surface.only([i for i in surface.present() if surface.part_names[i] in wanted])
        return some.exploded(self.explode) if self.explode else some

    def range(self, surface: Surface) -> tuple[float, float]:
        """Ends of the colours."""
        return surface.limits() if self.limits is None else self.limits


def plane(text: str) -> tuple[int, float | None, bool]:
    """Axis, place [m] (None: the middle) and whether the upper half stays.

    Raises:
        ViewError: it says no plane.

    >>> plane("y=0.1"), plane("-x")
    ((1, 0.1, False), (0, None, True))
    """
    found = PLANE.match(text.replace(" ", ""))
    if found is None:
        raise ViewError(
            f"--slice {text}: give an axis, and where it is cut in metres, as in --slice y or --slice y=0.1 (-y keeps the other half)"
        )
    sign, axis, place = found.groups()
    return "xyz".index(axis), None if place is None else float(place), sign == "-"


def _cut(grid: Any, text: str) -> list[Any]:
    """The outside of one half of a mesh, and the face of the cut."""
    axis, place, upper = plane(text)
    origin = np.array(grid.center)
    origin[axis] = origin[axis] if place is None else place
    normal = np.zeros(3)
    normal[axis] = 1.0
    # VTK makes one of nodes that lie on one another, also of two parts; a clip of cells keeps them apart, and a cut of one part alone
    outside = grid.extract_surface(algorithm="dataset_surface", pass_pointid=False, pass_cellid=False).cast_to_unstructured_grid()
    half = outside.clip(normal=normal, origin=origin, invert=not upper)
    if not half.n_cells:
        raise ViewError(
            f"--slice {text}: nothing of the body is left; it goes from {grid.bounds[2 * axis]:.3g} to {grid.bounds[2 * axis + 1]:.3g} m"
        )
    low, high = grid.bounds[2 * axis], grid.bounds[2 * axis + 1]
    if not low <= origin[axis] <= high:
        raise ViewError(f"--slice {text}: cuts nothing of the body; it goes from {low:.3g} to {high:.3g} m")
    half = half.extract_surface(algorithm="dataset_surface", pass_pointid=False, pass_cellid=False).triangulate()
    part = np.asarray(grid.cell_data["part"])
    pieces = (grid.extract_cells(np.flatnonzero(part == i)) for i in np.unique(part))
    across = [piece for piece in pieces if piece.bounds[2 * axis] <= origin[axis] <= piece.bounds[2 * axis + 1]]
    return [half, *(piece.slice(normal=normal if not upper else -normal, origin=origin).triangulate() for piece in across)]


def _between(grid: Any, low: float, high: float) -> Any:
    """What of a mesh lies between two temperatures [degC], cut along them."""
    values = np.asarray(grid.point_data["temperature_degC"])
    names = grid.field_data["part_names"]
    for end, upper in ((low, False), (high, True)):
        if grid.n_cells:
            grid = grid.clip_scalar(scalars="temperature_degC", value=end, invert=upper)
    if not grid.n_cells:
        raise ViewError(
            f"--threshold {low:g} {high:g}: nothing of the body is left; it goes from {values.min():.1f} to {values.max():.1f} degC"
        )
    grid.field_data["part_names"] = names
    return grid


def levels(text: str, low: float, high: float) -> list[float]:
    """Temperatures of surfaces [degC] within a range: as many as said, or those that are said.

    Raises:
        ViewError: it says neither.

    >>> levels("3", 0.0, 40.0), levels("15, 12.5", 0.0, 40.0)
    ([10.0, 20.0, 30.0], [15.0, 12.5])
    """
    try:
        given = [float(piece) for piece in text.split(",")]
    except ValueError:
        given = []
    if not given or not np.isfinite(given).all() or (len(given) == 1 and "." not in text and not 1 <= given[0] <= MOST_LEVELS):
        raise ViewError(f"--iso {text}: give how many (1 to {MOST_LEVELS}), or temperatures in degC, as in --iso 6 or --iso 40.0,50,60")
    if len(given) > 1 or "." in text:
        return given
    count = int(given[0])
    return [low + (high - low) * k / (count + 1) for k in range(1, count + 1)]


def _levels(grid: Any, text: str) -> list[Any]:
    """Surfaces of one temperature, part by part."""
    values, part = np.asarray(grid.point_data["temperature_degC"], dtype=float), np.asarray(grid.cell_data["part"])
    asked, pieces = levels(text, float(values.min()), float(values.max())), []
    for i in np.unique(part):
        piece = grid.extract_cells(np.flatnonzero(part == i)).contour(asked, scalars="temperature_degC")
        if piece.n_cells:
            piece = piece.triangulate()
            piece.cell_data["part"] = np.full(piece.n_cells, i)
            pieces.append(piece)
    if not pieces:
        raise ViewError(f"--iso {text}: no part has that temperature; the body goes from {values.min():.1f} to {values.max():.1f} degC")
    return pieces


def _joined(pieces: list[Any], names: tuple[str, ...], quantity: Quantity) -> Surface:
    """Pieces of triangles as one surface."""
    pieces = [piece for piece in pieces if piece.n_cells]
    first = np.cumsum([0, *(piece.n_points for piece in pieces)])
    vector = np.vstack([np.asarray(piece.cell_data[FLUX.key], dtype=float) for piece in pieces]) if quantity is FLUX else None
    temperature = np.concatenate([np.asarray(piece.point_data["temperature_degC"], dtype=float) for piece in pieces])
    return Surface(
        points=np.vstack([np.asarray(piece.points, dtype=float) for piece in pieces]),
        triangles=np.vstack(
            [np.asarray(piece.faces.reshape(-1, 4)[:, 1:], dtype=np.int64) + n for piece, n in zip(pieces, first[:-1], strict=True)]
        ),
        part=np.concatenate([np.asarray(piece.cell_data["part"], dtype=np.int64) for piece in pieces]),
        value=temperature if vector is None else np.linalg.norm(vector, axis=1),
        part_names=names,
        quantity=quantity,
        vector=vector,
    )


def over(surfaces: list[Surface], excerpt: Excerpt) -> tuple[float, float]:
    """Ends of the colours for several moments of one body."""
    ends = [excerpt.range(surface) for surface in surfaces]
    return min(low for low, _ in ends), max(high for _, high in ends)
