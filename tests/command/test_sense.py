"""Physical sense of what the command line writes: heat adds up, and temperatures move the way they must."""

import pytest
from command.cli_runner import SET, apart, case, extremes, read, solved

pytestmark = [pytest.mark.xdist_group("sense"), pytest.mark.usefixtures("without_pictures")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, without_pictures):
    """A set of load cases and its case file."""
    place = tmp_path_factory.mktemp("sense")
    solved(case(place, SET), place / "run")
    return place


@pytest.mark.parametrize("name", ["hot", "cold", "idle"])
def test_heat_adds_up(folder, name):
    """The mean heat of all paths is what is stored over the orbit, to the closure that is written beside it; the chip's is its power."""
    found = read(folder / "run" / name)
    law, period = found["first_law"], found["orbit"]["period_s"]
    rest = sum(found["heat_W"].values()) - law["stored_J"] / period
    assert abs(rest) * period <= max(law["closure"], 1e-12) * law["throughput_J"] * 1.01
    assert law["closure"] < 1e-9
    assert abs(law["stored_J"]) < 1e-3 * law["throughput_J"], "a periodic orbit stores next to nothing"
    assert found["heat_W"]["compute"] == pytest.approx(10 if name == "idle" else 40, rel=1e-9)
    assert found["heat_W"]["space"] < 0 < min(found["heat_W"][path] for path in ("sun", "albedo", "earth_infrared"))


def test_hot_case_is_hotter_than_cold_than_idle(folder):
    """At both extremes of every part."""
    hot, cold, idle = (extremes(read(folder / "run" / name)) for name in ("hot", "cold", "idle"))
    for part in hot:
        for end in (0, 1):
            assert hot[part][end] > cold[part][end] > idle[part][end]


def test_better_conducting_radiator_cools_the_server(folder, tmp_path):
    """Twice the conductivity of the plate: the hottest of the server falls, the coldest of the plate rises."""
    options = ("--case", "hot", "--set", "materials.sheet.conductivity_W_mK=334")
    better, before = solved(folder / "tiny.toml", tmp_path / "run", *options), read(folder / "run" / "hot")
    assert better["parts"]["server"]["max_degC"] < before["parts"]["server"]["max_degC"] - 0.2
    assert better["parts"]["plate"]["min_degC"] > before["parts"]["plate"]["min_degC"]


def test_ten_times_the_accuracy_changes_less_than_the_tolerance(folder, tmp_path):
    """A tolerance of 0.005 K instead of 0.05 K moves no extreme by 0.05 K."""
    fine = solved(folder / "tiny.toml", tmp_path / "run", "--case", "idle", "--set", "solver.tolerance_K=0.005")
    assert fine["steps"] > read(folder / "run" / "idle")["steps"]
    assert apart(fine, read(folder / "run" / "idle")) < 0.05


def test_more_power_is_hotter_and_the_balance_follows(folder, tmp_path):
    """10 W more into the server leave to space, and warm it most."""
    options = ("--case", "hot", "--set", "compute.chip.peak_W=50")
    more, before = solved(folder / "tiny.toml", tmp_path / "run", *options), read(folder / "run" / "hot")
    assert before["heat_W"]["space"] - more["heat_W"]["space"] == pytest.approx(10, abs=0.02)
    rise = {part: more["parts"][part]["mean_degC"] - before["parts"][part]["mean_degC"] for part in more["parts"]}
    assert max(rise, key=rise.__getitem__) == "server"
    assert min(rise.values()) > 0
