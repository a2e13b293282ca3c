"""Time integration of a network: Rosenbrock-W of order 3 with error control, landing on known events and finding its own switches.

Rows without capacity are algebraic: after every step, and where a load jumps, they are put to rest at the temperatures of the others, which
stores nothing. Each step carries the heat of every flow by the integrator's own stage weights, so that the first law closes to round-off.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lu_factor, lu_solve
from scipy.optimize import brentq
from scipy.sparse.linalg import splu

from thermal import tableau
from thermal.errors import SolveError
from thermal.network.flows import Floats, Instant
from thermal.network.network import Matrix, Network
from thermal.network.switches import Switch

LOOKS = (0.25, 0.5, 0.75, 1.0)  #: parts of a step at which switches are looked for
DUE = 1e-8  #: K by which a switch is passed before it turns, well above round-off: it is then on the other side for good
POINTS, WEIGHTS = 0.5 * (np.polynomial.legendre.leggauss(3)[0] + 1), 0.5 * np.polynomial.legendre.leggauss(3)[1]  #: on (0, 1)
MOST_SWITCHES = 100_000
AT_REST = 1e-9  #: K to which rows without capacity are balanced
FIRST_STEP = 1e-3  #: of an interval, after an event
ORDER: Final = "MMD_AT_PLUS_A"  #: of elimination; the pattern is nearly symmetric, and half the entries remain that COLAMD leaves
PIVOT = 0.1  #: of the largest of its column, from which on the diagonal stays the pivot, so that the order of elimination is kept
ROUNDING = 1e-12  #: of the time, within which an interval is done


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One accepted step from `start` to `end` [s]."""

    start: float
    end: float
    before: Floats  #: states of all rows at `start` [K]
    after: Floats  #: at `end`
    slopes: Floats  #: (4, rows) stage increments [K]
    heat: Floats  #: (flows,) heat of each flow over the step [J]
    quadrature: Floats | None = None  #: (flows,) the same by Gauss points of the dense output, of an accepted step
    switched: tuple[tuple[str, str], ...] = ()  #: what turned at its end: name, and what became of it
    began: tuple[tuple[str, str], ...] = ()  #: what had turned at its start, after an event

    def at(self, share: float) -> Floats:
        """States after a part of the step [K]."""
        if share >= 1.0:
            return self.after
        return np.asarray(self.before + tableau.dense_weights(share) @ self.slopes)


@dataclass(slots=True, eq=False)
class March:
    """A network on its way."""

    network: Network
    switches: Sequence[Switch]
    tolerance: float  #: K, of the error of a step
    max_step: float = np.inf  #: s
    left: int = MOST_SWITCHES
    _kept: tuple[float, Floats, Any] | None = field(default=None, init=False)  #: shift, values of the matrix, factors

    def begin(self, y: Floats, events: Sequence[float]) -> Floats:
        """States at the first event from some states (rows,) [K]: switches as they belong to them, rows without capacity at rest."""
        for one in self.switches:
            one.settle(Instant(self.network, events[0], y))
        return self.rest(events[0], y, (events[0], events[1]))

    def run(self, y: Floats, events: Sequence[float]) -> Iterator[Step]:
        """Steps from the first to the last of `events` [s], landing on each, where loads may jump.

        Args:
            y: States of all rows at the first event [K]; phases and thermostats are as they stand.
            events: Increasing times.

        Raises:
            SolveError: the step collapses, a matrix is singular, or switches do not come to rest.
        """
        for start, end in pairwise(events):
            if end <= start:
                continue
            interval = (start, end)
            y = self.rest(start, y, interval)
            y, said = self._turn_all(start, y, interval)
            for step in self._between(y, interval):
                yield replace(step, began=said) if said else step
                y, said = step.after, ()

    def rest(self, t: float, y: Floats, interval: tuple[float, float]) -> Floats:
        """States with held rows at their values and rows without capacity in balance.

        Raises:
            SolveError: they find no balance.
        """
        t = _inside(t, interval)
        y, net = self.network.seated(t, y), self.network
        algebraic = net.algebraic
        if not algebraic.any():
            return y
        for _ in range(50):
            part = net.linearised(_within(net, t, y))
            residual = (net.incidence @ part.rate)[algebraic]
            matrix = (net.incidence @ part.slope)[:, algebraic][algebraic]
            change = -factors(matrix, net, np.flatnonzero(algebraic)).solve(residual)
            y = y.copy()
            y[net.free[algebraic]] += np.clip(change, -100.0, 100.0)
            if np.abs(change).max() < AT_REST:
                return y
        row = int(net.free[algebraic][int(np.argmax(np.abs(change)))])
        moved = f"the last to move was {net.names[row]}, at {y[row]:.4g} K"
        tried = "Look at its heat and its conductances, or give it a capacity"
        raise SolveError(f"nodes without capacity found no balance at t = {t:.6g} s; {moved}. {tried}.")

    def _between(self, y: Floats, interval: tuple[float, float]) -> Iterator[Step]:
        """Steps between two known events."""
        t, end = interval
        longest = min(self.max_step, end - t)
        h = min(FIRST_STEP * (end - t), longest)
        while end - t > ROUNDING * max(abs(end), 1.0):
            h = min(h, longest)
            last = h >= (end - t) * (1 - 1e-9)
            h = end - t if last else 0.5 * (end - t) if h > 0.5 * (end - t) else h
            with np.errstate(over="ignore", invalid="ignore"):  # of a step that is too long; it is not taken
                step, error = self._step(t, h, y, interval)
            if not error <= self.tolerance:
                h = 0.2 * h if not np.isfinite(error) else _next(h, error / self.tolerance)
                if h < 1e-12 * (end - interval[0]):
                    raise self._collapsed(t, h, y, interval)
                continue
            step = self._until_switch(step, interval)
            turns = step.end < t + h
            step = replace(step, quadrature=self.quadrature(step, interval))
            if turns:
                yield (step := self._turned(step, interval))
                h = FIRST_STEP * (end - interval[0])
            else:
                yield step
                h = _next(h, error / self.tolerance)
            y, t = step.after, end if last and not step.switched else step.end

    def _step(self, t: float, h: float, y: Floats, interval: tuple[float, float]) -> tuple[Step, float]:
        """One step of the method and its error estimate [K]; rows without capacity are at rest after it."""
        net = self.network
        capacity = net.capacity[net.free]
        first = _inside(t, interval)
        slope = net.linearised(_within(net, first, net.seated(first, y))).slope
        matrix = net.diagonal(capacity / (tableau.GAMMA * h)) - net.incidence @ slope
        solver = self._factors(h, matrix)
        times = [_inside(t + share * h, interval) for share in tableau.STAGE_TIMES.tolist()]
        missed = net.shift(t, t + h, times, tableau.WEIGHTS)
        U = np.zeros((4, len(net.free)))
        heat = np.zeros((4, net.incidence.shape[1]))
        for i, now in enumerate(times):
            Y = net.seated(now, y)
            if Y is y:
                Y = y.copy()
            Y[net.free] += tableau.STAGE[i, :i] @ U[:i]
            heat[i] = net.rates(_within(net, now, Y)) + missed
            carried = capacity * (tableau.CARRY[i, :i] @ U[:i]) / h if i else 0.0
            U[i] = solver.solve(net.incidence @ heat[i] + carried)
            heat[i] += slope @ U[i]
        k = tableau.INVERSE @ U
        after = y.copy()
        after[net.free] += tableau.WEIGHTS @ k
        slopes = np.zeros((4, len(y)))
        slopes[:, net.free] = k
        error = np.abs((tableau.WEIGHTS - tableau.EMBEDDED) @ k)
        if not np.isfinite(error).all():
            return Step(t, t + h, y, after, slopes, h * (tableau.WEIGHTS @ heat)), np.inf
        after = self.rest(t + h, after, interval)
        return Step(t, t + h, y, after, slopes, h * (tableau.WEIGHTS @ heat)), float(error.max(initial=0.0))

    def _collapsed(self, t: float, h: float, y: Floats, interval: tuple[float, float]) -> SolveError:
        """Where no step is short enough: the row that follows its surroundings fastest, and how fast."""
        net, there = self.network, _inside(t, interval)
        slope = net.incidence @ net.linearised(_within(net, there, net.seated(there, y))).slope
        lost = np.maximum(-slope.diagonal(), 1e-300)
        pace = np.where(net.algebraic, np.inf, net.capacity[net.free] / lost)
        fastest = int(np.argmin(pace))
        return SolveError(
            f"the time step collapsed to {h:.2g} s at t = {t:.6g} s: {net.names[net.free[fastest]]} follows its surroundings within "
            f"{pace[fastest]:.2g} s. Look at its capacity_J_K, its conductances and its heat there; with capacity 0 it follows at once."
        )

    def _factors(self, h: float, matrix: Matrix) -> Any:
        """Factors of a step's matrix; those of the last step where it is the very same."""
        values = matrix if self.network.small else matrix.data
        if self._kept is None or self._kept[0] != h or not np.array_equal(self._kept[1], values):
            self._kept = (h, values, factors(matrix, self.network, np.arange(len(self.network.free))))
        return self._kept[2]

    def quadrature(self, step: Step, interval: tuple[float, float]) -> Floats:
        """Heat of each flow (flows,) [J] by Gauss points of the dense output, as switches stand within the step."""
        net, h = self.network, step.end - step.start
        times = [_inside(step.start + share * h, interval) for share in POINTS.tolist()]
        total = net.shift(step.start, step.end, times, WEIGHTS)
        for share, t, weight in zip(POINTS.tolist(), times, WEIGHTS.tolist(), strict=True):
            total = total + weight * net.rates(_within(net, t, net.seated(t, step.at(share))))
        return np.asarray(h * total)

    def state(self, step: Step, share: float, interval: tuple[float, float] | None = None) -> Floats:
        """States of all rows after a part of a step, held rows at their own [K]."""
        t = step.start + share * (step.end - step.start)
        return self.network.seated(t if interval is None else _inside(t, interval), step.at(share))

    def _distances(self, t: float, y: Floats) -> Floats:
        """Of all switches, one after the other [K]."""
        now = _within(self.network, t, y)
        return np.concatenate([np.zeros(0), *(one.distance(now) for one in self.switches)])

    def _until_switch(self, step: Step, interval: tuple[float, float]) -> Step:
        """The step, cut where the first switch is due; found on the dense output, then by steps of their own."""
        if not self.switches:
            return step
        before = 0.0
        for share in LOOKS:
            t = _inside(step.start + share * (step.end - step.start), interval)
            if (self._distances(t, self.state(step, share, interval)) < -DUE).any():
                break
            before = share
        else:
            return step
        found: dict[float, Step] = {}

        def passed(h: float) -> float:
            found[h], _ = self._step(step.start, h, step.before, interval)
            return float(self._distances(_inside(step.start + h, interval), found[h].after).min()) + 2 * DUE

        h = step.end - step.start
        low, high = before * h, share * h
        while passed(high) > 0.0 and high < h:  # the dense output was a little ahead
            low, high = high, min(h, high + 0.05 * h)
        if passed(high) > 0.0:
            return found[high]
        if low <= 0.0 or passed(low) <= 0.0:
            low = 1e-9 * h
            if passed(low) <= 0.0:
                return found[low]
        root = brentq(passed, low, high, xtol=1e-13 * max(step.end, h), rtol=1e-14)
        return found[root] if root in found else self._step(step.start, root, step.before, interval)[0]

    def _turned(self, step: Step, interval: tuple[float, float]) -> Step:
        """The step with what turns at its end."""
        y, said = self._turn(step.end, step.after, interval, 3 * DUE)
        y, more = self._turn_all(step.end, y, interval)
        return replace(step, after=y, switched=(*said, *more))

    def _turn_all(self, t: float, y: Floats, interval: tuple[float, float]) -> tuple[Floats, tuple[tuple[str, str], ...]]:
        """States after everything that is due has turned, and what has."""
        told: tuple[tuple[str, str], ...] = ()
        for _ in range(100):
            y, said = self._turn(t, y, interval, -DUE)
            if not said:
                return y, told
            told = (*told, *said)
        raise SolveError(f"switches turn back and forth at t = {t:.6g} s; give thermostats a wider band.")

    def _turn(self, t: float, y: Floats, interval: tuple[float, float], within: float) -> tuple[Floats, tuple[tuple[str, str], ...]]:
        """Turn what is nearer to its switch than `within` [K]; the states then, and what turned."""
        now = _within(self.network, _inside(t, interval), y)
        said: list[tuple[str, str]] = []
        for one in self.switches:
            due = one.distance(now) < within
            if due.any():
                names = [name for name, mine in zip(one.names, due, strict=True) if mine]
                said += zip(names, one.turn(due, now), strict=True)
        self.left -= len(said)
        if self.left < 0:
            raise SolveError(f"more than {MOST_SWITCHES} switches by t = {t:.6g} s; give thermostats a wider band.")
        return (self.rest(t, y, interval) if said else y), tuple(said)


class _Dense:
    """LU factors of an array."""

    def __init__(self, matrix: Floats) -> None:
        self.lu = lu_factor(matrix, check_finite=False)
        if not np.diag(self.lu[0]).all():
            raise RuntimeError("singular")

    def solve(self, right: Floats) -> Floats:
        """Solution."""
        return np.asarray(lu_solve(self.lu, right, check_finite=False))


def factors(matrix: Matrix, net: Network, rows: NDArray[np.int64]) -> Any:
    """LU factors of a matrix over some of the free rows.

    Raises:
        SolveError: it is singular; names the rows.
    """
    try:
        with np.errstate(all="ignore"), catch_warnings():
            simplefilter("ignore")
            return _Dense(matrix) if isinstance(matrix, np.ndarray) else splu(matrix.tocsc(), ORDER, PIVOT, options={"SymmetricMode": True})
    except RuntimeError as error:
        empty = np.flatnonzero(np.asarray(abs(matrix).sum(axis=1)).ravel() == 0)
        named = ", ".join(net.names[net.free[rows[i]]] for i in empty[:5]) or "a part without reference"
        raise SolveError(f"the network is singular at {named}: nothing there sets its temperature.") from error


def _next(h: float, ratio: float) -> float:
    """Step wanted next on a ladder of steps, so that factors may serve again; `ratio` is error over tolerance."""
    wanted = h * min(5.0, max(0.2, 0.85 * max(ratio, 1e-9) ** (-1 / 3)))
    ladder = 2**0.25
    return float(ladder ** np.floor(np.log(wanted) / np.log(ladder) + 1e-9))


def _within(net: Network, t: float, y: Floats) -> Instant:
    """A moment within a step: packs by the phases that they remember, so that no law has a kink there."""
    return Instant(net, t, y, continued=True)


def _inside(t: float, interval: tuple[float, float]) -> float:
    """`t` moved off an interval's ends by a hair, so that loads that jump there are taken from the inside."""
    hair = 1e-9 * (interval[1] - interval[0])
    return min(max(t, interval[0] + hair), interval[1] - hair)
