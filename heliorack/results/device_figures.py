"""Figures of a network's heat pipes and heat pumps: what they carried, and against which limits."""

from collections.abc import Iterator, Mapping

import numpy as np

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.networks.built import BuiltNetwork
from heliorack.runfolder.figures.network import HeatPumpStageFigures, NodePipeFigures
from thermal.fluid.pipes.pipe_law import ByHeat, Gassed
from thermal.network.controls.regulator import Regulators
from thermal.network.flows import Instant
from thermal.network.record import Record
from thermal.network.switches import Thermostats

WITHIN = 1e-9  #: of a limit by which it may be passed: round-off
IDLE = 1e-12  #: W; a compressor that takes less does no work


def pipes(built: BuiltNetwork, record: Record) -> dict[str, NodePipeFigures]:
    """Heat pipes where they were closest to their limits; those without one where they carried most."""
    pipes = built.pipes
    if pipes is None:
        return {}
    T = record.temperatures()
    limit = np.array([pipes.limits(now) for now in T])
    asked = np.abs([pipes.asked(now) * pipes.works(t) for t, now in zip(record.times, T, strict=True)])
    load = np.where(np.isinf(limit), asked, asked / np.maximum(limit, 1e-12))
    found = {}
    for i, path in enumerate(pipes.paths):
        k = int(load[:, i].argmax())
        warmer = float(max(T[k, pipes.start[i]], T[k, pipes.end[i]]))
        law = pipes.laws.get(i)
        shares = [law.share(float(now[pipes.start[i]]), float(now[pipes.reservoirs[i]])) for now in T] if isinstance(law, Gassed) else None
        found[path.removeprefix("heat pipe ")] = NodePipeFigures(
            asked_W=float(asked[k, i]),
            limit_W=None if np.isinf(limit[k, i]) else float(limit[k, i]),
            at_degC=warmer - ZERO_CELSIUS,
            holds=bool(asked[k, i] <= limit[k, i]),
            governs=pipes.curves[i].governing(warmer),
            open_part=None if shares is None else (min(shares), max(shares)),
        )
    return found


HELD = 0.01  #: K


def weak_heaters(built: BuiltNetwork, record: Record) -> Iterator[str]:
    """Heaters that are on all through a steady or periodic state whose sensors stay below their band."""
    for flow in built.network.flows:
        if isinstance(flow, Thermostats):
            for name, row, on_below in zip(flow.heaters, flow.sensor, flow.on_below, strict=True):
                warmest = float(record.hottest[row])
                if warmest < on_below:
                    yield too_weak(name, built.network.names[row], warmest, float(on_below))
        elif isinstance(flow, Regulators):
            for name, row, setting, hold, power, gain in zip(
                flow.heaters, flow.sensor, flow.setting, flow.hold, flow.power, flow.gain, strict=True
            ):
                warmest = float(record.hottest[row])
                if warmest < hold - HELD and float(record.coldest[setting]) - warmest > 0.999 * power / gain:
                    yield too_weak(name, built.network.names[row], warmest, float(hold))


def too_weak(heater: str, where: str, warmest: float, on_below: float) -> str:
    """A heater that does not hold its band, in words."""
    found = f"{where} comes to {warmest - ZERO_CELSIUS:.1f} degC at most"
    return f"warning: heater {heater} is on all the time, and {found}, below its {on_below - ZERO_CELSIUS:.1f} degC: it is too weak"


WITHOUT_LIQUID = {"frozen": "fluid is frozen and its limit", "critical": "fluid is near or above its critical point and its limit"}


def pipe_shortfalls(pipes: Mapping[str, NodePipeFigures]) -> Iterator[str]:
    """Heat pipes over their limit at their temperature, in words."""
    for name, pipe in pipes.items():
        if not pipe.holds:
            asked = f"would have to carry {pipe.asked_W:.4g} W at {pipe.at_degC:.1f} degC"
            governs = pipe.governs or ""
            limit = WITHOUT_LIQUID.get(governs, f"{governs} limit".strip())
            yield f"heat pipe {name}: {asked}, where its {limit} is {pipe.limit_W:.4g} W"


def pipe_remarks(built: BuiltNetwork, record: Record) -> Iterator[str]:
    """Loop heat pipes beyond their measured curve, or with less heat than they start with, with numbers."""
    pipes = built.pipes
    laws = {} if pipes is None else {i: law.curve for i, law in pipes.laws.items() if isinstance(law, ByHeat)}
    if pipes is None or not laws:
        return
    carried = np.array([pipes.asked(now) for now in record.temperatures()])
    works = np.array([pipes.works(t) for t in record.times])
    for i, curve in laws.items():
        q = carried[works[:, i], i]
        if not len(q):
            continue
        if q.min() < curve.start:
            yield f"warning: {pipes.paths[i]} carries {q.min():.4g} W at least, and starts with {curve.start:g} W: it may stand still"
        yield from (f"warning: {pipes.paths[i]}: {one.words()}" for one in curve.remarks(q[q > 0]))


def lift_remarks(built: BuiltNetwork, record: Record) -> Iterator[str]:
    """Heat pumps that take heat where there is nothing to lift, and are given it for nothing."""
    for pump in built.heat_pumps:
        duties = [pump.duty(Instant(built.network, t, y)) for t, y in zip(record.times, record.states, strict=True)]
        least = min((duty.condenses for duty in duties if duty.heat > IDLE and duty.condenses <= pump.lift.evaporates), default=None)
        if least is not None:
            ends = f"{least - ZERO_CELSIUS:.1f} degC, no warmer than it evaporates ({pump.lift.evaporates - ZERO_CELSIUS:.1f} degC)"
            said = "with nothing to lift its compressor is taken to draw nothing and to hold its temperature all the same"
            yield f"warning: heat pump {pump.name} condenses at {ends}: {said}, as no compressor does; let the heat pass by it"


def heat_pumps(built: BuiltNetwork, record: Record) -> dict[str, HeatPumpStageFigures]:
    """Heat pumps over a run."""
    heat, duration, found = record.by_name(), max(record.duration, 1e-30), {}
    moments = [Instant(built.network, t, y) for t, y in zip(record.times, record.states, strict=True)] if built.heat_pumps else []
    for pump in built.heat_pumps:
        duties = [pump.duty(now) for now in moments]
        taken, work = (heat[path] / duration for path in pump.paths)
        condenses = max(duty.condenses for duty in duties)
        asked = max(duty.asked for duty in duties)
        found[pump.name] = HeatPumpStageFigures(
            heat_W=taken,
            compressor_W=work,
            compressor_max_W=max(duty.work for duty in duties),
            cop=taken / work if work > IDLE else None,
            evaporates_degC=pump.lift.evaporates - ZERO_CELSIUS,
            condenses_max_degC=condenses - ZERO_CELSIUS,
            hottest_degC=pump.lift.hottest - ZERO_CELSIUS,
            asked_max_W=asked,
            limit_W=None if np.isinf(pump.most) else pump.most,
            holds=condenses <= pump.lift.hottest * (1 + WITHIN) and asked <= pump.most * (1 + WITHIN),
        )
    return found


def shortfalls(pumps: Mapping[str, HeatPumpStageFigures]) -> Iterator[str]:
    """Heat pumps beyond what they can, in words."""
    for name, one in pumps.items():
        if one.limit_W is not None and one.asked_max_W > one.limit_W * (1 + WITHIN):
            yield f"heat pump {name}: would have to take {one.asked_max_W:.4g} W, where its limit is {one.limit_W:.4g} W"
        if one.condenses_max_degC > one.hottest_degC + WITHIN * (one.hottest_degC + ZERO_CELSIUS):
            said = f"would condense at {one.condenses_max_degC:.1f} degC, where its hottest is {one.hottest_degC:.1f} degC"
            yield f"heat pump {name}: {said}; its work beyond that is not known"
