"""The benchmark of the reduced model of a box: its page says what its stored figures say, misses included."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIGURES = json.loads((ROOT / "benchmarks" / "results" / "reduced_box.json").read_text(encoding="utf-8"))


def test_the_page_tells_what_was_found():
    """How many designs lie within what is stated, what is stated, and how far the others are off."""
    off = [max(row["extremes_K"], row["means_K"]) for row in FIGURES["rows"]]
    missed = [error for error in off if error > FIGURES["stated_K"]]
    text = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert (len(off), len(off) - len(missed)) == (5, 4)
    assert f"five designs, four within the {FIGURES['stated_K']:.2f} K that are stated, one {missed[0]:.1f} K off at one node" in text
