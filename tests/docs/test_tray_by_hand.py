"""The tray by hand: the sheet, the stored run, and the page that compares them."""

import json
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
AGREEMENT = 2.0  #: K, in the fourth root of the mean of T^4


@pytest.fixture(scope="module")
def stored():
    """What docs/build.py --tray left."""
    return json.loads((DOCS / "tray_by_hand.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sheet():
    """The estimate, computed now."""
    return runpy.run_path(str(DOCS / "tray_by_hand.py"))["estimate"]()


def test_the_page_compares_todays_sheet(stored, sheet):
    """The stored estimate is what the script gives."""
    assert stored["hand"] == pytest.approx(sheet, rel=1e-6)


def test_the_sheet_agrees_with_the_stored_run(stored):
    """Radiator within 2 K in the fourth root of the mean of T^4; heat and area within 0.1 %."""
    hand, run = stored["hand"], stored["run"]
    assert hand["radiator_K"] == pytest.approx(run["fourth_root_of_mean_T4_K"], abs=AGREEMENT)
    assert hand["heat_W"] == pytest.approx(run["heat_from_tray_W"], rel=1e-3)
    assert hand["emitting_m2"] == pytest.approx(run["emitting_m2"], rel=1e-3)


def test_the_rest_is_explained(stored):
    """Mean against fourth root, fins, pipes, contact, chips: the sheet's terms are the run's within a third or 1 K."""
    hand, run = stored["hand"], stored["run"]
    gap = run["fourth_root_of_mean_T4_K"] - run["mean_T_K"]
    assert gap == pytest.approx(run["spread_in_space_K"] + run["swing_in_time_K"], abs=1e-3)
    for by_hand, by_run in (
        ("gap_middle_below_pipe_K", "gap_middle_below_pipe_K"),
        ("outer_strip_below_pipe_K", "outer_rim_below_pipe_K"),
        ("pipe_middle_above_tip_K", "pipe_middle_above_tip_K"),
        ("plate_above_radiator_everywhere_K", "plate_above_radiator_K"),
        ("gpu_above_footprint_K", "gpu_above_footprint_K"),
        ("pipe_load_W_m", "pipe_load_mean_W_m"),
    ):
        assert hand[by_hand] == pytest.approx(run[by_run], rel=1 / 3, abs=1.0)
    assert run["plate_above_radiator_K"] < run["plate_above_pipes_K"] < hand["plate_above_radiator_pipes_only_K"]


def test_the_page_quotes_the_figures(stored):
    """Both temperatures stand on the page, and the balance in its sheet."""
    page = (DOCS / "tray_by_hand.md").read_text(encoding="utf-8")
    hand, run = stored["hand"], stored["run"]
    difference = round(run["fourth_root_of_mean_T4_K"], 3) - round(hand["radiator_K"], 3)
    row = f"| {hand['radiator_K']:.3f} | {run['fourth_root_of_mean_T4_K']:.3f} | {difference:+.3f} |"
    assert row in page
    for figure in (
        f"= {hand['devices_W']:.0f} W",
        f"= {hand['regulators_W']:.0f} W",
        f"= {hand['emitting_m2']:.3f} m²",
        f"{hand['earth_infrared_W']:.0f} W absorbed",
        f"{hand['albedo_W']:.0f} W absorbed",
        f": {hand['sun_W']:.0f} W",
        f": {hand['radiator_K']:.2f} K",
        f"{run['mean_T_K']:.2f} K",
        f"{run['pipe_load_W_m']:.1f} W m",
        f"{run['gpu_hottest_K']:.1f} K",
    ):
        assert figure in page


@pytest.mark.full
def test_the_sheet_agrees_with_a_run_of_today(sheet):
    """The tray's hot case solved anew: fourth root of the mean of T^4 over the radiator's emitting area within 2 K of the sheet."""
    tray_run = runpy.run_path(str(DOCS / "tray_run.py"))
    result = tray_run["solve_tray"](lambda words, done: None)
    history = result.solution.history
    run = tray_run["measure"](result.body, history.frames, history.fields)
    assert run["fourth_root_of_mean_T4_K"] == pytest.approx(sheet["radiator_K"], abs=AGREEMENT)
    assert result.closure < 1e-9
