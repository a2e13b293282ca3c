"""Full solves at a few moments of a mission, and what they foretell of all others; moments that fail stay told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.model.bodies import Bodies
from heliorack.run.mission_moment import Mission
from heliorack.run.mission_solves import Sample, UndefinedError, full_solve, network_solve
from heliorack.run.network_run import is_network
from heliorack.runtime.progress import Say, silent
from power.constants import SOLAR_CONSTANT
from power.system.mission_orbits import needs
from power.system.yearly_figures import array_factors
from thermal.errors import SolveError

Floats = NDArray[np.float64]

FEWEST, MOST = 3, 22  #: full solves of a load case
MOST_OF_NODES = 60  #: of nodes and loops alone, whose solves cost next to nothing
MOST_FAILED = 6  #: moments; where so many fail no more are tried
CHECKS = 5  #: solves in a row that the ones before must have foretold
CLOSE_K, CLOSE_POWER = 0.3, 0.003  #: K of extremes, and part of the battery's energy, to which they must
EVEN = 0.3  #: of the largest doubt, which counts everywhere: solves go to where others are far and what they foretell is poor
ROUND = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Failed:
    """A moment that gave no solution."""

    years: float
    place: Floats  #: as of a `Sample`
    said: str
    undefined: bool  #: sky or attitude is not defined there; else the solve failed


@dataclass(slots=True, eq=False)
class Samples:
    """Full solves of a mission, the next one where the others say least, until they foretell it."""

    mission: Mission
    comm: Any
    bodies: Bodies
    say: Say = silent
    samples: list[Sample] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
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
            UndefinedError, SolveError: as `full_solve`.
        """
        place = self.place(years)
        if is_network(self.mission.case):
            return network_solve(self.mission, years, place, self.comm, self.say)
        nearest = min(self.samples, key=lambda sample: float(np.linalg.norm(sample.place - place)), default=None)
        like = None if nearest is None or start is None else nearest.history
        return full_solve(self.mission, years, place, self.comm, self.bodies, self.say, start, like)

    def gather(self) -> None:
        """Solve until the last ones were foretold, or no more are allowed; a moment that fails is kept as one, and the others go on."""
        d = self._places.shape[1]
        if d == 0:
            found = self._tried(0.0, None)
            self.samples += [] if found is None else [found]
            return
        while len(self.samples) + len(self.failed) < self.most and len(self.failed) < MOST_FAILED:
            years = self._farthest()
            if years is None:
                return
            foretold = self.foretell(np.array([years])) if len(self.samples) > d else None
            known = self.samples and foretold is not None
            found = self._tried(years, self._guess(years) if known else self.samples[-1].end if self.samples else None)
            if found is None:
                continue
            if known and foretold is not None and len(self.samples) >= max(FEWEST, 2 * d + 1):
                self.misses.append(self.missed(found, foretold))
            self.samples.append(found)
            last = self.misses[-CHECKS:]
            if len(last) == CHECKS and all(k <= CLOSE_K and p <= CLOSE_POWER for k, p in last):
                return

    def _tried(self, years: float, start: Floats | None) -> Sample | None:
        """A full solve; None where it fails, which is kept."""
        try:
            return self.solve(years, start)
        except UndefinedError as error:
            self.failed.append(Failed(years, self.place(years), str(error), undefined=True))
        except SolveError as error:
            self.failed.append(Failed(years, self.place(years), " ".join(str(error).split()), undefined=False))
        return None

    @property
    def most(self) -> int:
        """Full solves that are allowed."""
        return MOST_OF_NODES if is_network(self.mission.case) else MOST

    @property
    def foretelling(self) -> bool:
        """Whether the solves tell of other moments; those of a mission of which some failed need to be several."""
        return len(self.samples) >= (FEWEST if self.failed else 1)

    @property
    def error(self) -> tuple[float, float]:
        """Largest miss of the last solves: of extremes [K], and of the deepest discharge as part of the battery's energy [-].

        Where failed moments left too few for that, it is how far the solves are from one another.
        """
        last = self.misses[-CHECKS:]
        if self.failed and not last and self.foretelling:
            n = len(self.samples[0].verdicts) + len(self.samples[0].extremes)
            spread = np.ptp(np.stack([sample.vector[:n] for sample in self.samples]), axis=0)
            return float(spread.max(initial=0.0)), 1.0
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
        tried = [sample.place for sample in self.samples] + [one.place for one in self.failed]
        if not tried:
            return float(days[int(np.argmin(np.linalg.norm(self._places - np.round(self._places), axis=1)))])
        away = np.stack([np.linalg.norm(self._places - place, axis=1) for place in tried])
        apart, doubt = away.min(axis=0), np.append(self._doubts(), np.zeros(len(self.failed)))
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
