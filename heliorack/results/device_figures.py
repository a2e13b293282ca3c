"""Figures of a network's heat pipes and heat pumps: what they carried, and against which limits."""

from collections.abc import Iterator, Mapping

import numpy as np

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.network import BuiltNetwork
from heliorack.runfolder.summary import HeatPumpStageFigures, NodePipeFigures
from thermal.network.flows import Instant
from thermal.network.record import Record

WITHIN = 1e-9  #: of a limit by which it may be passed: round-off
IDLE = 1e-12  #: W; a compressor that takes less does no work


def pipes(built: BuiltNetwork, record: Record) -> dict[str, NodePipeFigures]:
    """Heat pipes where they were closest to their limits."""
    pipes = built.pipes
    if pipes is None:
        return {}
    T = record.temperatures()
    load = np.array([np.abs(pipes.asked(now)) / np.maximum(pipes.limits(now), 1e-12) for now in T])
    found = {}
    for i, path in enumerate(pipes.paths):
        now = T[int(load[:, i].argmax())]
        asked, limit = abs(float(pipes.asked(now)[i])), float(pipes.limits(now)[i])
        warmer = float(max(now[pipes.start[i]], now[pipes.end[i]])) - ZERO_CELSIUS
        found[path.removeprefix("heat pipe ")] = NodePipeFigures(asked_W=asked, limit_W=limit, at_degC=warmer, holds=asked <= limit)
    return found


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
