"""Random small cases: refused in words, or failed by name, or a result that physics allows; never a traceback or a number that is none."""

import json
import math
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from command.cli_runner import here
from random_cases import small_case
from thorough import many

pytestmark = pytest.mark.usefixtures("without_pictures", "empty_cache")

ZERO = -273.15  # degC
WORDS_ALONE = 3  # a solve that ended in the words of the solver, with place and remedy but without a physical cause


def numbers(value: object, at: str = "") -> Iterator[tuple[str, float]]:
    """Every number of a JSON value with its place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from numbers(inner, f"{at}.{key}")
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from numbers(inner, f"{at}.{i}")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield at, float(value)


def ends_well(text: str) -> int:
    """Run a case; its exit code when it ends as it should, or `WORDS_ALONE`.

    Raises:
        AssertionError: what did not, with the case.
    """
    folder = Path(mkdtemp(prefix="random-"))
    try:
        return _ends_well(text, folder)
    except BaseException as fault:
        raise AssertionError(f"{type(fault).__name__}: {fault}\n\n{text}") from fault
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ends_well(text: str, folder: Path) -> int:
    (folder / "case.toml").write_text(text)
    done = here("run", folder / "case.toml", "-o", folder / "run")
    written = folder / "run" / "summary.json"
    assert done.exit_code in (0, 1, 2), done.exit_code
    if done.exit_code == 2:
        assert done.stderr.strip()
        assert not written.exists()
        return 2
    if not written.exists():  # the solve ended without a result
        assert done.exit_code == 1
        assert done.stderr.strip()
        return 1 if "Physical cause" in done.stderr else WORDS_ALONE
    summary = json.loads(written.read_text())
    for at, number in numbers(summary):
        assert math.isfinite(number), at
    if done.exit_code == 1:
        missed = [limit for limit in summary["limits"] if not limit["holds"]]
        assert summary["failures"] or missed or summary["within_error"], done.output
        return 1
    assert not summary["failures"]
    assert (summary["holds"] is True) == bool(summary["limits"] or summary["holds"]), done.output
    assert summary["holds"] is not False
    physical(summary)
    return 0


def physical(summary: dict) -> None:
    """What every result that is not called a failure keeps to."""
    for name, part in summary["parts"].items():
        assert part["min_degC"] >= ZERO, name
        assert part["min_degC"] <= part["mean_degC"] + 1e-6, name
        assert part["mean_degC"] <= part["max_degC"] + 1e-6, name
    law = summary["first_law"]
    assert law["closure"] <= law["limit"]
    heat = summary["heat_W"]
    if "electricity" in heat:
        assert -heat["electricity"] <= heat["sun"] * (1 + 1e-6)


ONCE_ALONE = (59, 273, 309, 1347)  #: seeds that once ended in the solver's own words


@pytest.mark.parametrize("seed", [*range(20 - len(ONCE_ALONE)), *ONCE_ALONE])
def test_random_cases_end_in_words_or_in_physics(seed):
    assert ends_well(small_case(seed)) != WORDS_ALONE


@pytest.mark.full
@pytest.mark.parametrize("first", range(1000, 1000 + many(2000, 300), 50))  # 50 cases take one or two minutes of one core
def test_many_random_cases_end_in_words_or_in_physics(first):
    """No traceback, no number that is none, nothing impossible; none ends in the solver's words without a cause."""
    codes = Counter(ends_well(small_case(seed, 120.0)) for seed in range(first, first + 50))
    assert codes[0] > 5  # good ones are among them
    assert codes[2] < 25
    assert codes[WORDS_ALONE] == 0
