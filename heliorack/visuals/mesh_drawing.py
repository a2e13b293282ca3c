"""The mesh as drawn: the skin of every part by itself, where it touches others, and how far parts move in an exploded view."""

from collections import deque
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.patterns import siblings
from heliorack.model.body import Body
from heliorack.runfolder.surface import Surface
from heliorack.visuals.labels import Tag
from meshes.split import CELL_FACETS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FREE, CONTACT, BOND = 0, 1, 2  #: what a triangle of a part's skin is
STEP = 0.22  #: times the geometric mean of two parts' diagonals: how far apart an exploded factor of 1 moves them
COLOURS = (
    "#8fb8de", "#c3a6d8", "#9ccfa4", "#e7b7b0", "#b9b9c4", "#d9c58b", "#8cc9c6", "#cfa384", "#a9b4e0", "#c7d58a", "#dba6c6", "#93aebb",
)  # fmt: skip
CONTACT_COLOUR, BOND_COLOUR = "#f28e1c", "#2e9e5b"


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Skins of all parts with nodes of their own, so that each can be moved."""

    surface: Surface
    kind: Ints  #: (t,) FREE, CONTACT or BOND
    part_of_node: Ints  #: (n,)
    groups: tuple[tuple[str, tuple[int, ...]], ...]  #: numbered siblings under one name, and their parts
    materials: tuple[str, ...]  #: of each part
    moves: Floats  #: (p, 3) displacement at an exploded factor of 1 [m]
    links: tuple[tuple[int, int], ...]  #: part and the part that it was moved away from
    factor: float = 0.0  #: how far the parts are moved now

    def exploded(self, factor: float) -> "Drawing":
        """The same with every part moved by `factor` times its displacement."""
        moved = self.surface.points + (factor - self.factor) * self.moves[self.part_of_node]
        return replace(self, surface=replace(self.surface, points=moved), factor=factor)

    def colour(self) -> list[str]:
        """Colour of every part: that of its group."""
        found = [COLOURS[0]] * len(self.materials)
        for n, (_, members) in enumerate(self.groups):
            for i in members:
                found[i] = COLOURS[n % len(COLOURS)]
        return found

    def tags(self) -> list[Tag]:
        """A label for every group: its name and material."""
        return [Tag(f"{label}  {self.materials[members[0]]}", members) for label, members in self.groups]


def drawing(body: Body) -> Drawing:
    """The mesh of a body, ready to be drawn."""
    mesh = body.assembly
    sides = mesh.cells[:, CELL_FACETS].reshape(-1, 3)
    part = np.repeat(mesh.cell_part.astype(np.int64), 4)
    keys = np.column_stack([part, np.sort(sides, axis=1)])
    theirs = np.column_stack([mesh.cell_part[mesh.facet_cell].astype(np.int64), np.sort(mesh.facets, axis=1)])
    _, label, count = np.unique(np.concatenate([keys, theirs]), axis=0, return_inverse=True, return_counts=True)
    label = label.ravel()
    once = np.bincount(label[: len(keys)], minlength=len(count)) == 1
    known = np.full(len(count), -1, dtype=np.int64)
    known[label[len(keys) :]] = np.arange(len(mesh.facets))
    skin = np.flatnonzero(once[label[: len(keys)]])
    facet = known[label[skin]]
    kind = np.where(facet < 0, BOND, np.where(body.free[facet] < 0.5, CONTACT, FREE))
    own, triangles = np.unique(part[skin][:, None] * np.int64(len(mesh.points)) + sides[skin], return_inverse=True)
    surface = Surface(
        points=mesh.points[own % len(mesh.points)],
        triangles=triangles.reshape(-1, 3).astype(np.int64),
        part=part[skin],
        value=np.zeros(len(own)),
        part_names=mesh.part_names,
    )
    index = {name: i for i, name in enumerate(mesh.part_names)}
    groups = tuple((words, tuple(index[name] for name in members)) for words, members in siblings(mesh.part_names).items())
    pairs = [(face.part_a, face.part_b, face.area) for face in body.interfaces.found]
    pairs += [(bond.part_a, bond.part_b, bond.area) for bond in mesh.bonds]
    moves, links = _moves(surface, pairs)
    return Drawing(surface, kind.astype(np.int64), own // len(mesh.points), groups, mesh.part_material, moves, links)


def _moves(surface: Surface, pairs: list[tuple[int, int, float]]) -> tuple[Floats, tuple[tuple[int, int], ...]]:
    """Displacements of an exploded view: outward from the largest part, every part away from its neighbour across the joint."""
    low, high = _boxes(surface)
    diagonal = np.linalg.norm(high - low, axis=1)
    neighbours: dict[int, list[int]] = {i: [] for i in range(len(low))}
    for a, b, _ in sorted(pairs, key=lambda pair: -pair[2]):
        neighbours[a].append(b)
        neighbours[b].append(a)
    moves, links = np.zeros((len(low), 3)), []
    placed: set[int] = set()
    for root in np.argsort(-diagonal, kind="stable").tolist():
        if root in placed:
            continue
        placed.add(root)
        queue = deque([root])
        while queue:
            here = queue.popleft()
            reach: dict[tuple[int, float], list[tuple[int, float]]] = {}  # by axis and sense: what goes that way, and how far it wants to
            for there in dict.fromkeys(neighbours[here]):
                if there in placed:
                    continue
                overlap = np.minimum(high[here], high[there]) - np.maximum(low[here], low[there])
                axis = int(np.argmin(overlap))
                away = 1.0 if (low + high)[there, axis] >= (low + high)[here, axis] else -1.0
                far = max(float(overlap[axis]), 0.0) + STEP * float(np.sqrt(diagonal[here] * diagonal[there]))
                reach.setdefault((axis, away), []).append((there, far))
            for (axis, away), some in reach.items():  # side by side they stay side by side
                for there, _ in some:
                    moves[there] = moves[here]
                    moves[there, axis] += away * max(far for _, far in some)
                    placed.add(there)
                    links.append((there, here))
                    queue.append(there)
    return moves, tuple(links)


def _boxes(surface: Surface) -> tuple[Floats, Floats]:
    """Lowest and highest corner of every part, (p, 3) each."""
    corners = surface.points[surface.triangles]
    low, high = np.full((len(surface.part_names), 3), np.inf), np.full((len(surface.part_names), 3), -np.inf)
    np.minimum.at(low, surface.part, corners.min(axis=1))
    np.maximum.at(high, surface.part, corners.max(axis=1))
    return low, high


def triangle_colours(drawn: Drawing) -> NDArray[np.uint8]:
    """Colour of every triangle, (t, 3): its part's, or that of a contact or a bond."""
    from matplotlib.colors import to_rgb

    by_part = np.array([to_rgb(colour) for colour in drawn.colour()])
    found = by_part[drawn.surface.part]
    found[drawn.kind == CONTACT] = to_rgb(CONTACT_COLOUR)
    found[drawn.kind == BOND] = to_rgb(BOND_COLOUR)
    return np.asarray(np.round(255 * found), dtype=np.uint8)
