"""Contact conductance between touching parts: one symmetric sparse matrix per contact, linear in its conductance."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from annotated_types import Interval
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Contact:
    """How heat crosses where two parts touch: a conductance per area, or bonded (one continuous temperature)."""

    between: tuple[str, str]  #: two part names or patterns
    conductance: Annotated[float, "W_m2K", Interval(gt=0, le=1e8)] | None = None  #: heat per area and kelvin of jump
    bonded: bool = False  #: true for a joint without resistance

    def __post_init__(self) -> None:
        if (self.conductance is None) == (not self.bonded):
            raise ValueError("give either conductance_W_m2K or bonded = true")


#: Integrals of N_i N_j over a triangle of unit area.
_MASS = (np.ones((3, 3)) + np.eye(3)) / 12


def triangle_areas(points: NDArray[np.float64], facets: NDArray[np.int64]) -> NDArray[np.float64]:
    """Area of each triangle [m2], shape (f,)."""
    a, b, c = (points[facets[:, i]] for i in range(3))
    return np.asarray(0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1))


def coupling(
    points: NDArray[np.float64], facets_a: NDArray[np.int64], facets_b: NDArray[np.int64], conductance: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Triplets (row, column, value [W/K]) of the matrix that couples two matching sides.

    Args:
        points: Node coordinates [m], shape (n, 3).
        facets_a: Nodes of the first side's facets, shape (k, 3).
        facets_b: Nodes of the second side's facets, row by row the same triangles, shape (k, 3); the corners may come in another order.
        conductance: Heat per area and kelvin [W/m2K].

    Returns:
        Triplets with rows that add up to zero: the heat that leaves one side enters the other.

    Raises:
        ValueError: When the two sides are not the same triangles.
    """
    order = _matching_corners(points, facets_a, facets_b)
    b = np.take_along_axis(facets_b, order, axis=1)
    block = conductance * triangle_areas(points, facets_a)[:, None, None] * _MASS
    both = np.concatenate([facets_a, b], axis=1)
    blocks = np.block([[block, -block], [-block, block]])
    rows = np.repeat(both, 6, axis=1).ravel()
    columns = np.tile(both, (1, 6)).ravel()
    return rows, columns, blocks.reshape(len(both), 36).ravel()


def _matching_corners(points: NDArray[np.float64], facets_a: NDArray[np.int64], facets_b: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which corner of side b lies on each corner of side a, shape (k, 3)."""
    gap = np.linalg.norm(points[facets_a][:, :, None, :] - points[facets_b][:, None, :, :], axis=3)
    order = gap.argmin(axis=2)
    size = np.sqrt(triangle_areas(points, facets_a)).max(initial=0.0)
    worst = gap.min(axis=2).max(initial=0.0)
    if worst > 1e-6 * size:
        raise ValueError(f"the two sides of a contact do not match: corners up to {worst * 1e3:.3g} mm apart")
    return order
