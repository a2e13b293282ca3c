"""A sweep in tables on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from heliorack.report.printing import cell
from heliorack.report.printing import table as print_table
from heliorack.sweep.analysis.sensitivity import Sensitivity
from heliorack.sweep.analysis.slices import Slice, cut
from heliorack.sweep.analysis.stacked_margins import Percentiles
from heliorack.sweep.analysis.summary import TABLE_LEVELS, Shown
from heliorack.sweep.analysis.table import worded

Line = list[Any]


def show_words(shown: Shown) -> None:
    """Print all of it."""
    table = shown.table
    holds = sum(bool(row.get("holds")) for row in table.rows)
    without = shown.table.without_limits
    print(f"{table.title}: {len(table.rows)} designs, {holds} hold every limit" + (f", {without} have no limits" if without else ""))
    for note in shown.notes:
        print(f"note: {note}")
    if len(shown.front):
        _front(shown)
    for each in _distinct_methods(shown.sensitivities):
        _influences(each)
    _slices(shown)
    if shown.stack is not None:
        _stack(shown)


def _front(shown: Shown) -> None:
    ways = ["least" if each.better == "min" else "most" for each in (shown.x, shown.y)]
    print(f"\nPareto front: {ways[0]} {shown.x.words}, {ways[1]} {shown.y.words}; {len(shown.front)} designs that none other beats in both")
    further = [name for name in shown.figures if name not in (shown.x.column, shown.y.column)]
    columns = [shown.x.column, shown.y.column, *further]
    rows = [
        [
            *axis_cells(shown, int(i)),
            *(_rounded(shown.table.rows[i].get(column)) for column in columns),
            _verdict(shown.table.rows[i].get("holds")),
        ]
        for i in shown.front
    ]
    print_table([*(axis.column.rpartition(".")[2] for axis in shown.table.axes), *columns, "holds"], rows)
    if shown.kg_per_K is not None:
        print(f"a kelvin of margin weighs {shown.kg_per_K:.2f} kg, {shown.kg_from} (straight line through those that hold)")


def _verdict(holds: bool | None) -> str:
    return "no limits" if holds is None else cell(holds)


def axis_cells(shown: Shown, i: int) -> list[str]:
    """Values of the axes of one design."""
    return [axis.of(i) for axis in shown.table.axes]


def _distinct_methods(found: Sequence[Sensitivity]) -> list[list[Sensitivity]]:
    """Figures whose influences were found in the same way, in one table."""
    groups: dict[tuple[str, bool], list[Sensitivity]] = {}
    for each in found:
        groups.setdefault((each.method, each.full), []).append(each)
    return list(groups.values())


def influence_rows(found: Sequence[Sensitivity]) -> list[dict[str, Any]]:
    """By method: how it was found, figures, and a row per axis of first-order share, total share and rank correlation by figure."""
    tables = []
    for group in _distinct_methods(found):
        by_axis: dict[str, list[Any]] = {}
        for each in group:
            for influence in each.influences:
                by_axis.setdefault(influence.axis, [])
        for axis, cells in by_axis.items():
            cells += [next(i for i in each.influences if i.axis == axis) for each in group]
        tables.append({
            "how": _how(group),
            "figures": [worded(each.figure) for each in group],
            "rows": [(worded(axis).partition(" [")[0], cells) for axis, cells in by_axis.items()],
            "totals": group[0].influences[0].total is not None,
        })  # fmt: skip
    return tables


def _how(group: Sequence[Sensitivity]) -> str:
    used = sorted({each.used for each in group})
    designs = f"{used[0]} designs" if len(used) == 1 else f"{used[0]} to {used[-1]} designs, those that have the figure"
    plain, fits = group[0].words.rpartition(";")[0].partition(", which")[0], [each.fit for each in group if each.fit is not None]
    if not fits:
        return f"{plain}; {designs}"
    foretold = f"{100 * min(fits):.1f} to {100 * max(fits):.1f} % of the variance at samples it has not seen"
    return f"{plain}, which foretells {foretold}; {designs}"


def _influences(group: list[Sensitivity]) -> None:
    (made,) = influence_rows(group)
    print(f"\nSensitivity: {made['how']}" + ("; first order / total, in percent" if made["totals"] else "; in percent"))
    headers = ["axis", *(each.figure for each in group), *(["rank correlation with " + group[0].figure] if _ranked(group) else [])]
    rows: list[Line] = []
    for name, cells in made["rows"]:
        shares = [f"{100 * i.first:.0f}" + ("" if i.total is None else f" / {100 * i.total:.0f}") for i in cells]
        rows.append([name, *shares, *([None if cells[0].rank is None else round(cells[0].rank, 2)] if _ranked(group) else [])])
    print_table(headers, rows)


def _ranked(group: Sequence[Sensitivity]) -> bool:
    return any(i.rank is not None for i in group[0].influences)


def _slices(shown: Shown) -> None:
    for axis in shown.table.axes:
        if axis.sampled or len(axis.levels) > TABLE_LEVELS:
            continue
        cuts = [cut(shown.table, axis, name) for name in shown.figures[:3]]
        single = all((c.count == 1).all() for c in cuts)
        print(f"\n{axis.words}" + ("" if single else ": mean over the other axes (least .. greatest)"))
        rows: list[Line] = []
        for _, level in axis.levels:
            rows.append([level, *(_level(c, level, single) for c in cuts)])
        print_table([axis.column.rpartition(".")[2], *(c.figure for c in cuts)], rows)


def _level(found: Slice, level: str, single: bool) -> str | None:
    """Mean and range at one level of an axis; None where no design has the figure."""
    if level not in found.words:
        return None
    k = found.words.index(level)
    return f"{found.mean[k]:.4g}" + ("" if single else f" ({found.least[k]:.4g} .. {found.greatest[k]:.4g})")


def _stack(shown: Shown) -> None:
    found = shown.stack
    assert found is not None
    print(f"\nWorst corner against percentiles of {found.samples} samples [degC]; 99 %: only 1 % of the samples are worse")
    rows: list[Line] = []
    for unit in found.units:
        t = unit.temperature
        within = None if unit.covered is None else f"{100 * unit.covered:.1f} %"
        rows.append([f"{unit.label} {t.side}", *_numbers(t), _rounded(unit.allowed), _rounded(unit.uncertainty), within])
    print_table(["unit", "nominal", "p50", "p95", "p99", "corner", "stacking_K", "allowed", "uncertainty_K", "within_it"], rows)
    if found.sizes:
        print("\nSizes")
        print_table(
            ["size", "nominal", "p50", "p95", "p99", "corner", "stacking"], [[size.column, *_numbers(size)] for size in found.sizes]
        )
    for line in closing(shown):
        print(line)


def closing(shown: Shown) -> list[str]:
    """What stacking costs, in sentences."""
    found = shown.stack
    if found is None or found.tightest is None:
        return []
    if found.kelvin is None:
        return ["no corner: a fitted surface does not follow these samples well enough"]
    lines = [f"stacking every axis at its worst costs {found.kelvin:.1f} K at {found.tightest.label}, over the 99th percentile"]
    if found.kilograms is not None:
        lines.append(f"and {found.kilograms:.2f} kg of array and battery")
    if shown.stacked_kg is not None:
        lines.append(f"those kelvins weigh {shown.stacked_kg:.2f} kg ({shown.kg_per_K:.2f} kg/K {shown.kg_from})")
    return lines


def _numbers(t: Percentiles) -> Line:
    return [_rounded(value) for value in (t.nominal, t.p50, t.p95, t.p99, t.corner, t.stacked)]


def _rounded(value: Any) -> Any:
    return float(f"{value:.4g}") if isinstance(value, float) else value
