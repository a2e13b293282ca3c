"""Heat times distance that a heat pipe carries, described as a conducting solid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermal.curve import Curve

Floats = NDArray[np.float64]

SLICES = 40  #: across the pipe, whose heat flow is summed up from its end on


@dataclass(frozen=True, slots=True, eq=False)
class Transport:
    """What one pipe carries along its axis [W m]: the span of the axial heat flow's running integral over the length.

    A heat pipe's load against its transport limit, since the liquid's pressure drop is proportional to that integral. For heat that
    enters over an evaporator and leaves over a condenser it is the usual heat times effective length; a pipe fed in the middle counts
    its worse half.
    """

    cells: NDArray[np.int64]  #: (c, 4)
    along: Floats  #: (c, 3) W m per kelvin between the first corner of a cell and each other one
    slices: NDArray[np.int64]  #: (c,) from 1
    over: Curve | None  #: conductivity over its nominal value by temperature [-]

    def __call__(self, T: Floats) -> float:
        """At temperatures of all nodes (n,) [K]."""
        flow = ((T[self.cells[:, 1:]] - T[self.cells[:, :1]]) * self.along).sum(axis=1)
        flow *= 1.0 if self.over is None else self.over(T[self.cells]).mean(axis=1)
        running = np.concatenate([[0.0], np.cumsum(np.bincount(self.slices, weights=flow))])
        return float(running.max() - running.min())


def transport(points: Floats, cells: NDArray[np.int64], conductivity: Floats, axis: Floats, over: Curve | None = None) -> Transport:
    """A pipe by its cells.

    Args:
        points: Node coordinates [m], shape (n, 3).
        cells: Tetrahedra of the part, shape (c, 4).
        conductivity: Conductivity tensor in mesh axes [W/mK], shape (3, 3).
        axis: Unit vector along the part.
        over: Conductivity over its nominal value by temperature [-].
    """
    corners = points[cells]
    edges = corners[:, 1:] - corners[:, :1]
    volume = np.abs(np.linalg.det(edges)) / 6
    along = np.linalg.solve(np.swapaxes(edges, 1, 2), np.broadcast_to(-(conductivity.T @ axis)[:, None], (len(cells), 3, 1)))[..., 0]
    middle = corners.mean(axis=1) @ axis
    slices = np.digitize(middle, np.linspace(middle.min(), middle.max() + 1e-12, SLICES + 1))
    return Transport(cells, along * volume[:, None], slices, over)
