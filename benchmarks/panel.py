"""One orbit of a radiating panel by finite elements: heliorack and tuned peers to the same error, in one run, CPU seconds of one thread.

Every answer is checked before a time is printed: against heliorack at a hundredth of the tolerance, 0.05 K over all nodes and times.
Writes panel.md and results/panel.json beside this file, where sizes that were not asked for stay; exits with 1 if an answer is off.
FreeFEM takes part where it is installed, NGSolve and MFEM where a Python that has them is given, all up to 200 000 nodes: a factor is what
the first two keep, and MFEM's binary wheel has no multigrid.

Example:
    .venv/bin/python benchmarks/panel.py                       24 000 and 100 000 nodes, three rounds, some four minutes
    .venv/bin/python benchmarks/panel.py --ngsolve build/ngsolve/bin/python --mfem build/mfem/bin/python
    .venv/bin/python benchmarks/panel.py --sizes 473
    .venv/bin/python benchmarks/panel.py --against /path/to/another/checkout
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import panel_common as panel
from machine import processor
from run import HERE, ONE_THREAD, ROOT

SIZES = {24: 0.0112, 100: 0.0057, 473: 0.00315}  #: element size [m] by thousands of nodes
LARGE = 200  #: thousands of nodes from which on one round has to do
AT_MOST = 0.05  #: K, over all nodes and sample times
TOLERANCE, EXACT = "0.5", "0.005"  #: K; the largest true error is a tenth of the tolerance here
STEPS = {24: "460", 100: "460", 473: "480"}  #: of implicit Euler, whose error is then 0.05 K
PEERS = {24: "cholesky", 100: "cholesky", 473: "multigrid"}  #: what is quicker at that size


@dataclass(frozen=True, slots=True)
class Side:
    """Who takes part, and how it is started."""

    script: str
    words: Sequence[str]
    python: str = sys.executable
    checkout: Path = ROOT

    def run(self, mesh: Path, out: Path) -> dict[str, Any]:
        """What it says of itself."""
        environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(self.checkout)}
        command = [self.python, str(HERE / self.script), str(mesh), str(out), *self.words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{self.script} {' '.join(self.words)}: {done.stderr[-1000:]}")
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found


def sides_of(size: int, against: Path | None, ngsolve: str | None, mfem: str | None) -> dict[str, Side]:
    """By name, those that can be had on this machine."""
    sides = {
        "heliorack": Side("panel_heliorack.py", [TOLERANCE]),
        "DOLFINx, tuned": Side("panel_peer.py", [STEPS[size], PEERS[size]]),
    }
    if size < LARGE and shutil.which("FreeFem++"):
        sides["FreeFEM, tuned"] = Side("panel_freefem.py", [STEPS[size]])
    if size < LARGE and ngsolve is not None:
        sides["NGSolve, tuned"] = Side("panel_ngsolve.py", [STEPS[size]], ngsolve)
    if size < LARGE and mfem is not None:
        sides["MFEM, tuned"] = Side("panel_mfem.py", [STEPS[size]], mfem)
    if against is not None:
        sides["heliorack before"] = Side("panel_heliorack.py", [TOLERANCE], checkout=against)
    return sides


def measured(size: int, rounds: int, sides: dict[str, Side], folder: Path) -> dict[str, Any]:
    """Rounds of all sides in turn, their answers checked."""
    mesh = folder / f"{size}.npz"
    panel.make_mesh(SIZES[size], mesh)
    Side("panel_heliorack.py", [EXACT]).run(mesh, folder / "exact.npy")
    exact, costs, errors = np.load(folder / "exact.npy"), {name: list[dict[str, Any]]() for name in sides}, dict[str, float]()
    for _ in range(rounds):
        for name, side in sides.items():
            costs[name].append(side.run(mesh, folder / "fields.npy"))
            errors[name] = max(errors.get(name, 0.0), float(np.abs(np.load(folder / "fields.npy") - exact).max()))
    found: dict[str, Any] = {}
    for name, each in costs.items():
        middle = {key: median(cost[key] for cost in each) for key in ("setup", "march", "cpu", "peak_MB")}
        found[name] = each[0] | middle | {"error_K": errors[name], "cpu_of_rounds": [cost["cpu"] for cost in each]}
    return found


def page(results: dict[str, Any]) -> str:
    """panel.md."""
    rows, said = [], []
    for size, one in results["sizes"].items():
        base = one["sides"]["heliorack"]["cpu"]
        said.append(f"{size}k on {one['date']}, {one['rounds']} interleaved round{'s' if one['rounds'] > 1 else ''}")
        for name, side in one["sides"].items():
            cells = (f"{size}k", name, f"{side['error_K']:.3f}", side["steps"], side["solves"], side["set_ups"])
            spent = (f"{side[key]:.2f}" for key in ("setup", "march", "cpu"))
            rows.append("| " + " | ".join(map(str, (*cells, *spent, f"{side['cpu'] / base:.2f}", f"{side['peak_MB']:.0f}"))) + " |")
    table = "\n".join(rows)
    return f"""# A radiating panel over one orbit, by finite elements

Generated by `benchmarks/panel.py` ({results["machine"]}, one thread; {"; ".join(said)}). Do not edit; the notes below the
table are [panel_notes.md](panel_notes.md).

Import excluded; from the mesh arrays to the end of the orbit. Every answer is within {AT_MOST} K of a march at a hundredth of the
tolerance, over all nodes and 20 times. Ratios are to heliorack of the same size.

| nodes | side | error, K | steps | solves | set-ups | set-up, CPU s | march, CPU s | both | ratio | peak MB |
|---|---|---|---|---|---|---|---|---|---|---|
{table}

{(HERE / "panel_notes.md").read_text(encoding="utf-8")}"""


def refused(sizes: dict[str, Any]) -> bool:
    """Whether an answer is off, which is then printed in place of times."""
    wrong = [
        f"{size}k nodes: {name} is off by {side['error_K']:.4f} K"
        for size, one in sizes.items()
        for name, side in one["sides"].items()
        if side["error_K"] > AT_MOST
    ]
    print("\n".join(wrong), end="\n" * bool(wrong))
    return bool(wrong)


def store(name: str, sizes: dict[str, Any], page: Callable[[dict[str, Any]], str]) -> None:
    """Write results and page of that name and print the page; sizes that were not asked for stay."""
    kept = HERE / "results" / f"{name}.json"
    before = json.loads(kept.read_text(encoding="utf-8"))["sizes"] if kept.exists() else {}
    results = {"machine": processor(), "sizes": dict(sorted((before | sizes).items(), key=lambda item: int(item[0])))}
    kept.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (HERE / f"{name}.md").write_text(page(results), encoding="utf-8")
    print(page(results))


def main() -> int:
    """Measure, write, say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", choices=list(SIZES), default=[24, 100], help="thousands of nodes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--against", type=Path, help="another checkout of heliorack to measure in the same rounds")
    parser.add_argument("--ngsolve", metavar="PYTHON", help="one that has NGSolve")
    parser.add_argument("--mfem", metavar="PYTHON", help="one that has MFEM")
    asked = parser.parse_args()
    sizes: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in asked.sizes:
            rounds = asked.rounds if size < LARGE else 1
            sides = measured(size, rounds, sides_of(size, asked.against, asked.ngsolve, asked.mfem), Path(folder))
            sizes[str(size)] = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "rounds": rounds, "sides": sides}
    if refused(sizes):
        return 1
    store("panel", sizes, page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
