"""Sunlight that turns faster than a step, attitude tables, and loads of any length, through the command line."""

import json
from pathlib import Path

import numpy as np
import pytest
from command.cli_runner import here

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
