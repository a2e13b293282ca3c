"""The page on Python runs as it stands, and a script that uses the public interface type-checks strictly."""

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import heliorack

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")

SCRIPT = """
from pathlib import Path

from heliorack import Case, CaseError, GeometryError, Result, SolveError, load, load_cases, open_run, run, simulate, sweep


def hottest(path: Path, out: Path) -> float:
    case: Case = load(path, ["orbit.altitude_km=600"])
    cases: dict[str, Case] = load_cases(path)
    try:
        result: Result = simulate(case)
    except (CaseError, GeometryError, SolveError) as error:
        print(str(error), len(cases))
        raise
    done = run(case, out, force=True)
    again = open_run(out).case()
    margin: float = min(limit.margin_K for limit in again.summary.limits)
    area: float | None = again.summary.power.array_area_m2 if again.summary.power else None
    outcome = sweep(path, out, workers=2)
    print(margin, area, outcome.done, done.holds, again.history["time_s"].max(), result.summary().title)
    return max(part.max_degC for part in again.summary.parts.values())
"""
WRONG = "\n\nprint(open_run('x').case().summary.nodes + 'text', run(3, 'out'), load('a').nothing)\n"


def test_the_example_prints_what_the_page_says(tmp_path: Path) -> None:
    """Run in an empty folder."""
    code, said = re.search(r"```python\n(.*?)```\s*prints\s*```text\n(.*?)```", PAGE, re.DOTALL).groups()  # type: ignore[union-attr]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.stdout == said, done.stderr


def test_the_page_names_everything_that_is_public() -> None:
    """And every name has words of its own."""
    for name in set(heliorack.__all__) - {"__version__"}:
        assert f"`{name}" in PAGE, name
        found = getattr(heliorack, name)
        assert len(inspect.getdoc(found) or "") > 20
        assert callable(found)


def test_a_user_script_type_checks(tmp_path: Path) -> None:
    """mypy --strict finds nothing in a good script, and the three faults of a bad one; both at once, with what `make check` has kept."""
    pytest.importorskip("mypy")
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text(SCRIPT)
    bad.write_text(SCRIPT + WRONG)
    done = subprocess.run([sys.executable, "-m", "mypy", str(good), str(bad)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "Found 3 errors in 1 file (checked 2 source files)" in done.stdout, done.stdout + done.stderr
    assert done.stdout.count("bad.py") >= 3
    assert "good.py" not in done.stdout


def test_the_import_is_light() -> None:
    """Nothing but the standard library, until something is used; `run` and `sweep` stay callable after their packages are imported."""
    code = (
        "import sys, heliorack; print(sorted({name.partition('.')[0] for name in sys.modules} & {'numpy', 'pydantic', 'scipy', 'dask'}));"
        "import heliorack.run.run_cases, heliorack.sweep.execution.order; from heliorack import run, sweep;"
        "print(callable(run), callable(sweep), callable(heliorack.run))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.stdout.split("\n")[:2] == ["[]", "True True True"]


def test_called_packages_show_the_signature_of_their_function() -> None:
    """For help() and editors."""
    assert list(inspect.signature(heliorack.run).parameters)[:2] == ["case", "out"]
    assert list(inspect.signature(heliorack.sweep).parameters)[:2] == ["path", "out"]
