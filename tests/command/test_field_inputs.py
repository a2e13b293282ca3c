"""Small inputs that once came out wrong in silence, or without a word of help: `check`, `orbit` and what they say."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from heliorack.cli.app import cli

FIELD = Path(__file__).parents[1] / "data" / "field"


def said(command, name, *more):
    """Exit code and words of a command on a file of the folder."""
    result = CliRunner().invoke(cli, [command, str(FIELD / f"{name}.toml"), *more])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("07_oem_fortran", ["orbit.file", "07_oem_fortran.oem, line 16: the lowest state at -1935.02 km is below the surface"]),
        ("17_tle_letter_o", ["orbit.line1", "column 20 is 'O'; expected a digit"]),
        ("37_moon_radius", ["environment.planet_radius_km = 1737.4", "is not the Earth's", "gravitational_parameter_km3_s2"]),
    ],
)
def test_check_refuses_and_says_where(name, words):
    code, output = said("check", name)
    assert code == 2
    assert all(word in output for word in words), output


@pytest.mark.parametrize(
    ("name", "words", "mended"),
    [
        (
            "76_power_utj",
            ["power.temperature_coefficient", "the source of utj gives no", "take azur_3g30,"],
            "power.temperature_coefficient=-0.002",
        ),
        ("78_power_det", ['power.cell = "azur_3g30"', "needs Voc, Isc", "take azur_3g30_cic or azur_3g30c"], "power.cell=azur_3g30_cic"),
    ],
)
def test_a_number_that_the_library_lacks_is_asked_for(name, words, mended):
    """With the key that takes it and the entries that have it; given, the case is good and sizes come out."""
    code, output = said("check", name)
    assert code == 2
    assert all(word in output for word in words), output
    assert said("check", name, "--set", mended)[0] == 0
    code, output = said("size", name, "--quick", "--json", "--set", mended)
    assert code == 0
    assert json.loads(output)["rows"][0]["array_m2"] > 0


@pytest.mark.parametrize("command", ["orbit", "run"])
def test_a_gap_inside_the_revolution_is_refused(command, tmp_path):
    """40 minutes between segments gave 955 s of eclipse for 862."""
    code, output = said(command, "03_oem_gap40", *(["-o", str(tmp_path / "out")] if command == "run" else []))
    assert code == 2
    assert "  orbit.file   " in output
    assert "lines 33 to 43" in output
    assert "a gap of 40 min inside the revolution" in output


@pytest.mark.parametrize(("name", "key", "value"), [("10_oem_bom", "eclipse_s", 861.87), ("36_quat_bom", "period_s", 5738.99)])
def test_byte_order_marks_are_read(name, key, value):
    code, output = said("orbit", name, "--json")
    assert code == 0
    assert json.loads(output)[key] == pytest.approx(value, abs=0.01)


def test_the_moon_with_its_own_gravity():
    """2 pi sqrt((1737.4 + 200 km)^3 / 4902.8 km3/s2) = 7652 s; the Earth's gravity made it 849 s."""
    own = ("orbit={kind='beta', altitude_km=200, beta_deg=0}", "environment.gravitational_parameter_km3_s2=4902.8")
    fluxes = (
        "environment={solar_flux_W_m2=1361, albedo=0.12, earth_ir_W_m2=300, planet_radius_km=1737.4, gravitational_parameter_km3_s2=4902.8}"
    )
    code, output = said("orbit", "37_moon_radius", "--set", fluxes, "--set", own[0], "--json")
    assert code == 0, output
    assert json.loads(output)["period_s"] == pytest.approx(7652.2, abs=0.5)
    code, output = said("check", "37_moon_radius", "--set", own[1])
    assert code == 2
    assert 'orbit.kind = "circular"' in output
    assert "counts from the Earth's equator" in output


def test_no_file_of_the_folder_is_forgotten():
    """Each is run, or refused, by some test beside this one."""
    words = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert [case.stem for case in FIELD.glob("*.toml") if case.stem not in words] == []
