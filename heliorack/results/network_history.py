"""Columns of history.csv about nodes and loops."""

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.results.network_result import NetworkResult
from thermal.network.flows import Instant
from thermal.network.hydraulics import flowing

Floats = NDArray[np.float64]


def of_loops(result: NetworkResult, count: int) -> dict[str, Floats]:
    """Of every loop over the first `count` times of the record: outlets of its segments, flow, pressure drop and pump, by heading."""
    record, built = result.record, result.built
    T, found = record.temperatures()[:count] - ZERO_CELSIUS, {}
    for name, loop in built.loops.items():
        moving = [flowing(loop, Instant(built.network, t, y)) for t, y in zip(record.times[:count], record.states[:count], strict=True)]
        for segment in loop.segments:
            found[f"loop {name}.{segment.name} out_degC"] = T[:, segment.rows[-1]]
        found[f"loop {name} flow_kg_s"] = np.array([float(one.branches[loop.sections[0]].sum()) for one in moving])
        found[f"loop {name} drop_Pa"] = np.array([one.drop for one in moving])
        found[f"loop {name} pump_W"] = np.array([one.power for one in moving])
    return found


def at_times(result: NetworkResult, times: Floats) -> dict[str, Floats]:
    """Nodes and loops of a network that is solved with parts, at the times of their history [s], by heading."""
    known = np.array(result.record.times)
    T = result.record.temperatures() - ZERO_CELSIUS
    found = {f"{name} {what}_degC": T[:, result.built.nodes[name]] for name in result.named for what in ("mean", "min", "max")}
    found |= of_loops(result, len(known))
    return {heading: np.interp(times, known, values) for heading, values in found.items()}
