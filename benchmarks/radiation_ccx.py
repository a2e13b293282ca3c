"""CalculiX's cavity radiation on the scene of radiation_scene.py: the factors it stores, and the CPU seconds it spends on them alone.

Every triangle is the first face of a thin tetrahedron that radiates into the cavity. Two runs of one deck: one writes the factors and
stops, one is told to read them from a file that is not there and so stops at the same place without them. Their difference in CPU time is
that of the factors, one thread.
"""

import os
import re
import resource
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from radiation_scene import cavity

Array = NDArray[np.float64]

#: Height of the tetrahedra behind the facets, in sizes of the scene; the factors do not depend on it.
THIN = 1e-3
INSTALL = "install CalculiX (on Debian: apt-get install calculix-ccx) or name it with --ccx PROGRAM"


def deck(triangles: Array, stored: str) -> str:
    """Input of one radiating step; `stored` is WRITE ONLY or READ."""
    across = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    behind = triangles.mean(axis=1) - THIN * across / np.linalg.norm(across, axis=1)[:, None]
    nodes = np.concatenate([triangles, behind[:, None]], axis=1).reshape(-1, 3)
    every = range(1, len(triangles) + 1)
    lines = ["*NODE, NSET=ALL", *(f"{i},{x:.9g},{y:.9g},{z:.9g}" for i, (x, y, z) in enumerate(nodes, 1))]
    lines += ["*ELEMENT, TYPE=DC3D4, ELSET=BODY", *(f"{e},{4 * e - 3},{4 * e - 1},{4 * e - 2},{4 * e}" for e in every)]
    lines += [
        "*NSET, NSET=BEHIND",
        *(f"{4 * e}" for e in every),
        "*MATERIAL, NAME=M",
        "*CONDUCTIVITY",
        "1.",
        "*SOLID SECTION, ELSET=BODY, MATERIAL=M",
    ]
    lines += ["*PHYSICAL CONSTANTS, ABSOLUTE ZERO=0., STEFAN BOLTZMANN=5.670374419e-8", "*INITIAL CONDITIONS, TYPE=TEMPERATURE", "ALL,300."]
    lines += ["*STEP", "*HEAT TRANSFER, STEADY STATE", "1.,1.", f"*VIEWFACTOR, {stored}", "*BOUNDARY", "BEHIND,11,11,300."]
    return "\n".join([*lines, "*RADIATE", *(f"{e},R1CR,300.,1." for e in every), "*END STEP", ""])


def run(program: str, triangles: Array, stored: str, folder: Path) -> tuple[float, str]:
    """CPU seconds of one run, all of it, and what it said."""
    (folder / "scene.inp").write_text(deck(triangles, stored))
    env = os.environ | {"OMP_NUM_THREADS": "1", "CCX_NPROC_VIEWFACTOR": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run([program, "-i", "scene"], cwd=folder, env=env, capture_output=True, text=True, check=False).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, said


def read(path: Path, count: int) -> Array:
    """Stored factors (row: from), from Fortran records: version, diagonal, lower and upper triangle by columns, environment."""
    raw, records, at = path.read_bytes(), [], 0
    while at < len(raw):
        size = int.from_bytes(raw[at : at + 4], "little")
        records.append(raw[at + 4 : at + 4 + size])
        at += size + 8
    own, both, around = (np.frombuffer(record) for record in records[1:4])
    lower, upper = both.reshape(2, -1)
    i, j = np.triu_indices(count, 1)
    F = np.diag(own)
    F[j, i], F[i, j] = lower, upper
    if not np.allclose(F.sum(axis=1) + around, 1.0, atol=1e-9):
        raise RuntimeError(f"{path}: rows and environment do not add up to one; this version of CalculiX stores factors otherwise")
    return F


def ask(program: str, count: int) -> dict[str, Any]:
    """Factors of the scene (row: from), CPU seconds for them, version.

    Raises:
        RuntimeError: the program did not write factors, or not as expected.
    """
    points, facets, _ = cavity(count)
    triangles = points[facets]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rest, said = run(program, triangles, "READ", folder)
        if "Reading the viewfactors" not in said:
            raise RuntimeError(f"{program} did not get as far as the view factors: {said[-400:]}")
        whole, said = run(program, triangles, "WRITE ONLY", folder)
        stored = folder / "scene.vwf"
        if not stored.exists():
            raise RuntimeError(f"{program} wrote no view factors: {said[-400:]}")
        F = read(stored, len(triangles))
    version = re.search(r"Version\s+([\d.]+)", said)
    return {"F": F, "cpu": whole - rest, "whole": whole, "version": version.group(1) if version else "?"}
