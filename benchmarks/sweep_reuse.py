"""What a sweep gains from the one before it: meshes and exchange factors that it finds, and neighbours to start from.

Three things in one run, each by the command that a user would type, with a cache of their own: `radiator_trade` from cold; a second sweep
over the same five geometries that changes optics, power and flux alone; and some of its points one by one, each from nothing.
"""

import csv
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TRADE = ROOT / "cases" / "radiator_trade.toml"
SECOND = f"""
case = "{ROOT / "cases" / "edge_node.toml"}"

[sweep]
title = "Optics, power and flux on the panels of radiator_trade"
cases = ["hot_operational"]

[[sweep.axes]]
path = "parts.panel.width_mm"
values = [700, 850, 1000, 1200, 1400]

[[sweep.named]]
name = "coating"
sets.z93 = {{ "parts.panel.coating" = "z93" }}
sets.silver_fep = {{ "parts.panel.coating" = "silver_fep" }}
sets.white_silicone = {{ "parts.panel.coating" = "white_silicone" }}

[[sweep.axes]]
path = "compute.accelerators.peak_W"
values = [95, 105]

[[sweep.axes]]
path = "environment.solar_flux_W_m2"
values = [1340, 1400]
"""
ALONE = (1, 13, 25, 37, 49)  #: points of the second sweep that are solved from nothing: one of each geometry


def reuse(folder: Path) -> dict[str, Any]:
    """Seconds of both sweeps, of points by themselves, and what the second sweep had to make."""
    file, cache = folder / "second.toml", folder / "cache"
    file.write_text(SECOND)
    cold = _command(cache, "run", TRADE, "-o", folder / "trade")
    made = _kept(cache)
    again = _command(cache, "run", file, "-o", folder / "second")
    later = _kept(cache)
    alone = [_alone(folder, file, k) for k in ALONE]
    first, second = _table(folder / "trade"), _table(folder / "second")
    single = [row["wall_s"] for k in ALONE for row in _points(folder / f"alone{k}")]
    workers = len(os.sched_getaffinity(0))
    return {
        "workers": workers,
        "trade_points": len(first),
        "trade_s": cold,
        "second_points": len(second),
        "second_s": again,
        "made": made,
        "made_later": {kind: later[kind] - made.get(kind, 0) for kind in later},
        "orbits": statistics.mean(float(row["orbits"]) for row in second if row["orbits"]),
        "point_s": workers * again / len(second),  # start of the workers and all the engine does included
        "point_solve_s": statistics.mean(float(row["wall_s"]) for row in second),
        "alone_s": statistics.mean(alone),
        "alone_solve_s": statistics.mean(single),
    }


def _alone(folder: Path, file: Path, k: int) -> float:
    """Seconds that a point takes as a command of its own, in a folder that is ready and with an empty cache."""
    place, cache = folder / f"alone{k}", folder / f"cache{k}"
    _command(cache, "run", file, "-o", place, "--emit-job-array")
    return _command(cache, "point", file, k, "-o", place)


def _command(cache: Path, *words: object) -> float:
    """Seconds that `heliorack sweep ...` takes with a cache folder.

    Raises:
        RuntimeError: it fails; says its last words.
    """
    began = perf_counter()
    given = [sys.executable, "-m", "heliorack", "sweep", *map(str, words)]
    done = subprocess.run(given, env=os.environ | {"HELIORACK_CACHE": str(cache)}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(given[3:])}: {done.stderr[-1000:]}")
    return perf_counter() - began


def _kept(cache: Path) -> dict[str, int]:
    """Files in a cache by kind: the part of the name before its key, or the folder."""
    found: dict[str, int] = {}
    for path in cache.rglob("*"):
        if path.is_file():
            kind = path.name.rpartition("-")[0] if path.parent.name == "radiation" else "meshes"
            found[kind] = found.get(kind, 0) + 1
    return found


def _table(folder: Path) -> list[dict[str, str]]:
    with (folder / "table.csv").open(newline="", encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def _points(folder: Path) -> Iterable[dict[str, Any]]:
    """Figures of the points of a folder without a table."""
    for path in sorted(folder.glob("*/manifest.json")):
        yield json.loads(path.read_text(encoding="utf-8"))["figures"]


def lines(found: dict[str, Any]) -> list[str]:
    """The section of the page."""
    made = ", ".join(f"{count} {kind}" for kind, count in sorted(found["made"].items()))
    later = ", ".join(f"{count} {kind}" for kind, count in sorted(found["made_later"].items()))
    return [
        "",
        "## What a second sweep finds",
        "",
        f"`radiator_trade` from an empty cache: {found['trade_points']} points in {found['trade_s']:.0f} s on {found['workers']} workers, "
        f"their start included; in the cache then: {made} (files by kind).",
        "",
        f"A second sweep over the same geometries that changes coating, compute power and sunlight alone: {found['second_points']} points "
        f"in {found['second_s']:.0f} s; new in the cache: {later}.",
        "",
        "| one point of the second sweep | seconds of one worker |",
        "|---|---|",
        f"| by itself from nothing: `heliorack sweep point` with an empty cache | {found['alone_s']:.2f} |",
        f"| the same without the start of the program | {found['alone_solve_s']:.2f} |",
        f"| in the sweep, all that the sweep costs divided by its points | {found['point_s']:.2f} |",
        f"| the point in its worker, started from its neighbour ({found['orbits']:.1f} orbits) | {found['point_solve_s']:.2f} |",
    ]
