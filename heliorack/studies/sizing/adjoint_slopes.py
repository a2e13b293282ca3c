"""Slopes of limits by the adjoint of the solve that judged them: for keys that move no mesh, in place of designs beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from heliorack.case.case import Case
from heliorack.case.margins import Verdict
from heliorack.run.network_run import is_network
from heliorack.runtime.progress import silent
from heliorack.studies.sizing.constraints import Row
from heliorack.studies.sizing.variables import Variable
from thermal.errors import SensitivityError, SolveError

if TYPE_CHECKING:
    from heliorack.results.result import Result
    from heliorack.run.prepare import Prepared

#: keys that scale terms of the balance of heat on one mesh, with the same view factors
KNOWN = (
    "materials.*.conductivity_W_mK",
    "materials.*.specific_heat_J_kgK",
    "contacts.*.conductance_W_m2K",
    "straps.*.conductance_W_K",
    "coatings.*.solar_absorptance",
    "coatings.*.infrared_emittance",
    "blankets.*.effective_emittance",
    "blankets.*.conductance_W_m2K",
    "boundaries.*.h_W_m2K",
    "boundaries.*.emittance",
    "boundaries.*.flux_W_m2",
    "parts.*.heat_W",
)
FEWEST = 3  #: keys for which the way back over an orbit is gone
SAME = 1e-6  #: relative difference up to which a number of the model is that of the case file

type Slopes = Mapping[Row, Mapping[str, float]]  #: by limit and key: slack [K] by the key's natural logarithm


def keys_of(variables: Sequence[Variable], cases: Sequence[Case], ranks: int) -> tuple[str, ...]:
    """Keys whose slopes are taken from adjoints; none where differences cost less, or hold more than temperatures.

    The way back over an orbit costs about as much as another design: it is gone for three keys at least, that are no fewer than others.
    """
    known = [v for v in variables if moves_no_mesh(v)]
    periodic = any(case.run.kind == "periodic" for case in cases)
    worth = len(known) >= max(FEWEST, len(variables) - len(known)) if periodic else bool(known)
    if not worth or ranks > 1 or not all(map(_is_differentiated, cases)):
        return ()
    return tuple(path for v in known for path in v.paths)


def moves_no_mesh(variable: Variable) -> bool:
    """Whether all that a variable changes are terms of the balance of heat: neither shapes nor what anything weighs."""
    return all(any(fnmatchcase(path, one) for one in KNOWN) for path in variable.paths)


def _is_differentiated(case: Case) -> bool:
    """Whether the adjoint says all that a solve does of slopes: nothing is sized by it, and it is not switched exactly at its end."""
    from heliorack.studies.sensitivity.solved import refuse_kind

    try:
        refuse_kind(case)
    except SensitivityError:
        return False
    switches = bool(case.heaters) or any(entry.throttle is not None for entry in case.compute)
    return case.power is None and not is_network(case) and not case.solver.reduced and not (switches and case.solver.switching is not False)


def slopes(ready: Prepared, result: Result, judged: Mapping[Row, Verdict], keys: Mapping[str, float]) -> Slopes:
    """Slopes of the limits of a solve; without a key where the number that it scales is not the file's own, such as an aged one.

    Args:
        ready: What was solved.
        result: What came out.
        judged: The verdict that each limit stands on.
        keys: Of `KNOWN`, with their values in the unit of the file.

    Returns:
        Nothing where the case has no gradient.
    """
    from heliorack.studies.sensitivity.effects import Differentiable
    from heliorack.studies.sensitivity.solved import kept
    from heliorack.studies.sensitivity.targets import of_limit

    if not judged:
        return {}
    try:
        solved = kept(ready, result.solution, silent, perf_counter())
    except (SensitivityError, SolveError):
        return {}
    try:
        one = Differentiable(solved)
        numbers = [n for n in one.numbers if n.key is not None and abs(n.value - keys.get(n.key, np.nan)) <= SAME * abs(n.value)]
        found, _ = one.slopes([of_limit(solved, v) for v in judged.values()], numbers, silent)
    except (SensitivityError, SolveError):
        return {}
    finally:
        solved.close()
    by_row = zip(judged.items(), found, strict=True)
    signs = {"min": 1.0, "max": -1.0}
    return {row: {str(n.key): signs[v.side] * slope for n, slope in zip(numbers, of_row, strict=True)} for (row, v), of_row in by_row}
