"""Which point comes next: one worker begins a geometry, the others join in once its first point is there to start from."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from heliorack.sweep.design.plan import Point

NEIGHBOURS = 256  #: points among which the nearest is sought


def parents(points: Sequence[Point]) -> list[int | None]:
    """For each point the one whose periodic state it starts from: of its geometry, the nearest among the first half of those before it.

    It depends on the plan alone, so that a sweep that was stopped ends in the very same figures. A point may start as soon as its parent
    is there; looking only at the first half keeps that chain logarithmically short, and many workers busy. Of points that are solved
    together the first one has such a parent, and the others start from the same load case of the parent's design.
    """
    found: list[int | None] = [None] * len(points)
    index = {point.name: i for i, point in enumerate(points)}
    groups: dict[str, list[int]] = defaultdict(list)
    for i, point in enumerate(points):
        if leads(point):
            groups[point.geometry].append(i)
    places = _places(points)
    for members in groups.values():
        for k, i in enumerate(members[1:], start=1):
            first = members[: (k + 1) // 2][-NEIGHBOURS:]
            found[i] = first[int(np.abs(places[first] - places[i]).sum(axis=1).argmin())]
    for i, point in enumerate(points):
        if not leads(point) and (up := found[index[point.together[0]]]) is not None:
            kin = [index[name] for name in points[up].together]
            found[i] = next((j for j in kin if (points[j].case, points[j].geometry) == (point.case, point.geometry)), None)
    return found


def leads(point: Point) -> bool:
    """Whether a point is the first of those that are solved together, or stands alone."""
    return not point.together or point.together[0] == point.name


def _places(points: Sequence[Point]) -> NDArray[np.float64]:
    """Points in a box of side 1, (points, columns); values that are no numbers and load cases count as 0 or 1 each."""
    columns = list(dict.fromkeys(column for point in points for column in point.values))
    rows: list[NDArray[np.float64]] = []
    for values in [*([point.values.get(column) for point in points] for column in columns), [point.case for point in points]]:
        if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
            numbers = np.array(values, dtype=float)
            rows.append((numbers - numbers.min()) / (np.ptp(numbers) or 1.0))
        else:
            names = {str(value): i for i, value in enumerate(dict.fromkeys(map(str, values)))}
            rows.extend(np.eye(len(names))[[names[str(value)] for value in values]].T if len(names) < 50 else [])
    return np.array(rows).T.reshape(len(points), -1)


class Order:
    """Hands out points: to a worker first those of the geometry that it holds, then a geometry that nobody holds, then help for others."""

    def __init__(self, points: Sequence[Point], settled: Collection[int] = ()) -> None:
        """`settled`: points that need not be solved, whole or failed; of points that are solved together all or none."""
        self.points = points
        self.parent = parents(points)
        self._children: dict[int, list[int]] = defaultdict(list)
        self._ready: dict[str, deque[int]] = defaultdict(deque)
        self._held: dict[str, str] = {}  # geometry by worker
        self.left = len(points) - len(settled)  #: not handed out yet
        self._index = {point.name: i for i, point in enumerate(points)}
        for i, parent in enumerate(self.parent):
            if i in settled or not leads(points[i]):
                continue
            if parent is None or parent in settled:
                self._ready[points[i].geometry].append(i)
            else:
                self._children[parent].append(i)

    def take(self, worker: str) -> int | None:
        """The next point for a worker; None while everything that is left waits for a parent."""
        geometry = self._held.get(worker)
        if geometry not in self._ready:
            taken = set(self._held.values())
            free = next((name for name in self._ready if name not in taken), None)
            geometry = free or max(self._ready, key=lambda name: len(self._ready[name]), default=None)
        if geometry is None:
            return None
        self._held[worker] = geometry
        queue = self._ready[geometry]
        i = queue.popleft()
        if not queue:
            del self._ready[geometry]
        self.left -= 1 + len(self.others(i))
        return i

    def others(self, i: int) -> list[int]:
        """Points that are solved together with one that was handed out."""
        return [self._index[name] for name in self.points[i].together[1:]]

    def settle(self, i: int) -> None:
        """A point is whole or has failed: those that waited for it may start."""
        waiting = self._children.pop(i, [])
        if waiting:
            self._ready[self.points[i].geometry].extend(waiting)

    def forget(self, workers: Collection[str]) -> None:
        """Workers that are gone hold nothing."""
        for worker in set(self._held) - set(workers):
            del self._held[worker]
