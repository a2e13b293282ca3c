"""Tables and numbers on standard output: by rich on a terminal, plain columns in a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from heliorack.casefile.errors import CONTROL, printable


def table(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table; numbers to the right, None as "-"."""
    cells = [[cell(value) for value in row] for row in rows]
    right = [all(isinstance(row[i], int | float | None) for row in rows) for i in range(len(headers))]
    if sys.stdout.isatty():
        _rich(headers, cells, right)
    else:
        print("\n".join(plain(headers, cells, right)))


def plain(headers: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[bool]) -> list[str]:
    """Lines of a table in aligned columns, without trailing blanks.

    >>> plain(["part", "max_degC"], [["server", "48.1"]], [False, True])
    ['part    max_degC', 'server      48.1']
    """
    widths = [max(len(row[i]) for row in [headers, *cells]) for i in range(len(headers))]
    lines = []
    for row in [headers, *cells]:
        padded = [text.rjust(width) if flush else text.ljust(width) for text, width, flush in zip(row, widths, right, strict=True)]
        lines.append("  ".join(padded).rstrip())
    return lines


def cell(value: object) -> str:
    """One value of a table: six figures, yes or no, "-" for what is not known."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else printable(str(value))


def rounded(value: float, digits: int) -> str:
    """So many significant figures, with an exponent only where noughts would fill the line.

    >>> rounded(2736.03, 3), rounded(-120953.4, 5), rounded(3.1e-9, 2), rounded(12.0, 4)
    ('2740', '-120950', '3.1e-09', '12')
    """
    said = f"{value:.{digits}g}"
    return f"{float(said):.0f}" if "e" in said and 1.0 <= abs(value) < 1e8 else said


def as_json(value: Mapping[str, Any]) -> None:
    """Print JSON for programs; what JSON cannot say (nan, infinity) becomes null."""
    text = json.dumps(_finite(value), indent=2, ensure_ascii=False, default=_basic)
    print(CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def _basic(value: Any) -> Any:
    return _finite(value.tolist()) if hasattr(value, "tolist") else str(value)


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    return value


def _rich(headers: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[bool]) -> None:
    from rich.console import Console
    from rich.table import Table

    shown = Table(box=None, pad_edge=False, header_style="bold")
    for header, flush in zip(headers, right, strict=True):
        shown.add_column(header, justify="right" if flush else "left", overflow="fold")
    for row in cells:
        shown.add_row(*row)
    Console(markup=False, highlight=False).print(shown)
