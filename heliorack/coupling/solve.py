"""The march that a case asks for: periodic from one start or two, transient or steady, and then the exact switching."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.coupling.electrical import Electric
from heliorack.model.body import Body
from heliorack.model.compute_devices import Answering
from power.storage.charge_window import ORBITS
from thermal.solve.hot_and_cold_starts import Starts, from_both
from thermal.solve.march import inside
from thermal.solve.periodic_march import Orbit, PeriodicMarch
from thermal.solve.solution import Solution, Swing, Task, solve_steady, solve_transient
from thermal.solve.switching import Law, Switching, march_switching, switches
from thermal.solve.ways import Feedback

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One dressed model and what is asked of it."""

    case: Case
    body: Body
    task: Task
    stops: Callable[[], list[float]]
    devices: Answering
    electric: Electric | None
    thermostats: dict[Feedback, Law]  #: exact switching of heaters
    throttles: dict[Feedback, Law]  #: exact switching of devices
    swing: Swing | None = None  #: of a like case on the same mesh, its start by input node

    def events(self) -> list[float]:
        """Times at which loads of the next orbit jump [s]."""
        return self.stops()

    def update(self, orbit: Orbit | None) -> bool:
        """Bring loads and the electrical side to the temperatures of the last orbit; True when both settled."""
        loads = self.devices.update(None if orbit is None else orbit.history)
        if self.electric is None:
            return True  # the power of devices is in the temperatures already
        return self.electric.update(orbit) and loads


def solve(q: Question, start: Floats | None, checkpoint: Callable[[Floats], None]) -> tuple[Solution, Starts | None, Switching | None]:
    """Solve; the loads are then as they belong to the solution.

    Args:
        start: Temperatures of all nodes [K]: the first guess of a periodic run, the start of a transient.
        checkpoint: Given the temperatures of all nodes before each orbit of a periodic run.
    """
    case, body = q.case, q.body
    given = None if start is None else body.layout.scatter(start)
    if case.run.kind == "periodic":
        return _periodic(q, given, lambda T: checkpoint(body.layout.gather(T)))
    if q.electric:
        q.electric.update(None)
    if case.run.kind == "transient":
        events = q.events()
        duration = case.run.duration or (case.run.orbits or 0.0) * events[-1]
        T = np.full(body.layout.owned, case.run.start) if given is None else given
        return solve_transient(q.task, T, events, duration), None, None
    found = solve_steady(q.task)
    q.devices.update(found.history)
    return found, None, None


def _periodic(q: Question, given: Floats | None, keep: Callable[[Floats], None]) -> tuple[Solution, Starts | None, Switching | None]:
    def search(start: float, known: Solution | None) -> Solution:
        guess = given if q.case.run.starts == "one" else None
        if known is not None and known.periodic is not None:
            guess = known.periodic.start
        swing = None if q.swing is None or q.case.run.starts != "one" else replace(q.swing, start=q.body.layout.scatter(q.swing.start))
        if q.electric is not None:
            q.electric.charging.begin()
        first = PeriodicMarch(q.task, q, keep).solve(guess, start, swing)
        return _within_window(q, first, keep, start)

    if q.case.run.starts == "one":
        found, starts = search(300.0, None), None
    else:
        found, starts = from_both(search, q.body.assembly.part_names, q.case.solver.tolerance)
    return found, starts, _switching(q, found)


def _within_window(q: Question, free: Solution, keep: Callable[[Floats], None], start: float) -> Solution:
    """The periodic state that keeps to the battery's charging window, from the one in which it took charge at any temperature.

    Where there is none, or none is found within a few orbits, it is the latter that stands, and the electrical side has no sizes.
    """
    electric, known = q.electric, free.periodic
    if electric is None or known is None or not known.converged or electric.judge(free.history):
        return free
    felt = electric.marched
    electric.charging.keep()
    settings = replace(q.case.solver, max_orbits=min(ORBITS, q.case.solver.max_orbits))
    found = PeriodicMarch(replace(q.task, settings=settings), q, keep).solve(known.start, start)
    if found.periodic is None:
        return found
    orbits = known.orbits + found.periodic.orbits
    if found.periodic.converged:
        return replace(found, periodic=replace(found.periodic, orbits=orbits), swing=free.swing)
    q.devices.update(free.history)
    electric.give_up(Orbit(free.history, free.ledger.close()), felt)
    return replace(free, periodic=replace(known, orbits=orbits))


def _switching(q: Question, found: Solution) -> Switching | None:
    """Orbits with exact switching, where asked for or where a throttle switches; None otherwise."""
    wanted, laws = q.case.solver.switching, q.thermostats | q.throttles
    if not laws or wanted is False or found.periodic is None or found.runaway is not None:
        return None
    events, h = q.events(), found.history
    states = [(inside(float(t), 0.0, events[-1]), q.body.layout.scatter(T)) for t, T in zip(h.frames, h.fields, strict=True)]
    if wanted is None and not switches(q.task.model, q.throttles, states):
        return None
    return march_switching(q.task.model, laws, found.periodic.start, events, q.case.solver, q.task.say)
