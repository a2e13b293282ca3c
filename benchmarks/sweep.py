"""Measure the engine of sweeps: what a point costs beside its solve, memory of the client, efficiency of two workers over one.

Writes results/sweep.json and sweep.md beside this file, prints the page, exits with 1 if a claim fails. Needs a quiet machine of two cores.

Example:
    .venv/bin/python benchmarks/sweep.py
    .venv/bin/python benchmarks/sweep.py --points 1000 --designs 8 --trial      # a look, nothing is written
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from machine import processor
from sweep_reuse import lines as reuse_lines
from sweep_reuse import reuse

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
EDGE = ROOT / "cases" / "edge_node.toml"
MANY = 1000  #: workers of the model


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure and its bound."""

    quantity: str
    found: float
    limit: float
    unit: str
    least: bool = False  #: the limit is a least, not a most

    @property
    def holds(self) -> bool:
        """Whether it is kept."""
        return self.found >= self.limit if self.least else self.found <= self.limit


@dataclass(slots=True)
class Watch:
    """Progress that measures: clock, processor time and memory of the client as points come in."""

    samples: list[tuple[int, float, float, float]] = field(default_factory=list)  #: points, s, CPU s, MiB
    every: int = 100

    def show(self, counts: Any) -> None:
        """Take a sample now and then."""
        if not self.samples or counts.settled >= self.samples[-1][0] + self.every:
            self.take(counts.settled)

    def take(self, points: int) -> None:
        """Take a sample now."""
        import psutil

        self.samples.append((points, perf_counter(), process_time(), psutil.Process().memory_info().rss / 2**20))


@contextmanager
def up(workers: int, watch: Watch, begin: Callable[[], None]) -> Iterator[Any]:
    """Local workers that have everything imported; then the clock starts."""
    from heliorack.sweep.execution.cluster import connect

    with connect("local", "", workers) as client:
        client.wait_for_workers(workers)
        client.run(begin)
        watch.take(0)
        yield client


def idle() -> None:
    """Import what a point that solves nothing needs."""
    import sweep_points  # noqa: F401


def imported() -> None:
    """Import what a point needs, and compile or load its forms."""
    from heliorack.sweep.execution.point import ready

    ready()
    import heliorack.coupling.electrical
    import heliorack.model.body
    import heliorack.model.radiation  # noqa: F401


def overhead(points: int, folder: Path) -> dict[str, Any]:
    """A sweep of points that solve nothing, on two workers."""
    import sweep_points

    from heliorack.sweep.design.plan import Plan, Point
    from heliorack.sweep.execution.engine import run_sweep

    path = "orbit.altitude_km"
    designs = tuple(Point(f"point-{i:05d}", i, ((path, 500 + i),), {path: 500 + i}, None, f"{i // 100}") for i in range(1, points + 1))
    plan = Plan(points=designs, skipped=0, axes=(path,), title="nothing", base="0", source=str(EDGE), document={})
    watch = Watch(every=max(points // 20, 1))
    run_sweep(plan, folder / "nothing", lambda: up(2, watch, idle), show=watch.show, task=sweep_points.nothing)
    early = next(sample for sample in watch.samples if sample[0] >= 0.1 * points)
    first, last = watch.samples[0], watch.samples[-1]
    count = last[0] - first[0]
    return {
        "points": points,
        "wall_ms": 1e3 * (last[1] - first[1]) / count,
        "client_ms": 1e3 * (last[2] - first[2]) / count,
        "memory_MiB": [round(sample[3], 1) for sample in watch.samples],
        "growth_MiB": last[3] - early[3],
    }


def efficiency(designs: int, folder: Path) -> dict[str, Any]:
    """The same points of edge_node by one worker and by two, with mesh and factors in the cache."""
    from heliorack.sweep.design.plan import plan
    from heliorack.sweep.execution.engine import run_sweep

    side = max(designs // 6, 1)
    text = f"""
case = "{EDGE}"
[sweep]
cases = ["hot_operational"]
[[sweep.axes]]
path = "environment.solar_flux_W_m2"
linspace = {{ from = 1320, to = 1410, count = {max(side, 2)} }}
[[sweep.axes]]
path = "compute.accelerators.peak_W"
values = {[100, 104, 108, 112, 116, 120][: max(1, min(6, designs // max(side, 2)))]}
"""
    file = folder / "edge.toml"
    file.write_text(text)
    whole, seconds = plan(file), {}
    run_sweep(replace(whole, points=whole.points[:1]), folder / "fill", lambda: up(1, Watch(), imported))  # mesh and factors, kept
    for workers in (1, 2):
        watch = Watch(every=1)
        run_sweep(whole, folder / f"by{workers}", partial(up, workers, watch, imported), show=watch.show)
        seconds[str(workers)] = _until(watch, len(whole.points))
    return {
        "points": len(whole.points),
        "seconds": seconds,
        "efficiency": seconds["1"] / seconds["2"],
        "point_s": seconds["1"] / len(whole.points),
    }


def _until(watch: Watch, points: int) -> float:
    """Time from the start of the clock to the last point, from the samples [s]; the last one is extrapolated by the rate before it."""
    first, last = watch.samples[0], watch.samples[-1]
    return (last[1] - first[1]) * points / last[0]


def model(client: float, point: float) -> list[dict[str, float]]:
    """Efficiency of W workers when the client needs `client` [s] of its one core per point and a point takes `point` [s].

    Workers ask for points at the rate W / point, the client serves 1 / client: below that every worker is busy, above it they share what
    the client can serve.
    """
    return [{"workers": w, "point_s": t, "efficiency": min(1.0, t / (client * w))} for w in (2, 100, MANY) for t in (point, 1.0, 10.0)]


def page(result: dict[str, Any]) -> str:
    """The Markdown page."""
    said, bound = {True: "yes", False: "NO"}, {True: "at least", False: "at most"}
    o, e, m = result["overhead"], result["efficiency"], result["saturation"]
    versions = ", ".join(f"{k} {v}" for k, v in result["versions"].items())
    made = f"{result['date']} ({result['processor']}, {result['cores']} cores; {versions})"
    lines = ["# Sweeps: overhead, memory, efficiency", "", f"Generated by `python benchmarks/sweep.py` on {made}. Do not edit.", ""]
    lines += ["| quantity | found | limit | unit | holds |", "|---|---|---|---|---|"]
    for c in result["claims"]:
        lines.append(f"| {c['quantity']} | {c['found']:.3g} | {bound[c['least']]} {c['limit']:g} | {c['unit']} | {said[c['holds']]} |")
    lines += ["", "## Where many workers saturate", ""]
    lines.append(
        f"One process hands out all points and takes all answers. A point that solves nothing costs it c = {m['client_ms']:.2f} ms of one "
        f"core: scheduler, connections, a row of the table. It serves 1/c = {m['points_per_s']:.0f} points a second. W workers on points "
        "of t seconds ask for W/t of them and stay busy up to W = t/c; beyond, efficiency falls as t/(W c). "
        f"{MANY} workers need points of at least {m['point_s_at_1000']:.1f} s; points of {e['point_s']:.1f} s, as below, keep "
        f"{m['workers_at_point']:.0f} workers busy. The file system that all workers share is not in this."
    )
    lines += ["", "| workers | seconds per point | efficiency |", "|---|---|---|"]
    lines += [f"| {row['workers']} | {row['point_s']:.1f} | {row['efficiency']:.0%} |" for row in result["model"]]
    lines += ["", "## What was measured", ""]
    lines.append(f"{o['points']} points that solve nothing, on two workers; memory of the client at even steps [MiB]: ")
    lines[-1] += ", ".join(f"{value:.0f}" for value in o["memory_MiB"]) + "."
    lines += [
        "",
        f"{e['points']} points of edge_node, hot case: {e['seconds']['1']:.1f} s by one worker, {e['seconds']['2']:.1f} s by two, from the",
    ]
    lines[-1] += " moment when they have imported everything, with mesh and exchange factors in the cache."
    return "\n".join([*lines, *reuse_lines(result["reuse"])]) + "\n"


def measure(points: int, designs: int) -> dict[str, Any]:
    """Everything in one run."""
    with tempfile.TemporaryDirectory() as place:
        print(f"{points} points that solve nothing", file=sys.stderr)
        found = overhead(points, Path(place))
        print(f"{designs} points of edge_node, by one worker and by two", file=sys.stderr)
        ratio = efficiency(designs, Path(place))
        print("radiator_trade from cold, and a second sweep of its geometries", file=sys.stderr)
        again = reuse(Path(place))
    served = 1e3 / found["client_ms"]
    claims = [
        Claim("engine per point, two workers", found["wall_ms"], 30.0, "ms"),
        Claim(f"growth of the client from {points // 10} to {points} points", found["growth_MiB"], 10.0, "MiB"),
        Claim(f"{ratio['points']} points of edge_node: two workers over one", ratio["efficiency"], 1.8, "", least=True),
    ]
    claims += [
        Claim("radiator_trade from cold on two workers", again["trade_s"], 900.0, "s"),
        Claim("meshes and factors that a second sweep makes anew", sum(again["made_later"].values()), 0, ""),
        Claim("a point from nothing over a point of that sweep", again["alone_s"] / again["point_s"], 3.0, "", least=True),
    ]
    saturation = {
        "client_ms": found["client_ms"],
        "points_per_s": served,
        "point_s_at_1000": MANY / served,
        "workers_at_point": ratio["point_s"] * served,
    }
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "processor": processor(),
        "cores": os.cpu_count(),
        "versions": {name: version(name) for name in ("heliorack", "dask", "distributed")},
        "claims": [asdict(c) | {"holds": c.holds} for c in claims],
        "overhead": found,
        "efficiency": ratio,
        "reuse": again,
        "saturation": saturation,
        "model": model(found["client_ms"] / 1e3, ratio["point_s"]),
    }


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=10_000, help="points that solve nothing")
    parser.add_argument("--designs", type=int, default=60, help="points of edge_node")
    parser.add_argument("--trial", action="store_true", help="print only")
    given = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    result = measure(given.points, given.designs)
    if not given.trial:
        (HERE / "results").mkdir(exist_ok=True)
        (HERE / "results" / "sweep.json").write_text(json.dumps(result, indent=1) + "\n")
        (HERE / "sweep.md").write_text(page(result))
    print(page(result), end="")
    return 0 if all(c["holds"] for c in result["claims"]) else 1


if __name__ == "__main__":
    sys.exit(main())
