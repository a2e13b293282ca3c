"""Solar cells on the meshed body: sunlight on them, the shadow on each string, and their temperatures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.errors import NOTHING, CaseError, Problem
from heliorack.casefile.patterns import matching
from heliorack.model.articulation import Joint
from heliorack.model.body import Body
from heliorack.model.cells.string_zones import Zone, strip_weights, whole_face, zone_of_strip
from heliorack.model.cells.strip_shadows import lit_strips
from heliorack.model.open_faces import Exposure, incident, joint_of
from heliorack.model.radiation import Radiating, shadow_folder
from heliorack.model.surfaces.covered_boundaries import free_faces
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
    along: Floats  #: (3,) body axis across which they lie side by side
    first: int = 0  #: position of its first zone; its strips are shared among as many as `zone_of_strip` says


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Faces that carry cells; n times."""

    faces: list[int]  #: of the assembly
    names: list[str]  #: (faces,)
    area: Floats  #: (faces,) free area [m2]
    column: int  #: of the first zone's temperature in a history
    times: Floats  #: (n,) s
    sunlight: Floats  #: (n, faces) direct sunlight on the plane of each, shadows included, mean over its area [W/m2]
    zones: tuple[Zone, ...]  #: what has a temperature and a draw of its own: strips of strings, or the faces
    places: tuple[Place, ...] = ()  #: strings, where the case has wings

    def temperature(self, history: History | None) -> Floats:
        """Mean temperature of each zone (n, zones) [K]."""
        if history is None:
            return np.full((len(self.times), len(self.zones)), FIRST)
        columns = range(self.column, self.column + len(self.zones))
        return np.stack([np.interp(self.times, history.times, history.mean[:, column]) for column in columns], axis=1)

    def sections(self, temperature: Floats) -> list[Section]:
        """All zones, at `temperature` (n, zones) [K]."""
        return [Section(zone.name, zone.room, zone.sunlight, temperature[:, i]) for i, zone in enumerate(self.zones)]

    def strings(self, temperature: Floats) -> list[Lit]:
        """All strings with zones at `temperature` (n, zones) [K]."""
        found = []
        for place in self.places:
            zone = zone_of_strip(place.sunlit.shape[1])
            each = place.strings / len(zone)
            for i in range(int(zone[-1]) + 1):
                at = place.first + i
                found.append(Lit(place.wing, place.irradiance, temperature[:, at], place.sunlit[:, zone == i], each, at))
        return found

    def assumptions(self) -> list[str]:
        """What is taken for granted of sunlight and shadow on the cells."""
        if not self.places:
            return ["array: a shadow takes power in proportion to the area that it covers (strings are known by [[power.wings]] alone)"]
        said = ["array: each string at the mean temperature of its strip of the face; strings lie side by side in strips of equal width"]
        if any(not place.wing.bypass for place in self.places):
            said.append("array: a string without bypass diodes gives nothing while any of it is in shadow")
        return said


def cell_faces(case: Case, body: Body) -> list[str]:
    """Names of the faces that carry solar cells: of those that the case names, what other parts do not cover whole."""
    if case.power is None or case.power.array_faces is None:
        return []
    return list(matching(case.power.array_faces, free_faces(body.assembly, body.free)))


def solar_cells(
    case: Case,
    body: Body,
    exposure: Exposure,
    radiating: Radiating,
    env: Environment,
    times: Floats,
    column: int,
    tracking: Sequence[Joint] | None = None,
) -> Cells | None:
    """The cells of a case over `times`; None when no face carries any. Collective.

    Args:
        column: Of the first zone's temperature in a history.
        tracking: Joints where they are not those of the case.

    Raises:
        CaseError: cells that do not fit their faces, or strings that would lie side by side along the normal of their face.
    """
    names = cell_faces(case, body)
    if not names:
        return None
    faces = [body.assembly.face_names.index(name) for name in names]
    falls = np.stack([_sunlight(body, exposure, radiating, np.array([face])) for face in faces], axis=1)
    area = body.face_area[faces]
    places = _places(
        case, case.tracking if tracking is None else tracking, body, radiating, env, times, dict(zip(names, faces, strict=True)), area
    )
    _check_room(case, names, area, places)
    sunlight = resample(env.times, falls, times)
    zones, places = _zones(body, faces, names, sunlight, places)
    return Cells(faces, names, area, column, times, sunlight, zones, places)


def _zones(
    body: Body, faces: list[int], names: list[str], sunlight: Floats, places: tuple[Place, ...]
) -> tuple[tuple[Zone, ...], tuple[Place, ...]]:
    """Zones of all faces in their order, and the strings with the position of their first."""
    zones: list[Zone] = []
    begun = list(places)
    for i, (face, name) in enumerate(zip(faces, names, strict=True)):
        here = [j for j, place in enumerate(places) if place.face == i]
        for j in here:
            begun[j] = replace(places[j], first=len(zones))
            zones += _strips(body, face, name, sunlight[:, i], places[j], len(here))
        if not here:
            zones.append(Zone(name, i, float(body.face_area[face]), sunlight[:, i], whole_face(body, face)))
    return tuple(zones), tuple(begun)


def _strips(body: Body, face: int, name: str, sunlight: Floats, place: Place, wings: int) -> list[Zone]:
    """Zones of one wing's strings on a face that it shares with others; their mean sunlight is that of the face."""
    strips = place.sunlit.shape[1]
    zone, weights = zone_of_strip(strips), strip_weights(body, face, place.along, strips)
    lit, found = place.sunlit.mean(axis=1), []
    for i, own in enumerate(weights):
        part, mine = place.sunlit[:, zone == i].mean(axis=1), float(np.mean(zone == i))
        light = sunlight * np.divide(part, lit, out=np.ones_like(lit), where=lit > 0.0)
        found.append(Zone(name, place.face, float(body.face_area[face]) * mine / wings, light, own))
    return found


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
    case: Case,
    tracking: Sequence[Joint],
    body: Body,
    radiating: Radiating,
    env: Environment,
    times: Floats,
    faces: dict[str, int],
    area: Floats,
) -> tuple[Place, ...]:
    """Strings of all wings on their faces."""
    found, names = [], list(faces)
    for wing in case.power.wings if case.power is not None else ():
        mine = list(names if wing.faces is None else matching(wing.faces, names))
        at = [names.index(name) for name in mine]
        for name, i, strings in zip(mine, at, shared(wing.parallel, area[at]), strict=True):
            if strings:
                falls, sunlit, along = _light(case, tracking, body, radiating, env, wing, name, faces[name], strings)
                found.append(Place(wing, i, strings, resample(env.times, falls, times), resample(env.times, sunlit, times), along))
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
    case: Case,
    tracking: Sequence[Joint],
    body: Body,
    radiating: Radiating,
    env: Environment,
    wing: Wing,
    name: str,
    face: int,
    strings: int,
) -> tuple[Floats, Floats, Floats]:
    """Sunlight on a face with nothing in the way (n,) [W/m2], the lit part of its strings (n, k), and the axis across them (3,)."""
    assembly = body.assembly
    mine = assembly.facets[(assembly.facet_face == face) & (body.free > 0)]
    normal = area_vectors(assembly.points, mine).sum(axis=0)
    normal /= np.linalg.norm(normal)
    part = assembly.face_part[face]
    joint = np.array([joint_of(tracking, assembly.part_names[part])])
    falls = incident(env, normal[None], joint, tracking)[0].values[:, 0]
    along = _across(wing, assembly.points[mine].reshape(-1, 3), assembly.part_rotation[part], normal)
    if along is None:
        said = f"is the normal of {name}; strings lie side by side in the plane of their face"
        raise CaseError(case.source, [Problem(f"power.wings.{wing.name}.across", wing.across or NOTHING, said)])
    strips = max(1, round(strings / float(body.count[part])))
    if case.radiation.model == "open" or not radiating.shades(face):
        return falls, np.ones((len(env.times), strips)), along
    seen = on_first(body.layout.comm, lambda: lit_strips(body, radiating.motion, env, face, along, strips, shadow_folder()))
    return falls, seen, along


def _across(wing: Wing, points: Floats, rotation: Floats, normal: Floats) -> Floats | None:
    """Body axis along which strings lie side by side: the wing's own, or the longest of the part's axes in the plane of the face."""
    if wing.across is not None:
        own = np.eye(3)["xyz".index(wing.across)]
        return own if abs(own @ normal) < 1.0 - 1e-6 else None
    extent = np.array([np.ptp(points @ axis) if abs(axis @ normal) < np.sqrt(0.5) else -1.0 for axis in rotation.T])
    return np.asarray(rotation[:, int(np.argmax(extent))])
