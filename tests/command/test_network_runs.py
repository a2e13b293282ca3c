"""Cases of nodes and loops on the command line: steady, marched, periodic, load cases, failures with figures, bad input with words."""

import json

import numpy as np
import pytest
from case_text import box, orbit
from command.cli_runner import case, here, read
from network_case import STEADY, glow, node, table, tie, transient

import heliorack

pytestmark = pytest.mark.xdist_group("runs")

HEATED = node("plate", capacity_J_K=2000, heat_W=10) + node("sink", held_degC=-23.15) + tie("plate", "sink", 1.5)
FLUID = "[network.fluids.coolant]\ndensity_kg_m3 = 600\nspecific_heat_J_kgK = 4750\nfreezing_degC = -40\nboiling_degC = 90\n"


def loop(pump="{ flow_kg_s = 0.1 }", length=5, sink="space", more=""):
    """A closed loop of a heated plate and a radiating tube."""
    plate = '{ name = "plate", length_m = 1, diameter_mm = 10, heat_W = 2050, cells = 2 }'
    panel = f'{{ emittance = 0.9, perimeter_m = 2, to = "{sink}" }}'
    tube = f'{{ name = "tube", length_m = {length}, diameter_mm = 10, isothermal = true, cells = 30, radiates = {panel} }}'
    return FLUID + table("loops", name='"inner"', fluid='"coolant"', pump=pump, segments=f"[{plate}, {tube}]") + more


def run(folder, text, *options, code=0):
    """Summary of a run, without pictures unless options are given."""
    done = here("run", case(folder, text), "-o", folder / "run", *(options or ("--no-pictures",)))
    assert done.exit_code == code, done.output
    return read(folder / "run")


def test_closed_loop_with_report_and_pictures(tmp_path):
    """2050 W through a radiating tube to 200 K: temperatures by the closed form; loop figures, report, pictures and history are there."""
    text = loop(sink="sky") + node("sky", held_degC=-73.15) + STEADY + '[[limits]]\non = "sky"\nmax_degC = 0\n'
    found = run(tmp_path, text, "--processes", 1)
    inner = found["network"]["loops"]["inner"]
    assert inner["segments"]["plate"]["temperature_degC"][-1] + 273.15 == pytest.approx(275.94470429, abs=0.01)
    assert inner["segments"]["tube"]["temperature_degC"][-1] + 273.15 == pytest.approx(271.62891482, abs=0.01)
    assert inner["segments"]["tube"]["path_m"][-1] == pytest.approx(6.0)
    assert inner["segments"]["tube"]["pressure_bar"][-1] == pytest.approx(10.0)
    assert found["network"]["flows_W"]["inner.tube ~ sky"] == pytest.approx(2050.0, rel=1e-9)
    assert found["first_law"]["closure"] < 1e-9
    assert found["holds"] is True
    report = (tmp_path / "run" / "report.html").read_text()
    assert "Coolant loops" in report
    assert "Who heats whom" in report
    flows = heliorack.open(tmp_path / "run").case().heat_flows()
    (fluid,) = flows.bodies
    assert -fluid.paths_W["sky"] == pytest.approx(2050.0, rel=1e-9)
    assert here("export", tmp_path / "run", "--to", "glgr", "-o", tmp_path / "network").exit_code == 0
    assert "GR(1, 2)" in (tmp_path / "network" / "network.d").read_text()
    assert all((tmp_path / "run" / name).stat().st_size > 1000 for name in ("picture.png", "orbit.png"))


def test_the_bus_carries_what_a_network_draws(tmp_path):
    """Heat of a node and a tube, heater, pump and base load, in two load cases that fly one array and one battery."""
    heater = table("heaters", name='"h"', node='"plate"', power_W=60, on_below_degC=0, off_above_degC=5)
    pumped = loop("{ flow_kg_s = 0.1, efficiency = 1e-3 }").replace("heat_W = 2050", "heat_W = 500")
    bus = '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\nyears = 5\nbase_load_W = 15\n'
    cases = '[cases.full]\n[cases.off]\n"network.nodes.plate.heat_W" = 0\n'
    text = orbit(30) + HEATED.replace("heat_W = 10", "heat_W = 80") + heater + pumped + bus + STEADY + cases
    run(tmp_path, text)
    full, off = (read(tmp_path / "run" / name) for name in ("full", "off"))
    for found, heat in ((full, 580), (off, 500)):
        pump, h = found["network"]["loops"]["inner"]["pump_W"], found["network"]["heaters"]["h"]["mean_W"]
        assert pump > 1.0
        assert found["power"]["load_mean_W"] == pytest.approx(heat + 15 + pump + h, rel=1e-6)
        assert found["power"]["bus_closure"] < 1e-9
    assert off["network"]["heaters"]["h"]["mean_W"] > 10.0
    assert full["power"]["array_area_m2"] == off["power"]["array_area_m2"]
    assert full["power"]["array_area_m2"] > 1.0
    assert full["mass"]["total_kg"] > 1.0
    assert (tmp_path / "run" / "full" / "power.json").exists()


def test_thermostat_cycle_marched(tmp_path):
    """60 W of a 5 K band on 2000 J/K: times on and off of the closed form to 1e-4, energy in the ledger."""
    heater = table("heaters", name='"h"', node='"plate"', power_W=60, on_below_degC=0, off_above_degC=5)
    found = run(tmp_path, HEATED.replace("heat_W = 10", "heat_W = 0") + heater + transient(4000, 2))
    events = [one for one in found["network"]["events"] if one["name"] == "heater h"]
    off = [one["time_s"] for one in events if one["what"] == "off"]
    on = [one["time_s"] for one in events if one["what"] == "on"]
    assert off[1] - on[1] == pytest.approx(469.363719, rel=1e-4)
    assert on[1] - off[0] == pytest.approx(260.736765, rel=1e-4)
    assert found["network"]["heaters"]["h"]["duty"] == pytest.approx(found["heat_W"]["heater h"] / 60)


def test_periodic_thermostat_without_orbit(tmp_path):
    """The averaged law starts periods with exact switching; mean power within 1 % of the cycle's 38.57 W, and whether it repeats."""
    heater = table("heaters", name='"h"', node='"plate"', power_W=60, on_below_degC=0, off_above_degC=5)
    text = "[network]\nperiod_s = 73010.0\n" + HEATED.replace("heat_W = 10", "heat_W = 0") + heater
    found = run(tmp_path, text)
    assert found["network"]["heaters"]["h"]["mean_W"] == pytest.approx(38.572530, rel=0.01)
    assert any("exact switching" in said for said in found["remarks"])


def test_square_wave_repeats(tmp_path):
    """400 W in sunlight, 60 W into a second node: temperatures at exit and entry to 1e-4, from a periodic run without an orbit."""
    P, edge = 5738.993, 0.37231082 * 5738.993
    over = f"{{ times_s = [0, {edge}, {edge}, {P}], heat_W = [0, 0, 400, 400] }}"
    nodes = node("one", capacity_J_K=5000, heat_over_time=over) + node("two", capacity_J_K=8000, heat_W=60)
    nodes += node("sink", held_degC=-23.15)
    found = run(tmp_path, f"[network]\nperiod_s = {P}\n" + nodes + tie("one", "sink", 4) + tie("one", "two", 1.5))
    assert found["periodic"]["converged"]
    left = heliorack.open(tmp_path / "run").case()
    assert left.moments()[-1] == pytest.approx(P)
    assert left.means(P)["one"] == pytest.approx(354.01578139 - 273.15, abs=0.01)
    assert left.means(edge)["two"] == pytest.approx(364.64756631 - 273.15, abs=0.01)
    with pytest.raises(ValueError, match=r"has no facets: of nodes alone heat_flows\(\)"):
        left.absorbed()
    rows = np.genfromtxt(tmp_path / "run" / "history.csv", delimiter=",", names=True)
    at_exit = rows[np.argmin(np.abs(rows["time_s"] - edge))]
    assert at_exit["one_mean_degC"] + 273.15 == pytest.approx(289.17575793, abs=0.01)
    assert at_exit["two_mean_degC"] + 273.15 == pytest.approx(364.64756631, abs=0.01)
    assert rows[-1]["one_mean_degC"] + 273.15 == pytest.approx(354.01578139, abs=0.01)


def test_the_time_that_is_left_to_a_limit(tmp_path):
    """100 W into 2000 J/K from 20 degC pass 40 degC, less 5 K of uncertainty, after 300 s; and a part alike."""
    limit = '[[limits]]\non = "{0}"\nmax_degC = 40\n[[limits]]\non = "{0}"\nmin_degC = 0\n'
    found = run(tmp_path, node("bus", capacity_J_K=2000, heat_W=100) + limit.format("bus") + transient(600), code=1)
    assert [one.get("passed_s") for one in found["limits"]] == [pytest.approx(300.0, abs=1e-3), None]
    assert found["failures"][0].endswith("limit's 40.0 degC, from t = 300 s on")
    heat = 2700 * 896 * 0.05 * 0.05 * 0.02 * 15.0 / 300.0  # aluminium 6061 by 15 K in 300 s
    block = box("block", (50, 50, 20), coating="insulated", mesh=50, more=f"heat_W = {heat}\n")
    block += '[[boundaries]]\nkind = "film"\nfaces = "block:-z"\nh_W_m2K = 1e-6\nfluid_degC = 20\n'
    path = tmp_path / "part"
    path.mkdir()
    found = run(path, block + limit.format("block") + transient(600), code=1)
    assert found["limits"][0]["passed_s"] == pytest.approx(300.0, rel=0.01)


def test_load_cases_have_an_envelope(tmp_path):
    """A pump lost is a load case: conditions, not hardware; its radiator freezes, and the envelope says so."""
    text = loop() + '[cases.nominal]\n[cases.lost]\n"network.loops.inner.pump.stops_s" = 100\n' + transient(300)
    text += node("wall", capacity_J_K=500, heat_W=1) + glow("wall", "space", 0.1)
    done = here("run", case(tmp_path, text), "-o", tmp_path / "run", "--json", "--no-pictures")
    assert done.exit_code == 1, done.output
    assert set(json.loads(done.stdout)["load_cases"]) == {"nominal", "lost"}
    lost = read(tmp_path / "run" / "lost")["network"]["loops"]["inner"]
    assert lost["flow_min_kg_s"] == 0.0
    assert any("inner: its fluid freezes at tube" in said for said in read(tmp_path / "run" / "lost")["failures"])
    assert lost["max_degC"] > read(tmp_path / "run" / "nominal")["network"]["loops"]["inner"]["max_degC"] + 20


def test_frozen_fluid_fails_with_time_and_place(tmp_path):
    """A long radiator freezes its fluid: exit 1, named with loop, place and moment."""
    found = run(tmp_path, loop(length=40) + transient(2000, 0), code=1)
    assert len(found["failures"]) == 1
    assert "loop inner: its fluid freezes at tube, 40 m behind its inlet at t = " in found["failures"][0]
    assert "freezes at -40.00 degC" in found["failures"][0]
    event = next(one for one in found["network"]["events"] if one["what"].startswith("freezes"))
    assert 0 < event["time_s"] < 2000


COLD = """
[cases.frozen]
"run.start_degC" = -60
"network.loops.inner.start_degC" = -60
"network.loops.inner.cold_start" = {}
[cases.warm]
"""


def test_a_cold_start_as_a_load_case(tmp_path):
    """Conditions, not hardware: heat reaches the plate alone, so that the tube stays frozen, and both pages say so."""
    fluid = FLUID + "latent_heat_J_kg = 3e5\n"
    text = loop(sink="sky").replace(FLUID, fluid) + node("sky", held_degC=-53.15) + transient(20, -10)
    done = here("run", case(tmp_path, text + '[[limits]]\non = "sky"\nmax_degC = 0\n' + COLD), "-o", tmp_path / "run", "--no-pictures")
    assert done.exit_code == 0, done.output
    assert "thaw     inner: 100 % of its 0.283 kg frozen at the start, NOT THAWED" in done.output
    frozen, warm = (read(tmp_path / "run" / name)["network"]["loops"]["inner"] for name in ("frozen", "warm"))
    assert frozen["thaw"]["thawed_s"] is None
    assert frozen["flow_max_kg_s"] == 0.0
    assert list(frozen["thaw"]["branches_s"]) == ["plate"]
    assert "thaw" not in warm
    assert "NO VERDICT" in done.output
    assert "loop inner: still frozen at t = 20 s" in done.output
    assert "Cold start of inner" in (tmp_path / "run" / "report.html").read_text()


@pytest.mark.parametrize(
    ("keys", "missing"),
    [("freezing_degC = -90\n", "boiling_degC"), ("boiling_degC = 300\n", "freezing_degC"), ("", "freezing_degC and boiling")],
)
def test_a_fluid_of_which_nothing_is_known_leaves_no_verdict(tmp_path, keys, missing):
    """All limits are kept with a fluid at 160 degC of which the case does not say where it is a liquid: that is said, and nothing HOLDS."""
    limit = node("wall", heat_W=1) + glow("wall", "space", 0.1) + '[[limits]]\non = "wall"\nmax_degC = 0\n'
    text = loop(length=0.6).replace("freezing_degC = -40\nboiling_degC = 90\n", keys) + limit + STEADY
    done = here("run", case(tmp_path, text), "-o", tmp_path / "run", "--no-pictures")
    assert done.exit_code == 0, done.output
    found = read(tmp_path / "run")
    assert (found["holds"], found["failures"]) == (None, [])
    hot = found["network"]["loops"]["inner"]["max_degC"]
    assert hot > 150.0
    assert f"network.fluids.coolant has no {missing}" in done.stdout
    assert "boiling" not in missing or f"{hot:.1f} degC of its warmest place" in done.stdout
    assert "NO VERDICT: every limit is kept, but" in done.stdout
    assert "HOLDS" not in done.stdout


@pytest.mark.parametrize(("when", "words"), [(STEADY, ", at 145.05 degC, known from"), (transient(600, 60), " at t = 1")])
def test_glycol_beyond_its_data_is_a_failure(tmp_path, when, words):
    """At 20 bar it would boil at 212 degC, but what is known of it ends at 100: beyond that no figure of the run can be trusted."""
    text = loop(length=1).replace('fluid = "coolant"', 'fluid = "water_glycol"\nfraction = 0.5\npressure_bar = 20').replace("2050", "3000")
    found = run(tmp_path, text + when, code=1)
    (said,) = found["failures"]
    assert "its fluid leaves the range of its data at plate, 1 m behind its inlet" in said
    assert words in said
    assert "known from -35.99 to 100.00 degC" in said


@pytest.mark.parametrize("key", ["stops_s", "starts_s"])
def test_what_would_happen_after_the_last_orbit_is_refused(tmp_path, key):
    """The length of a run in orbits is known with its orbit; a pump that stops after it would run on in silence."""
    text = orbit(30) + loop(pump=f"{{ flow_kg_s = 0.1, {key} = 5739 }}") + '[run]\nkind = "transient"\norbits = 1\nstart_degC = 20\n'
    done = here("run", case(tmp_path, text), "-o", tmp_path / "run")
    assert done.exit_code == 2
    said = f"network.loops.inner.pump.{key} = 5739.0   would be after the transient, whose run.orbits = 1 takes 5738.99 s"
    assert said in done.output


def test_heat_pipe_over_its_limit_at_its_temperature(tmp_path):
    """A pipe carries its limit at its own temperature and no more: what is asked of it is far more, and the run fails with both."""
    pipe = table("heat_pipes", name='"hp"', between='["hot", "sink"]', conductance_W_K=5, temperatures_degC="[0, 60]", limit_W="[10, 4]")
    nodes = node("hot", capacity_J_K=100, heat_W=50) + node("sink", held_degC=10) + tie("hot", "sink", 1)
    found = run(tmp_path, nodes + pipe + STEADY, code=1)
    hot = found["parts"]["hot"]["mean_degC"]
    assert hot - 10 + 10 - 0.1 * hot == pytest.approx(50.0, abs=1e-6)
    assert "heat pipe hp: would have to carry" in found["failures"][0]


def test_below_absolute_zero_is_a_failure(tmp_path):
    """2 kW drawn out of a node on a strap have a balance that cannot be: the run fails and says so."""
    found = run(tmp_path, HEATED.replace("heat_W = 10", "heat_W = -2000") + STEADY, code=1)
    assert "plate: -1083 K, below absolute zero" in found["failures"][0]


def test_heat_pipe_by_its_wick(tmp_path):
    """Ammonia at 20 degC, pores of 0.3 mm, 1e-9 m2, 20 mm2, a wide vapour space: 15.083434 W m over 0.95 m."""
    wick = "{ pore_radius_mm = 0.3, permeability_m2 = 1e-9, area_mm2 = 20, vapour_radius_mm = 100 }"
    pipe = table(
        "heat_pipes", name='"hp"', between='["hot", "sink"]', conductance_W_K=50, fluid='"ammonia"', wick=wick, effective_length_m=0.95
    )
    nodes = node("hot", capacity_J_K=100, heat_W=10) + node("sink", held_degC=19.8)
    found = run(tmp_path, nodes + pipe + STEADY)["network"]["heat_pipes"]["hp"]
    assert found["at_degC"] == pytest.approx(20.0, abs=1e-6)
    assert found["limit_W"] == pytest.approx(15.083434 / 0.95, rel=2e-3)
    assert found["asked_W"] == pytest.approx(10.0, abs=1e-6)


TWO_PHASE = """
[[two_phase_loops]]
name = "tp"
fluid = "ammonia"
set_point_degC = 20
flow_kg_s = 0.01
segments = [
  { name = "plate", length_m = 1, diameter_mm = 10, heat_W = 5000 },
  { name = "panel", length_m = 20, diameter_mm = 10, radiates = { emittance = 0.9, perimeter_m = 2 } },
]
"""
BAD = [
    (loop(pump="{ flow_kg_s = 0 }") + STEADY, "no flow before any event"),
    (loop().replace("pump = { flow_kg_s = 0.1 }\n", "") + STEADY, "loop with no pump"),
    (HEATED + node("lost", capacity_J_K=10) + STEADY, "lost has no way to a sink"),
    (HEATED + node("lost") + transient(10), "lost has neither a capacity nor anything that sets its temperature"),
    (
        HEATED + table("heaters", name='"h"', node='"plate"', power_W=6, on_below_degC=5, off_above_degC=0) + STEADY,
        "must be warmer than on_below",
    ),
    (loop().replace('fluid = "coolant"', 'fluid = "ammonia"\npressure_bar = 1') + STEADY, "fluid outside its table: ammonia at 20.00 degC"),
    (loop().replace('fluid = "coolant"', 'fluid = "coolnt"') + STEADY, "is not known"),
    (HEATED + tie("plate", "snik", 1) + STEADY, "did you mean sink?"),
    (HEATED, "a periodic run repeats with its orbit"),
    (loop().replace('name = "tube"', 'branch = "a", name = "tube"') + STEADY, "branch a has none beside it"),
    (HEATED + '[[limits]]\non = "plat"\nmax_degC = 1\n' + STEADY, "no such node; did you mean plate?"),
    (HEATED + "[[boundaries]]\n" + STEADY, "this case has a network alone"),
    (HEATED + '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\n' + STEADY, "[power] needs the sunlight of an orbit"),
    (HEATED.replace("heat_W = 10", "held_degC = 10") + STEADY, "makes it a boundary node"),
    (loop(pump="{ flow_kg_s = 0.1, stops_s = 5 }") + STEADY, 'belongs to run.kind = "transient"'),
    (loop(pump="{ flow_kg_s = 0.1, stops_s = 10 }") + transient(10), "would be after the transient, whose run.duration_s is 10"),
    (loop(pump="{ flow_kg_s = 0.1, stops_s = 5, starts_s = 5 }") + transient(10), "is when it stops too"),
    (HEATED + '[[limits]]\non = "plate"\nat = "junction"\nmax_degC = 1\n' + STEADY, "a node is one temperature"),
    (HEATED + "[network.fluids.x]\ndensity_kg_m3 = 1\nspecific_heat_J_kgK = 1\nfreezing_degC = 9\nboiling_degC = 5\n", "never a liquid"),
    (
        HEATED
        + node("lit", faces='[{ area_m2 = 1, normal = [0, 0, 1], coating = "own" }]')
        + STEADY
        + '[coatings.own]\nsource = "x"\nsolar_absorptance = 0.2\ninfrared_emittance = 0.8\n'
        + '[coatings.own.infrared_emittance_at]\nkind = "table"\ntemperatures_degC = [-100, 100]\nvalues = [0.1, 0.9]\n',
        'coating = "own"   has infrared_emittance_at, which faces of nodes do not follow',
    ),
    (
        HEATED + STEADY + table("heaters", name='"h"', node='"sink"', power_W=6, on_below_degC=5, off_above_degC=9),
        "is a boundary node, which no heat warms",
    ),
    (HEATED + STEADY + 2 * TWO_PHASE, "used twice in two_phase_loops"),
    (
        HEATED + node("w", held_over_time="{ times_s = [0, 9], temperature_degC = [0, -300] }") + STEADY,
        "1 problem\n  network.nodes.w.held_over_time.temperature_degC.1 = -300   must be at least -273.15 degC",
    ),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_bad_input_has_words(tmp_path, text, words):
    """What cannot be solved is refused by `check`, with where and why, exit 2."""
    done = here("check", case(tmp_path, text))
    assert done.exit_code == 2
    assert words in done.output
