"""Array and battery that carry what a network without parts draws: pumps, heaters, and the heat of nodes and tubes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.model.networks.built import BuiltNetwork
from orbit.environment import Environment
from orbit.free_wing import free_wing
from power.system.result import PowerResult
from power.system.system import solve
from power.timeline import resample, sides, with_events
from thermal.network.flows import Source
from thermal.network.record import Record
from thermal.network.switches import Thermostats
from thermal.solve.ledger import is_drawn

Floats = NDArray[np.float64]


def carried(case: Case, made: BuiltNetwork, record: Record) -> PowerResult | None:
    """The bus over one orbit, fed by a wing that faces the Sun; None without [power].

    A steady state draws the same all the time. Over an orbit the course is that of the record, its energy included; of a transient that of
    its last whole orbit, and of one that is shorter as it went and then ends.
    """
    env = made.env
    if case.power is None or env is None:
        return None
    direct, albedo, warm = free_wing(env)
    times = revolution_times(env, made)
    sun, beside = (resample(env.times, values, times) for values in (direct, albedo))
    front, back, sink = (resample(env.times, warm[name], times) for name in ("infrared_front", "infrared_back", "sink"))
    last = case.run.kind == "transient"
    load = drawn_last(made, record, times) if last else drawn(case, made, record, times)
    return solve(case.power, times, sun, load, albedo=beside, infrared_front=front, infrared_back=back, sink=sink)


def revolution_times(env: Environment, made: BuiltNetwork) -> Floats:
    """Times of the balanced revolution [s], jumps twice."""
    return with_events(env.times, np.array([t for t in made.events if t <= env.period]))


def drawn(case: Case, made: BuiltNetwork, record: Record, times: Floats) -> Floats:
    """What the network draws at some times of an orbit (n,) [W], jumps twice; of thermostats that were marched exactly their mean."""
    net, duration = record.network, max(record.duration, 1e-30)
    energy = {path: heat for path, heat in record.by_name().items() if is_drawn(path) and not path.startswith("heat ")}
    switching = {path for f in net.flows if isinstance(f, Thermostats) and not f.averaged for path in f.paths}
    follows = [f for f in net.flows if not isinstance(f, Source) and not switching.intersection(f.paths)]
    mean = sum(heat for path, heat in energy.items() if path in switching) / duration
    rest = sum(max(heat, 0.0) for path, heat in energy.items() if path not in switching) / duration
    given = _given(made, record, times)
    if case.run.kind == "steady":
        return np.full(len(times), mean + rest + float(np.trapezoid(given, times)) / float(times[-1] - times[0]))
    course = course_of(replace(made, network=replace(net, flows=follows)), record, times)
    had = float(np.trapezoid(course, times)) / duration
    return mean + given + (course * (rest / had) if had > 0.0 else np.full(len(times), rest))


def _given(made: BuiltNetwork, record: Record, times: Floats) -> Floats:
    """Heat of nodes and tubes that time alone rules (n,) [W]: each where it is above 0, for what cools gives nothing back to the bus."""
    heats = [f for f in made.network.flows if isinstance(f, Source)]
    return course_of(replace(made, network=replace(made.network, flows=heats)), record, times)


def drawn_last(made: BuiltNetwork, record: Record, times: Floats) -> Floats:
    """What the network draws at some times of the last whole orbit of a transient (n,) [W]; of thermostats their mean in it."""
    period = float(times[-1])
    begin = max(float(np.floor(record.duration / period + 1e-9)) - 1.0, 0.0) * period
    still = replace(made, network=replace(record.network, flows=[f for f in record.network.flows if not isinstance(f, Thermostats)]))
    end, mean = min(begin + period, record.duration), 0.0
    for f in record.network.flows:
        if isinstance(f, Thermostats):
            shares = [_share_on(record, name, bool(on), begin, end) for name, on in zip(f.names, f.on.tolist(), strict=True)]
            mean += float(f.power @ np.array(shares))
    return mean + course_of(still, record, times, begin)


def _share_on(record: Record, name: str, on: bool, begin: float, end: float) -> float:
    """Part of a span of the run [s] in which a heater is on, that is `on` at the end of the run."""
    turns = [(one.time, one.what == "on") for one in record.turned if one.name == name]
    at, states = [0.0, *(t for t, _ in turns), record.duration], [not turns[0][1] if turns else on, *(what for _, what in turns)]
    spans = [max(min(b, end) - max(a, begin), 0.0) for a, b in pairwise(at)]
    return sum(span for span, state in zip(spans, states, strict=True) if state) / (end - begin)


def course_of(made: BuiltNetwork, record: Record, times: Floats, since: float = 0.0) -> Floats:
    """What follows from states and time alone (n,) [W], from the inside of every interval between jumps; `since` from the begin [s]."""
    known, begin = np.array(record.times), record.times[0] + since
    hair = 1e-9 * record.duration
    moments = begin + times + np.where(sides(times), -hair, hair)
    states = np.array([np.interp(moments, known, row) for row in np.array(record.states).T]).T
    return np.array([made.power(t, y) for t, y in zip(moments, states, strict=True)])
