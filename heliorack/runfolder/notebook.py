"""What a notebook shows of a run, and its histories as a table."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder.summary import Summary

Floats = NDArray[np.float64]

MOST_PARTS, MOST_COLUMNS = 20, 8  #: that are shown


class Table(dict[str, Floats]):
    """Columns by name, units in the names, all of one length; `pandas.DataFrame(table)` takes it as it is."""

    def _repr_html_(self) -> str:
        """First and last rows of the first columns."""
        names = list(self)[:MOST_COLUMNS]
        count = len(next(iter(self.values()), ()))
        rows = list(range(count)) if count <= 6 else [0, 1, 2, count - 3, count - 2, count - 1]
        head = "".join(f"<th>{escape(name)}</th>" for name in names)
        body = "".join("<tr>" + "".join(f"<td>{self[name][i]:.6g}</td>" for name in names) + "</tr>" for i in rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{count} rows, {len(self)} columns</p>"


def verdict(found: Summary) -> str:
    """Whether a run holds, and by how much, in one sentence."""
    if found.holds is None:
        return f"No verdict: {'; '.join(found.unjudged) or 'no limits given'}"
    words = "Holds every limit" if found.holds else "Within the error of the run" if not found.failures else "Misses limits"
    tight = found.tightest()
    return (
        words
        if tight is None
        else f"{words}; tightest: {tight.on}, {tight.side} {tight.limit_degC:.1f} degC, margin {tight.margin_K:.1f} K"
    )


def html(found: Summary) -> str:
    """Title, verdict, failures and extremes of the parts, the hottest first; what comes from the case is escaped."""
    case = f", load case {found.case}" if found.case else ""
    parts = sorted(found.parts.items(), key=lambda item: -item[1].max_degC)
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{part.min_degC:.1f}</td><td>{part.mean_degC:.1f}</td><td>{part.max_degC:.1f}</td></tr>"
        for name, part in parts[:MOST_PARTS]
    )
    more = f"<p>and {len(parts) - MOST_PARTS} parts more</p>" if len(parts) > MOST_PARTS else ""
    failures = "".join(f"<li>{escape(said)}</li>" for said in found.failures)
    return (
        f"<h4>{escape(found.title + case)}</h4><p><b>{escape(verdict(found))}</b></p>{f'<ul>{failures}</ul>' if failures else ''}"
        f"<table><thead><tr><th>part</th><th>min_degC</th><th>mean_degC</th><th>max_degC</th></tr></thead><tbody>{rows}</tbody></table>{more}"
    )


def by_part(grid: Any) -> Any:
    """A mesh with part numbers by cell as a `pyvista.MultiBlock` with one block for each part, by name, with its fields."""
    import pyvista

    part = np.asarray(grid.cell_data["part"])
    blocks = pyvista.MultiBlock()
    for i, name in enumerate(str(name) for name in grid.field_data["part_names"]):
        cells = np.flatnonzero(part == i)
        if len(cells):
            blocks.append(grid.extract_cells(cells, pass_point_ids=False, pass_cell_ids=False), name)
    return blocks
