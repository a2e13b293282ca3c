"""The panel by DOLFINx as its tutorial solves a nonlinear problem: implicit Euler, one form, a new MUMPS factor in every Newton step.

Example:
    .venv/bin/python benchmarks/panel_tutorial.py panel.npz fields.npy 460 46      the first 46 of 460 steps of an orbit
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
from dolfinx.fem.petsc import NonlinearProblem
from dolfinx.mesh import create_mesh, locate_entities_boundary, meshtags
from mpi4py import MPI

OPTIONS = {
    "snes_type": "newtonls",
    "snes_linesearch_type": "none",
    "snes_rtol": 1e-6,
    "snes_atol": 1e-14,
    "snes_stol": 0.0,
    "ksp_type": "preonly",
    "pc_type": "lu",
    "pc_factor_mat_solver_type": "mumps",
}


def main(mesh: str, out: str, steps: str, first: str) -> None:
    """March, say what it cost."""
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
    outer = locate_entities_boundary(domain, 2, lambda x: np.isclose(x[2], 0.01))
    ds = ufl.Measure("ds", domain=domain, subdomain_data=meshtags(domain, 2, outer, np.ones(len(outer), np.int32)))(1)
    T, before, v, h = fem.Function(V), fem.Function(V), ufl.TestFunction(V), panel.ORBIT / int(steps)
    T.x.array[:] = before.x.array[:] = panel.START
    sun = fem.Constant(domain, 1.0)
    F = (capacity * (T - before) / h * v + k * ufl.inner(ufl.grad(T), ufl.grad(v)) - heat * v) * ufl.dx
    F += (panel.EMITTANCE * panel.SIGMA * (T**4 - panel.SPACE**4) - panel.ABSORPTANCE * panel.SOLAR * sun) * v * ds
    problem = NonlinearProblem(F, T, petsc_options_prefix="panel_", petsc_options=OPTIONS)
    marching, fields, solves = time.process_time(), [], 0
    for n in range(1, int(first) + 1):
        sun.value = float(n * h <= panel.SUNLIT + 1e-6)
        problem.solve()
        if problem.solver.getConvergedReason() <= 0:
            raise SystemExit(f"step {n} did not converge")
        solves += problem.solver.getIterationNumber()
        before.x.array[:] = T.x.array
        if np.isclose(panel.SAMPLES, n * h, atol=1e-6).any():
            field = np.empty(len(node))
            field[node] = T.x.array
            fields.append(field)
    end = time.process_time()
    np.save(out, np.array(fields))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cost = {"setup": marching - begin, "step": (end - marching) / int(first), "peak_MB": peak}
    print(json.dumps({"rows": len(node), "steps": int(first), "solves": solves, **cost}))


if __name__ == "__main__":
    main(*sys.argv[1:])
