"""Coated free faces and what falls on them: groups of facets with one coating and one direction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from heliorack.case.settings import Tracking
from heliorack.model.articulation import Joint
from heliorack.model.body import Body
from heliorack.model.surroundings import Lapse
from meshes.measure import facet_normals
from meshes.shapes.solid import INSULATED
from orbit.chords import mean_irradiance
from orbit.environment import Environment
from orbit.joints import joint_rotation
from thermal.boundary import Boundary, Sink
from thermal.properties.ageing import equivalent_sun
from thermal.properties.blanket import optics
from thermal.properties.coating import Coating
from thermal.signal import Course, Interrupted, Signal

Floats = NDArray[np.float64]


def boundary_of(boundaries: Sequence[Boundary], face: str, kind: type[Boundary]) -> int | None:
    """Position of the boundary of a kind that speaks of a face; the last one that matches counts. Kinds act side by side."""
    found = None
    for i, boundary in enumerate(boundaries):
        if isinstance(boundary, kind) and fnmatchcase(face, boundary.faces):
            found = i
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """Groups of facets that radiate to space and see the environment."""

    face: NDArray[np.int64]  #: (g,) face of each group
    normals: Floats  #: (g, 3) outward, body axes
    areas: Any  #: (owned, g) vertex areas [m2]
    absorptance: Floats  #: (g,) solar
    emittance: Floats  #: (g,) infrared; 0 where a boundary says to what the face radiates
    direct: Signal  #: (g,) incident sunlight [W/m2]
    albedo: Signal  #: (g,)
    infrared: Signal  #: (g,)
    said: tuple[str, ...] = ()  #: what the optics take for granted
    coating: tuple[str, ...] = ()  #: (g,) name of the coating of each group
    lapse: "Lapsed | None" = None  #: what falls on them while the body does not point as the case has it

    def falling(self, what: Literal["direct", "albedo", "infrared"]) -> Course:
        """What falls on the groups (g,) [W/m2], over the whole of a run."""
        usual: Signal = getattr(self, what)
        if self.lapse is None:
            return usual
        return Interrupted(usual, getattr(self.lapse, what), self.lapse.begin, self.lapse.end)

    def lapsed(self) -> "Exposure":
        """The same groups in the sky of the lapse alone."""
        if self.lapse is None:
            return self
        return replace(self, direct=self.lapse.direct, albedo=self.lapse.albedo, infrared=self.lapse.infrared, lapse=None)

    def on_face(self, faces: NDArray[np.int64]) -> NDArray[np.int64]:
        """Groups that lie on any of the faces."""
        return np.flatnonzero(np.isin(self.face, faces))


@dataclass(frozen=True, slots=True, eq=False)
class Lapsed:
    """What falls on groups between two times of a run; as of `Exposure`, by revolutions of the same phase."""

    begin: float  #: s
    end: float  #: s
    direct: Signal
    albedo: Signal
    infrared: Signal


def with_lapse(exposure: Exposure, body: Body, away: Lapse | None) -> Exposure:
    """The same groups, which for a while see the sky of another attitude, with joints that stand still."""
    if away is None:
        return exposure
    parts = body.assembly.part_names
    joint = np.array([joint_of(away.tracking, parts[body.assembly.face_part[i]]) for i in exposure.face], dtype=int)
    falls = incident(away.env, exposure.normals, joint, away.tracking)
    return replace(exposure, lapse=Lapsed(away.begin, away.end, *falls))


def face_coatings(body: Body) -> list[str]:
    """Coating name of every face of the assembly."""
    coatings = {f"{solid.name}:{face}": name for solid in body.solids for face, name in solid.coatings.items()}
    return [coatings[name] for name in body.assembly.face_names]


def expose(
    body: Body,
    coatings: dict[str, Coating],
    boundaries: Sequence[Boundary],
    env: Environment | None,
    life: Literal["bol", "eol"],
    tracking: Sequence[Tracking] = (),
    apart: NDArray[np.bool_] | None = None,
    years: float | None = None,
) -> Exposure:
    """Groups of all coated free facets. Boundaries act beside the coating; a sink of its own takes the place of its infrared alone.

    Args:
        apart: (facets,) facets that are dealt with elsewhere, since they see other facets or lie under a blanket.
        years: In orbit at end of life, for coatings that age by hours of Sun.
    """
    from scipy.sparse import diags

    from thermal.conduction import operators

    assembly = body.assembly
    names = face_coatings(body)
    radiates = np.array([name != INSULATED for name in names])
    seen = (body.free > 0) & radiates[assembly.facet_face]
    if apart is not None:
        seen &= ~apart
    normals = np.round(facet_normals(assembly)[seen], 6) + 0.0
    key = np.column_stack([assembly.facet_face[seen], normals])
    unique, group = np.unique(key, axis=0, return_inverse=True)
    face, normal = unique[:, 0].astype(np.int64), unique[:, 1:]
    normal = normal / np.linalg.norm(normal, axis=1, keepdims=True) if len(normal) else normal.reshape(0, 3)
    areas = operators.face_weights(body.layout, assembly.points, assembly.facets[seen], group.ravel(), len(face), body.free[seen])
    areas = (areas @ diags(body.count[assembly.face_part[face]])).tocsr() if len(face) else areas
    joint = np.array([joint_of(tracking, assembly.part_names[assembly.face_part[i]]) for i in face], dtype=int)
    direct, albedo, infrared = incident(env, normal, joint, tracking)
    sun = None if years is None else equivalent_sun(direct.times, direct.values, years)
    shown, said = optics([names[i] for i in face], coatings, {}, life, sun)
    sinks = [boundary_of(boundaries, assembly.face_names[i], Sink) is not None for i in face]
    shown[:, 1] = np.where(sinks, 0.0, shown[:, 1])
    return Exposure(face, normal, areas, shown[:, 0], shown[:, 1], direct, albedo, infrared, said, tuple(names[i] for i in face))


def joint_of(tracking: Sequence[Joint], part: str) -> int:
    """Position of the joint that turns a part, -1 for one that is fixed to the body."""
    return next((i for i, turning in enumerate(tracking) if fnmatchcase(part, turning.parts)), -1)


def incident(
    env: Environment | None, normals: Floats, joint: NDArray[np.int64], tracking: Sequence[Joint]
) -> tuple[Signal, Signal, Signal]:
    """Sunlight, albedo and Earth infrared on faces [W/m2], whose integrals are those of what falls; zero without an orbit.

    Equal faces are computed once.

    Args:
        env: The revolution.
        normals: (g, 3) outward, body axes, at angle zero of the joints.
        joint: (g,) joint that turns each face, -1 for none.
        tracking: The joints.
    """
    if env is None:
        nothing = Signal(np.array([0.0, 1.0]), np.zeros((2, len(normals))))
        return nothing, nothing, nothing
    values = np.zeros((3, len(env.times), len(normals)))
    for j in np.unique(joint):
        mine = np.flatnonzero(joint == j)
        unique, back = np.unique(normals[mine], axis=0, return_inverse=True)
        falls = mean_irradiance(env, partial(_turned, unique, None if j < 0 else tracking[j]))
        values[:, :, mine] = np.stack([falls.direct, falls.albedo, falls.infrared])[:, :, back.ravel()]
    direct, albedo, infrared = (Signal(env.times, v) for v in values)
    return direct, albedo, infrared


def _turned(normals: Floats, joint: Joint | None, env: Environment) -> Floats:
    """Normals (f, 3) at the times of an environment: (n, f, 3) for those that a joint turns."""
    return normals if joint is None else np.einsum("nij,fj->nfi", joint_rotation(joint, env), normals)
