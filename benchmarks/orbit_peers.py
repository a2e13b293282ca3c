"""Orbit, Sun and shadow by skyfield, sgp4 and Basilisk, in their own environment: REQUEST.json in, ANSWER.json out.

Run by benchmarks/run.py with the Python of .venv-peers; nothing of heliorack is imported here. Seconds, metres, GCRS axes.

Example:
    .venv-peers/bin/python benchmarks/orbit_peers.py request.json answer.json
"""

import json
import platform
import sys
import time
import warnings
from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skyfield.api import EarthSatellite, Loader
from skyfield_data import get_skyfield_data_path

Array = NDArray[np.float64]
LOOK = 30.0  #: s between the places at which a change of light is looked for
HALVINGS = 22  #: of LOOK: 7 microseconds
WITHIN = np.linspace(0.02, 0.98, 13)  #: places inside a penumbra crossing


class Sky:
    """skyfield with the DE421 of skyfield-data and its built-in time scale."""

    def __init__(self, start: str) -> None:
        load = Loader(get_skyfield_data_path(), expire=False, verbose=False)
        self.scale = load.timescale(builtin=True)
        self.bodies = load("de421.bsp")
        self.start = datetime.fromisoformat(start)

    def at(self, t: Array) -> Any:
        s = self.start
        return self.scale.utc(s.year, s.month, s.day, s.hour, s.minute, s.second + np.asarray(t, dtype=float))

    def sun(self, t: Array) -> Array:
        """Apparent Sun from the Earth's centre (n, 3)."""
        return np.asarray(self.bodies["earth"].at(self.at(t)).observe(self.bodies["sun"]).apparent().position.m.T)

    def satellite(self, tle: dict[str, str]) -> Any:
        return EarthSatellite(tle["line1"], tle["line2"], ts=self.scale)


class Shadow:
    """Basilisk's eclipse module driven by messages: planet in the origin, satellite and Sun wherever they are asked for."""

    def __init__(self, radius: float) -> None:
        from Basilisk.architecture import messaging
        from Basilisk.simulation import eclipse

        self.craft, self.star = messaging.SCStatesMsgPayload(), messaging.SpicePlanetStateMsgPayload()
        planet = messaging.SpicePlanetStateMsgPayload()
        planet.PlanetName = "custom"
        planet.PositionVector = [0.0, 0.0, 0.0]
        self.craft_message, self.star_message = messaging.SCStatesMsg(), messaging.SpicePlanetStateMsg()
        self.planet_message = messaging.SpicePlanetStateMsg().write(planet)
        self.module = eclipse.Eclipse()
        self.module.rEqCustom = radius
        self.module.addPlanetToModel(self.planet_message)
        self.module.sunInMsg.subscribeTo(self.star_message)
        self.module.addSpacecraftToModel(self.craft_message)
        self.module.Reset(0)

    def illumination(self, position: Array, sun: Array) -> Array:
        """Visible part of the solar disc (n,) at places (n, 3) with the Sun at (n, 3)."""
        out = np.empty(len(position))
        for i, (r, s) in enumerate(zip(position.tolist(), sun.tolist(), strict=True)):
            self.craft.r_BN_N = r
            self.star.PositionVector = s
            self.craft_message.write(self.craft, 0)
            self.star_message.write(self.star, 0)
            self.module.UpdateState(0)
            answer = self.module.eclipseOutMsgs[0].read()  # which of two classes reads it, and so the name, depends on the order of imports
            out[i] = answer.illuminationFactor if hasattr(answer, "illuminationFactor") else answer.shadowFactor
        return out


def changes(dark: Callable[[Array], NDArray[np.bool_]], duration: float) -> tuple[Array, Array]:
    """Times at which `dark` becomes true, and false again."""
    t = np.arange(0.0, duration + LOOK / 2, LOOK)
    inside = dark(t)
    ends = []
    for rising in (True, False):
        at = np.flatnonzero((inside[1:] == rising) & (inside[:-1] != rising))
        low, high = t[at], t[at + 1]
        for _ in range(HALVINGS if len(at) else 0):
            middle = (low + high) / 2
            after = dark(middle) == rising
            low, high = np.where(after, low, middle), np.where(after, middle, high)
        ends.append((low + high) / 2)
    return ends[0], ends[1]


def whole(entry: Array, leave: Array) -> tuple[Array, Array]:
    """Passages with both ends inside the span."""
    leave = leave[leave > entry[0]]
    return entry[: len(leave)], leave


def overlap(position: Array, sun: Array, radius: float, sun_radius: float) -> Array:
    """Visible part (n,) of a uniformly bright solar disc above a sphere, by quadrature over the sphere of directions.

    No small-angle or flat-disc formula: rings about the Sun's centre, on each the arc behind the planet's cap (spherical cosine rule).
    """
    to_sun = sun - position
    away, height = np.linalg.norm(to_sun, axis=1), np.linalg.norm(position, axis=1)
    disc, cap = np.arcsin(sun_radius / away), np.arcsin(radius / height)
    apart = np.arctan2(np.linalg.norm(np.cross(to_sun, -position), axis=1), -np.sum(to_sun * position, axis=1))
    nodes, weights = np.polynomial.legendre.leggauss(4000)
    out = np.empty(len(position))
    for i, (a, b, c) in enumerate(zip(disc, cap, apart, strict=True)):
        ring = a * (nodes + 1) / 2
        cosine = (np.cos(b) - np.cos(c) * np.cos(ring)) / (np.sin(c) * np.sin(ring))
        arc = np.arccos(np.clip(cosine, -1.0, 1.0)) / np.pi
        out[i] = 1 - np.sum(weights * np.sin(ring) * arc) / np.sum(weights * np.sin(ring))
    return out


def accuracy(tle: dict[str, str], request: dict[str, Any]) -> dict[str, Any]:
    """Places, Sun, shadow times and light in the penumbra from one pair of element lines."""
    sky, shadow, duration = Sky(tle["start"]), Shadow(request["radius"]), float(request["duration"])
    craft = sky.satellite(tle)

    def place(t: Array) -> Array:
        return np.asarray(craft.at(sky.at(t)).position.m.T)

    @cache
    def sun_nodes() -> tuple[Array, Array]:
        t = np.arange(-1200.0, duration + 1201.0, 600.0)
        return t, sky.sun(t)

    def sun(t: Array) -> Array:
        """skyfield's Sun every ten minutes and straight lines between: 5 km of 1.5e8 km, for the many looks of the bisection."""
        nodes, places = sun_nodes()
        return np.stack([np.interp(t, nodes, places[:, i]) for i in range(3)], axis=1)

    def light(t: Array) -> Array:
        return shadow.illumination(place(t), sun(t))

    half = whole(*changes(lambda t: ~craft.at(sky.at(t)).is_sunlit(sky.bodies), duration))
    penumbra = whole(*changes(lambda t: light(t) < 1.0, duration))
    umbra = whole(*changes(lambda t: light(t) <= 0.0, duration))
    chosen = [0, len(penumbra[0]) // 2, len(penumbra[0]) - 1]
    crossings = [(p[k], u[k]) for p, u in zip(penumbra, umbra, strict=True) for k in chosen]
    t = np.concatenate([a + (b - a) * WITHIN for a, b in crossings])
    r, s = place(t), sky.sun(t)
    steps = np.arange(0.0, duration, 30.0)
    hours = np.arange(0.0, duration + 1.0, 7200.0)
    year = np.linspace(0.0, request["year"], 27)
    return {
        **tle,
        "place": {"t": hours, "position": np.round(place(hours), 4)},
        "sun": {"t": hours, "position": np.round(sky.sun(hours), 0)},
        "sun_of_a_year": {"t": np.round(year), "position": np.round(sky.sun(np.round(year)), 0)},
        "skyfield": {"entry": np.round(half[0], 4), "exit": np.round(half[1], 4)},
        "basilisk": {
            "penumbra_entry": np.round(penumbra[0], 4),
            "umbra_entry": np.round(umbra[0], 4),
            "umbra_exit": np.round(umbra[1], 4),
            "penumbra_exit": np.round(penumbra[1], 4),
            "mean_illumination": float(np.mean(light(steps))),
        },
        "penumbra": {
            "position": np.round(r, 3),
            "sun": np.round(s, 0),
            "overlap": np.round(overlap(r, s, request["radius"], request["sun_radius"]), 7),
            "basilisk": np.round(shadow.illumination(r, s), 7),
        },
    }


def timed(run: Callable[[], Any], times: int) -> list[float]:
    """CPU seconds of the process for each of several runs."""
    spent = []
    for _ in range(times):
        begin = time.process_time()
        run()
        spent.append(time.process_time() - begin)
    return spent


def basilisk_march(days: float, step: float, altitude: float) -> tuple[float, int]:
    """CPU seconds and steps of Basilisk's own motion (point mass, its default Runge-Kutta 4), planet ephemeris, eclipse and beta angle."""
    from Basilisk.architecture import messaging
    from Basilisk.simulation import eclipse, planetEphemeris, spacecraft
    from Basilisk.utilities import SimulationBaseClass, macros, orbitalMotion, simIncludeGravBody

    sim = SimulationBaseClass.SimBaseClass()
    sim.CreateNewProcess("p").addTask(sim.CreateNewTask("t", macros.sec2nano(step)))
    craft = spacecraft.Spacecraft()
    sim.AddModelToTask("t", craft, 10)
    bodies = simIncludeGravBody.gravBodyFactory()
    earth = bodies.createEarth()
    earth.isCentralBody = True
    bodies.addBodiesTo(craft)
    planets = planetEphemeris.PlanetEphemeris()
    planets.setPlanetNames(planetEphemeris.StringVector(["earth"]))
    around = planetEphemeris.ClassicElements()
    around.a, around.e, around.i, around.Omega, around.omega, around.f = 149597870.7e3, 0.0167, np.radians(23.44), 0.0, 1.8, 0.0
    planets.planetElements = planetEphemeris.classicElementVector([around])
    sim.AddModelToTask("t", planets, 20)
    earth.planetBodyInMsg.subscribeTo(planets.planetOutMsgs[0])
    star = messaging.SpicePlanetStateMsgPayload()
    star.PositionVector = [0.0, 0.0, 0.0]
    star_message = messaging.SpicePlanetStateMsg().write(star)
    shade = eclipse.Eclipse()
    shade.addPlanetToModel(planets.planetOutMsgs[0])
    shade.sunInMsg.subscribeTo(star_message)
    shade.addSpacecraftToModel(craft.scStateOutMsg)
    sim.AddModelToTask("t", shade, 5)
    orbit = orbitalMotion.ClassicElements()
    orbit.a, orbit.e, orbit.i = 6378.137e3 + altitude, 1e-4, np.radians(97.6)
    orbit.Omega, orbit.omega, orbit.f = np.radians(337.5), 0.0, 0.0
    craft.hub.r_CN_NInit, craft.hub.v_CN_NInit = orbitalMotion.elem2rv(398600.4415e9, orbit)
    logs = [m.recorder() for m in (craft.scStateOutMsg, planets.planetOutMsgs[0], shade.eclipseOutMsgs[0])]
    for log in logs:
        sim.AddModelToTask("t", log)
    sim.InitializeSimulation()
    sim.ConfigureStopTime(macros.sec2nano(86400.0 * days))
    begin = time.process_time()
    sim.ExecuteSimulation()
    place, velocity, planet = np.asarray(logs[0].r_BN_N), np.asarray(logs[0].v_BN_N), np.asarray(logs[1].PositionVector)
    beta(place - planet, velocity - np.asarray(logs[1].VelocityVector), -planet)
    light = np.asarray(logs[2].illuminationFactor)
    spent = time.process_time() - begin
    dark = float(np.mean(light < 0.5))
    if not 0.3 < dark < 0.4:
        raise RuntimeError(f"Basilisk's march spends {dark:.3f} of its time in the shadow; 0.3 to 0.4 was expected of this orbit")
    return spent, len(light)


def beta(position: Array, velocity: Array, sun: Array) -> Array:
    """Angle from orbit plane to Sun (n,) [rad]."""
    h = np.cross(position, velocity)
    return np.asarray(np.arcsin(np.sum(h * sun, axis=1) / np.linalg.norm(h, axis=1) / np.linalg.norm(sun, axis=1)))


def speed(request: dict[str, Any]) -> dict[str, Any]:
    """CPU seconds for spans shorter than a year, with their number of steps."""
    step, tle, repeats = float(request["step"]), request["tles"][request["speed_tle"]], int(request["repeats"])
    sky = Sky(tle["start"])
    craft = sky.satellite(tle)

    def by_skyfield(count: int) -> None:
        t = sky.at(np.arange(count, dtype=float) * step)
        here = craft.at(t)
        here.is_sunlit(sky.bodies)
        star = sky.bodies["earth"].at(t).observe(sky.bodies["sun"]).apparent().position.m.T
        beta(here.position.m.T, here.velocity.m_per_s.T, star)

    def by_sgp4(count: int) -> None:
        craft.model.sgp4_array(np.full(count, craft.model.jdsatepoch), np.arange(count) * step / 86400.0)

    few, many = int(request["skyfield_steps"]), int(request["sgp4_steps"])
    by_skyfield(10)
    march = [basilisk_march(float(request["basilisk_days"]), step, float(request["altitude"])) for _ in range(repeats)]
    return {
        "skyfield": {"steps": few, "cpu": timed(lambda: by_skyfield(few), repeats)},
        "sgp4": {"steps": many, "cpu": timed(lambda: by_sgp4(many), repeats)},
        "basilisk": {"steps": march[0][1], "cpu": [spent for spent, _ in march]},
    }


def plain(value: Any) -> Any:
    """numpy arrays as lists, all the way down."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value.tolist() if isinstance(value, np.ndarray) else value


def main(request_file: str, answer_file: str) -> None:
    """Answer a request."""
    warnings.filterwarnings("ignore", message="The file finals2000A.all has expired")  # not read: the time scale is the built-in one
    request = json.loads(Path(request_file).read_text())
    answer = {
        "versions": {name: version(name) for name in ("bsk", "sgp4", "skyfield", "skyfield-data", "numpy")},
        "python": platform.python_version(),
        "orbits": {name: accuracy(tle, request) for name, tle in request["tles"].items()},
        "speed": speed(request),
    }
    Path(answer_file).write_text(json.dumps(plain(answer)))


if __name__ == "__main__":
    main(*sys.argv[1:])
