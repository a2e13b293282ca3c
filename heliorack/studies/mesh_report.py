"""`heliorack mesh --report`: the mesh judged against the drawing, and what a run on it will cost."""

from typing import Any

import numpy as np

from heliorack.case.case import Case
from heliorack.model.body import Body
from heliorack.studies.mesh_summary import summary_of
from meshes.measure import cell_quality, face_areas
from thermal.solve.algebra.preconditioners import DIRECT_LIMIT, FACTOR_MEMORY

#: seconds and bytes as factor x rows^power, fitted within 30 % above 2000 rows: MUMPS (cubes of 729 to 59,319 rows, plates one cell
#: thick of 882 to 58,482) and conjugate gradients with GAMG (cubes of 59,319 and 132,651 rows), one core of a Xeon server
BULK = {"factor_s": (7.64e-9, 1.801), "solve_s": (4.42e-9, 1.460), "factor_bytes": (48.5, 1.378)}
SHEET = {"factor_s": (3.48e-8, 1.513), "solve_s": (2.36e-8, 1.203), "factor_bytes": (101.0, 1.169)}
MULTIGRID = {"factor_s": (1.58e-6, 1.067), "solve_s": (2.86e-9, 1.555)}
BASIS = "from solves of cubes and one-layer plates of 700 to 130,000 rows on one core of a Xeon server; expect a factor of two either way"
PROGRAM = 0.45e9  #: bytes of Python, PETSc, DOLFINx and gmsh before any mesh
PER_CELL = 1500.0  #: bytes per cell of mesh, matrices and histories
FACTORISATIONS = {"periodic": 55, "transient": 15, "steady": 8}  #: of a run; of a transient per orbit
OTHER = 1.5  #: times factorisations and solves: loads, ledger and recording, as in the shipped cases
SOLVES = {"periodic": 1600, "transient": 400, "steady": 8}
MOST_KEPT = 40  #: factors of a run, at different step lengths


def mesh_report(case: Case, body: Body) -> dict[str, Any]:
    """Figures of `summary_of`, with quality of the cells, volumes against the drawing, faces and the cost of a run."""
    from meshes.files import located

    mesh = body.assembly
    found = summary_of(body)
    quality = cell_quality(mesh.points, mesh.cells)
    touching, free = face_areas(mesh), face_areas(mesh, free=True)
    for row, solid in zip(found["parts"], located(body.solids), strict=True):
        row["drawn_mm3"] = solid.volume * 1e9
        row["lacking_percent"] = round(100 * (1 - row["volume_mm3"] / row["drawn_mm3"]), 9) + 0.0
    return found | {
        "quality": quality_figures(quality),
        "faces": [
            {"face": name, "area_mm2": float(touching[i] * 1e6), "free_mm2": float(free[i] * 1e6)} for i, name in enumerate(mesh.face_names)
        ],
        "cost": cost(case, body),
        "mesh": "cached" if mesh.reused else "made",
        "mesh_key": mesh.mesh_key,
    }


def quality_figures(quality: Any) -> dict[str, float]:
    """Least, 1 % quantile and median of the quality of cells: 1 for a regular tetrahedron, 0 for a flat one."""
    low, one, middle = np.quantile(quality, [0.0, 0.01, 0.5]).tolist()
    return {"minimum": low, "one_percent": one, "median": middle}


def cost(case: Case, body: Body) -> dict[str, Any]:
    """Time and memory of one run of the case on one core, estimated from the number of rows; `basis` says from what."""
    rows, cells, kind = len(body.assembly.points), len(body.assembly.cells), case.run.kind
    direct = case.solver.linear == "direct" or (case.solver.linear == "auto" and rows <= DIRECT_LIMIT)
    if direct:
        share = sheet_share(body)  # between the two by how much of the mesh is one layer of cells
        each = {name: (1 - share) * of(rows, BULK[name]) + share * of(rows, SHEET[name]) for name in BULK}
        kept = min(MOST_KEPT if kind != "steady" else 1, max(2, int(FACTOR_MEMORY / (rows * 60 * 12))))
    else:
        each, kept = {name: of(rows, law) for name, law in MULTIGRID.items()} | {"factor_bytes": 800.0 * rows}, 4
    return {
        "rows": rows,
        "solver": "direct" if direct else "multigrid",
        "factorisation_s": each["factor_s"],
        "solve_s": each["solve_s"],
        "factor_bytes": each["factor_bytes"],
        "run_s": OTHER * (FACTORISATIONS[kind] * each["factor_s"] + SOLVES[kind] * each["solve_s"]),
        "run": "one orbit of a transient" if kind == "transient" else f"{kind} run",
        "memory_bytes": PROGRAM + PER_CELL * cells + kept * each["factor_bytes"],
        "basis": BASIS,
    }


def of(rows: float, law: tuple[float, float]) -> float:
    """A power law."""
    return float(law[0] * rows ** law[1])


def sheet_share(body: Body) -> float:
    """Share of the nodes that lies on the surface: 1 for thin plates, less for bulk."""
    mesh = body.assembly
    outside = np.zeros(len(mesh.points), dtype=bool)
    outside[mesh.facets.ravel()] = True
    return float(outside.mean())
