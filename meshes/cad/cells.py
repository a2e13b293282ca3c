"""From the cells of a mesh file to linear tetrahedra: corners, splits, nodes that coincide, cells that are there twice.

A wedge, pyramid or hexahedron is cut from its corner of the lowest number to the faces that do not hold it, each of them across its own
corner of the lowest number. Cells that share a face so cut it alike (Dompierre, Labbe, Vallet and Camarero, 1999).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from meshes.assembly import Floats, Ids
from meshes.cad.imported import Label
from meshes.cad.raw_mesh import Block, RawMesh, Sets
from meshes.errors import GeometryError
from meshes.measure import cell_volumes

COINCIDENT = 1e-6  #: of the extent of a file: nodes that near are one; files in single precision keep to it
OF_EDGE = 0.01  #: of the shortest edge, the most that nodes may lie apart to be one
STRAIGHT = 1e-6  #: of the extent; nodes on edges may lie that far from their middle without a word

FACES: dict[int, tuple[tuple[int, ...], ...]] = {
    5: ((0, 3, 2, 1), (0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4)),
    6: ((0, 2, 1), (3, 4, 5), (0, 1, 4, 3), (1, 2, 5, 4), (2, 0, 3, 5)),
    8: ((0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)),
}  #: corners of the faces of a cell, outward
NAMES = {4: "tetrahedra", 5: "pyramids", 6: "wedges", 8: "hexahedra"}


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The tetrahedra of a mesh file."""

    points: Floats  #: (n, 3) in the file's unit
    cells: Ids  #: (c, 4)
    group: NDArray[np.int64]  #: (c,) index into `sets`
    labels: tuple[Label, ...]
    sets: tuple[frozenset[int], ...]  #: groups, as indices into `labels`, that cells belong to together
    said: tuple[str, ...] = ()  #: what was assumed


def tetrahedral(raw: RawMesh, where: str, file: str) -> Cells:
    """The volume of a mesh file in linear tetrahedra.

    Args:
        where: Part and file, for errors.
        file: Name of the file, for what is said.

    Raises:
        GeometryError: nothing has a volume; a point that is not finite; a cell that is folded.
    """
    solid = [block for block in raw.blocks if block.corners and len(block.nodes)]
    if not solid:
        kinds = ", ".join(sorted({block.kind for block in raw.blocks if len(block.nodes)})) or "no cells"
        raise GeometryError(f"{where} holds no tetrahedra, nor other cells that have a volume ({kinds}); export a mesh of the volume")
    _refuse_nan(raw, solid, where)
    said = _corners_said(raw, solid, file)
    solid, merged = _merged(raw.points, solid)
    if merged:
        said.append(f"{file}: {merged} nodes lay where others lie and were merged with them.")
    parts = [_split(raw.points, block, where) for block in solid]
    cut = {name: sum(len(b.nodes) for b in solid if b.corners == n) for n, name in NAMES.items() if n > 4}
    said += [f"{file}: {count} {name} are cut into tetrahedra." for name, count in cut.items() if count]
    cells = np.concatenate([nodes for nodes, _ in parts])
    group = np.concatenate([number for _, number in parts])
    said += _left_out(raw, [block for block in raw.blocks if block.corners], file)
    made = Cells(raw.points, cells, group, raw.labels, raw.sets)
    made, twice = _once(made)
    if twice:
        said.append(f"{file}: {twice} cells are there twice and count once.")
    return replace(made, said=tuple(said))


def _refuse_nan(raw: RawMesh, solid: list[Block], where: str) -> None:
    used = np.unique(np.concatenate([block.nodes.ravel() for block in solid]))
    bad = used[~np.isfinite(raw.points[used]).all(axis=1)]
    if len(bad):
        x, y, z = raw.points[bad[0]].tolist()
        more = f", and {len(bad) - 1} more" if len(bad) > 1 else ""
        raise GeometryError(f"{where}: node {raw.number[bad[0]]} lies at ({x:g}, {y:g}, {z:g}){more}; mend the file where it was made")


def _corners_said(raw: RawMesh, solid: list[Block], file: str) -> list[str]:
    """That cells with nodes on their edges are read by their corners, and how far those of tetrahedra lie from straight edges."""
    count = sum(len(block.nodes) for block in solid if block.nodes.shape[1] > block.corners)
    if not count:
        return []
    used = np.unique(np.concatenate([block.nodes[:, : block.corners].ravel() for block in solid]))
    extent = float(np.ptp(raw.points[used], axis=0).max())
    bent = 0.0
    for block in solid:
        if block.corners == 4:
            corner = raw.points[block.nodes[:, :4]]
            middles = np.stack([(corner[:, i] + corner[:, j]) / 2 for i in range(4) for j in range(i)], axis=1)
            for column in range(4, min(block.nodes.shape[1], 10)):
                away = np.linalg.norm(middles - raw.points[block.nodes[:, column]][:, None], axis=2).min(axis=1)
                bent = max(bent, float(away.max()))
    curved = f"; edges that bulge by up to {bent:.3g} of its units are straight here" if bent > STRAIGHT * extent else ""
    return [f"{file}: {count} cells of higher order are read by their corners{curved}."]


def _split(points: Floats, block: Block, where: str) -> tuple[Ids, NDArray[np.int64]]:
    """Tetrahedra (t, 4) of a block and the set of each."""
    corner = block.nodes[:, : block.corners]
    if block.corners == 4:
        return corner, block.group
    pieces, owner = [], []
    lowest = corner.argmin(axis=1)
    for tip in range(block.corners):
        rows = np.flatnonzero(lowest == tip)
        for face in (face for face in FACES[block.corners] if tip not in face):
            for triangle in _triangles(corner[rows][:, face]):
                pieces.append(np.column_stack([corner[rows, tip], triangle]))
                owner.append(rows)
    cells, mine = np.concatenate(pieces), np.concatenate(owner)
    ranked = np.sort(cells, axis=1)
    whole = (ranked[:, 1:] != ranked[:, :-1]).all(axis=1)  # not with corners that coincide, as where a hexahedron stands for a wedge
    cells, mine = cells[whole], mine[whole]
    order = np.argsort(mine, kind="stable")
    cells, mine = cells[order], mine[order]
    _refuse_folded(points, corner, cells, mine, block, where)
    return cells, block.group[mine]


def _triangles(face: Ids) -> list[Ids]:
    """A face (c, 3 or 4) as triangles; a quadrangle is cut from its corner of the lowest number."""
    if face.shape[1] == 3:
        return [face]
    turned = np.take_along_axis(face, (face.argmin(axis=1)[:, None] + np.arange(4)) % 4, axis=1)
    return [turned[:, [0, 1, 2]], turned[:, [0, 2, 3]]]


def _refuse_folded(points: Floats, corner: Ids, cells: Ids, mine: Ids, block: Block, where: str) -> None:
    """Raise GeometryError where the tetrahedra of a cell turn both ways: it is folded, or its corners are in no known order."""
    volume = cell_volumes(points, cells)
    whole = np.bincount(mine, weights=volume, minlength=len(corner))
    held = np.bincount(mine, weights=abs(volume), minlength=len(corner))
    folded = np.flatnonzero(held - abs(whole) > 1e-9 * held)
    if len(folded):
        x, y, z = points[corner[folded[0]]].mean(axis=0).tolist()
        raise GeometryError(
            f"{where}: {len(folded)} {NAMES[block.corners]} are folded or have their corners in a wrong order, the first near "
            f"({x:g}, {y:g}, {z:g}) in the file's unit; mend the mesh, or export tetrahedra"
        )


def _left_out(raw: RawMesh, solid: list[Block], file: str) -> list[str]:
    """Edges and faces of no cell that has a volume: they are part of no solid."""
    used = np.zeros(len(raw.points), dtype=bool)
    for block in solid:
        used[block.nodes.ravel()] = True
    loose: dict[str, int] = {}
    for block in raw.blocks:
        if not block.corners and block.nodes.shape[1] > 1:
            count = int((~used[block.nodes]).any(axis=1).sum())
            loose[block.kind] = loose.get(block.kind, 0) + count
    said = ", ".join(f"{count} {kind}" for kind, count in sorted(loose.items()) if count)
    return [f"warning: {file}: {said} that belong to no solid are left out: they carry no heat here."] if said else []


def _merged(points: Floats, solid: list[Block]) -> tuple[list[Block], int]:
    """Corners that lie on one another made one, before anything is cut; how many went."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    used = np.unique(np.concatenate([block.nodes[:, : block.corners].ravel() for block in solid]))
    place, shortest = points[used], np.inf
    for block in solid:
        corner = points[block.nodes[:, : block.corners]]
        for i in range(block.corners):
            apart = np.linalg.norm(corner[:, i + 1 :] - corner[:, i : i + 1], axis=2)
            shortest = min(shortest, float(apart[apart > 0].min(initial=np.inf)))
    near = min(COINCIDENT * float(np.linalg.norm(np.ptp(place, axis=0))), OF_EDGE * shortest)
    pairs = cKDTree(place).query_pairs(near, output_type="ndarray")
    if not len(pairs):
        return solid, 0
    n = len(used)
    count, label = connected_components(coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n)), directed=False)
    first = np.full(count, n)
    np.minimum.at(first, label, np.arange(n))
    stands = np.arange(len(points))
    stands[used] = used[first[label]]
    return [replace(block, nodes=stands[block.nodes]) for block in solid], n - count


def _once(mesh: Cells) -> tuple[Cells, int]:
    """Every cell once, in all its groups; how many were there again in the same groups."""
    ranked = np.sort(mesh.cells, axis=1)
    order = np.lexsort(ranked.T)
    again = (ranked[order[1:]] == ranked[order[:-1]]).all(axis=1)
    if not again.any():
        return mesh, 0
    sets = Sets()
    for groups in mesh.sets:
        sets.of(groups)
    group, twice = mesh.group.copy(), 0
    keep = np.ones(len(mesh.cells), dtype=bool)
    starts = np.flatnonzero(np.r_[True, ~again])
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
        if end - start == 1:
            continue
        rows = np.sort(order[start:end])
        belongs = [mesh.sets[k] for k in group[rows].tolist()]
        twice += len(rows) - len(set(belongs))
        group[rows[0]] = sets.of(frozenset().union(*belongs))
        keep[rows[1:]] = False
    found, group = np.unique(group[keep], return_inverse=True)
    return replace(mesh, cells=mesh.cells[keep], group=group, sets=tuple(sets.all[k] for k in found.tolist())), twice
