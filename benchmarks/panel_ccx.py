"""The panel by CalculiX with its defaults: DC3D4, *HEAT TRANSFER with fixed increments, *RADIATE to space.

CPU seconds of two runs of one deck: one increment, and all that are asked for. The first is counted as the start, the difference as steps.

Example:
    python benchmarks/panel_ccx.py panel.npz fields.npy 460 46      the first 46 of 460 steps of an orbit
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import panel_common as panel

FACES = np.array([3, 4, 2, 1])  #: CalculiX's number of a tetrahedron's face by the corner opposite to it


def written(d: dict[str, panel.Floats], steps: int, first: int, path: Path) -> None:
    """The deck of the first steps; all temperatures are printed at the samples."""
    cells, owner, h = d["cells"], d["owner"], panel.ORBIT / steps
    opposite = FACES[np.argmin((cells[owner][:, :, None] == d["facets"][:, None, :]).any(axis=2), axis=1)]
    faces = list(zip(owner + 1, opposite, strict=True))
    with path.open("w", encoding="ascii") as file:
        file.write("*NODE, NSET=ALL\n")
        np.savetxt(file, np.c_[np.arange(1, len(d["points"]) + 1), d["points"]], fmt="%d,%.12g,%.12g,%.12g")
        for part, name in enumerate(("PANEL", "BOX")):
            of = np.flatnonzero(d["part"] == part)
            file.write(f"*ELEMENT, TYPE=DC3D4, ELSET={name}\n")
            np.savetxt(file, np.c_[of + 1, cells[of] + 1], fmt="%d,%d,%d,%d,%d")
            file.write(f"*MATERIAL, NAME=M{name}\n*CONDUCTIVITY\n{panel.CONDUCTIVITY[part]}\n*DENSITY\n1.\n")
            file.write(f"*SPECIFIC HEAT\n{panel.CAPACITY[part]}\n*SOLID SECTION, ELSET={name}, MATERIAL=M{name}\n")
        file.write(f"*PHYSICAL CONSTANTS, ABSOLUTE ZERO=0., STEFAN BOLTZMANN={panel.SIGMA}\n")
        file.write(f"*INITIAL CONDITIONS, TYPE=TEMPERATURE\nALL,{panel.START}\n")
        file.write(f"*AMPLITUDE, NAME=SUN, TIME=TOTAL TIME\n0.,1.,{panel.SUNLIT},1.,{panel.SUNLIT + 1e-3},0.,{2 * panel.ORBIT},0.\n")
        file.write(f"*STEP, INC={first + 1}\n*HEAT TRANSFER, DIRECT\n{h:.12g},{h * first:.12g}\n*DFLUX\nBOX,BF,{panel.HEAT:.9g}\n")
        file.write("*DFLUX, AMPLITUDE=SUN\n")
        file.writelines(f"{cell},S{face},{panel.ABSORPTANCE * panel.SOLAR}\n" for cell, face in faces)
        file.write("*RADIATE\n")
        file.writelines(f"{cell},R{face},{panel.SPACE},{panel.EMITTANCE}\n" for cell, face in faces)
        file.write(f"*NODE PRINT, NSET=ALL, FREQUENCY={round(panel.SAMPLES[0] / h)}\nNT\n*END STEP\n")


def ran(folder: Path) -> tuple[float, str]:
    """CPU seconds and words of one run of the deck in that folder."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "CCX_NPROC_EQUATION_SOLVER": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(["ccx", "-i", "panel"], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode or "*ERROR" in done.stdout:
        raise SystemExit(done.stdout[-2000:])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def fields_of(path: Path, rows: int) -> panel.Floats:
    """Printed temperatures, (samples, rows)."""
    found = []
    for block in re.split(r"temperatures for set .*\n", path.read_text(encoding="ascii"))[1:]:
        table = np.array(block.split(), dtype=float).reshape(-1, 2)
        field = np.empty(rows)
        field[table[:, 0].astype(int) - 1] = table[:, 1]
        found.append(field)
    return np.array(found)


def main(mesh: str, out: str, steps: str, first: str) -> None:
    """Both runs, say what a step cost."""
    d, spent, said = panel.load(mesh), [], ""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in (1, int(first)):
            written(d, int(steps), count, folder / "panel.inp")
            cpu, said = ran(folder)
            spent.append(cpu)
        np.save(out, fields_of(folder / "panel.dat", len(d["points"])))
    step = (spent[1] - spent[0]) / (int(first) - 1)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    solves = len(re.findall(r"^ iteration ", said, re.MULTILINE))
    cost = {"setup": spent[0] - step, "step": step, "peak_MB": peak}
    print(json.dumps({"rows": len(d["points"]), "steps": int(first), "solves": solves, **cost}))


if __name__ == "__main__":
    main(*sys.argv[1:])
