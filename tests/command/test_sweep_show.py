"""`heliorack sweep status` and `show` on a folder; shipped sweeps are sound."""

import json

import pytest
from command.cli_runner import here
from sample_sweep import write_sweep

import cases
from heliorack.sweep.design.plan import plan

ROWS = [
    {"width": w, "paint": p, "holds": m > 0, "tightest_margin_K": m, "mass_kg": w / 100}
    for w, p, m in [(700, "a", -3.0), (700, "b", -4.0), (900, "a", 4.0), (900, "b", 2.0), (1200, "a", 7.0), (1200, "b", 6.0)]
]


@pytest.fixture
def folder(tmp_path):
    """Six designs, one failure, one to go."""
    return write_sweep(tmp_path / "sweep", ("width", "paint"), ROWS, points=8, failed={"bad": "does not converge"})


def test_status_in_words_and_json(folder):
    """Counts and messages; the same for programs."""
    done = here("sweep", "status", folder)
    assert done.exit_code == 0
    assert "8 points: 6 done, 1 failed, 1 left" in done.stdout
    assert "does not converge" in done.stdout
    found = json.loads(here("sweep", "status", folder, "--json").stdout)
    assert (found["done"], found["failed"], found["left"]) == (6, 1, 1)


def test_show_prints_and_writes(folder, tmp_path):
    """Front and slices on standard output, pictures and page where they were asked for."""
    done = here("sweep", "show", folder, "--html", tmp_path / "page.html", "--png", tmp_path / "png")
    assert done.exit_code == 0, done.stderr
    assert "Pareto front: least mass [kg], most tightest margin [K]; 3 designs" in done.stdout
    assert (tmp_path / "page.html").exists()
    assert {path.name for path in (tmp_path / "png").iterdir()} == {"front.png", "slices.png", "sensitivity.png", "parallel.png"}
    found = json.loads(here("sweep", "show", folder, "--x", "mass_kg:max", "--json").stdout)
    assert [design["mass_kg"] for design in found["front"]] == [12.0]


def test_bad_questions_end_in_one_line(folder, tmp_path):
    """Exit 2 and one sentence."""
    for words in (("show", folder, "--y", "margin"), ("show", tmp_path), ("status", tmp_path)):
        done = here("sweep", *words)
        assert done.exit_code == 2
        assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(("name", "points", "geometries"), [("radiator_trade", 60, 5), ("beta_season", 20, 1), ("uncertainty", 256, None)])
def test_shipped_sweeps_are_sound(name, points, geometries):
    """Every one has its points; no key is unknown."""
    assert name in cases.sweeps()
    found = plan(cases.path(name))
    assert len(found.points) == points
    assert geometries in (None, found.geometries)
