"""Sunlight that turns faster than a step, attitude tables, and loads of any length, through the command line."""

import json
from pathlib import Path

import numpy as np
import pytest
from command.cli_runner import here
from lump_case import BLOCK, CAPACITY, FILM, ORBIT, STEADY, gpu

from orbit.planet import albedo_factor, plate_view_factor

pytestmark = [pytest.mark.xdist_group("field"), pytest.mark.usefixtures("without_pictures")]

FIELD = Path(__file__).resolve().parents[1] / "data" / "field"
SIGMA = 5.670374419e-8


def summary(tmp_path: Path, name: str, *options: str, code: int = 0) -> dict:
    done = here("run", FIELD / f"{name}.toml", "-o", tmp_path / "run", *options)
    assert done.exit_code == code, done.output
    return json.loads((tmp_path / "run" / "summary.json").read_text())


def mean_of_spinning_box() -> float:
    """0.92 of 1354/pi on its sides, with what the planet adds to plates edge-on to it, over 0.85 sigma [degC]."""
    ratio, around = (6378.137 + 500) / 6378.137, np.linspace(0, 2 * np.pi, 720, endpoint=False)
    albedo = 0.35 * 1354 * float(np.mean(albedo_factor(ratio, np.pi / 2, np.pi / 2, around)))
    infrared = 221.5 * float(plate_view_factor(ratio, np.pi / 2))
    taken = 0.92 * (1354 / np.pi + albedo) + 0.85 * infrared
    return (taken / (0.85 * SIGMA)) ** 0.25 - 273.15


PERIODS = [120, 10, 1200]
MORE = [12, 24, 40, 60, 94, 95, 200, 300, 600, 3000, 6000]


@pytest.mark.parametrize("period", [*PERIODS, *(pytest.param(p, marks=pytest.mark.full) for p in MORE)])
def test_a_spinning_box_has_the_mean_of_its_turn(tmp_path, period):
    """At 120 s it came out 40 to 42 degC for 37.94, a step of heat being sampled where it was longer than a turn."""
    found = summary(tmp_path, "30_spin_120s", "--set", f"attitude.spin_period_s={period}")
    assert mean_of_spinning_box() == pytest.approx(37.94, abs=0.01)
    assert found["parts"]["sat"]["mean_degC"] == pytest.approx(mean_of_spinning_box(), abs=0.05)
    assert found["first_law"]["time_error"] < 1e-3


def alternating(t: np.ndarray) -> np.ndarray:
    """10 W for the first half of every 20 000 s, 1 W for the other."""
    return np.where(np.mod(t, 20000.0) < 10000.0, 10.0, 1.0)


def test_a_transient_takes_its_duty_as_it_is(tmp_path):
    """20 000 s in five orbits of 5738 s: the mean power is that of time alone, nothing is bent to the orbit, and all of it is heat."""
    found = summary(tmp_path, "86_duty_transient")
    length = 5 * found["orbit"]["period_s"]
    t = (np.arange(200000) + 0.5) / 200000 * length
    assert found["compute"]["a"]["mean_W"] == pytest.approx(float(alternating(t).mean()), rel=1e-4)
    assert found["heat_W"]["compute"] == pytest.approx(float(alternating(t).mean()), rel=1e-4)
    assert not [said for said in found["assumptions"] if "instead of 20000" in said]


@pytest.mark.parametrize("period", [20000.0, 7000.0])
def test_a_transient_of_any_duty_follows_the_ordinary_equation(tmp_path, period):
    """One block of one temperature beside a film, C dT/dt = P(t) - h A (T - T_f), with the power of a duty that no orbit has."""
    case = tmp_path / "block.toml"
    device = gpu(30.0, f'profile = {{ kind = "duty", period_s = {period}, on_fraction = 0.5 }}')
    case.write_text(BLOCK + ORBIT + device + '[run]\nkind = "transient"\norbits = 4\nstart_degC = 20\n')
    done = here("run", case, "-o", tmp_path / "run")
    assert done.exit_code == 0, done.output
    rows = np.genfromtxt(tmp_path / "run" / "history.csv", delimiter=",", names=True)
    time = rows["time_s"]
    T, exact, at = 20.0, [], 0.0
    for t in time:
        while at < t - 1e-9:
            stop = min(t, (np.floor(at / (period / 2) + 1e-9) + 1) * period / 2)
            level = 20.0 + (30.0 if np.mod(at + 1e-6, period) < period / 2 else 0.0) / FILM
            T = level + (T - level) * np.exp(-(stop - at) * FILM / CAPACITY)
            at = stop
        exact.append(T)
    assert rows["chip_mean_degC"] == pytest.approx(np.array(exact), abs=0.1)


def test_a_schedule_longer_than_an_orbit_runs_through_a_transient(tmp_path):
    """8000 s at rest, 6000 s at full power, then rest for good: refused for being longer than the orbit before."""
    (tmp_path / "jobs.csv").write_text("time_s,utilisation\n0,0\n8000,1\n14000,0\n")
    text = (FIELD / "86_duty_transient.toml").read_text()
    (tmp_path / "case.toml").write_text(text.replace('{kind="duty",period_s=20000}', '{kind="schedule",file="jobs.csv"}'))
    done = here("run", tmp_path / "case.toml", "-o", tmp_path / "run")
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "run" / "summary.json").read_text())
    length = 5 * found["orbit"]["period_s"]
    assert found["heat_W"]["compute"] == pytest.approx(1.0 + 9.0 * 6000 / length, rel=1e-4)


@pytest.mark.parametrize("surroundings", ["film", "space"])
def test_a_block_in_balance_with_its_surroundings_closes(tmp_path, surroundings):
    """At 20 degC in a film and a space of 20 degC, everything off: its net heat is the round-off of what it sends and receives."""
    space = "[environment]\nsink_K = 293.15\n" if surroundings == "space" else ""
    text = BLOCK.replace('coating = "insulated"', 'coating = "z93"') if space else BLOCK
    (tmp_path / "case.toml").write_text(text + space + STEADY)
    done = here("run", tmp_path / "case.toml", "-o", tmp_path / "run")
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert found["first_law"]["closure"] < 1e-9
    assert found["parts"]["chip"]["mean_degC"] == pytest.approx(20.0, abs=1e-6)


@pytest.mark.parametrize(("steps", "code", "words"), [(2, 0, "1e-03"), (1, 1, "1e-02")])
def test_a_coarse_march_is_told_and_a_very_coarse_one_fails(tmp_path, steps, code, words):
    """The time error of the first law: above 1e-3 of the throughput a remark, above 1e-2 a failure."""
    options = ("--set", f"solver={{scheme='implicit_euler', fixed_steps={steps}}}")
    done = here("run", FIELD / "86_duty_transient.toml", "-o", tmp_path / "run", *options)
    assert done.exit_code == code, done.output
    assert f"of the throughput, more than {words}: take a smaller solver.tolerance_K" in done.output
