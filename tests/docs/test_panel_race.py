"""What the README says of the race of the panel is what `benchmarks/panel.py` stored."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STORED = ROOT / "benchmarks" / "results" / "panel.json"


def test_readme_quotes_every_peer_by_the_stored_race_nearest_first():
    """Ratios of CPU to heliorack's own, to the printed digit, at every size that a peer ran at."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    paragraph = next(each for each in text.split("\n\n") if each.startswith("One orbit of a radiating panel"))
    said = " ".join(paragraph.split()).replace(" times as long", "")
    ratios: dict[str, dict[str, float]] = {}
    for size, run in json.loads(STORED.read_text(encoding="utf-8"))["sizes"].items():
        for side, found in run["sides"].items():
            if not side.startswith("heliorack"):
                ratios.setdefault(side.split(",")[0], {})[size] = found["cpu"] / run["sides"]["heliorack"]["cpu"]
    places = []
    for name in sorted(ratios, key=lambda name: min(ratios[name].values())):
        assert ", ".join(f"{ratio:.1f} at {size}k" for size, ratio in ratios[name].items()) in said, name
        places.append(said.index(name))
    assert places == sorted(places)
