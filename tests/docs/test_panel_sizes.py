"""The panel by size: stored figures keep their bounds, and the page is made of them."""

import json
import runpy
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
FIGURES = json.loads((BENCHMARKS / "results" / "panel_sizes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("size", FIGURES["sizes"])
def test_set_up_is_a_small_share_at_every_size(size):
    """At most a fifth (a quarter at 24k) of 90 Euler steps with a kept factor; at most 2.5 kB a node from 100k on; 0.05 K."""
    one = FIGURES["sizes"][size]
    assert one["setup"] <= (0.25 if size == "24" else 0.2) * one["loop"]
    assert 1e3 * (one["peak_MB"] - one["import_MB"]) / one["rows"] <= (3.5 if size == "24" else 2.5)
    assert one["error_K"] <= 0.05


def test_the_page_is_made_of_the_figures(monkeypatch):
    """Every cell of the table."""
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    made = runpy.run_path(str(BENCHMARKS / "panel_sizes.py"))
    assert made["page"](FIGURES) == (BENCHMARKS / "panel_sizes.md").read_text(encoding="utf-8")
