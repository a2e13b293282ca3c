"""heliorack's orbit, Sun and shadow against the numbers of orbit_peers.py: largest differences, and the speed of the march through a year.

Used by benchmarks/run.py on fresh numbers and by tests/verification/test_orbit_peers.py on the stored ones.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orbit.elements import EARTH_RADIUS
from orbit.frames import tt_days
from orbit.kinds.analytic import SunSynchronous
from orbit.kinds.tle import Tle, tle_state
from orbit.motion import Passages, passages
from orbit.shadow import crossings, illumination, margins
from orbit.sun import AU, NODE_SPACING, SUN_RADIUS, cubic, sun_position
from orbit.year import Stepped, stepped

Array = NDArray[np.float64]
DURATION = 172800.0  #: s, two days
YEAR = 365.25 * 86400.0  #: s
STEP = 10.0  #: s
ALTITUDE = 550e3  #: m
NODE = 10.5 * 3600.0  #: s, local time of the ascending node
REPEATS = 5

# a real set (the ISS in December 2019) and one made for this comparison: 550 km, sun-synchronous, node at 10:30, March equinox
TLES = {
    "iss": {
        "line1": "1 25544U 98067A   19343.69339541  .00001764  00000-0  38792-4 0  9991",
        "line2": "2 25544  51.6439 211.2001 0007417  17.6667  85.6398 15.50103472202482",
        "start": "2019-12-10T00:00:00+00:00",
    },
    "sso_550": {
        "line1": "1 99001U 26001A   26079.50000000  .00000000  00000-0  10000-4 0    05",
        "line2": "2 99001  97.5930 337.5000 0012000  90.0000 270.0000 15.05491322    05",
        "start": "2026-03-20T12:00:00+00:00",
    },
}

# the question put to orbit_peers.py
REQUEST = {
    "tles": TLES,
    "radius": EARTH_RADIUS,
    "sun_radius": SUN_RADIUS,
    "duration": DURATION,
    "year": YEAR,
    "step": STEP,
    "altitude": ALTITUDE,
    "speed_tle": "sso_550",
    "repeats": REPEATS,
    "basilisk_days": 10,
    "skyfield_steps": 20000,
    "sgp4_steps": 315576,
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One difference from a peer, or one cost, and the most it may be."""

    quantity: str
    peer: str
    orbit: str
    found: float
    tolerance: float
    unit: str

    @property
    def holds(self) -> bool:
        return bool(self.found <= self.tolerance)


def elements(orbit: dict[str, Any]) -> tuple[Tle, datetime]:
    """Two-line elements and the start of the comparison."""
    return Tle(line1=orbit["line1"], line2=orbit["line2"]), datetime.fromisoformat(orbit["start"])


def place_apart(orbit: dict[str, Any]) -> float:
    """Largest distance from skyfield's places in GCRS [m]: SGP4 and the turn from TEME."""
    tle, start = elements(orbit)
    found = tle_state(tle, start, np.array(orbit["place"]["t"]))[0]
    return float(np.max(np.linalg.norm(found - orbit["place"]["position"], axis=1)))


def sun_apart(orbit: dict[str, Any]) -> float:
    """Largest angle from skyfield's apparent Sun over two days [deg]."""
    _, start = elements(orbit)
    return angle(sun_position(start, np.array(orbit["sun"]["t"])), np.array(orbit["sun"]["position"]))


def sun_of_a_year_apart(orbit: dict[str, Any]) -> float:
    """Largest angle between the Sun of the compiled march and skyfield's, at 27 instants of a year [deg]."""
    tle, start = elements(orbit)
    t = np.array(orbit["sun_of_a_year"]["t"])
    march = stepped(tle, start, YEAR, 60.0)
    return angle(march.sun[np.round(t / 60.0).astype(int)], np.array(orbit["sun_of_a_year"]["position"]))


def angle(a: Array, b: Array) -> float:
    """Largest angle between vectors (n, 3) [deg]."""
    across = np.linalg.norm(np.cross(a, b), axis=1)
    return float(np.degrees(np.max(np.arctan2(across, np.sum(a * b, axis=1)))))


def geometric_sun(epoch: datetime, t: Array) -> Array:
    """The Sun without aberration, as skyfield's `is_sunlit` takes it: (n, 3) [m], 20 arc seconds from where its light comes from."""
    import erfa

    day, fraction = tt_days(epoch)
    first = float(np.min(t)) - NODE_SPACING
    heliocentric, _ = erfa.epv00(day, fraction + (first + NODE_SPACING * np.arange(int(np.ptp(t) // NODE_SPACING) + 4)) / 86400.0)
    return cubic(-AU * np.asarray(heliocentric["p"], dtype=float), (t - first) / NODE_SPACING)


def half_light(orbit: dict[str, Any], sun: Callable[[datetime, Array], Array] = sun_position) -> tuple[Array, Array]:
    """Whole passages at half the solar disc: entry and exit [s], the edge skyfield's `is_sunlit` knows."""
    tle, start = elements(orbit)
    place = tle.motion(start, EARTH_RADIUS)

    def margin(t: Array) -> Array:
        outer, inner = margins(place(t), sun(start, t), EARTH_RADIUS)
        return (outer + inner) / 2

    found = crossings(margin, 0.0, DURATION, 5760, periodic=False)
    leave = found.exit[found.exit > found.entry[0]]
    return found.entry[: len(leave)], leave


def from_skyfield(orbit: dict[str, Any], sun: Callable[[datetime, Array], Array] = sun_position) -> tuple[float, float]:
    """Largest difference of an epoch and of a duration at half light [s]."""
    return edges_apart(half_light(orbit, sun), (orbit["skyfield"]["entry"], orbit["skyfield"]["exit"]))


def from_basilisk(orbit: dict[str, Any]) -> tuple[float, float]:
    """Largest difference of a cone contact's epoch and of a duration (penumbra and umbra) [s]."""
    tle, start = elements(orbit)
    found: Passages = passages(tle, start, DURATION)
    peer = orbit["basilisk"]
    outer = edges_apart((found.penumbra_entry, found.penumbra_exit), (peer["penumbra_entry"], peer["penumbra_exit"]))
    inner = edges_apart((found.umbra_entry, found.umbra_exit), (peer["umbra_entry"], peer["umbra_exit"]))
    return max(outer[0], inner[0]), max(outer[1], inner[1])


def edges_apart(found: tuple[Array, Array], peer: tuple[Any, Any]) -> tuple[float, float]:
    """Largest difference of entry or exit, and of exit less entry [s]; passages are counted, none may be missing."""
    entry, leave = (np.asarray(x, dtype=float) for x in peer)
    if len(found[0]) != len(entry) or len(found[1]) != len(leave) or not len(entry):
        raise ValueError(f"{len(found[0])} entries and {len(found[1])} exits found, the peer has {len(entry)} and {len(leave)}")
    epochs = max(np.max(np.abs(found[0] - entry)), np.max(np.abs(found[1] - leave)))
    durations = np.max(np.abs((found[1] - found[0]) - (leave - entry)))
    return float(epochs), float(durations)


def light_apart(orbit: dict[str, Any], by: str) -> float:
    """Largest difference of the visible part of the disc inside penumbra crossings, from the peer's own vectors; `by` overlap, basilisk."""
    rows = orbit["penumbra"]
    found = illumination(np.array(rows["position"]), np.array(rows["sun"]))
    return float(np.max(np.abs(found - rows[by])))


def mean_light_apart(orbit: dict[str, Any]) -> float:
    """Mean illumination over two days: compiled march (mean elements, J2) less Basilisk on the SGP4 path, absolute."""
    tle, start = elements(orbit)
    march = stepped(tle, start, DURATION - 30.0, 30.0)
    return float(abs(np.mean(march.illumination) - orbit["basilisk"]["mean_illumination"]))


def accuracy(orbits: dict[str, dict[str, Any]]) -> Iterator[Claim]:
    """Every difference with what it may be."""
    for name, orbit in orbits.items():
        yield Claim("place in GCRS, two days", "skyfield", name, place_apart(orbit), 1.0, "m")
        yield Claim("Sun direction, two days", "skyfield", name, sun_apart(orbit), 0.005, "deg")
        yield Claim("Sun direction, a year, compiled march", "skyfield", name, sun_of_a_year_apart(orbit), 0.005, "deg")
        epoch, duration = from_skyfield(orbit)
        yield Claim("entry and exit epochs, half light", "skyfield", name, epoch, 2.0, "s")
        yield Claim("eclipse duration, half light", "skyfield", name, duration, 1.0, "s")
        epoch, duration = from_skyfield(orbit, geometric_sun)
        yield Claim("the same epochs, both with the geometric Sun", "skyfield", name, epoch, 0.01, "s")
        epoch, duration = from_basilisk(orbit)
        yield Claim("entry and exit epochs, cone contacts", "Basilisk", name, epoch, 2.0, "s")
        yield Claim("eclipse duration, umbra and penumbra", "Basilisk", name, duration, 1.0, "s")
        yield Claim("illumination in penumbra, same vectors", "Basilisk", name, light_apart(orbit, "basilisk"), 1e-3, "-")
        yield Claim("illumination in penumbra, same vectors", "disc overlap", name, light_apart(orbit, "overlap"), 1e-3, "-")
        yield Claim("mean illumination, two days, compiled march", "Basilisk", name, mean_light_apart(orbit), 1e-3, "-")


def march() -> Stepped:
    """Sun, illumination and beta angle of a sun-synchronous orbit every 10 s for a year."""
    return stepped(SunSynchronous(altitude=ALTITUDE, ltan=NODE), datetime.fromisoformat(TLES["sso_550"]["start"]), YEAR, STEP)


def speed() -> dict[str, Any]:
    """CPU seconds of the march: the first call, which compiles, and the calls after it."""
    spent = []
    for _ in range(REPEATS + 1):
        begin = time.process_time()
        out = march()
        spent.append(time.process_time() - begin)
    if not 0.3 < np.mean(out.illumination < 0.5) < 0.4:
        raise RuntimeError("the march spends an unlikely part of its time in the shadow; its speed says nothing")
    return {"steps": len(out.beta), "cpu": spent[1:], "compiling": spent[0] - min(spent[1:])}
