"""The table of a sweep for programs, with its types: made from table.csv, now and then while that grows."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heliorack.sweep.design.plan import Plan

EVERY = 10.0  #: s between two tables at least
TEXTS = (
    "point",
    "state",
    "case",
    "message",
    "tightest_on",
    "hottest_part",
    "coldest_part",
)  #: columns of words, even if they look like numbers


class Mirror:
    """Parquet beside a CSV table. It keeps no rows: what is in the file is read when it is time."""

    def __init__(self, table: Path, target: Path, plan: Plan) -> None:
        self.table, self.target, self.plan = table, target, plan
        self._next = 0.0

    def keep_up(self) -> None:
        """Write the table anew if the last one is old."""
        if monotonic() >= self._next:
            self.write()

    def write(self) -> None:
        """Write the table by way of another name, where pyarrow is installed; a full disk leaves the one that was there."""
        try:
            import pyarrow
            from pyarrow import parquet
        except ImportError:
            self._next = float("inf")
            return
        began = monotonic()
        temporary = self.target.with_name(f"{self.target.name}.tmp")
        try:
            parquet.write_table(self._read(), temporary)
            temporary.rename(self.target)
        except (OSError, pyarrow.ArrowException):  # table.csv is what counts
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        pyarrow.default_memory_pool().release_unused()
        now = monotonic()
        self._next = now + max(EVERY, 50 * (now - began))

    def _read(self) -> Any:
        """Rows of the CSV table; values of the axes from the plan, with their types."""
        import pyarrow
        from pyarrow import csv

        found = csv.read_csv(
            self.table,
            read_options=csv.ReadOptions(use_threads=False, block_size=self.table.stat().st_size + 1),  # one block: types by all rows
            parse_options=csv.ParseOptions(newlines_in_values=True, invalid_row_handler=lambda row: "skip"),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys((*TEXTS, *self.plan.axes), pyarrow.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
        points = {point.name: point for point in self.plan.points}
        rows = [points.get(name) for name in found.column("point").to_pylist()]
        for column in self.plan.axes:
            values = [None if point is None else point.values.get(column) for point in rows]
            found = found.set_column(found.column_names.index(column), column, _typed(values))
        return found


def _typed(values: list[Any]) -> Any:
    """A column; values that have no common type stand as text."""
    import pyarrow

    try:
        return pyarrow.array(values)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError):
        return pyarrow.array([None if value is None else as_text(value) for value in values])


def as_text(value: Any) -> str:
    """A value as text that reads back to the same number or moment."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if isinstance(value, str) else json.dumps(value, default=str)
