"""What surrounds the satellite in a case: orbit or chamber, what faces see beside the planet, and its shadow."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.errors import NOTHING, CaseError, Problem
from heliorack.casefile.fields import entries
from heliorack.model.articulation import StoppedTracking, stopped
from heliorack.model.worst_epoch import dated_orbit
from orbit.attitude.lost import attitude_after
from orbit.attitude.pointing import unit
from orbit.chamber import Chamber
from orbit.environment import STEPS, Environment, environment

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Lapse:
    """A while in which the body does not point as the case has it."""

    begin: float  #: s
    end: float  #: s; infinite where pointing is not regained
    env: Environment  #: a revolution in the attitude that it then has, of the same phase
    wing: Floats  #: (3,) body axes: where a wing apart, which faced the Sun until then, stands still
    tracking: tuple[StoppedTracking, ...] = ()  #: parts that turn against the body, which stand still meanwhile

    @property
    def moment(self) -> float:
        """Its begin within the revolution [s]."""
        return self.begin % self.env.period

    @property
    def moments(self) -> tuple[float, ...]:
        """Times at which light jumps [s]."""
        return tuple(t for t in (self.begin, self.end) if t < inf)


def sink(case: Case, env: Environment | None) -> float:
    """What coated faces see beside the planet [K]: deep space, or the chamber's shroud."""
    if env is not None:
        return env.sink
    return case.environment.shroud if isinstance(case.environment, Chamber) else case.environment.sink


@contextmanager
def in_words_of(case: Case) -> Iterator[None]:
    """Turn a ValueError of the orbit into a CaseError at the key that its sentence names."""
    try:
        yield
    except CaseError:
        raise
    except ValueError as error:
        named = re.match(r"((?:orbit|environment|attitude|pointing_loss)(?:\.\w+)*):? +(.*)", str(error), re.DOTALL)
        path, words = named.groups() if named else ("orbit", str(error))
        raise CaseError(case.source, [Problem(_as_written(case, path), NOTHING, words)]) from error


def _as_written(case: Case, path: str) -> str:
    """A path by fields as the file writes it, with the unit in its last step."""
    owner: object = case
    steps = path.split(".")
    for i, step in enumerate(steps):
        if not is_dataclass(owner) or isinstance(owner, type):
            break
        keys = {entry.name: entry.key for entry in entries(type(owner)).values()}
        steps[i], owner = keys.get(step, step), getattr(owner, step, None)
    return ".".join(steps)


def surroundings(case: Case, steps: int = STEPS, like: Environment | None = None) -> Environment | None:
    """Orbit or chamber of a case over one period; None on a bench without either.

    Args:
        steps: Equal steps of time per revolution.
        like: A like revolution, whose times are followed from shadow edge to shadow edge.

    Raises:
        CaseError: an orbit that environment or attitude cannot serve.
    """
    if case.orbit is None and not isinstance(case.environment, Chamber):
        return None
    with in_words_of(case):
        if case.orbit is None or isinstance(case.environment, Chamber):
            return environment(case.orbit, case.environment, case.attitude, steps)
        dated = dated_orbit(case)
        env = environment(dated.orbit, case.environment, case.attitude, steps, like)
        if env.spin is not None and case.tracking:
            raise ValueError(
                "attitude.spin_period: parts of [[tracking]] cannot follow on a body that turns more than 60 times per revolution; "
                f"expected {env.period / 60:.0f} s or more, or no [[tracking]]"
            )
        return replace(env, assumptions=(*dated.said, *env.assumptions))


def lapse(case: Case, env: Environment | None, steps: int = STEPS) -> Lapse | None:
    """The time in which a case's body does not point as it should; None where it always does.

    Args:
        env: The revolution of the case.

    Raises:
        CaseError: a moment after the end of the run, or an attitude that cannot be flown.
    """
    given, usual = case.pointing_loss, case.attitude
    if given is None or env is None or usual is None:
        return None
    length = case.run.duration or (case.run.orbits or 0.0) * env.period
    for key, t in (("lost_s", given.lost), ("regained_s", given.regained)):
        if t is not None and t >= length:
            said = f"would be after the transient, which takes {length:.2f} s; leave it out, or make the run longer"
            raise CaseError(case.source, [Problem(f"pointing_loss.{key}", t, said)])
    with in_words_of(case):
        try:
            dated = dated_orbit(case)
            other = environment(dated.orbit, case.environment, attitude_after(given.attitude, usual, given.lost), steps)
        except ValueError as error:
            raise ValueError(str(error).replace("attitude.", "pointing_loss.attitude.", 1).replace("loss.pointing_loss", "loss")) from error
    now = given.lost % env.period
    towards = unit(np.array([np.interp(now, env.times, env.sun[:, i]) for i in range(3)]))
    end = inf if given.regained is None else given.regained
    return Lapse(given.lost, end, other, towards, stopped(case.tracking, env, now))


def told(case: Case, env: Environment | None, away: Lapse | None) -> Environment | None:
    """The revolution of a case, which says among its assumptions what becomes of its pointing."""
    given, usual = case.pointing_loss, case.attitude
    if env is None or away is None or given is None or usual is None:
        return env
    until = "to the end" if given.regained is None else f"to {given.regained:g} s"
    left = given.attitude.kind in ("frozen", "tumble")
    how = attitude_after(given.attitude, usual, given.lost).said(env.period)[0] if left else f"points otherwise ({given.attitude.kind})"
    said = [f"pointing is lost from {given.lost:g} s {until}: the body {how}"]
    if case.tracking:
        said.append("tracking: joints stand still while pointing is lost, as they stood then, and follow again where it is regained")
    if case.parts:
        said.append("maps of light and of what it brings to faces are those of a revolution with pointing")
    return replace(env, assumptions=(*env.assumptions, *said))


def shadow_of(env: Environment | None) -> tuple[float, float] | None:
    """Entry to and exit from shadow [s], penumbra included; the exit counts on beyond the period when shadow spans t = 0."""
    if env is None or not len(env.edges):
        return None
    entry, leaving = float(env.edges[0]), float(env.edges[-1])
    return entry, leaving if leaving > entry else leaving + env.period
