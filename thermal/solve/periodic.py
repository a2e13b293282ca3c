"""Periodic steady state: the temperatures that repeat after one orbit, found by Newton's method with the orbit-mean operator.

With Phi(x) the state after one orbit from x and A the operator averaged over that orbit, every mode of rate z needs the correction
(Phi - x)/(e^z - 1); with e^z - 1 ~ z (1 + z/2) this is two linear solves per orbit (docs/theory.md, periodic state).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from thermal.solve.linear import ShiftedSolver
from thermal.solve.march import inside, march, worn
from thermal.solve.model import Gains, Model
from thermal.solve.settings import Solver
from thermal.solve.step import Step

Floats = NDArray[np.float64]
Told = Callable[[Floats, Gains], None]

RESTLESS = 4  #: orbits in a row whose start is good and whose loads still move, before steps are taken finer
FINER = 4.0  #: times: what moves loads to and fro by then is the error of the steps
ROUGH = 10.0  #: times the tolerance, to which an orbit is marched from which the periodic state is foreseen
NEAR = 10.0  #: times what is wanted, that a start may be off for the orbit from a better one to be foretold by linear answers
SPANS = 24  #: of an orbit, over which loads and what they move are taken for constant
ANSWERS = 2  #: of loads to the orbit that is expected, the second one to how the first one moves it
MEMORY = 5  #: depth of Anderson's acceleration, used when the corrections stop shrinking


@dataclass(frozen=True, slots=True, eq=False)
class Foreseen:
    """What another way of looking for the periodic state takes it for, from one rough orbit or from a like case."""

    start: Floats  #: temperatures of the owned rows at the start of the orbit [K]
    derivatives: Floats  #: of the ways of heat, mean over the orbit (laws, owned)
    state: "Periodic | None"  #: that stands for a marched orbit; None where one is to be marched from the start


@dataclass(frozen=True, slots=True, eq=False)
class Periodic:
    """The orbit that was accepted."""

    start: Floats  #: temperatures of the owned rows at its start [K]
    end: Floats  #: at its end
    estimated_error: float  #: estimated distance of its start from the periodic state, greatest over all rows [K]
    change: float  #: greatest change over the orbit [K]
    orbits: int  #: orbits marched in all
    converged: bool  #: the estimate is within the tolerance
    derivatives: Floats  #: of the ways of heat, mean over the orbit (laws, owned), see `Model.derivatives`
    gains: Gains  #: slope of each feedback, mean over the orbit [W/K]


def periodic_state(
    model: Model,
    T: Floats,
    events: Callable[[], Sequence[float]],
    settings: Solver,
    observe: Callable[[Step], None] = lambda step: None,
    new_orbit: Callable[[int], None] = lambda orbit: None,
    settled: Callable[[], bool] = lambda: True,
    derivatives: Floats | None = None,
    foresee: Callable[[], Foreseen | None] | None = None,
    foretold: Told | None = None,
) -> Periodic:
    """March orbits and correct their start until the estimated error of the start is within half of `settings.tolerance`.

    Args:
        model: The thermal model; its sources repeat after one orbit.
        T: First guess of the owned rows [K], best the steady state under orbit-mean loads.
        events: Asked before every orbit for increasing times from the orbit's start to its end [s] at which loads may jump.
        settings: Integration settings; `max_orbits` bounds the search.
        observe: Called with every accepted step.
        new_orbit: Called with the orbit's number before it is marched: the caller forgets what it observed and may update loads.
        settled: Asked after each orbit to bring loads from outside (power) up to date; True when they have settled.
        derivatives: Of the ways of heat, mean over a like orbit; of the first guess by default.
        foresee: Asked for a better start than a correction gives, after a first orbit that is then marched roughly and not accepted; it
            brings loads from outside up to date itself.
        foretold: Told by how much the mean of the next orbit is expected to differ from that of the last one (owned,) [K], and the mean
            slopes of the feedbacks, where the start is near and loads from outside have not settled: they then answer to what is expected.
    """
    T = model.extended(T)
    with ShiftedSolver(model, settings.linear) as solver:
        first = events()
        model.renew(inside(first[0], first[0], first[1]), T)
        solver.linearise(model.derivatives(inside(first[0], first[0], first[1]), T) if derivatives is None else derivatives)
        solver.frozen = True  # at the orbit mean: factors then serve all orbits
        wanted = 0.5 * settings.tolerance
        tried: list[tuple[Floats, Floats]] = []
        last, restless = np.inf, 0
        for orbit in range(1, settings.max_orbits + 1):
            new_orbit(orbit)
            stops = events()
            rough = foresee is not None and orbit == 1 < settings.max_orbits
            marched = replace(settings, tolerance=ROUGH * settings.tolerance) if rough else settings
            end, derivatives, gains = _one_orbit(model, T, stops, marched, solver, observe)
            if rough and foresee is not None and (foreseen := foresee()) is not None:
                if foreseen.state is not None:
                    return foreseen.state
                T = foreseen.start
                if worn(model, solver, foreseen.derivatives):
                    solver.linearise(foreseen.derivatives)
                continue
            if worn(model, solver, derivatives):
                solver.linearise(derivatives)
            with OrbitMean(model, (T, end), stops[-1] - stops[0], derivatives, gains, settings.linear) as mean:
                corrected = mean.corrected()
                error, change = (_largest(model, model.lasting(moved)) for moved in (corrected - T, end - T))
                near = not rough and error <= NEAR * wanted and orbit < settings.max_orbits
                still, corrected = mean.settled(corrected, settled, foretold if near else None)
            restless = restless + 1 if error <= wanted and not still and not rough else 0
            if restless == RESTLESS:
                settings, restless = replace(settings, tolerance=settings.tolerance / FINER), 0
            if (error <= wanted and still and not rough) or orbit == settings.max_orbits:
                return Periodic(T, end, error, change, orbit, error <= wanted and still, derivatives, gains)
            tried = [*tried[-MEMORY:], (T, corrected)] if still else []
            T = _accelerated(model, tried) if still and error > 0.5 * last else corrected
            last = error if still else np.inf
    raise AssertionError("unreachable: the loop returns on its last orbit")


def _one_orbit(
    model: Model, T: Floats, events: Sequence[float], settings: Solver, solver: ShiftedSolver, observe: Callable[[Step], None]
) -> tuple[Floats, Floats, Gains]:
    """End state; derivatives of the ways of heat and slopes of feedbacks, averaged over the orbit (Simpson by step)."""
    mean: Floats | float = 0.0
    gains: dict[Any, Any] = dict.fromkeys(model.feedback_slopes(inside(events[0], events[0], events[1]), T), 0.0)
    period = events[-1] - events[0]
    for step in march(model, T, events, settings, solver):
        observe(step)
        h = step.end - step.start
        middle = 0.5 * (step.start + step.end)
        for state, weight in ((step.before, 1 / 6), (step.at(middle), 4 / 6), (step.after, 1 / 6)):
            mean = mean + weight * h / period * model.derivatives(middle, state)
            for feedback, now in model.feedback_slopes(middle, state).items():
                gains[feedback] = gains[feedback] + weight * h / period * now
        T = step.after
    return T, np.asarray(mean), gains


class OrbitMean:
    """The operator averaged over a marched orbit, with its factors for as long as it is entered."""

    def __init__(
        self,
        model: Model,
        orbit: tuple[Floats, Floats],
        period: float,
        derivatives: Floats,
        gains: Gains,
        linear: Literal["auto", "direct", "multigrid"],
    ) -> None:
        """Linearise; collective.

        Args:
            model: As it was marched.
            orbit: Owned rows at its start and at its end [K].
            period: Its duration [s].
            derivatives: Of the ways of heat, mean over it (laws, owned).
            gains: Slope of each feedback, mean over it [W/K].
            linear: How its linear systems are solved.
        """
        self.model, self.period, self.derivatives, self.gains = model, period, derivatives, gains
        self.start, self.end = orbit
        self.solver = ShiftedSolver(model, linear)
        self.solver.refresh(model.slope(derivatives), derivatives)
        self.solver.gains = gains

    def __enter__(self) -> "OrbitMean":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self.solver.__exit__(kind, *rest)

    def corrected(self) -> Floats:
        """Start state of the periodic orbit under the same loads [K]."""
        model, rate, still = self.model, 2 / self.period, np.zeros(len(self.solver.held))
        gained = model.product(model.M, model.reduced(self.end) - model.reduced(self.start))
        y = self.solver.solve_exchanging(rate, rate * gained, self.derivatives, None, still)
        z = self.solver.solve_exchanging(0.0, self.solver.reference.stored(y) / self.period, self.derivatives, None, still)
        return np.asarray(self.end + z)

    def settled(self, corrected: Floats, settled: Callable[[], bool], told: Told | None) -> tuple[bool, Floats]:
        """Whether loads from outside have settled, and the next start [K].

        Args:
            corrected: The next start under the same loads [K].
            settled: Brings loads up to date with the orbit; True when they moved no more.
            told: Where they did, told by how much the mean of the next orbit is expected to differ (owned,) [K], and the slopes of the
                feedbacks; loads then answer to that. None: they answer to marched orbits alone.
        """
        before = None if told is None else self._signals()
        if settled():
            return True, corrected
        if told is None or before is None:
            return False, corrected
        moved = corrected - self.start
        for answer in range(ANSWERS):
            mean, last = self._course(moved, self.model.spread(self._signals() - before))
            told(mean, self.gains)
            if answer == 0:
                moved = self.end + last - self.start
        return False, np.asarray(self.start + moved)

    def _course(self, moved: Floats, heat: Floats) -> tuple[Floats, Floats]:
        """How far an orbit is off this one from a start that has `moved`, with more heat by span (SPANS, owned) [W]: mean, and end [K]."""
        rate, still, total = SPANS / self.period, np.zeros(len(self.solver.held)), np.zeros_like(moved)
        for more in heat:
            moved = self.solver.solve(rate, rate * self.solver.reference.stored(moved) + more, still)
            total += moved / SPANS
        return total, moved

    def _signals(self) -> Floats:
        """Of all sources, mean over even spans of the orbit (SPANS, signals)."""
        return self.model.mean_signals(np.linspace(0.0, self.period, SPANS + 1))


def _accelerated(model: Model, tried: list[tuple[Floats, Floats]]) -> Floats:
    """Anderson's combination of the last (state, corrected state) pairs."""
    g = np.array([corrected for _, corrected in tried])
    f = g - np.array([state for state, _ in tried])
    if len(tried) < 2:
        return np.asarray(g[-1])
    dF, dG = np.diff(f, axis=0), np.diff(g, axis=0)
    gram = model.layout.sum(dF @ dF.T)
    mix = np.linalg.lstsq(gram, model.layout.sum(dF @ f[-1]), rcond=1e-12)[0]
    return np.asarray(g[-1] - mix @ dG)


def _largest(model: Model, values: Floats) -> float:
    from mpi4py import MPI

    return float(model.layout.comm.allreduce(float(np.abs(values).max(initial=0.0)), op=MPI.MAX))
