"""What of the body a picture shows: some of its parts, cut open by a plane, coloured over a given range."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.patterns import matching, unmatched
from heliorack.runfolder.fields import ViewError, read_surface
from heliorack.runfolder.surface import Surface
from heliorack.runtime.graphics import quiet_vtk

Floats = NDArray[np.float64]

PLANE = re.compile(r"([+-]?)([xyz])(?:=([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))?$")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """All of it by default."""

    parts: tuple[str, ...] = ()  #: patterns; none: all
    slice: str | None = None  #: "y": through the middle; "y=0.1": at 0.1 m; "-y": the other half stays
    limits: tuple[float, float] | None = None  #: ends of the colours; None: those of what is shown

    def surface(self, path: Path) -> Surface:
        """The outside of what is shown of a frame, with the face of the cut.

        Raises:
            ViewError: no such part or plane, or nothing is left.
        """
        return self.of(read_surface(path) if self.slice is None else _cut(path, self.slice))

    def of(self, surface: Surface) -> Surface:
        """The parts that are shown of a surface."""
        if not self.parts:
            return surface
        names = [surface.part_names[i] for i in surface.present()]
        for pattern in self.parts:
            if not matching(pattern, names):
                raise ViewError(f"--parts {pattern}: {unmatched(pattern, names, 'part')}")
        wanted = matching(self.parts, names)
        return surface.only([i for i in surface.present() if surface.part_names[i] in wanted])

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


def _cut(path: Path, text: str) -> Surface:
    """The outside of one half of a frame."""
    import pyvista

    axis, place, upper = plane(text)
    quiet_vtk()
    grid: Any = pyvista.read(path)
    origin = np.array(grid.center)
    origin[axis] = origin[axis] if place is None else place
    normal = np.zeros(3)
    normal[axis] = 1.0
    outside = grid.extract_surface(algorithm="dataset_surface", pass_pointid=False, pass_cellid=False)
    half = outside.clip(normal=normal, origin=origin, invert=not upper).extract_surface(algorithm=None).triangulate()
    if not half.n_cells:
        raise ViewError(
            f"--slice {text}: nothing of the body is left; it goes from {grid.bounds[2 * axis]:.3g} to {grid.bounds[2 * axis + 1]:.3g} m"
        )
    face = grid.slice(normal=normal if not upper else -normal, origin=origin).triangulate()
    pieces = [piece for piece in (half, face) if piece.n_cells]
    first = np.cumsum([0, *(piece.n_points for piece in pieces)])
    return Surface(
        points=np.vstack([np.asarray(piece.points, dtype=float) for piece in pieces]),
        triangles=np.vstack(
            [np.asarray(piece.faces.reshape(-1, 4)[:, 1:], dtype=np.int64) + n for piece, n in zip(pieces, first[:-1], strict=True)]
        ),
        part=np.concatenate([np.asarray(piece.cell_data["part"], dtype=np.int64) for piece in pieces]),
        value=np.concatenate([np.asarray(piece.point_data["temperature_degC"], dtype=float) for piece in pieces]),
        part_names=tuple(str(name) for name in grid.field_data["part_names"]),
    )


def over(surfaces: list[Surface], excerpt: Excerpt) -> tuple[float, float]:
    """Ends of the colours for several moments of one body."""
    ends = [excerpt.range(surface) for surface in surfaces]
    return min(low for low, _ in ends), max(high for _, high in ends)
