"""Contact conductance between touching parts: one symmetric sparse matrix per contact, linear in its conductance."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from annotated_types import Gt, Interval
from numpy.typing import NDArray

from thermal.conduction.bolt_conductance import PerBolt
from thermal.conduction.joint_conductance import Bolted, Tim


@dataclass(frozen=True, slots=True)
class Contact:
    """How heat crosses where two parts touch: exactly one of a conductance per area, bonded, tim, bolted, bolts and gap."""

    between: tuple[str, str] | None = None  #: two part names or patterns; or give faces
    conductance: Annotated[float, "W_m2K", Interval(gt=0, le=1e8)] | None = None  #: heat per area and kelvin of jump
    bonded: bool = False  #: true for a joint without resistance (one continuous temperature)
    faces: tuple[str, str] | None = None  #: two faces or patterns of faces, as ["chip:-z", "plate:+z"]; both must cover the smaller one
    tim: Tim | None = None  #: a layer of interface material
    bolted: Bolted | None = None  #: rough surfaces pressed together
    bolts: PerBolt | None = None  #: bolts of so many watts per kelvin each
    gap: bool = False  #: true where parts touch and yet exchange nothing
    partial: bool = False  #: true to accept faces that lie on each other over less than 99 % of the smaller one
    tolerance: Annotated[float, "mm", Gt(0)] | None = None  #: distance up to which faces touch that share no nodes; 0.01 mm by default

    def __post_init__(self) -> None:
        given = [self.conductance is not None, self.bonded, self.tim is not None, self.bolted is not None, self.bolts is not None, self.gap]
        if sum(given) != 1:
            raise ValueError("give exactly one of conductance_W_m2K, bonded = true, tim, bolted, bolts and gap = true")
        if (self.between is None) == (self.faces is None):
            raise ValueError("give either between = [part, part] or faces = [face, face]")
        if self.bonded and self.faces is not None:
            raise ValueError("bonded = true goes with between: bonded parts share their nodes wherever they touch")

    @property
    def kind(self) -> str:
        """What the contact is, as lists name it."""
        kinds = {"bonded": self.bonded, "tim": self.tim, "bolted": self.bolted, "bolts": self.bolts, "gap": self.gap}
        return next((name for name, given in kinds.items() if given), "conductance")

    def coefficient(self, k_a: float, k_b: float, area: float) -> float:
        """Conductance [W/m2K] of a contact of `area` [m2] between materials of `k_a` and `k_b` [W/mK] along the normal; zero for a gap.

        Raises:
            ValueError: a bolted joint outside the range of its correlation.
        """
        if self.tim is not None:
            return self.tim.conductance()
        if self.bolted is not None:
            return self.bolted.conductance(k_a, k_b, area)
        if self.bolts is not None:
            return self.bolts.over(area)
        return self.conductance or 0.0


#: Integrals of N_i N_j over a triangle of unit area.
UNIT_MASS = (np.ones((3, 3)) + np.eye(3)) / 12


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
    block = conductance * triangle_areas(points, facets_a)[:, None, None] * UNIT_MASS
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
