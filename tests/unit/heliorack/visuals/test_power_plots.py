"""Flows add up at every station, curves end where they must, and the plots say what they show."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from sample_run import rewrite, summary, write_run

from heliorack.cli.app import cli
from heliorack.report import html
from heliorack.results.figures import life
from heliorack.results.power_figures import write
from heliorack.runfolder.fields import ViewError
from heliorack.runfolder.summary import MassFigures, MassLine
from heliorack.visuals.power_plots import nights
from heliorack.visuals.view import power_plots
from power.solar.strings import Wing
from power.system.array_curves import curves
from power.system.flows import BATTERY, BUS, CELLS, DRAIN, LOAD, SUN, UNSERVED, flows
from power.system.settings import Power
from power.system.system import solve
from power.system.yearly_figures import battery_years

PERIOD, DARK = 5700.0, 2000.0
T = np.array([0.0, PERIOD - DARK, PERIOD - DARK, PERIOD])
SUNLIGHT = np.array([1361.0, 1361.0, 0.0, 0.0])
CELL = "azur_3g30_cic"


def orbit(power: Power, load: float = 500.0, warm: tuple[float, float] = (240.0, 350.0)):
    """One orbit of sunlight and shadow; the cells warm up from the first temperature [K] to the second while lit."""
    return solve(power, T, SUNLIGHT, np.full(4, load), np.array([warm[0], warm[1], warm[1], warm[0]]))


def power(**given) -> Power:
    """Cells with a full data sheet, everything else as given."""
    return Power(cell=CELL, battery="lg_mj1", **given)


def leaving(listed, name):
    """Mean power out of a station [W]."""
    return sum(flow.watts for flow in listed if flow.source == name)


def entering(listed, name):
    """Mean power into a station [W]."""
    return sum(flow.watts for flow in listed if flow.target == name)


def test_every_station_gives_what_it_takes():
    """A closing orbit: array, bus, battery and load lose nothing; sunlight is that on 90 % of the planform."""
    table = power(array_area=4.0, base_load=20.0)
    found = orbit(table)
    listed = flows(table, found, {"gpu": 450.0, "heaters": 50.0, "base load": 20.0})
    for station in ("array", BUS, BATTERY, LOAD):
        assert entering(listed, station) == pytest.approx(leaving(listed, station), rel=1e-9)
    assert leaving(listed, SUN) == pytest.approx(1361.0 * 4.0 * 0.9 * (PERIOD - DARK) / PERIOD, rel=1e-12)
    heat = sum(flow.watts for flow in listed if flow.target in (CELLS, "undrawn", "regulators", "battery_heat"))
    assert heat + leaving(listed, LOAD) == pytest.approx(leaving(listed, SUN), rel=1e-9)


def test_a_load_that_nobody_names_is_other():
    """Entries that fall short of the balance's load leave the rest under "other"."""
    table = power(array_area=4.0)
    listed = flows(table, orbit(table), {"gpu": 450.0})
    assert next(flow.watts for flow in listed if flow.target == "other") == pytest.approx(50.0, rel=1e-9)


def test_an_entry_may_be_called_like_a_station():
    """A load named "bus" does not feed the bus."""
    table = power(array_area=4.0)
    listed = flows(table, orbit(table), {"bus": 500.0})
    assert entering(listed, BUS) == pytest.approx(leaving(listed, BUS), rel=1e-9)
    assert entering(listed, "bus (load)") == pytest.approx(500.0, rel=1e-9)


def test_what_is_not_served_stands_beside_the_load():
    """Too small an array: served entries and the lack add up to what is asked."""
    table = power(array_area=1.0, pack_capacity=3.6e5)
    found = orbit(table)
    listed = flows(table, found, {"gpu": 500.0})
    lack = leaving(listed, UNSERVED)
    assert lack > 1.0
    assert lack + next(flow.watts for flow in listed if flow.target == "gpu") == pytest.approx(500.0, rel=1e-9)


def test_a_battery_that_is_not_filled_again_shows_its_loss():
    """Too small an array over one orbit of a battery that was full: what it loses enters it, so that it balances."""
    table = power(array_area=1.5, pack_capacity=7.2e6)
    found = orbit(table)
    listed = flows(table, found, {"gpu": 500.0})
    assert leaving(listed, DRAIN) == pytest.approx(float(found.balance.stored[0] - found.balance.stored[-1]) / PERIOD, rel=1e-9)
    assert leaving(listed, DRAIN) > 1.0
    assert entering(listed, BATTERY) == pytest.approx(leaving(listed, BATTERY), rel=1e-9)


def test_curves_of_the_hottest_and_the_coldest_moment():
    """Best points within 1 % of what the array can give; colder cells have the higher open-circuit voltage; tracked at what is drawn."""
    table = power(array_area=4.0)
    found = orbit(table)
    hot, cold = curves(table, found).moments
    assert (hot.temperature, cold.temperature) == (350.0, 240.0)
    for moment, row in ((hot, 1), (cold, 0)):
        assert moment.best[1] == pytest.approx(found.available[row], rel=0.01)
        assert moment.amps[-1] == pytest.approx(0.0, abs=1e-9)
    assert cold.volts[-1] > hot.volts[-1]
    assert hot.works[1] == pytest.approx(min(found.drawn[1], hot.best[1]), rel=1e-9)
    assert hot.works[0] >= hot.best[0]


def test_penumbra_is_not_sunlight():
    """The coldest moment is left out where the disc is half hidden."""
    table = power(array_area=4.0)
    _, cold = curves(table, orbit(table), np.array([0.5, 1.0, 0.0, 0.0])).moments
    assert cold.temperature == 350.0


def test_strings_make_the_voltage_of_the_array():
    """Under direct energy transfer the array sits at the bus; 12 cells in series have 12 times the voltage of one."""
    wing = Wing(series=12, parallel=90)
    table = power(wings=(wing,), regulation="det", bus_voltage=26.0)
    found = curves(table, orbit(table))
    alone = curves(power(array_area=4.0), orbit(power(array_area=4.0)))
    assert not found.per_cell
    assert found.moments[0].volts[-1] == pytest.approx(12 * alone.moments[0].volts[-1], rel=1e-6)
    assert found.moments[0].works[0] == 26.0


def test_a_sheet_without_its_points_has_no_curve():
    """The reason is named; a bare cell borrows from the assembly of its own sheet and says so."""
    with pytest.raises(ValueError, match="Voc"):
        curves(replace(power(array_area=4.0), cell="azur_4g32c"), orbit(replace(power(array_area=4.0), cell="azur_4g32c")))
    table = replace(power(array_area=4.0), cell="azur_3g30")
    assert "after azur_3g30_cic" in curves(table, orbit(table)).said


def test_years_begin_at_beginning_of_life():
    """Solved at either end of life, years with the same sizes are the same; the array ends at its factor."""
    young = power(array_area=4.0, pack_capacity=3.6e6, eol_factor=0.8, years=4.0)
    old = replace(young, life="eol")
    one, other = (battery_years(table, orbit(table)) for table in (young, old))
    assert [row["array"] for row in one["rows"]] == pytest.approx([0.8 ** (k / 4) for k in (1, 2, 3, 4)])
    for a, b in zip(one["rows"], other["rows"], strict=True):
        assert a == pytest.approx(b, rel=1e-9)


def test_what_does_not_age_has_no_years():
    """Every year would be like the first."""
    table = power(array_area=4.0)
    assert battery_years(table, orbit(table)) is None


def test_nights():
    """A shadow across the start of the orbit is two stretches; none without edges."""
    assert nights([1000.0, 1010.0, 2990.0, 3000.0], 5700.0) == [(1000.0, 3000.0)]
    assert nights([5000.0, 300.0], 5700.0) == [(0.0, 300.0), (5000.0, 5700.0)]
    assert nights([], 5700.0) == []


def solved(table: Power):
    """What `figures` reads of a result."""
    found = orbit(table)
    loads = SimpleNamespace(
        times=T, compute=np.full((4, 1), 450.0), efficiency=np.ones(1), heaters=np.full(4, 50.0), equipment=0.0, others={}
    )  # fmt: skip
    case = SimpleNamespace(title="Node", load_case="hot", power=table, compute=[SimpleNamespace(name="gpu")])
    return SimpleNamespace(case=case, power=found, loads=loads, env=None, years=battery_years(table, found))


def test_the_report_shows_flows_orbit_array_years_and_masses(tmp_path):
    """Three plots, the years with their unserved energy, the law, the anchors and the sources of the masses."""
    folder = write_run(tmp_path / "run")
    table = power(array_area=4.0, pack_capacity=3.6e6, eol_factor=0.8, years=3.0)
    write(solved(table), folder)
    full = summary()
    line = MassLine(name="solar array", mass_kg=7.0, uncertainty_kg=None, source="a <flown> wing")
    mass = MassFigures(lines=(line,), total_kg=7.0, uncertainty_kg=0.0, without_uncertainty=("solar array",))
    rewrite(folder, replace(full, power=replace(full.power, life=life(orbit(table).life)), mass=mass))
    html.write(folder)
    text = (folder / "report.html").read_text(encoding="utf-8")
    for name in ("power_flows", "array_curves", "power_years"):
        assert f'data-figure="{name}"' in text
    for said in (
        "Where the power goes",
        "Life of the battery",
        "Year by year",
        "no ageing law",
        "International Space Station",
        "not known",
    ):
        assert said in text
    assert "a &lt;flown&gt; wing" in text


def test_plots_are_written_on_demand(tmp_path):
    """PNG files by name; a run without power is refused in words."""
    folder = write_run(tmp_path / "run")
    with pytest.raises(ViewError, match="no power side"):
        power_plots(folder, tmp_path / "plots")
    write(solved(power(array_area=4.0)), folder)
    power_plots(folder, tmp_path / "plots")
    written = {path.name: path.read_bytes() for path in (tmp_path / "plots").iterdir()}
    assert set(written) == {"power_orbit.png", "array_curves.png"}
    assert all(png.startswith(b"\x89PNG") for png in written.values())


def test_plots_on_demand_are_asked_for_alone(tmp_path):
    """--power with --png is refused as usage, before anything is read."""
    asked = CliRunner().invoke(cli, ["view", str(tmp_path), "--power", str(tmp_path / "plots"), "--png", str(tmp_path / "a.png")])
    assert asked.exit_code == 2
    assert "--power draws files of its own" in asked.output
