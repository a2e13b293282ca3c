"""Limits of a run that confirms a design, as constraints of the search."""

from __future__ import annotations

from collections.abc import Mapping

from heliorack.casefile.patterns import siblings
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.runfolder.summary import LimitFigures, Summary
from heliorack.studies.sizing.constraints import PERCENT, Judged, Row, detail
from heliorack.studies.sizing.evaluation import Designs


def judged_in(designs: Designs, summaries: Mapping[str, Summary]) -> dict[Row, Judged]:
    """Constraints by the summaries of a run, of numbered siblings the worst."""
    found: dict[Row, Judged] = {}
    for name, summary in summaries.items():
        labels = _labels([limit.on for limit in summary.limits])
        for limit in summary.limits:
            row = Row(name, labels[limit.on], limit.side, detail(limit.at, limit.level, limit.mode))
            one = _judged(designs, limit, name)
            found[row] = min(one, found.get(row, one), key=lambda judged: judged.slack - judged.error)
        pipes = _labels([pipe.part for pipe in summary.heat_pipes])
        for pipe in summary.heat_pipes:
            row, room = Row(name, pipes[pipe.part], "transport"), PERCENT * (1.0 - pipe.load_W_m / pipe.limit_W_m)
            one = Judged(room, room, 0.0, 0.0, pipe.load_W_m, pipe.limit_W_m)
            found[row] = min(one, found.get(row, one), key=lambda judged: judged.slack)
    return found


def _labels(names: list[str]) -> dict[str, str]:
    return {name: label for label, members in siblings(list(dict.fromkeys(names))).items() for name in members}


def _judged(designs: Designs, limit: LimitFigures, case: str) -> Judged:
    required = 0.0 if case in designs.lost else designs.judge.required(limit.on, limit.at)
    return Judged(
        slack=limit.margin_K - required,
        margin=limit.margin_K,
        required=required,
        error=limit.error_K or 0.0,
        calculated=limit.calculated_degC + ZERO_CELSIUS,
        allowed=limit.allowed_degC + ZERO_CELSIUS,
    )
