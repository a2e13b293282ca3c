"""Test chambers, parts that turn, and thermocouples, through the whole pipeline on a small plate."""

from pathlib import Path

import numpy as np
import pytest
from case_text import orbit

from heliorack import load
from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError
from heliorack.model.thermocouples import measured
from heliorack.run.simulate import simulate
from thermal.constants import STEFAN_BOLTZMANN as SIGMA

PLATE = """
title = "plate"
{surroundings}
[[parts]]
name = "plate"
kind = "plate"
width_mm = 100
length_mm = 100
thickness_mm = 2
material = "al_6061"
coating = "z306"
heat_W = {heat}
mesh_mm = 40
[run]
kind = "{kind}"
{run}
{more}
"""

CHAMBER = '[environment]\nkind = "chamber"\nshroud_degC = -173.15\n'


def case(surroundings: str = CHAMBER, heat: float = 0.0, kind: str = "steady", run: str = "", more: str = "") -> str:
    """A case file of one black plate."""
    return PLATE.format(surroundings=surroundings, heat=heat, kind=kind, run=run, more=more)


def temperature(text: str) -> float:
    """Mean temperature of the plate in a steady run [K]."""
    return float(simulate(loads(text)).solution.history.mean[0, 0])


def test_a_plate_in_a_chamber_balances_its_heat_against_the_shroud() -> None:
    """eps sigma A (T^4 - 100^4) = 10 W over all six faces, 0.0208 m2."""
    expected = (10 / (0.91 * SIGMA * 0.0208) + 100.0**4) ** 0.25
    assert temperature(case(heat=10.0)) == pytest.approx(expected, abs=0.01)


def test_a_lamp_is_absorbed_by_the_face_that_sees_it() -> None:
    """alpha G A_front = eps sigma A (T^4 - 100^4)."""
    lit = CHAMBER + "lamp_flux_W_m2 = 1000\nlamp_direction = [0.0, 0.0, 3.0]\n"
    expected = (0.96 * 1000 * 0.01 / (0.91 * SIGMA * 0.0208) + 100.0**4) ** 0.25
    assert temperature(case(lit)) == pytest.approx(expected, abs=0.01)


def test_air_in_a_chamber_pulls_the_plate_to_its_temperature() -> None:
    """With a film of 1e5 W/m2K the plate is at the air's temperature."""
    assert temperature(case(CHAMBER + "film_W_m2K = 1e5\nair_degC = 30\n")) == pytest.approx(303.15, abs=0.01)


ORBIT = orbit(80, point=("+x", "velocity"), align=("+z", "nadir"), preset="mean")


def test_a_face_that_follows_the_sun_sees_all_of_it() -> None:
    """In full sunlight a two-axis joint keeps the face's incidence at one: orbit-mean absorbed sunlight is alpha S A."""
    turning = '[[tracking]]\nkind = "two_axis"\nparts = "plate"\naxis = "+y"\nnormal = "+z"\n'
    fixed = simulate(loads(case(ORBIT, kind="periodic")))
    follows = simulate(loads(case(ORBIT, kind="periodic", more=turning)))
    assert follows.heat["sun"] / follows.duration() == pytest.approx(0.96 * 1361 * 0.01, rel=1e-6)
    assert fixed.heat["sun"] < 0.5 * follows.heat["sun"]


def test_thermocouples_are_compared_with_the_run(tmp_path: Path) -> None:
    """Measurements that are the model's own plus 2 K deviate by -2 K with no scatter; cells may be empty."""
    place = tmp_path / "plate.toml"
    tc = '[[thermocouples]]\nname = "tc1"\npart = "plate"\npoint_mm = [10, 20, 1]\n'
    run = "duration_s = 600\nstart_degC = 50"
    place.write_text(case(kind="transient", run=run, more=tc))
    history = simulate(load(place)).solution.history
    measured = history.mean[:, 1] - 273.15 + 2.0
    rows = [f"{t:.6f},{value:.9f}" for t, value in zip(history.times, measured, strict=True)]
    (tmp_path / "test.csv").write_text("\n".join(["time_s,tc1", *rows[:-1], f"{history.times[-1]:.6f},"]))
    place.write_text(case(kind="transient", run=run, more=tc + '[measured]\nfile = "test.csv"\n'))
    (off,) = simulate(load(place)).deviations
    assert (off.mean, off.deviation) == (pytest.approx(-2.0, abs=1e-3), pytest.approx(0.0, abs=1e-3))
    assert off.rows == len(rows) - 1


def test_time_stamps_and_a_column_by_key_are_the_same_measurements(tmp_path: Path) -> None:
    """A logger's own file: stamps in a zone of its own, its names for the columns, a byte order mark."""
    tc = '[[thermocouples]]\nname = "tc1"\ncolumn = "T 04 (degC)"\npart = "plate"\npoint_mm = [10, 20, 1]\n'
    told = '[measured]\nfile = "log.csv"\ntime_column = "UTC"\nstart = 2027-06-21T11:59:00Z\n'
    rows = ["2027-06-21T12:00:00Z,20.0", "2027-06-21T14:01:00+02:00,2.05D+01", "2027-06-21 12:02:00,"]
    (tmp_path / "log.csv").write_text("\n".join(["\ufeffUTC,T 04 (degC)", *rows]), encoding="utf-8")
    times, columns = measured(loads(case(more=tc + told), source=str(tmp_path / "case.toml")))
    assert times.tolist() == [60.0, 120.0, 180.0]
    np.testing.assert_allclose(columns["tc1"], [293.15, 293.65, np.nan])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["0,20", "0,21"], "log.csv, line 3: time_s = 0 stands twice"),
        (["0,20", "60,21", "30,21"], "log.csv, line 4: time_s = 30 comes after 60"),
        (["0,20", "noon,21"], "line 3: time_s 'noon' is no number"),
        (["noon,20"], "line 2: time_s 'noon' is neither; expected seconds, or a time stamp"),
        (["0,nan"], "line 2: tc1 'nan' is no number"),
        (["0,-300"], "line 2: tc1 = -300 degC; expected a temperature from -273.15"),
        (["0,20,5"], "line 2: has 3 cells; expected 2"),
        ([], "holds no row below its header"),
    ],
)
def test_measured_files_that_cannot_be_used_say_where(tmp_path: Path, rows: list[str], words: str) -> None:
    """File, line, value, and what was expected, from `check` on."""
    tc = '[[thermocouples]]\nname = "tc1"\npart = "plate"\npoint_mm = [10, 20, 1]\n[measured]\nfile = "log.csv"\n'
    (tmp_path / "log.csv").write_text("\n".join(["time_s,tc1", *rows]))
    with pytest.raises(CaseError, match=words):
        loads(case(more=tc), source=str(tmp_path / "case.toml"))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('[[thermocouples]]\nname = "tc1"\npart = "plate"\npoint_mm = [0, 0, 90]\n', "lies 89 mm outside plate"),
        ('[measured]\nfile = "x.csv"\n', "measured temperatures need"),
        (
            '[[thermocouples]]\nname = "tc1"\npart = "plate"\npoint_mm = [0, 0, 0]\n[measured]\nfile = "none.csv"\n',
            "measured.file = .none.csv.*no such file in",
        ),
    ],
)
def test_bad_thermocouples_are_refused(more: str, words: str) -> None:
    """Each with its own words, before anything is solved."""
    with pytest.raises(CaseError, match=words):
        simulate(loads(case(more=more)))


def test_a_chamber_and_an_orbit_contradict_each_other() -> None:
    """One of the two has to go."""
    with pytest.raises(CaseError, match="a test chamber has no orbit"):
        loads(case(CHAMBER + "\n[orbit]\nkind = 'beta'\naltitude_km = 550\nbeta_deg = 0\n"))


def test_a_periodic_run_in_a_constant_chamber_is_its_steady_state() -> None:
    """Nothing varies over the cycle."""
    steady = temperature(case(heat=5.0))
    cycle = simulate(loads(case(heat=5.0, kind="periodic"))).solution.history
    assert np.ptp(cycle.mean[:, 0]) < 1e-3
    assert cycle.mean[0, 0] == pytest.approx(steady, abs=0.01)


def test_the_deviation_table_is_shown(tmp_path: Path) -> None:
    """The closing lines and the report both carry it."""
    from heliorack.run.run_cases import run_cases

    tc = '[[thermocouples]]\nname = "tc1"\npart = "plate"\npoint_mm = [10, 20, 1]\n[measured]\nfile = "test.csv"\n'
    place = tmp_path / "plate.toml"
    place.write_text(case(heat=10.0, more=tc))
    (tmp_path / "test.csv").write_text("time_s,tc1\n0,20.0\n60,20.5\n")
    outcome = run_cases(place, (), None, tmp_path / "out")
    found = outcome.json()["thermocouples"][0]
    assert found["mean_K"] == pytest.approx(temperature(case(heat=10.0)) - 273.15 - 20.25, abs=0.05)
    assert "measured tc1: model" in outcome.summary()
    assert "model minus measurement" in (tmp_path / "out" / "report.html").read_text()
