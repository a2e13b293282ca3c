"""Operating, survival and switch-on limits: each is judged in the mode that it is for."""

from math import exp

import pytest
from command.cli_runner import case, here, read
from lump_case import BLOCK, CAPACITY, FILM, FLUID, ORBIT, PERIOD, STEADY, ZERO, gpu

pytestmark = [pytest.mark.xdist_group("runs"), pytest.mark.usefixtures("without_pictures")]


def limit(mode, *, on="chip", **sides):
    """A table of a limit."""
    return "\n".join(["[[limits]]", f'on = "{on}"', f'mode = "{mode}"', *(f"{key}_degC = {value}" for key, value in sides.items()), ""])


def judged(folder, *text):
    """The limits that a run judged, by mode and side, with the exit code and the summary."""
    done = here("run", case(folder, BLOCK + "".join(text)), "-o", folder / "run")
    summary = read(folder / "run")
    return {(found.get("mode", "operating"), found["side"]): found for found in summary["limits"]}, done, summary


def powered(used, peak=5):
    """A device at a constant utilisation; 5 W are 52 K."""
    return gpu(peak, f"profile = {{ kind = 'constant', utilisation = {used} }}")


#: 0.96 W at all times, 10 K; heaters do not make a part one that is on
WARM = '[[heaters]]\nname = "warm"\nparts = "chip"\npower_W = 0.96\non_below_degC = 200\noff_above_degC = 210\n'
OPERATING, SURVIVAL = limit("operating", min=35, max=85), limit("survival", min=0, max=100)


@pytest.mark.parametrize(("used", "idle", "mode", "code"), [(1.0, 0, "operating", 0), (0.0, 0, "survival", 0), (0.0, 0.1, "operating", 1)])
def test_what_is_off_is_held_to_its_survival_limits(tmp_path, used, idle, mode, code):
    """At 30 degC a block that must be above 35 in operation lives while it is off; 0.1 W of idling is on, and misses it."""
    device = powered(used).replace("idle_W = 0", f"idle_W = {idle}")
    found, done, summary = judged(tmp_path, device, WARM, OPERATING, SURVIVAL, "[margins]\nuncertainty_K = 0\n", STEADY)
    assert {each for each, _ in found} == {mode}
    assert done.exit_code == code
    said = "off in this run: chip; held to survival limits where they have some, else to operating ones"
    assert (said in summary["assumptions"]) == (mode == "survival")


def test_a_survival_limit_is_missed_by_its_name(tmp_path):
    """30 degC and 5 K of uncertainty are above a survival limit of 34."""
    _, done, summary = judged(tmp_path, powered(0.0), WARM, limit("operating", max=33), limit("survival", min=0, max=34), STEADY)
    assert done.exit_code == 1
    assert summary["failures"] == ["chip: predicted 35.0 degC is 1.0 K above the survival rating limit's 34.0 degC"]
    assert "max 34.0 survival" in done.stdout


def test_a_side_without_a_limit_of_the_mode_keeps_the_other(tmp_path):
    """Off, with a survival minimum alone: the operating maximum stays; on, with survival limits alone: they hold."""
    found, *_ = judged(tmp_path, powered(0.0), OPERATING, limit("survival", min=0), STEADY)
    assert set(found) == {("operating", "max"), ("survival", "min")}
    (tmp_path / "on").mkdir()
    found, *_ = judged(tmp_path / "on", powered(1.0), SURVIVAL, STEADY)
    assert set(found) == {("survival", "max"), ("survival", "min")}


def test_a_part_with_heat_is_off_where_a_load_case_says_zero(tmp_path):
    """heat_W = 20 in the table, 0 in a load case; a part that never dissipates is not off."""
    text = BLOCK.replace("transport_limit", "heat_W = 20\ntransport_limit") + OPERATING + SURVIVAL + STEADY
    path = case(tmp_path, text + '[cases.hot]\n"title" = "hot"\n[cases.off]\n"parts.chip.heat_W" = 0\n')
    here("run", path, "-o", tmp_path / "run")
    hot, off = (read(tmp_path / "run" / name) for name in ("hot", "off"))
    assert {each.get("mode", "operating") for each in hot["limits"]} == {"operating"}
    assert {each.get("mode", "operating") for each in off["limits"]} == {"survival"}
    (tmp_path / "passive").mkdir()
    found, *_ = judged(tmp_path / "passive", OPERATING, SURVIVAL, STEADY)
    assert {each for each, _ in found} == {"operating"}


def test_switching_on_is_judged_at_its_moment(tmp_path):
    """On for half an orbit with P, off for the other: the block is coldest, at T_f + x, when it is switched on again.

    x' = (P - G x)/C: the coldest of the cycle is P/G e (1 - e)/(1 - e^2) with e = exp(-G t/(2 C)) of half the period.
    """
    duty = gpu(30, "profile = { kind = 'duty', on_fraction = 0.5, utilisation = 1.0 }")
    found, _, summary = judged(tmp_path, duty, limit("operating", max=400), limit("switch_on", min=-20, max=60), ORBIT)
    e = exp(-FILM * PERIOD / 2 / CAPACITY)
    exact = FLUID - ZERO + 30 / FILM * e * (1 - e) / (1 - e * e)
    low, high = found["switch_on", "min"], found["switch_on", "max"]
    assert low["calculated_degC"] == pytest.approx(exact, abs=0.05)
    assert high["calculated_degC"] == pytest.approx(exact, abs=0.05)
    assert found["operating", "max"]["calculated_degC"] > exact + 100
    assert summary["holds"] is True


def test_a_switch_on_limit_that_nothing_meets_is_said(tmp_path):
    """A device that is always on is never switched on: said beside the verdict, and alone it leaves none."""
    found, done, summary = judged(tmp_path, powered(1.0), OPERATING, limit("switch_on", min=-20), STEADY)
    assert ("switch_on", "min") not in found
    said = "switch-on limit of chip: nothing of it is switched on in this run, so it was not judged"
    assert said in summary["assumptions"]
    assert said in done.stdout
    (tmp_path / "alone").mkdir()
    *_, done, _ = judged(tmp_path / "alone", powered(1.0), limit("switch_on", min=-20), STEADY)
    assert f"NO VERDICT: no limit was judged: {said}" in done.stdout


def test_survival_limits_lie_outside_operating_ones(tmp_path):
    """A fault of the case, with both figures."""
    done = here("check", case(tmp_path, BLOCK + OPERATING + limit("survival", min=40, max=80) + STEADY))
    assert done.exit_code == 2
    assert "limits.1.min_degC = 40" in done.stderr
    assert "is warmer than the operating limit limits.0.min_degC = 35; what is off bears at least what is on" in done.stderr
    assert "is colder than the operating limit limits.0.max_degC = 85" in done.stderr
