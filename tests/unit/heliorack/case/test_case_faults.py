"""Every fault that loading finds, in its exact words."""

import re

import pytest

from heliorack.case.case import Case, CaseError, load, load_cases, loads, schema
from heliorack.casefile.errors import CaseSyntaxError

CASE = """
title = "Panel"

[orbit]
kind = "sun_synchronous"
altitude_km = 550
ltan_h = 10.5

[environment]
preset = "hot"

[attitude]
point = { axis = "+y", at = "anti_sun" }
align = { axis = "+x", at = "nadir" }

[[parts]]
name = "panel"
kind = "plate"
width_mm = 1000
length_mm = 500
thickness_mm = 5
material = "al_6061"
coating = "z93"

[[parts]]
name = "tray"
kind = "tray"
position_mm = [0, 0, 3.5]
coating = "insulated"
board = { size_mm = [200, 200, 2], material = "fr4" }
devices = [{ name = "gpu", size_mm = [20, 20, 4], count = 2, pitch_mm = [50, 0], material = "server_box" }]

[[contacts]]
between = ["tray.board", "panel"]
conductance_W_m2K = 2000

[[contacts]]
between = ["tray.gpu*", "tray.board"]
conductance_W_m2K = 10000

[[compute]]
name = "gpu"
parts = "tray.gpu*"
peak_W = 250
idle_W = 50
profile = { kind = "constant", utilisation = 0.9 }

[[heaters]]
name = "keep"
parts = "panel"
power_W = 20
on_below_degC = -20
off_above_degC = -15

[power]
cell = "azur_3g30"
battery = "lg_mj1"

[[limits]]
on = "tray.gpu*"
at = "junction"
max_degC = 85

[cases.hot]
"environment.preset" = "hot"

[cases.cold]
"environment.preset" = "cold"
"compute.gpu.profile.utilisation" = 0.0
"""

SINK = "give a face a coating that is not insulated, a boundary (temperature, film, radiation), or a contact to a part that has one"


def report(*overrides: str, case: str | None = "hot") -> str:
    """What is said of the case with overrides."""
    with pytest.raises(CaseError) as caught:
        loads(CASE, overrides, case, source="f.toml")
    return str(caught.value)


def test_good_case_is_frozen_and_in_si():
    """Units end at loading."""
    case = loads(CASE)
    assert isinstance(case, Case)
    assert case.orbit.altitude == 550e3
    assert case.orbit.ltan == 37800.0
    assert case.limits[0].max == 358.15
    assert case.heaters[0].on_below == pytest.approx(253.15, abs=1e-9)
    assert case.parts[1].devices[0].pitch == (0.05, 0.0)
    assert case.materials["al_6061"].conductivity == 167
    assert case.power.years == 5.0
    with pytest.raises(AttributeError):
        case.title = "other"


def test_limit_at_a_junction_without_resistance_is_an_assumption():
    """Without theta_jc_K_W the output says "case, not junction"."""
    said = "tray.gpu1 and tray.gpu2: no theta_jc_K_W is given, so the limit on tray.gpu* is judged at the case, not junction"
    assert loads(CASE).assumptions == (said,)
    assert loads(CASE, ["compute.gpu.theta_jc_K_W=0.05"]).assumptions == ()


@pytest.mark.parametrize(
    ("override", "line"),
    [
        ("orbit.altitude_km=6500", "orbit.altitude_km = 6500   no circular orbit above about 5980 km is sun-synchronous"),
        ("orbit.altitud_km=600", "orbit.altitud_km = 600   unknown key; did you mean altitude_km?"),
        ("orbit.altitude_m=600", "orbit.altitude_m = 600   unknown key; did you mean altitude_km?"),
        ("orbit.altitude_km=high", 'orbit.altitude_km = "high"   must be a number, not text'),
        ("orbit.altitude_km=.5", 'orbit.altitude_km = ".5"   must be a number; write 0.5'),
        ("orbit.altitude_km=100", "orbit.altitude_km = 100   must be at least 150 km"),
        ("orbit.ltan_h=24", "orbit.ltan_h = 24   must be at least 0 h and below 24 h"),
        ("limits.0.max_degC=-300", "limits.0.max_degC = -300   must be at least -273.15 degC"),
        ("title=3", "title = 3   must be text in quotes"),
        ("parts.pannel.width_mm=3", "parts.pannel   no such item; did you mean panel?"),
        ("parts.panel.width_mm=0", "parts.panel.width_mm = 0   must be above 0"),
        ("parts.tray.name=panel", 'parts.1.name = "panel"   used twice in parts; every name must be its own'),
        (
            "parts.panel.name=Panel",
            'parts.0.name = "Panel"   must be small letters, digits and _, 64 at most, starting with a letter, as in cold_plate',
        ),
        ("power.years=1e9", "power.years = 1000000000.0   must be above 0 and at most 200"),
        ("contacts.0.between=['tray.board', 'panl']", 'contacts.0.between.1 = "panl"   no such part; did you mean panel?'),
        ("contacts.0.between=['tray', 'panel']", 'contacts.0.between.0 = "tray"   stands for no single part; did you mean tray.*?'),
        ("contacts.0.between=['panel']", 'contacts.0.between = ["panel"]   must be an array of 2 items'),
        ("contacts.0.bonded=true", "contacts.0   give exactly one of conductance_W_m2K, bonded = true, tim, bolted, bolts and gap = true"),
        ("compute.gpu.parts=tray.cpu*", 'compute.gpu.parts = "tray.cpu*"   matches no part; did you mean tray.gpu1?'),
        (
            "heaters.keep.parts=battery",
            'heaters.keep.parts = "battery"   no such part; there are panel, tray.board, tray.gpu1 and tray.gpu2',
        ),
        ("power.battery_part=pane", 'power.battery_part = "pane"   no such part; did you mean panel?'),
        ("limits.0.on=tray.gpus", 'limits.0.on = "tray.gpus"   no such part; did you mean tray.gpu1?'),
        ("limits.0.on=panel:+z", 'limits.0.on = "panel:+z"   names a face; measure it there with at = "face", or name the part alone'),
        ("limits.0={on = 'panel:top', at = 'face', max_degC = 50}", 'limits.0.on = "panel:top"   no such face; did you mean panel:-x?'),
        ("limits.0={on = 'panel'}", "limits.0   give max_degC, min_degC or both"),
        (
            "boundaries=[{kind = 'film', faces = 'panl:+z', h_W_m2K = 5, fluid_degC = 20}]",
            'boundaries.0.faces = "panl:+z"   no such face; did you mean panel:+z?',
        ),
        (
            "parts.panel.material=al_60611",
            'parts.panel.material = "al_60611"   unknown material; did you mean al_6061? '
            "(`heliorack library materials` lists them, or define [materials.NAME])",
        ),
        (
            "parts.tray.board.material=zz",
            'parts.tray.board.material = "zz"   unknown material; `heliorack library materials` lists them, or define [materials.NAME]',
        ),
        (
            "parts.panel.coating=z94",
            'parts.panel.coating = "z94"   unknown coating; did you mean z93? '
            "(`heliorack library coatings` lists them, or define [coatings.NAME])",
        ),
        (
            "parts.panel.coatings={'+z' = 'z94'}",
            'parts.panel.coatings."+z" = "z94"   unknown coating; did you mean z93? '
            "(`heliorack library coatings` lists them, or define [coatings.NAME])",
        ),
        (
            "compute.gpu.chip=h100",
            'compute.gpu.chip = "h100"   unknown chip; did you mean h100_sxm? '
            "(`heliorack library chips` lists them, or leave chip out and give peak_W and idle_W)",
        ),
        (
            "power.cell=azur_3g31",
            'power.cell = "azur_3g31"   unknown solar cell; did you mean azur_3g30? (`heliorack library cells` lists them)',
        ),
        (
            "power.battery=lg_mj2",
            'power.battery = "lg_mj2"   unknown battery cell; did you mean lg_mj1? (`heliorack library batteries` lists them)',
        ),
        ("parts.panel.coating=insulated", f"parts.panel   panel, tray.board, tray.gpu1 and tray.gpu2 have no way to lose heat; {SINK}"),
        ("contacts=[]", f"parts.tray   tray.board has no way to lose heat; {SINK}"),
        (
            "environment={}",
            'environment.preset   missing; "hot", "mean" or "cold", or solar = "seasonal" or solar_flux_W_m2 '
            "together with albedo and earth_ir_W_m2",
        ),
        (
            "environment={solar = 'seasonal', albedo = 0.3}",
            "environment.earth_ir_W_m2   missing; without a preset each of sunlight, albedo and Earth infrared must be given",
        ),
        (
            "environment.solar=seasonal",
            'environment.solar = "seasonal"   contradicts environment.preset "hot": keep the preset for a design case, '
            "or drop it and give albedo and earth_ir_W_m2 beside the seasonal flux",
        ),
        ("attitude.align.axis=-y", 'attitude.align.axis = "-y"   lies along attitude.point.axis +y: choose two different body axes'),
        ("run.kind=transient", "run   give orbits or duration_s; a transient needs a length"),
        (
            "run={kind = 'transient', orbits = 2}",
            "run   give start_degC or state (a state.npz of an earlier run); a transient needs a start",
        ),
        ("run={kind = 'transient', orbits = 2, duration_s = 5}", "run.duration_s = 5   and orbits both say how long; keep one of the two"),
        ("run.orbits=3", 'run.orbits = 3   belongs to kind = "transient"; a periodic run has none'),
        ("solver.scheme=euler", 'solver.scheme = "euler"   must be "rosw" or "implicit_euler"; did you mean "implicit_euler"?'),
        ("margin={}", "margin = {}   unknown key; did you mean margins?"),
    ],
)
def test_fault_in_its_words(override, line):
    """Place, value, and what to try."""
    first = re.sub(r" {3,}", "   ", report(override).splitlines()[1].strip())
    assert first == line


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("cases.hot={'cases.cold' = {'title' = 'x'}}", "a load case holds no others; write each as [cases.NAME] beside it"),
        ("cases.hot={'sweep.title' = 'x'}", 'cases.hot."sweep.title" = "x"   the axes of a sweep are those of the whole file'),
        ("cases.hot={'size.solves' = 5}", 'cases.hot."size.solves" = 5   one design serves all load cases'),
        (f"parts.panel.name={'p' * 65}", "must be small letters, digits and _, 64 at most"),
        (f"cases.{'c' * 65}={{title = 'x'}}", "a load case names a folder: small letters, digits and _, 64 at most"),
    ],
)
def test_what_would_do_nothing_or_fit_no_folder(override, words):
    """Overrides of what a load case does not look at, which were ignored in silence, and names that no file system takes."""
    assert words in report(override)


def test_conductivity_of_no_solid_needs_its_limit():
    """Above 2000 W/mK a solid stands for a heat pipe, and the case says what it carries."""
    pipe = 'materials.pipe={density_kg_m3 = 3000, specific_heat_J_kgK = 900, conductivity_W_mK = 20000, source = "mine"}'
    assert report(pipe, "parts.panel.material=pipe").splitlines()[1:] == [
        "  parts.panel.transport_limit_W_m   panel conducts 20000 W/mK (pipe), above 2000 as only heat pipes do; "
        "give the largest heat times distance it carries"
    ]
    assert loads(CASE, [pipe, "parts.panel.material=pipe", "parts.panel.transport_limit_W_m=100"]).parts[0].transport_limit == 100.0


def test_missing_orbit_and_attitude_are_named():
    """A periodic run needs both; a steady one needs neither."""
    bare = CASE.replace("[orbit]", "[x]").replace("[attitude]", "[y]")
    with pytest.raises(CaseError) as caught:
        loads(bare, source="f")
    assert "orbit   " in str(caught.value)
    text = CASE[: CASE.index("[orbit]")] + CASE[CASE.index("[[parts]]") :]
    with pytest.raises(CaseError) as caught:
        loads(text[: text.index("[cases.hot]")], source="f")
    said = 'f: 1 problem\n  orbit   missing; a periodic run repeats with its orbit; without one, set run.kind = "steady" or "transient"'
    assert str(caught.value) == said
    assert loads(text[: text.index("[cases.hot]")] + '[run]\nkind = "steady"\n').orbit is None
    without = CASE[: CASE.index("[attitude]")] + CASE[CASE.index("[[parts]]") :]
    with pytest.raises(CaseError, match=r"attitude   missing; say how the body points, as point = \{ axis"):
        loads(without)


def test_all_faults_at_once():
    """In the order of the file, aligned, with the source first."""
    said = report("orbit.altitude_km=100", "parts.panel.area_m=4", "limits.0.on=gpu", case="hot")
    assert said == (
        "f.toml: 3 problems\n"
        "  orbit.altitude_km = 100   must be at least 150 km\n"
        "  parts.panel.area_m = 4    unknown key; known here: name, position_mm, rotation_deg, coating, coatings, mesh_mm, "
        "placements, placement, count, material, heat_W, array, layers, transport_limit_W_m, kind, width_mm, length_mm, thickness_mm\n"
        '  limits.0.on = "gpu"       no such part; did you mean tray.gpu1?'
    )


def test_error_carries_its_problems():
    """For programs: path, value and sentence of each."""
    with pytest.raises(CaseError) as caught:
        loads(CASE, ["orbit.altitude_km=100"])
    problem = caught.value.problems[0]
    assert (problem.path, problem.found, problem.message) == ("orbit.altitude_km", 100, "must be at least 150 km")


def test_fault_of_a_load_case_stands_at_its_override():
    """The base is good; the path of the override is quoted."""
    said = report(
        'cases.cold={"environment.preset" = "cool", "parts.x.y" = 3, "compute.gpu.profile" = {kind = "constant", utilisation = 2}}',
        case=None,
    )
    assert said == (
        "f.toml: 3 problems\n"
        '  cases.cold."parts.x.y" = 3                 parts.x: no such item; there are panel and tray\n'
        '  cases.cold."environment.preset" = "cool"   must be "hot", "mean" or "cold"; did you mean "cold"?\n'
        '  cases.cold."compute.gpu.profile" = { kind = "constant", utilisation = 2 }   '
        "compute.gpu.profile.utilisation = 2: must lie between 0 and 1"
    )


def test_fault_of_the_base_is_said_once():
    """And not again for every load case."""
    assert report("title=3", case=None) == "f.toml: 1 problem\n  title = 3   must be text in quotes"


def test_load_cases_apply_their_overrides(tmp_path):
    """In the order of the file; what the user sets comes last; a load case stands alone."""
    file = tmp_path / "f.toml"
    file.write_text(CASE)
    found = load_cases(file, ["orbit.altitude_km=600"])
    assert [(name, case.environment.preset, case.compute[0].profile.utilisation) for name, case in found.items()] == [
        ("hot", "hot", 0.9),
        ("cold", "cold", 0.0),
    ]
    assert {case.orbit.altitude for case in found.values()} == {600e3}
    assert found["cold"].load_case == "cold"
    assert "cases" not in found["cold"].document
    assert load(file, ["environment.preset=mean"], "cold").environment.preset == "mean"
    again = loads(CASE).override("orbit.altitude_km=700")
    assert again.orbit.altitude == 700e3


def test_unknown_load_case_is_refused():
    """With a suggestion."""
    assert report(case="cld") == "f.toml: 1 problem\n  cases.cld   no such load case; did you mean cold?"
    assert report(case="x").endswith("cases.x   no such load case; there are hot and cold")


def test_syntax_error_is_a_case_error():
    """One kind of error to catch."""
    with pytest.raises(CaseError, match=r"f\.toml:1:7") as caught:
        loads("[orbit\n", source="f.toml")
    assert isinstance(caught.value, CaseSyntaxError)


def test_part_with_a_fault_does_not_bring_others():
    """What names its sub-parts is not called unknown while they cannot be known."""
    assert report("parts.tray.board.size_mm=[1, 2]").splitlines()[0] == "f.toml: 1 problem"


def test_schema_of_the_whole_file():
    """Every table of the case is in it, with units in the keys and descriptions."""
    made = schema()
    assert set(made["properties"]) >= {
        "orbit",
        "environment",
        "parts",
        "contacts",
        "limits",
        "power",
        "cases",
        "run",
        "solver",
        "mesh",
        "materials",
    }
    assert made["$defs"]["SunSynchronous"]["properties"]["altitude_km"]["minimum"] == 150.0
    assert made["$defs"]["Plate"]["properties"]["thickness_mm"]["description"] == "along z [mm]"
    assert "z93" in made["$defs"]["Plate"]["properties"]["coating"]["examples"]
