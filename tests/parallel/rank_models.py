"""Models of exactly known meshes on all ranks together and on each rank alone."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from bodies import WORLD, Solid, alone, audited, run
from claims import DIRECT, MULTIGRID, apart, claim, same_ledger
from networks import attached, stepped, tied
from scipy.sparse import csr_matrix

from heliorack.model.interfaces import interfaces
from meshes.join import join
from meshes.structured import structured_box
from thermal.conduction.contact import Contact
from thermal.conduction.varying import Law
from thermal.curve import Curve
from thermal.solve.midway import Midway
from thermal.solve.model import Model
from thermal.solve.periodic import periodic_state
from thermal.solve.probes import Recorder
from thermal.solve.settings import Solver
from thermal.solve.solution import Task, solve_transient
from thermal.solve.steady import steady_state
from thermal.solve.ways import Feedback

EVENTS = (0.0, 1800.0, 3900.0, 5700.0)
LINEAR: tuple[Literal["direct", "multigrid"], ...] = ("direct", "multigrid")


def body(comm: Any, cells: int = 12, held: bool = True, laws: Sequence[Law] = ()) -> tuple[Solid, Model]:
    """Two parts in contact, with everything a model may have."""
    a = structured_box((cells, 8, 2), (0.3, 0.2, 0.02), name="a")
    b = structured_box((cells // 3, 8, 2), (0.1, 0.2, 0.02), (0.3, 0.0, 0.0), name="b")
    solid = Solid(join([a, b]), [167.0, 40.0], [2.4e6, 1.6e6], comm, laws)

    def heater(t: float, means: Any) -> Any:
        return 60.0 * np.clip((330.0 - means) / 60.0, 0.0, 1.0)

    def slope(t: float, means: Any) -> Any:
        return np.where((means > 270.0) & (means < 330.0), -1.0, 0.0)

    feedback = Feedback("heaters", csr_matrix(solid.spread("b")[:, None]), heater, slope)
    model = solid.model(
        held={"a:-x": lambda t: 300 + 20 * np.sin(2 * np.pi * t / 5700)} if held else {},
        films={"b:-y": (15.0, 290.0)},
        emitters={"[ab]:+z": (0.85, 3.0), "[ab]:-z": (0.6, 200.0)},
        fluxes={"a:+z": lambda t: 0.0 if 1800 < t % 5700 < 3900 else 700.0},
        heat={"b": 10.0},
        ways=[feedback],
        contact=400.0,
    )
    return solid, model


def layout_and_sums() -> None:
    """Maps of nodes, sums of weights, a scatter that comes back."""
    (many, _), (one, _) = body(WORLD), body(alone())
    full = np.random.default_rng(3).random(one.layout.size)
    claim("scatter and gather", float(np.abs(many.layout.gather(many.layout.scatter(full)) - full).max()), 0.0)
    claim("rows of nodes are a permutation", float(np.abs(np.sort(many.layout.row_of_node) - np.arange(len(full))).max()), 0.0)
    claim("every rank owns rows", float(many.layout.comm.allreduce(float(many.layout.owned == 0))), 0.0)
    area, alone_area = (solid.layout.gather(solid.area("a:+z")) for solid in (many, one))
    claim("vertex areas [m2]", float(np.abs(area - alone_area).max()), 1e-15)


def marches() -> None:
    """Temperatures and ledger after one orbit of fixed steps."""
    for scheme in ("rosw", "implicit_euler"):
        for linear in LINEAR:
            ends, ledgers = [], []
            for comm in (WORLD, alone()):
                solid, model = body(comm)
                T, ledger = audited(model, solid.start(295.0), EVENTS, scheme=scheme, fixed_steps=6, linear=linear)
                ends.append((solid, T))
                ledgers.append(ledger)
            difference, span = apart(*ends)
            claim(f"march {scheme} {linear} [K]", difference, DIRECT * span if linear == "direct" else MULTIGRID)
            claim(f"ledger {scheme} {linear}", same_ledger(*ledgers), 1e-8 if linear == "direct" else 1e-6)
            claim(f"closure {scheme} {linear}", ledgers[0].closure(), 1e-9 if linear == "direct" else 1e-6)


def steady_and_periodic() -> None:
    """Steady state under the loads at t = 0, periodic state of fixed steps."""
    for linear in LINEAR:
        ends = []
        for comm in (WORLD, alone()):
            solid, model = body(comm)
            ends.append((solid, steady_state(model, solid.start(300.0), 100.0, linear)))
        difference, span = apart(*ends)
        claim(f"steady {linear} [K]", difference, DIRECT * span if linear == "direct" else MULTIGRID)
        for held in (True, False):
            ends, orbits = [], []
            for comm in (WORLD, alone()):
                solid, model = body(comm, held=held)
                guess = steady_state(model.at_mean(np.linspace(0, 5700, 101)), solid.start(300.0), 0.0, linear, 1e-6)
                found = periodic_state(model, guess, lambda: EVENTS, Solver(fixed_steps=6, linear=linear))
                ends.append((solid, found.end))
                orbits.append(found.orbits)
            difference, span = apart(*ends)
            name = f"periodic {linear} {'held' if held else 'free'}"
            claim(f"{name} [K]", difference, DIRECT * span if linear == "direct" else MULTIGRID)
            claim(f"{name}, orbits differ by", abs(orbits[0] - orbits[1]), 0)


def properties_over_temperature() -> None:
    """A march and a steady state of parts in contact, whose conductivity and capacity change by half over 100 K."""
    laws = (
        Law((0,), Curve(np.array([200.0, 400.0]), np.array([0.5, 1.5])), Curve(np.array([200.0, 400.0]), np.array([0.7, 1.3]))),
        Law((1,), Curve(np.array([200.0, 300.0, 400.0]), np.array([1.3, 1.0, 0.9]))),
    )
    for linear in LINEAR:
        ends, states, ledgers = [], [], []
        for comm in (WORLD, alone()):
            solid, model = body(comm, laws=laws)
            T, ledger = audited(model, solid.start(295.0), EVENTS, fixed_steps=6, linear=linear)
            ends.append((solid, T))
            states.append((solid, steady_state(model, solid.start(300.0), 100.0, linear)))
            ledgers.append(ledger)
        for name, found in (("march", ends), ("steady", states)):
            difference, span = apart(*found)
            claim(f"{name} k(T), cp(T) {linear} [K]", difference, DIRECT * span if linear == "direct" else MULTIGRID)
        claim(f"ledger k(T), cp(T) {linear}", same_ledger(*ledgers), 1e-8 if linear == "direct" else 1e-6)
        claim(f"closure k(T), cp(T) {linear}", ledgers[0].closure(), 1e-9 if linear == "direct" else 1e-6)


def wired(comm: Any) -> tuple[Solid, Any]:
    """A slab with a network attached to two of its faces."""
    solid = Solid(structured_box((9, 4, 2), (0.3, 0.2, 0.02), name="a"), 40.0, 2e6, comm)
    films = [("a:-x", 0, 500.0), ("a:+x", 2, 300.0)]
    flows = [tied((0, 1, 3.0), (1, 2, 2.0), (2, 3, 0.5)), stepped(0, 1800.0, 5700.0, 60.0, 10.0)]
    dress = {"heat": {"a": 20.0}, "emitters": {"a:+z": (0.8, 3.0)}}
    return solid, attached(solid, films, [900.0, 0.0, 400.0, 0.0], flows, [(3, 270.0)], **dress)


def kept_moments() -> None:
    """A transient of four orbits goes on from its second on another number of ranks, error control and all; with a network too."""

    for build, which in ((body, "body"), (wired, "network")):

        def task(comm: Any, build: Any = build) -> Task:
            solid, model = build(comm)
            return Task(model, solid.volumes, np.array(EVENTS), Solver(tolerance=0.05, linear="direct"), lambda words, share: None)

        ends, kept = [], []
        for comm in (WORLD, alone()):
            one, moments = task(comm), list[Midway]()
            found = solve_transient(one, np.full(one.model.layout.owned, 290.0), list(EVENTS), 4 * 5700.0, (), moments.append)
            ends.append(found)
            kept.append(moments[1])
        for comm, moment, name in ((WORLD, kept[1], f"{which}, one to two"), (alone(), kept[0], f"{which}, two to one")):
            found = solve_transient(task(comm), moment, list(EVENTS), 4 * 5700.0, (), lambda later: None)
            claim(f"resumed, {name} ranks [K]", float(np.abs(found.end - ends[1].end).max()), 1e-5)
            claim(f"history, {name} ranks [K]", float(np.abs(found.history.mean - ends[1].history.mean).max()), 1e-5)
            claim(f"heat, {name} ranks", same_ledger(found.ledger, ends[1].ledger), 1e-6)
            claim(f"closure, {name} ranks", found.ledger.closure(), 1e-9)
            if found.ledger.network is not None and ends[1].ledger.network is not None:
                states = (each.ledger.network.states[-1] for each in (found, ends[1]))
                claim(f"states, {name} ranks [K]", float(np.abs(np.subtract(*states)).max()), 1e-5)


def recorded() -> None:
    """Means and extremes of parts."""
    histories = []
    for comm in (WORLD, alone()):
        solid, model = body(comm)
        recorder = Recorder(solid.layout, solid.volumes, np.linspace(0, 5700, 20), np.array([5700.0]))
        recorder.start(0.0, solid.start(295.0))
        run(model, solid.start(295.0), EVENTS, [recorder.observe], fixed_steps=6)
        histories.append(recorder.history())
    one, other = histories
    for name in ("mean", "low", "high", "hottest", "coldest", "fields"):
        claim(f"history {name} [K]", float(np.abs(getattr(one, name) - getattr(other, name)).max()), DIRECT * 50)


def two_slabs() -> None:
    """10 mm of 167 W/mK | 2000 W/m2K | 5 mm of 398 W/mK, meshes that do not match: q = 87344.93271657 W/m2 on any number of ranks."""
    ends = []
    for comm in (WORLD, alone()):
        hot = structured_box((6, 7, 5), (0.01, 0.02, 0.03), name="hot")
        cold = structured_box((4, 3, 4), (0.005, 0.02, 0.03), (0.01, 0.0, 0.0), name="cold")
        solid = Solid(join([hot, cold], matching=False), [167.0, 398.0], comm=comm)
        k = np.stack([167.0 * np.eye(3), 398.0 * np.eye(3)])
        found = interfaces([Contact(("hot", "cold"), 2000.0)], solid.assembly, k).found
        model = solid.model(held={"hot:-x": 350.0, "cold:+x": 300.0}, couplings=[face.triplets for face in found])
        T = steady_state(model, solid.start(320.0), 0.0, "direct")
        ends.append((solid, T))
        enters = comm.allreduce(float(model.product(model.A, T)[model.held[0].rows].sum()))
        claim(f"two slabs, other meshes, flux, {comm.size} ranks", abs(enters / (0.02 * 0.03) / 87344.93271657 - 1), 1e-8)
    difference, span = apart(*ends)
    claim("two slabs, other meshes [K]", difference, DIRECT * span)


def tiny() -> None:
    """A mesh of one brick: a rank may own hardly anything."""
    ends = []
    for comm in (WORLD, alone()):
        solid = Solid(structured_box((1, 1, 1), (0.1, 0.1, 0.1)), 20.0, 1e6, comm)
        model = solid.model(held={"box:-x": 300.0}, emitters={"box:+x": (0.9, 3.0)}, fluxes={"box:+y": 500.0})
        T, _ = audited(model, solid.start(290.0), (0.0, 1000.0), fixed_steps=5)
        ends.append((solid, T))
    difference, span = apart(*ends)
    claim("one brick [K]", difference, DIRECT * span)


def network_behind() -> None:
    """A network attached to two faces: steady, an orbit of fixed steps, periodic; the states of its rows are on the first rank."""
    found: dict[str, list[tuple[Solid, Any]]] = {"steady": [], "march": [], "periodic": []}
    rows: dict[str, list[Any]] = {name: [] for name in found}
    ledgers = []
    for comm in (WORLD, alone()):
        solid, model = wired(comm)
        ends = {"steady": steady_state(model, solid.start(300.0), 100.0, "direct")}
        ends["march"], ledger = audited(model, solid.start(295.0), EVENTS, fixed_steps=6)
        ledgers.append(ledger)
        ends["periodic"] = periodic_state(model, ends["steady"], lambda: EVENTS, Solver(fixed_steps=6, linear="direct")).end
        for name, T in ends.items():
            found[name].append((solid, T))
            rows[name].append(comm.bcast(T[solid.layout.owned :]))
    for name, both in found.items():
        difference, span = apart(both[0], both[1])
        behind = float(np.abs(rows[name][0] - rows[name][1]).max())
        claim(f"network behind, {name} [K]", max(difference, behind), DIRECT * span)
    claim("network behind, ledger", same_ledger(*ledgers), 1e-8)
    claim("network behind, closure", max(ledgers[0].closure(), ledgers[0].network.closure()), 1e-9)


MODELS = (
    layout_and_sums,
    marches,
    steady_and_periodic,
    properties_over_temperature,
    kept_moments,
    recorded,
    two_slabs,
    tiny,
    network_behind,
)
