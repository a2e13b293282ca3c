"""The periodic orbit of a reduced model, all of its steps at once: Newton's method on the stages of the whole orbit.

The linear part, with the slope of emission at the reference and the mean slope of feedbacks, falls into single rates whose periodic answer
is known in closed form; what is left goes by Newton's method, its linear systems by GMRES preconditioned with that answer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.sparse.linalg import LinearOperator, gmres

from thermal.errors import SolveError
from thermal.reduction.collocation import STAGES, WEIGHTS, Rates, Steps, interpolation, rates_of_change
from thermal.reduction.model import Moments, Small

Floats = NDArray[np.float64]

FOUND = 1e-8  #: K, of the last change of Newton's method
ITERATIONS = 30
INNER, FORCING = 60, 1e-2  #: iterations of GMRES at most, and what it leaves of the right-hand side
HALVINGS = 5
REFINED = 5  #: times that steps are halved where their error asks for it
MOST_STEPS = 500
SWINGS = 8.0  #: over a step, of what is off to and fro within it: the reciprocal of the part of its span that counts
#: Gauss points and weights on (0, 1)
POINTS, GAUSS = (0.5 * (np.polynomial.legendre.leggauss(4)[0] + 1), 0.5 * np.polynomial.legendre.leggauss(4)[1])


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Coordinates over an orbit."""

    steps: Steps
    starts: Floats  #: (N, r) at the start of each step [K]
    stages: Floats  #: (3, N, r) [K]

    def at(self, times: Floats) -> Floats:
        """Coordinates (k, r) at times [s]."""
        k, share = self.steps.place(times)
        weights = interpolation(share)
        found = weights[:, :1] * self.starts[k]
        for i in range(3):
            found += weights[:, i + 1, None] * self.stages[i, k]
        return found

    def on(self, steps: Steps) -> Floats:
        """Stages (3, N, r) of other steps over the same orbit, or over one a little longer or shorter."""
        times = steps.times(STAGES).ravel() * (self.steps.edges[-1] / steps.edges[-1])
        return self.at(times).reshape(3, len(steps.spans), -1)

    def within(self, share: Floats) -> Floats:
        """Coordinates (k, N, r) at parts of all steps."""
        return self._combined(interpolation(share))

    def rates(self, share: Floats) -> Floats:
        """Their time derivatives [K/s]."""
        return np.asarray(self._combined(rates_of_change(share)) / self.steps.spans[:, None])

    def _combined(self, weights: Floats) -> Floats:
        return np.asarray(weights[:, 0, None, None] * self.starts + np.tensordot(weights[:, 1:], self.stages, axes=1))

    @property
    def end(self) -> Floats:
        """Coordinates at the end of the orbit (r,)."""
        return self.stages[2, -1]


class Waveform:
    """The equations of a reduced model on the steps of one orbit."""

    def __init__(self, small: Small, steps: Steps, first: Floats) -> None:
        """Look up what time brings, and linearise.

        Args:
            small: The model; its sources as they are now.
            steps: Of the orbit.
            first: (3, N, r) guess, at which feedbacks are linearised.

        Raises:
            SolveError: the linear part has no periodic answer.
        """
        self.small, self.steps, self._gauss = small, steps, list[Moments]()
        self.now = Moments(small, steps, STAGES, WEIGHTS)
        own = small.slope.copy()
        for weights, slopes in zip(small.weights, self.now.fed(first.reshape(len(self.now.times), -1))[1], strict=True):
            own -= (weights * np.minimum(slopes, 0.0).mean(axis=0)) @ weights.T
        self._own = own
        try:
            rates, self._modes = eigh(small.A + own, small.M)
        except np.linalg.LinAlgError as error:
            raise SolveError("a reduced model has no modes") from error
        if not rates.min() > 0.0:
            raise SolveError("a reduced model has no periodic state")
        self._rates, self._to_modes = rates, small.M @ self._modes
        self._linear = Rates(steps, rates)

    def solve(self, first: Floats, found: float = FOUND) -> Course:
        """The periodic orbit.

        Args:
            first: (3, N, r) guess of the stages [K].
            found: What is left of the fixed point at most [K].

        Raises:
            SolveError: Newton's method does not converge.
        """
        z = first.reshape(len(self.now.times), -1) @ self._to_modes
        rest, starts, slopes, cubes = self._rest(z)
        size = self._size(rest)
        for _ in range(ITERATIONS):
            if size < found:
                return Course(self.steps, starts @ self._modes.T, ((z + rest) @ self._modes.T).reshape(first.shape))
            step = self._newton(rest, slopes, cubes, found)
            length = 1.0
            for _ in range(HALVINGS):
                tried = z + length * step
                rest, starts, slopes, cubes = self._rest(tried)
                if self._size(rest) < max(size, found):
                    break
                length *= 0.5
            z, size = tried, self._size(rest)
            if not np.isfinite(size):
                break
        raise SolveError("a reduced model has no periodic state that Newton's method finds")

    def _size(self, rest: Floats) -> float:
        """Greatest of coordinates, by modes (m, r) [K]."""
        return float(np.abs(rest @ self._modes.T).max())

    def _rest(self, z: Floats) -> tuple[Floats, Floats, list[Floats], Floats]:
        """How far the linear answer to the heat at modes (m, r) is from them; starts of the steps; slopes of heat and of fourth powers."""
        q = z @ self._modes.T
        heat, slopes = self.now.fed(q)
        found, starts = self._answer((self.now.load(q, heat) + q @ self._own) @ self._modes)
        return found - z, starts, slopes, self.now.cubes(q)

    def _answer(self, heat: Floats) -> tuple[Floats, Floats]:
        """Periodic modes (m, r) of the linear part under heat into the modes (m, r), and those at the starts of the steps (N, r)."""
        stages, starts = self._linear.periodic(heat.reshape(3, -1, heat.shape[1]))
        return stages.reshape(heat.shape), starts

    def _newton(self, rest: Floats, slopes: list[Floats], cubes: Floats, found: float) -> Floats:
        """Newton's step by modes (m, r)."""
        shape, sampled, own = rest.shape, self.small.sampled @ self._modes, self._modes.T @ self._own @ self._modes
        weights = [self._modes.T @ each for each in self.small.weights]
        if not self.now.turning:
            still = (self._modes.T @ self.now.still).T

        def product(vector: Floats) -> Floats:
            change = vector.reshape(shape)
            powers = cubes * (change @ sampled.T)
            heat = powers @ still if not self.now.turning else self.now.spread(powers) @ self._modes
            heat += change @ own
            for each, slope in zip(weights, slopes, strict=True):
                heat += (slope * (change @ each)) @ each.T
            return np.asarray((change - self._answer(heat)[0]).ravel())

        system = LinearOperator((rest.size, rest.size), matvec=product, dtype=np.float64)
        scale = float(np.linalg.norm(rest)) / max(self._size(rest), 1e-300)
        step, _ = gmres(system, rest.ravel(), rtol=FORCING, atol=0.1 * found * scale, restart=INNER, maxiter=1)
        return np.asarray(step.reshape(shape))

    def finer(self, course: Course, tolerance: float) -> Steps | None:
        """Steps with those halved that are off by more than a tolerance [K]; None where none is, or there are too many."""
        orbit, local = self.missed(course)
        if max(orbit, local.max()) <= tolerance or len(self.steps.spans) > MOST_STEPS:
            return None
        return self.steps.halved(local > min(tolerance, 0.5 * float(local.max())))

    def missed(self, course: Course) -> tuple[float, Floats]:
        """What the steps are off: over the whole orbit [K]; and what each of them is off by itself (N,) [K]."""
        between, q = self._between(), course.within(POINTS)
        flat = q.reshape(len(between.times), -1)
        load = (between.load(flat, between.fed(flat)[0]) - flat @ self.small.A).reshape(q.shape)
        defect = (load - course.rates(POINTS) @ self.small.M) @ self._modes
        mean = np.tensordot(GAUSS, defect, axes=1)
        stages, _ = self._linear.periodic(np.broadcast_to(mean, (3, *mean.shape)))
        orbit = float(np.abs(stages[2] @ self._modes.T).max())
        spans = self.steps.spans[:, None]
        local = np.abs(defect - mean) / (self._rates + SWINGS / spans) + np.abs(mean) / (self._rates + 1 / spans)
        return orbit, np.sqrt(np.square(local).max(axis=0) @ np.square(self._modes.T)).max(axis=1)

    def heat(self, course: Course) -> Floats:
        """Heat by way over the orbit (ways,) [J], by the stages."""
        return self._heat(self.now, course.stages, WEIGHTS)

    def heat_between(self, course: Course) -> Floats:
        """The same by Gauss points of the polynomials between them."""
        return self._heat(self._between(), course.within(POINTS), GAUSS)

    def _heat(self, moments: Moments, q: Floats, weights: Floats) -> Floats:
        flat = q.reshape(len(moments.times), -1)
        heat = moments.heat(flat, moments.fed(flat)[0]).reshape(*q.shape[:2], -1)
        return np.asarray(np.einsum("k,n,knw->w", weights, self.steps.spans, heat))

    def jacobian(self, course: Course) -> Floats:
        """Slope of what the coordinates lose (r, r) [W/K], mean over the orbit; at the mean of the poses."""
        now, shares = self.now, np.outer(WEIGHTS, self.steps.spans).ravel() / self.steps.spans.sum()
        cubes = shares @ now.cubes(course.stages.reshape(len(now.times), -1))
        per_fourth = now.still + sum(
            ((shares @ blend)[pose] * matrix for blend, way in now.turning for pose, matrix in enumerate(way.by_pose)),
            np.zeros_like(now.still),
        )
        found = self.small.A - (per_fourth * cubes) @ self.small.sampled
        for weights, gain in zip(self.small.weights, self.gains(course), strict=True):
            found -= (weights * gain) @ weights.T
        return np.asarray(found)

    def gains(self, course: Course) -> list[Floats]:
        """Slope of every feedback, mean over the orbit [W/K]."""
        slopes = self.now.fed(course.stages.reshape(len(self.now.times), -1))[1]
        shares = np.outer(WEIGHTS, self.steps.spans).ravel() / self.steps.spans.sum()
        return [shares @ one for one in slopes]

    def _between(self) -> Moments:
        """The model at Gauss points, its sources as they were when the equations were made or first asked for these."""
        if not self._gauss:
            self._gauss.append(Moments(self.small, self.steps, POINTS, GAUSS))
        return self._gauss[0]


def periodic_orbit(small: Small, steps: Steps, first: Floats, tolerance: float, found: float = FOUND) -> tuple[Waveform, Course]:
    """The periodic orbit, its steps halved where they are off, and the equations that it solves.

    Args:
        small: The model.
        steps: To begin with.
        first: (3, N, r) guess.
        tolerance: Of a step [K].
        found: As of `Waveform.solve` [K].

    Raises:
        SolveError: there is none, or it is not found.
    """
    for _ in range(REFINED):
        equations = Waveform(small, steps, first)
        course = equations.solve(first, found)
        finer = equations.finer(course, tolerance)
        if finer is None:
            break
        steps, first = finer, course.on(finer)
    return equations, course
