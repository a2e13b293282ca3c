"""One orbit of the panel by FreeFEM (freefem++ and libfreefem++ of Debian), by panel_freefem.edp; text of mesh and fields is not counted.

Example:
    .venv/bin/python benchmarks/panel_freefem.py panel.npz fields.npy 460
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import panel_common as panel

SCRIPT = Path(__file__).with_suffix(".edp")
DEBIAN = "/usr/lib/freefem++"  #: where Debian's libfreefem++ keeps what the script loads


def written(d: dict[str, panel.Floats], path: Path) -> None:
    """The mesh in the text that FreeFEM reads."""
    with path.open("w", encoding="ascii") as file:
        file.write(f"MeshVersionFormatted 2\nDimension 3\nVertices\n{len(d['points'])}\n")
        np.savetxt(file, np.c_[d["points"], np.zeros(len(d["points"]))], fmt="%.16g %.16g %.16g %d")
        for name, corners, of in (("Tetrahedra", d["cells"], d["part"] + 1), ("Triangles", d["facets"], np.ones(len(d["facets"])))):
            file.write(f"{name}\n{len(corners)}\n")
            np.savetxt(file, np.c_[corners + 1, of], fmt="%d")
        file.write("End\n")


def main(mesh: str, out: str, steps: str) -> None:
    """March with fixed steps, say what it cost."""
    numbers = {
        **{f"k{i}": value for i, value in enumerate(panel.CONDUCTIVITY)},
        **{f"c{i}": value for i, value in enumerate(panel.CAPACITY)},
        "emits": panel.EMITTANCE * panel.SIGMA,
        "absorbs": panel.ABSORPTANCE * panel.SOLAR,
        "boxes": panel.HEAT,
        "space": panel.SPACE,
        "start": panel.START,
        "orbit": panel.ORBIT,
        "sunlit": panel.SUNLIT,
        "sample": float(panel.SAMPLES[0]),
    }
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        written(panel.load(mesh), work / "panel.mesh")
        text = "".join(f"real {name} = {value:.17g};\n" for name, value in numbers.items())
        (work / "panel.idp").write_text(f"{text}int steps = {int(steps)};\n", encoding="ascii")
        one = {"FF_LOADPATH": DEBIAN, **os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(["FreeFem++", "-nw", "-v", "0", str(SCRIPT)], cwd=work, env=one, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stdout[-2000:])
        rows, solves, setup, march = np.loadtxt(work / "cost.txt").tolist()
        np.save(out, np.loadtxt(work / "fields.txt").reshape(len(panel.SAMPLES), -1))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    cost = {"setup": setup, "march": march, "cpu": setup + march, "peak_MB": peak}
    print(json.dumps({"rows": int(rows), "steps": int(steps), "solves": int(solves), "set_ups": 1, **cost}))


if __name__ == "__main__":
    main(*sys.argv[1:])
