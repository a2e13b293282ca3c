"""Measures on runs of cases/gpu_tray_leo.toml what neighbours do to the radiator; docs/tray_radiation.md tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIGMA = 5.670374419e-8  # W/m2K4
ROOT = Path(__file__).resolve().parent.parent
HOT = "hot_operational"
CASES = (HOT, "cold_operational", "cold_survival", "safe_mode")
AWAY = (  # the wings 30 m out, where they cover a millionth of the radiator's view; groups of facets as large as they are otherwise
    "parts.wing_north.position_mm=[0, 30000, 0]",
    "parts.wing_south.position_mm=[0, -30000, 0]",
    "radiation.cluster_mm=1500",
)
KINDS = {
    "GPUs": "tray.gpu*",
    "power stages": "tray.vrm*",
    "CPUs": "tray.cpu*",
    "memory": "tray.memory*",
    "network adapters": "tray.nic*",
    "optics": "tray.optics*",
    "drives": "tray.ssd*",
    "cold plate": "tray.cold_plate",
    "radiator": "radiator.*",
    "wings": "wing_*",
    "battery": "battery",
    "battery radiator": "battery_radiator",
}


def measured(say: Callable[[str, float], None]) -> dict[str, Any]:
    """All runs of the page, some five minutes: figures by load case and by run of it."""
    from heliorack import load, simulate
    from heliorack.run.simulate import meshed_bodies

    bodies = meshed_bodies()

    def run(case: str, *changes: str) -> Any:
        return simulate(load(ROOT / "cases" / "gpu_tray_leo.toml", changes, case=case), say=say, bodies=bodies)

    found = {case: {"open": figures(run(case, "radiation.model=open")), "exchange": figures(run(case))} for case in CASES}
    found[HOT]["other seed"] = figures(run(HOT, "radiation.seed=1"))
    found[HOT]["wings away"] = figures(run(HOT, *AWAY))
    return found


def figures(result: Any) -> dict[str, Any]:
    """Temperatures of the parts, heat of the radiator, limits, and with exchange what the radiator's faces see and what the Sun reaches."""
    from heliorack.results import radiation_figures

    said: dict[str, Any] = {"parts": kinds(result), "radiator": radiator(result)}
    said |= {"missed": list(result.failures), "within_error": list(result.within_error)}
    if result.radiation.views.factors:
        told = radiation_figures.summary(result.radiation)
        names = ("groups", "standard_error", "group_error", "planet_error", "temperature_error_K")
        said["rays"] = {name: told[name] for name in names} | {"closure": told["closure"]["rows_before"]}
        said["views"] = views(result)
        said["sunlight"] = sunlight(result)
    return said


def kinds(result: Any) -> dict[str, dict[str, float]]:
    """Extremes and mean by mass of the parts of one kind."""
    parts, found = result.parts(), {}
    for kind, pattern in KINDS.items():
        some = [figures for name, figures in parts.items() if fnmatchcase(name, pattern)]
        mass = np.array([part.mass_kg for part in some])
        found[kind] = {
            "min_degC": min(part.min_degC for part in some),
            "max_degC": max(part.max_degC for part in some),
            "mean_degC": float(mass @ [part.mean_degC for part in some] / mass.sum()),
        }
    return found


def radiator(result: Any) -> dict[str, float]:
    """Orbit means of the radiator [W]; its temperature is the fourth root of the mean of T^4 over its emitting faces."""
    import tray_run

    model, layout = result.solution.ledger.model, result.body.layout
    history, env = result.solution.history, result.env
    names = np.array(result.body.assembly.part_names)
    part = np.asarray(result.body.volumes.argmax(axis=1)).ravel()
    mine = np.array([name.startswith("radiator.") for name in names])[part]
    plain = tray_run.measure(result.body, history.frames, history.fields)
    found = {"kelvin": plain["fourth_root_of_mean_T4_K"], "emitting_m2": plain["emitting_m2"], "from_tray_W": plain["heat_from_tray_W"]}
    for path in ("sun", "albedo", "earth_infrared"):
        found[f"{path}_W"] = sum(_into(source, mine, env.times) for source in model.sources if source.path == path)
    span, fields = np.ptp(history.frames), [layout.scatter(field) for field in history.fields]
    moments = [_exchanged(result, mine, T) for T in fields]
    for name in moments[0]:
        found[name] = float(np.trapezoid([moment[name] for moment in moments], history.frames) / span)
    if "wings_K4" in found:
        found["wings_K"] = found.pop("wings_K4") ** 0.25
    return found


def _into(source: Any, rows: NDArray[np.bool_], times: Floats) -> float:
    """Orbit mean of what a source brings to some rows [W]."""
    shares = np.asarray(source.spread[rows].sum(axis=0)).ravel()
    start, end = float(times[0]), float(times[-1])
    return float(shares @ source.total(start, end)) / (end - start)


def _exchanged(result: Any, rows: NDArray[np.bool_], T: Floats) -> dict[str, float]:
    """What the rows emit [W], and what comes back to them by way of other faces."""
    from thermal.radiation.enclosure import Enclosure
    from thermal.solve.ways import Emitter

    model = result.solution.ledger.model
    fourth = SIGMA * T**4
    emitters = [way for way in model.ways if isinstance(way, Emitter)]
    emitted = sum(float(emitter.area[rows] @ fourth[rows]) for emitter in emitters)
    sky = sum(float(emitter.area[rows].sum()) * SIGMA * emitter.sink**4 for emitter in emitters)
    found = {"from_itself_W": 0.0, "from_wings_W": 0.0, "from_others_W": 0.0}
    for enclosure in (way for way in model.ways if isinstance(way, Enclosure)):
        views = result.radiation.views
        owner = np.array(result.body.assembly.part_names)[result.body.assembly.face_part[views.face]]
        emitted += float(enclosure.emission[rows] @ fourth[rows])
        (pose,) = enclosure.poses
        own, wing = _named(owner, "radiator.*"), _named(owner, "wing_*")
        power = enclosure.mean(model.layout, fourth)
        weight = enclosure.areas[own] @ pose.returned[own]
        sky += float(enclosure.areas[own] @ pose.sky[own]) * SIGMA * enclosure.sink**4
        found = {
            "from_itself_W": float(weight[own] @ power[own]),
            "from_wings_W": float(weight[wing] @ power[wing]),
            "from_others_W": float(weight[~own & ~wing] @ power[~own & ~wing]),
            "to_wings_W": float((enclosure.areas[own] * power[own]) @ pose.returned[np.ix_(own, wing)].sum(axis=1)),
            "wings_K4": float(enclosure.areas[wing] @ power[wing] / enclosure.areas[wing].sum() / SIGMA),
        }
    return {"emitted_W": emitted, "from_sky_W": sky, **found}


def _named(names: Iterable[str], pattern: str) -> NDArray[np.bool_]:
    return np.array([fnmatchcase(name, pattern) for name in names])


def views(result: Any) -> dict[str, dict[str, float]]:
    """What the radiator's faces see, by direction: factors to sky, wings and the rest, area-weighted, and the wings' standard errors."""
    seen, assembly = result.radiation.views, result.body.assembly
    closed = seen.factors[0].closed
    face = np.array(assembly.face_names)[seen.face]
    owner = np.array(assembly.part_names)[assembly.face_part[seen.face]]
    found = {}
    for side in ("+z", "-z", "+x", "-x", "+y", "-y"):
        mine = _named(face, f"radiator.*:{side}")
        if not mine.any():
            continue
        area = float(closed.areas[mine].sum())
        G = closed.G[mine].toarray().sum(axis=0)
        row = {"area_m2": area, "sky": float(closed.sky[mine] @ closed.areas[mine]) / area}
        for name in ("wing_north", "wing_south"):
            wing = owner == name
            row[name] = float(G[wing].sum()) / area
            row[f"{name}_error"] = float(np.sqrt(closed.error[mine][:, wing].power(2).sum())) / area
        row["tray"] = float(G[_named(owner, "tray.*")].sum()) / area
        row["battery"] = float(G[_named(owner, "battery*")].sum()) / area
        found[side] = row
    return found


def sunlight(result: Any) -> dict[str, dict[str, float]]:
    """Orbit mean of direct sunlight on the faces that it would reach if they stood alone [W], and with shadows, by kind of part."""
    radiating, env = result.radiation, result.env
    seen, assembly = radiating.views, result.body.assembly
    corners = assembly.points[assembly.facets[seen.facets]]
    area = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2 * result.body.free[seen.facets, None]
    alone = (env.solar * env.illumination)[:, None] * np.maximum(env.sun @ area.T, 0.0)
    mean = lambda values: np.trapezoid(values, env.times, axis=0) / np.ptp(env.times)  # noqa: E731
    alone, shaded = mean(alone), mean(radiating.falls.direct) * np.linalg.norm(area, axis=1)
    face = seen.face[seen.group]
    owner = np.array(assembly.part_names)[assembly.face_part[face]]
    absorbs = radiating.surfaces.absorptance[seen.group] > 0
    found = {}
    for kind, pattern in {**KINDS, "board": "tray.board"}.items():
        mine = _named(owner, pattern)
        if alone[mine].sum() > 1e-6:
            found[kind] = {
                "alone_W": float(alone[mine].sum()),
                "reached_W": float(shaded[mine].sum()),
                "absorbing_lost_W": float((alone - shaded)[mine & absorbs].sum()),
            }
    return found
