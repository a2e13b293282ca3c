"""Steady state of a network: Newton's method with LU factors, in steps that lower the imbalance."""

from dataclasses import replace

import numpy as np

from thermal.errors import SolveError, StarvedError
from thermal.network.bounded import passed, without_limits
from thermal.network.flows import Floats, Instant
from thermal.network.loops.starved import HOPELESS, starved
from thermal.network.march import March, factors
from thermal.network.mean import standing
from thermal.network.network import Network
from thermal.network.sinks import adrift, no_sink
from thermal.network.states import PhaseChange

QUICK, MOST = 200, 600  #: iterations from a guess, and after a march towards rest: what slopes leave out makes them slow, not wrong
STUCK = 25  #: iterations in a row with many halvings after which an imbalance that stays within 1 % stays for good
LARGEST = 60.0  #: K that a row moves in one of them
SETTLED = 1e-9  #: K of the last change
BALANCED = (
    1e-12  #: of the greatest flow, to which every row may be balanced instead: a fluid that boils moves without a change of its flows
)
#: of a change that does not lower the imbalance, tried one after the other: few jump over kinks, as where a fluid begins to boil; many find
#: the narrow band in which the averaged duty of a thermostat falls
HALVINGS = (8, 16)
LONG = 1e9  #: s marched at most towards rest
STILL = 3e6  #: s; a step of that length says that it is near
PATIENCE = 1000  #: steps of such a march
COARSE = 0.5  #: K, tolerance of such a march


def steady_state(network: Network, T: Floats, t: float = 0.0) -> Floats:
    """Temperatures (rows,) [K] of `steady_states` from a first guess of temperatures, arguments and errors alike."""
    y = steady_states(network, network.states(T), t)
    return network.temperatures(y)[0]


def steady_states(network: Network, y: Floats, t: float = 0.0) -> Floats:
    """States (rows,) [K] at which every free row is in balance with the loads of time `t`.

    Newton's method; where it fails, as with a loop that boils all along, a march under these loads to near rest, and Newton's method again.

    Args:
        network: Thermostats in it are best by their averaged law.
        y: First guess (rows,) [K].
        t: Time at which loads and held temperatures are taken [s].

    Returns:
        States (rows,) [K]; packs remember their phases there.

    Raises:
        SolveError: a part of it has no way to a sink (named), or no balance was found.
    """
    net = replace(network, laws=[law for law in network.laws if not isinstance(law, PhaseChange)])
    y = net.seated(t, y.copy())
    for law in network.packs:
        law.settle(y[law.rows])
        y[law.rows] = law.temperature(y[law.rows])[0]
    free = without_limits(net)
    lost = adrift(free or net, Instant(free or net, t, y))
    if lost:
        raise SolveError(no_sink(lost))
    found = _found(net, y, t) if free is None else _within_limits(net, free, y, t)
    for law in network.packs:
        found[law.rows] = law.state(found[law.rows])
        law.settle(found[law.rows])
    return found


def _found(net: Network, y: Floats, t: float) -> Floats:
    """States of balance: Newton's method, and again after a march."""
    try:
        return _balanced_somehow(net, y, t, QUICK)
    except StarvedError:
        raise
    except SolveError:
        return _balanced_somehow(net, _marched(net, y, t), t, MOST)


def _within_limits(net: Network, free: Network, y: Floats, t: float) -> Floats:
    """States of balance from those of the same network without limits: a pipe at its limit hides a way to a sink.

    Raises:
        SolveError: with what is asked of those that carry no more, and that nothing else takes.
    """
    try:
        y = _found(free, y, t)
        return _found(net, y, t)
    except StarvedError:
        raise
    except SolveError as error:
        said = list(passed(net, Instant(net, t, y)))
        if not said:
            raise
        raise SolveError(f"no steady state of the network: {'; '.join(said)}; more has to go another way.") from error


def _balanced_somehow(net: Network, y: Floats, t: float, most: int) -> Floats:
    """`_balanced` with the first of `HALVINGS` that finds it.

    Raises:
        SolveError: none does.
    """
    try:
        return _balanced(net, y, t, most, HALVINGS[0])
    except StarvedError:
        raise
    except SolveError:
        return _balanced(net, y, t, most, HALVINGS[1])


def _balanced(net: Network, y: Floats, t: float, most: int, halvings: int) -> Floats:
    """States of balance by Newton's method, changes halved up to `halvings` times.

    Raises:
        StarvedError: it leads where no fluid is, for want of flow.
        SolveError: none was found.
    """
    start, judged = y, False
    least, since, count = np.inf, 0, 0
    change = np.full(len(net.free), np.inf)
    residual = np.asarray(net.incidence @ net.rates(Instant(net, t, y)))
    while count < most and (since < STUCK or halvings < HALVINGS[1]):  # with few it may climb over a kink for a hundred of them
        count += 1
        matrix = net.incidence @ net.linearised(Instant(net, t, y)).slope
        change = -factors(matrix, net, np.arange(len(net.free))).solve(residual)
        longest = float(np.abs(change).max(initial=0.0))
        y, residual = _moved(net, t, y, change * min(1.0, LARGEST / max(longest, 1e-30)), residual, halvings)
        if longest < SETTLED or np.abs(residual).max(initial=0.0) < BALANCED * np.abs(net.rates(Instant(net, t, y))).max(initial=0.0):
            return y
        if not judged and net.temperatures(y)[0][net.free].max(initial=0.0) > HOPELESS:
            judged = True
            if said := list(starved(net, t, start, y)):
                raise StarvedError(f"no steady state of the network: {'; '.join(said)}.")
        imbalance = float(np.linalg.norm(residual))
        least, since = (imbalance, 0) if imbalance < 0.99 * least else (least, since + 1)
    worst = net.names[net.free[int(np.argmax(np.abs(change)))]]
    raise SolveError(
        f"no steady state of the network; {worst} still moves by {np.abs(change).max():.2g} K after {count} iterations. "
        "Heat that grows with temperature, or a flow that changes its regime back and forth, may have none; try a transient."
    )


def _marched(net: Network, y: Floats, t: float) -> Floats:
    """States after a coarse march under the loads of one time, until steps are so long that little moves any more."""
    still = standing(net, t)
    march = March(still, [], COARSE)
    y = march.begin(y, (0.0, LONG))
    for count, step in enumerate(march.run(y, (0.0, LONG))):
        y = step.after
        if step.end - step.start > STILL or count >= PATIENCE:
            break
    return y


def _moved(net: Network, t: float, y: Floats, change: Floats, residual: Floats, halvings: int) -> tuple[Floats, Floats]:
    """States moved by as much of a change as lowers the imbalance, and the imbalance there [W]."""
    share, before = 1.0, float(np.linalg.norm(residual))
    for _ in range(halvings):
        moved = y.copy()
        moved[net.free] += share * change
        found = np.asarray(net.incidence @ net.rates(Instant(net, t, moved)))
        if np.linalg.norm(found) < (1 - 1e-4 * share) * before:
            break
        share *= 0.5
    return moved, found
