"""Temperatures, power and state of charge over time, all load cases in one plot: what the page draws and lets the reader choose from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.patterns import siblings
from heliorack.report.packed import Pack
from heliorack.report.plots.style import COLOURS, DASHES
from heliorack.runfolder.history import read_history
from heliorack.runfolder.summary import Summary
from heliorack.visuals.orbit_curves import curves

Floats = NDArray[np.float64]

MOST_SAMPLES = 900  #: drawn of a history; extremes are always among them
POWER = {
    "array_available_W": ("array, available", COLOURS[4]),
    "array_drawn_W": ("array, drawn", COLOURS[1]),
    "load_W": ("load", "--ink"),
}


def over_time(folders: Mapping[str, Path], cases: Mapping[str, Summary], hottest: str, pack: Pack) -> dict[str, Any] | None:
    """Histories of all load cases that have more than one moment; None where there is none.

    Args:
        folders: Run folder of every load case.
        cases: Its figures.
        hottest: The load case that is shown first.
        pack: Takes the numbers.
    """
    histories = {name: read_history(folders[name]) for name in cases}
    moving = {name: found for name, found in histories.items() if len(found["time_s"]) > 1}
    if not moving:
        return None
    parts = dict.fromkeys(part for name in moving for part in cases[name].parts)
    groups = siblings(list(parts))
    first = hottest if hottest in moving else next(iter(moving))
    shown = [curve.label for curve in curves(cases[first])]
    order = [label for label in shown if label in groups] + [label for label in groups if label not in shown]
    longest = max(float(np.ptp(found["time_s"])) for found in moving.values())
    size, unit = (1.0, "s") if longest < 300 else (60.0, "min") if longest <= 48 * 3600 else (3600.0, "h")
    coldest = min(moving, key=lambda name: min(part.min_degC for part in cases[name].parts.values()))
    return {
        "unit": unit,
        "label": f"time over one orbit [{unit}]" if all(cases[name].kind == "periodic" for name in moving) else f"time [{unit}]",
        "parts": [{"label": label, "colour": COLOURS[i % len(COLOURS)], "shown": label in shown} for i, label in enumerate(order)],
        "cases": [
            {"label": name, "dash": DASHES[i % len(DASHES)], "shown": name in (first, coldest)}
            | _series(found, cases[name], [groups[label] for label in order], size, pack)
            for i, (name, found) in enumerate(moving.items())
        ],
    }


def _series(history: Mapping[str, Floats], found: Summary, groups: list[list[str]], size: float, pack: Pack) -> dict[str, Any]:
    """Curves of one load case: of every group of siblings the hottest point, the mean and the coldest."""
    there = [[name for name in members if f"{name} max_degC" in history] for members in groups]
    curves_of = [_group(history, members) for members in there]
    power = {name: history[name] for name in POWER if name in history and (name != "load_W" or np.any(history[name]))}
    charge = 100 * history["state_of_charge_-"] if "state_of_charge_-" in history else None
    every = [row for group in curves_of if group for row in group] + list(power.values()) + ([] if charge is None else [charge])
    at = samples(history["time_s"], every)
    time = history["time_s"] / size
    return {
        "t": pack.add(time[at]),
        "samples": [len(at), len(time)],
        "curves": [None if group is None else [pack.add(row[at]) for row in group] for group in curves_of],
        "power": [{"label": POWER[name][0], "colour": POWER[name][1], "y": pack.add(values[at])} for name, values in power.items()],
        "charge": None if charge is None else pack.add(charge[at]),
        "night": _nights(time, history.get("sunlight_-")),
        "limits": _limits(found, there),
    }


def _group(history: Mapping[str, Floats], members: list[str]) -> tuple[Floats, Floats, Floats] | None:
    """Hottest point, mean and coldest point over siblings; None where the load case has none of them."""
    if not members:
        return None
    rows = {end: np.array([history[f"{name} {end}_degC"] for name in members]) for end in ("max", "mean", "min")}
    return rows["max"].max(axis=0), rows["mean"].mean(axis=0), rows["min"].min(axis=0)


def samples(times: Floats, rows: list[Floats], most: int = MOST_SAMPLES) -> NDArray[np.int64]:
    """Which moments are drawn: all, or evenly spaced ones with the extremes of every row.

    >>> samples(np.arange(3.0), [])
    array([0, 1, 2])
    """
    if len(times) <= most:
        return np.arange(len(times))
    even = np.searchsorted(times, np.linspace(times[0], times[-1], most)).clip(0, len(times) - 1)
    ends = [int(i) for row in rows for i in (np.argmax(row), np.argmin(row))]
    return np.unique(np.concatenate([[0], even, np.array(ends, dtype=np.int64), [len(times) - 1]])).astype(np.int64)


def _nights(time: Floats, sunlight: Floats | None) -> list[list[float]]:
    """Stretches of shadow and penumbra, in the unit of the plot."""
    if sunlight is None:
        return []
    night = np.concatenate([[False], sunlight < 0.999, [False]]).astype(int)
    edges = np.flatnonzero(np.diff(night))
    return [[float(time[a]), float(time[b - 1])] for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _limits(found: Summary, groups: list[list[str]]) -> list[list[Any]]:
    """Limits that stand for a point of a part: number of the group, side, value [degC] and level."""
    return [
        [i, limit.side, limit.limit_degC, limit.level if limit.mode == "operating" else f"{limit.level}, {limit.mode.replace('_', '-')}"]
        for i, members in enumerate(groups)
        for limit in {(x.side, x.limit_degC, x.mode): x for x in found.limits if x.on in members and x.at != "junction"}.values()
    ]
