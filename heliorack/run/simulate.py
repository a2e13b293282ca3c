"""From a case to a result: the whole chain, readable top to bottom."""

from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.coupling.coupled import Participant
from heliorack.model.bodies import Bodies
from heliorack.model.body import Body
from heliorack.model.surroundings import surroundings
from heliorack.results.result import Result
from heliorack.run.adaptation import adapted_body
from heliorack.runtime.progress import Say, silent

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
    start: Floats | None = None,
    checkpoint: Callable[[Floats], None] = lambda T: None,
    swing: Any = None,
    participants: Callable[[Case, Body], Sequence[Participant]] = nobody,
) -> Result:
    """Solve one case.

    Args:
        case: From `heliorack.load`.
        comm: MPI communicator; the whole world by default.
        say: Told about progress: words and the fraction done.
        bodies: Meshed bodies of earlier cases.
        start: Temperatures of all nodes [K]: the first guess of a periodic run, the start of a transient.
        checkpoint: Given the temperatures of all nodes before each orbit of a periodic run (on every rank).
        swing: `thermal.solve.solution.Swing` of a like case on the same mesh, its start by input node; without `start` only.
        participants: More that is solved together with the temperatures, such as a pump; they come before the bus that feeds them.

    Raises:
        GeometryError, ValueError: the question was malformed, found before anything is solved.
        SolveError: the solve failed.
    """
    began = perf_counter()
    from heliorack.runtime.parallel import world

    comm = world() if comm is None else comm
    from scipy.sparse import hstack

    from heliorack.coupling.clocks import thermostats, throttles
    from heliorack.coupling.consumers import Computing, Heating
    from heliorack.coupling.coupled import Coupling, State
    from heliorack.coupling.electrical import power_side
    from heliorack.coupling.solve import Question, solve
    from heliorack.model import compute_devices as devices
    from heliorack.model import failed_solve, loads, radiation, thermocouples
    from heliorack.model import heat_sinks as sinks
    from heliorack.model import open_faces as exposure
    from heliorack.model import thermal_model as dress
    from heliorack.model.solar_cells import cell_faces
    from heliorack.results import verdicts as findings
    from heliorack.results.second_look import Solved, second_look
    from thermal.errors import SolveError
    from thermal.solve.solution import Task

    env = surroundings(case)
    bodies = bodies or meshed_bodies()
    body = bodies.of(case, comm, say)
    glow = radiation.radiating(case, body, env, say, bodies.incidence)
    years = None if env is None else case.years_in_orbit
    seen = exposure.expose(body, case.coatings, case.boundaries, env, case.life, case.tracking, glow.facets, years)
    load = loads.electrical_loads(case, body, env)
    answering = devices.answering(case, body, env, load)
    side = power_side(case, body, seen, glow, env, load.times)
    others = tuple(participants(case, body))
    followed = side is not None or bool(others) or any(entry.supply_part is not None for entry in case.compute)
    computing = Computing(case.compute, answering, body, followed)
    fed: tuple[Participant, ...] = (computing, *others) if side is None else (computing, Heating(case.heaters, body), *others, side)
    coupling = Coupling(fed, loads.events_of(load, env), State(load))
    heaters = [(heater, loads.heater_feedback(heater, body)) for heater in case.heaters]
    chips = [(one, one.feedback(body)) for one in answering]
    feedbacks = [feedback for _, feedback in (*heaters, *chips)]
    model = dress.dress(case, body, seen, glow, load, env, coupling.sources(), feedbacks)
    sinks.check_sinks(body, model, glow)

    faces = [*cell_faces(case, body), *findings.limit_faces(case, body)]
    columns = [body.assembly.face_names.index(name) for name in faces]
    groups = hstack([body.volumes, body.faces[:, columns], thermocouples.point_weights(case, body)]).tocsr()
    if case.measured is not None:
        thermocouples.measured(case)  # what cannot be compared is refused before anything is solved
    task = Task(model, groups, load.times, case.solver, say)
    question = Question(case, body, task, coupling, computing, side, thermostats(heaters), throttles(chips), swing)
    try:
        solution, starts, switching = solve(question, start, checkpoint)
    except SolveError as error:
        found = failed_solve.causes(body, model.at_mean(load.times), glow)
        if not found:
            raise
        raise SolveError("\n".join([str(error), "Physical cause:", *(f"  {sentence}" for sentence in found)])) from error
    load, power = coupling.loads, None if side is None else coupling.memory(side)
    balanced = None if power is None else power.balanced
    say("judging", 1.0)
    glow.judge(model, solution.last)
    marched = solution.ledger.model
    given = case.run.start if start is None else float(np.min(start))
    begun = given if case.run.kind == "transient" else None
    looked_at = Solved(body, marched, solution.history, begun, case.solver.tolerance, seen, glow, env, side, balanced)
    return Result(
        case=case,
        env=env,
        body=body,
        exposure=seen,
        radiation=glow,
        loads=load,
        solution=solution,
        power=balanced,
        satellite=None if side is None or power is None or solution.periodic is None else side.satellite(power, load),
        verdicts=findings.verdicts(case, body, load, solution.history, faces, answering),
        deviations=thermocouples.deviations(case, solution.history, groups.shape[1] - len(case.thermocouples)),
        pipes=findings.pipe_loads(body, solution.history),
        assumptions=findings.assumptions(case, body, load, env, side, balanced, (*seen.said, *glow.said), switching),
        heat=solution.ledger.heat(),
        stored=solution.ledger.stored(),
        throughput=solution.ledger.throughput(),
        closure=solution.ledger.closure(),
        time_error=solution.ledger.time_error(),
        wall_time=perf_counter() - began,
        delivered={} if solution.runaway else devices.deliveries(case, body, answering, load.times, solution.history, env),
        starts=starts,
        switching=switching,
        impossible=second_look(looked_at),
    )
