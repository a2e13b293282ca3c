"""Runs of the cases that docs/systems speaks of, into figures.json: `python docs/build.py --systems`, some four minutes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FIGURES = Path(__file__).with_name("figures.json")
NEAR = 1e-3  #: K of the wanted temperature at which a search ends
Figures = dict[str, float]


def solve(name: str, case: str | None, *changes: str) -> Any:
    """A shipped case with overrides, as `heliorack run CASE --case NAME --set ...`."""
    from heliorack import load, simulate
    from heliorack.runtime.progress import silent

    return simulate(load(ROOT / "cases" / f"{name}.toml", list(changes), case=case), say=silent)


def heats(result: Any) -> Figures:
    """Heat into the body by path, mean over the run [W]."""
    return {f"{path}_W": float(watts) for path, watts in result.summary().heat_W.items()}


def sizes(result: Any) -> Figures:
    """Array, pack and mass of a run with power."""
    said = result.summary()
    return {
        "array_m2": said.power.array_area_m2,
        "pack_Wh": said.power.pack_capacity_Wh,
        "eclipse_s": said.orbit.shadow_equivalent_s,
        "mass_kg": said.mass_kg["total"],
    }


def search(hottest: Callable[[float], float], wanted: float, first: float, second: float) -> float:
    """The value at which a temperature is as wanted, by secants; temperatures are nearly straight in loads."""
    a, b = first, second
    at_a, at_b = hottest(a) - wanted, hottest(b) - wanted
    for _ in range(8):
        if abs(at_b) < NEAR:
            return b
        a, b, at_a = b, b - at_b * (b - a) / (at_b - at_a), at_b
        at_b = hottest(b) - wanted
    raise RuntimeError(f"no value gives {wanted} degC: {b:g} comes {at_b:+.3f} K to it")


# ------------------------------------------------------------------------------------------------------------- each system


def strips(name: str, case: str) -> Figures:
    """A radiator of strips: its tubes and what it absorbs."""
    result = solve(name, case)
    tube = result.parts()["radiator.pipe1"]
    return {"tube_degC": tube.max_degC, "tube_mean_degC": tube.mean_degC, "mesh_K": abs(tube.mesh_max_K), **heats(result)}


def load_of_strips(name: str, case: str, load: str, limit: float, start: float) -> float:
    """Heat per strip that brings the tube to its limit [W]."""

    def hottest(watts: float) -> float:
        return float(solve(name, case, f"compute.{load}.peak_W={watts!r}").parts()["radiator.pipe1"].max_degC)

    return search(hottest, limit, start, 0.95 * start)


def panel() -> Figures:
    """The bifacial tile."""
    result = solve("bifacial_panel", None)
    processor, sheet = result.parts()["processor"], result.parts()["panel"]
    return {
        "processor_degC": processor.max_degC,
        "panel_mean_degC": sheet.mean_degC,
        "mesh_K": abs(processor.mesh_max_K),
        "electricity_W_m2": float(result.power.available.mean()) / 0.25,
        **heats(result),
    }


def thickness_of_panel(limit: float) -> float:
    """Aluminium that spreads the heat of a processor well enough [mm]."""

    def hottest(thickness: float) -> float:
        moved = f"parts.processor.position_mm=[0, 0, {-(thickness / 2 + 3)!r}]"
        return float(solve("bifacial_panel", None, f"parts.panel.thickness_mm={thickness!r}", moved).parts()["processor"].max_degC)

    return search(hottest, limit, 4.0, 6.0)


def node(case: str, *changes: str) -> Figures:
    """The Suncatcher-class node: its warmest chip."""
    result = solve("suncatcher_node", case, *changes)
    parts = result.parts()
    warmest = max((parts[f"tpu{i}"] for i in range(1, 5)), key=lambda part: part.max_degC)
    rise = 0.15 * float(next(load.peak for load in result.case.compute if load.name == "tpu"))
    return {
        "junction_degC": warmest.max_degC + rise,
        "junction_mean_degC": warmest.mean_degC + rise,
        "mesh_K": abs(warmest.mesh_max_K),
        **heats(result),
        **sizes(result),
    }


def load_of_chip(limit: float) -> float:
    """Power of each chip that brings the hottest junction to its limit [W]."""
    return search(lambda watts: node("eclipse_season", f"compute.tpu.peak_W={watts!r}")["junction_degC"], limit, 300.0, 320.0)


def dawn_dusk(altitude: float) -> Figures:
    """The dawn-dusk node in its eclipse season, sized for that alone."""
    result = solve("dawn_dusk_node", "eclipse_season", f"orbit.altitude_km={altitude!r}")
    server = result.parts()["server"]
    return {"server_degC": server.max_degC, "mesh_K": abs(server.mesh_max_K), **sizes(result)}


# ------------------------------------------------------------------------------------------------------------- all


def quick() -> dict[str, dict[str, Figures]]:
    """Those of a second or two each, which every test run repeats."""
    return {
        "starcloud_rack": {case: strips("starcloud_rack", case) for case in ("new", "aged")},
        "ai1_radiator": {case: strips("ai1_radiator", case) for case in ("sustained", "peak")},
        "bifacial_panel": {"panel": panel()},
    }


def slow() -> dict[str, dict[str, Figures]]:
    """Those of some ten seconds each."""
    return {
        "suncatcher_node": {case: node(case) for case in ("eclipse_season", "hot")},
        "dawn_dusk_node": {f"at_{altitude}_km": dawn_dusk(altitude) for altitude in (700, 750, 800)},
    }


def searches() -> dict[str, dict[str, Figures]]:
    """What each design would need, by runs with other numbers."""
    along = 167 + (3300 - 167) * 7 / 8
    return {
        "starcloud_rack": {
            case: {"load_at_limit_W": load_of_strips("starcloud_rack", case, "rack", 20.0, 63.1578947)} for case in ("new", "aged")
        },
        "ai1_radiator": {"peak": {"load_at_limit_W": load_of_strips("ai1_radiator", "peak", "payload", 75.0, 136.363636)}},
        "bifacial_panel": {"panel": {"thickness_at_limit_mm": thickness_of_panel(85.0)}},
        "suncatcher_node": {
            "eclipse_season": {
                "load_at_limit_W": load_of_chip(125.0),
                "pipe_out_degC": node("eclipse_season", f"materials.piped_sheet.k_y_W_mK={along!r}")["junction_degC"],
            }
        },
    }


def not_quick() -> dict[str, dict[str, Figures]]:
    """Everything that figures.json holds but the quick runs."""
    return _joined(slow(), searches())


def measured() -> dict[str, dict[str, Figures]]:
    """Everything that figures.json holds."""
    return _joined(quick(), not_quick())


def _joined(one: dict[str, dict[str, Figures]], other: dict[str, dict[str, Figures]]) -> dict[str, dict[str, Figures]]:
    found = {system: dict(runs) for system, runs in one.items()}
    for system, runs in other.items():
        for run, figures in runs.items():
            of_system = found.setdefault(system, {})
            of_system[run] = of_system.get(run, {}) | figures
    return found
