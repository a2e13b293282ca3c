"""One orbit of the panel by DOLFINx as an expert would write it: implicit Euler, everything assembled once, one factor or multigrid kept.

Emission by vertex quadrature, so that only the diagonal changes; Newton's method from a quadratic extrapolation, its linear solves by
conjugate gradients as exact as they need be.

Example:
    .venv/bin/python benchmarks/panel_peer.py panel.npz fields.npy 460 cholesky
"""

import json
import resource
import sys
import time
from contextlib import suppress

with suppress(ModuleNotFoundError):
    import dolfinx_solver  # noqa: F401

import basix.ufl
import numpy as np
import panel_common as panel
import ufl
from dolfinx import fem
from dolfinx.fem import petsc
from dolfinx.mesh import create_mesh
from mpi4py import MPI
from petsc4py import PETSc


def main(mesh: str, out: str, steps: str, kind: str) -> None:
    """March with fixed steps, say what it cost."""
    begin = time.process_time()
    d = panel.load(mesh)
    element = basix.ufl.element("Lagrange", "tetrahedron", 1, shape=(3,))
    domain = create_mesh(MPI.COMM_WORLD, d["cells"], element, d["points"])
    V, piecewise = fem.functionspace(domain, ("Lagrange", 1)), fem.functionspace(domain, ("DG", 0))
    k, capacity, heat = (fem.Function(piecewise) for _ in range(3))
    part = d["part"][domain.topology.original_cell_index]
    k.x.array[:], capacity.x.array[:], heat.x.array[:] = panel.CONDUCTIVITY[part], panel.CAPACITY[part], panel.HEAT * part
    node = np.empty(V.dofmap.index_map.size_local, dtype=np.int64)
    node[V.dofmap.list] = domain.geometry.input_global_indices[domain.geometry.dofmaps[0]]
    corner = np.linalg.norm(
        np.cross(*(d["points"][d["facets"][:, i]] - d["points"][d["facets"][:, 0]] for i in (1, 2))), axis=1
    )  # twice the area of each facet
    area = np.bincount(d["facets"].ravel(), np.repeat(corner / 6, 3), minlength=len(d["points"]))[node]
    u, v = ufl.TrialFunction(V), ufl.TestFunction(V)
    h = panel.ORBIT / int(steps)
    M = petsc.assemble_matrix(fem.form(capacity * u * v * ufl.dx))
    M.assemble()
    M.scale(1 / h)
    A = petsc.assemble_matrix(fem.form(k * ufl.inner(ufl.grad(u), ufl.grad(v)) * ufl.dx))
    A.assemble()
    A.axpy(1.0, M, structure=PETSc.Mat.Structure.SAME_NONZERO_PATTERN)
    constant = petsc.assemble_vector(fem.form(heat * v * ufl.dx))
    on = np.flatnonzero(area > 0)
    emits, absorbs = panel.EMITTANCE * panel.SIGMA * area[on], panel.ABSORPTANCE * panel.SOLAR * area
    J, ksp = A.copy(), PETSc.KSP().create(domain.comm)
    plain = A.getDiagonal()
    slope = plain.duplicate()
    ksp.setType("cg")
    ksp.setNormType(PETSc.KSP.NormType.UNPRECONDITIONED)
    pc = ksp.getPC()
    if kind == "cholesky":
        pc.setType("cholesky")
        pc.setFactorSolverType("mumps")
    else:
        pc.setType("gamg")
        options = PETSc.Options()
        options.setValue("pc_gamg_threshold", 0.02)
        options.setValue("mg_levels_pc_type", "jacobi")
        options.setValue("mg_levels_ksp_max_it", 2)
    ksp.setFromOptions()
    T, b, r, x = (plain.duplicate() for _ in range(4))
    T.set(panel.START)
    marching, last, fields, solves, aside, kept = time.process_time(), [], [], 0, 0.0, False

    def residual() -> float:
        A.mult(T, r)
        r.axpy(-1.0, b)
        r.array[on] += emits * (T.array_r[on] ** 4 - panel.SPACE**4)
        return float(r.norm())

    for n in range(1, int(steps) + 1):
        sun = float(n * h <= panel.SUNLIT + 1e-6)
        M.mult(T, b)
        b.axpy(1.0, constant)
        b.array[:] += sun * absorbs
        now = T.array_r.copy()
        first = size = residual()
        if len(last) == 2 and all(lit == sun for _, lit in last):
            T.array[:] = 3 * now - 3 * last[1][0] + last[0][0]
            size = residual()
        last = [*last[-1:], (now, sun)]
        while size > 1e-6 * first:
            slope.array[:] = plain.array_r
            slope.array[on] += 4 * emits * T.array_r[on] ** 3
            J.setDiagonal(slope)
            ksp.setOperators(J, J)
            if not kept:
                ksp.setUp()
                pc.setReusePreconditioner(True)
                kept = True
            ksp.setTolerances(rtol=max(0.5e-6 * first / size, 1e-8), atol=0.0, max_it=2000)
            ksp.solve(r, x)
            T.axpy(-1.0, x)
            solves += 1
            size = residual()
        before = time.process_time()
        if np.isclose(panel.SAMPLES, n * h, atol=1e-6).any():
            field = np.empty(len(node))
            field[node] = T.array_r
            fields.append(field)
        aside += time.process_time() - before
    end = time.process_time() - aside
    np.save(out, np.array(fields))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cost = {"setup": marching - begin, "march": end - marching, "cpu": end - begin, "peak_MB": peak}
    print(json.dumps({"rows": len(node), "steps": int(steps), "solves": solves, "set_ups": 1, **cost}))


if __name__ == "__main__":
    main(*sys.argv[1:])
