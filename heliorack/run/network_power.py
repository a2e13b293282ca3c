"""Array and battery that carry what a network without parts draws: pumps, heaters, and the heat of nodes and tubes."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.model.network import BuiltNetwork
from orbit.free_wing import free_wing
from power.system.system import PowerResult, solve
from power.timeline import resample, sides, with_events
from thermal.network.record import Record
from thermal.network.switches import Thermostats
from thermal.solve.ledger import is_drawn

Floats = NDArray[np.float64]


def carried(case: Case, made: BuiltNetwork, record: Record) -> PowerResult | None:
    """The bus over one orbit, fed by a wing that faces the Sun; None without [power], and of a transient.

    A steady state draws the same all the time. Over an orbit the course is that of the record, its energy included.
    """
    env = made.env
    if case.power is None or env is None or case.run.kind == "transient":
        return None
    direct, albedo, warm = free_wing(env)
    times = with_events(env.times, np.array(made.events))
    sun, beside = (resample(env.times, values, times) for values in (direct, albedo))
    front, back, sink = (resample(env.times, warm[name], times) for name in ("infrared_front", "infrared_back", "sink"))
    load = drawn(case, made, record, times)
    return solve(case.power, times, sun, load, albedo=beside, infrared_front=front, infrared_back=back, sink=sink)


def drawn(case: Case, made: BuiltNetwork, record: Record, times: Floats) -> Floats:
    """What the network draws at some times of an orbit (n,) [W], jumps twice; of thermostats that were marched exactly their mean."""
    net, duration = record.network, max(record.duration, 1e-30)
    energy = {path: heat for path, heat in record.by_name().items() if is_drawn(path) and heat > 0.0}
    switching = {path for f in net.flows if isinstance(f, Thermostats) and not f.averaged for path in f.paths}
    made = replace(made, network=replace(net, flows=[f for f in net.flows if not switching.intersection(f.paths)]))
    mean = sum(heat for path, heat in energy.items() if path in switching) / duration
    rest = sum(heat for path, heat in energy.items() if path not in switching) / duration
    if case.run.kind == "steady":
        return np.full(len(times), mean + rest)
    course = _course(made, record, times)
    had = float(np.trapezoid(course, times)) / duration
    return mean + (course * (rest / had) if had > 0.0 else np.full(len(times), rest))


def _course(made: BuiltNetwork, record: Record, times: Floats) -> Floats:
    """What follows from states and time alone (n,) [W], from the inside of every interval between jumps."""
    known, begin = np.array(record.times), record.times[0]
    hair = 1e-9 * record.duration
    moments = begin + times + np.where(sides(times), -hair, hair)
    states = np.array([np.interp(moments, known, row) for row in np.array(record.states).T]).T
    return np.array([made.power(t, y) for t, y in zip(moments, states, strict=True)])
