"""The bus over the whole of a transient: what the battery holds from its start to its end."""

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.coupling.consumers import scaled
from heliorack.coupling.electrical import PowerSide
from heliorack.model.body import Body
from heliorack.model.loads import Loads, mean_over
from heliorack.model.networks.built import BuiltNetwork
from power.bus.balance import Balance
from power.system.result import PowerResult
from thermal.heater import duty
from thermal.network.record import Record
from thermal.solve.solution import Solution

Floats = NDArray[np.float64]


def charge_course(
    side: PowerSide, found: PowerResult, loads: Loads, solution: Solution, built: BuiltNetwork | None, body: Body
) -> Balance | None:
    """Array as in the last revolution, again and again, or as pointing was lost; compute, heaters and network as they went.

    None without an orbit. The battery begins with what a revolution like the last one leaves in it. Nothing that is not served is made
    up for.

    Args:
        found: Of the last revolution, with all sizes.
        loads: With those of the whole transient.
    """
    if solution.runaway is not None:
        return None
    took = solution.ledger.heat().get("heaters", 0.0)
    over_run = side.course(found, loads, lambda times: besides(side.case, body, built, solution, took, times))
    return None if over_run is None else over_run.balance


def besides(case: Case, body: Body, built: BuiltNetwork | None, solution: Solution, took: float, times: Floats) -> Floats:
    """What heaters, and pumps, heaters and heat of nodes of a network, drew at some times of a run (n,) [W].

    Args:
        took: Energy of the heaters over the run [J].
    """
    history, drawn = solution.history, np.zeros(len(times))
    if case.heaters:
        each = [heater.power * duty(heater, mean_over(heater.parts, body, history.mean)) for heater in case.heaters]
        course = np.interp(times, history.times, np.sum(each, axis=0))
        drawn += scaled(course, times, took) if times[-1] > times[0] else course
    if built is not None and solution.ledger.network is not None:
        drawn += _network(built, solution.ledger.network, times)
    return drawn


def _network(built: BuiltNetwork, record: Record, times: Floats) -> Floats:
    """What pumps, heaters and heat of nodes draw [W]."""
    return np.interp(times, record.times, [built.power(t, y) for t, y in zip(record.times, record.states, strict=True)])
