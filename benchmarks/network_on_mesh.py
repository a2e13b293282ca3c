"""A network of many nodes on a mesh: what a step of both costs beside one of the mesh alone.

A plate is heated from below and its upper face is cooled, patch by patch, by films to some nodes of a grid of conductors; the grid radiates
to space. Beside it the same plate with films to fluids whose temperatures are given: those that the nodes were found to have, so that the
plate has the same temperatures and what is more is the network's; and one that never moves, so that the plate is as warm at every patch.

Example:
    .venv/bin/python benchmarks/network_on_mesh.py --cells 110 110 7 --patches 20 25 --nodes 5000
"""

import argparse
import json
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.sparse import csr_matrix

from heliorack.runtime.parallel import world
from meshes.distribute import distribute
from meshes.structured import structured_box
from thermal.conduction import operators
from thermal.network.attached import Attached
from thermal.network.flows import Conduction, Exchange
from thermal.network.network import Held, Network
from thermal.signal import constant
from thermal.solve.ledger import Ledger
from thermal.solve.linear import ShiftedSolver
from thermal.solve.march import march
from thermal.solve.model import Model
from thermal.solve.settings import Solver
from thermal.solve.ways import FilmLoad, Source

Floats = NDArray[np.float64]
Linear = Literal["auto", "direct", "multigrid"]
SIZE = (1.0, 1.0, 0.02)  #: m
CONDUCTIVITY, CAPACITY = 170.0, 2.4e6  #: W/mK, J/m3K: aluminium
FILM, HEAT, FLUID = 500.0, 5000.0, 290.0  #: W/m2K, W on the lower face, K
TIE, NODE, GLOW = 2.0, 40.0, 0.003  #: W/K between neighbours, J/K of a node, m2 of each to space
EVENTS = (0.0, 1800.0, 3600.0)  #: s; the heat falls to a tenth at the second


def grid(nodes: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Neighbours of a grid of nodes, as square as it gets."""
    wide = int(np.sqrt(nodes))
    i = np.arange(nodes)
    right, below = i[(i + 1) % wide > 0], i + wide
    right = right[right + 1 < nodes]
    return np.concatenate([right, i[below < nodes]]), np.concatenate([right + 1, below[below < nodes]])


def touched_by(patches: tuple[int, int], nodes: int) -> NDArray[np.int64]:
    """Node of each patch's film."""
    return np.linspace(0, nodes - 1, patches[0] * patches[1]).astype(np.int64)


def plate(
    cells: tuple[int, int, int],
    patches: tuple[int, int],
    nodes: int,
    given: Callable[[Floats], Floats] | None = None,
) -> Model:
    """The plate with its network, beside fluids with given temperatures (patches,) [K] over time, or beside one that does not move."""
    assembly = structured_box(cells, SIZE, name="plate")
    k = CONDUCTIVITY * np.eye(3)[None]
    layout, M, K = operators.operators(distribute(assembly, world()), assembly.cell_part, k, np.array([CAPACITY]))
    faces = operators.face_weights(layout, assembly.points, assembly.facets, assembly.facet_face, len(assembly.face_names))
    upper, lower = (np.asarray(faces[:, [assembly.face_names.index(f"plate:{end}")]].todense()).ravel() for end in ("+z", "-z"))
    x, y, _ = assembly.points[layout.nodes].T
    spots = [np.minimum((n * (a - a.min()) / SIZE[0]).astype(int), n - 1) for a, n in ((x, patches[0]), (y, patches[1]))]
    patch, count = spots[0] * patches[1] + spots[1], patches[0] * patches[1]
    on = np.flatnonzero(upper)
    area = np.asarray(layout.sum(np.bincount(patch[on], upper[on], count)))
    heat = Source("heat", csr_matrix(lower[:, None]), lambda t: HEAT * np.where(t < EVENTS[1], 1.0, 0.1)[:, None])
    weights = csr_matrix((upper[on] / area[patch[on]], (on, patch[on])), shape=(layout.owned, count))
    if given is not None:
        film = FilmLoad("film", FILM * upper, 0.0)
        fluid = Source("fluid", weights, lambda t: FILM * area * given(t))
        return Model(layout=layout, M=M, A=operators.coupled(layout, K, [], film.conductance), ways=[heat, film, fluid])
    if not nodes:
        film = FilmLoad("film", FILM * upper, FLUID)
        return Model(layout=layout, M=M, A=operators.coupled(layout, K, [], film.conductance), ways=[heat, film])
    touched = touched_by(patches, nodes)
    starts, ends = grid(nodes)
    flows = [
        Conduction(touched, nodes + 1 + np.arange(count), FILM * area, ["film"] * count),
        Conduction(starts, ends, np.full(len(starts), TIE), ["tie"] * len(starts)),
        Exchange(np.arange(nodes), np.full(nodes, nodes), np.full(nodes, GLOW), ["space"] * nodes),
    ]
    capacity = np.concatenate([np.full(nodes, NODE), np.zeros(1 + count)])
    held = Held(np.array([nodes]), constant(np.array([3.0])))
    net = Network([f"n{i}" for i in range(len(capacity))], capacity, flows, held, walls=nodes + 1 + np.arange(count))
    behind = Attached(net, layout, weights, np.full(nodes, FLUID))
    A = operators.coupled(layout, K, [], np.zeros(layout.owned))
    return Model(layout=layout, M=M, A=A, ways=[heat, *behind.ways()], attached=behind)


def marched(model: Model, tolerance: float, linear: Linear = "auto") -> dict[str, Any]:
    """An hour of it, and what its steps cost."""
    ledger, steps, T = Ledger(model), 0, np.full(model.layout.owned, FLUID)
    courses: list[tuple[float, Floats]] = []
    with ShiftedSolver(model, linear) as solver:
        begin = time.process_time()
        for step in march(model, T, EVENTS, Solver(tolerance=tolerance), solver):
            ledger.observe(step)
            steps, T = steps + 1, step.after
            if step.network is not None:
                courses += [(step.network.end, step.network.after)]
        cpu = time.process_time() - begin
    return {
        "rows": model.layout.size,
        "steps": steps,
        "cpu_s": cpu,
        "cpu_per_step_s": cpu / steps,
        "solves_per_step": solver.solves / steps,
        "applied_per_step": solver.applied / steps,
        "closure": max(ledger.closure(), 0.0 if ledger.network is None else ledger.network.closure()),
        "ends_K": [float(end) for end in (model.of_mesh(T).min(), model.of_mesh(T).max())],
        "courses": courses,
    }


def compared(
    cells: tuple[int, int, int],
    patches: tuple[int, int],
    nodes: int,
    tolerance: float,
    linear: Literal["auto", "direct", "multigrid"] = "auto",
) -> dict[str, Any]:
    """All three, and what a step with the network costs over that of each other [-]."""
    found = {"with network": marched(plate(cells, patches, nodes), tolerance, linear)}
    times, states = zip(*found["with network"].pop("courses"), strict=True)
    times, states = np.array([EVENTS[0], *times]), np.array([np.full(len(states[0]), FLUID), *states])[:, touched_by(patches, nodes)]
    of = [(times >= a) & (times <= b) for a, b in pairwise(EVENTS)]
    parts = [CubicSpline(times[mine], states[mine]) for mine in of]

    def course(t: Floats) -> Floats:
        return np.where((t < EVENTS[1])[:, None], parts[0](t), parts[1](t))

    for name, given in (("as warm", course), ("even", None)):
        found[name] = marched(plate(cells, patches, 0, given), tolerance, linear)
        del found[name]["courses"]
        found[name]["ratio"] = found["with network"]["cpu_per_step_s"] / found[name]["cpu_per_step_s"]
    return found


def main() -> None:
    """All, side by side."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--cells", type=int, nargs=3, default=(110, 110, 7))
    words.add_argument("--patches", type=int, nargs=2, default=(20, 25))
    words.add_argument("--nodes", type=int, default=5000)
    words.add_argument("--tolerance", type=float, default=0.05, help="K")
    words.add_argument("--linear", default="auto")
    asked = words.parse_args()
    found = compared(tuple(asked.cells), tuple(asked.patches), asked.nodes, asked.tolerance, asked.linear)
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
