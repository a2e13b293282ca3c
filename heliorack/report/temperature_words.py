"""Temperatures against limits at the end of `heliorack run`: a row for each part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from heliorack.casefile.patterns import siblings
from heliorack.report.printing import plain
from heliorack.runfolder.envelope import LimitEnvelope, PartEnvelope
from heliorack.runfolder.summary import Extremes, LimitFigures

MOST_ROWS = 14  #: more parts than this are shown by groups of numbered siblings


def temperatures(parts: Mapping[str, Extremes], limits: Sequence[LimitFigures]) -> list[str]:
    """A row per part with its tightest limit, then limits that stand elsewhere (faces, junctions)."""
    groups = siblings(list(parts)) if len(parts) > MOST_ROWS else {name: [name] for name in parts}
    cased = any(isinstance(figures, PartEnvelope) for figures in parts.values())
    rows = []
    for label, members in groups.items():
        low = min((parts[name] for name in members), key=lambda figures: figures.min_degC)
        high = max((parts[name] for name in members), key=lambda figures: figures.max_degC)
        found = _tightest([limit for limit in limits if limit.on in members and limit.at == "part"])
        cold_in = low.min_in if isinstance(low, PartEnvelope) else ""
        hot_in = high.max_in if isinstance(high, PartEnvelope) else ""
        rows.append([label, _degrees(low.min_degC), cold_in, _degrees(high.max_degC), hot_in, *found])
    rows += _elsewhere(limits)
    headers = ["part", "min_degC", "in", "max_degC", "in", "limit_degC", "margin_K", ""]
    kept = [i for i in range(len(headers)) if cased or headers[i] != "in"]
    right = [header.endswith(("degC", "_K")) for header in headers]
    return plain([headers[i] for i in kept], [[row[i] for i in kept] for row in rows], [right[i] for i in kept])


def _elsewhere(limits: Sequence[LimitFigures]) -> list[list[str]]:
    """Rows of limits on faces and junctions: the tightest of each group of siblings."""
    rows = []
    for place in ("face", "junction"):
        there = [limit for limit in limits if limit.at == place]
        for label, members in siblings(list(dict.fromkeys(limit.on for limit in there))).items():
            theirs = [limit for limit in there if limit.on in members]
            coldest = min((limit for limit in theirs if limit.side == "min"), key=lambda limit: limit.calculated_degC, default=None)
            hottest = max((limit for limit in theirs if limit.side == "max"), key=lambda limit: limit.calculated_degC, default=None)
            name = label + (" mean" if place == "face" else " junction" if not any(limit.note for limit in theirs) else " case")
            rows.append([name, *_calculated(coldest), *_calculated(hottest), *_tightest(theirs)])
    return rows


def _calculated(limit: LimitFigures | None) -> tuple[str, str]:
    """Temperature that a limit was judged by, and the load case it comes from."""
    if limit is None:
        return "-", ""
    return _degrees(limit.calculated_degC), limit.in_ if isinstance(limit, LimitEnvelope) else ""


def _tightest(limits: Sequence[LimitFigures]) -> list[str]:
    if not limits:
        return ["-", "-", ""]
    limit = min(limits, key=lambda limit: limit.margin_K)
    when = "" if limit.mode == "operating" else f" {limit.mode.replace('_', '-')}"
    return [f"{limit.side} {limit.allowed_degC:.1f}{when}", f"{limit.margin_K:.1f}", "" if limit.holds else "MISSED"]


def _degrees(value: float | None) -> str:
    return "-" if value is None else f"{round(value, 1) + 0.0:.1f}"
