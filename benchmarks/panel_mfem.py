"""One orbit of the panel by MFEM as an expert would write it: implicit Euler, all assembled once, conjugate gradients with Gauss-Seidel.

Emission by vertex quadrature, so that only the diagonal changes; Newton's method from a quadratic extrapolation, its linear solves as
exact as they need be. The binary wheel of MFEM has neither factors nor algebraic multigrid.

Example:
    .venv-peers/bin/python benchmarks/panel_mfem.py panel.npz fields.npy 460
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import mfem.ser as mfem
import numpy as np
import panel_common as panel


def written(d: dict[str, panel.Floats], path: Path) -> None:
    """The mesh in MFEM's own format; nodes keep their numbers."""
    with path.open("w", encoding="utf-8") as file:
        file.write("MFEM mesh v1.0\n\ndimension\n3\n\n")
        elements = ("elements", d["part"] + 1, 4, d["cells"])
        boundary = ("boundary", np.ones(len(d["facets"])), 2, d["facets"])
        for name, attributes, shape, corners in (elements, boundary):
            file.write(f"{name}\n{len(corners)}\n")
            np.savetxt(file, np.column_stack([attributes, np.full(len(corners), shape), corners]), fmt="%d")
        file.write(f"\nvertices\n{len(d['points'])}\n3\n")
        np.savetxt(file, d["points"], fmt="%.17g")


def main(mesh_file: str, out: str, steps: str) -> None:
    """March with fixed steps, say what it cost."""
    with tempfile.TemporaryDirectory() as folder:
        written(panel.load(mesh_file), place := Path(folder) / "panel.mesh")
        begin, h = time.process_time(), panel.ORBIT / int(steps)
        mesh = mfem.Mesh(str(place), 0, 0)
    space = mfem.FiniteElementSpace(mesh, mfem.H1_FECollection(1, 3))
    capacity, k, heat = (
        mfem.PWConstCoefficient(mfem.Vector(list(map(float, of)))) for of in (panel.CAPACITY / h, panel.CONDUCTIVITY, (0.0, panel.HEAT))
    )
    M, A = (mfem.BilinearForm(space) for _ in range(2))
    for form in (M, A):
        form.AddDomainIntegrator(mfem.MassIntegrator(capacity))
    A.AddDomainIntegrator(mfem.DiffusionIntegrator(k))
    constant, top = (mfem.LinearForm(space) for _ in range(2))
    constant.AddDomainIntegrator(mfem.DomainLFIntegrator(heat))
    one = mfem.ConstantCoefficient(1.0)
    top.AddBoundaryIntegrator(mfem.BoundaryLFIntegrator(one))
    for form in (M, A, constant, top):
        form.Assemble()
    M.Finalize()
    A.Finalize()
    stored, matrix = M.SpMat(), A.SpMat()
    area = top.GetDataArray().copy()
    on = np.flatnonzero(area > 0)
    emits, absorbs = panel.EMITTANCE * panel.SIGMA * area[on], panel.ABSORPTANCE * panel.SOLAR * area
    steady = mfem.SparseMatrix(matrix)  # without emission
    rows, entries = matrix.GetIArray(), matrix.GetDataArray()
    diagonal = np.flatnonzero(matrix.GetJArray() == np.repeat(np.arange(len(area)), np.diff(rows)))[on]
    plain = entries[diagonal].copy()
    T, b, r, x = (mfem.Vector(len(area)) for _ in range(4))
    values, right, left = (v.GetDataArray() for v in (T, b, r))
    values[:] = panel.START
    solver, smoother = mfem.CGSolver(), mfem.GSSmoother(0, 1)
    solver.SetMaxIter(2000)
    solver.SetPrintLevel(-1)
    solver.iterative_mode = False
    marching, fields, solves, aside, last = time.process_time(), [], 0, 0.0, list[tuple[panel.Floats, float]]()

    def residual() -> float:
        steady.Mult(T, r)
        left[:] -= right
        left[on] += emits * (values[on] ** 4 - panel.SPACE**4)
        return float(np.linalg.norm(left))

    for n in range(1, int(steps) + 1):
        sun = float(n * h <= panel.SUNLIT + 1e-6)
        stored.Mult(T, b)
        right[:] += constant.GetDataArray() + sun * absorbs
        now = values.copy()
        first = size = residual()
        if len(last) == 2 and all(lit == sun for _, lit in last):
            values[:] = 3 * now - 3 * last[1][0] + last[0][0]
            size = residual()
        last = [*last[-1:], (now, sun)]
        while size > 1e-6 * first:
            entries[diagonal] = plain + 4 * emits * values[on] ** 3
            smoother.SetOperator(matrix)
            solver.SetPreconditioner(smoother)
            solver.SetOperator(matrix)
            solver.SetRelTol(max(0.5e-6 * first / size, 1e-8))
            solver.Mult(r, x)
            T.Add(-1.0, x)
            solves += 1
            size = residual()
        before = time.process_time()
        if np.isclose(panel.SAMPLES, n * h, atol=1e-6).any():
            fields.append(values.copy())
        aside += time.process_time() - before
    end = time.process_time() - aside
    np.save(out, np.array(fields))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cost = {"setup": marching - begin, "march": end - marching, "cpu": end - begin, "peak_MB": peak}
    print(json.dumps({"rows": len(area), "steps": int(steps), "solves": solves, "set_ups": 1, **cost}))


if __name__ == "__main__":
    main(*sys.argv[1:])
