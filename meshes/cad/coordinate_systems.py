"""Rectangular, cylindrical and spherical systems of a mesh file, one given in another, and points in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from meshes.assembly import Floats

BASIC = 0  #: number of the system of the file itself


@dataclass(slots=True)
class Systems:
    """Definitions by number; nothing is computed before a point asks for it, so that they may come in any order."""

    kind: dict[int, str] = field(default_factory=dict)  #: R, C or S
    place: dict[int, tuple[int, Floats]] = field(default_factory=dict)  #: reference; origin, a point on z, one in the xz plane (3, 3)
    points: dict[int, tuple[int, ...]] = field(default_factory=dict)  #: the same three as numbers of points
    known: dict[int, tuple[Floats, Floats]] = field(default_factory=dict)  #: origin (3,) and axes as columns (3, 3) in the basic system

    def by_place(self, kind: str, number: int, reference: int, three: Floats) -> None:
        """A system by three points (3, 3) of another."""
        self._new(kind, number)
        self.place[number] = reference, three

    def by_points(self, kind: str, number: int, three: tuple[int, ...]) -> None:
        """A system by the numbers of three points."""
        self._new(kind, number)
        self.points[number] = three

    def _new(self, kind: str, number: int) -> None:
        if number in self.kind:
            raise ValueError(f"coordinate system {number} is there twice")
        self.kind[number] = kind

    def basic(self, grids: Mapping[int, tuple[int, Floats]], number: NDArray[np.int64], system: NDArray[np.int64], local: Floats) -> Floats:
        """Points (n, 3) in the basic system.

        Args:
            grids: System and coordinates of the points by their number.
            number: (n,) of the points.
            system: (n,) in which each is given.
            local: (n, 3) coordinates in it; angles in degrees.

        Raises:
            ValueError: a system or point that is not there, systems that lead to themselves, three points on a line.
        """
        placed = local.copy()
        for one in np.unique(system).tolist():
            if one == BASIC:
                continue
            rows = system == one
            if one not in self.kind:
                raise ValueError(f"point {number[rows][0]} is in coordinate system {one}, which no CORD1 or CORD2 card defines")
            placed[rows] = self._out(one, local[rows], grids, ())
        return placed

    def _out(self, number: int, local: Floats, grids: Mapping[int, tuple[int, Floats]], asked: tuple[int, ...]) -> Floats:
        """Points (n, 3) of a system in the basic one."""
        if number == BASIC:
            return local
        origin, axes = self._frame(number, grids, asked)
        return origin + _rectangular(self.kind[number], local) @ axes.T

    def _frame(self, number: int, grids: Mapping[int, tuple[int, Floats]], asked: tuple[int, ...]) -> tuple[Floats, Floats]:
        if number in self.known:
            return self.known[number]
        if number in asked:
            raise ValueError(f"coordinate system {number} leads to itself by way of {', '.join(map(str, asked))}")
        if number not in self.kind:
            raise ValueError(f"coordinate system {asked[-1] if asked else number} refers to {number}, which no CORD1 or CORD2 card defines")
        asked = (*asked, number)
        if number in self.place:
            reference, three = self.place[number]
            corners = self._out(reference, three, grids, asked)
        else:
            lost = [point for point in self.points[number] if point not in grids]
            if lost:
                raise ValueError(f"coordinate system {number} stands on point {lost[0]}, which the file does not define")
            corners = np.concatenate([self._out(grids[p][0], grids[p][1][None], grids, asked) for p in self.points[number]])
        origin, z, x = corners[0], corners[1] - corners[0], corners[2] - corners[0]
        y = np.cross(z, x)
        if not np.linalg.norm(y) > 1e-9 * np.linalg.norm(z) * np.linalg.norm(x):
            raise ValueError(f"coordinate system {number} is given by three points on a line")
        axes = np.column_stack([np.cross(y, z), y, z])
        self.known[number] = origin, axes / np.linalg.norm(axes, axis=0)
        return self.known[number]


def _rectangular(kind: str, local: Floats) -> Floats:
    """Coordinates along the axes of a system, from radius, angle, height (cylindrical) or radius, polar and azimuth angle (spherical).

    >>> _rectangular("C", np.array([[2.0, 90.0, 5.0]])).round(9).tolist()
    [[0.0, 2.0, 5.0]]
    """
    if kind == "R":
        return local
    radius, one, other = local.T
    if kind == "C":
        angle = np.deg2rad(one)
        return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), other])
    polar, azimuth = np.deg2rad(one), np.deg2rad(other)
    return np.column_stack([radius * np.sin(polar) * np.cos(azimuth), radius * np.sin(polar) * np.sin(azimuth), radius * np.cos(polar)])
