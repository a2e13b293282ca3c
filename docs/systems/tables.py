"""The tables on the pages of docs/systems: closed forms computed now, runs from figures.json."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from systems import ai1_radiator, bifacial_panel, dawn_dusk_node, rules_of_thumb, starcloud_rack, suncatcher_node
from systems.formulas import ladder, plain, table
from systems.runs import FIGURES

PAGES = Path(__file__).parent


def blocks(runs: dict[str, Any]) -> dict[str, dict[str, str]]:
    """By page the text of each of its blocks, from the figures of the runs."""
    made: dict[str, dict[str, str]] = {}
    for name, system in (
        ("starcloud_rack", starcloud_rack),
        ("suncatcher_node", suncatcher_node),
        ("bifacial_panel", bifacial_panel),
        ("ai1_radiator", ai1_radiator),
    ):
        own = runs[name]
        made[name] = {
            "printed": table(system.printed()),
            "causes": ladder(system.causes(own), "degC"),
            "needs": plain(system.needs(own)),
        }
    for name, system in (("starcloud_rack", starcloud_rack), ("ai1_radiator", ai1_radiator)):
        made[name]["balance"] = plain(system.balance(runs[name]))
    own = runs["dawn_dusk_node"]
    made["dawn_dusk_node"] = {
        "printed": table(dawn_dusk_node.printed()),
        "season": plain(dawn_dusk_node.season(own)),
        "needs": plain(dawn_dusk_node.needs(own)),
    }
    for name, page in made.items():
        page["mesh"] = mesh(runs[name])
    made["overview"] = {"rules": table(rules_of_thumb.printed())}
    return made


def mesh(runs: dict[str, dict[str, float]]) -> str:
    """What the meshes of the shipped cases do to the temperatures of their pages, in one sentence."""
    said = ", ".join(f"{figures['mesh_K']:.1f} K (`{run}`)" for run, figures in runs.items())
    return f"Error of the mesh in the hottest point, as the runs estimate it: {said}."


def pages() -> Iterator[tuple[Path, dict[str, str]]]:
    """Each page and its blocks."""
    for name, found in blocks(json.loads(FIGURES.read_text(encoding="utf-8"))).items():
        yield PAGES / f"{name}.md", found
