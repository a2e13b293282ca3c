"""The designs of a sweep as its folder has them: table.csv, and temperatures by part from the folders of the points."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.errors import listed, suggest, there_are
from heliorack.casefile.units import UNITS
from heliorack.runfolder import summary as figures
from heliorack.runfolder.envelope import together
from heliorack.runfolder.folder import FolderError
from heliorack.runfolder.numbered import DamagedError
from heliorack.runfolder.summary import LimitFigures
from heliorack.sweep.design import plan_file
from heliorack.sweep.design.plan_file import PlanFile

Floats = NDArray[np.float64]
Row = dict[str, Any]

MORE_IS_BETTER = re.compile(r"tightest_margin_K|coldest_degC|.* min_degC")  #: columns of which the least is the worst
SIZES = ("mass_kg", "array_area_m2", "pack_capacity_Wh")  #: columns that a design which carries its load has
SAMPLE = re.compile(r"(?:^|_)sample-(\d+)")  #: in names of points
CONTINUOUS = 12  #: a column of more values than that may be a sampled one


class ColumnError(ValueError):
    """A column that the table does not have, or that holds no numbers; the message says which there are."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A column that was varied, by design."""

    column: str
    kind: Literal["number", "time", "name"]
    at: Floats  #: (n,) the number, days since the first time, or place among the names
    levels: tuple[tuple[float, str], ...]  #: place and words of every value, ascending
    sampled: bool  #: one value per sample

    @property
    def words(self) -> str:
        """What pictures and tables call it."""
        return worded(self.column)

    def of(self, i: int) -> str:
        """The value of a design, in words."""
        return next(words for at, words in self.levels if at == self.at[i])


@dataclass(frozen=True)
class SweepTable:
    """Designs that are solved under every load case of the sweep, each at the worst of them."""

    folder: Path
    title: str
    rows: tuple[Row, ...]  #: one per design
    varied: tuple[str, ...]  #: columns of the axes
    points: int  #: of the plan
    cases: tuple[str, ...]  #: load cases that were combined
    left_out: int  #: designs that failed, or are not done, under some load case that is planned for them
    partial: int = 0  #: designs of `rows` for which a constraint leaves out some load case

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """Columns that differ between designs; of axes that step together the first."""
        found: list[Axis] = []
        for column in self.varied:
            axis = _axis(column, [row[column] for row in self.rows], self._samples)
            twin = any(not (a.sampled or axis.sampled) and _together(a.at, axis.at) for a in found)
            if len(axis.levels) > 1 and not twin:
                found.append(axis)
        return tuple(found)

    @cached_property
    def _samples(self) -> int:
        """Number of distinct samples; 0 for a sweep without any."""
        return len({match[1] for row in self.rows if (match := SAMPLE.search(row["point"]))})

    @property
    def without_limits(self) -> int:
        """Number of designs that miss nothing and have no limits to keep: without a verdict."""
        return sum(row.get("holds") is None for row in self.rows)

    @property
    def sampled(self) -> tuple[Axis, ...]:
        """Axes that are sampled."""
        return tuple(axis for axis in self.axes if axis.sampled)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """Columns of numbers that came out, not all the same."""
        known = dict.fromkeys(key for row in self.rows for key in row)
        plain = [key for key in known if key not in self.varied and any(_is_number(row.get(key)) for row in self.rows)]
        return tuple(key for key in plain if len({row.get(key) for row in self.rows}) > 1)

    def numbers(self, column: str) -> Floats:
        """One figure of every design, (n,), nan where there is none."""
        return np.array([float(row[column]) if _is_number(row.get(column)) else np.nan for row in self.rows])

    def find(self, name: str) -> str:
        """The column of numbers that a name means: the whole of it, or its last step.

        Raises:
            ColumnError: none or several.
        """
        numeric = [axis.column for axis in self.axes if axis.kind == "number"]
        known = [*self.figures, *numeric]
        if name in known:
            return name
        meant = [column for column in known if column.rpartition(".")[2] == name]
        if len(meant) == 1:
            return meant[0]
        if any(_is_number(row.get(name)) for row in self.rows):
            raise ColumnError(f"column '{name}' is the same for every design")
        near = suggest(name, [*known, *(column.rpartition(".")[2] for column in known)])
        tail = f"did you mean {near}?" if near else there_are(known)
        raise ColumnError(f"{self.folder}: no column of numbers '{name}'; {tail}")


def read_table(folder: Path) -> SweepTable:
    """The designs of a sweep, running, stopped or finished.

    Raises:
        FolderError: no sweep, or nothing solved yet.
        FormatError: of a form that this version does not read.
    """
    plan = plan_file.read(folder)
    found = [row for row in _read_rows(folder) if row["state"] == "done"]
    if not found:
        raise FolderError(f"{folder}: no point is done yet; see heliorack sweep status {folder}")
    for row in found:
        row |= _summary(folder / row["point"])
    varied = plan.axes
    designs = _planned(plan, found)
    cases = tuple(dict.fromkeys(case for design in designs for case in design if case))
    done = {row["point"]: row for row in found}
    whole = [design for design in designs if all(name in done for name in design.values())]
    if not whole:
        said = f"no design is done under all of its load cases ({listed(cases, 'and')}) yet"
        raise FolderError(f"{folder}: {said}; see heliorack sweep status {folder}")
    order = {name: i for i, name in enumerate(done)}
    whole.sort(key=lambda design: min(order[name] for name in design.values()))
    return SweepTable(
        folder=folder,
        title=plan.title or folder.resolve().name,
        rows=tuple(_worst([done[name] for name in sorted(design.values(), key=order.__getitem__)]) for design in whole),
        varied=varied,
        points=plan.points,
        cases=cases,
        left_out=len(designs) - len(whole),
        partial=sum(len(design) < len(cases) for design in whole),
    )


def _planned(plan: PlanFile, found: Sequence[Row]) -> list[dict[str, str]]:
    """Name of the point by load case ("" for none) of every design of a plan.

    A plan that does not say its designs has those that are done, each under every load case that occurs; names of missing points are "".
    """
    if plan.designs is not None:
        return [dict(design) for design in plan.designs]
    groups: dict[tuple[str, ...], dict[str, str]] = {}
    for row in found:
        groups.setdefault(tuple(str(row[column]) for column in plan.axes), {})[row["case"] or ""] = row["point"]
    cases = list(dict.fromkeys(row["case"] or "" for row in found))
    missing = max(plan.points // len(cases) - len(groups), 0)
    return [{case: design.get(case, "") for case in cases} for design in [*groups.values(), *({} for _ in range(missing))]]


def _read_rows(folder: Path) -> list[Row]:
    """Whole rows of the table; a last one that a kill cut short is not one."""
    path = folder / "table.csv"
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as source:
        reader = csv.reader(source)
        header = next(reader, [])
        last = {"point": str, "case": str, "state": str, "message": str}
        rows = [row for row in reader if len(row) == len(header)]
    return [{key: last.get(key, _value)(text) for key, text in zip(header, row, strict=True)} for row in rows]


def _value(text: str) -> Any:
    """A cell as a number, truth, text or None."""
    if text == "":
        return None
    with suppress(ValueError):
        found = json.loads(text)
        return found if isinstance(found, bool | int | float | str) else text
    return text


def _summary(point: Path) -> Row:
    """Temperatures of every part, its limits, and the orbit, from the summary of a point; nothing when it is not there."""
    try:
        summary = figures.read(point)
    except (OSError, DamagedError):
        return {}
    found: Row = {"limits": summary.limits}
    for name, part in summary.parts.items():
        found |= {f"{name} max_degC": part.max_degC, f"{name} min_degC": part.min_degC}
    if summary.orbit is not None and summary.orbit.beta_deg is not None:
        found |= {"beta_deg": summary.orbit.beta_deg, "eclipse_min": summary.orbit.eclipse_s / 60}
    return found


def _worst(rows: Sequence[Row]) -> Row:
    """One design at the worst of its load cases."""
    if len(rows) == 1:
        return rows[0]
    found = dict(rows[0])
    for key in found:
        values = [row.get(key) for row in rows]
        if key == "holds":
            found[key] = together(values)
        elif key == "limits":
            found[key] = [limit for row in rows for limit in row.get("limits", ())]
        elif key in SIZES and None in values:
            found[key] = None  # a case that nothing is large enough for
        elif all(_is_number(value) for value in values):
            found[key] = (min if MORE_IS_BETTER.fullmatch(key) else max)(values)  # type: ignore[type-var]
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _axis(column: str, values: Sequence[Any], samples: int) -> Axis:
    if all(_is_number(value) for value in values):
        at = np.array(values, dtype=float)
        sampled = samples > CONTINUOUS and len(set(values)) >= 0.9 * samples
        return Axis(column, "number", at, tuple((value, f"{value:.6g}") for value in sorted(set(at.tolist()))), sampled)
    moments = [_moment(value) for value in values]
    if all(moment is not None for moment in moments):
        days = np.array([moment.timestamp() / 86400 for moment in moments if moment is not None])
        dates = {float(day - days.min()): moment.date().isoformat() for day, moment in zip(days, moments, strict=True) if moment}
        return Axis(column, "time", days - days.min(), tuple(sorted(dates.items())), False)
    names = list(dict.fromkeys(str(value) for value in values))
    at = np.array([float(names.index(str(value))) for value in values])
    return Axis(column, "name", at, tuple((float(i), name) for i, name in enumerate(names)), False)


def _moment(value: object) -> datetime | None:
    with suppress(ValueError, TypeError):
        found = datetime.fromisoformat(value)  # type: ignore[arg-type]
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _together(one: Floats, other: Floats) -> bool:
    """Whether two columns say the same by different values."""
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    return len(pairs) == len(set(one.tolist())) == len(set(other.tolist()))


def worded(column: str) -> str:
    """A column in words, with its unit.

    >>> worded("parts.panel.width_mm"), worded("mass_kg"), worded("coating"), worded("orbit.altitude_km")
    ('panel width [mm]', 'mass [kg]', 'coating', 'altitude [km]')
    """
    steps = column.split(".")
    text = " ".join(steps[1:] if len(steps) > 1 else steps)
    for suffix in sorted(UNITS, key=len, reverse=True):
        if text.endswith(f"_{suffix}"):
            return f"{text.removesuffix(f'_{suffix}').replace('_', ' ')} [{UNITS[suffix].label}]"
    return text.replace("_", " ")


def sense(column: str) -> Literal["min", "max"]:
    """Which way a figure is better, when nobody says."""
    return "max" if MORE_IS_BETTER.fullmatch(column) else "min"


def tightest_limits(rows: Sequence[Row]) -> dict[tuple[str, str], LimitFigures]:
    """The limit of each part and side that leaves least room, by (part, side)."""
    found: dict[tuple[str, str], LimitFigures] = {}
    given: list[LimitFigures] = [limit for row in rows[:1] for limit in row.get("limits", ())]
    for limit in given:
        key = (limit.on, limit.side)
        somewhen = limit.mode == "switch_on"  # at single moments: says nothing of extremes
        if limit.at == "part" and not somewhen and (key not in found or limit.margin_K < found[key].margin_K):
            found[key] = limit
    return found
