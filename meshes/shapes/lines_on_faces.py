"""Lines over faces of a mesh, as tubes run on them: side by side in one direction, or back and forth."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from meshes.assembly import Assembly

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

PASSES = 6  #: of a line back and forth


def lines_along(mesh: Assembly, faces: Sequence[int], along: Sequence[float], lines: int, count: int) -> list[tuple[Floats, Floats]]:
    """Lines over every face in one direction, each with its points (m, 3) and their places between 0 and `count` (m,).

    Args:
        faces: Numbers of faces; together they have the extent that is cut into `count` strips across the direction.
        along: Direction, in body axes.
        lines: Side by side on each face.
        count: Strips.
    """
    way = np.asarray(along, dtype=float) / np.linalg.norm(along)
    ends = mesh.points[mesh.facets[np.isin(mesh.facet_face, faces)]] @ way
    low, high = float(ends.min()), float(ends.max())
    found = []
    for face in faces:
        made = _frame(mesh, face, way)
        if made is None:
            continue
        corners, forth, across, out = made
        s, a = corners @ way, corners @ across
        slope = float(forth @ way)
        for j in range(lines):
            side = a.min() + (j + 0.5) / lines * np.ptp(a)
            first, last = count * (s.min() - low) / (high - low), count * (s.max() - low) / (high - low)
            place = np.unique(np.concatenate([[first], np.arange(np.ceil(first), np.floor(last) + 1), [last]]))
            place = place[(place >= first) & (place <= last)]
            run = (low + place / count * (high - low) - s.min()) / max(slope, 1e-9)
            found.append((_on(corners, forth, across, out, (corners @ forth).min() + run, side), place))
    return found


def line_back_and_forth(mesh: Assembly, face: int, count: int) -> tuple[Floats, Floats] | None:
    """One line over a whole face, back and forth along its longer side, with places from 0 to `count`."""
    spread = mesh.points[mesh.facets[mesh.facet_face == face]].reshape(-1, 3)
    if not len(spread):
        return None
    way = np.eye(3)[int(np.argmax(np.ptp(spread, axis=0)))]
    made = _frame(mesh, face, way)
    if made is None:
        return None
    corners, forth, across, out = made
    s, a = corners @ forth, corners @ across
    turns = []
    for j in range(PASSES):
        side = a.min() + (j + 0.5) / PASSES * np.ptp(a)
        inset = 0.08 * np.ptp(s)
        runs = np.linspace(s.min() + inset, s.max() - inset, 9)
        turns.append(_on(corners, forth, across, out, runs if j % 2 == 0 else runs[::-1], side))
    points = np.concatenate(turns)
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    return points, count * length / length[-1]


def _frame(mesh: Assembly, face: int, way: Floats) -> tuple[Floats, Floats, Floats, Floats] | None:
    """Corners (m, 3) of a face, and its axes: in the direction, across, outward; None where the direction stands on it."""
    facets = mesh.facets[mesh.facet_face == face]
    if not len(facets):
        return None
    p = mesh.points[facets]
    out = np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]).sum(axis=0)
    size = float(np.linalg.norm(out))
    if size < 1e-3 * np.linalg.norm(np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]), axis=1).sum():  # closed: no side of it is the front
        return None
    out /= size
    forth = way - (way @ out) * out
    if np.linalg.norm(forth) < 1e-6:
        return None
    forth /= np.linalg.norm(forth)
    return mesh.points[np.unique(facets)], forth, np.cross(out, forth), out


def _on(corners: Floats, forth: Floats, across: Floats, out: Floats, runs: Floats, side: float) -> Floats:
    """Points (m, 3) of a line on a face, as high as the nearest corner."""
    flat = np.stack([corners @ forth, corners @ across], axis=1)
    wanted = np.stack([runs, np.full(len(runs), side)], axis=1)
    nearest = np.argmin(((flat[None] - wanted[:, None]) ** 2).sum(axis=2), axis=1)
    return np.asarray(runs[:, None] * forth + side * across + (corners @ out)[nearest][:, None] * out)
