"""A file of measured temperatures: times as seconds or as time stamps, and one column for each thermocouple."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.units import ZERO_CELSIUS
from orbit.attitude.csv_table import Table, read_table
from orbit.text_file import NUMBER

Floats = NDArray[np.float64]
COLDEST, HOTTEST = -ZERO_CELSIUS, 5000.0  #: degC; what a thermocouple can say


class Times(Protocol):
    """How a measured file tells its times."""

    @property
    def time_column(self) -> str:
        """Name of the column."""

    @property
    def start(self) -> datetime | None:
        """The run's t = 0, for time stamps."""


def read_measured(path: Path, told: Times, columns: Mapping[str, str]) -> tuple[Floats, dict[str, Floats]]:
    """Times (n,) [s] of the run, and temperatures (n,) [K] by the names of `columns`; an empty cell is nan.

    Args:
        columns: Column of the file for each thermocouple.

    Raises:
        ValueError: a column that is not there, a cell that is no number or no temperature, or times that do not rise; names file and line.
        OSError: the file cannot be opened.
    """
    table = read_table(path, "measured.file", (told.time_column, *columns.values()))
    if not table.rows:
        raise ValueError(f"{table.where}: holds no row below its header")
    times = _times(table, told)
    table.rising(told.time_column, times)
    found = {}
    for name, column in columns.items():
        values = table.numbers(column, empty=True)
        wrong = np.flatnonzero(~(np.isnan(values) | ((values >= COLDEST) & (values <= HOTTEST))))
        if len(wrong):
            k = int(wrong[0])
            said = f"{column} = {values[k]:g} degC; expected a temperature from {COLDEST:g} to {HOTTEST:g} degC"
            raise ValueError(f"{table.where}, line {table.rows[k][0]}: {said}")
        found[name] = values + ZERO_CELSIUS
    return times, found


def _times(table: Table, told: Times) -> Floats:
    cells = list(table.texts(told.time_column))
    if NUMBER.fullmatch(cells[0][1]):
        return table.numbers(told.time_column)
    stamps = [_stamp(table.where, line, told.time_column, text) for line, text in cells]
    zero = stamps[0] if told.start is None else _utc(told.start)
    return np.array([(stamp - zero).total_seconds() for stamp in stamps])


def _stamp(where: str, line: int, column: str, text: str) -> datetime:
    try:
        return _utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        expected = "expected seconds, or a time stamp such as 2027-06-21T12:00:00Z"
        raise ValueError(f"{where}, line {line}: {column} {text[:40]!r} is neither; {expected}") from None


def _utc(stamp: datetime) -> datetime:
    return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)
