"""A solid: a box, a cylinder or a sphere with its place, material, coatings and heat; what every part is made of.

Volumes, areas and faces are closed forms in numpy, so that a case can be checked without meshing it. SI throughout: metres, watts, kelvin.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import pi
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Vector = tuple[float, float, float]

MOST = 100_000  #: equal pieces that one key may ask for; `mesh.most_parts` bounds them together
INSULATED = "insulated"  #: the coating of a face that neither emits nor absorbs
BOX_FACES = ("-x", "+x", "-y", "+y", "-z", "+z")
CYLINDER_FACES = ("side", "-z", "+z")
SPHERE_FACES = ("surface",)
INSIDE = "inside"  #: the walls of all cavities of a solid, together
INNER_FACES = tuple(f"in{face}" for face in BOX_FACES)  #: the walls of a named cavity, each by the side that it is on
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
    named: bool = False  #: its walls are faces of their own, in-x ... in+z, rather than part of "inside"; one cavity of a solid at most

    def open_ends(self, size: Vector) -> NDArray[np.bool_]:
        """Whether the cavity is flush with the outer face -x, +x, -y, +y, -z, +z (6,) of a box of the given size [m]."""
        centre, half = np.array(self.centre), np.array(self.size) / 2
        reach = np.stack([half - centre, half + centre], axis=1).ravel()
        return np.asarray(reach > np.repeat(np.array(size) / 2, 2) - TOLERANCE)

    @property
    def sections(self) -> NDArray[np.float64]:
        """Area [m²] of its six sides (6,), in the order of `BOX_FACES`."""
        x, y, z = self.size
        return np.repeat([y * z, x * z, x * y], 2)


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """One homogeneous piece of the assembly. A box may have cavities; a cylinder stands on its local z axis.

    A face "in-x" is the wall of a named cavity on its -x side: the cavity lies at +x of it.
    """

    name: str
    kind: Literal["box", "cylinder", "sphere", "imported", "imported"]  #: imported: measured on its file, see meshes/cad/imported.py
    size: Vector  #: m, local x, y, z; a cylinder has (diameter, diameter, height), a sphere three times its diameter
    material: str
    centre: Vector = (0.0, 0.0, 0.0)  #: m, body axes
    rotation: NDArray[np.float64] = field(default_factory=lambda: np.eye(3))  #: (3, 3), local axes -> body axes
    coatings: Mapping[str, str] = field(default_factory=dict)  #: face -> coating name or "insulated", every face
    heat: float = 0.0  #: W, constant dissipation
    mesh: float | None = None  #: m, target edge length
    layers: int | None = None  #: least number of cells through the thinnest direction
    transport_limit: float | None = None  #: W m, of a heat pipe modelled as this solid
    cavities: tuple[Cavity, ...] = ()
    count: int = 1  #: stands for so many equal ones

    @property
    def curved(self) -> bool:
        """Whether flat triangles only approach its faces."""
        return self.kind != "box"

    @property
    def inner_faces(self) -> tuple[str, ...]:
        """Faces "in-x" ... "in+z" of the named cavity; a side that is open has none."""
        return tuple(
            face
            for cavity in self.cavities
            if cavity.named
            for face, is_open in zip(INNER_FACES, cavity.open_ends(self.size).tolist(), strict=True)
            if not is_open
        )

    @property
    def faces(self) -> tuple[str, ...]:
        """Names of the faces, in the order that `areas` and `classify` use."""
        outer = {"box": BOX_FACES, "cylinder": CYLINDER_FACES, "sphere": SPHERE_FACES}[self.kind]
        inside = (INSIDE,) if any(not cavity.named for cavity in self.cavities) else ()
        return (*outer, *inside, *self.inner_faces)

    @property
    def volume(self) -> float:
        """Volume [m³]."""
        x, y, z = self.size
        solid = {"box": 1.0, "cylinder": pi / 4, "sphere": pi / 6}[self.kind] * x * y * z
        return float(solid - sum(np.prod(cavity.size) for cavity in self.cavities))

    @property
    def areas(self) -> NDArray[np.float64]:
        """Area of every face [m²], in the order of `faces`."""
        x, y, z = self.size
        if self.kind == "sphere":
            return np.array([pi * x * x])
        if self.kind == "cylinder":
            return np.array([pi * x * z, pi / 4 * x * x, pi / 4 * x * x])
        outer = np.repeat([y * z, x * z, x * y], 2)
        inside: list[float] = []
        named: list[float] = []
        for cavity in self.cavities:
            is_open = cavity.open_ends(self.size)
            outer = outer - cavity.sections * is_open
            walls = cavity.sections[~is_open].tolist()
            (named if cavity.named else inside).extend(walls)
        return np.array([*outer, *([sum(inside)] if any(not cavity.named for cavity in self.cavities) else []), *named])

    def local(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Body coordinates (..., 3) [m] in the solid's own axes, from its centre."""
        return np.asarray((points - np.array(self.centre)) @ self.rotation)

    def classify(self, corners: NDArray[np.float64]) -> NDArray[np.int32]:
        """Index into `faces` for each boundary triangle, -1 where it lies on none; `corners` (f, 3, 3) in body axes [m]."""
        local, half = self.local(corners), np.array(self.size) / 2
        if self.kind == "sphere":
            return np.where((abs(np.linalg.norm(local, axis=2) - half[0]) < TOLERANCE).all(axis=1), 0, -1).astype(np.int32)
        on = _on_sides(local, half)
        if self.kind == "cylinder":
            side = (abs(np.hypot(local[..., 0], local[..., 1]) - half[0]) < TOLERANCE).all(axis=1)
            on = np.stack([side & ~on[:, 4] & ~on[:, 5], on[:, 4], on[:, 5]], axis=1)
        found = np.where(on.any(axis=1), on.argmax(axis=1), -1)
        for cavity in self.cavities:
            found = np.where(found < 0, self._on_cavity(cavity, local), found)
        return found.astype(np.int32)

    def _on_cavity(self, cavity: Cavity, local: NDArray[np.float64]) -> NDArray[np.int64]:
        """Index of the face for each triangle (f, 3, 3) with all its corners on one wall of the cavity, else -1."""
        half = np.array(cavity.size) / 2
        away = local - np.array(cavity.centre)
        on = _on_sides(away, half) & (abs(away) < half + TOLERANCE).all(axis=(1, 2))[:, None]
        of_side = [self.faces.index(name) if name in self.faces else -1 for name in (INNER_FACES if cavity.named else (INSIDE,) * 6)]
        return np.where(on.any(axis=1), np.array(of_side)[on.argmax(axis=1)], -1)


def _on_sides(points: NDArray[np.float64], half: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether all corners of each triangle (f, 3, 3) lie on the side -x, +x, -y, +y, -z, +z (f, 6) of a box about the origin."""
    sides = np.stack([abs(points + half) < TOLERANCE, abs(points - half) < TOLERANCE], axis=3)
    return np.asarray(sides.all(axis=1).reshape(-1, 6))


def placed(solid: Solid, rotation: NDArray[np.float64], position: Vector, prefix: str) -> Solid:
    """The solid of a composite part moved with it: turned by `rotation` (3, 3), shifted to `position` [m], named `prefix.name`."""
    x, y, z = (rotation @ np.array(solid.centre) + np.array(position)).tolist()
    return replace(solid, name=f"{prefix}.{solid.name}", centre=(x, y, z), rotation=rotation @ solid.rotation)
