"""A solid: a box or a cylinder with its place, material, coatings and heat; what every part is made of.

Volumes, areas and faces are closed forms in numpy, so that a case can be checked without meshing it. SI throughout: metres, watts, kelvin.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import pi
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Vector = tuple[float, float, float]

INSULATED = "insulated"  #: the coating of a face that neither emits nor absorbs
BOX_FACES = ("-x", "+x", "-y", "+y", "-z", "+z")
CYLINDER_FACES = ("side", "-z", "+z")
INSIDE = "inside"  #: the walls of all cavities of a solid, together
TOLERANCE = 2e-7  #: m; closer than this is the same place. The geometry kernel merges below 1e-7 m (OpenCASCADE's Precision::Confusion)


def rotation_matrix(rotation: Vector) -> NDArray[np.float64]:
    """Matrix (3, 3) from local to outer axes for angles (rx, ry, rz) [rad]: turn about x, then the new y, then the newest z.

    >>> rotation_matrix((0.0, 0.0, pi / 2)).round(12) @ [1.0, 0.0, 0.0]
    array([0., 1., 0.])
    """
    cx, cy, cz = np.cos(rotation)
    sx, sy, sz = np.sin(rotation)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return np.asarray(about_x @ about_y @ about_z, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Cavity:
    """A box cut out of a box; it may end flush with the outer faces. In the local axes of its solid."""

    centre: Vector  #: m, from the solid's centre
    size: Vector  #: m


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """One homogeneous piece of the assembly. A box may have cavities; a cylinder stands on its local z axis."""

    name: str
    kind: Literal["box", "cylinder"]
    size: Vector  #: m, local x, y, z; a cylinder has (diameter, diameter, height)
    material: str
    centre: Vector = (0.0, 0.0, 0.0)  #: m, body axes
    rotation: NDArray[np.float64] = field(default_factory=lambda: np.eye(3))  #: (3, 3), local axes -> body axes
    coatings: Mapping[str, str] = field(default_factory=dict)  #: face -> coating name or "insulated", every face
    heat: float = 0.0  #: W, constant dissipation
    mesh: float | None = None  #: m, target edge length
    layers: int | None = None  #: least number of cells through the thinnest direction
    transport_limit: float | None = None  #: W m, of a heat pipe modelled as this solid
    cavities: tuple[Cavity, ...] = ()

    @property
    def faces(self) -> tuple[str, ...]:
        """Names of the faces, in the order that `areas` and `classify` use."""
        outer = BOX_FACES if self.kind == "box" else CYLINDER_FACES
        return (*outer, INSIDE) if self.cavities else outer

    @property
    def volume(self) -> float:
        """Volume [m³]."""
        x, y, z = self.size
        solid = x * y * z if self.kind == "box" else pi / 4 * x * x * z
        return float(solid - sum(np.prod(cavity.size) for cavity in self.cavities))

    @property
    def areas(self) -> NDArray[np.float64]:
        """Area of every face [m²], in the order of `faces`."""
        x, y, z = self.size
        if self.kind == "cylinder":
            return np.array([pi * x * z, pi / 4 * x * x, pi / 4 * x * x])
        outer = np.repeat([y * z, x * z, x * y], 2)
        if not self.cavities:
            return outer
        centres, sizes = np.array([c.centre for c in self.cavities]), np.array([c.size for c in self.cavities])
        sections = np.repeat(np.stack([sizes[:, 1] * sizes[:, 2], sizes[:, 0] * sizes[:, 2], sizes[:, 0] * sizes[:, 1]], axis=1), 2, axis=1)
        reach = np.stack([-(centres - sizes / 2), centres + sizes / 2], axis=2).reshape(-1, 6)
        open_ends = reach > np.repeat(np.array(self.size) / 2, 2) - TOLERANCE
        return np.append(outer - (sections * open_ends).sum(axis=0), (sections * ~open_ends).sum())

    def local(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Body coordinates (..., 3) [m] in the solid's own axes, from its centre."""
        return np.asarray((points - np.array(self.centre)) @ self.rotation)

    def classify(self, corners: NDArray[np.float64]) -> NDArray[np.int32]:
        """Index into `faces` for each boundary triangle, -1 where it lies on none; `corners` (f, 3, 3) in body axes [m]."""
        local, half = self.local(corners), np.array(self.size) / 2
        on = np.stack([abs(local + half) < TOLERANCE, abs(local - half) < TOLERANCE], axis=3).all(axis=1).reshape(-1, 6)
        if self.kind == "cylinder":
            side = (abs(np.hypot(local[..., 0], local[..., 1]) - half[0]) < TOLERANCE).all(axis=1)
            on = np.stack([side & ~on[:, 4] & ~on[:, 5], on[:, 4], on[:, 5]], axis=1)
        found = np.where(on.any(axis=1), on.argmax(axis=1), -1)
        if self.cavities:
            found = np.where((found < 0) & self._on_cavity(local), len(BOX_FACES), found)
        return found.astype(np.int32)

    def _on_cavity(self, local: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether each triangle (f, 3, 3) has all its corners on one plane of one cavity."""
        on = np.zeros(len(local), dtype=bool)
        for cavity in self.cavities:
            away = abs(local - np.array(cavity.centre)) - np.array(cavity.size) / 2
            on |= (abs(away) < TOLERANCE).all(axis=1).any(axis=1) & (away < TOLERANCE).all(axis=(1, 2))
        return on


def placed(solid: Solid, rotation: NDArray[np.float64], position: Vector, prefix: str) -> Solid:
    """The solid of a composite part moved with it: turned by `rotation` (3, 3), shifted to `position` [m], named `prefix.name`."""
    x, y, z = (rotation @ np.array(solid.centre) + np.array(position)).tolist()
    return replace(solid, name=f"{prefix}.{solid.name}", centre=(x, y, z), rotation=rotation @ solid.rotation)
