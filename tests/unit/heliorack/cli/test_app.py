"""The command line: exit codes, words, and what it imports."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import cases
from heliorack.cli.app import cli
from heliorack.sweep.design.plan import plan

ROOT = Path(__file__).resolve().parents[4]
HEAVY = ("dolfinx", "petsc4py", "gmsh", "pyvista", "numba", "matplotlib", "scipy")
EDGE = str(ROOT / "cases" / "edge_node.toml")


def run(*arguments: str):
    """A command in this process."""
    return CliRunner().invoke(cli, arguments)


def modules_after(*arguments: str) -> set[str]:
    """Top-level modules that a command imports, in an interpreter of its own."""
    code = (
        "import sys\nfrom heliorack.cli import cli\n"
        f"try: cli.main({list(arguments)!r}, prog_name='heliorack')\nexcept SystemExit as stop: assert not stop.code, stop.code\n"
        "print('modules', *sorted({name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_help_imports_click_and_the_standard_library_only():
    """It answers at once on a bare machine."""
    allowed = {"click", "heliorack", "colorama"}
    found = {name for name in modules_after("--help") if not name.startswith("_")}
    assert found <= allowed


def test_check_imports_nothing_heavy():
    """The file is judged without geometry."""
    assert not modules_after("check", EDGE) & set(HEAVY)


def test_help_loads_little_beside_click():
    """At most 30 modules, a dozen of them of the command line; NumPy alone would be some 97."""

    def loaded(code: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return set(done.stdout.splitlines()[-1].split())

    shown = "from heliorack.cli import cli\ntry: cli.main(['--help'], prog_name='heliorack')\nexcept SystemExit: pass"
    assert len(loaded(shown) - loaded("import click")) <= 30


@pytest.mark.parametrize("command", ["new", "check", "orbit", "mesh", "run", "size", "sensitivity", "view", "library", "schema"])
def test_help_of_each_command_ends_in_an_example(command):
    """One that names the command."""
    shown = run(command, "--help")
    assert shown.exit_code == 0
    assert f"heliorack {command}" in shown.output.partition("Example:")[2]


def test_check_says_good_and_what_there_is():
    """Parts and load cases of the shipped case."""
    shown = run("check", EDGE)
    assert shown.exit_code == 0
    assert shown.output.startswith(f"{EDGE}: good\n")
    assert "hot_operational, cold_operational, cold_survival, safe_mode" in shown.output


def test_check_of_a_bad_file_exits_2_with_words_on_standard_error():
    """No traceback."""
    shown = run("check", EDGE, "--set", "orbit.altitude_m=3")
    assert shown.exit_code == 2
    assert shown.stdout == ""
    assert shown.stderr == f"{EDGE}: 1 problem\n  orbit.altitude_m = 3   unknown key; did you mean altitude_km?\n"


def test_check_as_json():
    """For programs, good or not."""
    bad = run("check", EDGE, "--set", "orbit.altitude_m=3", "--json")
    assert bad.exit_code == 2
    assert json.loads(bad.stdout)["problems"] == [
        {"path": "orbit.altitude_m", "found": 3, "message": "unknown key; did you mean altitude_km?"}
    ]
    assert json.loads(run("check", EDGE, "--json").stdout)["problems"] == []


def test_malformed_toml_exits_2(tmp_path):
    """With the line."""
    file = tmp_path / "bad.toml"
    file.write_text("title = \n")
    shown = run("orbit", str(file))
    assert shown.exit_code == 2
    assert shown.stderr == f"{file}:1:9: not TOML: invalid value\n  title = \n          ^\n"


def test_missing_file_exits_2():
    """In one sentence."""
    shown = run("check", "nowhere.toml")
    assert shown.exit_code == 2
    assert "File 'nowhere.toml' does not exist." in shown.stderr


def test_unknown_load_case_exits_2():
    """With those there are."""
    shown = run("orbit", EDGE, "--case", "hot_operationl")
    assert shown.exit_code == 2
    assert "cases.hot_operationl   no such load case; did you mean hot_operational?" in shown.stderr


def test_orbit_as_json_has_its_figures():
    """Eclipse over period is the fraction."""
    figures = json.loads(run("orbit", EDGE, "--json").stdout)
    assert figures["eclipse_fraction"] == pytest.approx(figures["eclipse_s"] / figures["period_s"], abs=1e-12)
    assert {"period_s", "inclination_deg", "beta_deg", "eclipse_s", "eclipse_fraction", "edges_s"} <= set(figures)


def test_new_writes_a_case_that_checks(tmp_path):
    """And does not write over a file unless told to."""
    file = str(tmp_path / "mine.toml")
    assert run("new", file).exit_code == 0
    assert run("check", file).exit_code == 0
    again = run("new", file)
    assert again.exit_code == 2
    assert "mine.toml exists; give another name, or --force to replace it" in again.stderr
    assert run("new", file, "--force").exit_code == 0
    assert run("new", str(tmp_path / "x.toml"), "--template", "edge_nod").exit_code == 2
    assert f"there is no folder {tmp_path / 'no'}; make it first" in run("new", str(tmp_path / "no" / "x.toml")).stderr


@pytest.mark.parametrize("name", cases.names())
def test_every_shipped_case_is_a_template_that_checks(name, tmp_path):
    """Byte for byte, offered by name in the help of `new`, without faults, and with a question."""
    file = tmp_path / "mine.toml"
    assert run("new", str(file), "--template", name).exit_code == 0
    assert file.read_bytes() == cases.path(name).read_bytes()
    assert run("check", str(file)).exit_code == 0
    assert "\nquestion = " in file.read_text(encoding="utf-8")
    assert name in run("new", "--help").output


def test_new_writes_a_sweep_with_the_case_that_it_varies(tmp_path):
    """Both files, so that the sweep can be planned; the case is left alone where it lies there already, and never replaced unasked."""
    file, base = tmp_path / "trade.toml", tmp_path / "edge_node.toml"
    made = run("new", str(file), "--template", "radiator_trade")
    assert made.exit_code == 0
    assert made.output == f"wrote {file} and {base}; next: heliorack sweep run {file} --dry-run\n"
    assert len(plan(file).points) == 60
    assert run("new", str(tmp_path / "b.toml"), "--template", "beta_season").output.startswith(f"wrote {tmp_path / 'b.toml'}; next")
    base.write_text(base.read_text().replace("550", "600"))
    other = run("new", str(tmp_path / "c.toml"), "--template", "uncertainty")
    assert other.exit_code == 2
    assert f"{base}, which the sweep varies, exists and is another case; choose another folder, or --force to replace it" in other.stderr
    assert not (tmp_path / "c.toml").exists()
    assert run("new", str(tmp_path / "c.toml"), "--template", "uncertainty", "--force").exit_code == 0
    assert base.read_bytes() == Path(EDGE).read_bytes()
    same = run("new", str(tmp_path / "d" / "edge_node.toml"), "--template", "uncertainty")
    assert "is what the sweep calls the case that it varies; give the sweep another name" in same.stderr


def test_library_prints_numbers_with_sources():
    """Plain columns in a pipe."""
    shown = run("library", "coatings", "z93")
    assert shown.output.split()[:4] == ["name", "solar_absorptance", "infrared_emittance", "solar_absorptance_eol"]
    assert "NASA RP-1121" in shown.output
    assert run("library", "coatings", "z9").exit_code == 2
    assert "did you mean z93?" in run("library", "coatings", "z9").stderr


def test_library_shows_curves_over_temperature():
    """NIST's fits of aluminium 6061-T6: 5.347 W/mK and 0.292 J/kgK at 4 K, 155.3 W/mK and 954 J/kgK at 300 K."""
    shown = run("library", "materials", "al_6061_t6_nist").output.splitlines()
    assert shown[3].split() == ["temperature_degC", "conductivity_W_mK", "specific_heat_J_kgK"]
    assert [float(value) for value in shown[4].split()] == pytest.approx([-269.15, 5.347, 0.292], rel=2e-3)
    assert [float(value) for value in shown[-1].split()] == pytest.approx([26.85, 155.3, 954], rel=1e-3)
    known = json.loads(run("library", "materials", "al_6061_t6_nist", "--json").stdout)["al_6061_t6_nist"]
    assert known["curves_degC"] == "-269 to 27"
    assert known["over_temperature"]["conductivity_W_mK"][0] == pytest.approx(5.347, rel=2e-3)
    assert "over_temperature" not in json.loads(run("library", "materials", "al_6061", "--json").stdout)["al_6061"]


@pytest.mark.parametrize(
    ("words", "library", "names"),
    [
        ("black anodized", "coatings", {"black_anodize"}),
        ("aluminum 6061", "materials", {"al_6061", "al_6061_t6_nist"}),
        ("graphite sheet", "materials", {"pgs_100um", "pgs_25um"}),
        ("TITANIUM", "materials", {"ti_6al_4v"}),
        ("stainless steel", "materials", {"stainless_304", "stainless_316"}),
        ("battery saft", "batteries", {"saft_ves180", "saft_mp174565"}),
        ("gap pad", "interfaces", {"gap_pad_vo_ultra_soft", "gap_pad_1500", "gap_pad_hc_3", "gap_pad_5000s35"}),
        ("jetson orin nx", "chips", {"jetson_orin_nx"}),
    ],
)
def test_library_is_searched_by_name_kind_and_source(words, library, names):
    """Every word must occur, in either spelling; the figures come in the units of the case."""
    found = json.loads(run("library", "--search", words, "--json").stdout)
    assert set(found[library]) == names
    assert json.loads(run("library", library, "--search", words, "--json").stdout) == {library: found[library]}
    shown = run("library", "--search", words).output
    assert all(name in shown for name in names)


def test_library_search_prints_case_units():
    """582 degC and 167 W/mK under the keys of [materials.NAME]."""
    row = json.loads(run("library", "--search", "al_6061", "--json").stdout)["materials"]["al_6061"]
    assert (row["melting_degC"], row["service_degC"], row["conductivity_W_mK"]) == (582.0, 170.0, 167.0)


def test_library_search_without_a_hit():
    """Says so on standard error; a search and a name together are refused."""
    empty = run("library", "--search", "unobtainium")
    assert (empty.exit_code, empty.stdout) == (0, "")
    assert "no entry with 'unobtainium' in name, kind or source" in empty.stderr
    both = run("library", "coatings", "z93", "--search", "white")
    assert both.exit_code == 2
    assert "--search looks among entries; leave out NAME" in both.stderr


@pytest.mark.parametrize("name", ["materials", "coatings", "blankets", "interfaces", "coolants", "chips", "cells", "batteries"])
def test_every_entry_of_every_library_has_a_source(name):
    """No number without one."""
    rows = json.loads(run("library", name, "--json").stdout)
    assert rows
    assert all(row["source"] for row in rows.values())


def test_schema_is_json():
    """Draft 2020-12."""
    assert json.loads(run("schema").stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_stray_module_of_a_sisters_name_is_refused(tmp_path):
    """A power.py beside a user's script would stand in for ours."""
    (tmp_path / "power.py").write_text("")
    code = "import heliorack"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"},
    )
    assert "'power' is" in done.stderr
    assert "rename that file or folder, or start Python elsewhere" in done.stderr
