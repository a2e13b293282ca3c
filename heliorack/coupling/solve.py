"""The march that a case asks for: periodic from one start or two, transient or steady, and then the exact switching."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.coupling.consumers import Computing, Pumping
from heliorack.coupling.coupled import Coupling
from heliorack.coupling.electrical import PowerSide
from heliorack.model.body import Body
from heliorack.model.loads import run_events_of
from power.storage.charge_window import ORBITS
from power.timeline import resample
from thermal.errors import SolveError
from thermal.reduction.periodic import attempt, foresight
from thermal.reduction.snapshots import Snapshots
from thermal.solve.hot_and_cold_starts import Starts, from_both
from thermal.solve.march import inside
from thermal.solve.midway import Midway
from thermal.solve.periodic_march import Orbit, PeriodicMarch
from thermal.solve.probes import History
from thermal.solve.solution import Solution, Swing, Task, solve_steady, solve_transient
from thermal.solve.switching import Law, Switching, march_switching, switches
from thermal.solve.ways import Feedback

Floats = NDArray[np.float64]

ROUNDS = 12  #: of a steady state and what is solved together with it, at most


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One model with what is solved together with it, and what is asked of them."""

    case: Case
    body: Body
    task: Task
    coupling: Coupling
    computing: Computing
    side: PowerSide | None
    thermostats: dict[Feedback, Law]  #: exact switching of heaters
    throttles: dict[Feedback, Law]  #: exact switching of devices
    swing: Swing | None = None  #: of a like case on the same mesh, its start by input node
    like: History | None = None  #: an orbit of a like case on the same mesh, where the solve starts from its temperatures
    pumping: Pumping | None = None  #: of an attached network
    moments: Sequence[float] = ()  #: of the run, at which something of an attached network jumps [s]
    learned: Snapshots | None = None  #: of the same mesh, for a reduced model; None where none is wanted
    unmarched: bool = False  #: whether a periodic state that is foreseen within the tolerance will do


def solve(
    q: Question, start: Floats | Midway | None, checkpoint: Callable[[Floats | Midway], None]
) -> tuple[Solution, Starts | None, Switching | None]:
    """Solve; the state of the coupling is then as it belongs to the solution.

    Args:
        start: Temperatures of all nodes [K]: the first guess of a periodic run, the start of a transient, or a moment of it that was kept.
        checkpoint: Given the temperatures of all nodes before each orbit of a periodic run, and a few moments of a long transient.
    """
    case, body = q.case, q.body
    given = None if start is None or isinstance(start, Midway) else body.layout.scatter(start)
    if case.run.kind == "periodic":
        return _periodic(q, given, lambda T: checkpoint(body.layout.gather(T)))
    q.coupling.update(None)
    if case.run.kind == "transient":
        events = q.coupling.events()
        duration = case.run.duration or (case.run.orbits or 0.0) * events[-1]
        T = start if isinstance(start, Midway) else np.full(body.layout.owned, case.run.start) if given is None else given
        of_bus = () if q.side is None else q.side.moments(q.coupling.memory(q.side))
        found = solve_transient(q.task, T, events, duration, [*run_events_of(q.coupling.loads), *q.moments, *of_bus], checkpoint)
        _read_last_orbit(q, found, events[-1])
        return found, None, None
    return _steady(q), None, None


def _steady(q: Question) -> Solution:
    """The steady state with what is drawn at it, and with what the bus then makes of it.

    Raises:
        SolveError: temperatures and bus do not settle.
    """
    for _ in range(ROUNDS):
        found = solve_steady(q.task)
        if found.runaway is not None:
            q.coupling.read(q.computing, Orbit(found.history))
            return found
        if q.coupling.update(Orbit(found.history)):
            return found
    raise SolveError(f"the steady state and its bus do not settle in {ROUNDS} rounds; a periodic or transient run shows what they do")


def _read_last_orbit(q: Question, found: Solution, period: float) -> None:
    """Bring the bus of a transient to what compute, heaters and the network draw in its last whole orbit, or as a shorter run went.

    What compute that does not answer to temperature draws stays that of the first revolution, as its profiles have it.
    """
    if found.runaway is not None:
        return
    begin = max(float(np.floor(found.history.times[-1] / period + 1e-9)) - 1.0, 0.0) * period
    _read_answers(q, found, begin)
    if q.side is None or (q.pumping is None and not q.case.heaters and not q.computing.answering):
        return
    orbit = Orbit(found.history.since(begin), begin=begin)
    for one in q.coupling.participants:
        if one is not q.computing:
            q.coupling.read(one, orbit)


def _read_answers(q: Question, found: Solution, begin: float) -> None:
    """Bring what devices that answer to temperature draw to a transient: over all of it, and over the revolution from `begin` on [s]."""
    if not q.computing.answering:
        return
    loads = q.coupling.loads
    compute = q.computing.drawn(loads.marched, found.history, found.ledger.heat()["compute"])[1]
    if loads.whole is None:
        q.coupling.feed(replace(loads, compute=compute))
        return
    columns, last = [one.column for one in q.computing.answering], loads.compute.copy()
    last[:, columns] = resample(loads.whole.times, compute[:, columns], begin + loads.times)
    q.coupling.feed(replace(loads, compute=last, whole=replace(loads.whole, compute=compute)))


def _periodic(q: Question, given: Floats | None, keep: Callable[[Floats], None]) -> tuple[Solution, Starts | None, Switching | None]:
    def search(start: float, known: Solution | None) -> Solution:
        guess = given if q.case.run.starts == "one" else None
        if known is not None and known.periodic is not None:
            guess = known.periodic.start
        swing = None if q.swing is None or q.case.run.starts != "one" else replace(q.swing, start=q.body.layout.scatter(q.swing.start))
        if q.side is not None and (power := q.coupling.memory(q.side)) is not None:
            q.coupling.remember(q.side, replace(power, charging=q.side.free_charging()))
        free = _free(q, keep, guess, start, swing, q.like if guess is given else None)
        return free if q.side is None else _within_window(q, q.side, free, keep)

    if q.case.run.starts == "one":
        found, starts = search(300.0, None), None
    else:
        found, starts = from_both(search, q.body.assembly.part_names, q.case.solver.tolerance)
    return found, starts, _switching(q, found)


def _free(
    q: Question, keep: Callable[[Floats], None], guess: Floats | None, start: float, swing: Swing | None, like: History | None
) -> Solution:
    """The periodic state from one start: by a reduced model where one is wanted and good enough, of all nodes elsewhere."""
    if q.learned is None or q.case.run.starts != "one":
        foresee = foresight(q.task, q.unmarched) if q.case.run.starts == "one" else None
        found = PeriodicMarch(q.task, q.coupling, keep, foresee, q.unmarched).solve(guess, start, swing, like)
        return found if q.learned is None else replace(found, unreduced="it does not know hot and cold starts")
    why = "nothing was known of temperatures on this mesh"
    if q.learned:
        tried = attempt(q.task, q.coupling, q.learned, guess)
        if tried.solution is not None:
            return tried.solution
        why = tried.why
        guess, like = (guess, like) if tried.guess is None else (tried.guess, tried.like)
    found = PeriodicMarch(q.task, q.coupling, keep).solve(guess, start, swing, like)
    if found.periodic is not None and found.periodic.converged:
        q.learned.learn(np.array([q.body.layout.scatter(T) for T in found.history.fields]))
    return replace(found, unreduced=why)


def _within_window(q: Question, side: PowerSide, free: Solution, keep: Callable[[Floats], None]) -> Solution:
    """The periodic state that keeps to the battery's charging window, from the one in which it took charge at any temperature.

    Where there is none, or none is found within a few orbits, it is the latter that stands, and the electrical side has no sizes.
    """
    coupling, known = q.coupling, free.periodic
    if known is None or not known.converged:
        return free
    state, power = coupling.state, coupling.memory(side)
    judged = side.judge(power, free.history, coupling.loads)
    if judged is not None:
        coupling.remember(side, judged)
        return free
    coupling.remember(side, replace(power, charging=power.charging.enforce()))
    settings = replace(q.case.solver, max_orbits=min(ORBITS, q.case.solver.max_orbits))
    found = PeriodicMarch(replace(q.task, settings=settings), coupling, keep).solve(known.start)
    if found.periodic is None:
        return found
    orbits = known.orbits + found.periodic.orbits
    if found.periodic.converged:
        why = free.unreduced if free.reduced is None or q.learned is None else "the battery left its charging window"
        return replace(found, periodic=replace(found.periodic, orbits=orbits), swing=free.swing, unreduced=why)
    restricted = coupling.memory(side)
    coupling.state = state
    coupling.remember(side, side.unsized(power, restricted))
    return replace(free, periodic=replace(known, orbits=orbits))


def _switching(q: Question, found: Solution) -> Switching | None:
    """Orbits with exact switching, where asked for or where a throttle switches; None otherwise."""
    wanted, laws = q.case.solver.switching, q.thermostats | q.throttles
    if not laws or wanted is False or found.periodic is None or found.runaway is not None:
        return None
    events, h = q.coupling.events(), found.history
    states = [(inside(float(t), 0.0, events[-1]), q.body.layout.scatter(T)) for t, T in zip(h.frames, h.fields, strict=True)]
    if wanted is None and not switches(q.task.model, q.throttles, states):
        return None
    return march_switching(q.task.model, laws, found.periodic.start, events, q.case.solver, q.task.say)
