"""From a case to everything that is solved: body, what falls on it, loads, participants, and the thermal model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from scipy.sparse import hstack

from heliorack.case.case import Case
from heliorack.casefile.errors import listed
from heliorack.coupling.clocks import thermostats, throttles
from heliorack.coupling.consumers import Computing, Heating, Pumping
from heliorack.coupling.coupled import Coupling, Participant, State
from heliorack.coupling.electrical import PowerSide, power_side
from heliorack.coupling.solve import Question
from heliorack.model import compute_devices, failed_solve, heat_sinks, loads, open_faces, radiation, thermal_model, thermocouples
from heliorack.model.bodies import Bodies
from heliorack.model.body import Body
from heliorack.model.cells.solar_cells import cell_faces
from heliorack.model.cells.string_zones import together
from heliorack.model.compute_devices import Devices
from heliorack.model.network import built
from heliorack.model.networks.built import BuiltNetwork
from heliorack.model.networks.lost import lost
from heliorack.model.open_faces import Exposure
from heliorack.model.piped import carried
from heliorack.model.radiation import Radiating
from heliorack.model.surroundings import lapse, surroundings, told
from heliorack.results.verdicts.limits import limit_faces
from heliorack.runtime.progress import Say
from orbit.environment import Environment
from thermal.errors import SolveError
from thermal.solve.model import Model
from thermal.solve.probes import History
from thermal.solve.solution import Task


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A case made discrete, with nothing solved yet."""

    case: Case
    env: Environment | None
    body: Body
    radiating: Radiating
    exposure: Exposure
    devices: tuple[Devices, ...]  #: compute that answers to its temperature
    side: PowerSide | None
    coupling: Coupling
    model: Model
    faces: list[str]  #: whose means are recorded after those of the parts: faces with cells, and with limits
    question: Question
    network: BuiltNetwork | None  #: solved with the parts


def prepare(
    case: Case,
    comm: Any,
    say: Say,
    bodies: Bodies,
    participants: Callable[[Case, Body], Sequence[Participant]],
    swing: Any = None,
    like: History | None = None,
    followed: Environment | None = None,
) -> Prepared:
    """Everything that is solved for a case; collective. Other arguments as of `heliorack.run.simulate.simulate`.

    Args:
        followed: A like revolution, whose times are followed from shadow edge to shadow edge.

    Raises:
        GeometryError, ValueError: the question was malformed.
    """
    env = surroundings(case, like=followed)
    away = lapse(case, env)
    env = told(case, env, away)
    body = bodies.of(case, comm, say)
    radiating = radiation.with_lapse(radiation.radiating(case, body, env, say, bodies.incidence), case, away, say, bodies.incidence)
    years = None if env is None else case.years_in_orbit
    exposure = open_faces.expose(body, case.coatings, case.boundaries, env, case.life, case.tracking, radiating.facets, years)
    exposure = open_faces.with_lapse(exposure, body, away)
    load = loads.electrical_loads(case, body, env)
    devices = compute_devices.answering(case, body, env, load)
    faces = [*cell_faces(case, body), *limit_faces(case, body)]
    side = power_side(case, body, exposure, radiating, env, load.times, len(body.assembly.part_names) + len(faces), away)
    network = None if case.network is None else built(case, body)
    attached = None if network is None else network.attached(body.layout)
    pumping = None if network is None or attached is None else Pumping(network, attached)
    others = [*participants(case, body), *([] if pumping is None else [pumping])]
    computing, fed = _participants(case, body, devices, side, others)
    stops = loads.events_of(load, env)
    more = (*(() if network is None else network.events), *(() if away is None else away.moments))
    coupling = Coupling(fed, stops if case.run.kind == "transient" else loads.merged(stops, more), State(load))
    heaters = [(heater, loads.heater_feedback(heater, body)) for heater in case.heaters]
    chips = [(one, one.feedback(body)) for one in devices]
    feedbacks = [feedback for _, feedback in (*heaters, *chips)]
    model = thermal_model.assemble_model(case, body, exposure, radiating, load, env, coupling.sources(), feedbacks, attached)
    _check_sinks(case, body, model, radiating, load.times)
    task = Task(model, _recorded(case, body, faces, side), load.times, case.solver, say, carried(case, body))
    learned = bodies.snapshots(body) if case.solver.reduced else None
    question = Question(
        case, body, task, coupling, computing, side, thermostats(heaters), throttles(chips), swing, like, pumping, more, learned
    )
    return Prepared(case, env, body, radiating, exposure, devices, side, coupling, model, faces, question, network)


def _check_sinks(case: Case, body: Body, model: Model, radiating: Radiating, times: Any) -> None:
    """Refuse parts that nothing cools; where something is lost from the start, that is what the solve fails of.

    Raises:
        GeometryError: a question that has no answer.
        SolveError: what is lost leaves them without a sink; says how fast they warm up.
    """
    try:
        heat_sinks.check_sinks(body, model, radiating, case.run.kind == "transient")
    except heat_sinks.SinklessError as error:
        gone = () if case.network is None else lost(case.network)
        if not gone:
            raise
        after = failed_solve.warming(body, model.at_mean(times), radiating, error.parts)
        said = f"without {listed(gone, 'and')} nothing settles: {error}"
        raise SolveError("\n".join([said, *(["After the loss, in the mean:"] if after else []), *(f"  {one}" for one in after)])) from error


def _participants(
    case: Case, body: Body, devices: tuple[Devices, ...], side: PowerSide | None, others: Sequence[Participant]
) -> tuple[Computing, tuple[Participant, ...]]:
    """Who takes part in the coupled solve, in order: consumers first, the bus that feeds them last."""
    followed = side is not None or bool(others) or any(entry.supply_part is not None for entry in case.compute)
    computing = Computing(case.compute, devices, body, followed)
    if side is None:
        return computing, (computing, *others)
    return computing, (computing, Heating(case.heaters, body), *others, side)


def _recorded(case: Case, body: Body, faces: Sequence[str], side: PowerSide | None) -> Any:
    """Weights of parts, faces, zones of the array and thermocouples, (owned, groups).

    Raises:
        ValueError: measured data that cannot be compared.
    """
    columns = [body.assembly.face_names.index(name) for name in faces]
    if case.measured is not None:
        thermocouples.measured(case)  # refused before anything is solved
    zones = together(body, () if side is None or side.cells is None else side.cells.zones)
    return hstack([body.volumes, body.faces[:, columns], zones, thermocouples.point_weights(case, body)]).tocsr()
