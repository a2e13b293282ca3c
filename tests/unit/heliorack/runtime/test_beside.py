"""Processes that are started before it is known what they will do."""

import pytest

from heliorack.runtime import beside

CASES = '[cases.hot]\n"a.b" = 1\n[cases.cold]\n[cases.cold.more]\n  [ cases . "safe mode" ]\n# [cases.none]\n[orbit]\n'


class Stub:
    closed = 0

    def __init__(self, loads=""):
        self.loads = loads

    def close(self):
        Stub.closed += 1


@pytest.fixture(name="ahead")
def _ahead(tmp_path, monkeypatch):
    """How many are started for a file of three load cases on eight processors."""
    file = tmp_path / "case.toml"
    file.write_text(CASES)
    monkeypatch.setattr(beside, "Beside", Stub)
    monkeypatch.setattr(beside, "cores", lambda: 8)
    monkeypatch.delenv(beside.PROCESSES, raising=False)

    def started(processes=None, path=file):
        beside.dismiss()
        beside.start_ahead(path, processes, "some.module")
        return len(beside._ahead)

    yield started
    beside.dismiss()


def test_one_less_than_load_cases_and_cores(ahead, monkeypatch):
    assert [ahead(), ahead(2), ahead(1), ahead(20)] == [2, 1, 0, 2]
    monkeypatch.setenv(beside.PROCESSES, "1")
    assert [ahead(), ahead(2)] == [0, 1]
    monkeypatch.setenv(beside.PROCESSES, "many")  # refused later, in words
    assert ahead() == 0


def test_none_among_ranks_or_without_a_file(ahead, monkeypatch, tmp_path):
    assert ahead(path=tmp_path / "absent.toml") == 0
    monkeypatch.setenv("PMI_RANK", "0")
    assert ahead() == 0


def test_those_not_taken_are_ended(ahead):
    before = Stub.closed
    assert ahead() == 2
    assert beside.taken("other").loads == "some.module"
    beside.dismiss()
    assert Stub.closed == before + 1
    assert beside.taken("other").loads == "other"
