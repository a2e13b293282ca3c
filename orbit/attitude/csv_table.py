"""Columns of numbers from a CSV file: what is there, or a sentence that names file, line, value and what was expected."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orbit.text_file import lines_of, number, read_text

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a CSV file as text; lines that are empty or begin with # are left out."""

    where: str  #: what messages begin with: place and file
    header: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]  #: line of the file, and its cells

    def numbers(self, column: str, empty: bool = False) -> Array:
        """Numbers (n,) of a column; an empty cell is nan where `empty` allows it.

        Raises:
            ValueError: a cell that is no finite number.
        """
        return np.array([self._number(line, column, text, empty) for line, text in self.texts(column)])

    def texts(self, column: str) -> Iterator[tuple[int, str]]:
        """Line and text of every cell of a column."""
        at = self.header.index(column)
        for line, cells in self.rows:
            yield line, cells[at].strip()

    def _number(self, line: int, column: str, text: str, empty: bool) -> float:
        if empty and not text:
            return float("nan")
        try:
            return number(text)
        except ValueError as error:
            raise ValueError(f"{self.where}, line {line}: {column} {error}") from None

    def rising(self, column: str, values: Array) -> None:
        """Refuse values (n,) of a column that do not rise, naming the line.

        Raises:
            ValueError: not so.
        """
        bad = np.flatnonzero(np.diff(values) <= 0)
        if len(bad):
            k = int(bad[0]) + 1
            said = "stands twice" if values[k] == values[k - 1] else f"comes after {values[k - 1]:.12g}"
            raise ValueError(
                f"{self.where}, line {self.rows[k][0]}: {column} = {values[k]:.12g} {said}; expected times that rise, each once"
            )


def read_table(path: str | Path, place: str, wanted: Sequence[str]) -> Table:
    """Table of a file that has the columns `wanted` among its own.

    Args:
        place: What messages begin with, as "attitude.file".

    Raises:
        ValueError: no text, no such columns, other separators than commas, or a row that has more or fewer cells than the header.
        OSError: it cannot be opened.
    """
    where = f"{place} {path}"
    lines = lines_of(read_text(path, place))
    kept = [(n, line) for n, line in enumerate(lines, start=1) if line.strip() and not line.lstrip().startswith("#")]
    if not kept:
        raise ValueError(f"{where}: is empty; expected a header with the columns {', '.join(wanted)}")
    rows = [(n, _cells(line, f"{where}, line {n}")) for n, line in kept]
    header = tuple(name.strip() for name in rows[0][1])
    _judge_header(where, kept[0], header, wanted)
    for n, cells in rows[1:]:
        if len(cells) != len(header):
            hint = " (a decimal comma?)" if len(cells) > len(header) else ""
            raise ValueError(f"{where}, line {n}: has {len(cells)} cells; expected {len(header)}, as the header{hint}")
    return Table(where, header, tuple(rows[1:]))


def _cells(line: str, where: str) -> list[str]:
    try:
        return next(csv.reader([line]))
    except csv.Error as error:
        raise ValueError(f"{where}: {error}; expected cells between commas") from None


def _judge_header(where: str, first: tuple[int, str], header: tuple[str, ...], wanted: Sequence[str]) -> None:
    line, text = first
    missing = [name for name in wanted if name not in header]
    if missing:
        for mark, name in ((";", "semicolons"), ("\t", "tabs")):
            if all(name in [cell.strip() for cell in text.split(mark)] for name in wanted):
                raise ValueError(f"{where}, line {line}: the columns are separated by {name}; expected commas, and points in numbers")
        found = ", ".join(repr(name)[1:-1] for name in header if name)
        raise ValueError(f"{where}, line {line}: needs the columns {', '.join(wanted)}; found {found or 'none'}")
    double = [name for name in wanted if header.count(name) > 1]
    if double:
        raise ValueError(f"{where}, line {line}: has the column {double[0]} {header.count(double[0])} times; expected it once")
