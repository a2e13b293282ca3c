"""Temperatures of a run on the grid points of a structural model, so that every part keeps its mean."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder.fields import ViewError
from meshes.cad.cells import FACES
from meshes.cad.raw_mesh import Block, RawMesh

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

REACH = 0.05  #: of the size of the body, the most that grid points may lie away from it


@dataclass(frozen=True, slots=True, eq=False)
class Mapped:
    """Temperatures of all grid points."""

    value: Floats  #: (n,) degC
    means: dict[str, tuple[float, float]]  #: by part with elements: mean over them, and what was added for it [degC, K]
    said: tuple[str, ...]  #: what stays open


@dataclass(frozen=True, slots=True, eq=False)
class _Elements:
    """Solid and shell elements of a structural model, each of one part of the run."""

    corners: list[Ids]  #: by element
    size: Floats  #: (e,) m3 of solids, m2 of shells
    solid: NDArray[np.bool_]  #: (e,)
    points: list[Ids]  #: by element, with those on its edges
    centre: Floats  #: (e, 3) m


def onto(grid: Any, raw: RawMesh, scale: float) -> Mapped:
    """Temperatures at the grid points of a structural model.

    An element belongs to the part of the run in or nearest to which its middle lies, its points with it. They take the part's temperature
    by shape functions, or of its closest point; a point of several parts the mean of theirs. Then the elements of every part are shifted
    together until their mean, by volume (of shells by area) and the corners, is that of the part in the run.

    Args:
        grid: The run's mesh of tetrahedra [m], `temperature_degC` by node, `part` by cell, `part_names` beside.
        raw: The structural model.
        scale: Metres per unit of it.

    Raises:
        ViewError: a point far from the mesh: another unit, another place.
    """
    points = raw.points * scale
    _refuse_far(grid, points)
    elements = _elements(raw, points)
    if not len(elements.size):
        return Mapped(_sampled(grid, points), {}, ("the model has no elements: temperatures are those of its points, no mean is kept",))
    part = np.asarray(grid.cell_data["part"], dtype=np.int64)
    names = [str(name) for name in grid.field_data["part_names"]]
    owner = part[np.asarray(grid.find_closest_cell(elements.centre))]
    present = np.unique(owner)
    total, among = np.zeros(len(points)), np.zeros((len(points), len(present)))
    for k, p in enumerate(present):
        mine = np.unique(np.concatenate([elements.points[e] for e in np.flatnonzero(owner == p)]))
        among[mine, k] = 1.0
        total[mine] += _sampled(grid.extract_cells(np.flatnonzero(part == p)), points[mine])
    count = among.sum(axis=1)
    free = count == 0
    value = np.where(free, 0.0, total / np.maximum(count, 1.0))
    if free.any():
        value[free] = _sampled(grid, points[free])
    share = among / np.maximum(count, 1.0)[:, None]
    weights = np.array([_weights(elements, owner == p, len(points)) for p in present])
    wanted = np.array([_mean(grid, part == p) for p in present])
    added = np.linalg.lstsq(weights @ share, wanted - weights @ value, rcond=None)[0]
    value = value + share @ added
    missed = [names[p] for p in range(len(names)) if p not in present]
    said = [f"no element lies in {', '.join(missed)}: their temperatures are not on the model"] if missed else []
    off = float(np.abs(weights @ value - wanted).max())
    if off > 1e-6:
        said.append(f"parts that share all their grid points cannot keep means of their own: the worst is off by {off:.2g} K")
    found = {names[p]: (float(mean), float(shift)) for p, mean, shift in zip(present, weights @ value, added, strict=True)}
    return Mapped(value, found, tuple(said))


def _refuse_far(grid: Any, points: Floats) -> None:
    _, closest = grid.find_closest_cell(points, return_closest_point=True)
    apart = np.linalg.norm(np.asarray(closest).reshape(-1, 3) - points, axis=1)
    if apart.max(initial=0.0) > REACH * float(np.linalg.norm(np.ptp(np.asarray(grid.points), axis=0))):
        worst = int(np.argmax(apart))
        said = f"grid point {worst + 1} of {len(points)} lies {apart[worst]:.3g} m from the mesh of the run"
        raise ViewError(f"{said}: another unit (--unit-scale, metres per unit of the file) or another place")


def _sampled(grid: Any, points: Floats) -> Floats:
    """Temperatures at points from a mesh: in cells by their shape functions, elsewhere of the closest point of the mesh."""
    import pyvista

    found = pyvista.PolyData(points).sample(grid, snap_to_closest_point=True)
    return np.asarray(found.point_data["temperature_degC"], dtype=float)


def _mean(grid: Any, mine: NDArray[np.bool_]) -> float:
    """Mean of a part of the run by volume [degC]."""
    cells = np.asarray(grid.cells.reshape(-1, 5)[:, 1:], dtype=np.int64)[mine]
    corners = np.asarray(grid.points, dtype=float)[cells]
    volume = np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1]))
    value = np.asarray(grid.point_data["temperature_degC"], dtype=float)[cells].mean(axis=1)
    return float(volume @ value / volume.sum())


def _elements(raw: RawMesh, points: Floats) -> _Elements:
    """Elements with a volume, or an area."""
    corners: list[Ids] = []
    whole: list[Ids] = []
    size: list[float] = []
    solid: list[bool] = []
    for block in raw.blocks:
        count = block.corners or (4 if block.kind.startswith(("CQUAD", "CSHEAR")) else 3 if block.kind.startswith("CTRI") else 0)
        if not count or not len(block.nodes):
            continue
        corners += list(block.nodes[:, :count])
        whole += list(block.nodes)
        size += (_volumes(points, block) if block.corners else _areas(points[block.nodes[:, :count]])).tolist()
        solid += [bool(block.corners)] * len(block.nodes)
    centre = np.array([points[nodes].mean(axis=0) for nodes in corners]).reshape(-1, 3)
    return _Elements(corners, np.array(size), np.array(solid, dtype=bool), whole, centre)


def _volumes(points: Floats, block: Block) -> Floats:
    """Volumes of solid elements, by tetrahedra from their middle to their faces [m3]."""
    corners = points[block.nodes[:, : block.corners]]
    if block.corners == 4:
        return np.asarray(np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1])) / 6)
    middle = corners.mean(axis=1)
    volume = np.zeros(len(corners))
    for face in FACES[block.corners]:
        for k in range(1, len(face) - 1):
            edges = corners[:, [face[0], face[k], face[k + 1]]] - middle[:, None]
            volume += np.linalg.det(edges) / 6
    return np.abs(volume)


def _areas(corners: Floats) -> Floats:
    """Areas of triangles or quadrangles (c, 3 or 4, 3) [m2]."""
    one, other = (corners[:, 2] - corners[:, 0], corners[:, -1] - corners[:, 1]) if corners.shape[1] == 4 else (
        corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])  # fmt: skip
    return np.asarray(0.5 * np.linalg.norm(np.cross(one, other), axis=1))


def _weights(elements: _Elements, mine: NDArray[np.bool_], count: int) -> Floats:
    """Weights of all grid points in the mean of a part, (n,): of its solid elements, or of its shells where it has no others."""
    chosen = np.flatnonzero(mine & elements.solid) if (mine & elements.solid).any() else np.flatnonzero(mine)
    weights = np.zeros(count)
    for e in chosen:
        np.add.at(weights, elements.corners[e], elements.size[e] / len(elements.corners[e]))
    return np.asarray(weights / weights.sum())
