"""The benchmark of sweeps: its stored figures keep their bounds, its page is made of them, and the page on clusters quotes them."""

import json
import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIGURES = json.loads((ROOT / "benchmarks" / "results" / "sweep.json").read_text(encoding="utf-8"))


def test_every_claim_holds():
    """Six bounds, each judged anew from its figure."""
    assert len(FIGURES["claims"]) == 6
    for claim in FIGURES["claims"]:
        holds = claim["found"] >= claim["limit"] if claim["least"] else claim["found"] <= claim["limit"]
        assert holds == claim["holds"] is True, claim["quantity"]


def test_the_page_is_made_of_the_figures(monkeypatch):
    """Table, model and words are what the stored figures give."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "benchmarks"), *sys.path])
    made = runpy.run_path(str(ROOT / "benchmarks" / "sweep.py"))
    assert made["page"](FIGURES) == (ROOT / "benchmarks" / "sweep.md").read_text(encoding="utf-8")


def test_the_page_on_clusters_quotes_them():
    """Seconds of the client per point, and where 1000 workers saturate."""
    text, found = (ROOT / "docs" / "clusters.md").read_text(encoding="utf-8"), FIGURES["saturation"]
    quoted = (
        f"{found['client_ms']:.1f} ms",
        f"at least {found['point_s_at_1000']:.1f} s",
        f"keep {found['workers_at_point']:.0f} workers busy",
    )
    for words in (*quoted, f"points of {FIGURES['efficiency']['point_s']:.1f} s"):
        assert words in text, words
