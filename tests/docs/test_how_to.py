"""The figures of the how-to page that no command prints: heat pipes against a loop, from the stored run of the tray and its case file."""

import json
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from power.computing.chip import chip
from thermal.fluid.coolant import coolant
from thermal.fluid.saturation import saturated

ROOT = Path(__file__).resolve().parents[2]
ROOM, WARM = 293.15, 313.15  #: K; of the pipe's rating, and of the busiest pipe with its neighbours there


@pytest.fixture(scope="module")
def rows():
    """Cells of the table by the words of their row."""
    page = (ROOT / "docs" / "how_to.md").read_text(encoding="utf-8")
    table = page[page.index("| | gpu_tray_leo, pipes |") :].partition("\n\n")[0]
    return {row[1].strip(): [cell.strip() for cell in row[2:4]] for row in (line.split("|") for line in table.splitlines())}


def test_the_pipes_column_is_the_stored_run_of_the_tray(rows):
    """Heat, spread and busiest pipe by docs/tray_by_hand.json; planform and pipes by the case; what ammonia leaves by its merit number."""
    run = json.loads((ROOT / "docs" / "tray_by_hand.json").read_text(encoding="utf-8"))["run"]
    case = tomllib.loads((ROOT / "cases" / "gpu_tray_leo.toml").read_text(encoding="utf-8"))
    (radiator,) = [part for part in case["parts"] if part["name"] == "radiator"]
    planform, heat, limit = radiator["width_mm"] * radiator["length_mm"] / 1e6, run["heat_from_tray_W"], radiator["transport_limit_W_m"]
    assert rows["heat over the panel's planform"][0] == f"{round(heat, -1):.0f} W on {planform:.1f} m2: {heat / planform:.0f} W/m2"
    spread = run["pipe_warmest_mean_K"] - run["pipe_coldest_mean_K"]
    assert rows["spread over the panel"][0].startswith(f"{spread:.0f} K, ")
    merit = [float(saturated(coolant("ammonia"), temperature=T).merit) for T in (ROOM, WARM)]
    assert run["pipe_warmest_mean_K"] == pytest.approx(WARM, abs=1.5)
    assert rows["carried by"][0] == (
        f"{radiator['pipes']} pipes of {limit} W m at 20 degC; the busiest carries {run['pipe_load_W_m']:.0f} W m at 40 degC, "
        f"where ammonia's merit leaves {limit * merit[1] / merit[0]:.0f}"
    )


def test_the_loops_column_is_its_case(rows):
    """Heat, planform and flow as the case file has them; what the run adds is held by tests/verification/test_network_on_parts.py."""
    case = tomllib.loads((ROOT / "cases" / "gpu_tray_loop.toml").read_text(encoding="utf-8"))
    (loop,) = case["network"]["loops"]
    (panel,) = [part for part in case["parts"] if part["name"] == "panel"]
    planform = panel["width_mm"] * panel["length_mm"] / 1e6
    (gpus,) = case["compute"]
    heat = chip(gpus["chip"]).peak * sum(fnmatchcase(part["name"], gpus["parts"]) for part in case["parts"])
    assert rows["heat over the panel's planform"][1] == f"{heat:.0f} W on {planform:.1f} m2: {heat / planform:.0f} W/m2"
    assert rows["carried by"][1] == f"{loop['pump']['flow_kg_s']} kg/s"
