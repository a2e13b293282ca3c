"""A run without limits has no verdict, and any run says what its materials do not bear."""

import json

import pytest
from case_text import box
from command.cli_runner import BENCH, ROOT, TITLE, case, here, read

pytestmark = [pytest.mark.xdist_group("runs"), pytest.mark.usefixtures("without_pictures")]

STEADY = '[run]\nkind = "steady"\n'
NO_LIMITS = "no limits given: temperatures are held against nothing; give [[limits]] with on, max_degC and min_degC"
UNJUDGED = BENCH.partition("[[limits]]")[0] + STEADY  #: 40 W on a bench, without limits


def cube(heat: float) -> str:
    """A cube of 0.1 m of 6061 in the dark: heat = 0.92 sigma 0.06 m2 T^4."""
    return TITLE + box("a", [100, 100, 100], mesh=100, more=f"heat_W = {heat}") + STEADY


def test_melting_fails_without_limits(tmp_path):
    """The cube of the field's file that came out at 1105 degC, HOLDS: 6061 melts at 582 degC, exit 1, and nothing was asked of it."""
    done = here("run", ROOT / "tests" / "data" / "field" / "n5_no_limits.toml", "-o", tmp_path / "run")
    assert done.exit_code == 1
    summary = read(tmp_path / "run")
    assert summary["holds"] is False
    hottest = summary["parts"]["a"]["max_degC"]
    assert hottest == pytest.approx(1105, abs=5)
    assert summary["failures"] == [f"a: calculated {hottest:.1f} degC is above the 582 degC at which al_6061 begins to melt"]
    assert f"and {NO_LIMITS}" in done.stdout
    assert "HOLDS" not in done.stdout


@pytest.mark.parametrize(("kelvin", "warned"), [(440.0, False), (446.0, True)])
def test_a_service_temperature_is_a_warning(tmp_path, kelvin, warned):
    """6061 serves up to 170 degC (443.15 K): a cube above it is said, without a failure; below it nothing is."""
    done = here("run", case(tmp_path, cube(0.92 * 5.670374419e-8 * 0.06 * kelvin**4)), "-o", tmp_path / "run")
    summary = read(tmp_path / "run")
    said = f"a: calculated {summary['parts']['a']['max_degC']:.1f} degC is above the 170 degC up to which al_6061 is in service"
    assert (done.exit_code, summary["failures"]) == (0, [])
    assert summary["remarks"] == ([said] if warned else [])
    assert (said in done.stdout) == warned


def test_without_limits_there_is_no_verdict(tmp_path):
    """Exit 0, `holds` null in summary and manifest, words on the terminal and in the report."""
    done = here("run", case(tmp_path, UNJUDGED), "-o", tmp_path / "run")
    assert done.exit_code == 0
    assert f"NO VERDICT: {NO_LIMITS}" in done.stdout
    assert "HOLDS" not in done.stdout
    assert read(tmp_path / "run")["holds"] is None
    assert read(tmp_path / "run", "manifest.json")["holds"] is None
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "No verdict: no limits given" in page
    assert "Holds every limit" not in page


def test_a_set_without_limits_has_no_verdict(tmp_path):
    """Nor has its envelope; where one load case melts its part, the set misses."""
    path = case(tmp_path, cube(40) + '[cases.one]\n"parts.a.heat_W" = 40\n[cases.two]\n"parts.a.heat_W" = 50\n')
    done = here("run", path, "-o", tmp_path / "run")
    assert done.exit_code == 0
    assert f"NO VERDICT: {NO_LIMITS}" in done.stdout
    assert done.stdout.count("  no limits  ") == 2
    whole = read(tmp_path / "run")
    assert whole["holds"] is None
    assert [found["holds"] for found in whole["load_cases"].values()] == [None, None]
    assert "No verdict: no limits given" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    molten = here("run", path, "-o", tmp_path / "hot", "--set", 'cases.two."parts.a.heat_W"=10000', "--json")
    assert molten.exit_code == 1
    found = json.loads(molten.stdout)
    assert found["holds"] is False
    assert [each["holds"] for each in found["load_cases"].values()] == [None, False]


def test_a_limit_is_a_verdict(tmp_path):
    """The same cube with one limit holds it."""
    limited = cube(40) + '[[limits]]\non = "a"\nmax_degC = 85\n'
    done = here("run", case(tmp_path, limited), "-o", tmp_path / "run")
    assert done.exit_code == 0
    assert read(tmp_path / "run")["holds"] is True
    assert "HOLDS: every limit is kept" in done.stdout
