"""Periodic state of a network: the states that repeat after one period, by a Newton correction with the operator of its mean.

With Phi(x) the state after one period from x, A the operator averaged over it, C the capacities and P the period, every mode of rate z
needs the correction (Phi - x)/(e^z - 1). Here e^z - 1 is taken to its fifth power, z p(z), and 1/p by its poles: one real and two complex
solves per period (docs/theory.md, networks). Two powers, as with the finite elements, leave a twelfth of a mode with z = 2, five 1/300.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from thermal.network.flows import Floats, Instant
from thermal.network.march import March, factors
from thermal.network.network import Matrix
from thermal.network.record import Record

MEMORY = 5  #: depth of Anderson's acceleration
_SERIES = 1 / np.array([120.0, 24.0, 6.0, 2.0, 1.0])  #: of p(z) = (e^z - 1)/z, highest power first
_POLES = np.array([pole for pole in np.roots(_SERIES) if pole.imag > 0])  #: of 1/p, one of each pair
_PARTS = 1 / np.polyval(np.polyder(_SERIES), _POLES)  #: their residues


@dataclass(frozen=True, slots=True, eq=False)
class Periodic:
    """The period that was accepted."""

    record: Record
    start: Floats  #: states of all rows [K]
    end: Floats
    estimated_error: float  #: K, distance of the start from the periodic state
    orbits: int  #: periods marched in all
    converged: bool


def periodic_state(
    march: March,
    y: Floats,
    events: Sequence[float],
    tolerance: float,
    most: int,
    say: Callable[[int], None] = lambda orbit: None,
) -> Periodic:
    """March periods and correct their start until its estimated error is within `tolerance` [K].

    Args:
        march: The network; its loads repeat.
        y: First guess (rows,) [K], best the steady state under mean loads.
        events: Times from the start to the end of the period [s].
        tolerance: K.
        most: Periods marched at most.
        say: Told the number of each period.
    """
    net, free = march.network, march.network.free
    tried: list[tuple[Floats, Floats]] = []
    last = np.inf
    for orbit in range(1, most + 1):
        say(orbit)
        y = march.begin(y, events)
        record = Record(net)
        slope: Matrix = 0.0 * net.linearised(Instant(net, events[0], y)).slope
        period = events[-1] - events[0]
        end = y
        for step in march.run(y, events):
            record.observe(step)
            middle = 0.5 * (step.start + step.end)
            slope = slope + (step.end - step.start) / period * net.linearised(Instant(net, middle, net.seated(middle, step.at(0.5)))).slope
            end = step.after
        A = -(net.incidence @ slope)
        M = net.diagonal(net.capacity[free])
        gap = (end - y)[free]
        rows = np.arange(len(free))
        inner = np.zeros(len(free))
        for pole, part in zip(_POLES, _PARTS, strict=True):
            inner += 2 * (part * factors(period * A - pole * M, net, rows).solve(M @ gap + 0j)).real
        corrected = y.copy()
        corrected[free] = end[free] + factors(period * A, net, rows).solve(M @ inner)
        error = float(np.abs((corrected - y)[free][~net.algebraic]).max(initial=0.0))
        if error <= tolerance or orbit == most:
            return Periodic(record, y, end, error, orbit, error <= tolerance)
        tried = [*tried[-MEMORY:], (y, corrected)]
        y = _accelerated(tried) if error > 0.5 * last else corrected
        last = error
    raise AssertionError("unreachable: the loop returns on its last period")


def _accelerated(tried: Sequence[tuple[Floats, Floats]]) -> Floats:
    """Anderson's combination of the last (state, corrected state) pairs."""
    g = np.array([corrected for _, corrected in tried])
    f = g - np.array([state for state, _ in tried])
    if len(tried) < 2:
        return np.asarray(g[-1])
    dF, dG = np.diff(f, axis=0), np.diff(g, axis=0)
    mix = np.linalg.lstsq(dF.T, f[-1], rcond=1e-10)[0]
    return np.asarray(g[-1] - mix @ dG)
