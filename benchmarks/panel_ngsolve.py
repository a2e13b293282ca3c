"""One orbit of the panel by NGSolve as an expert would write it: implicit Euler, all assembled once, one sparse Cholesky factor kept.

Emission by vertex quadrature; Newton's method with the slope of the first state, from a quadratic extrapolation.

Example:
    .venv-peers/bin/python benchmarks/panel_ngsolve.py panel.npz fields.npy 460
"""

import json
import resource
import sys
import time

import netgen.meshing as netgen
import ngsolve as ng
import numpy as np
import panel_common as panel


def meshed(d: dict[str, panel.Floats]) -> ng.Mesh:
    """The mesh as NGSolve has it; nodes keep their numbers."""
    mesh = netgen.Mesh(3)
    mesh.AddPoints(np.ascontiguousarray(d["points"]))
    top = mesh.Add(netgen.FaceDescriptor(bc=1, domin=1, surfnr=1))
    mesh.SetBCName(0, "top")
    for part, name in enumerate(("panel", "box")):
        index = mesh.AddRegion(name, dim=3)
        mesh.AddElements(dim=3, index=index, data=d["cells"][d["part"] == part].astype(np.int32), base=0)
    mesh.AddElements(dim=2, index=top, data=d["facets"].astype(np.int32), base=0)
    mesh.Update()
    return ng.Mesh(mesh)


def main(mesh_file: str, out: str, steps: str) -> None:
    """March with fixed steps, say what it cost."""
    ng.SetNumThreads(1)
    begin, h = time.process_time(), panel.ORBIT / int(steps)
    d = panel.load(mesh_file)
    mesh = meshed(d)
    space = ng.H1(mesh, order=1)
    u, v = space.TnT()
    names = ("panel", "box")
    k, capacity = (mesh.MaterialCF(dict(zip(names, of, strict=True))) for of in (panel.CONDUCTIVITY, panel.CAPACITY))
    heat = mesh.MaterialCF({"panel": 0.0, "box": panel.HEAT})
    stored = ng.BilinearForm(capacity / h * u * v * ng.dx).Assemble().mat
    linear = ng.BilinearForm((capacity / h * u * v + k * ng.grad(u) * ng.grad(v)) * ng.dx).Assemble().mat
    constant = ng.LinearForm(heat * v * ng.dx).Assemble().vec
    area = ng.LinearForm(v * ng.ds("top")).Assemble().vec.FV().NumPy()
    on = np.flatnonzero(area > 0)
    emits, absorbs = panel.EMITTANCE * panel.SIGMA * area[on], panel.ABSORPTANCE * panel.SOLAR * area
    lumped = ng.IntegrationRule(points=[(0, 0), (1, 0), (0, 1)], weights=[1 / 6, 1 / 6, 1 / 6])
    slope = 4 * panel.EMITTANCE * panel.SIGMA * panel.START**3 * u * v * ng.ds("top", intrules={ng.TRIG: lumped})
    conducted = (capacity / h * u * v + k * ng.grad(u) * ng.grad(v)) * ng.dx
    factor = ng.BilinearForm(conducted + slope).Assemble().mat.Inverse(space.FreeDofs(), inverse="sparsecholesky")
    T = ng.GridFunction(space).vec
    T[:] = panel.START
    now, last, before_last, b, r = (T.CreateVector() for _ in range(5))
    values = T.FV().NumPy()
    marching, fields, solves, aside, known, lit = time.process_time(), [], 0, 0.0, 0, -1.0

    def residual() -> float:
        r.data = linear * T - b
        r.FV().NumPy()[on] += emits * (values[on] ** 4 - panel.SPACE**4)
        return float(ng.Norm(r))

    for n in range(1, int(steps) + 1):
        sun = float(n * h <= panel.SUNLIT + 1e-6)
        b.data = stored * T + constant
        b.FV().NumPy()[:] += sun * absorbs
        now.data = T
        known = known if sun == lit else 0
        first = size = residual()
        if known > 1:
            T.data = 3 * now - 3 * last + before_last
            size = residual()
        before_last.data, last.data, lit, known = last, now, sun, known + 1
        while size > 1e-6 * first:
            T.data -= factor * r
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
    print(json.dumps({"rows": space.ndof, "steps": int(steps), "solves": solves, "set_ups": 1, **cost}))


if __name__ == "__main__":
    main(*sys.argv[1:])
