"""Mutants of case files: `check`, and `orbit` and `size --quick` of the good ones, end with 0, 1 or 2, in words, time and memory."""

import re
import resource
import signal
from collections import Counter

import pytest
from click.testing import CliRunner
from mutants import mutants
from thorough import ALL, many

from heliorack.cli.app import cli

LONGEST = 60.0  # s of CPU for one command
STUCK = 300.0  # s for one that waits, on a machine that has other work
MOST = 2 << 20  # KiB of the whole process
BELLS = ((signal.SIGPROF, signal.ITIMER_PROF, LONGEST), (signal.SIGALRM, signal.ITIMER_REAL, STUCK))


NOT_FINITE = re.compile(r"(?<![\w.])-?(?:nan|inf)(?!\w)")


class _TooLongError(BaseException):
    """Not to be caught on the way."""


def _ring(*_ignored):
    raise _TooLongError


def outcome(*command):
    """Exit code of a command; whatever is no exit of its own is reported as text."""
    for bell, timer, seconds in BELLS:
        signal.signal(bell, _ring)
        signal.setitimer(timer, seconds)
    try:
        result = CliRunner().invoke(cli, list(command))
    except _TooLongError:
        return f"longer than {LONGEST:g} s"
    finally:
        for _, timer, _ in BELLS:
            signal.setitimer(timer, 0.0)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return repr(result.exception)[:300]
    if result.exit_code not in (0, 1, 2):
        return f"exit {result.exit_code}"
    if result.exit_code and not result.output.strip():
        return "no words"
    if result.exit_code == 0 and command[0] != "check" and NOT_FINITE.search(result.output):
        return f"not finite: {NOT_FINITE.findall(result.output)}"
    return result.exit_code


def flown(place, count, seed):
    """What came of `count` mutants, and of those that are good by the other two commands; the first text of each that is no exit."""
    codes: Counter[object] = Counter()
    wrong: dict[object, str] = {}
    for text in mutants(count, seed):
        place.write_text(text, encoding="utf-8", errors="surrogatepass")
        found = outcome("check", str(place))
        codes["check", found] += 1
        if isinstance(found, str):
            wrong.setdefault(("check", found), text)
        if found == 0:
            for command in (("orbit",), ("size", "--quick")):
                other = outcome(*command, str(place))
                codes[command[0], other] += 1
                if isinstance(other, str):
                    wrong.setdefault((command[0], other), text)
    return codes, wrong


@pytest.mark.parametrize(
    ("count", "seed"), [(150, 1), *(pytest.param(1000, seed, marks=pytest.mark.full) for seed in range(10, 10 + many(10, 3)))]
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_mutants_end_in_words(tmp_path, count, seed):
    codes, wrong = flown(tmp_path / "mutant.toml", count, seed)
    assert not wrong, "\n\n".join(f"{said}\n{text}" for said, text in list(wrong.items())[:3])
    assert codes["check", 0] > count / 20  # good ones are among them
    assert codes["check", 2] > count / 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MOST


MOST_TRIED = 20  #: mutants per good one; one in five is
SLOW = 'title = "120 kW rack'  #: of cases whose run takes 16 to 42 s, as long as 20 others; `make verify` runs their mutants
COARSE = ("mesh.refine=0.1", "radiation.rays=64", "radiation.sun_rays=1", "radiation.planet_rays=64", "mesh.most_cells=20000")


def solved(place, good, seed):
    """What came of `orbit`, `size --quick`, `mesh` and `run` on coarse meshes for the first `good` mutants that `check` lets pass."""
    codes: Counter[object] = Counter()
    wrong: dict[object, str] = {}
    options = [word for setting in COARSE for word in ("--set", setting)]
    for text in mutants(MOST_TRIED * good, seed):
        place.write_text(text, encoding="utf-8", errors="surrogatepass")
        if outcome("check", str(place), *options) != 0:
            continue
        codes["good"] += 1
        for command, more in (("orbit", ()), ("size", ("--quick",)), ("mesh", ()), ("run", ("-o", str(place.parent / "run"), "--force"))):
            if command == "run" and SLOW in text and not ALL:
                continue
            found = outcome(command, str(place), *options, *more)
            codes[command, found] += 1
            if isinstance(found, str):
                wrong.setdefault((command, found), text)
        if codes["good"] == good:
            break
    return codes, wrong


@pytest.mark.full
@pytest.mark.parametrize("seed", range(20, 20 + many(20, 3)))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.usefixtures("without_pictures", "empty_cache")
def test_good_mutants_fly_mesh_and_run(tmp_path, seed):
    """Twenty-five at a time, 500 in all: each command in a minute of CPU and 2 GiB, with 0, 1 or 2.

    `make verify-ci` takes three times twenty-five, and leaves the runs of the slowest cases to `make verify`.
    """
    codes, wrong = solved(tmp_path / "mutant.toml", 25, seed)
    assert not wrong, "\n\n".join(f"{said}\n{text}" for said, text in list(wrong.items())[:3])
    assert codes["good"] == 25
    assert codes["mesh", 0] > 5
    assert codes["run", 0] + codes["run", 1] > 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MOST
