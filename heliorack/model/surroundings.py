"""What surrounds the satellite in a case: orbit or chamber, what faces see beside the planet, and its shadow."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from heliorack.case.case import Case
from heliorack.casefile.errors import NOTHING, CaseError, Problem
from heliorack.model.worst_epoch import dated_orbit
from orbit.chamber import Chamber
from orbit.environment import STEPS, Environment, environment


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
        named = re.match(r"((?:orbit|environment|attitude)(?:\.\w+)*):? +(.*)", str(error), re.DOTALL)
        path, words = named.groups() if named else ("orbit", str(error))
        raise CaseError(case.source, [Problem(path, NOTHING, words)]) from error


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


def shadow_of(env: Environment | None) -> tuple[float, float] | None:
    """Entry to and exit from shadow [s], penumbra included; the exit counts on beyond the period when shadow spans t = 0."""
    if env is None or not len(env.edges):
        return None
    entry, leaving = float(env.edges[0]), float(env.edges[-1])
    return entry, leaving if leaving > entry else leaving + env.period
