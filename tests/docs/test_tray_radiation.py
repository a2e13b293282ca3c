"""The tray among its neighbours: the sheet, the stored runs, and the page that compares them."""

import json
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SMALL = 0.005  #: of a view factor, beside three standard errors


@pytest.fixture(scope="module")
def stored():
    """What docs/build.py --tray-radiation left."""
    return json.loads((DOCS / "tray_radiation.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def hot(stored):
    """Runs of the hot operational case."""
    return stored["runs"]["hot_operational"]


@pytest.fixture(scope="module")
def script():
    """The sheet."""
    return runpy.run_path(str(DOCS / "tray_radiation.py"))


def test_the_page_compares_todays_sheet(stored, hot, script):
    """The stored estimate and losses are what the script makes of the stored runs."""
    found = script["sheet"](hot)
    assert stored["hand"] == pytest.approx(found["hand"], rel=1e-6)
    for name, row in stored["losses"].items():
        assert row == pytest.approx(found["losses"][name], rel=1e-5)


def test_the_sheets_closed_form_is_the_integral(script):
    """Perpendicular rectangles apart along their edge line: view-factor algebra and Gauss points agree, the better the more points."""
    x, y, z = np.eye(3)
    exact = script["apart"](0.99, 0.99, (-2.3, 2.3), (3.0, 12.0))
    first, second = (np.array([0.0, -2.3, 0.0]), 0.99 * x, 4.6 * y), (np.array([0.0, 3.0, 0.0]), 9.0 * y, 0.99 * z)
    errors = [abs(script["quadrature"](*first, *second, n) / exact - 1) for n in (4, 8, 16)]
    assert errors[2] < 1e-6
    assert errors[2] < errors[1] / 10 < errors[0] / 100


@pytest.mark.parametrize("run", ["exchange", "other seed"])
@pytest.mark.parametrize("wing", ["wing_north", "wing_south"])
def test_factors_by_hand_are_the_traced(stored, hot, run, wing, record_property):
    """Open face and ends to the wings within 3 standard errors and 0.5 %; the face beside the tray sees no more than without it."""
    hand, views = stored["hand"], hot[run]["views"]
    end = "+y" if wing == "wing_north" else "-y"
    for side, key in (("+z", "top_to_wing"), (end, "end_to_wing")):
        row = views[side]
        room = 3 * row[f"{wing}_error"] + SMALL * hand[key]
        assert row[wing] == pytest.approx(hand[key], abs=room)
    record_property("expected", hand["top_to_wing"])
    record_property("found", views["+z"][wing])
    record_property("tolerance", 3 * views["+z"][f"{wing}_error"] + SMALL * hand["top_to_wing"])
    below = views["-z"]
    assert 0.8 * hand["bottom_to_wing"] < below[wing] < hand["bottom_to_wing"] + 3 * below[f"{wing}_error"]


def test_heat_from_the_wings_is_first_order(stored, hot):
    """eps1 eps2 A F sigma T^4 within 5 % of the run: reflections and the rays' error are smaller."""
    heat = hot["exchange"]["radiator"]
    assert stored["hand"]["from_wings_W"] == pytest.approx(heat["from_wings_W"], rel=0.05)
    assert abs(heat["from_wings_W"] - heat["to_wings_W"] - stored["hand"]["net_from_wings_W"]) < 0.05 * heat["from_wings_W"]


@pytest.mark.parametrize("name", ["open", "wings away", "exchange", "other seed"])
def test_the_radiators_paths_add_up(hot, name):
    """What comes in goes out, within 0.05 % of what it emits."""
    heat = hot[name]["radiator"]
    coming = sum(value for path, value in heat.items() if path.endswith("_W") and path not in ("emitted_W", "to_wings_W"))
    assert coming == pytest.approx(heat["emitted_W"], rel=5e-4)


def test_the_faces_views_add_up(hot):
    """Sky, wings, tray and battery are all that the radiator sees."""
    for row in hot["exchange"]["views"].values():
        assert row["sky"] + row["wing_north"] + row["wing_south"] + row["tray"] + row["battery"] == pytest.approx(1, abs=1e-5)


def test_losses_are_explained(stored, hot):
    """Watts over 4 eps sigma A T^3 are the kelvin; the two causes make the whole; other rays change nothing that is claimed."""
    losses = stored["losses"]
    for row in losses.values():
        assert row["less_W"] / stored["hand"]["watts_per_kelvin"] == pytest.approx(row["kelvin"], rel=0.01)
        assert row["equivalent_m2"] + row["lost_m2"] == pytest.approx(hot["exchange"]["radiator"]["emitting_m2"], rel=1e-6)
    assert losses["wings"]["kelvin"] + losses["tray and battery"]["kelvin"] == pytest.approx(losses["all"]["kelvin"], abs=1e-4)
    moved = hot["other seed"]["radiator"]["kelvin"] - hot["exchange"]["radiator"]["kelvin"]
    assert abs(moved) < 3 * hot["exchange"]["rays"]["temperature_error_K"] < 0.5 * losses["wings"]["kelvin"]


def test_no_limit_is_missed_and_the_page_names_what_cannot_be_said(stored):
    """No run misses a limit; the hot case as shipped, with exchange, leaves margins within its error, and the page says so."""
    runs = stored["runs"]
    assert not any(run["missed"] for case in runs.values() for run in case.values())
    assert not runs["hot_operational"]["open"]["within_error"]
    assert runs["hot_operational"]["exchange"]["within_error"]
    page = (DOCS / "tray_radiation.md").read_text(encoding="utf-8")
    assert "Every limit is" not in page
    for case in runs:
        for name in ("open", "exchange"):
            assert page.count(f"`{case}`, {name}: ") == len(runs[case][name]["within_error"])


def test_heaters_save_what_neighbours_return(stored):
    """Where the tray's heater works it makes some 50 W less."""
    runs = stored["runs"]
    for case in ("cold_survival", "safe_mode"):
        saved = runs[case]["open"]["radiator"]["from_tray_W"] - runs[case]["exchange"]["radiator"]["from_tray_W"]
        assert saved == pytest.approx(50, abs=5)


def test_shadows_take_no_sunlight_that_is_absorbed(hot):
    """Wings keep their Sun, and what the tray's modules lose falls on insulation."""
    lit = hot["exchange"]["sunlight"]
    assert lit["wings"]["reached_W"] == pytest.approx(lit["wings"]["alone_W"], rel=1e-6)
    assert lit["network adapters"]["reached_W"] < 0.01 * lit["network adapters"]["alone_W"]
    assert sum(row["absorbing_lost_W"] for row in lit.values()) < 0.01


def test_open_is_the_tray_by_hand(hot):
    """The run without neighbours is the one of the other page."""
    other = json.loads((DOCS / "tray_by_hand.json").read_text(encoding="utf-8"))["run"]
    heat = hot["open"]["radiator"]
    assert heat["kelvin"] == pytest.approx(other["fourth_root_of_mean_T4_K"], abs=2e-3)
    assert heat["from_tray_W"] == pytest.approx(other["heat_from_tray_W"], rel=1e-4)


def test_the_page_quotes_the_figures(stored, hot):
    """Prose says what the tables say."""
    page = " ".join((DOCS / "tray_radiation.md").read_text(encoding="utf-8").split())
    hand, losses, seen, away = stored["hand"], stored["losses"], hot["exchange"]["radiator"], hot["wings away"]["radiator"]
    half = runpy.run_path(str(DOCS / "tray_radiation.py"))["areas_seen"]()["+z"]
    for figure in (
        f"**{losses['all']['kelvin']:.2f} K warmer**",
        f"{losses['wings']['kelvin']:.2f} K because of the wings",
        f"{losses['tray and battery']['kelvin']:.2f} K because of the tray and the battery",
        f"{losses['wings']['needed_m2']:.3f} m² more",
        f"{losses['wings']['ratio'] * 100:.2f} % of what it has",
        f"{hand['watts_per_kelvin']:.1f} W/K: the {losses['wings']['less_W']:.1f} W",
        f"A = {seen['emitting_m2']:.3f} m²",
        f"infrared, {seen['from_wings_W']:.1f} W",
        f"{away['earth_infrared_W'] - seen['earth_infrared_W']:.1f} W of infrared",
        f"{away['albedo_W'] - seen['albedo_W']:.1f} W of albedo",
        f"throw sunlight at it ({seen['sun_W'] - away['sun_W']:.1f} W)",
        f"{away['from_itself_W']:.1f} W come back",
        f"{hot['open']['radiator']['sun_W']:.0f} W become {seen['sun_W']:.0f} W",
        f"{half['+x']:.5f} m² for each half",
        f"adds {half['-y']:.4f} m²",
        f"sees {hand['top_to_wing']:.5f} of each wing",
        f"({seen['wings_K']:.1f} K)",
        f"net, it takes {seen['from_wings_W'] - seen['to_wings_W']:.1f} W from them",
        f"The wings' share, {losses['wings']['kelvin']:.2f} K,",
    ):
        assert figure in page


def test_the_tables_are_those_of_the_stored_figures(stored, monkeypatch):
    """Every block of the page is what docs/tray_radiation_tables.py makes of the stored figures."""
    monkeypatch.syspath_prepend(str(DOCS))
    import tray_radiation_tables

    page = (DOCS / "tray_radiation.md").read_text(encoding="utf-8")
    for name, table in tray_radiation_tables.tables().items():
        assert f"<!-- {name}: begin" in page
        assert table in page
    sys.modules.pop("tray_radiation_tables")
