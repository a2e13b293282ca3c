"""A reduced model over a box of eight parameters of `gpu_tray_leo` against its finite elements, at designs it was not made from.

    python benchmarks/reduced_box.py FOLDER [COUNT]

What lies in FOLDER is not made again: lessons, the model, finite elements by design. A point is the periodic state with its bus, extremes
and means of all parts and faces, the ledger's stages and fields; making a case discrete, which finite elements need besides, is counted
apart. Errors are against finite elements with a bus of their own, which may be off by their tolerance (0.05 K). The stated error is one for
the whole box: the greatest of JUDGES other designs, times 1 + 3 / JUDGES, and that tolerance. Prints, and writes results/reduced_box.json.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from reduced import CASE, LOAD_CASE, RANGES, designs, full, learned, questions

ROOT = Path(__file__).resolve().parents[1]
MADE, WHOLE, JUDGES = 8, 6, 6  #: designs that teach by themselves, that are solved in full to teach, and that judge
LESSON, OTHER = 3, 2  #: seeds of designs that teach, and of those that judge and test
REPEATED = 3  #: times that a point is asked for; the least CPU counts, as machines are shared

Point = dict[str, float]
Arrays = dict[str, Any]


def point_of(overrides: list[str]) -> Point:
    """Parameters of a design by path."""
    return {key: float(value) for key, value in (one.split("=") for one in overrides)}


def case_at(point: Point) -> Any:
    """The load case at a point of the box."""
    import heliorack

    return heliorack.load_cases(CASE, [f"{key}={value:.12g}" for key, value in point.items()])[LOAD_CASE]


def solved(folder: Path, seed: int, count: int) -> Iterator[tuple[Point, Arrays]]:
    """Designs by finite elements: extremes, means over time, fields by node, CPU seconds."""
    every = list(designs(count, seed))
    for k, overrides in enumerate(every):
        kept = folder / f"full_{seed}_{k}.npz"
        if not kept.exists():
            ((question, preparing),) = questions(CASE, LOAD_CASE, iter([overrides]))
            found, took = full(question)
            h = found.history
            arrays = {name: getattr(h, name) for name in ("times", "mean", "hottest", "coldest", "frames", "fields")}
            np.savez(kept, full_s=took, preparing_s=preparing, nodes=question.body.layout.nodes, **arrays)
        with np.load(kept) as stored:
            yield point_of(overrides), dict(stored)


def made(folder: Path) -> tuple[Any, float]:
    """The model of the box, and CPU seconds that it took beside finite elements; 0 where it was there."""
    from heliorack.run.box import stored
    from heliorack.run.box.box_model import Box
    from heliorack.run.box.learn import Teacher
    from heliorack.run.box.recipe import NoBoxError
    from heliorack.run.box.reduced_case import ReducedCase
    from heliorack.run.box.result import Errors
    from heliorack.runtime.parallel import world

    kept, began = folder / "box.npz", process_time()
    try:
        return stored.read(kept, case_at, world()).models[0], 0.0
    except (OSError, NoBoxError):
        teacher = Teacher(case_at, Box(RANGES), world())
        for _, arrays in solved(folder, LESSON, WHOLE):
            teacher.known.learn(arrays["fields"][:, arrays["nodes"]])
        known, _ = learned(CASE, LOAD_CASE, MADE)
        teacher.known.learn(known.fields)
        model = teacher.cast()
        stored.write(ReducedCase(case_at, [model], Errors(np.inf)), kept)
        return model, process_time() - began


def compared(model: Any, point: Point, arrays: Arrays) -> dict[str, float]:
    """The model beside finite elements: CPU seconds, and the greatest differences [K]."""
    took = np.inf
    for _ in range(REPEATED):
        began = process_time()
        answer, rounds = model.at(point)
        history, _ = answer.history(model.candidates)
        took = min(took, process_time() - began)
    mean = [
        np.trapezoid(each, times, axis=0) / times[-1] for each, times in ((history.mean, history.times), (arrays["mean"], arrays["times"]))
    ]
    extremes = [history.hottest - arrays["hottest"], history.coldest - arrays["coldest"]]
    mine, theirs = np.nonzero(np.abs(history.frames[:, None] - arrays["frames"]) < 1e-6 * history.frames[-1])
    return {
        "reduced_s": took,
        "full_s": float(arrays["full_s"]),
        "extremes_K": float(np.abs(extremes).max()),
        "means_K": float(np.abs(mean[0] - mean[1]).max()),
        "nodes_K": float(np.abs(history.fields[mine] - arrays["fields"][theirs]).max()),
        "rounds": rounds,
    }


def main(folder: Path, count: int) -> None:
    """Measure, print and write."""
    from heliorack.run.box.box_model import OutsideError

    folder.mkdir(parents=True, exist_ok=True)
    model, spent = made(folder)
    rows = list[dict[str, float]]()
    for point, arrays in solved(folder, OTHER, JUDGES + count):
        try:
            rows.append(compared(model, point, arrays))
        except OutsideError as error:
            rows.append({"full_s": float(arrays["full_s"])})
            print(error)
        print({key: round(value, 4) for key, value in rows[-1].items()}, flush=True)
    judges, tested = rows[:JUDGES], rows[JUDGES:]
    told = [max(row["extremes_K"], row["means_K"]) for row in judges if "extremes_K" in row]
    stated = (1 + 3 / len(told)) * max(told) + 0.05
    kept = {"case": CASE.name, "coordinates": model.basis.size, "stated_K": stated, "judges": judges, "rows": tested}
    print(f"made in {spent:.0f} s of CPU; stated {stated:.2f} K")
    (ROOT / "benchmarks" / "results" / "reduced_box.json").write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *([int(word) for word in sys.argv[2:3]] or [20]))
