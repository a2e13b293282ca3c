"""Loops whose pumps move too little for the heat that they are given: they have a steady state at no temperature that a fluid has."""

from collections.abc import Iterator

import numpy as np

from thermal.constants import ZERO_CELSIUS
from thermal.network.flows import Floats, Ids, Instant
from thermal.network.loops.hydraulics import flowing, properties
from thermal.network.loops.loop_flows import Carried
from thermal.network.network import Network

HOPELESS = 4300.0  #: K; of a cell, hotter than any solid
RISE = 300.0  #: K by which what flows is warmed on its way, of a loop that is starved
WANTED = 20.0  #: K that are usual
MORE = "Give a pump with more pressure or flow, wider tubes, or more of them"


def starved(net: Network, t: float, start: Floats, y: Floats) -> Iterator[str]:
    """Such loops, in words, where a search for the steady state has led to cells hotter than any solid.

    Args:
        start, y: States of all rows that the search began from, and to which it came [K].
    """
    begun, now = Instant(net, t, start), Instant(net, t, y)
    loops = [f.loop for f in net.flows if isinstance(f, Carried)]
    hot = [loop for loop in loops if float(now.T[loop.rows].max()) > HOPELESS]
    for loop in hot:
        flow = float(flowing(loop, begun).branches[loop.sections[0]].sum())
        if flow <= 0.0:
            continue
        carries = flow * float(np.mean(properties(loop, begun).specific_heat))
        heat = _given(net, begun, loop.rows) or _given(net, now, loop.rows)
        if heat > RISE * carries:
            moves, warm = f"loop {loop.name}: its pump moves {flow:.3g} kg/s", float(begun.T[loop.rows].mean())
            if warm > HOPELESS:
                yield f"{moves}, far too little for the heat that its fluid is given: no temperature that a fluid has carries it. {MORE}"
                continue
            yield (
                f"{moves} at {warm - ZERO_CELSIUS:.0f} degC, which the {heat:.4g} W that its fluid is given would "
                f"warm by {heat / carries:.3g} K; {heat / carries / WANTED * flow:.3g} kg/s would be warmed by {WANTED:.0f} K. {MORE}"
            )


def _given(net: Network, now: Instant, rows: Ids) -> float:
    """Heat that comes to rows from elsewhere, what the fluid carries along left out [W]."""
    gained = np.zeros(len(net.names) + 1)
    for f in net.flows:
        if not isinstance(f, Carried):
            rates = f.rate(now)
            np.add.at(gained, f.end, rates)
            np.subtract.at(gained, f.start, rates)
    return float(np.maximum(gained[rows], 0.0).sum())
