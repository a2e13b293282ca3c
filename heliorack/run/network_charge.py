"""The battery of a network without parts over the whole of a transient: fed by a wing apart, which may lose the Sun."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.coupling.array_course import ArrayCourse, Revolution
from heliorack.model.networks.built import BuiltNetwork
from heliorack.run.network_power import course_of, revolution_times
from orbit.free_wing import fixed_wing
from power.bus.balance import Balance, Limits, course
from power.system.result import PowerResult
from power.system.settings import Sizes
from power.system.system import solve
from power.timeline import sides, with_events
from thermal.network.record import Record
from thermal.network.switches import Thermostats

Floats = NDArray[np.float64]


def charge_course(case: Case, made: BuiltNetwork, record: Record, found: PowerResult | None) -> Balance | None:
    """The bus from start to end; None of what is no transient, or where no array carries the load.

    The battery begins with what a revolution like the last one leaves in it. Nothing that is not served is made up for.

    Args:
        found: Of one revolution, with all sizes.
    """
    env = made.env
    if case.power is None or env is None or found is None or found.cells is None or not found.carries or case.run.kind != "transient":
        return None
    array = _array(case, made, found)
    length = float(record.times[-1])
    turns = int(np.ceil(length / env.period - 1e-12))
    every = np.concatenate([n * env.period + env.times for n in range(turns)])
    turned = np.array([one.time for one in record.turned], dtype=float)
    times = array.times(with_events(np.append(every[every < length * (1 - 1e-12)], length), [*made.events, *turned]))
    load = drawn(made, record, times) + case.power.base_load
    limits, usual = found.cells.limits, array.usual
    limits = Limits(usual.at(limits.charge, times), usual.at(limits.discharge, times))
    b = found.balance
    return course(times, array.available(times), load, b.capacity, found.cells.paths, limits, case.power.shunt, float(b.stored[0]))


def drawn(made: BuiltNetwork, record: Record, times: Floats) -> Floats:
    """What the network draws at times of the run (n,) [W] that have each jump twice; thermostats as they switched."""
    still = replace(made, network=replace(record.network, flows=[f for f in record.network.flows if not isinstance(f, Thermostats)]))
    found = course_of(still, record, times)
    hair = 1e-9 * record.duration
    moments = times + np.where(sides(times), -hair, hair)
    for f in record.network.flows:
        if isinstance(f, Thermostats):
            for name, on, power in zip(f.names, f.on.tolist(), f.power.tolist(), strict=True):
                turns = [one for one in record.turned if one.name == name]
                states = np.array([(turns[0].what != "on") if turns else on, *(one.what == "on" for one in turns)])
                found = found + power * states[np.searchsorted([one.time for one in turns], moments)]
    return found


def _array(case: Case, made: BuiltNetwork, found: PowerResult) -> ArrayCourse:
    """The wing over the run: it faces the Sun, and stands still in the body while pointing is lost."""
    env, away, power = made.env, made.away, case.power
    assert env is not None
    assert power is not None
    usual = Revolution(revolution_times(env, made), found.available)
    if away is None:
        return ArrayCourse(usual)
    direct, albedo, warm = fixed_wing(away.env, away.wing)
    load = np.full(len(direct), found.balance.mean(found.balance.load) - power.base_load)
    power = replace(power, sizes=Sizes(found.array_area, found.pack_capacity))
    front, back, sink = (warm[name] for name in ("infrared_front", "infrared_back", "sink"))
    other = solve(power, away.env.times, direct, load, albedo=albedo, infrared_front=front, infrared_back=back, sink=sink)
    return ArrayCourse(usual, away.begin, away.end, Revolution(away.env.times, other.available))
