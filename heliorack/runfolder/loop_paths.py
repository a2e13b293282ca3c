"""Segments of a coolant loop as lines from their inlets on: a profile holds the ends of cells alone."""

from collections.abc import Mapping
from dataclasses import replace

from heliorack.runfolder.figures.network import SegmentProfile

NEAR = 1e-6  #: m


def from_inlets(segments: Mapping[str, SegmentProfile]) -> dict[str, SegmentProfile]:
    """Every segment with the end of the one before it as its first point.

    The first of a loop, and what follows branches side by side, whose mixture no profile says, begin where their first cell ends.
    """
    begins: dict[str, float] = {}
    found: dict[str, SegmentProfile] = {}
    before: dict[str, SegmentProfile] = {}
    for name, one in segments.items():
        ends = {other: known.path_m[-1] for other, known in before.items()}
        first = one.path_m[0]
        step = one.path_m[1] - first if len(one.path_m) > 1 else None
        begins[name] = first - step if step is not None else max((end for end in ends.values() if end < first), default=0.0)
        from_ = [other for other, end in ends.items() if abs(end - begins[name]) < NEAR]
        found[name] = one if len(from_) != 1 or _beside(from_[0], begins, before) else _joined(before[from_[0]], one)
        before[name] = one
    return found


def _beside(name: str, begins: Mapping[str, float], known: Mapping[str, SegmentProfile]) -> bool:
    """Whether another segment known so far lies beside it, in another branch from the same place, or further along one."""
    mine = known[name]
    start, end = begins[name], mine.path_m[-1]
    return any(other.branch != mine.branch and begins[one] < end - NEAR and other.path_m[-1] > start + NEAR for one, other in known.items())


def _joined(before: SegmentProfile, one: SegmentProfile) -> SegmentProfile:
    return replace(
        one,
        path_m=(before.path_m[-1], *one.path_m),
        temperature_degC=(before.temperature_degC[-1], *one.temperature_degC),
        pressure_bar=(before.pressure_bar[-1], *one.pressure_bar),
    )
