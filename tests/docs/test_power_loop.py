"""The loop between power and temperature: the stored figures, what they show, and the page that quotes them."""

import json
import re
import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
FIGURES = DOCS / "power_loop.json"
CASES = ("hot_operational", "cold_operational")


@pytest.fixture(scope="module")
def stored():
    """What docs/build.py --loop left."""
    return json.loads(FIGURES.read_text(encoding="utf-8"))


def test_the_page_is_made_of_the_stored_figures():
    """Tables and reading on the page are what the stored figures give."""
    page, made = (DOCS / "power_loop.md").read_text(encoding="utf-8"), runpy.run_path(str(DOCS / "power_loop_page.py"))
    for name, text in (("figures", made["table"](FIGURES)), ("reading", made["reading"](FIGURES))):
        block = re.search(rf"<!-- {name}: begin[^>]*-->\n(.*?)\n<!-- {name}: end -->", page, re.DOTALL)
        assert block is not None
        assert block[1] == text


@pytest.mark.parametrize("case", CASES)
def test_electricity_that_leaves_cools_the_wings(stored, case):
    """Some 190 W/m2 drawn in sunlight are worth more than 10 K; in the shadow nothing is drawn, and the coldest points agree within 1 K."""
    coupled, alone = stored[case]["coupled"], stored[case]["thermal_alone"]
    assert alone["wings_sunlit_mean_degC"] > coupled["wings_sunlit_mean_degC"] + 10.0
    assert alone["wings_min_degC"] == pytest.approx(coupled["wings_min_degC"], abs=1.0)


@pytest.mark.parametrize("case", CASES)
def test_losses_warm_what_takes_them(stored, case):
    """Battery, regulators and, by way of the cold plate, accelerators are warmer in the coupled run; its heater runs less."""
    coupled, alone = stored[case]["coupled"], stored[case]["thermal_alone"]
    for key in ("battery_min_degC", "battery_max_degC", "vrm_max_degC", "gpu_max_degC"):
        assert coupled[key] > alone[key]
    assert coupled["heaters_W"] < alone["heaters_W"]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", ["coupled", "sheet", "free_wing"])
def test_masses_follow_sizes(stored, case, kind):
    """2.9 kg/m2 of wing and 259.7 Wh/kg of bare cells, whatever the temperatures."""
    row = stored[case][kind]
    assert row["smallest_array_kg"] == pytest.approx(2.9 * row["smallest_array_m2"], rel=1e-5)
    assert row["pack_kg"] == pytest.approx(row["pack_Wh"] / 259.7, rel=1e-4)


@pytest.mark.parametrize("case", CASES)
def test_only_an_array_sized_too_small_falls_short(stored, case):
    """The coupled size serves the coupled load; one of less area lacks energy in every orbit, one of more does not."""
    rows = stored[case]
    needed = rows["coupled"]["smallest_array_m2"]
    for kind in ("coupled", "sheet", "free_wing"):
        assert (rows[kind]["short_by_Wh"] > 0.5) == (rows[kind]["smallest_array_m2"] < needed * (1.0 - 1e-6))


@pytest.mark.full
def test_the_stored_figures_are_those_of_a_run(stored, monkeypatch):
    """The page's script on today's program: temperatures to 0.5 K, powers and sizes to 1 %."""
    from heliorack import load
    from heliorack.run.simulate import meshed_bodies

    monkeypatch.syspath_prepend(str(DOCS))
    script = runpy.run_path(str(DOCS / "power_loop_run.py"))
    case = load(DOCS.parent / "cases" / "gpu_tray_leo.toml", case="hot_operational")
    found = script["compare_case"](case, meshed_bodies(), lambda words, done: None)
    for kind, row in found.items():
        for key, value in row.items():
            if key.endswith("_degC"):
                assert value == pytest.approx(stored["hot_operational"][kind][key], abs=0.5), (kind, key)
            elif key.endswith(("_m2", "_Wh", "_mean_W")) and key not in ("short_by_Wh", "undrawn_mean_W"):
                assert value == pytest.approx(stored["hot_operational"][kind][key], rel=0.01), (kind, key)
