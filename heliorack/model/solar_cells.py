"""Solar cells on the meshed body: sunlight on them, the shadow on each string, and their temperatures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.errors import NOTHING, CaseError, Problem
from heliorack.casefile.patterns import matching
from heliorack.model.body import Body
from heliorack.model.open_faces import Exposure, incident, joint_of
from heliorack.model.radiation import Radiating
from meshes.measure import area_vectors
from orbit.environment import Environment
from power.solar.strings import Lit, Wing
from power.timeline import resample
from thermal.solve.probes import History

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

FIRST = 330.0  #: K; of the cells before the first orbit


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Strings of one wing on one face."""

    wing: Wing
    face: int  #: position among the faces that carry cells
    strings: int  #: how many
    irradiance: Floats  #: (n,) on the face with nothing in the way [W/m2]
    sunlit: Floats  #: (n, k) lit part of each of the k strips that stand for the strings


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Faces that carry cells; n times."""

    faces: list[int]  #: of the assembly
    area: Floats  #: (faces,) free area [m2]
    columns: list[int]  #: (faces,) of the temperatures in a history
    times: Floats  #: (n,) s
    sunlight: Floats  #: (n,) direct sunlight on their plane, shadows included, mean over the area [W/m2]
    places: tuple[Place, ...] = ()  #: strings, where the case has wings

    def temperature(self, history: History | None) -> Floats:
        """Mean temperature of each face (n, faces) [K]."""
        if history is None:
            return np.full((len(self.times), len(self.faces)), FIRST)
        return np.stack([np.interp(self.times, history.times, history.mean[:, column]) for column in self.columns], axis=1)

    def mean(self, temperature: Floats) -> Floats:
        """Mean of all faces by area (n,) [K]."""
        return np.asarray(temperature @ (self.area / self.area.sum()))

    def strings(self, temperature: Floats) -> list[Lit]:
        """All strings with faces at `temperature` (n, faces) [K]."""
        return [Lit(p.wing, p.irradiance, temperature[:, p.face], p.sunlit, p.strings / p.sunlit.shape[1]) for p in self.places]

    def assumptions(self) -> list[str]:
        """What is taken for granted of sunlight and shadow on the cells."""
        if not self.places:
            return ["array: a shadow takes power in proportion to the area that it covers (strings are known by [[power.wings]] alone)"]
        said = ["array: each string at the mean temperature of its face; strings lie side by side in strips of equal width"]
        if any(not place.wing.bypass for place in self.places):
            said.append("array: a string without bypass diodes gives nothing while any of it is in shadow")
        return said


def cell_faces(case: Case, body: Body) -> list[str]:
    """Names of the faces that carry solar cells."""
    if case.power is None or case.power.array_faces is None:
        return []
    return list(matching(case.power.array_faces, body.assembly.face_names))


def solar_cells(case: Case, body: Body, exposure: Exposure, radiating: Radiating, env: Environment, times: Floats) -> Cells | None:
    """The cells of a case over `times`; None when no face carries any.

    Raises:
        CaseError: strings that would lie side by side along the normal of their face.
    """
    names = cell_faces(case, body)
    if not names:
        return None
    faces = [body.assembly.face_names.index(name) for name in names]
    sunlight = resample(env.times, _sunlight(body, exposure, radiating, np.array(faces)), times)
    columns = [len(body.assembly.part_names) + i for i in range(len(faces))]
    area = body.face_area[faces]
    places = _places(case, body, radiating, env, times, dict(zip(names, faces, strict=True)), area)
    return Cells(faces, area, columns, times, sunlight, places)


def _sunlight(body: Body, exposure: Exposure, radiating: Radiating, faces: Ids) -> Floats:
    """Direct sunlight on the plane of the cells, shadows of other parts included; the mean over their area (n,) [W/m2]."""
    groups = exposure.on_face(faces)
    area = np.asarray(body.layout.sum(np.asarray(exposure.areas[:, groups].sum(axis=0)).ravel()))
    area = area / body.count[body.assembly.face_part[exposure.face[groups]]]
    power, seen = exposure.direct.values[:, groups] @ area, float(area.sum())
    shaded, shaded_area = radiating.direct_on(faces)
    if shaded_area > 0:
        power, seen = (power if len(groups) else 0.0) + shaded, seen + shaded_area
    return np.asarray(power / seen)


def _places(
    case: Case, body: Body, radiating: Radiating, env: Environment, times: Floats, faces: dict[str, int], area: Floats
) -> tuple[Place, ...]:
    """Strings of all wings on their faces."""
    found, names = [], list(faces)
    for wing in case.power.wings if case.power is not None else ():
        mine = list(names if wing.faces is None else matching(wing.faces, names))
        at = [names.index(name) for name in mine]
        for name, i, strings in zip(mine, at, shared(wing.parallel, area[at]), strict=True):
            if strings:
                falls, sunlit = _light(case, body, radiating, env, wing, name, faces[name], strings)
                found.append(Place(wing, i, strings, resample(env.times, falls, times), resample(env.times, sunlit, times)))
    return tuple(found)


def shared(total: int, weights: Floats) -> list[int]:
    """Whole numbers that add up to `total`, as near to the shares of `weights` (k,) as they can be.

    >>> shared(5, np.array([1.0, 1.0, 2.0]))
    [1, 1, 3]
    """
    exact = total * weights / weights.sum()
    given = np.floor(exact + 1e-9).astype(int)
    for i in np.argsort(given - exact, kind="stable")[: total - int(given.sum())]:
        given[i] += 1
    return [int(n) for n in given]


def _light(
    case: Case, body: Body, radiating: Radiating, env: Environment, wing: Wing, name: str, face: int, strings: int
) -> tuple[Floats, Floats]:
    """Sunlight on a face with nothing in the way (n,) [W/m2], and the lit part of its strings (n, k)."""
    assembly = body.assembly
    mine = assembly.facets[(assembly.facet_face == face) & (body.free > 0)]
    normal = area_vectors(assembly.points, mine).sum(axis=0)
    normal /= np.linalg.norm(normal)
    part = assembly.face_part[face]
    joint = np.array([joint_of(case.tracking, assembly.part_names[part])])
    falls = incident(env, normal[None], joint, case.tracking)[0].values[:, 0]
    along = _across(wing, assembly.points[mine].reshape(-1, 3), assembly.part_rotation[part], normal)
    if along is None:
        said = f"is the normal of {name}; strings lie side by side in the plane of their face"
        raise CaseError(case.source, [Problem(f"power.wings.{wing.name}.across", wing.across or NOTHING, said)])
    strips = max(1, round(strings / float(body.count[part])))
    sunlit = radiating.sunlit(face, along, strips)
    return falls, sunlit if len(sunlit) else np.ones((len(env.times), strips))


def _across(wing: Wing, points: Floats, rotation: Floats, normal: Floats) -> Floats | None:
    """Body axis along which strings lie side by side: the wing's own, or the longest of the part's axes in the plane of the face."""
    if wing.across is not None:
        own = np.eye(3)["xyz".index(wing.across)]
        return own if abs(own @ normal) < 1.0 - 1e-6 else None
    extent = np.array([np.ptp(points @ axis) if abs(axis @ normal) < np.sqrt(0.5) else -1.0 for axis in rotation.T])
    return np.asarray(rotation[:, int(np.argmax(extent))])
