"""From a case to a result: the whole chain, readable top to bottom."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.coupling.coupled import Participant
from heliorack.model.bodies import Bodies
from heliorack.model.body import Body
from heliorack.results.result import Result
from heliorack.run.adaptation import adapted_body
from heliorack.run.failures import explained, in_words
from heliorack.runtime.progress import Say, silent

if TYPE_CHECKING:
    from heliorack.results.verdicts.second_look import Solved
    from heliorack.run.prepare import Prepared
    from thermal.solve.midway import Midway
    from thermal.solve.probes import History

Floats = NDArray[np.float64]


def meshed_bodies() -> Bodies:
    """Bodies that refine the mesh of a case with `mesh.adapt` by solving it."""
    return Bodies(adapt=partial(adapted_body, simulate))


def nobody(case: Case, body: Body) -> tuple[Participant, ...]:
    """No further participant."""
    return ()


def simulate(
    case: Case,
    comm: Any = None,
    say: Say = silent,
    bodies: Bodies | None = None,
    start: "Floats | Midway | None" = None,
    checkpoint: "Callable[[Floats | Midway], None]" = lambda T: None,
    swing: Any = None,
    participants: Callable[[Case, Body], Sequence[Participant]] = nobody,
    like: "History | None" = None,
    put_off: bool = False,
    unmarched: bool = False,
    onlooker: "Callable[[Prepared, Result], None] | None" = None,
) -> Result:
    """Solve one case.

    Args:
        case: From `heliorack.load`.
        comm: MPI communicator; the whole world by default.
        say: Told about progress: words and the fraction done.
        bodies: Meshed bodies of earlier cases.
        start: Temperatures of all nodes [K]: the first guess of a periodic run, the start of a transient; or a moment of that transient.
        checkpoint: Given the temperatures of all nodes before each orbit of a periodic run, and a few moments of a long transient (on
            every rank).
        swing: `thermal.solve.solution.Swing` of a like case on the same mesh, its start by input node; without `start` only.
        participants: More that is solved together with the temperatures, such as a pump; they come before the bus that feeds them.
        like: An orbit of a like case on the same mesh, beside `start`: what bus and loads answer to before the first one is marched.
        put_off: Leave the error of the mesh to `Result.estimate`, for a solve that another with other sizes will follow.
        unmarched: A periodic state that a reduced model foresees within the tolerance will do, with no orbit marched but a rough one;
            `Result.solution.reduced` then says its error.
        onlooker: Told what was solved and what came out, as long as both are at hand.

    Raises:
        GeometryError, ValueError: the question was malformed, found before anything is solved.
        SolveError: the solve failed.
    """
    began = perf_counter()
    if case.network is not None and not case.parts:
        said = "a case of nodes and loops has no mesh; `heliorack run` solves it, in memory heliorack.run.network_run.simulate_network"
        raise ValueError(said)
    from heliorack.runtime.parallel import world

    comm = world() if comm is None else comm
    from heliorack.run.prepare import prepare

    with in_words():
        ready = prepare(case, comm, say, bodies or meshed_bodies(), participants, swing, like)
        with explained(ready):
            ready = replace(ready, question=replace(ready.question, unmarched=unmarched))
            found = _result(ready, start, checkpoint, began, put_off)
        _check_curves(found)
        if onlooker is not None:
            onlooker(ready, found)
    return found


def _check_curves(found: Result) -> None:
    """Refuse temperatures at which nothing is known of a material.

    Raises:
        SolveError: a part or face has been colder or hotter than curves over temperature know.
    """
    from heliorack.model.materials import over_temperature
    from heliorack.model.surfaces import emittance
    from thermal.errors import SolveError

    body, history = found.body, found.solution.history
    if found.solution.runaway is not None or found.impossible:  # which fails by itself
        return
    names, count = body.assembly.part_names, len(body.assembly.part_names)
    extremes = history.coldest[:count], history.hottest[:count]
    said = over_temperature.outside(names, body.assembly.part_material, found.case.materials, *extremes)
    said += emittance.outside(found.case, body, history)
    if said:
        advice = 'Give longer curves, or beyond = "hold" to go on with their end values.'
        raise SolveError("\n".join(["temperatures beyond the curves of materials and coatings:", *(f"  {line}" for line in said), advice]))


def _result(
    ready: "Prepared",
    start: "Floats | Midway | None",
    checkpoint: "Callable[[Floats | Midway], None]",
    began: float,
    put_off: bool,
) -> Result:
    """Solve, and look at the solution from every side.

    Raises:
        SolveError: the solve failed.
    """
    from heliorack.coupling.charge_course import charge_course
    from heliorack.coupling.solve import solve
    from heliorack.results.verdicts.mesh_error import mesh_error
    from heliorack.results.verdicts.second_look import second_look
    from heliorack.run.result_of import result_of

    case, body, side = ready.case, ready.body, ready.side
    solution, starts, switching = solve(ready.question, start, checkpoint)
    load = ready.coupling.loads
    ready.question.task.say("judging", 1.0)
    lasted = float(np.ptp(solution.history.times)) if case.run.kind == "transient" else 0.0
    develops = 1.0 / lasted if lasted else 0.0
    ready.radiating.judge(ready.model.at_mean(ready.question.task.times), solution.last, develops)
    found = result_of(ready, solution, began, switching)
    estimate = partial(mesh_error, case, body, ready.model, solution, load.times)
    return replace(
        found,
        starts=starts,
        impossible=second_look(_looked_at(ready, found, start)),
        mesh_error=None if put_off else estimate(),
        estimate=estimate if put_off else None,
        charge=None if side is None or found.power is None else charge_course(side, found.power, load, solution, ready.network, body),
    )


def _looked_at(ready: "Prepared", found: Result, start: "Floats | Midway | None") -> "Solved":
    """What the second look is taken at."""
    from heliorack.results.verdicts.second_look import Solved
    from thermal.solve.midway import Midway

    case, solution = ready.case, found.solution
    given = case.run.start if start is None else start.coldest_start if isinstance(start, Midway) else float(np.min(start))
    return Solved(
        ready.body,
        solution.ledger.model,
        solution.history,
        given if case.run.kind == "transient" else None,
        case.solver.tolerance,
        ready.exposure,
        ready.radiating,
        ready.env,
        ready.side,
        found.power,
    )
