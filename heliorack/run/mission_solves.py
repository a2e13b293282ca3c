"""One full solve of a mission: what is interpolated between moments, and what can only be told of the moment itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.case.margins import Verdict
from heliorack.coupling.solve import solve
from heliorack.model.bodies import Bodies
from heliorack.results.verdicts import limits as verdicts
from heliorack.results.verdicts import material_limits
from heliorack.run.failures import explained, in_words
from heliorack.run.mission_moment import Mission
from heliorack.runtime.parallel import on_first
from heliorack.runtime.progress import Say
from power.system.mission_orbits import Profile, profile
from power.system.result import PowerResult
from thermal.errors import SolveError
from thermal.solve.probes import History

if TYPE_CHECKING:
    from heliorack.run.prepare import Prepared
    from thermal.solve.solution import Solution

Floats = NDArray[np.float64]


class UndefinedError(RuntimeError):
    """A moment at which sky or attitude is not defined: the body could turn freely there, or the orbit has no such date."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """What one full solve found."""

    years: float
    place: Floats  #: (d,) beta angle, age, sunlight: what of it varies over the mission
    verdicts: tuple[Verdict, ...]
    extremes: Floats  #: (2 x parts,) coldest, hottest [K]
    battery: float  #: orbit mean [K]; nan where no part has it
    power: PowerResult | None
    profile: Profile | None
    lengthened: float  #: eclipse over that of a cylinder [s]
    end: Floats  #: temperatures of all nodes at the end of the orbit [K]
    history: History | None  #: of the orbit; None of nodes and loops alone
    failures: tuple[str, ...] = ()  #: what does not hold beside limits and bus: heat pipes, melting, loops

    @property
    def vector(self) -> Floats:
        """All that is interpolated (v,)."""
        margins = [v.margin for v in self.verdicts]
        rest = [] if self.profile is None else [*self.profile.light, *self.profile.load, self.lengthened]
        return np.array([*margins, *self.extremes, 0.0 if np.isnan(self.battery) else self.battery, *rest])


def full_solve(
    mission: Mission, years: float, place: Floats, comm: Any, bodies: Bodies, say: Say, start: Floats | None, like: History | None
) -> Sample:
    """Solve a mission at one moment.

    Args:
        start: Temperatures of all nodes to start from [K].
        like: An orbit of another moment.

    Raises:
        UndefinedError: sky or attitude is not defined.
        SolveError: it failed, there is no periodic state, or no array carries the load.
    """
    from heliorack.run.prepare import prepare

    case = mission.at(years)
    with in_words():
        try:
            ready = prepare(case, comm, say, bodies, _nobody, like=like)
        except ValueError as error:
            raise UndefinedError(" ".join(str(error).split())) from error
        with explained(ready):
            solution, _, _ = solve(ready.question, start, _forget)
    if solution.runaway is not None:
        raise SolveError(solution.runaway)
    found = solution.periodic
    _refuse_unsettled(case, None if found is None else (found.converged, found.orbits, found.estimated_error))
    history, side = solution.history, ready.side
    state = None if side is None else ready.coupling.memory(side)
    power = None if state is None else state.balanced
    if power is not None and not power.carries:
        raise SolveError("; ".join(power.failures) or "no array carries the load")
    edges = np.empty(0) if ready.env is None else ready.env.edges
    usable = power is not None and power.array_area and case.power is not None
    orbit = profile(case.power, power, edges) if usable and case.power is not None and power is not None else None
    parts = len(ready.body.assembly.part_names)
    of_nodes, of_loops = _of_network(ready, solution)
    melted, pipes = material_limits.melted(case, ready.body, history), verdicts.pipe_loads(case, ready.body, history)
    return Sample(
        years=years,
        place=place,
        verdicts=(*verdicts.verdicts(case, ready.body, ready.coupling.loads, history, ready.faces, ready.devices), *of_nodes),
        extremes=np.concatenate([history.coldest[:parts], history.hottest[:parts]]),
        battery=float("nan") if side is None else side.battery_mean(history),
        power=power,
        profile=orbit,
        lengthened=_lengthened(mission, years, orbit),
        end=solution.end,
        history=history,
        failures=(*melted, *(pipe.words() for pipe in pipes if not pipe.holds), *of_loops),
    )


def network_solve(mission: Mission, years: float, place: Floats, comm: Any, say: Say) -> Sample:
    """Solve a mission of nodes and loops at one moment, on the first rank.

    Raises:
        UndefinedError, SolveError: as `full_solve`.
    """
    from heliorack.run.network_run import simulate_network

    case = mission.at(years)
    try:
        found = on_first(comm, lambda: simulate_network(case, say))
    except ValueError as error:
        raise UndefinedError(" ".join(str(error).split())) from error
    periodic = found.periodic
    _refuse_unsettled(case, None if periodic is None else (periodic.converged, periodic.orbits, periodic.estimated_error_K))
    power, env = found.power, found.built.env
    if power is not None and not power.carries:
        raise SolveError("; ".join(power.failures) or "no array carries the load")
    orbit = None
    if power is not None and power.array_area and case.power is not None:
        orbit = profile(case.power, power, np.empty(0) if env is None else env.edges)
    rows = [found.built.nodes[name] for name in found.named]
    of_bus = () if power is None else power.failures
    return Sample(
        years=years,
        place=place,
        verdicts=found.verdicts(),
        extremes=np.concatenate([found.record.coldest[rows], found.record.hottest[rows]]),
        battery=float("nan"),
        power=power,
        profile=orbit,
        lengthened=_lengthened(mission, years, orbit),
        end=found.end,
        history=None,
        failures=tuple(said for said in found.failures_beside_limits if said not in of_bus),
    )


def _refuse_unsettled(case: Case, periodic: tuple[bool, int, float] | None) -> None:
    """Refuse a moment that does not repeat.

    Args:
        case: The moment.
        periodic: Whether it repeats, orbits marched, and its estimated distance from the state that does [K]; None of another run.

    Raises:
        SolveError: with orbits, error and what to try.
    """
    if periodic is None:
        raise SolveError('no periodic state was asked for: the life of a mission is made of those of run.kind = "periodic"')
    repeats, orbits, error = periodic
    if not repeats:
        raise SolveError(case.solver.unsettled(orbits, error))


def _lengthened(mission: Mission, years: float, orbit: Profile | None) -> float:
    """Eclipse of a solve over that of a cylinder [s]."""
    walk = mission.calendar
    cylinder = float(np.interp(years, walk.days / 365.25, walk.eclipse))
    return 0.0 if orbit is None or cylinder <= 0.0 or orbit.eclipse <= 0.0 else orbit.eclipse - cylinder


def _of_network(ready: "Prepared", solution: "Solution") -> tuple[tuple[Verdict, ...], tuple[str, ...]]:
    """Limits on the nodes of a network beside the parts, and what else of it fails."""
    from heliorack.run.result_of import network_result

    found = network_result(ready, solution)
    return ((), ()) if found is None else (found.verdicts(), found.failures_beside_limits)


def _forget(state: object) -> None:
    """No checkpoint."""


def _nobody(case: Case, body: Any) -> tuple[()]:
    return ()
