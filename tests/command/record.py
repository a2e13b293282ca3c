"""Puts the temperatures of edge_node on record: python tests/command/record.py, then say in the commit why they moved.

The test beside it compares part extremes of the hot case with edge_node.json. The record guards against changes nobody meant; that
the numbers are right is the business of tests/verification.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from command.cli_runner import EDGE, extremes, read, solved

CASE, WITHIN = "hot_operational", 0.3  # K: mesh versions and solver settings move the numbers by less


def main() -> None:
    """Run and write."""
    with TemporaryDirectory() as folder:
        solved(EDGE, Path(folder) / "run")
        found = extremes(read(Path(folder) / "run" / CASE))
    rounded = {part: [round(low, 2), round(high, 2)] for part, (low, high) in found.items()}
    record = {"case": CASE, "within_K": WITHIN, "extremes_degC": rounded}
    Path(__file__).with_name("edge_node.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
