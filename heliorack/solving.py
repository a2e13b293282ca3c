"""The march that a case asks for: periodic from one start or two, transient or steady, and then the exact switching."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack import march
from heliorack.body import Body
from heliorack.case import Case
from heliorack.devices import Answering
from heliorack.electric import Electric
from heliorack.march import Say, Solution
from heliorack.starts import Starts, from_both
from heliorack.switching import Switching, laws_of, march_switching, switches
from thermal.ledger import Ledger
from thermal.march import inside
from thermal.model import Model
from thermal.probes import History

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
    swing: Floats | None = None  #: of all nodes, what the periodic state of a like case has over its steady state [K]

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
        swing = None if q.swing is None or q.case.run.starts != "one" else q.body.layout.scatter(q.swing)
        return march.solve_periodic(
            q.model, q.groups, q.events, q.times, q.case.solver, q.say, q.update, guess, keep, book, q.devices, start, swing
        )

    if q.case.run.starts == "one":
        found, starts = search(300.0, None), None
    else:
        found, starts = from_both(search, q.body.assembly.part_names, q.case.solver.tolerance)
    return found, starts, _switching(q, found)


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
