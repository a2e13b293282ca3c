"""`heliorack orbit`: figures, faces, the year, pictures, and the words of its errors."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from heliorack.case.case import Case, load
from heliorack.casefile.errors import CaseError
from heliorack.cli.app import cli
from heliorack.model.flat_faces import coated_faces, directions
from heliorack.report.orbit_words import print_year
from heliorack.studies.orbit_year import as_date, year_figures
from heliorack.studies.orbital_heating import orbit_figures
from heliorack.visuals.orbit_scene import best_eye
from orbit.calendar import calendar
from orbit.environment import environment, orbit_summary
from orbit.kinds.analytic import Beta
from orbit.worst import face_year, orbit_means

EDGE = str(Path(__file__).resolve().parents[4] / "cases" / "edge_node.toml")
DAWN = 'orbit={kind="sun_synchronous", altitude_km=600, ltan_h=18}'


def run(*arguments: str):
    """The command in this process."""
    return CliRunner().invoke(cli, ["orbit", *arguments])


def not_blank(picture: Path) -> bool:
    """Whether a picture shows more than its background."""
    from matplotlib.image import imread

    return float(np.std(imread(picture)[..., :3])) > 0.03


@pytest.fixture(scope="module")
def edge() -> Case:
    """The shipped case: a panel edge-on to the Sun, modules, a battery; all of them white."""
    return load(EDGE)


def test_json_holds_the_figures_of_the_orbit_and_its_epoch(edge):
    """All keys of `orbit_summary` with its numbers."""
    found = json.loads(run(EDGE, "--json").stdout)
    expected = orbit_summary(environment(edge.orbit, edge.environment, edge.attitude))
    assert {key: found[key] for key in expected} == expected
    assert found["epoch"] == "2027-06-21T00:00:00Z"
    assert any(sentence.startswith("fluxes of the hot preset") for sentence in found["assumptions"])


def test_faces_are_the_orbit_means_with_their_coating(edge):
    """Incident as `orbit_means`; absorbed is absorptance times light plus emittance times infrared."""
    faces = orbit_figures(edge, ["panel:*"])["faces"]
    assert list(faces) == [f"panel:{face}" for face in ("-x", "+x", "-y", "+y", "-z", "+z")]
    env = environment(edge.orbit, edge.environment, edge.attitude)
    means = orbit_means(env, np.array([row["normal"] for row in faces.values()])).T
    for row, (direct, albedo, infrared) in zip(faces.values(), means, strict=True):
        assert (row["direct_W_m2"], row["albedo_W_m2"], row["infrared_W_m2"]) == pytest.approx((direct, albedo, infrared), rel=1e-12)
        assert row["absorbed_W_m2"] == pytest.approx(0.17 * (direct + albedo) + 0.92 * infrared, rel=1e-12)
    assert faces["panel:+z"]["area_m2"] == pytest.approx(0.5)


def test_face_at_the_sun_gets_sunlight_outside_the_shadow(edge):
    """S (1 - equivalent shadow over period), to the chords by which the shadow counts the penumbra (2e-7 of it)."""
    found = orbit_figures(edge, ["panel:+x"])
    lit = 1 - found["shadow_equivalent_s"] / found["period_s"]
    # to 1e-6: the shadow counts chords of the penumbra, the face the light between them too
    assert found["faces"]["panel:+x"]["direct_W_m2"] == pytest.approx(found["solar_W_m2"] * lit, rel=1e-6)


def test_absorbed_light_grows_with_age_where_the_coating_browns(edge):
    """A276: 0.26 at beginning, 0.44 at end of life."""
    young, old = (
        orbit_figures(edge.override("parts.panel.coating=a276", f"life={life}"), ["panel:+x"])["faces"]["panel:+x"]
        for life in ("bol", "eol")
    )
    assert old["absorbed_direct_W_m2"] / young["absorbed_direct_W_m2"] == pytest.approx(0.44 / 0.26, rel=1e-12)
    assert old["absorbed_infrared_W_m2"] == young["absorbed_infrared_W_m2"]


def test_eclipse_shortens_as_beta_grows(edge):
    """Monotonous, and none at 90 degrees, where there is no epoch either."""
    still = replace(edge, attitude=None)
    found = [orbit_figures(replace(still, orbit=Beta(altitude=550e3, beta=np.radians(beta)))) for beta in (0, 30, 60, 90)]
    lengths = [one["eclipse_s"] for one in found]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] == 0
    assert found[0]["epoch"] is None


def test_turned_parts_have_turned_normals(edge):
    """Half a right angle about z takes +x to (1, 1, 0); insulated faces are left out."""
    case = edge.override("parts.battery.rotation_deg=[0, 0, 45]", 'parts.battery.coatings={"-z"="insulated"}')
    faces = {face.name: face for face in coated_faces(case)}
    assert faces["battery:+x"].normal == pytest.approx([0.5**0.5, 0.5**0.5, 0], abs=1e-6)
    assert "battery:-z" not in faces
    assert len(directions(list(faces.values()))) == 6 + 4


def test_faces_that_track_the_sun_keep_it(edge):
    """Two axes: sunlight at right angles whenever there is any, in an attitude that looks at the Earth."""
    case = edge.override(
        'attitude={point={axis="-z", at="nadir"}, align={axis="+x", at="velocity"}}',
        'tracking=[{kind="two_axis", axis="+y", normal="+z", parts="panel"}]',
    )
    found = orbit_figures(case, ["panel:+z", "battery:+z"])
    lit = 1 - found["shadow_equivalent_s"] / found["period_s"]
    assert found["faces"]["panel:+z"]["direct_W_m2"] == pytest.approx(found["solar_W_m2"] * lit, rel=1e-6)
    assert found["faces"]["panel:+z"]["tracks"] == "sun"
    assert found["faces"]["battery:+z"]["direct_W_m2"] < 0.5 * found["faces"]["panel:+z"]["direct_W_m2"]
    with pytest.raises(CaseError, match=r"panel:\+z turns against the body; --year takes faces that are fixed to it"):
        year_figures(case, ["panel:+z"])


def test_an_orbit_without_attitude_has_figures_but_no_faces(edge):
    """Of the orbit alone; a face then has no answer."""
    case = replace(edge.override(DAWN), attitude=None)
    found = orbit_figures(case)
    assert found["faces"] == {}
    assert found["period_s"] == pytest.approx(5801.2, abs=0.1)
    assert "no faces" in found["assumptions"][-1]
    year = year_figures(case)
    assert (year["face"], year["hottest"]) == (None, None)
    assert year["longest_eclipse"]["eclipse_min"] > 20
    with pytest.raises(CaseError, match="attitude   missing; without it nothing is known of faces"):
        orbit_figures(case, ["panel:+z"])


def test_table_is_short():
    """Faces of one direction and one coating share a row; warnings come before assumptions."""
    shown = run(EDGE, "--set", "environment.solar_flux_W_m2=1414").stdout
    assert "panel:+z, module1..4:+z and 2 more" in shown
    assert len(shown.splitlines()) < 35
    assert shown.index("warning: 1414 W/m2 belongs to a solar constant of 1367 W/m2") < shown.index("assumed: circular orbit")


def test_year_is_that_of_the_calendar(edge):
    """Hottest, coldest and longest as the functions of orbit say; seasons as days."""
    case = edge.override(DAWN, 'attitude={point={axis="+x", at="sun"}, align={axis="+y", at="nadir"}}')
    found = year_figures(case, ["panel:+z"])
    walk = face_year(case.orbit, case.environment, case.attitude, np.array([0.0, 0.0, 1.0]), 0.17, 0.92)
    year = walk.calendar
    assert found["hottest"]["absorbed_W_m2"] == pytest.approx(walk.heat.max(), rel=1e-12)
    assert found["coldest"]["date"] == f"{year.epoch(walk.coldest()):%Y-%m-%dT%H:%MZ}"
    assert found["longest_eclipse"]["eclipse_min"] == pytest.approx(year.eclipse.max() / 60)
    assert [season["days"] for season in found["seasons"]] == [last - first for first, last in year.seasons()]
    assert found["sunlit_fraction"] == pytest.approx(1 - np.mean(year.eclipse) / year.period)
    assert found["seasons"][0]["first"] == "2027-05-05"


def test_year_of_a_face_is_that_of_the_largest_that_matches(edge):
    """Of module1, 160 x 120 x 40 mm, a lid."""
    assert year_figures(edge, ["module1:*"], days=5)["face"]["name"] == "module1:-z"


def test_walk_of_a_mission_starts_where_told(edge):
    """Two years from a date; without one, the year of the epoch."""
    case = replace(edge, attitude=None)
    assert year_figures(case, start=as_date("2028-03-01"), days=731)["start"] == "2028-03-01T00:00Z"
    assert year_figures(replace(edge.override("orbit.epoch=2030-06-21T00:00:00Z"), attitude=None), days=3)["start"] == "2030-01-01T00:00Z"
    assert as_date("2027-01-01T06:00+02:00") == datetime(2027, 1, 1, 4, tzinfo=UTC)


def test_nearly_circular_elements_are_walked_as_the_circle(edge):
    """Keplerian with e = 0 gives the heat of the circular orbit of the same plane."""
    plane = "inclination_deg=51.6, raan_deg=40, epoch=2027-01-01T00:00:00Z"
    circle = edge.override(f'orbit={{kind="circular", altitude_km=421.863, {plane}}}')
    ellipse = edge.override(f'orbit={{kind="keplerian", semi_major_axis_km=6800, eccentricity=0.0, {plane}}}')
    one, other = (year_figures(case, ["panel:+x"], days=60) for case in (circle, ellipse))
    assert one["hottest"]["absorbed_W_m2"] == pytest.approx(other["hottest"]["absorbed_W_m2"], rel=1e-6)
    assert any("as if the orbit were a circle at 421.9 km" in sentence for sentence in other["assumptions"])


def test_eccentric_walk_is_pieced_together(edge):
    """Two stretches for 70 days, and the season's change of heat is smaller than its mean."""
    case = edge.override('orbit={kind="keplerian", semi_major_axis_km=8000, eccentricity=0.1, inclination_deg=63.4}')
    found = year_figures(case, ["panel:+x"], days=70)
    assert any("computed every 2.0 days" in sentence for sentence in found["assumptions"])
    assert found["coldest"]["absorbed_W_m2"] > 0.5 * found["hottest"]["absorbed_W_m2"]


def test_year_writes_calendar_and_picture(tmp_path, edge):
    """One row per instant, heat of the face included."""
    shown = run(EDGE, "--year", "--days", "30", "-o", str(tmp_path / "out"), "--set", DAWN, "--json")
    assert shown.exit_code == 0
    found = json.loads(shown.stdout)
    with (tmp_path / "out" / "calendar.csv").open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    year = calendar(edge.override(DAWN).orbit, days=30)
    assert len(rows) == len(year.days)
    assert float(rows[7]["beta_deg"]) == pytest.approx(np.degrees(year.beta[7]), rel=1e-5)
    assert max(float(row["absorbed_W_m2"]) for row in rows) == pytest.approx(found["hottest"]["absorbed_W_m2"], rel=1e-5)
    assert not_blank(tmp_path / "out" / "calendar.png")


def test_table_of_the_year_names_its_revolutions(edge, capsys):
    """And its seasons, or that there is no end to them."""
    shown = run(EDGE, "--year", "--set", DAWN).stdout
    assert "hottest " in shown
    assert "2027-05-05  2027-08-08" in shown
    print_year(year_figures(replace(edge, attitude=None)))
    assert "an eclipse in every revolution" in capsys.readouterr().out


@pytest.mark.parametrize(
    "orbit",
    [
        'orbit={kind="sun_synchronous", altitude_km=550, ltan_h=10.5}',
        'orbit={kind="beta", altitude_km=550, beta_deg=90}',
        'orbit={kind="keplerian", semi_major_axis_km=26560, eccentricity=0.72, inclination_deg=63.4, argument_of_perigee_deg=270}',
    ],
)
def test_plot_is_written(tmp_path, orbit):
    """Low, without eclipse, and with an eclipse over t = 0."""
    file = tmp_path / "orbit.png"
    shown = run(EDGE, "--set", orbit, "--plot", str(file))
    assert shown.exit_code == 0, shown.output
    assert not_blank(file)


def test_plot_without_faces_is_written(tmp_path, edge):
    """The orbit alone."""
    orbit_figures(replace(edge, attitude=None), plot=tmp_path / "orbit.png")
    assert not_blank(tmp_path / "orbit.png")


@pytest.mark.parametrize("sun", [(1.0, 0.0, 0.0), (0.0, -0.9, 0.436), (0.0, 0.0, 1.0)])
@pytest.mark.parametrize("tilt", [0.0, 0.9, 1.7])
def test_view_opens_the_orbit_with_north_up(sun, tilt):
    """The orbit is never seen edge-on, the Sun is not behind the planet."""
    normal = np.array([np.sin(tilt), 0.0, np.cos(tilt)])
    eye = best_eye(np.array([0.0, 0.0, 1.0]), normal, np.array(sun))
    assert abs(eye.towards @ normal) > 0.2
    assert eye.up[2] > 0
    assert eye.towards @ np.array(sun) > -0.1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--face", "panle:+z"], '--face = "panle:+z"   no such face; did you mean panel:+z?'),
        (["--face", "panel"], "stands for no single face; did you mean panel:*?"),
        (["--year", "--set", 'orbit={kind="beta", altitude_km=550, beta_deg=20}'], 'orbit.kind = "beta"   has no date and so no year'),
        (["--year", "--days", "0.2"], "--days = 0.2   must lie between 1 and 36525"),
        (["--year", "--days", "1e9"], "--days = 1000000000.0   must lie between 1 and 36525"),
        (["--year", "--days", "inf"], "--days = inf   must lie between 1 and 36525"),
        (["--year", "--days", "10", "--start", "9999-12-31"], "--start   10 days from 9999-12-31 leave the years 1900 to 2200"),
        (["--year", "--start", "0001-01-01T00:00+05:00"], "must be a date such as 2027-01-01"),
        (["--year", "--start", "soon"], '--start = "soon"   must be a date such as 2027-01-01'),
        (["--days", "3"], "--days, --start, -o and --force belong to --year"),
        (["--plot", "x.jpeg"], "x.jpeg must end in .png, .svg or .pdf"),
        (["--year", "--plot", "x.png"], "--plot draws one revolution"),
        (["--plot", "/no/where.png"], "/no/where.png: there is no folder /no; make it first, or name another file"),
        (
            ["--set", 'attitude={point={axis="+x", at="sun"}, align={axis="+y", at="anti_sun"}}'],
            "attitude.align.at",
        ),
        (
            [
                "--year",
                "--set",
                'attitude={point={axis="+x",at="star",right_ascension_deg=9,declination_deg=0},align={axis="+y",at="sun"}}',
            ],
            "walked by its beta angle, which knows no stars",
        ),
    ],
)
def test_malformed_question_exits_2_in_words(arguments, words):
    """Without a traceback."""
    shown = run(EDGE, *arguments)
    assert shown.exit_code == 2
    assert words in shown.stderr


def test_a_calendar_is_replaced_by_force_alone(tmp_path):
    """`orbit --year -o` wrote over a calendar, and into any other folder, unasked."""
    words = ("--year", "--days", "3", "-o", str(tmp_path / "year"))
    assert run(EDGE, *words).exit_code == 0
    kept = (tmp_path / "year" / "calendar.csv").read_text()
    again = run(EDGE, *words)
    assert again.exit_code == 2
    assert "holds a calendar; choose another folder with -o, or --force to replace it" in again.stderr
    assert run(EDGE, "--year", "--days", "4", "-o", str(tmp_path / "year"), "--force").exit_code == 0
    assert (tmp_path / "year" / "calendar.csv").read_text() != kept
    other = run(EDGE, "--year", "-o", str(tmp_path))
    assert "is not empty and holds no calendar" in other.stderr


def test_test_chamber_has_no_orbit(tmp_path):
    """Said in one line."""
    file = tmp_path / "chamber.toml"
    file.write_text('title = "bench"\n[environment]\nkind = "chamber"\nshroud_degC = -170\n[run]\nkind = "steady"\n')
    shown = run(str(file))
    assert shown.exit_code == 2
    assert "a test chamber has no orbit to describe; `heliorack run` solves the case in it" in shown.stderr
