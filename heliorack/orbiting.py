"""`heliorack orbit`: the environment of a case in figures."""

from __future__ import annotations

from typing import Any

from heliorack.case import Case
from heliorack.problems import NOTHING, CaseError, Problem


def orbit_figures(case: Case) -> dict[str, Any]:
    """Period, angles and eclipse of a case's orbit, units in the keys.

    Raises:
        CaseError: the case has no orbit, or one that environment or attitude cannot serve.
    """
    from orbit.environment import environment, orbit_summary

    if case.orbit is None or case.attitude is None:
        raise CaseError(case.source, [Problem("orbit", NOTHING, "missing; there is no orbit to describe")])
    try:
        found: dict[str, Any] = orbit_summary(environment(case.orbit, case.environment, case.attitude))
    except ValueError as error:
        raise CaseError(case.source, [Problem("orbit", NOTHING, str(error))]) from error
    return found
