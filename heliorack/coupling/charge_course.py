"""The bus over the whole of a transient: what the battery holds from its start to its end."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heliorack.coupling.consumers import scaled
from heliorack.coupling.electrical import PowerSide
from heliorack.model.body import Body
from heliorack.model.loads import Loads, mean_over
from heliorack.model.network import BuiltNetwork
from power.bus.balance import Balance, Limits, course
from power.system.result import PowerResult
from power.timeline import resample
from thermal.heater import duty
from thermal.network.record import Record
from thermal.solve.solution import Solution

Floats = NDArray[np.float64]


def charge_course(
    side: PowerSide, found: PowerResult, loads: Loads, solution: Solution, built: BuiltNetwork | None, body: Body
) -> Balance | None:
    """Array as in the last revolution, again and again; compute by its profiles; heaters and network as they went. None without an orbit.

    The battery begins with what a revolution like the last one leaves in it. Nothing that is not served is made up for.

    Args:
        found: Of the last revolution, with all sizes.
        loads: With those of the whole transient.
    """
    whole, cells = loads.whole, found.cells
    if whole is None or cells is None or not found.carries or solution.runaway is not None:
        return None
    times, period, history = whole.times, float(side.times[-1]), solution.history
    load = whole.electrical() + side.power.base_load
    if side.case.heaters:
        each = [heater.power * duty(heater, mean_over(heater.parts, body, history.mean)) for heater in side.case.heaters]
        load = load + scaled(np.interp(times, history.times, np.sum(each, axis=0)), times, solution.ledger.heat()["heaters"])
    if built is not None and solution.ledger.network is not None:
        load = load + _network(built, solution.ledger.network, times)
    turns = int(np.ceil(times[-1] / period - 1e-12))
    tiled = np.concatenate([n * period + side.times for n in range(turns)])

    def repeated(values: ArrayLike) -> Floats:
        """Over the whole, of what is known over a revolution or is always the same."""
        known = np.asarray(values, dtype=float)
        return known if known.ndim == 0 else resample(tiled, np.tile(known, turns), times)

    limits, warm = cells.limits, cells.limits.temperature
    limits = Limits(repeated(limits.charge), repeated(limits.discharge), None if warm is None else repeated(warm), limits.window)
    b = found.balance
    return course(times, repeated(found.available), load, b.capacity, cells.paths, limits, side.power.shunt, float(b.stored[0]))


def _network(built: BuiltNetwork, record: Record, times: Floats) -> Floats:
    """What pumps, heaters and heat of nodes draw [W]."""
    return np.interp(times, record.times, [built.power(t, y) for t, y in zip(record.times, record.states, strict=True)])
