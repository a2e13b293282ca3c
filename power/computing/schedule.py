"""A job schedule from a CSV file: times at which the utilisation steps."""

import codecs
import csv
import io
import os
import stat
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from power.timeline import nearness

COLUMNS = ("time_s", "utilisation")

LARGEST = 256 << 20  #: bytes

type Steps = tuple[NDArray[np.float64], NDArray[np.float64]]


def read_schedule(path: str | Path) -> Steps:
    """Times (n,) [s], the first of them 0, and the utilisation (n,) [-] that holds from each to the next.

    Raises:
        ValueError: the file cannot be read, lacks a column, has an empty cell or one that is no number, times that do not rise from 0, or
            a utilisation outside 0 to 1; names the row as a text editor counts it.
    """
    file = Path(path)
    try:
        times, values = _read(file, file.stat().st_mtime_ns)
    except OSError as error:
        raise ValueError(
            f"cannot be read ({error.strerror}); a job schedule is a CSV file with the columns {' and '.join(COLUMNS)}"
        ) from error
    return times, values


@cache
def _read(path: Path, changed: int) -> Steps:
    """The steps of a file as it was when last `changed`; kept, since every load of the orbit asks for them."""
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        hint = "; expected commas between columns, and points in numbers" if {";", "\t"} & set("".join(header)) else ""
        raise ValueError(f"has no column {' and '.join(missing)}; found {', '.join(header) or 'nothing'}{hint}")
    if double := [name for name in COLUMNS if header.count(name) > 1]:
        raise ValueError(f"has the column {double[0]} {header.count(double[0])} times; expected it once")
    columns = [header.index(name) for name in COLUMNS]
    try:
        rows = [
            (reader.line_num, [_number(row, i, name, reader.line_num) for name, i in zip(COLUMNS, columns, strict=True)])
            for row in reader
            if not "".join(row[:1]).lstrip().startswith("#")
        ]
    except csv.Error as error:
        raise ValueError(f"row {reader.line_num}: {error}; expected cells between commas") from None
    if not rows:
        raise ValueError("holds no row below its header")
    _judge(rows)
    table = np.array([values for _, values in rows])
    return table[:, 0], table[:, 1]


def _text(path: Path) -> str:
    """Text of a regular file of bounded size: UTF-8 with or without a byte order mark, else Latin-1; a pipe is not waited for."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError("is a pipe, a device or a folder; expected a regular file")
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise ValueError(f"holds more than the {LARGEST >> 20} MiB that are read; expected a shorter schedule")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _number(row: list[str], column: int, name: str, line: int) -> float:
    text = row[column].strip() if column < len(row) else ""
    if not text:
        raise ValueError(f"row {line}: {name} is empty; a schedule has no gaps, give every row a time and a utilisation")
    try:
        value = float(text.upper().replace("D", "E", 1))  # Fortran writes 1.0D+03
    except ValueError:
        raise ValueError(f"row {line}: {name} is {text!r}; expected a number") from None
    if not np.isfinite(value):
        raise ValueError(f"row {line}: {name} is {text}; expected a finite number")
    return value


def _judge(rows: list[tuple[int, list[float]]]) -> None:
    """Refuse times that do not rise from 0 and a utilisation outside 0 to 1."""
    last: float | None = None
    for line, (time, used) in rows:
        if last is None and time != 0.0:
            raise ValueError(f"row {line}: time_s starts at {time:g}; expected 0, or the utilisation before it is not known")
        if last is not None and time <= last:
            raise ValueError(f"row {line}: time_s is {time:g} after {last:g}; expected times that rise")
        if not 0.0 <= used <= 1.0:
            raise ValueError(f"row {line}: utilisation is {used:g}; expected a fraction between 0 and 1")
        last = time


def steps_at(
    t: NDArray[np.float64], before: NDArray[np.bool_], knots: NDArray[np.float64], values: NDArray[np.float64], period: float
) -> NDArray[np.float64]:
    """Value at each time of steps that begin at `knots` (the first 0) and repeat after `period` (inf: never); one-sided where `before`."""
    near = nearness(t, max(float(knots[-1]), 1.0) if np.isinf(period) else period)
    since = t if np.isinf(period) else np.mod(t + near, period) - near
    after = np.searchsorted(knots - near, since, side="right") - 1
    left = since if np.isinf(period) else np.where(np.abs(since) <= near, period, since)
    just_before = np.searchsorted(knots + near, left, side="left") - 1
    return values[np.where(before, just_before, after).clip(0, knots.size - 1)]
