"""`tubes.npz` of a run folder: where the tubes of coolant loops run, and the temperature of their fluid."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder.surface import Surface

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NAME = "tubes.npz"
SIDES = 6  #: of a drawn tube
THICK = 0.004  #: of the body's extent, least radius of a drawn tube


@dataclass(frozen=True, slots=True, eq=False)
class Tubes:
    """Lines of all drawn segments, one after another."""

    names: tuple[str, ...]  #: of segments, as "coolant.plate"
    points: Floats  #: (n, 3) m
    line: Ints  #: (n,) number of the line of each point
    segment: Ints  #: (n,) its segment
    radius: Floats  #: (segments,) m, of one tube
    times: Floats  #: (k,) s
    value: Floats  #: (k, n) fluid at the points [degC]

    def at(self, time: float) -> Floats:
        """Fluid at the points at a time [s], (n,) degC."""
        return np.array([np.interp(time, self.times, one) for one in self.value.T])

    def skin(self, extent: float) -> tuple[Floats, Ints, Ints]:
        """Points (v, 3) of the drawn tubes, the point of a line that each stands for (v,), and triangles (t, 3).

        Args:
            extent: Of the body, by which the least thickness goes [m].
        """
        turns = 2 * np.pi * np.arange(SIDES) / SIDES
        points, source, triangles, first = [], [], [], 0
        for number in np.unique(self.line):
            mine = np.flatnonzero(self.line == number)
            p = self.points[mine]
            way = np.gradient(p, axis=0)
            way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-12)
            side = np.cross(way, np.eye(3)[int(np.argmin(np.abs(way).max(axis=0)))])
            side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-12)
            radius = max(float(self.radius[self.segment[mine[0]]]), THICK * extent)
            ring = np.cos(turns)[None, :, None] * side[:, None] + np.sin(turns)[None, :, None] * np.cross(way, side)[:, None]
            points.append((p[:, None] + radius * ring).reshape(-1, 3))
            source.append(np.repeat(mine, SIDES))
            i, j = (k.ravel() for k in np.meshgrid(np.arange(len(p) - 1), np.arange(SIDES), indexing="ij"))
            a, b = first + i * SIDES + j, first + i * SIDES + (j + 1) % SIDES
            triangles += [np.stack([a, b, a + SIDES], axis=1), np.stack([b, b + SIDES, a + SIDES], axis=1)]
            first += len(p) * SIDES
        return np.vstack(points), np.concatenate(source), np.vstack(triangles)

    def added(self, surface: Surface, time: float) -> Surface:
        """A surface of temperatures with the tubes at a time [s], each segment as a part of its own."""
        points, source, triangles = self.skin(float(np.linalg.norm(np.ptp(surface.points, axis=0))))
        part = self.segment[source[triangles[:, 0]]] + len(surface.part_names)
        return Surface(
            np.vstack([surface.points, points]),
            np.vstack([surface.triangles, triangles + len(surface.points)]),
            np.concatenate([surface.part, part]),
            np.concatenate([surface.value, self.at(time)[source]]),
            (*surface.part_names, *self.names),
            surface.quantity,
        )


def write(tubes: Tubes, path: Path) -> None:
    """Into a run folder."""
    np.savez_compressed(
        path,
        names=np.array(tubes.names),
        points_m=tubes.points,
        line=tubes.line,
        segment=tubes.segment,
        radius_m=tubes.radius,
        time_s=tubes.times,
        fluid_degC=tubes.value.astype(np.float32),
    )


def read(run_dir: Path) -> Tubes | None:
    """Of a run; None where it has none."""
    path = run_dir / NAME
    if not path.exists():
        return None
    with np.load(path) as found:
        return Tubes(
            tuple(str(name) for name in found["names"]),
            found["points_m"],
            found["line"],
            found["segment"],
            found["radius_m"],
            found["time_s"],
            found["fluid_degC"].astype(float),
        )
