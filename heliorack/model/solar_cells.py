"""Solar cells on the meshed body: sunlight on them, the shadow on each string, and their temperatures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.errors import NOTHING, CaseError, Problem
from heliorack.casefile.patterns import matching
from heliorack.model.body import Body
from heliorack.model.open_faces import Exposure, incident, joint_of
from heliorack.model.radiation import Radiating, shadow_folder
from heliorack.model.strip_shadows import lit_strips
from heliorack.runtime.parallel import on_first
from meshes.measure import area_vectors
from orbit.environment import Environment
from power.solar.sections import Section
from power.solar.strings import Lit, Wing, cell_area
from power.timeline import resample
from thermal.solve.probes import History

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

FIRST = 330.0  #: K; of the cells before the first orbit
ROOM = 1e-6  #: relative excess of an area that counts as round-off


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
    names: list[str]  #: (faces,)
    area: Floats  #: (faces,) free area [m2]
    columns: list[int]  #: (faces,) of the temperatures in a history
    times: Floats  #: (n,) s
    sunlight: Floats  #: (n, faces) direct sunlight on the plane of each, shadows included, mean over its area [W/m2]
    places: tuple[Place, ...] = ()  #: strings, where the case has wings

    def temperature(self, history: History | None) -> Floats:
        """Mean temperature of each face (n, faces) [K]."""
        if history is None:
            return np.full((len(self.times), len(self.faces)), FIRST)
        return np.stack([np.interp(self.times, history.times, history.mean[:, column]) for column in self.columns], axis=1)

    def sections(self, temperature: Floats) -> list[Section]:
        """All faces, at `temperature` (n, faces) [K]."""
        return [Section(name, float(self.area[i]), self.sunlight[:, i], temperature[:, i]) for i, name in enumerate(self.names)]

    def strings(self, temperature: Floats) -> list[Lit]:
        """All strings with faces at `temperature` (n, faces) [K]."""
        return [Lit(p.wing, p.irradiance, temperature[:, p.face], p.sunlit, p.strings / p.sunlit.shape[1], p.face) for p in self.places]

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
        CaseError: cells that do not fit their faces, or strings that would lie side by side along the normal of their face.
    """
    names = cell_faces(case, body)
    if not names:
        return None
    faces = [body.assembly.face_names.index(name) for name in names]
    falls = np.stack([_sunlight(body, exposure, radiating, np.array([face])) for face in faces], axis=1)
    columns = [len(body.assembly.part_names) + i for i in range(len(faces))]
    area = body.face_area[faces]
    places = _places(case, body, radiating, env, times, dict(zip(names, faces, strict=True)), area)
    _check_room(case, names, area, places)
    return Cells(faces, names, area, columns, times, resample(env.times, falls, times), places)


def _check_room(case: Case, names: list[str], area: Floats, places: tuple[Place, ...]) -> None:
    """Given cells fit the free area of their faces; what is sized is held against it where it is sized."""
    power = case.power
    assert power is not None
    asked, room = power.given_area, float(area.sum())
    at = "power.wings" if power.wings else "power.array_area_m2"
    if asked is not None and asked > room * (1.0 + ROOM):
        said = f"{asked:.4g} m2 do not fit: the free faces of array_faces have {room:.4g} m2 ({_rooms(names, area)})"
        raise CaseError(case.source, [Problem(at, NOTHING, f"{said}; name more or larger faces, or take a smaller array")])
    on = np.zeros(len(names))
    for place in places:
        on[place.face] += place.strings * cell_area([place.wing], power.cell) / place.wing.parallel
    if np.any(on > area * (1.0 + ROOM)):
        i = int(np.argmax(on - area))
        said = f"strings on {names[i]} have {on[i]:.4g} m2 of cells, the free face has {area[i]:.4g} m2; spread them over more faces"
        raise CaseError(case.source, [Problem(at, NOTHING, said)])


def _rooms(names: list[str], area: Floats, most: int = 4) -> str:
    """Free area of the first faces, in words."""
    said = ", ".join(f"{name} {a:.3g}" for name, a in list(zip(names, area, strict=True))[:most])
    return said + (f" and {len(names) - most} more" if len(names) > most else "")


def _sunlight(body: Body, exposure: Exposure, radiating: Radiating, faces: Ids) -> Floats:
    """Direct sunlight on the plane of the cells, shadows of other parts included; the mean over their free area (n,) [W/m2]."""
    groups = exposure.on_face(faces)
    area = np.asarray(body.layout.sum(np.asarray(exposure.areas[:, groups].sum(axis=0)).ravel()))
    area = area / body.count[body.assembly.face_part[exposure.face[groups]]]
    power, seen = exposure.direct.values[:, groups] @ area, float(area.sum())
    shaded, shaded_area = radiating.direct_on(faces)
    if shaded_area > 0:
        power, seen = (power if len(groups) else 0.0) + shaded, seen + shaded_area
    return np.broadcast_to(power / seen if seen > 0.0 else 0.0, len(exposure.direct.values)).astype(np.float64)


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
    if case.radiation.model == "open" or not radiating.shades(face):
        return falls, np.ones((len(env.times), strips))
    seen = on_first(body.layout.comm, lambda: lit_strips(body, radiating.motion, env, face, along, strips, shadow_folder()))
    return falls, seen


def _across(wing: Wing, points: Floats, rotation: Floats, normal: Floats) -> Floats | None:
    """Body axis along which strings lie side by side: the wing's own, or the longest of the part's axes in the plane of the face."""
    if wing.across is not None:
        own = np.eye(3)["xyz".index(wing.across)]
        return own if abs(own @ normal) < 1.0 - 1e-6 else None
    extent = np.array([np.ptp(points @ axis) if abs(axis @ normal) < np.sqrt(0.5) else -1.0 for axis in rotation.T])
    return np.asarray(rotation[:, int(np.argmax(extent))])
