"""Full solves at a few moments of a mission, and what they foretell of all others."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.case.margins import Verdict
from heliorack.coupling.solve import solve
from heliorack.model.bodies import Bodies
from heliorack.results.verdicts import verdicts
from heliorack.run.mission_moment import Mission
from heliorack.runtime.progress import Say, silent
from power.constants import SOLAR_CONSTANT
from power.system.mission_orbits import Profile, needs, profile
from power.system.system import PowerResult
from power.system.yearly_figures import array_factors
from thermal.errors import SolveError
from thermal.solve.probes import History

Floats = NDArray[np.float64]

FEWEST, MOST = 3, 22  #: full solves of a load case
CHECKS = 5  #: solves in a row that the ones before must have foretold
CLOSE_K, CLOSE_POWER = 0.3, 0.003  #: K of extremes, and part of the battery's energy, to which they must
EVEN = 0.3  #: of the largest doubt, which counts everywhere: solves go to where others are far and what they foretell is poor
ROUND = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """What one full solve found."""

    years: float
    place: Floats  #: (d,) beta angle, age, sunlight: what of it varies over the mission
    verdicts: tuple[Verdict, ...]
    extremes: Floats  #: (2 x parts,) coldest, hottest [K]
    battery: float  #: orbit mean [K]; nan where no part has it
    power: PowerResult | None
    profile: Profile | None
    lengthened: float  #: eclipse over that of a cylinder [s]
    end: Floats  #: temperatures of all nodes at the end of the orbit [K]
    history: History  #: of the orbit

    @property
    def vector(self) -> Floats:
        """All that is interpolated (v,)."""
        margins = [v.margin for v in self.verdicts]
        rest = [] if self.profile is None else [*self.profile.light, *self.profile.load, self.lengthened]
        return np.array([*margins, *self.extremes, 0.0 if np.isnan(self.battery) else self.battery, *rest])


@dataclass(slots=True, eq=False)
class Samples:
    """Full solves of a mission, the next one where the others say least, until they foretell it."""

    mission: Mission
    comm: Any
    bodies: Bodies
    say: Say = silent
    samples: list[Sample] = field(default_factory=list)
    misses: list[tuple[float, float]] = field(default_factory=list)  #: of each further solve: [K] of extremes, part of the battery
    _places: Floats = field(init=False)  #: (moments, d)
    _scale: tuple[Floats, Floats] = field(init=False)

    def __post_init__(self) -> None:
        walk = self.mission.calendar
        columns = [walk.beta, walk.days / 365.25 if self.mission.ages else 0.0 * walk.days]
        settings: Any = self.mission.case.environment
        columns.append(walk.solar if settings.solar == "seasonal" else 0.0 * walk.solar)
        spans = np.array([np.ptp(column) for column in columns])
        varies = spans > ROUND * np.array([1.0, 1.0, SOLAR_CONSTANT])
        whole = np.stack(columns, axis=1)[:, varies]
        self._scale = (whole.min(axis=0), np.maximum(np.ptp(whole, axis=0), 1e-300))
        self._places = (whole - self._scale[0]) / self._scale[1]

    def place(self, years: float) -> Floats:
        """Where a moment lies among the others (d,)."""
        days = self.mission.calendar.days / 365.25
        return np.array([np.interp(years, days, column) for column in self._places.T])

    def solve(self, years: float, start: Floats | None = None) -> Sample:
        """One full solve.

        Raises:
            SolveError: it failed, or there is no periodic state.
        """
        place = self.place(years)
        nearest = min(self.samples, key=lambda sample: float(np.linalg.norm(sample.place - place)), default=None)
        like = None if nearest is None or start is None else nearest.history
        return full_solve(self.mission, years, place, self.comm, self.bodies, self.say, start, like)

    def gather(self) -> None:
        """Solve until the last ones were foretold, or no more are allowed."""
        d = self._places.shape[1]
        if d == 0:
            self.samples.append(self.solve(0.0))
            return
        while len(self.samples) < MOST:
            years = self._farthest()
            if years is None:
                return
            foretold = self.foretell(np.array([years])) if len(self.samples) > d else None
            known = self.samples and foretold is not None
            found = self.solve(years, self._guess(years) if known else self.samples[-1].end if self.samples else None)
            if known and foretold is not None and len(self.samples) >= max(FEWEST, 2 * d + 1):
                self.misses.append(self.missed(found, foretold))
            self.samples.append(found)
            last = self.misses[-CHECKS:]
            if len(last) == CHECKS and all(k <= CLOSE_K and p <= CLOSE_POWER for k, p in last):
                return

    @property
    def error(self) -> tuple[float, float]:
        """Largest miss of the last solves: of extremes [K], and of the deepest discharge as part of the battery's energy [-]."""
        last = self.misses[-CHECKS:]
        return max((k for k, _ in last), default=0.0), max((p for _, p in last), default=0.0)

    def foretell(self, years: Floats) -> Floats:
        """All that is interpolated, at moments (k,): (k, v)."""
        return self._interpolated([sample.vector for sample in self.samples], years)

    def _guess(self, years: float) -> Floats:
        return np.asarray(self._interpolated([sample.end for sample in self.samples], np.array([years]))[0])

    def _interpolated(self, values: Sequence[Floats], years: Floats) -> Floats:
        """By thin plates over a plane, through all solves."""
        from scipy.interpolate import RBFInterpolator

        known = np.stack(values)
        if len(known) == 1:
            return np.broadcast_to(known[0], (len(years), known.shape[1]))
        places = np.stack([sample.place for sample in self.samples])
        d = places.shape[1]
        plane = len(places) > d and np.linalg.matrix_rank(np.c_[np.ones(len(places)), places], tol=1e-3) == d + 1
        at = np.stack([self.place(float(t)) for t in years])
        if plane:
            return np.asarray(RBFInterpolator(places, known, kernel="thin_plate_spline", degree=1)(at))
        return np.asarray(RBFInterpolator(places, known, kernel="linear", degree=0)(at))

    def _farthest(self) -> float | None:
        """The moment farthest from all that are solved; the first one at the start, none where all are near."""
        days = self.mission.calendar.days / 365.25
        if not self.samples:
            return float(days[int(np.argmin(np.linalg.norm(self._places - np.round(self._places), axis=1)))])
        away = np.stack([np.linalg.norm(self._places - sample.place, axis=1) for sample in self.samples])
        apart, doubt = away.min(axis=0), self._doubts()
        i = int(np.argmax(apart * (doubt[away.argmin(axis=0)] + EVEN * doubt.max() + ROUND)))
        return float(days[i]) if apart[i] > 1e-3 else None

    def _doubts(self) -> Floats:
        """How far each solve is from what all others foretell of it (n,) [K]; alike while they are few."""
        n, d = len(self.samples), self._places.shape[1]
        if n < 2 * d + 2:
            return np.zeros(n)
        found = [replace(self, samples=[*self.samples[:i], *self.samples[i + 1 :]]).missed(self.samples[i])[0] for i in range(n)]
        return np.array(found)

    def missed(self, found: Sample, foretold: Floats | None = None) -> tuple[float, float]:
        """Difference of a solve from what the others foretell: of extremes [K], and of the battery's swing over its energy [-]."""
        foretold = self.foretell(np.array([found.years])) if foretold is None else foretold
        n = len(found.verdicts) + len(found.extremes)
        kelvin = float(np.abs(found.vector[:n] - foretold[0, :n]).max(initial=0.0))
        if found.profile is None or found.power is None or not found.power.pack_capacity:
            return kelvin, 0.0
        period, pack = self.mission.calendar.period, found.power.pack_capacity
        factor = self.array_factor(found.years)
        light, load, eclipse = self.power_of(foretold, np.array([found.years]))
        deep = [
            needs(found.power, period, e, factor * lit, asked)
            for e, lit, asked in ((found.profile.eclipse, found.profile.light, found.profile.load), (eclipse[0], light[0], load[0]))
        ]
        return kelvin, max(abs(a - b) for a, b in zip(*deep, strict=True)) / pack

    def power_of(self, foretold: Floats, years: Floats) -> tuple[Floats, Floats, Floats]:
        """Light and load (k, m) and eclipse (k,) [s] of what was foretold."""
        first = self.samples[0]
        assert first.profile is not None
        m, walk = len(first.profile.light), self.mission.calendar
        n = foretold.shape[1] - 2 * m - 1
        cylinder = np.interp(years, walk.days / 365.25, walk.eclipse)
        eclipse = np.where(cylinder > 0.0, np.maximum(cylinder + foretold[:, -1], 0.0), 0.0)
        return np.maximum(foretold[:, n : n + m], 0.0), np.maximum(foretold[:, n + m : n + 2 * m], 0.0), eclipse

    def array_factor(self, years: float) -> float:
        """Power of the array over new at a moment [-]."""
        aged, first = self.mission.at(years).power, self.samples[0].power
        if aged is None or first is None or years <= 0.0:
            return 1.0
        return float(array_factors(aged, first)[-1])


def full_solve(
    mission: Mission, years: float, place: Floats, comm: Any, bodies: Bodies, say: Say, start: Floats | None, like: History | None
) -> Sample:
    """Solve a mission at one moment.

    Args:
        start: Temperatures of all nodes to start from [K].
        like: An orbit of another moment.

    Raises:
        SolveError: it failed, or there is no periodic state.
    """
    from heliorack.run.prepare import prepare

    case = mission.at(years)
    ready = prepare(case, comm, say, bodies, _nobody, like=like)
    solution, _, _ = solve(ready.question, start, _forget)
    if solution.runaway is not None or solution.periodic is None or not solution.periodic.converged:
        said = solution.runaway or "no periodic state was reached"
        raise SolveError(f"life of the mission: {said} after {years:.2f} years; a run of that moment alone says more")
    history, side = solution.history, ready.side
    state = None if side is None else ready.coupling.memory(side)
    power = None if state is None else state.balanced
    edges = np.empty(0) if ready.env is None else ready.env.edges
    usable = power is not None and power.carries and power.array_area and case.power is not None
    orbit = profile(case.power, power, edges) if usable and case.power is not None and power is not None else None
    parts = len(ready.body.assembly.part_names)
    walk = mission.calendar
    cylinder = float(np.interp(years, walk.days / 365.25, walk.eclipse))
    return Sample(
        years=years,
        place=place,
        verdicts=verdicts(case, ready.body, ready.coupling.loads, history, ready.faces, ready.devices),
        extremes=np.concatenate([history.coldest[:parts], history.hottest[:parts]]),
        battery=float("nan") if side is None else side.battery_mean(history),
        power=power,
        profile=orbit,
        lengthened=0.0 if orbit is None or cylinder <= 0.0 or orbit.eclipse <= 0.0 else orbit.eclipse - cylinder,
        end=solution.end,
        history=history,
    )


def _forget(T: Floats) -> None:
    """No checkpoint."""


def _nobody(case: Case, body: Any) -> tuple[()]:
    return ()
