"""Reduced models against the finite elements, at designs drawn at random that they were not made from.

    python benchmarks/reduced.py [COUNT] [MADE]

Both find the same periodic state, bus and heaters included, from the same prepared case, in one process and in CPU seconds. The reduced
model learns from one full solve and from MADE other designs first, which is counted apart. True errors are against the finite elements
under the loads that the bus asked for at the end; with a bus of its own a full solve settles elsewhere by what its tolerance lets it.
Prints, and writes results/reduced.json.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
CASE = ROOT / "cases" / "gpu_tray_leo.toml"
LOAD_CASE = "hot_operational"

FINE = 0.05  #: of the tolerance, for the finite elements that a reduced model is judged by; 0.03 K from those at 0.02
Ranges = dict[str, tuple[float, float]]

#: what varies, and between which numbers
RANGES = {
    "orbit.ltan_h": (9.5, 11.5),
    "environment.solar_flux_W_m2": (1325.0, 1414.0),
    "compute.gpu.profile.utilisation": (0.4, 1.0),
    "compute.cpu.profile.utilisation": (0.1, 1.0),
    "coatings.white_paint.solar_absorptance_eol": (0.17, 0.35),
    "coatings.white_paint.infrared_emittance": (0.80, 0.94),
    "contacts.0.conductance_W_m2K": (1200.0, 4000.0),
    "contacts.3.conductance_W_m2K": (1500.0, 6000.0),
}


def designs(count: int, seed: int, ranges: Ranges = RANGES) -> Iterator[list[str]]:
    """Overrides of designs drawn evenly over the ranges."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        yield [f"{key}={random.uniform(*ends):.5g}" for key, ends in ranges.items()]


def questions(file: Path, load_case: str, overrides: Iterator[list[str]]) -> Iterator[tuple[Any, float]]:
    """Prepared cases that share what is made for the first of them, and the CPU seconds that it took to prepare each."""
    import heliorack
    from heliorack.run.prepare import prepare
    from heliorack.run.simulate import meshed_bodies, nobody
    from heliorack.runtime.parallel import world
    from heliorack.runtime.progress import silent

    bodies = meshed_bodies()
    for each in overrides:
        case, began = heliorack.load_cases(file, each)[load_case], process_time()
        yield prepare(case, world(), silent, bodies, nobody).question, process_time() - began


def full(question: Any) -> tuple[Any, float]:
    """The periodic state by finite elements, and CPU seconds."""
    from thermal.solve.periodic_march import PeriodicMarch

    began = process_time()
    found = PeriodicMarch(question.task, question.coupling).solve()
    return found, process_time() - began


def under_its_loads(question: Any, small: Any) -> Any:
    """The periodic state by finite elements, in finer steps, under what the bus asked for last, from that of a reduced model."""
    from thermal.solve.periodic_march import Constant, PeriodicMarch

    settings = replace(question.task.settings, tolerance=FINE * question.task.settings.tolerance)
    return PeriodicMarch(replace(question.task, settings=settings), Constant(question.coupling.events())).solve(small.periodic.start)


def reduced(question: Any, known: Any) -> tuple[Any, float]:
    """The same by the reduced model, None where it gives up, and CPU seconds."""
    from thermal.reduction.periodic import attempt

    began = process_time()
    found = attempt(question.task, question.coupling, known).solution
    return found, process_time() - began


def apart(one: Any, other: Any) -> float:
    """Greatest distance of two orbits: of extremes of parts and faces, and of all nodes at the times that both keep [K]."""
    a, b = one.history, other.history
    near = np.abs(a.frames[:, None] - b.frames) < 1e-6 * a.frames[-1]
    mine, theirs = np.nonzero(near)
    fields = np.abs(a.fields[mine] - b.fields[theirs]).max()
    return float(max(fields, np.abs(a.hottest - b.hottest).max(), np.abs(a.coldest - b.coldest).max()))


def learned(file: Path, load_case: str, made: int, ranges: Ranges = RANGES) -> tuple[Any, float]:
    """What the base design, solved in full, and `made` others teach; and CPU seconds."""
    from thermal.reduction.snapshots import Snapshots

    known, spent = Snapshots(), 0.0
    for question, _ in questions(file, load_case, iter([[], *designs(made, 1, ranges)])):
        found, took = (None, 0.0) if not known else reduced(question, known)
        spent += took
        if found is None:
            found, took = full(question)
            known.learn(found.history.fields[:, question.body.layout.nodes])
            spent += took
    return known, spent


def judged(file: Path, load_case: str, known: Any, count: int, ranges: Ranges = RANGES) -> Iterator[tuple[Any, Any, dict[str, float]]]:
    """The reduced model at each of some designs, its true error beside the stated one; with the question and its answer."""
    for question, preparing in questions(file, load_case, designs(count, 2, ranges)):
        small, took = reduced(question, known)
        row = {"preparing_s": preparing, "reduced_s": took}
        if small is not None:
            true = apart(small, under_its_loads(question, small))
            row |= {"true_K": true, "stated_K": small.reduced.error, "orbits": small.periodic.orbits, "modes": small.reduced.modes}
        yield question, small, row


def compared(file: Path, load_case: str, known: Any, count: int, ranges: Ranges = RANGES) -> Iterator[dict[str, float]]:
    """The same beside full solves, by what they cost."""
    for question, small, row in judged(file, load_case, known, count, ranges):
        whole, long = full(question)
        own = {} if small is None else {"with_own_bus_K": apart(small, whole)}
        yield row | {"full_s": long, "full_orbits": whole.periodic.orbits} | own


def main(count: int, made: int) -> None:
    """Measure, print and write."""
    known, spent = learned(CASE, LOAD_CASE, made)
    print(f"made from one full solve and {made} designs in {spent:.1f} s of CPU", flush=True)
    rows = []
    for row in compared(CASE, LOAD_CASE, known, count):
        rows.append(row)
        print({key: round(value, 4) for key, value in row.items()}, flush=True)
    ratio = [row["full_s"] / row["reduced_s"] for row in rows]
    summed = sum(row["full_s"] for row in rows) / sum(row["reduced_s"] for row in rows)
    once = [row["full_s"] / row["full_orbits"] / (row["reduced_s"] / row["orbits"]) for row in rows if "orbits" in row]
    print(f"a periodic state: {np.median(ratio):.0f} times less CPU (median), {min(ratio):.0f} at least, {summed:.0f} all together")
    print(f"an orbit against an orbit, estimate and expansion included: {np.median(once):.0f} times")
    print(f"preparing a case that shares the mesh: {np.median([row['preparing_s'] for row in rows]):.2f} s")
    kept = {"case": CASE.name, "made_s": spent, "made_from": 1 + made, "rows": rows}
    (ROOT / "benchmarks" / "results" / "reduced.json").write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main(*([int(word) for word in sys.argv[1:3]] + [20, 8][len(sys.argv) - 1 :]))
