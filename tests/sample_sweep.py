"""Builds sweep folders as `heliorack sweep run` leaves them, with figures of formulas."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from heliorack.sweep.execution.parquet import as_text

ORDINARY = ("holds", "tightest_margin_K", "mass_kg")


def cell(value: Any) -> str:
    """A cell of the table, as the engine writes it."""
    text = as_text(value)
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n') else text


def write_sweep(
    folder: Path,
    axes: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    points: int | None = None,
    failed: Mapping[str, str] | None = None,
    designs: Sequence[Mapping[str, str]] | None = None,
) -> Path:
    """A sweep's folder: plan, table and points.

    Args:
        folder: To be made.
        axes: Columns that vary.
        rows: Values and figures of each point that is done; `point`, `case` and `summary` may be left out.
        points: Of the plan; all rows and failures if not given.
        failed: Messages by name of the points that failed.
        designs: Name of the point by load case, of every design of the plan; left out of the plan if not given.
    """
    folder.mkdir(parents=True)
    failed = failed or {}
    figures = list(dict.fromkeys(key for row in rows for key in row if key not in (*axes, "point", "case", "summary")))
    columns = ["point", "state", "case", *axes, *figures, "message"]
    whole = [{"point": f"point{i}", "state": "done"} | dict(row) for i, row in enumerate(rows)]
    plan = {"kind": "sweep plan", "title": "A sweep", "case_file": "node.toml", "axes": list(axes), "digest": "0"}
    plan |= {"points": points or len(rows) + len(failed)}
    plan |= {} if designs is None else {"designs": [dict(design) for design in designs]}
    (folder / "plan.json").write_text(json.dumps(plan))
    lines = [",".join(columns), *(",".join(cell(row.get(name)) for name in columns) for row in whole)]
    lines += [",".join([name, "failed", *[""] * (len(columns) - 3), cell(message)]) for name, message in failed.items()]
    (folder / "table.csv").write_text("\n".join(lines) + "\n")
    for row in whole:
        point = folder / str(row["point"])
        point.mkdir()
        (point / "manifest.json").write_text("{}")
        if "summary" in row:
            (point / "summary.json").write_text(json.dumps(row["summary"].json()))
    for name, message in failed.items():
        (folder / f"{name}.failed.json").write_text(json.dumps({"message": message}))
    return folder


def grid_rows():
    """A trade with a front: margin from width, both from altitude."""
    return [
        {"parts.panel.width_mm": w, "orbit.altitude_km": h, "coating": c, "holds": w > 700,
         "tightest_margin_K": 0.02 * (w - 750) - (3 if c == "worn" else 0) + 0.001 * h, "mass_kg": 20 + 0.01 * w - 0.001 * h}
        for w in (700, 800, 1000) for h in (500, 600) for c in ("new", "worn")
    ]  # fmt: skip


AXES = ("parts.panel.width_mm", "orbit.altitude_km", "coating")
