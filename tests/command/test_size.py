"""`heliorack size`: the design, its price and its run, against the closed form of a plate."""

import json
import tomllib

import pytest
from command.cli_runner import here
from sizing_cases import AREAL_MASS, EMITTANCE, PLATE, SIZE, WIDTH, area, mass

pytestmark = pytest.mark.usefixtures("without_pictures")


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """The plate, which may have another length."""
    path = tmp_path_factory.mktemp("size") / "plate.toml"
    path.write_text(PLATE + SIZE)
    return path


@pytest.fixture(scope="module")
def sized(case, without_pictures):
    """Its design with the run that confirms it, and what was printed."""
    folder = case.parent / "sized"
    done = here("size", case, "-o", folder)
    assert done.exit_code == 0, done.output
    return folder, done.stdout, json.loads((folder / "size.json").read_text())


def test_the_lightest_plate_is_that_of_the_closed_form(sized):
    """A = Q / (epsilon sigma T^4) at the limit less the margin that is asked for, to 1 %."""
    folder, _, found = sized
    design = tomllib.loads((folder / "design.toml").read_text())
    assert 1e-3 * design["parts"][0]["length_mm"] * WIDTH == pytest.approx(area(35.0), rel=0.01)
    assert found["amounts"]["mass_kg"] == pytest.approx(mass(35.0), rel=0.01)
    assert found["solves"] <= 12


def test_the_price_of_a_kelvin_is_the_slope_of_the_closed_form(sized):
    """dm/dT of the best plate, to 5 %; its area likewise."""
    _, _, found = sized
    limit = found["constraints"][0]
    assert limit["binds"]
    slope = (mass(34.5) - mass(35.5)) / 1.0
    assert limit["price"] == pytest.approx(slope, rel=0.05)
    assert limit["mass_kg"] == pytest.approx(slope, rel=0.05)
    assert limit["radiator_m2"] == pytest.approx(slope / AREAL_MASS, rel=0.05)


def test_the_price_is_what_designs_sized_anew_save(sized, case):
    """Sized again for 4 and for 6 K, the mass changes by the price of a kelvin, to 5 %."""
    again = []
    for margin in (4, 6):
        folder = case.parent / f"margin_{margin}"
        done = here("size", case, "-o", folder, "--no-confirm", "--json", "--set", f"size.margin_K={margin}")
        again.append(json.loads(done.stdout)["amounts"]["mass_kg"])
    assert sized[2]["constraints"][0]["price"] == pytest.approx((again[1] - again[0]) / 2.0, rel=0.05)


def test_the_design_is_confirmed_by_a_run_of_it(sized):
    """The run lies beside the design, holds, and keeps the margin that was asked for."""
    folder, printed, found = sized
    summary = json.loads((folder / "run" / "summary.json").read_text())
    assert found["confirmed"]
    assert "SIZED and confirmed" in printed
    assert summary["holds"]
    assert summary["limits"][0]["margin_K"] == pytest.approx(5.0, abs=0.1)


def test_the_design_may_be_sized_again_and_stays(sized, case):
    """What comes out is a case whose start is the optimum."""
    folder, _, found = sized
    again = json.loads(here("size", folder / "design.toml", "-o", case.parent / "again", "--no-confirm", "--json").stdout)
    assert again["amounts"]["mass_kg"] == pytest.approx(found["amounts"]["mass_kg"], rel=2e-3)
    assert not (case.parent / "again" / "run").exists()


def test_a_margin_is_answered_in_one_line(case):
    """--for margin=10: the length that is 10 K below the limit."""
    done = here("size", case, "--for", "margin=10")
    line = done.stdout.strip()
    assert done.exit_code == 0
    assert "\n" not in line
    assert line.startswith("a margin of 10 K: parts.plate.length_mm = ")
    assert float(line.split("= ")[1].split()[0]) == pytest.approx(1e3 * area(30.0) / WIDTH, rel=0.01)


def test_any_value_may_be_asked_for(case):
    """--for PATH=VALUE: the plate for half the heat."""
    line = here("size", case, "--for", "parts.plate.heat_W=30").stdout
    assert float(line.split("length_mm = ")[1].split()[0]) == pytest.approx(1e3 * area(35.0, heat=30.0) / WIDTH, rel=0.01)


def test_infeasible_limits_are_named_with_what_would_hold(case):
    """A range that ends too early: exit 1, the limit, the temperature that the largest plate keeps, and the length that it would take."""
    done = here("size", case, "--for", "margin=5", "--set", 'size.vary={"parts.plate.length_mm"={from=100,to=502}}')
    assert done.exit_code == 0, done.output
    done = here(
        "size", case, "-o", case.parent / "none", "--set", "parts.plate.length_mm=150", "--set", 'size.vary."parts.plate.length_mm".to=200'
    )
    assert done.exit_code == 1
    assert "INFEASIBLE: no design within the ranges keeps every limit" in done.stdout
    assert "plate max is missed by" in done.stdout
    hottest = (60.0 / (EMITTANCE * 5.670374419e-8 * 0.2 * WIDTH)) ** 0.25 - 273.15
    assert f"it would hold with {hottest + 5.0:.1f} degC allowed (now 40.0)" in done.stdout
    assert "parts.plate.length_mm (its range ends at 200)" in done.stdout


def test_the_better_of_two_coatings_is_chosen(case):
    """Half the emittance takes twice the plate: it is left out by its bound or searched, and not chosen."""
    choices = 'size.vary={"parts.plate.length_mm"={from=100,to=2000},"parts.plate.coatings.+z"={choices=["dark","grey"]}}'
    found = json.loads(
        here(
            "size", case, "-o", case.parent / "coat", "--no-confirm", "--json", "--set", "parts.plate.coatings.+z=dark", "--set", choices
        ).stdout
    )
    values = {key["path"]: key["value"] for key in found["keys"]}
    assert values["parts.plate.coatings.+z"] == "grey"
    assert found["amounts"]["mass_kg"] == pytest.approx(mass(35.0), rel=0.01)


def test_a_folder_with_a_sizing_is_kept_unless_forced(sized, case):
    """As with run folders; and a folder with anything else is refused."""
    folder, _, _ = sized
    done = here("size", case, "-o", folder)
    assert done.exit_code == 2
    assert "holds a sizing; choose another folder with -o, or --force to replace it" in done.stderr


def test_the_table_changes_nothing_of_a_run(case):
    """[size] is for `size` alone: the same figures with and without it."""
    bare = case.with_name("bare.toml")
    bare.write_text(PLATE)
    ran = [json.loads(here("run", path, "-o", case.parent / f"ran_{path.stem}", "--json").stdout) for path in (case, bare)]
    assert ran[0]["limits"] == ran[1]["limits"]
    assert ran[0]["parts"] == ran[1]["parts"]


def test_check_looks_at_the_table(case):
    """A range without the start is a fault of the file."""
    bad = case.with_name("bad.toml")
    bad.write_text(PLATE + SIZE.replace("from = 100", "from = 600"))
    done = here("check", bad)
    assert done.exit_code == 2
    assert "leaves out the case's own value, 500" in done.output


def test_what_is_set_by_hand_comes_last_in_load_cases_too(tmp_path):
    """--set of a key that a load case says: sized, written and run with the value of the command."""
    path = tmp_path / "warm.toml"
    path.write_text(PLATE + SIZE + '[cases.warm]\n"parts.plate.heat_W" = 70\n')
    found = json.loads(here("size", path, "-o", tmp_path / "out", "--json", "--set", "parts.plate.heat_W=30").stdout)
    assert found["amounts"]["mass_kg"] == pytest.approx(mass(35.0, heat=30.0), rel=0.01)
    assert tomllib.loads((tmp_path / "out" / "design.toml").read_text())["cases"]["warm"]["parts.plate.heat_W"] == 30
    assert found["confirmed"]
