"""Histories and figures of a run as Parquet, which keeps types and is read by columns."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from heliorack.runfolder.fields import ViewError
from heliorack.runfolder.finished import FinishedCase
from heliorack.runfolder.history import read_history


def write(found: FinishedCase, folder: Path) -> list[Path]:
    """history.parquet and parts.parquet in `folder`; units stand in the names of columns.

    Raises:
        ViewError: pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        said = "--to parquet needs pyarrow, an extra"
        raise ViewError(f'{said}: pip install "heliorack[parquet]"; --to csv and the history.csv of the run do without') from None
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, Mapping[str, Any]] = {"history": read_history(found.folder), "parts": _parts(found)}
    written = []
    for name, columns in tables.items():
        parquet.write_table(pyarrow.table(dict(columns)), folder / f"{name}.parquet")
        written.append(folder / f"{name}.parquet")
    return written


def _parts(found: FinishedCase) -> dict[str, list[Any]]:
    parts = found.summary.parts
    figures = ("min_degC", "mean_degC", "max_degC", "mass_kg")
    return {"part": list(parts)} | {name: [getattr(part, name) for part in parts.values()] for name in figures}
