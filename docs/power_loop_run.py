"""Runs of cases/gpu_tray_leo.toml with and without the loop between temperature and power, and the sizes that each would give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROOT = Path(__file__).resolve().parent.parent
CASES = ("hot_operational", "cold_operational")
SHEET = 28.0 + 273.15  # K, temperature at which the cells' data sheet states their power
ZERO = 273.15


def compare(say: Callable[[str, float], None]) -> dict[str, Any]:
    """Figures of both load cases; about five minutes."""
    from heliorack import load
    from heliorack.run.simulate import meshed_bodies

    bodies = meshed_bodies()
    return {name: compare_case(load(ROOT / "cases" / "gpu_tray_leo.toml", case=name), bodies, say) for name in CASES}


def compare_case(case: Any, bodies: Any, say: Callable[[str, float], None]) -> dict[str, Any]:
    """The coupled run; the thermal run of the same case without its [power] table; sizes by three cell temperatures."""
    from heliorack import simulate
    from heliorack.coupling.electrical import power_side
    from power.system.system import solve

    coupled: Any = simulate(case, say=say, bodies=bodies)
    alone = simulate(replace(case, power=None), say=say, bodies=bodies)
    found = {"coupled": temperatures(coupled), "thermal_alone": temperatures(alone)}
    free = replace(case, power=replace(case.power, array_faces=None))
    wing: Any = power_side(free, coupled.body, coupled.exposure, coupled.radiation, coupled.env, coupled.loads.times, column=0)
    power = coupled.power
    heaters = alone.heat.get("heaters", 0.0) / alone.duration()
    steady = coupled.loads.compute.sum(axis=1) + coupled.loads.equipment + heaters
    times = coupled.loads.times
    sunlight = power.sunlight
    warm = np.interp(times, *volume_mean(coupled, case.power.battery_part))
    found["coupled"] |= sizes(case.power, times, sunlight, coupled.loads.electrical(), power.temperature, battery_temperature=warm)
    found["sheet"] = sizes(case.power, times, sunlight, steady, np.full(len(times), SHEET))
    found["free_wing"] = sizes(free.power, times, sunlight, steady, None, **wing.around)
    for kind in ("coupled", "sheet", "free_wing"):
        smallest = replace(case.power.design, array_area=found[kind]["smallest_array_m2"])  # at the age that it is sized for
        told = solve(smallest, times, sunlight, coupled.loads.electrical(), power.temperature, battery_temperature=warm)
        found[kind]["short_by_Wh"] = told.balance.deficit / 3600.0
    return found


def volume_mean(result: Any, pattern: str) -> tuple[Floats, Floats]:
    """Times [s] and mean temperature of the parts of a pattern [K]."""
    names, h = result.body.assembly.part_names, result.solution.history
    parts = [i for i, name in enumerate(names) if fnmatchcase(name, pattern)]
    volume = result.body.part_volume[parts]
    return h.times, h.mean[:, parts] @ (volume / volume.sum())


def temperatures(result: Any) -> dict[str, float]:
    """Of wings, battery, regulators and accelerators [degC], and heater power [W]."""
    lit = np.interp(result.solution.history.times, result.env.times, result.env.illumination) > 0.999
    parts, found = result.parts(), {}
    _, wings = volume_mean(result, "wing_*")
    found["wings_sunlit_mean_degC"] = float(wings[lit].mean() - ZERO)
    for key, pattern in (("wings", "wing_*"), ("battery", "battery"), ("vrm", "tray.vrm*"), ("gpu", "tray.gpu*")):
        named = [parts[name] for name in parts if fnmatchcase(name, pattern)]
        found[f"{key}_max_degC"] = max(figures.max_degC for figures in named)
        found[f"{key}_min_degC"] = min(figures.min_degC for figures in named)
    found["heaters_W"] = result.heat.get("heaters", 0.0) / result.duration()
    return found


def sizes(power: Any, times: Floats, sunlight: Floats, load: Floats, temperature: Floats | None, **surroundings: Any) -> dict[str, float]:
    """What the array of the case gives at these cell temperatures, and the smallest array and battery with their masses."""
    from power.system.system import solve

    given = solve(power, times, sunlight, load, temperature, **surroundings)
    sized = solve(replace(power, array_area=None), times, sunlight, load, temperature, **surroundings)
    lit = sunlight > 0.95 * sunlight.max()  # no penumbra
    mass = {line.name.partition(" (")[0]: line.mass for line in sized.lines}
    return {
        "cells_max_degC": float(given.temperature[lit].max() - ZERO),
        "cells_min_sunlit_degC": float(given.temperature[lit].min() - ZERO),
        "available_mean_W": given.balance.mean(given.balance.available),
        "available_peak_W": float(given.available.max()),
        "load_mean_W": given.balance.mean(given.balance.load),
        "undrawn_mean_W": given.balance.undrawn / float(times[-1] - times[0]),
        "smallest_array_m2": sized.array_area,
        "smallest_array_kg": mass["solar array"],
        "pack_Wh": sized.pack_capacity / 3600.0,
        "pack_kg": mass["battery"],
    }
