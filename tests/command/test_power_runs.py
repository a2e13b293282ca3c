"""Power and heat of one small satellite through the command line: books, shadows, failed results and bad input."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command.cli_runner import case, here, read, solved
from command.powered import POWERED, changed
from command.test_ranks import EXACT, on_two_ranks

from heliorack.runfolder.summary import read as summary_of
from heliorack.sweep.execution.point import figures

pytestmark = pytest.mark.usefixtures("without_pictures")

BARE = POWERED.replace(POWERED[POWERED.index("[[heaters]]") : POWERED.index("[[limits]]")], "")  #: no heaters: the battery is cold
WARM = BARE.replace('battery_part = "pack"\n', "")  #: the battery charges at any temperature
SIZED = changed(BARE, ("array_area_m2 = 0.75\n", ""), ("pack_capacity_Wh = 40\n", ""))
STRINGS = changed(WARM, ("array_area_m2 = 0.75\n", "")) + '\n[[power.wings]]\nname = "one"\nseries = 14\nparallel = 12\n'
FIN = """
[[parts]]
name = "fin"
kind = "box"
size_mm = [10, 1500, 150]
position_mm = [245, 1200, -80]
material = "sheet"
coating = "z93"
mesh_mm = 250

[[contacts]]
between = ["fin", "wing"]
conductance_W_m2K = 100

"""


def ran(folder: Path, text: str, code: int = 0) -> tuple[dict[str, Any], str]:
    """Summary and closing words of a run that ends with an exit code."""
    done = here("run", case(folder, text), "-o", folder / "out")
    assert done.exit_code == code, done.output
    return read(folder / "out"), done.output


def refused(folder: Path, text: str) -> str:
    """Words of a run that is refused."""
    done = here("run", case(folder, text), "-o", folder / "out")
    assert done.exit_code == 2, done.output
    assert not (folder / "out").exists()
    return done.stderr


def test_one_ledger_with_heaters_and_converters(tmp_path):
    """Thermostat heaters, converters, battery and regulators: absorbed = radiated + stored + sent out to 1e-6; by name to round-off."""
    summary, words = ran(tmp_path, POWERED)
    ledger, heat, power = summary["satellite_ledger"], summary["heat_W"], summary["power"]
    assert ledger["closure"] <= 1e-6
    assert sum(ledger["lines_W"].values()) == pytest.approx(0.0, abs=1e-6 * heat["sun"])
    assert ledger["lines_W"]["sent_out"] == pytest.approx(-3.0, rel=1e-9)  # the base load names no part
    assert heat["heaters"] > 1.0
    assert heat["converters"] == pytest.approx(heat["compute"] * (1 / 0.9 - 1), rel=1e-9)
    assert heat["electricity"] == pytest.approx(-power["array_mean_drawn_W"], rel=2e-4)
    asked = heat["compute"] + heat["converters"] + heat["heaters"] + 3.0
    assert power["load_mean_W"] == pytest.approx(asked, rel=2e-4)
    throughput = 0.5 * sum(abs(flow) for flow in ledger["lines_W"].values())
    assert -heat["electricity"] == pytest.approx(asked + heat["battery"] + heat["regulators"], abs=1e-6 * throughput)
    assert "satellite: absorbed " in words


@pytest.mark.full
def test_linear_shunt_heats_its_part_and_not_the_cells(tmp_path):
    """All that the array can give leaves the cells; what nobody uses heats shunt_part: hotter plate, cooler wing, the same Sun."""
    held = changed(WARM, ("array_to_load", 'regulation = "det"\nbus_voltage_V = 28\nseries = 14\narray_to_load'))
    held = held.replace("max_degC = 85", "max_degC = 200")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    switching, _ = ran(tmp_path / "a", held)
    linear, _ = ran(tmp_path / "b", changed(held, ("array_to_load", 'shunt = "linear"\nshunt_part = "plate"\narray_to_load')))
    heat = linear["heat_W"]
    assert -heat["electricity"] == pytest.approx(heat["shunt"] + linear["power"]["array_mean_drawn_W"], rel=2e-4)
    assert heat["shunt"] > 10.0
    assert "shunt" not in switching["heat_W"]
    assert linear["parts"]["plate"]["mean_degC"] > switching["parts"]["plate"]["mean_degC"] + 5.0
    assert linear["parts"]["wing"]["mean_degC"] < switching["parts"]["wing"]["mean_degC"] - 1.0
    assert max(linear["satellite_ledger"]["closure"], switching["satellite_ledger"]["closure"]) <= 1e-6


def test_array_that_is_not_meshed_brings_its_electricity_from_outside(tmp_path):
    summary, _ = ran(tmp_path, changed(WARM, ('array_faces = "wing:-z"\n', "")))
    lines = summary["satellite_ledger"]["lines_W"]
    assert lines["array_apart"] == pytest.approx(summary["power"]["array_mean_drawn_W"], rel=2e-4)
    assert summary["satellite_ledger"]["closure"] <= 1e-6


def test_shadow_on_strings(tmp_path):
    """A fin along the wing's edge: strings across its shadow lose more than the strip, strings along it only those in the strip."""

    def energy(name: str, text: str) -> float:
        (tmp_path / name).mkdir()
        summary, _ = ran(tmp_path / name, text)
        drawn = summary["power"]["array_mean_drawn_W"] * summary["orbit"]["period_s"] / 3600
        return float(drawn + summary["power"]["undrawn_Wh"])

    shaded = changed(STRINGS, ("[[compute]]", FIN + "[[compute]]"))
    free, across = energy("free", STRINGS), energy("y", shaded)
    along, spared = energy("x", shaded + 'across = "x"\n'), energy("diodes", shaded + "bypass = true\nbypass_drop_V = 0.0\n")
    assert across < 0.8 * free
    assert across < along < free
    assert across < spared < free


def test_battery_that_cannot_charge(tmp_path):
    """Without its heater the pack stays below 0 degC: a failed result that names its temperature, as the parts table has it."""
    summary, words = ran(tmp_path, BARE, 1)
    said = next(s for s in summary["failures"] if s.startswith("battery: cannot charge at all at its temperature, "))
    felt = [float(word) for word in said.split("temperature, ")[1].split(" degC")[0].split(" to ")]
    assert felt == pytest.approx([summary["parts"]["pack"][key] for key in ("min_degC", "max_degC")], abs=0.5)
    assert "battery: cannot charge" in words
    assert summary["satellite_ledger"]["closure"] <= 1e-6
    assert summary["satellite_ledger"]["lines_W"]["stored_charge"] > 1.0  # it is drained


def test_no_array_at_all(tmp_path):
    """Sized, and no area would do: exit 1, and no number in summary, tables, report or pictures; the heat books still close."""
    summary, words = ran(tmp_path, SIZED, 1)
    power = summary["power"]
    there = {"asked", "array_sized", "pack_sized", "load_mean_W", "load_peak_W", "warnings", "carries"}
    assert {key for key, value in power.items() if value is not None} == there
    assert [summary["mass_kg"][name] for name in ("solar array", "total")] == [None, None]
    assert summary["mass"]["total_kg"] is None
    assert summary["delivered"] == {}
    assert "no area of the array carries this load" in words
    assert "array none: no area carries this load" in words
    assert "mass     none: " in words
    assert any("charge at any temperature and rate" in said for said in summary["assumptions"])
    assert summary["satellite_ledger"]["closure"] <= 1e-6
    kept = json.loads((tmp_path / "out" / "power.json").read_text())
    assert (kept["flows"], kept["orbit"], kept["years"], kept["array"]) == ([], None, None, {"none": "no array carries this load"})
    assert "array_available_W" not in (tmp_path / "out" / "history.csv").read_text().splitlines()[0]
    assert "No array carries this load" in (tmp_path / "out" / "report.html").read_text()
    row = figures(summary_of(tmp_path / "out"))
    assert (row["array_area_m2"], row["mass_kg"]) == (None, None)


def sized(folder: Path, peak: float, starts: str = "both") -> dict[str, Any]:
    """Summary of a sized case whose battery is as warm as the load makes it."""
    folder.mkdir(exist_ok=True)
    text = changed(SIZED, ("peak_W = 24", f"peak_W = {peak:g}")) + f'\n[run]\nstarts = "{starts}"\n'
    done = here("run", case(folder, text), "-o", folder / "out")
    assert done.exit_code in (0, 1), done.output
    return read(folder / "out")


@pytest.mark.parametrize(("peak", "said"), [(130.0, "inside"), pytest.param(155.0, "partly", marks=pytest.mark.full), (190.0, "never")])
def test_the_charging_window_does_not_depend_on_the_start(tmp_path, peak, said):
    """Hot and cold starts end in one state, in few orbits: inside the window, charging part of the time, or without any array."""
    summary = sized(tmp_path, peak)
    pack, power = summary["parts"]["pack"], summary["power"]
    assert summary["starts"]["agree"]
    assert summary["periodic"]["converged"]
    assert summary["periodic"]["orbits"] <= 16
    assert summary["satellite_ledger"]["closure"] <= 1e-6
    assert (power["array_area_m2"] is None) == (said == "never")
    if said != "never":
        assert (pack["max_degC"] > 45.5) == (said == "partly")
        once = sized(tmp_path / "once", peak, "one")["power"]["array_area_m2"]
        assert once == pytest.approx(power["array_area_m2"], rel=5e-3)


def test_charging_that_comes_to_no_end_is_said(tmp_path, monkeypatch):
    """Where orbits that keep to the window go back and forth, the state that charges at any temperature stands, without sizes."""
    monkeypatch.setattr("heliorack.coupling.solve.ORBITS", 1)
    summary = sized(tmp_path, 155.0, "one")
    said = next(s for s in summary["failures"] if s.startswith("battery: no periodic state was found in which it keeps to"))
    assert "charging window of 0 to 45 degC; charged at any temperature it is at " in said
    assert "back and forth between" in said
    assert summary["periodic"]["converged"]
    assert not any(s.startswith("no periodic state") for s in summary["failures"])
    felt = [float(word) for word in said.split("it is at ")[1].split(" degC")[0].split(" to ")]
    assert felt == pytest.approx([summary["parts"]["pack"][key] for key in ("min_degC", "max_degC")], abs=0.7)
    assert summary["power"]["array_area_m2"] is None
    assert summary["mass_kg"]["total"] is None
    assert summary["satellite_ledger"]["closure"] <= 1e-6
    assert any("outside its window as at the nearer end of it; nothing is sized" in said for said in summary["assumptions"])
    assert not any("no array carries this load" in said for said in summary["assumptions"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("array_area_m2 = 0.75", "array_area_m2 = 0.05"), "array: 0.05 m2 is too small for the load at any battery; it can give"),
        (("pack_capacity_Wh = 40", "pack_capacity_Wh = 40\ncharge_limit_W = 2"), "battery: its charge_limit lets it take 2 W at most"),
    ],
    ids=["small array", "slow charge"],
)
def test_orbit_that_does_not_close(tmp_path, change, said):
    summary, words = ran(tmp_path, changed(WARM, change), 1)
    assert said in words
    assert not summary["holds"]
    assert summary["satellite_ledger"]["closure"] <= 1e-6


THROTTLE = "peak_W = 24\ntheta_jc_K_W = 0.2\nthrottle = { junction_degC = 80, release_degC = 90, factor = 0.5 }"
UNEQUAL = "".join(f'\n[[power.wings]]\nname = "{name}"\nseries = {cells}\nparallel = 2\n' for name, cells in (("one", 14), ("two", 15)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (changed(BARE, ("peak_W = 24", THROTTLE)), "release"),
        (
            changed(BARE, ("array_area_m2 = 0.75", 'regulation = "det"\nbus_voltage_V = 28')) + UNEQUAL,
            "'one' has cells in series = 14 and 'two' has cells in series = 15",
        ),
        (
            changed(BARE, ('supply_part = "plate"', 'supply_part = "plat"')),
            'compute.chip.supply_part = "plat"   no such part; did you mean plate?',
        ),
        (
            changed(
                BARE,
                (
                    "array_to_load",
                    'regulation = "det"\nbus_voltage_V = 28\nseries = 14\nshunt = "linear"\nshunt_part = "pak"\narray_to_load',
                ),
            ),
            'power.shunt_part = "pak"   no such part; did you mean pack?',
        ),
        (STRINGS + 'faces = "plate:-z"\n', 'power.wings.one.faces = "plate:-z"   no such face of array_faces'),
        (STRINGS + 'across = "z"\n', 'power.wings.one.across = "z"   is the normal of wing:-z'),
    ],
    ids=["throttle", "unequal strings", "supply part", "shunt part", "wing faces", "strings across"],
)
def test_bad_input(tmp_path, text, said):
    assert said in refused(tmp_path, text)


def test_schedule_with_a_gap(tmp_path):
    (tmp_path / "jobs.csv").write_text("time_s,utilisation\n0,0.5\n600,\n1200,1\n")
    start = BARE.index("profile = {")
    text = BARE.replace(BARE[start : BARE.index("\n", start)], 'profile = { kind = "schedule", file = "jobs.csv" }')
    assert "row 3: utilisation is empty; a schedule has no gaps" in refused(tmp_path, text)


def test_quick_sizes_word_a_checkpoint_that_does_not_fit(tmp_path):
    """Closed forms refuse it as a run does, and count the losses of converters."""
    long = 'peak_W = 24\neclipse = "checkpoint"\ncheckpoint_s = 5000\nsleep_W = 1\nresume_s = 5000'
    done = here("size", case(tmp_path, changed(BARE, ("peak_W = 24", long))), "--quick")
    assert done.exit_code == 2, done.output
    assert "checkpoint, sleep and resume take" in done.stderr
    whole = here("size", case(tmp_path, BARE), "--quick", "--json")
    bare = here("size", case(tmp_path, BARE.replace('supply_efficiency = 0.9\nsupply_part = "plate"\n', "")), "--quick", "--json")
    loads = [json.loads(found.stdout)["rows"][0]["load_W"] - 3.0 for found in (whole, bare)]
    assert loads[0] == pytest.approx(loads[1] / 0.9, rel=1e-9)
    assert np.isfinite(loads).all()


@pytest.mark.full
@pytest.mark.mpi
@pytest.mark.xdist_group("mpi")
def test_two_ranks_keep_the_same_books(tmp_path):
    """The satellite's ledger line by line to 1e-6 W, with cells, battery and converters spread over two processes."""
    path = case(tmp_path, WARM + EXACT)
    done = on_two_ranks("run", path, "-o", tmp_path / "two")
    assert done.returncode == 0, done.stdout + done.stderr
    one, two = solved(path, tmp_path / "one")["satellite_ledger"], read(tmp_path / "two")["satellite_ledger"]
    assert two["lines_W"] == pytest.approx(one["lines_W"], abs=1e-6)
    assert max(one["closure"], two["closure"]) <= 1e-9
