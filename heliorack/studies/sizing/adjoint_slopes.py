"""Slopes of limits by the adjoint of the solve that judged them: for keys that move no mesh, in place of designs beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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

FOLLOWED = "what it scales in the model is not the number of the file alone"  #: such as an aged coating, or a conductivity that joints have

type Slopes = Mapping[Row, Mapping[str, float]]  #: by limit and key: slack [K] by the key's natural logarithm


@dataclass(frozen=True, slots=True)
class Told:
    """What a solve says of slopes."""

    slopes: Slopes = field(default_factory=dict)
    unsaid: Mapping[str, str] = field(default_factory=dict)  #: keys of which it was asked and says nothing: why


def keys_of(variables: Sequence[Variable], cases: Sequence[Case], ranks: int) -> tuple[str, ...]:
    """Keys whose slopes are taken from adjoints; none where differences cost less, or hold more than temperatures."""
    return () if why_none(variables, cases, ranks) else candidates(variables)


def candidates(variables: Sequence[Variable]) -> tuple[str, ...]:
    """Keys whose slopes an adjoint can say."""
    return tuple(path for v in variables if moves_no_mesh(v) for path in v.paths)


def why_none(variables: Sequence[Variable], cases: Sequence[Case], ranks: int) -> str:
    """Why slopes by such keys are not taken from adjoints, in words; "" where they are.

    The way back over an orbit costs about as much as another design: it is gone for three keys at least, that are no fewer than others.
    """
    if ranks > 1:
        return "on several processes"
    if why := next(filter(None, map(_undifferentiated, cases)), ""):
        return why
    known = sum(map(moves_no_mesh, variables))
    if known < max(FEWEST, len(variables) - known) and any(case.run.kind == "periodic" for case in cases):
        return f"over an orbit an adjoint costs as much as another design; taken for {FEWEST} such keys at least, no fewer than others"
    return ""


def by_differences(why: Mapping[str, str]) -> tuple[str, ...]:
    """One sentence on the keys whose slopes are by differences though they move no mesh, by reason; none where there are none."""
    if not why:
        return ()
    reasons = dict.fromkeys(why.values())
    each = [f"{', '.join(key for key, other in why.items() if other == reason)} ({reason})" for reason in reasons]
    return (f"slopes by differences between designs, not by adjoints: {'; '.join(each)}",)


def moves_no_mesh(variable: Variable) -> bool:
    """Whether all that a variable changes are terms of the balance of heat: neither shapes nor what anything weighs."""
    return all(any(fnmatchcase(path, one) for one in KNOWN) for path in variable.paths)


def _undifferentiated(case: Case) -> str:
    """Why an adjoint does not say all that a solve does of slopes; "" where nothing is sized by it, nor switched exactly at its end."""
    from heliorack.studies.sensitivity.solved import refuse_kind

    try:
        refuse_kind(case)
    except SensitivityError as error:
        return str(error).partition(";")[0]  # what follows is what else to ask for
    if case.power is not None:
        return "[power]: array and battery follow it too, of which an adjoint of temperatures says nothing"
    if is_network(case):
        return "[network]: nodes and loops are not differentiated"
    if case.solver.reduced:
        return "solver.reduced: reduced models have no adjoint"
    switches = bool(case.heaters) or any(entry.throttle is not None for entry in case.compute)
    exactly = switches and case.solver.switching is not False
    return "heaters or throttles are switched exactly (solver.switching), which has no slope" if exactly else ""


def slopes(ready: Prepared, result: Result, judged: Mapping[Row, Verdict], keys: Mapping[str, float]) -> Told:
    """Slopes of the limits of a solve; without a key where the number that it scales is not the file's own, such as an aged one.

    Args:
        ready: What was solved.
        result: What came out.
        judged: The verdict that each limit stands on.
        keys: Of `KNOWN`, with their values in the unit of the file.

    Returns:
        Nothing but why where the case has no gradient.
    """
    from heliorack.studies.sensitivity.effects import Differentiable
    from heliorack.studies.sensitivity.solved import kept
    from heliorack.studies.sensitivity.targets import of_limit

    if not judged:
        return Told()
    try:
        solved = kept(ready, result.solution, silent, perf_counter())
    except (SensitivityError, SolveError) as error:
        return Told(unsaid=dict.fromkeys(keys, f"in a solve, {error}"))
    try:
        one = Differentiable(solved)
        numbers = [n for n in one.numbers if n.key is not None and abs(n.value - keys.get(n.key, np.nan)) <= SAME * abs(n.value)]
        found, _ = one.slopes([of_limit(solved, v) for v in judged.values()], numbers, silent)
    except (SensitivityError, SolveError) as error:
        return Told(unsaid=dict.fromkeys(keys, f"in a solve, {error}"))
    finally:
        solved.close()
    by_row = zip(judged.items(), found, strict=True)
    signs = {"min": 1.0, "max": -1.0}
    known = {row: {str(n.key): signs[v.side] * slope for n, slope in zip(numbers, of_row, strict=True)} for (row, v), of_row in by_row}
    said = {n.key for n in numbers}
    return Told(known, {key: FOLLOWED for key in keys if key not in said})
