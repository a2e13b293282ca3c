"""The example notebook runs cell by cell, and what it ends cells with shows itself as a table."""

import ast
import json
from pathlib import Path

NOTEBOOK = Path(__file__).resolve().parents[2] / "docs" / "plate.ipynb"


def shown(source, names):
    """Runs a cell; the value of its last line if that is an expression, as a notebook shows it."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


def test_every_cell_runs_and_shows_what_it_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    cells = [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    names = {}
    ends = [shown("".join(cell["source"]), names) for cell in cells]
    tables = [end._repr_html_() for end in ends if end is not None]
    assert len(tables) == 2
    assert all("<table" in table and "plate" in table for table in tables)
    said = capsys.readouterr().out
    assert "plate max_degC" in said
    assert f"{names['result'].history['plate max_degC'].max():.1f} degC at most" in said
    assert names["larger"].history["plate max_degC"].max() < names["result"].history["plate max_degC"].max() - 5
