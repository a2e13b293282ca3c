"""Histories of a run folder, read back."""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def read_history(run_dir: Path) -> dict[str, Floats]:
    """Columns of history.csv by header, units at the end of each."""
    with (run_dir / "history.csv").open(newline="", encoding="utf-8") as source:
        reader = csv.reader(source)
        header = next(reader)
        rows = np.array([[float(value) for value in row] for row in reader], dtype=float).reshape(-1, len(header))
    return {name: rows[:, i] for i, name in enumerate(header)}
