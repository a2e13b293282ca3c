"""Progress keeps to standard error and out of the way."""

import sys
import time

import pytest

from heliorack.runtime import progress as module
from heliorack.runtime.progress import progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that the test moves by hand."""
    now = [0.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    return now


def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have standard error be a terminal of 120 columns; for the body of a test, since capsys makes another stream after its fixtures."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")


def test_short_runs_say_nothing(capsys: pytest.CaptureFixture[str], clock: list[float]) -> None:
    """Under two seconds nobody needs to be told."""
    with progress() as say:
        clock[0] = 1.9
        say("hot: orbit 1", 0.5)
    assert capsys.readouterr() == ("", "")


def test_a_pipe_gets_a_line_per_load_case(capsys: pytest.CaptureFixture[str], clock: list[float]) -> None:
    """However often a case reports."""
    with progress() as say:
        for seconds, words in ((3, "hot: orbit 1"), (4, "hot: orbit 2"), (9, "cold: orbit 1"), (12, "cold: judging")):
            clock[0] = seconds
            say(words, 0.5)
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.splitlines() == ["    3 s  hot", "    9 s  cold"]


def test_a_long_run_says_every_minute_what_it_does(capsys: pytest.CaptureFixture[str], clock: list[float]) -> None:
    """Into a pipe or a log of a batch job: a line a minute with the share done, however often the solve reports."""
    with progress() as say:
        for seconds in range(0, 200, 4):
            clock[0] = float(seconds)
            say(f"hot: orbit {seconds // 50 + 1}", seconds / 400)
        clock[0] = 230.0
        say("hot: steady state", 0.0)
    assert capsys.readouterr().err.splitlines() == [
        "    4 s  hot",
        "   64 s  hot: orbit 2, 16 %",
        "  124 s  hot: orbit 3, 31 %",
        "  184 s  hot: orbit 4, 46 %",
    ]


def test_a_terminal_gets_a_bar_on_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    """With words, share done and times; brackets in the words are no markup."""
    at_a_terminal(monkeypatch)
    with progress() as say:
        clock[0] = 3.0
        say("hot: orbit 1 [K]", 0.25)
        say("cold: orbit 2", 1.7)
    found = capsys.readouterr()
    assert found.out == ""
    assert "cold: orbit 2" in found.err
    assert "left" in found.err
    assert "100%" in found.err
    assert "elapsed 0:00:03" in found.err


def test_the_clock_of_a_terminal_goes_on_where_a_step_is_done(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    """Elapsed is that of the run: neither a full bar nor a new load case stops it or has it begin anew."""
    at_a_terminal(monkeypatch)
    with progress() as say:
        clock[0] = 3.0
        say("hot: judging", 1.0)
        clock[0] = 75.0
        say("cold: pictures", 1.0)
    assert "elapsed 0:01:15" in capsys.readouterr().err


def test_a_terminal_gets_a_bar_where_nothing_is_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading the solvers says nothing for longer than patience lasts."""
    at_a_terminal(monkeypatch)
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    with progress():
        time.sleep(0.5)
    assert "starting" in capsys.readouterr().err


def test_other_ranks_are_quiet(capsys: pytest.CaptureFixture[str], clock: list[float]) -> None:
    """Only the first rank speaks."""
    with progress(quiet=True) as say:
        clock[0] = 100.0
        say("hot: orbit 1", 0.5)
    assert capsys.readouterr() == ("", "")
