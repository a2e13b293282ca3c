"""The outside of a body with few vertices and the temperatures of its kept moments, for pages and files that are looked at elsewhere."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder.fields import ViewError, frames
from heliorack.runfolder.frame_file import temperatures
from heliorack.runfolder.history import read_history
from heliorack.runtime.graphics import quiet_vtk

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_VERTICES, MOST_MOMENTS = 5000, 36
SHARP = 15.0  #: angle between facets that is an edge of the body, and stays one [deg]


@dataclass(frozen=True, slots=True, eq=False)
class LightSurface:
    """Some nodes of the mesh and the triangles between them; every vertex is a node and has the node's own temperature."""

    points: Floats  #: (n, 3) m
    triangles: Ints  #: (t, 3) outward
    part: Ints  #: (t,)
    part_names: tuple[str, ...]
    edges: Ints  #: (e, 2) vertices at the ends of the body's sharp edges
    times: Floats  #: (k,) s
    value: NDArray[np.float32]  #: (k, n) degC
    whole: int  #: triangles of the outside of the mesh, of which `triangles` are what is left
    left_out: tuple[str, ...] = ()  #: parts that are not shown: too many for the vertices


def light_surface(run_dir: Path, most: int = MOST_VERTICES, moments: int = MOST_MOMENTS) -> LightSurface:
    """The outside of the mesh of a run by at most so many vertices, at so many of its moments, the hottest and the coldest among them.

    Raises:
        ViewError: the run keeps no fields, or they cannot be read.
    """
    index = run_dir / "fields.pvd"
    return _light(run_dir, index.stat().st_mtime_ns if index.exists() else 0, most, moments)


@lru_cache(maxsize=8)
def _light(run_dir: Path, changed: int, most: int, moments: int) -> LightSurface:
    """A run writes a page of its own and one of all load cases, from the same fields."""
    import pyvista

    quiet_vtk()
    kept = _chosen(run_dir, moments)
    try:
        grid = pyvista.read(kept[0].path)
        grid.point_data["node"] = np.arange(grid.n_points)
        outside = grid.extract_surface(algorithm="dataset_surface", pass_pointid=False, pass_cellid=False)
        names = tuple(str(name) for name in grid.field_data["part_names"])
        pieces, left_out = _pieces(outside, most)
        node, points, triangles, part, edges = _joined(pieces)
        fields = [temperatures(frame.path)[node] for frame in kept]
    except (OSError, KeyError, ValueError, IndexError) as error:
        raise ViewError(f"{run_dir} holds fields that cannot be read ({error}); run the case again") from error
    return LightSurface(
        points=points, triangles=triangles, part=part, part_names=names, edges=edges, times=np.array([frame.time for frame in kept]),
        value=np.array(fields, dtype=np.float32), whole=outside.n_cells, left_out=tuple(names[i] for i in left_out),
    )  # fmt: skip


def _chosen(run_dir: Path, most: int) -> list[Any]:
    """Kept moments: all, or evenly spaced ones with the hottest and the coldest of the run."""
    kept = frames(run_dir)
    if len(kept) <= most:
        return list(kept)
    history = read_history(run_dir)
    times = [frame.time for frame in kept]
    high = np.max([values for name, values in history.items() if name.endswith(" max_degC")], axis=0)
    low = np.min([values for name, values in history.items() if name.endswith(" min_degC")], axis=0)
    ends = {int(np.argmax(np.interp(times, history["time_s"], high))), int(np.argmin(np.interp(times, history["time_s"], low)))}
    even = np.linspace(0, len(kept) - 1, most - len(ends)).round().astype(int)
    return [kept[i] for i in sorted(ends | set(even.tolist()))]


def _pieces(outside: Any, most: int) -> tuple[list[tuple[int, Any]], list[int]]:
    """The surface of every part by itself, with few enough vertices all together; and parts that even so are too many."""
    part = np.asarray(outside.cell_data["part"])
    whole = [(int(i), outside.extract_cells(np.flatnonzero(part == i)).extract_surface(algorithm=None)) for i in np.unique(part)]
    made, share = whole, 1.0
    while sum(piece.n_points for _, piece in made) > most and share > 0.01:
        share *= min(0.9, most / sum(piece.n_points for _, piece in made))
        made = [(i, _fewer(piece, share)) for i, piece in whole]
    ordered = sorted(range(len(made)), key=lambda k: -made[k][1].area)
    fits = np.cumsum([made[k][1].n_points for k in ordered]) <= most
    shown = sorted(k for k, fit in zip(ordered, fits, strict=True) if fit)
    return [made[k] for k in shown], [made[k][0] for k in range(len(made)) if k not in shown]


def _fewer(piece: Any, share: float) -> Any:
    """A part with about such a share of its vertices; those that stay are where they were."""
    if piece.n_points <= 8:
        return piece
    made = piece.decimate_pro(1.0 - share, feature_angle=SHARP, preserve_topology=True, boundary_vertex_deletion=True)
    return made if made.n_points else piece


def _joined(pieces: list[tuple[int, Any]]) -> tuple[Ints, Floats, Ints, Ints, Ints]:
    """Node of every vertex, vertices, triangles, part of each, and sharp edges."""
    nodes, points, triangles, part, edges, first = [], [], [], [], [], 0
    for i, piece in pieces:
        faces = np.asarray(piece.faces.reshape(-1, 4)[:, 1:], dtype=np.int64)
        nodes.append(np.asarray(piece.point_data["node"], dtype=np.int64))
        points.append(np.asarray(piece.points, dtype=float))
        triangles.append(faces + first)
        part.append(np.full(len(faces), i, dtype=np.int64))
        edges.append(sharp_edges(points[-1], faces) + first)
        first += piece.n_points
    return np.concatenate(nodes), np.vstack(points), np.vstack(triangles), np.concatenate(part), np.vstack(edges)


def sharp_edges(points: Floats, triangles: Ints) -> Ints:
    """Edges of one triangle alone, and those between two that meet at more than `SHARP`, (e, 2)."""
    a, b, c = np.moveaxis(points[triangles], 1, 0)
    normal = np.cross(b - a, c - a)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-300)
    every = np.sort(np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    owner = np.tile(np.arange(len(triangles)), 3)
    found, which, count = np.unique(every, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(which, kind="stable")
    start = np.concatenate([[0], np.cumsum(count)[:-1]])
    one, other = owner[order[start]], owner[order[start + count - 1]]
    flat = (normal[one] * normal[other]).sum(axis=1) > np.cos(np.radians(SHARP))
    return np.asarray(found[(count != 2) | ~flat], dtype=np.int64)
