"""The march that a case asks for: periodic from one start or two, transient or steady, and then the exact switching."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.coupling import march
from heliorack.coupling.clocks import laws_of
from heliorack.coupling.electrical import Electric
from heliorack.coupling.hot_and_cold_starts import Starts, from_both
from heliorack.coupling.march import Say, Solution
from heliorack.model.body import Body
from heliorack.model.compute_devices import Answering
from power.storage.charge_window import ORBITS
from thermal.solve.ledger import Ledger
from thermal.solve.march import inside
from thermal.solve.model import Model
from thermal.solve.probes import History
from thermal.solve.switching import Switching, march_switching, switches

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One dressed model and what is asked of it."""

    case: Case
    body: Body
    model: Model
    groups: Any  #: (owned, g) weights of what is recorded
    times: Floats  #: of the loads [s]
    events: Callable[[], list[float]]
    devices: Answering
    electric: Electric | None
    say: Say
    swing: march.Swing | None = None  #: of a like case on the same mesh, its start by input node

    def update(self, history: History | None) -> bool:
        """Bring loads and the electrical side to the temperatures of the last orbit; True when both settled."""
        loads = self.devices.update(history)
        if self.electric is None:
            return True  # the power of devices is in the temperatures already
        return self.electric.update(history) and loads


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
        return march.solve_transient(q.model, q.groups, T, events, duration, case.solver, q.say, q.devices), None, None
    found = march.solve_steady(q.model, q.groups, q.times, case.solver, q.say, q.devices)
    q.devices.update(found.history)
    return found, None, None


def _periodic(q: Question, given: Floats | None, keep: Callable[[Floats], None]) -> tuple[Solution, Starts | None, Switching | None]:
    book: Callable[[Ledger], None] = q.electric.watch if q.electric else lambda ledger: None

    def search(start: float, known: Solution | None) -> Solution:
        guess = given if q.case.run.starts == "one" else None
        if known is not None and known.periodic is not None:
            guess = known.periodic.start
        swing = None if q.swing is None or q.case.run.starts != "one" else replace(q.swing, start=q.body.layout.scatter(q.swing.start))
        if q.electric is not None:
            q.electric.charging.begin()
        first = march.solve_periodic(
            q.model, q.groups, q.events, q.times, q.case.solver, q.say, q.update, guess, keep, book, q.devices, start, swing
        )
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
    found = march.solve_periodic(
        q.model, q.groups, q.events, q.times, settings, q.say, q.update, known.start, keep, electric.watch, q.devices, start
    )
    if found.periodic is None:
        return found
    orbits = known.orbits + found.periodic.orbits
    if found.periodic.converged:
        return replace(found, periodic=replace(found.periodic, orbits=orbits), swing=free.swing)
    q.devices.update(free.history)
    electric.give_up(free.history, free.ledger, felt)
    return replace(free, periodic=replace(known, orbits=orbits))


def _switching(q: Question, found: Solution) -> Switching | None:
    """Orbits with exact switching, where asked for or where a throttle switches; None otherwise."""
    wanted, laws = q.case.solver.switching, laws_of(q.case.heaters, q.devices.entries)
    if not laws or wanted is False or found.periodic is None or found.runaway is not None:
        return None
    events, h = q.events(), found.history
    states = [(inside(float(t), 0.0, events[-1]), q.body.layout.scatter(T)) for t, T in zip(h.frames, h.fields, strict=True)]
    throttles = {i: law for i, law in laws.items() if i >= len(q.case.heaters)}
    if wanted is None and not switches(q.model, throttles, states):
        return None
    return march_switching(q.model, laws, found.periodic.start, events, q.case.solver, q.say)
