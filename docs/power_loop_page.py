"""The tables on docs/power_loop.md, from docs/power_loop.json."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROWS: tuple[tuple[str, str, int], ...] = (  # words, key that ends in its unit, digits; each table takes the rows that it has figures of
    ("wings in sunlight, mean", "wings_sunlit_mean_degC", 1),
    ("wings, hottest point", "wings_max_degC", 1),
    ("wings, coldest point", "wings_min_degC", 1),
    ("battery, hottest point", "battery_max_degC", 1),
    ("battery, coldest point", "battery_min_degC", 1),
    ("regulators, hottest point", "vrm_max_degC", 1),
    ("accelerators, hottest point", "gpu_max_degC", 1),
    ("heaters, mean", "heaters_W", 1),
    ("cells in sunlight, hottest", "cells_max_degC", 1),
    ("cells in sunlight, coldest", "cells_min_sunlit_degC", 1),
    ("the array can give, mean of the orbit", "available_mean_W", 0),
    ("the array can give, peak", "available_peak_W", 0),
    ("load, mean", "load_mean_W", 0),
    ("smallest array", "smallest_array_m2", 2),
    ("its mass", "smallest_array_kg", 1),
    ("that array at the coupled temperatures falls short, each orbit", "short_by_Wh", 0),
    ("smallest battery", "pack_Wh", 0),
    ("mass of its cells", "pack_kg", 1),
)


def table(path: Path) -> str:
    """Both tables of every load case."""
    said = json.loads(path.read_text(encoding="utf-8"))
    return "\n\n".join(f"## {name}\n\n{_temperatures(rows)}\n\n{_sizes(rows)}" for name, rows in said.items() if isinstance(rows, dict))


def _temperatures(rows: dict[str, Any]) -> str:
    lines = ["| temperatures | unit | coupled | thermal alone | difference |", "|---|---|---|---|---|"]
    for words, unit, digits, a, b in _figures(rows, "thermal_alone"):
        apart = f"{difference(b, a, digits)} {'K' if unit == 'degC' else unit}"
        lines.append(f"| {words} | {unit} | {a:.{digits}f} | {b:.{digits}f} | {apart} |")
    return "\n".join(lines)


def _sizes(rows: dict[str, Any]) -> str:
    head = "| power and sizes | unit | coupled | cells at 28 degC | difference | free wing | difference |"
    lines = [head, "|---|---|---|---|---|---|---|"]
    for words, unit, digits, a, b, c in _figures(rows, "sheet", "free_wing"):
        lines.append(
            f"| {words} | {unit} | {a:.{digits}f} | {b:.{digits}f} | {difference(b, a, digits)} "
            f"| {c:.{digits}f} | {difference(c, a, digits)} |"
        )
    return "\n".join(lines)


def _figures(rows: dict[str, Any], *others: str) -> Iterator[Any]:
    """Words, unit, digits, the coupled figure and those of the others, of every row that the others have."""
    for words, key, digits in ROWS:
        if all(key in rows[kind] for kind in others):
            yield words, key.rpartition("_")[2].replace("m2", "m²"), digits, *(rows[kind][key] for kind in ("coupled", *others))


def reading(path: Path) -> str:
    """What the tables say, in words with their figures."""
    said = json.loads(path.read_text(encoding="utf-8"))
    cases = [rows for rows in said.values() if isinstance(rows, dict)]
    hot, cold = said["hot_operational"], said["cold_operational"]
    missed = [rows["coupled"]["available_peak_W"] - rows[kind]["available_peak_W"] for rows in cases for kind in ("sheet", "free_wing")]
    area, mass = (abs(hot["sheet"][key] - hot["coupled"][key]) for key in ("smallest_array_m2", "smallest_array_kg"))
    battery = [abs(rows["thermal_alone"][key] - rows["coupled"][key]) for rows in cases for key in ("battery_max_degC", "battery_min_degC")]
    free, bare = (rows["free_wing"]["smallest_array_m2"] - rows["coupled"]["smallest_array_m2"] for rows in (hot, cold))
    return "\n".join(
        (
            f"- **Cells.** Alone, the thermal model keeps as heat what the array sends away: in sunlight its wings are "
            f"{_range(cases, 'wings_sunlit_mean_degC')} K too",
            "  warm. Alone, the power model does not know that a wing comes out of the shadow far below freezing: it misses a peak after",
            f"  sunrise that is {min(missed) / 1000:.1f} to {max(missed) / 1000:.1f} kW higher, for which regulators and charging "
            "have to be built.",
            f"- **Area.** At 28 degC the array of the hot case comes out {area:.1f} m² and {mass:.1f} kg too small and falls short by "
            f"{hot['sheet']['short_by_Wh']:.0f} Wh in every",
            f"  orbit. The free wing errs to the other side, by {free:.1f} m² in the hot case and {bare:.1f} m² in the cold one.",
            f"- **Battery and heaters.** Without its own losses the battery is {min(battery):.1f} to {max(battery):.1f} K too cold and its "
            "heater runs for nothing,",
            f"  {_range(cases, 'heaters_W', 0)} W for which array and battery are then sized.",
            f"- **Tray.** Without the heat of the regulators the accelerators look {_range(cases, 'gpu_max_degC')} K cooler than they are.",
        )
    )


def _range(cases: list[dict[str, Any]], key: str, digits: int = 1) -> str:
    """Smallest to largest size of the difference between the thermal run alone and the coupled one."""
    apart = [abs(rows["thermal_alone"][key] - rows["coupled"][key]) for rows in cases]
    return f"{min(apart):.{digits}f} to {max(apart):.{digits}f}"


def difference(value: float, base: float, digits: int) -> str:
    """Of the rounded figures, as a reader would take it.

    >>> difference(1.26, 1.0, 1)
    '+0.3'
    """
    return f"{round(value, digits) - round(base, digits):+.{digits}f}"
