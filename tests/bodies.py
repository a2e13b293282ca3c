"""Thermal models of exactly known meshes, so that a test reads as its claim. SI units; faces are named as in the assembly: "bar:-x"."""

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from heliorack.runtime.parallel import world

WORLD = world()

from meshes.assembly import Assembly
from meshes.distribute import distribute
from meshes.structured import structured_box
from thermal.conduction import operators
from thermal.conduction.contact import coupling
from thermal.conduction.varying import Law, varying
from thermal.constants import STEFAN_BOLTZMANN as SIGMA
from thermal.heat import Way
from thermal.solve.ledger import Ledger
from thermal.solve.march import march
from thermal.solve.model import Model
from thermal.solve.settings import Solver
from thermal.solve.step import Step
from thermal.solve.ways import Emitter, FilmLoad, Held, Source

Floats = NDArray[np.float64]
OverTime = float | Callable[[float], float]  #: a constant, or a function of time [s]


def alone() -> Any:
    """A communicator of this process only."""
    from mpi4py import MPI

    return MPI.COMM_SELF


class Solid:
    """A meshed body with its matrices; `model` dresses it with what happens on faces and in parts.

    Args:
        conductivity: One value, one per part, or one tensor per part [W/mK].
        heat_capacity: Volumetric, one value or one per part [J/m3K].
        laws: How properties change with temperature.
    """

    def __init__(self, assembly: Assembly, conductivity: Any, heat_capacity: Any = 1e6, comm: Any = None, laws: Sequence[Law] = ()) -> None:
        parts = len(assembly.part_names)
        k = np.asarray(conductivity, dtype=float)
        k = k if k.ndim == 3 else np.stack([np.diag([value] * 3) for value in np.broadcast_to(k, (parts,))])
        self.assembly = assembly
        mesh = distribute(assembly, alone() if comm is None else comm)
        rho_c = np.array(np.broadcast_to(np.asarray(heat_capacity, dtype=float), (parts,)))
        self.layout, self.M, self.K = operators.operators(mesh, assembly.cell_part, k, rho_c)
        free = np.where(assembly.facet_touch < 0, assembly.facet_face, -1)
        self.faces = operators.face_weights(self.layout, assembly.points, assembly.facets, free, len(assembly.face_names))
        self.volumes = operators.part_weights(self.layout, assembly.points, assembly.cells, assembly.cell_part, parts)
        stores = self.volumes @ diags(rho_c)
        self.varying = varying(mesh, self.layout, assembly.cell_part, k, laws, self.M.getDiagonal().array.copy(), stores)

    def area(self, pattern: str) -> Floats:
        """Vertex areas of the faces that match [m2], owned rows."""
        columns = [j for j, name in enumerate(self.assembly.face_names) if fnmatchcase(name, pattern)]
        assert columns, f"no face {pattern}"
        return np.asarray(self.faces[:, columns].sum(axis=1)).ravel()

    def spread(self, pattern: str) -> Floats:
        """Share of each owned row in a heat spread evenly over the volume of the parts that match [-]."""
        columns = [j for j, name in enumerate(self.assembly.part_names) if fnmatchcase(name, pattern)]
        assert columns, f"no part {pattern}"
        volume = np.asarray(self.volumes[:, columns].sum(axis=1)).ravel()
        return np.asarray(volume / self.layout.sum(float(volume.sum())))

    def model(
        self,
        held: Mapping[str, OverTime] | None = None,
        films: Mapping[str, tuple[float, float]] | None = None,
        emitters: Mapping[str, tuple[float, float]] | None = None,
        fluxes: Mapping[str, OverTime] | None = None,
        heat: Mapping[str, OverTime] | None = None,
        ways: Sequence[Way] = (),
        contact: float = 0.0,
        couplings: Sequence[Any] = (),
        sigma: float = SIGMA,
    ) -> Model:
        """A thermal model.

        Args:
            held: Face -> temperature [K].
            films: Face -> (film coefficient [W/m2K], fluid temperature [K]).
            emitters: Face -> (emittance, sink temperature [K]).
            fluxes: Face -> heat flux into the body [W/m2].
            heat: Part -> heat spread over its volume [W].
            ways: Further ways of heat, such as feedbacks.
            contact: Conductance of every touch [W/m2K].
            couplings: Triplets (row, column, value [W/K]) of further contacts, straps and skins.
        """
        film_loads = [FilmLoad(f"film {face}", h * self.area(face), fluid) for face, (h, fluid) in (films or {}).items()]
        points, facets = self.assembly.points, self.assembly.facets
        triplets = [coupling(points, facets[t.facets_a], facets[t.facets_b], contact) for t in self.assembly.touches]
        triplets += couplings
        loads = [column(f"flux {face}", self.area(face), q) for face, q in (fluxes or {}).items()]
        loads += [column(f"heat {part}", self.spread(part), q) for part, q in (heat or {}).items()]
        return Model(
            layout=self.layout,
            M=self.M,
            A=operators.coupled(self.layout, self.K, triplets, sum((f.conductance for f in film_loads), np.zeros(self.layout.owned))),
            ways=[
                *(Emitter(f"space {face}", e * self.area(face), sink) for face, (e, sink) in (emitters or {}).items()),
                *film_loads,
                *loads,
                *ways,
                *(hold(f"held {face}", np.flatnonzero(self.area(face) > 0), T) for face, T in (held or {}).items()),
            ],
            sigma=sigma,
            varying=self.varying,
        )

    def start(self, T: float | Callable[[Floats], Floats]) -> Floats:
        """A uniform temperature, or a function of the points (n, 3), as owned rows."""
        points = self.assembly.points[self.layout.nodes]
        return np.full(self.layout.owned, float(T)) if not callable(T) else np.asarray(T(points))

    def at(self, T: Floats, *point: float) -> float:
        """Temperature at the node at a point; collective."""
        distance = np.linalg.norm(self.assembly.points - np.array(point), axis=1)
        node = int(distance.argmin())
        assert distance[node] < 1e-9, f"no node at {point}"
        return float(self.layout.gather(T)[node])


def column(path: str, spread: Floats, value: OverTime) -> Source:
    """A source of one signal."""
    return Source(
        path, csr_matrix(spread.reshape(-1, 1)), lambda times: np.array([[value(t) if callable(value) else value] for t in times])
    )


def rowwise(path: str, spread: Floats, value: Callable[[float], Floats]) -> Source:
    """A source with a value of its own for every row; for one process."""
    return Source(path, csr_matrix(diags(spread)), lambda times: np.array([value(t) for t in times]))


def hold(path: str, rows: NDArray[np.int64], value: OverTime) -> Held:
    """Rows held at a temperature."""
    return Held(path, rows, lambda t: np.full(len(rows), value(t) if callable(value) else value))


def bar(cells: int, length: float, width: float, conductivity: float, heat_capacity: float = 1e6, comm: Any = None) -> Solid:
    """A bar along x with one cell across; its faces are bar:-x, bar:+x, bar:-y, ..."""
    return Solid(structured_box((cells, 1, 1), (length, width, width), name="bar"), conductivity, heat_capacity, comm)


def lump(capacity: float, area: float, sink: float = 0.0, absorbed: OverTime = 0.0, ways: Sequence[Way] = ()) -> Model:
    """A body whose every row emits and absorbs in proportion to its heat capacity: from a uniform start it stays uniform, exactly.

    Args:
        capacity: Heat capacity of the body [J/K].
        area: Emittance x area [m2].
        sink: Sink temperature [K].
        absorbed: Heat absorbed by the whole body [W].
    """
    solid = Solid(structured_box((1, 1, 1), (1.0, 1.0, 1.0), name="lump"), 10.0, capacity)
    share = solid.model().heat_capacity / capacity
    return Model(
        layout=solid.layout,
        M=solid.M,
        A=solid.K,
        ways=[Emitter("space", area * share, sink), column("sun", share, absorbed), *ways],
    )


def run(model: Model, T: Floats, events: Sequence[float], observe: Sequence[Callable[[Step], None]] = (), **settings: Any) -> Floats:
    """Temperatures of the owned rows at the end of a march; direct solver unless `settings` say otherwise."""
    for step in march(model, T, events, Solver(**({"linear": "direct"} | settings))):
        for look in observe:
            look(step)
        T = step.after
    return T


def audited(model: Model, T: Floats, events: Sequence[float], **settings: Any) -> tuple[Floats, Ledger]:
    """Temperatures at the end of a march and its ledger."""
    ledger = Ledger(model)
    return run(model, T, events, [ledger.observe], **settings), ledger


def orders(steps: Sequence[float], errors: Sequence[float]) -> list[float]:
    """Observed order between each step size and the next."""
    pairs = pairwise(zip(steps, errors, strict=True))
    return [float(np.log(e1 / e2) / np.log(h1 / h2)) for (h1, e1), (h2, e2) in pairs]
