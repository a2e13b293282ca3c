"""`heliorack sweep run cases/uncertainty.toml --reduced`: points that a reduced model answers, beside the same in full.

    python benchmarks/sweep_reduced.py FOLDER [COUNT]

FOLDER is that of the sweep, in which the model is made where there is none yet. COUNT points of it that judged nothing are solved in full
elsewhere; errors are the greatest of extremes and means of parts and of what limits are judged by, CPU seconds those of a whole point:
reading the case, sizes, worst dates, files. Prints, and writes results/sweep_reduced.json after every point.
"""

import json
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import process_time

import numpy as np

ROOT = Path(__file__).resolve().parents[1]


def main(place: Path, count: int) -> None:
    """Measure, print and write."""
    from heliorack.run.box.reduced_case import farthest
    from heliorack.runfolder import summary
    from heliorack.sweep.design.plan import plan
    from heliorack.sweep.execution import point as full
    from heliorack.sweep.execution import reduced_points
    from heliorack.sweep.execution.folder import CASE, SweepFolder

    found = plan(ROOT / "cases" / "uncertainty.toml")
    (group,) = reduced_points.groups(found.points)
    sweep = SweepFolder(found, place, reduced=0.3)
    sweep.open()
    if reduced_points.worth(sweep.job, group, group.points):
        reduced_points.make(sweep.job, group, group.points)
    print(*reduced_points.words(sweep.job), sep="\n", flush=True)
    left = [point for point in group.points if sweep.whole(point) is None]
    rows = []
    with tempfile.TemporaryDirectory() as elsewhere:
        shutil.copy(place / CASE, elsewhere)
        other = replace(sweep.job, folder=elsewhere, reduced=None)
        for turn, i in enumerate(np.random.default_rng(5).permutation(len(left))[: count + 1]):
            point, began = left[i], process_time()
            said = reduced_points.solve_point(sweep.job, point)["figures"]
            took = process_time() - began
            if said["reduced_error_K"] is None:
                print(said["solved_by"], flush=True)
                continue
            full.solve_point(other, point)
            long = process_time() - began - took
            true, where = farthest(summary.read(place / point.name), summary.read(Path(elsewhere) / point.name))
            row = {"true_K": true, "of": where, "stated_K": said["reduced_error_K"], "reduced_s": took, "full_s": long}
            print(row, flush=True)
            if turn:  # the first pays for reading the model
                rows.append(row)
            (ROOT / "benchmarks" / "results" / "sweep_reduced.json").write_text(json.dumps({"rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *([int(word) for word in sys.argv[2:3]] or [20]))
