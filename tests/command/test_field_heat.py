"""Small inputs of heat paths that once came out wrong in silence: boundaries beside a coating, jumps, straps by pattern."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from heliorack.cli.app import cli

pytestmark = pytest.mark.usefixtures("without_pictures")

FIELD = Path(__file__).parents[1] / "data" / "field"


def said(command, name, *more):
    """Exit code and words of a command on a file of the folder."""
    result = CliRunner().invoke(cli, [command, str(FIELD / f"{name}.toml"), *more])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def ran(tmp_path, name, *more):
    """Summary of a run that ends well."""
    code, output = said("run", name, "-o", str(tmp_path / name), *more)
    assert code == 0, output
    return json.loads((tmp_path / name / "summary.json").read_text())


@pytest.mark.parametrize(
    ("name", "kelvin"),
    [
        ("h4_film_on_coated_face", 311.92),  # 5 (T - 293.15) + 0.9 sigma (T^4 - 293.15^4) = 200 W/m2
        ("h5_radiation_boundary_in_sun", 421.63),  # 0.4 sigma (T^4 - 200^4) = 0.5 x 1361 W/m2
    ],
)
def test_boundaries_act_beside_the_coating(tmp_path, name, kelvin):
    """The coating lost its radiation (333.15 K) and its sunlight (200.0 K) in silence."""
    part = ran(tmp_path, name)["parts"]["p"]
    assert part["mean_degC"] + 273.15 == pytest.approx(kelvin, abs=0.01)


def test_a_face_with_a_film_and_a_sink_has_both(tmp_path):
    """5 (T - 293.15) + 0.4 sigma (T^4 - 200^4) = 200 W/m2 ; the last boundary alone counted."""
    film, sink = "kind='film', faces='p:+z', h_W_m2K=5, fluid_degC=20", "kind='radiation', faces='p:+z', emittance=0.4, sink_degC=-73.15"
    part = ran(tmp_path, "h4_film_on_coated_face", "--set", f"boundaries=[{{{film}}}, {{{sink}}}]")["parts"]["p"]
    T = part["mean_degC"] + 273.15
    sent = 5 * (T - 293.15) + 0.4 * 5.670374419e-8 * (T**4 - 200.0**4)
    assert sent == pytest.approx(200.0, abs=0.01)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--set", "parts.p.coatings={'+z'='mli_small'}"], "p:+z: under the blanket mli_small, on whose outer layer a film cannot act"),
        (
            [
                "--set",
                "boundaries=[{kind='temperature', faces='p:*', temperature_degC=5}, {kind='film', faces='p:+z', h_W_m2K=5, fluid_degC=20}]",
            ],
            "p:+z: held at a temperature by boundaries.0, beside which a film changes nothing",
        ),
    ],
)
def test_boundaries_that_cannot_act_are_refused(more, words):
    code, output = said("check", "h4_film_on_coated_face", *more)
    assert code == 2
    assert words in output


@pytest.mark.parametrize("more", [(), ("--set", "parts.a.coating=z93", "--set", "parts.b.coating=z93")])
def test_a_jump_cools_nothing(tmp_path, more):
    """Bars at 20 degC in surroundings of 20, one end held at 100: nothing falls below 20 (came out 9.3) or rises above 100."""
    summary = ran(tmp_path, "85_held_jump", *more)
    for part in summary["parts"].values():
        assert part["min_degC"] >= 20.0 - 1e-9
        assert part["max_degC"] <= 100.0 + 1e-9
    assert summary["parts"]["b"]["max_degC"] > 90.0
    assert summary["first_law"]["closure"] < 1e-9


def test_one_strap_to_each_tray(tmp_path):
    """Of 18 trays it is 18 straps, said by `check`; of three each stands alike above the radiator (one strap was singular)."""
    code, output = said("check", "n9_one_strap_many_trays")
    assert code == 0
    assert "straps.0: 18 straps of 6000 W/K each, one for each pair of faces, from rack.tray1.cold_plate:+z - rad_n:+z to" in output
    few = (
        "--case",
        "hot",
        "--set",
        "parts.rack.trays=3",
        "--set",
        "limits.0.max_degC=200",
        "--set",
        "power.base_load_W=0",
        "--set",
        "run={kind='steady'}",
    )
    parts = ran(tmp_path, "n9_one_strap_many_trays", *few)["parts"]
    plates = [parts[f"rack.tray{n}.cold_plate"]["mean_degC"] for n in (1, 2, 3)]
    assert max(plates) - min(plates) < 0.5
    assert parts["rad_n"]["mean_degC"] < min(plates) < parts["rad_n"]["mean_degC"] + 6400 / 6000 + 5


@pytest.mark.parametrize(
    ("between", "words"),
    [
        ('["rack.tray*.cold_plate:+z", "rad_n:*"]', "names 18 and rad_n:* 6, and it is not clear which goes with which"),
        ('["rad_n:+z", "rad_n:+z"]', "rad_n:+z at both ends"),
    ],
)
def test_straps_that_do_not_pair_off_are_refused(between, words):
    code, output = said("check", "n9_one_strap_many_trays", "--set", f"straps=[{{between={between}, conductance_W_K=6000}}]")
    assert code == 2
    assert words in output


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("contacts.1.conductance_W_m2K=3e7", "contacts.1.conductance_W_m2K: 3e+07 W/m2K is far from what handbooks give"),
        (
            "contacts.1={between=['rack.tray*.gpu*', 'rack.tray*.cold_plate'], bolts={number=4, conductance_W_K=900}}",
            "contacts.1.bolts: 900 W/K is far",
        ),
        ("straps.0.conductance_W_K=6000", "straps.0.conductance_W_K: 6000 W/K is far from what handbooks give"),
    ],
)
def test_joints_far_from_handbooks_are_questioned(key, words):
    """A remark, and the case is good all the same."""
    code, output = said("check", "n9_one_strap_many_trays", "--set", key)
    assert code == 0
    assert f"warning: {words}" in output
