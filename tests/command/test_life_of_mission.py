"""Life of a mission: a few full solves foretell all others, and the first limit that breaks is named."""

import numpy as np
import pytest
from case_text import box, orbit
from command.cli_runner import EDGE, case, here, read
from command.powered import POWERED, changed
from network_case import node
from thorough import ALL

pytestmark = pytest.mark.usefixtures("without_pictures")

STILL = changed(
    POWERED,
    ("array_area_m2 = 0.75\n", "array_area_m2 = 0.28\n"),
    ("pack_capacity_Wh = 40\n", "pack_capacity_Wh = 40\nyears = 5\neol_factor = 0.8\nbattery_eol_factor = 0.9\n"),
)
AGEING = changed(
    STILL,
    (
        'kind = "beta"\naltitude_km = 550\nbeta_deg = 30\n',
        'kind = "sun_synchronous"\naltitude_km = 550\nltan_h = 10\nepoch = 2027-03-01T00:00:00Z\n',
    ),
)
YEARS = 8.0


@pytest.fixture(scope="module")
def solved(tmp_path_factory, without_pictures):
    """Standard output and summary of a run with its life."""
    place = tmp_path_factory.mktemp("life")
    done = here("run", case(place, AGEING), "-o", place / "run", "--years", YEARS)
    assert done.exit_code == 1, done.output
    return done.stdout, read(place / "run")


def test_the_first_limit_that_breaks_is_named(solved):
    """The array, which loses 4 % a year: when its surplus crosses zero, in summary, closing lines and failures; each course to its end."""
    said, summary = solved
    life = summary["mission"]
    surplus = np.array(life["power"]["array_margin"])
    times = np.array(life["times_years"])
    assert times[0] == 0.0
    assert times[-1] == pytest.approx(YEARS, abs=0.05)
    assert 1.0 < life["first_year"] < YEARS
    assert np.interp(life["first_year"], times, surplus) == pytest.approx(0.0, abs=5e-3)
    assert (surplus[times < life["first_year"] - 0.05] > 0.0).all()
    assert (surplus[times > life["first_year"]] < -0.1).any()
    assert f"after {life['first_year']:.2f} years: the array gives less than the load and the battery take" in life["first"]
    assert f"life     8 years: first to break: {life['first']}" in said
    assert f"life of the mission, {life['first']}" in summary["failures"]
    assert all(len(limit["margin_K"]) == len(times) for limit in life["limits"])


def test_years_follow_the_rates_of_the_case(solved):
    """0.8 after five years is 0.8^(8/5) after eight, 0.9 of the battery is 0.84; load is missed from the year in which the array fails."""
    life = solved[1]["mission"]
    rows = life["power"]["years"]
    assert [row["year"] for row in rows] == list(range(1, 9))
    assert rows[4]["array"] == pytest.approx(0.8)
    assert rows[7]["array"] == pytest.approx(0.8 ** (8 / 5))
    assert rows[7]["capacity"] == pytest.approx(1 - 0.1 * 8 / 5, abs=1e-3)
    missing = [row["year"] for row in rows if row["unserved_Wh"] > 0.0]
    assert missing
    assert life["first_year"] < missing[0] <= life["first_year"] + 2.0


@pytest.mark.full
def test_full_solves_agree_with_what_was_foretold():
    """At moments nobody solved: extremes and margins to 0.5 K, the battery's deepest fall to 1 % of its energy."""
    check(AGEING, None, (0.31, 2.9, 6.4), CLOSE)


@pytest.mark.full
@pytest.mark.parametrize("name", ["hot_operational", "cold_survival"])
def test_ten_years_of_edge_node_agree_with_full_solves(name):
    """The same of the shipped case (`make verify-ci`: at four moments of eight)."""
    moments = (0.2, 1.3, 2.6, 4.4, 5.9, 7.2, 8.8, 9.7) if ALL else (0.2, 2.6, 5.9, 9.7)
    check(EDGE.read_text(encoding="utf-8"), name, moments, CLOSE, 10.0)


CLOSE = (0.5, 0.01)  #: K, and part of the battery's energy


def check(text: str, name: str | None, moments: tuple[float, ...], close: tuple[float, float], years: float = YEARS) -> None:
    """The claim, for one load case."""
    from heliorack.case.case import loads
    from heliorack.run.mission_moment import mission
    from heliorack.run.mission_samples import Samples
    from heliorack.run.simulate import meshed_bodies, simulate
    from heliorack.runtime.parallel import world

    comm, bodies = world(), meshed_bodies()
    first = simulate(loads(text, (f"run.years={years}",), name), comm, bodies=bodies)
    samples = Samples(mission(first.case, first.body, first.power, years), comm, bodies)
    samples.gather()
    known = [sample.years for sample in samples.samples]
    for moment in moments:
        while min(abs(one - moment) for one in known) <= 0.02:  # a moment that was solved says nothing
            moment += 0.01
        kelvin, charge = samples.missed(samples.solve(moment, samples.samples[0].end))
        assert kelvin < close[0]
        assert charge < close[1]


def test_an_orbit_without_years_is_refused(tmp_path):
    """By its words, before anything is solved."""
    done = here("run", case(tmp_path, STILL), "-o", tmp_path / "run", "--years", "3")
    assert done.exit_code == 2
    assert "has no date and so no year" in done.stderr
    assert not (tmp_path / "run.partial").exists()
    done = here("run", case(tmp_path, AGEING), "-o", tmp_path / "run", "--years", "3", "--set", "run.kind='steady'")
    assert done.exit_code == 2
    assert 'belongs to kind = "periodic", whose states the life of a mission is made of' in done.stderr


NODED = (
    'title = "shelf"\n'
    + orbit(30).replace('kind = "beta"\naltitude_km = 550\nbeta_deg = 30\n', 'kind = "sun_synchronous"\naltitude_km = 550\nltan_h = 10\n')
    + box("plate", (300, 100, 6), coating="paint", mesh=100)
    + """
[coatings.paint]
solar_absorptance = 0.2
infrared_emittance = 0.9
solar_absorptance_eol = 0.6
source = "a paint that darkens"

[[network.nodes]]
name = "shelf"
capacity_J_K = 4
heat_W = 12

[[network.films]]
node = "shelf"
faces = "plate:-z"
conductance_W_m2K = 200

[[limits]]
on = "*"
max_degC = 50
"""
)


NODED_SET = ("years=5", "orbit.epoch=2027-03-01T00:00:00Z")


def test_a_moment_judges_the_nodes_of_a_network_too():
    """A node that 12 W warm over 6 W/K is 2 K nearer to the limit that it shares with its plate."""
    from heliorack.case.case import loads
    from heliorack.run.mission_moment import mission
    from heliorack.run.mission_solves import full_solve
    from heliorack.run.simulate import meshed_bodies
    from heliorack.runtime.parallel import world
    from heliorack.runtime.progress import silent

    case, comm, bodies = loads(NODED, ("run.years=5", *NODED_SET)), world(), meshed_bodies()
    made = mission(case, bodies.of(case, comm, silent), None, 5.0)
    sample = full_solve(made, 2.0, np.zeros(1), comm, bodies, silent, None, None)
    margins = {verdict.on: verdict.margin for verdict in sample.verdicts}
    assert margins["plate"] - margins["shelf"] == pytest.approx(2.0, abs=0.1)


@pytest.mark.full
def test_nodes_of_a_network_are_walked_with_the_parts(tmp_path):
    """A node on an ageing plate is 12 W over 6 W/K hotter than it in every year; both lose margin as the paint darkens."""
    done = here(
        "run", case(tmp_path, NODED), "-o", tmp_path / "run", "--years", 5, "--set", "years=5", "--set", "orbit.epoch=2027-03-01T00:00:00Z"
    )
    assert done.exit_code in (0, 1), done.output
    plate, shelf = (next(one for one in read(tmp_path / "run")["mission"]["limits"] if one["on"] == on) for on in ("plate", "shelf"))
    assert np.subtract(plate["margin_K"], shelf["margin_K"]) == pytest.approx(2.0, abs=0.1)
    assert shelf["margin_K"][0] - shelf["margin_K"][-1] > 3.0


WALKED = (
    'title = "node"\n'
    + orbit(30).replace('kind = "beta"\naltitude_km = 550\nbeta_deg = 30\n', 'kind = "sun_synchronous"\naltitude_km = 550\nltan_h = 9\n')
    + node("box", capacity_J_K=20000, heat_W=12, faces='[{ coating = "paint", area_m2 = 0.06, normal = [0, 1, 0] }]')
    + NODED[NODED.index("[coatings.paint]") : NODED.index("[[network.nodes]]")]
    + '[[limits]]\non = "box"\nmax_degC = 60\n'
)


def test_nodes_alone_are_walked(tmp_path):
    """A node whose paint darkens in five years: its margin falls from that of new optics to that of aged."""
    path, epoch = case(tmp_path, WALKED), ("--set", NODED_SET[0], "--set", NODED_SET[1])
    done = here("run", path, "-o", tmp_path / "run", "--years", 5, *epoch)
    assert done.exit_code in (0, 1), done.output
    summary = read(tmp_path / "run")
    (limit,) = summary["mission"]["limits"]
    error = summary["mission"]["error_K"] + 0.1
    assert error < 0.5
    assert limit["margin_K"][0] == pytest.approx(summary["limits"][0]["margin_K"], abs=error)
    assert here("run", path, "-o", tmp_path / "aged", *epoch, "--set", "life=eol").exit_code in (0, 1)
    assert limit["margin_K"][-1] == pytest.approx(read(tmp_path / "aged")["limits"][0]["margin_K"], abs=error + 0.3)
    assert limit["margin_K"][0] - limit["margin_K"][-1] > 5.0


BY_LAW = 'ageing = { kind = "saturating", growth = 0.5, time_constant_h = 9000, measured_h = 5000, source = "none" }\n'


def test_faces_of_nodes_age_by_hours_of_sun(tmp_path):
    """After five years a face absorbs alpha + growth (1 - exp(-t / tau)), t from the sunlight of its orbit; the walk ends there."""
    path = case(tmp_path, WALKED.replace("solar_absorptance_eol = 0.6\n", BY_LAW))
    epoch = ("--set", NODED_SET[0], "--set", NODED_SET[1])
    assert here("run", path, "-o", tmp_path / "run", "--years", 5, *epoch).exit_code in (0, 1)
    done = here("run", path, "-o", tmp_path / "aged", *epoch, "--set", "life=eol")
    assert done.exit_code in (0, 1), done.output
    new, aged = read(tmp_path / "run"), read(tmp_path / "aged")
    falls = new["heat_W"]["sun box"] / 0.2 / 0.06  # W/m2, mean over the orbit
    hours = 5 * 8766 * falls / 1361.0
    absorptance = 0.2 + 0.5 * (1 - np.exp(-hours / 9000))
    assert aged["heat_W"]["sun box"] == pytest.approx(absorptance * falls * 0.06, rel=1e-6)
    assert any(f"aged by {hours:.0f} equivalent sun hours" in said for said in aged["remarks"])
    margins, error = new["mission"]["limits"][0]["margin_K"], new["mission"]["error_K"] + 0.4
    assert margins[-1] == pytest.approx(aged["limits"][0]["margin_K"], abs=error)
    assert margins[0] - margins[-1] > 3.0
    assert error < 0.8


def test_a_moment_that_does_not_repeat_says_what_was_tried_and_what_to_try():
    """Orbits, the error that is left, and the keys that decide."""
    from heliorack.case.case import loads
    from heliorack.run.mission_moment import mission
    from heliorack.run.mission_solves import network_solve
    from heliorack.runtime.parallel import world
    from heliorack.runtime.progress import silent
    from thermal.errors import SolveError

    case = loads(WALKED, ("run.years=5", "solver.max_orbits=1", *NODED_SET))
    words = r"no periodic state within 1 orbit; estimated error [\d.]+ K: allow more of them \(solver.max_orbits, now 1\)"
    with pytest.raises(SolveError, match=words):
        network_solve(mission(case, None, None, 5.0), 2.0, np.zeros(1), world(), silent)
