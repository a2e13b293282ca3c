"""From a case of nodes and loops to a result: steady, marched, or the state that repeats with its period."""

from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.model.network import built
from heliorack.model.networks.built import BuiltNetwork
from heliorack.model.networks.network_start import go_on
from heliorack.results.coolant_answers import answers
from heliorack.results.network_result import NetworkResult
from heliorack.run import stranded
from heliorack.run.network_charge import charge_course
from heliorack.run.network_power import carried
from heliorack.runfolder.summary import PeriodicFigures
from heliorack.runtime.progress import Say, silent
from thermal.errors import SolveError
from thermal.network.flows import Instant
from thermal.network.march import March
from thermal.network.mean import at_mean, averaged
from thermal.network.periodic import periodic_state
from thermal.network.record import Record
from thermal.network.sinks import adrift, no_sink
from thermal.network.steady import steady_states
from thermal.network.switches import Switch, Thermostats

Floats = NDArray[np.float64]

FINER = 1e-2  #: of solver.tolerance_K, to which a network's steps are held: they cost next to nothing
ORBITS = 2  #: marched with exact switching; the last one is reported


def is_network(case: Case) -> bool:
    """Whether a case is one of nodes and loops alone."""
    return case.network is not None and not case.parts


def simulate_network(case: Case, say: Say = silent) -> NetworkResult:
    """Solve a case that has a [network] and no parts.

    Raises:
        CaseError, FluidError: the question was malformed.
        SolveError: the solve failed; names the node, loop or branch.
    """
    began = perf_counter()
    say("building the network", 0.0)
    made = built(case)
    periodic, drift = None, None
    if case.run.kind == "transient":
        record, end = _transient(case, made, say)
    else:
        try:
            record, end, periodic, drift = (*_steady(made), None, None) if case.run.kind == "steady" else _periodic(case, made, say)
        except SolveError as error:
            raise stranded.explained(case, error, FINER * case.solver.tolerance) from error
    power = carried(case, made, record)
    asked = answers(case, None, made.env)
    charge = charge_course(case, made, record, power)
    return NetworkResult(case, made, record, end, record.by_path(), periodic, drift, perf_counter() - began, asked, power, charge)


def _march(case: Case, made: BuiltNetwork) -> March:
    return March(made.network, made.switches, FINER * case.solver.tolerance, case.solver.max_step or np.inf)


def _steady(made: BuiltNetwork) -> tuple[Record, Floats]:
    """The steady state under mean loads; its ledger is that of one second."""
    net = at_mean(made.network)
    y = steady_states(net, net.states(made.start))
    record = Record(net)
    record.begin(0.0, y)
    record.stand(1.0, y)
    return record, y


def _transient(case: Case, made: BuiltNetwork, say: Say) -> tuple[Record, Floats]:
    net = made.network
    lost = adrift(net, Instant(net, made.events[0], net.seated(made.events[0], made.first())), capacity_holds=True)
    if lost:
        raise SolveError(no_sink(lost))
    march = _march(case, made)
    y = march.begin(made.first(), made.events)
    if made.begins is not None:
        go_on(case, net)
    record = Record(net)
    record.begin(made.events[0], y)
    for step in march.run(y, made.events):
        record.observe(step)
        y = step.after
        say("marching the network", step.end / made.events[-1])
    return record, y


def _periodic(case: Case, made: BuiltNetwork, say: Say) -> tuple[Record, Floats, PeriodicFigures, float | None]:
    """The state that repeats under the averaged law of thermostats, then orbits with exact switching where there are any."""
    mean = averaged(made.network)
    switching = [one for one in made.switches if isinstance(one, Thermostats)]
    others: list[Switch] = [one for one in made.switches if not isinstance(one, Thermostats)]
    mean_loads = at_mean(made.network)
    guess = steady_states(mean_loads, mean_loads.states(made.start))
    march = March(mean, others, FINER * case.solver.tolerance, case.solver.max_step or np.inf)
    wanted = 0.1 * case.solver.tolerance

    def told(orbit: int) -> None:
        say(f"periodic state of the network, orbit {orbit}", 0.0)

    found = periodic_state(march, guess, made.events, wanted, case.solver.max_orbits, told)
    figures = PeriodicFigures(
        converged=found.converged,
        orbits=found.orbits,
        estimated_error_K=found.estimated_error,
        time_bias_K=0.0,
        change_per_orbit_K=float(np.abs(found.end - found.start).max(initial=0.0)),
    )
    if not switching:
        return found.record, found.end, figures, None
    exact = _march(case, made)
    y = exact.begin(found.start, made.events)
    record, start = Record(made.network), y
    for orbit in range(ORBITS):
        record, start = Record(made.network), y
        for step in exact.run(y, made.events):
            record.observe(step)
            y = step.after
        say(f"exact switching, orbit {orbit + 1}", (orbit + 1) / ORBITS)
    return record, y, figures, float(np.abs(y - start).max())
