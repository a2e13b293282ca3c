"""What the prose of the README quotes of its own blocks, which docs/build.py and a run of edge_node hold."""

import re
from pathlib import Path

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def test_sizes_in_the_prose_are_those_of_the_blocks():
    """Area by `simulate` for one date, and by `heliorack run` for the worst dates of all load cases."""
    (alone,) = re.findall(r"^array: ([\d.]+) m2$", README, re.MULTILINE)
    (together,) = re.findall(r"^power    array ([\d.]+) m2", README, re.MULTILINE)
    said = " ".join(README.split())
    assert f"sizes one load case for its own date, here {alone} m2; `heliorack run` sizes for all load cases" in said
    assert f"at the worst dates of the years, {together} m2." in said
