"""One orbit of the panel by heliorack: mesh file and tolerance [K] in, fields at the sample times and what they cost out.

Example:
    .venv/bin/python benchmarks/panel_heliorack.py panel.npz fields.npz 0.5
"""

import json
import resource
import sys
import time
from importlib import import_module

import numpy as np
import panel_common as panel
from scipy.sparse import csr_matrix, hstack

from heliorack.runtime.parallel import world
from meshes.assembly import Assembly
from meshes.distribute import distribute
from thermal.conduction import operators
from thermal.solve.ledger import Ledger
from thermal.solve.linear import ShiftedSolver
from thermal.solve.march import march
from thermal.solve.model import Model
from thermal.solve.probes import Recorder
from thermal.solve.settings import Solver
from thermal.solve.ways import Emitter, Source


def main(mesh: str, out: str, tolerance: str, linear: str = "auto") -> None:
    """March, observe as a run does, say what it cost."""
    comm = world()
    import_module("dolfinx.fem.petsc")  # on its first use else; the imports of no side are timed
    imported = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begin = time.process_time()
    d = panel.load(mesh)
    assembly = Assembly(
        points=d["points"],
        cells=d["cells"],
        cell_part=d["part"],
        part_names=("panel", "box"),
        part_material=("panel", "box"),
        part_rotation=np.stack([np.eye(3)] * 2),
        facets=d["facets"],
        facet_cell=d["owner"],
        facet_face=np.zeros(len(d["facets"]), np.int32),
        face_names=("panel:+z",),
        face_part=np.zeros(1, np.int32),
        touches=(),
        facet_touch=np.full(len(d["facets"]), -1, np.int32),
    )
    k = panel.CONDUCTIVITY[:, None, None] * np.eye(3)
    layout, M, K = operators.operators(distribute(assembly, comm), d["part"], k, panel.CAPACITY)
    faces = operators.face_weights(layout, assembly.points, assembly.facets, assembly.facet_face, 1)
    volumes = operators.part_weights(layout, assembly.points, assembly.cells, d["part"], 2)
    area = np.asarray(faces.sum(axis=1)).ravel()
    sun = Source("sun", csr_matrix(faces * panel.ABSORPTANCE * panel.SOLAR), lambda t: (t % panel.ORBIT <= panel.SUNLIT)[:, None] * 1.0)
    heat = Source("compute", csr_matrix(volumes[:, [1]] * panel.HEAT), lambda t: np.ones((len(t), 1)))
    model = Model(
        layout=layout,
        M=M,
        A=operators.coupled(layout, K, [], np.zeros(layout.owned)),
        ways=[Emitter("space", panel.EMITTANCE * area, panel.SPACE), sun, heat],
        zone=operators.fullest(volumes),
    )
    del K
    marching = time.process_time()
    events = [0.0, panel.SUNLIT, panel.ORBIT]
    solver = ShiftedSolver(model, linear)  # type: ignore[arg-type]
    recorder = Recorder(layout, hstack([volumes, faces]).tocsr(), np.linspace(0, panel.ORBIT, 121), np.linspace(0, panel.ORBIT, 25))
    ledger, T, steps, aside, fields = Ledger(model), np.full(layout.owned, panel.START), 0, 0.0, []
    recorder.start(0.0, T)
    for step in march(model, T, events, Solver(tolerance=float(tolerance)), solver):
        recorder.observe(step)
        ledger.observe(step)
        steps += 1
        before = time.process_time()
        here = panel.SAMPLES[(step.start + 1e-6 < panel.SAMPLES) & (step.end + 1e-6 >= panel.SAMPLES)]
        fields += [layout.gather(step.at(t)) for t in here]
        aside += time.process_time() - before
    end = time.process_time() - aside
    np.save(out, np.array(fields))
    print(
        json.dumps(
            {
                "rows": layout.size,
                "steps": steps,
                "solves": solver.solves,
                "set_ups": solver.factorisations,
                "setup": marching - begin,
                "march": end - marching,
                "cpu": end - begin,
                "closure": ledger.closure(),
                "import_MB": imported,
                "peak_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
