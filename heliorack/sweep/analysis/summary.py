"""What came out of a sweep: front, slices, influences and stacked margins; as tables, JSON, pictures and one HTML file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.sweep.analysis.pareto import DEFAULTS, Objective, front, objective, slope
from heliorack.sweep.analysis.sensitivity import Sensitivity, sensitivity
from heliorack.sweep.analysis.slices import cut
from heliorack.sweep.analysis.stacked_margins import Stack, described, stack
from heliorack.sweep.analysis.table import SIZES, Axis, ColumnError, SweepTable, read_table

ACROSS = ("mass_kg", "array_area_m2", "pack_capacity_Wh", "hottest_degC")  #: first that varies stands for what a design costs
UP = ("tightest_margin_K", "hottest_degC", "coldest_degC")  #: and for what it gives
ALSO = ("hottest_degC", "coldest_degC", "array_area_m2", "pack_capacity_Wh")  #: shown when nobody asks for columns
MOST_SLICES, MOST_UPRIGHTS = 8, 6  #: axes in pictures
TABLE_LEVELS = 24  #: rows of a slice in a table


@dataclass(frozen=True)
class Shown:
    """A sweep looked at."""

    table: SweepTable
    x: Objective
    y: Objective
    figures: tuple[str, ...]  #: columns that slices and influences are about
    front: NDArray[np.intp]  #: designs; empty where samples, not choices, set them apart
    sensitivities: tuple[Sensitivity, ...]
    stack: Stack | None
    kg_per_K: float | None = None  #: along the front of mass and margin, of this sweep or of the one named as trade
    kg_from: str = ""  #: where that comes from
    notes: tuple[str, ...] = field(default=())

    @property
    def stacked_kg(self) -> float | None:
        """Kilograms of radiator that the stacked kelvins of the tightest unit would take."""
        if self.stack is None or self.stack.kelvin is None or self.kg_per_K is None:
            return None
        return self.stack.kelvin * self.kg_per_K


def show(folder: Path, x: str | None = None, ys: Sequence[str] = (), trade: Path | None = None) -> Shown:
    """Look at a sweep.

    Args:
        folder: Of the sweep.
        x: What a design costs: COLUMN, COLUMN:min or COLUMN:max; the first of `ACROSS` that varies when not given.
        ys: What it gives; the first is the other objective of the front, all have slices and influences.
        trade: Folder of a sweep whose front of mass and margin says what a kelvin weighs.

    Raises:
        FolderError: no sweep, or nothing solved.
        ColumnError: a column that is not there.
    """
    table = read_table(folder)
    across = objective(table, x) if x else _first(table, ACROSS)
    ups = [objective(table, y) for y in ys] or [_first(table, UP, across.column)]
    samples = bool(table.axes) and all(axis.sampled for axis in table.axes)
    chosen = x is not None or bool(ys)
    on_front = _front(table, across, ups[0]) if chosen or not samples else np.array([], dtype=np.intp)
    asked = [up.column for up in ups] + [across.column] + ([] if ys else [name for name in ALSO if name in table.figures])
    figures = tuple(dict.fromkeys(asked))
    trades = not samples and (across.column, ups[0].column) == DEFAULTS
    kg, source = _kilograms(trade) if trade else (_kg(table) if trades else None, "along the front of this sweep")
    return Shown(
        table=table,
        x=across,
        y=ups[0],
        figures=figures,
        front=on_front,
        sensitivities=tuple(found for name in figures if (found := sensitivity(table, name))),
        stack=stack(table),
        kg_per_K=kg,
        kg_from=source if kg is not None else "",
        notes=tuple(_notes(table, samples and not chosen)),
    )


def _first(table: SweepTable, names: Sequence[str], other: str = "") -> Objective:
    varying = [name for name in (*names, *table.figures) if name in table.figures and name != other]
    if not varying:
        raise ColumnError(f"{table.folder}: nothing differs between its {len(table.rows)} designs, so there is nothing to show")
    return objective(table, varying[0])


def _front(table: SweepTable, x: Objective, y: Objective) -> NDArray[np.intp]:
    return front(np.column_stack([table.numbers(x.column), table.numbers(y.column)]), (x.better, y.better))


def _kg(table: SweepTable) -> float | None:
    """Kilograms for a kelvin of margin along the front of a sweep, where its designs hold their limits; None where it trades none."""
    if not set(DEFAULTS) <= set(table.figures):
        return None
    values = np.column_stack([table.numbers(name) for name in DEFAULTS])
    holds = np.array([bool(row.get("holds")) for row in table.rows])
    found = front(values, ("min", "max"))
    return slope(values[found[holds[found]]])


def _kilograms(trade: Path) -> tuple[float | None, str]:
    table = read_table(trade)
    return _kg(table), f"along the front of {trade}"


def _notes(table: SweepTable, samples: bool) -> list[str]:
    found = []
    under = " under some of their load cases" if len(table.cases) > 1 else ""
    if len(table.cases) > 1:
        found.append(f"every design at the worst of its {len(table.cases)} load cases ({', '.join(table.cases)})")
    sizes = [name for name in SIZES if name in table.figures]
    without = max((int(np.isnan(table.numbers(name)).sum()) for name in sizes), default=0)
    if without:
        found.append(f"{without} designs have no array that carries their load: they have no sizes, and figures of sizes leave them out")
    if table.partial:
        found.append(f"a constraint leaves out some load case of {table.partial} designs, which are at the worst of the others")
    if table.left_out:
        found.append(
            f"{table.left_out} designs are not done, or failed,{under} and are left out; see heliorack sweep status {table.folder}"
        )
    if table.left_out and table.sampled:
        found.append("neighbours among the samples are run one after another: until all are done, percentiles are not those of the whole")
    if samples:
        found.append("no front: its designs differ by chance, not by choice; ask with --x and --y to see one all the same")
    return found


# ------------------------------------------------------------------------------------------------------------------- JSON


def as_dict(shown: Shown) -> dict[str, Any]:
    """For programs."""
    table = shown.table
    return {
        "folder": str(table.folder),
        "title": table.title,
        "designs": len(table.rows),
        "holds": sum(bool(row.get("holds")) for row in table.rows),
        "without_limits": table.without_limits,
        "left_out": table.left_out,
        "without_some_case": table.partial,
        "load_cases": list(table.cases),
        "axes": [axis.column for axis in table.axes],
        "objectives": [{"column": each.column, "better": each.better} for each in (shown.x, shown.y)],
        "front": [_design(shown, int(i)) for i in shown.front],
        "kg_per_K": shown.kg_per_K,
        "kg_per_K_from": shown.kg_from or None,
        "sensitivity": [
            {
                "figure": each.figure,
                "method": each.method,
                "how": each.words,
                "full_grid": each.full if each.method == "levels" else None,
                "fit": each.fit,
                "designs": each.used,
                "axes": [{"axis": i.axis, "first": i.first, "total": i.total, "rank_correlation": i.rank} for i in each.influences],
            }
            for each in shown.sensitivities
        ],
        "slices": [_slice(shown, axis.column, name) for axis in table.axes for name in shown.figures],
        "stack": None if shown.stack is None else _stack(shown),
        "notes": list(shown.notes),
    }


def _design(shown: Shown, i: int) -> dict[str, Any]:
    row = shown.table.rows[i]
    columns = [*shown.table.varied, *dict.fromkeys([shown.x.column, shown.y.column, *shown.figures]), "holds"]
    return {"point": row["point"]} | {column: row.get(column) for column in columns}


def _slice(shown: Shown, column: str, name: str) -> dict[str, Any]:
    axis = next(axis for axis in shown.table.axes if axis.column == column)
    found = cut(shown.table, axis, name)
    rows = zip(found.words, found.mean, found.least, found.greatest, found.count, strict=True)
    levels = [{"level": w, "mean": m, "least": a, "greatest": b, "designs": int(n)} for w, m, a, b, n in rows]
    return {"axis": column, "figure": name, "levels": levels}


def _stack(shown: Shown) -> dict[str, Any]:
    found = shown.stack
    assert found is not None
    return {
        "samples": found.samples,
        "units": [
            {"unit": unit.label, "part": unit.part}
            | described(unit.temperature)
            | {"allowed": unit.allowed, "uncertainty_K": unit.uncertainty, "share_within_uncertainty": unit.covered}
            for unit in found.units
        ],
        "sizes": {size.column: described(size) for size in found.sizes},
        "tightest": None if found.tightest is None else found.tightest.label,
        "costs_K": found.kelvin,
        "costs_kg_array_and_battery": found.kilograms,
        "costs_kg_by_front": shown.stacked_kg,
    }


# --------------------------------------------------------------------------------------------------------------- pictures


def pictures(shown: Shown) -> dict[str, Any]:
    """Figures of matplotlib by name, those that have something to show."""
    from heliorack.sweep.analysis import bars, plots

    found = {}
    if len(shown.front):
        found["front"] = plots.pareto(shown.table, shown.x, shown.y, shown.front)
    if shown.table.axes:
        found["slices"] = plots.slices(shown.table, shown.figures[:3], leading(shown, MOST_SLICES))
    if shown.sensitivities:
        found["sensitivity"] = bars.influences(shown.sensitivities)
    if shown.stack is not None:
        found["stack"] = bars.stacked(shown.stack)
    if len(shown.table.rows) > 1:
        found["parallel"] = plots.parallel(shown.table, leading(shown, MOST_UPRIGHTS), shown.figures, shown.front, shown.y.column)
    return found


def leading(shown: Shown, most: int) -> tuple[Axis, ...]:
    """Axes of a sweep; where there are too many, those that move some figure most."""
    if len(shown.table.axes) <= most:
        return shown.table.axes
    share: dict[str, float] = {}
    for each in shown.sensitivities[:3]:
        for influence in each.influences:
            share[influence.axis] = max(share.get(influence.axis, 0.0), influence.first, influence.total or 0.0)
    return tuple(sorted(shown.table.axes, key=lambda axis: -share.get(axis.column, 0.0))[:most])


def write_pngs(shown: Shown, folder: Path) -> list[Path]:
    """Write every picture into a folder; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for name, picture in pictures(shown).items():
        path = folder / f"{name}.png"
        picture.savefig(path)
        found.append(path)
    return found
