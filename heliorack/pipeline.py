"""From a case to a result: the whole chain, readable top to bottom."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case import Case
from heliorack.problems import NOTHING, CaseError, Problem
from heliorack.result import Result
from orbit.environment import Environment

Floats = NDArray[np.float64]
Say = Callable[[str, float], None]


def silent(words: str, fraction: float) -> None:
    """Progress that nobody hears."""


def _nothing_fallen() -> Any:
    from heliorack.incidence import Fallen

    return Fallen()


MOST_BODIES = 4  #: kept in memory


@dataclass(slots=True)
class Bodies:
    """Meshed bodies by geometry: load cases that change only loads, optics or orbit share one."""

    _known: dict[str, Any] = field(default_factory=dict)
    fallen: Any = field(default_factory=_nothing_fallen)  #: `incidence.Fallen` of cases that share orbit and geometry
    fixed: Any = None  #: a body that serves every case whatever it asks for

    def of(self, case: Case, comm: Any, say: Say) -> Any:
        """The body of a case, meshed only if no earlier case had the same geometry, materials and contacts.

        Heat and coatings are the case's own. A mesh that is adapted belongs to one case with its loads and is not shared.
        """
        from heliorack.adapting import adapted_body
        from heliorack.body import build_body
        from meshes.parts import all_solids

        if self.fixed is not None:
            return self.fixed
        solids = {solid.name: solid for solid in all_solids(case.parts)}
        shapes = [repr(replace(solid, heat=0.0, coatings={})) for solid in solids.values()]
        materials = [repr(case.materials[name]) for name in (*(s.material for s in solids.values()), *(s.material for s in case.skins))]
        key = repr((shapes, materials, case.contacts, case.skins, case.straps, case.mesh))
        if case.mesh.adapt:
            key = repr((case.load_case, case.life, case.document))
        if key not in self._known:
            meshed = adapted_body(case, comm, say) if case.mesh.adapt else build_body(case, comm, lambda words: say(words, 0.0))
            while len(self._known) >= MOST_BODIES:
                del self._known[next(iter(self._known))]  # the oldest
            self._known[key] = meshed
        body = self._known[key]
        return replace(body, solids=tuple(solids[name] for name in body.assembly.part_names))


def surroundings(case: Case) -> Environment | None:
    """Orbit or chamber of a case over one period; None on a bench without either.

    Raises:
        CaseError: an orbit that environment or attitude cannot serve.
    """
    from orbit.chamber import Chamber
    from orbit.environment import environment

    if case.orbit is None and not isinstance(case.environment, Chamber):
        return None
    try:
        return environment(case.orbit, case.environment, case.attitude)
    except ValueError as error:
        raise CaseError(case.source, [Problem("orbit", NOTHING, str(error))]) from error


def simulate(
    case: Case,
    comm: Any = None,
    say: Say = silent,
    bodies: Bodies | None = None,
    start: Floats | None = None,
    checkpoint: Callable[[Floats], None] = lambda T: None,
    swing: Any = None,
) -> Result:
    """Solve one case.

    Args:
        case: From `heliorack.load`.
        comm: MPI communicator; the whole world by default.
        say: Told about progress: words and the fraction done.
        bodies: Meshed bodies of earlier cases.
        start: Temperatures of all nodes [K]: the first guess of a periodic run, the start of a transient.
        checkpoint: Given the temperatures of all nodes before each orbit of a periodic run (on every rank).
        swing: `march.Swing` of a like case on the same mesh, its start by input node; without `start` only.

    Raises:
        GeometryError, ValueError: the question was malformed, found before anything is solved.
        SolveError: the solve failed.
    """
    began = perf_counter()
    from heliorack.parallel import world

    comm = world() if comm is None else comm
    from scipy.sparse import hstack

    from heliorack import devices, dress, exposure, findings, loads, radiation, sinks, thermocouples
    from heliorack.cells import cell_faces
    from heliorack.electric import electric_side
    from heliorack.solving import Question, solve

    env = surroundings(case)
    bodies = bodies or Bodies()
    body = bodies.of(case, comm, say)
    glow = radiation.radiating(case, body, env, say, bodies.fallen)
    years = None if env is None else case.years_in_orbit
    seen = exposure.expose(body, case.coatings, case.boundaries, env, case.life, case.tracking, glow.facets, years)
    load = loads.electrical_loads(case, body, env)
    electric = electric_side(case, body, seen, glow, env, load)
    answering = devices.answering(case, body, env, load)
    model = dress.dress(case, body, seen, glow, load, env, electric.sources() if electric else (), answering.feedbacks(body))
    sinks.check_sinks(body, model, glow)

    faces = [*cell_faces(case, body), *findings.limit_faces(case, body)]
    columns = [body.assembly.face_names.index(name) for name in faces]
    groups = hstack([body.volumes, body.faces[:, columns], thermocouples.point_weights(case, body)]).tocsr()
    if case.measured is not None:
        thermocouples.measured(case)  # what cannot be compared is refused before anything is solved
    fixed = loads.events_of(load, env)

    def events() -> list[float]:
        return loads.merged(fixed, electric.jumps() if electric else [])

    question = Question(case, body, model, groups, load.times, events, answering, electric, say, swing)
    solution, starts, switching = solve(question, start, checkpoint)
    say("judging", 1.0)
    glow.judge(model, solution.last)
    return Result(
        case=case,
        env=env,
        body=body,
        exposure=seen,
        radiation=glow,
        loads=load,
        solution=solution,
        power=electric.result if electric else None,
        satellite=electric.satellite() if electric and solution.periodic is not None else None,
        verdicts=findings.verdicts(case, body, load, solution.history, faces, answering),
        deviations=thermocouples.deviations(case, solution.history, groups.shape[1] - len(case.thermocouples)),
        pipes=findings.pipe_loads(body, solution.history),
        assumptions=findings.assumptions(case, body, env, electric, (*seen.said, *glow.said), switching),
        heat=solution.ledger.heat(),
        stored=solution.ledger.stored(),
        throughput=solution.ledger.throughput(),
        closure=solution.ledger.closure(),
        time_error=solution.ledger.time_error(),
        wall_time=perf_counter() - began,
        delivered={} if solution.runaway else devices.deliveries(case, body, answering, load.times, solution.history, env),
        starts=starts,
        switching=switching,
    )
