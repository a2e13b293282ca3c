"""A case solved so that it can be differentiated: with the sizes that it is flown with, and its orbit kept step by step."""

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.case.margins import Verdict
from heliorack.coupling.solve import solve
from heliorack.model.bodies import Bodies
from heliorack.results.verdicts import limits as verdicts
from heliorack.run.prepare import Prepared, prepare
from heliorack.run.simulate import nobody
from heliorack.runtime.progress import Say
from thermal.errors import SensitivityError
from thermal.sensitivity.trajectory import Trajectory, refuse_scheme, retrace
from thermal.sensitivity.transposed import refuse
from thermal.solve.model import Model
from thermal.solve.solution import Solution

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """One load case with its state; `orbit` of a periodic run, `model` of a steady one has everything at its mean."""

    case: Case
    ready: Prepared
    solution: Solution
    verdicts: tuple[Verdict, ...]
    model: Model
    orbit: Trajectory | None  #: None of a steady run
    state: Floats  #: temperatures of the owned rows of a steady run [K]
    seconds: float  #: wall time of the solve
    orbits: int  #: that the solve marched, the one that is kept included

    def close(self) -> None:
        """Free the factors of the orbit."""
        if self.orbit is not None:
            self.orbit.close()


def solved(case: Case, comm: Any, say: Say, bodies: Bodies) -> Solved:
    """Solve a load case and keep what gradients need.

    Raises:
        SensitivityError: what is not differentiated, by name.
        GeometryError, ValueError: the question was malformed.
        SolveError: the solve failed.
    """
    refuse_kind(case)
    began = perf_counter()
    case = replace(case, solver=replace(case.solver, reduced=False, switching=False))
    ready = prepare(case, comm, say, bodies, nobody)
    _refuse_bus(ready)
    refuse(ready.model)
    found, _, _ = solve(ready.question, None, lambda T: None)
    return kept(ready, found, say, began)


def kept(ready: Prepared, found: Solution, say: Say, began: float) -> Solved:
    """What gradients need of a solve that has been made, by finite elements and the averaged laws of thermostats and throttles.

    Args:
        ready: Of which `refuse_kind` has nothing to say.
        found: Its solution.
        say: Told about progress.
        began: When the solve began, by `perf_counter`.

    Raises:
        SensitivityError: what is not differentiated, by name.
        SolveError: the orbit cannot be marched again.
    """
    case = ready.case
    _refuse_bus(ready)
    refuse(ready.model)
    if found.runaway is not None:
        raise SensitivityError(f"{found.runaway}; a state that runs away has no gradient")
    if case.run.kind == "steady":
        model, orbit, orbits = found.ledger.model, None, 0
    else:
        assert found.periodic is not None
        say("the orbit once more, step by step", 0.0)
        orbit = retrace(ready.model, found.periodic, ready.coupling.events(), case.solver)
        model, orbits = orbit.model, found.periodic.orbits + 1
    judged = verdicts.verdicts(case, ready.body, ready.coupling.loads, found.history, ready.faces, ready.devices)
    return Solved(case, ready, found, judged, model, orbit, found.last, perf_counter() - began, orbits)


def _refuse_bus(ready: Prepared) -> None:
    """Refuse a steady state that is solved together with what heats it by its own temperatures.

    Raises:
        SensitivityError: names it.
    """
    answers = ready.side is not None or bool(ready.devices)
    if ready.case.run.kind == "steady" and answers and ready.coupling.sources():
        raise SensitivityError(
            'run.kind = "steady" with a bus or converters that heat parts: what they answer to temperatures is differentiated over an '
            "orbit alone; --set run.kind=periodic"
        )


def refuse_kind(case: Case) -> None:
    """Refuse what has no periodic or steady state of its own.

    Raises:
        SensitivityError: names it.
    """
    if case.network is not None:
        raise SensitivityError("[network]: nodes and loops are not differentiated; leave them out, or vary them with `heliorack sweep`")
    if case.run.kind == "transient":
        raise SensitivityError('run.kind = "transient": gradients are those of periodic and steady runs; --set run.kind=periodic')
    if case.run.starts != "one":
        raise SensitivityError("run.starts: gradients are those of one state; --set run.starts=one")
    if case.run.kind == "periodic":
        refuse_scheme(case.solver)
