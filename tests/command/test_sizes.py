"""`size --quick`: closed forms with the slopes that physics gives them."""

import json
import subprocess
import sys

import pytest
from command.cli_runner import ALONE, EDGE, SIGMA, here, library

POWERS = (50, 100, 200)


def rows(*options: str) -> list[dict[str, float]]:
    """Rows of `size --quick --json` for edge_node."""
    done = here("size", EDGE, "--quick", "--json", *options)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)["rows"]


@pytest.fixture(scope="module")
def doubled():
    """Sizes at 50, 100 and 200 W per module and nothing else that draws."""
    bare = [word for setting in ("parts.power_stage.heat_W=0", "power.base_load_W=0") for word in ("--set", setting)]
    return [rows(*bare, "--set", f"compute.accelerators.peak_W={watts}")[0] for watts in POWERS]


@pytest.mark.parametrize("size", ["radiator_m2", "radiator_kg", "array_m2", "array_W", "battery_Wh", "load_W"])
def test_size_is_linear_in_power(doubled, size):
    """Twice the heat at the same temperature and sink takes twice the radiator (not 19 % more), and so do array and battery."""
    for row, watts in zip(doubled, POWERS, strict=True):
        assert row[size] == pytest.approx(doubled[0][size] * watts / POWERS[0], rel=1e-9)


def test_radiator_follows_the_fourth_power(doubled):
    """What a square metre emits on both faces at two temperatures differs by 2 epsilon sigma (T1^4 - T2^4), whatever falls on it."""
    cold, warm = rows("--over", "radiator_degC=20:60:2")
    emitted = 2 * library("z93")["infrared_emittance"] * SIGMA * (333.15**4 - 293.15**4)
    assert warm["radiator_W_m2"] - cold["radiator_W_m2"] == pytest.approx(emitted, rel=1e-6)
    assert warm["radiator_m2"] * warm["radiator_W_m2"] == pytest.approx(cold["radiator_m2"] * cold["radiator_W_m2"], rel=1e-12)


def test_eclipse_falls_with_altitude():
    """At the same local time; the period grows, the shadowed part falls faster."""
    low, middle, high = rows("--over", "orbit.altitude_km=400:1000:3")
    assert [row["orbit.altitude_km"] for row in (low, middle, high)] == [400, 700, 1000]
    assert low["eclipse_min"] > middle["eclipse_min"] > high["eclipse_min"] > 25
    assert low["battery_Wh"] > middle["battery_Wh"] > high["battery_Wh"]


def test_axes_multiply():
    """A row for every combination, the last axis fastest."""
    found = rows("--over", "orbit.altitude_km=500:600:2", "--over", "radiator_degC=20:40:3")
    assert [(row["orbit.altitude_km"], row["radiator_degC"]) for row in found] == [(a, t) for a in (500, 600) for t in (20, 30, 40)]


def test_radiator_that_cannot_reject_has_no_size():
    """At -150 degC the panel takes in more than it gives: no area holds it, and JSON says null."""
    cold = rows("--over", "radiator_degC=-150:20:2")[0]
    assert cold["radiator_W_m2"] < 0
    assert cold["radiator_m2"] is None


def test_sizes_need_no_mesh():
    """Neither gmsh nor dolfinx nor PETSc is imported."""
    code = (
        "import sys\nfrom heliorack.cli import cli\n"
        f"try: cli.main(['size', {str(EDGE)!r}, '--quick'], prog_name='heliorack')\nexcept SystemExit as stop: assert not stop.code\n"
        "print(*sorted({'gmsh', 'dolfinx', 'petsc4py', 'mpi4py', 'pyvista', 'matplotlib'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=ALONE)
    assert done.stderr.strip() == ""
    assert "radiator_m2" in done.stdout
