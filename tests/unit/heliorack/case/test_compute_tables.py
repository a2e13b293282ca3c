"""Compute loads in a case file: a job schedule beside it, and faults of schedule and throttle named at their keys."""

import shutil
from pathlib import Path

import pytest

import cases
from heliorack.case.case import CaseError, load

SCHEDULE = 'compute.accelerators.profile={kind = "schedule", file = "jobs.csv"}'


@pytest.fixture
def case_file(tmp_path):
    """A shipped case beside which a schedule may stand."""
    file = tmp_path / "node.toml"
    shutil.copy(Path(cases.__file__).parent / "edge_node.toml", file)
    return file


def test_schedule_is_looked_for_beside_the_case(case_file):
    (case_file.parent / "jobs.csv").write_text("time_s,utilisation\n0,0.5\n600,1\n")
    found = load(case_file, [SCHEDULE]).compute[0].profile
    assert found.kind == "schedule"
    assert Path(found.file) == case_file.parent / "jobs.csv"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("time_s,utilisation\n0,0.5\n600,\n", "row 3: utilisation is empty; a schedule has no gaps"),
        ("time_s,utilisation\n0,0.5\n600,1\n500,1\n", "row 4: time_s is 500 after 600"),
        ("time_s,utilisation\n0,0.5\n7000,1\n", "last time_s is 7000; expected less than the orbit's period"),
        (None, "no such file"),
    ],
)
def test_faulty_schedule_is_named_at_its_key(case_file, text, words):
    if text is not None:
        (case_file.parent / "jobs.csv").write_text(text)
    with pytest.raises(CaseError) as caught:
        load(case_file, [SCHEDULE])
    assert [problem.path for problem in caught.value.problems] == ["compute.accelerators.profile.file"]
    assert words in str(caught.value)


def test_throttle_thresholds_in_the_wrong_order(case_file):
    throttle = "compute.accelerators.throttle={junction_degC = 90, release_degC = 95, factor = 0.5}"
    with pytest.raises(CaseError, match=r"release_degC = 95\s+must lie below junction_degC"):
        load(case_file, [throttle])


def test_rates_are_given_in_their_unit(case_file):
    found = load(case_file, ["compute.accelerators.rate_FLOPS=1e12", 'compute.accelerators.rate_source="benchmark"']).compute[0]
    assert found.rate == 1e12
