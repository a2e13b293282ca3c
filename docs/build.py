"""Builds what can be built of the documentation, and checks the rest.

python docs/build.py                      the reference pages and the figures on tray_by_hand.md
python docs/build.py --check              nothing is written: stale pages, README snippet, docstring examples; exit 1 names what is wrong
python docs/build.py --all                also the README's result and pictures (a run of cases/edge_node.toml)
python docs/build.py --tray               also the figures of the tray (a run of cases/gpu_tray_leo.toml, a minute or two)
python docs/build.py --tray-radiation     also those of the tray among its neighbours (ten such runs, some six minutes)
python docs/build.py --loop               also the figures of docs/power_loop.md (four runs of cases/gpu_tray_leo.toml, some minutes)
python docs/build.py --systems            also the figures of docs/systems (runs of the five cases of the news, some four minutes)
python docs/build.py --verification XML   docs/verification.md from the outcome of the tests
"""

from __future__ import annotations

import argparse
import contextlib
import doctest
import io
import json
import os
import pkgutil
import re
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
README = ROOT / "README.md"
LOOP_PAGE, LOOP_FIGURES = DOCS / "power_loop.md", DOCS / "power_loop.json"
TRAY_PAGE, TRAY_FIGURES = DOCS / "tray_by_hand.md", DOCS / "tray_by_hand.json"
ROOMS = ("orbit", "power", "thermal", "meshes", "heliorack")
ROUNDING = 0.15  # figures of the README's snippet may differ by this or by 0.5 %: other libraries, other meshes


def main() -> int:
    parser = argparse.ArgumentParser(description="Builds and checks the documentation of heliorack.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 with the names of stale pages and failing examples")
    parser.add_argument("--all", action="store_true", help="also run cases/edge_node.toml for the README's result and pictures")
    parser.add_argument("--tray", action="store_true", help="also run cases/gpu_tray_leo.toml for docs/tray_by_hand.json")
    parser.add_argument("--tray-radiation", action="store_true", help="also run all its load cases for docs/tray_radiation.json")
    parser.add_argument("--loop", action="store_true", help="also run cases/gpu_tray_leo.toml, coupled and not, for docs/power_loop.json")
    parser.add_argument("--systems", action="store_true", help="also run the systems of the news for docs/systems/figures.json")
    parser.add_argument("--verification", metavar="XML", type=Path, help="write docs/verification.md from pytest's --junitxml")
    asked = parser.parse_args()
    _first_mpi()
    if asked.check:
        return _check()
    if asked.verification:
        import verification_page

        (DOCS / "verification.md").write_text(verification_page.page(asked.verification), encoding="utf-8")
        return 0
    if asked.tray:
        measure_tray()
    if asked.tray_radiation:
        measure_tray_radiation()
    if asked.loop:
        measure_loop()
    if asked.systems:
        measure_systems()
    if asked.all:
        run_edge_node()
    for path, text in cheap_pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 0


def _first_mpi() -> None:
    """The MPI of the wheel comes before dolfinx."""
    from heliorack.runtime.parallel import world

    world()


# ------------------------------------------------------------------------------------------------------------- what is written


def cheap_pages() -> dict[Path, str]:
    """Pages that are made in a second or two, with their text."""
    import power_loop_page
    import reference
    import tray_radiation_tables
    from systems import tables

    pages = {DOCS / "case_file.md": reference.case_file(), DOCS / "command_line.md": reference.command_line()}
    if TRAY_PAGE.exists() and TRAY_FIGURES.exists():
        text = with_block(TRAY_PAGE.read_text(encoding="utf-8"), "figures", tray_table())
        pages[TRAY_PAGE] = with_block(text, "rest", rest_table())
    if tray_radiation_tables.PAGE.exists() and tray_radiation_tables.FIGURES.exists():
        text = tray_radiation_tables.PAGE.read_text(encoding="utf-8")
        for name, block in tray_radiation_tables.tables().items():
            text = with_block(text, name, block)
        pages[tray_radiation_tables.PAGE] = text
    if LOOP_PAGE.exists() and LOOP_FIGURES.exists():
        text = with_block(LOOP_PAGE.read_text(encoding="utf-8"), "figures", power_loop_page.table(LOOP_FIGURES))
        pages[LOOP_PAGE] = with_block(text, "reading", power_loop_page.reading(LOOP_FIGURES))
    for page, blocks in tables.pages():
        text = page.read_text(encoding="utf-8")
        for name, block in blocks.items():
            text = with_block(text, name, block)
        pages[page] = text
    return pages


def with_block(text: str, name: str, block: str) -> str:
    """The text with what stands between the comments `name: begin` and `name: end` replaced.

    Raises:
        ValueError: the comments are not there.
    """
    pattern = re.compile(rf"(<!-- {name}: begin[^>]*-->\n).*?(<!-- {name}: end -->)", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"no block '{name}' between <!-- {name}: begin --> and <!-- {name}: end -->")
    return pattern.sub(lambda found: f"{found[1]}{block}\n{found[2]}", text)


def block_of(text: str, name: str) -> str:
    """What stands between the comments `name: begin` and `name: end`."""
    found = re.search(rf"<!-- {name}: begin[^>]*-->\n(.*?)<!-- {name}: end -->", text, re.DOTALL)
    return found[1] if found else ""


def run_edge_node() -> None:
    """All load cases of cases/edge_node.toml: closing table into README.md, its report and hottest moment into docs/*.png."""
    import report_picture

    from heliorack.run.run_cases import run_cases

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "edge_node"
        outcome = run_cases(ROOT / "cases" / "edge_node.toml", (), None, folder)
        said = outcome.summary().replace(str(folder), "out/edge_node")
        shutil.copyfile(folder / "picture.png", DOCS / "edge_node.png")
        if shutil.which("chromedriver"):
            report_picture.draw(folder, DOCS / "report.png")
        else:
            print("docs/report.png stays as it is: it needs chromium and chromium-driver")
    text = README.read_text(encoding="utf-8")
    README.write_text(with_block(text, "result", f"```text\n{said}\n```"), encoding="utf-8")


def measure_tray() -> None:
    """Estimate and run of the tray's radiator into docs/tray_by_hand.json."""
    import tray_by_hand
    import tray_run

    result = tray_run.solve_tray(lambda words, done: None)
    history = result.solution.history
    run = tray_run.measure(result.body, history.frames, history.fields)
    said = {
        "case": "cases/gpu_tray_leo.toml, hot_operational",
        "hand": {name: _rounded(value) for name, value in tray_by_hand.estimate().items()},
        "run": {name: _rounded(value) for name, value in run.items()},
    }
    TRAY_FIGURES.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def measure_tray_radiation() -> None:
    """Runs of the tray with and without neighbours, and the sheet about them, into docs/tray_radiation.json."""
    import tray_radiation
    import tray_radiation_run
    import tray_radiation_tables

    runs = _all_rounded(tray_radiation_run.measured(lambda words, done: None))
    sheet = _all_rounded(tray_radiation.sheet(runs["hot_operational"]))
    said = {"case": "cases/gpu_tray_leo.toml", **sheet, "runs": runs}
    tray_radiation_tables.FIGURES.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def _all_rounded(figures: Any) -> Any:
    if isinstance(figures, dict):
        return {name: _all_rounded(value) for name, value in figures.items()}
    return _rounded(figures) if isinstance(figures, float) else figures


def measure_loop() -> None:
    """The tray with and without the loop between temperature and power into docs/power_loop.json."""
    import power_loop_run

    found = power_loop_run.compare(lambda words, done: None)
    rounded = {case: {kind: {name: _rounded(x) for name, x in row.items()} for kind, row in kinds.items()} for case, kinds in found.items()}
    LOOP_FIGURES.write_text(json.dumps({"case": "cases/gpu_tray_leo.toml"} | rounded, indent=2) + "\n", encoding="utf-8")


def measure_systems() -> None:
    """Runs of the systems of the news into docs/systems/figures.json."""
    from systems import runs

    runs.FIGURES.write_text(json.dumps(_all_rounded(runs.measured()), indent=1) + "\n", encoding="utf-8")


def _rounded(value: float) -> float:
    return float(f"{value:.7g}")


TRAY_ROWS: tuple[tuple[str, str, str, str, int], ...] = (
    ("heat that the radiator takes from the tray", "W", "heat_W", "heat_from_tray_W", 1),
    ("emitting area", "m2", "emitting_m2", "emitting_m2", 3),
    ("**radiator, fourth root of the mean of T⁴**", "K", "radiator_K", "fourth_root_of_mean_T4_K", 3),
    ("panel midway between two pipes, below the pipes", "K", "gap_middle_below_pipe_K", "gap_middle_below_pipe_K", 2),
    ("rim of the panel's outer strip, below the outer pipe", "K", "outer_strip_below_pipe_K", "outer_rim_below_pipe_K", 2),
    ("pipe in the middle, above its tips (mean of 20)", "K", "pipe_middle_above_tip_K", "pipe_middle_above_tip_K", 2),
    ("load of a heat pipe (mean of 20)", "W m", "pipe_load_W_m", "pipe_load_mean_W_m", 1),
    ("mean jump from cold plate to radiator", "K", "plate_above_radiator_everywhere_K", "plate_above_radiator_K", 2),
    ("GPU (mean of all) above its footprint on the cold plate", "K", "gpu_above_footprint_K", "gpu_above_footprint_K", 2),
    ("heat that the edges radiate", "W", "edges_emit_W", "edges_emit_W", 1),
)


def tray_table() -> str:
    """The comparison on docs/tray_by_hand.md, from docs/tray_by_hand.json."""
    said = json.loads(TRAY_FIGURES.read_text(encoding="utf-8"))
    rows = ["| quantity | unit | by hand | run | difference |", "|---|---|---|---|---|"]
    for words, unit, hand, run, digits in TRAY_ROWS:
        a, b = said["hand"][hand], said["run"][run]
        rows.append(f"| {words} | {unit} | {a:.{digits}f} | {b:.{digits}f} | {round(b, digits) - round(a, digits):+.{digits}f} |")
    return "\n".join(rows)


def rest_table() -> str:
    """What lies between the radiator's balance and other temperatures, from docs/tray_by_hand.json."""
    said = json.loads(TRAY_FIGURES.read_text(encoding="utf-8"))
    hand, run = said["hand"], said["run"]
    all_by_pipes = hand["plate_above_radiator_pipes_only_K"]
    rows = {
        "mean of T over the emitting area and the orbit": f"{run['mean_T_K']:.2f} K",
        "below the fourth root of the mean of T⁴ by the spread in space": f"{run['spread_in_space_K']:.2f} K",
        "and by the swing in time": f"{run['swing_in_time_K']:.2f} K",
        "coldest and warmest of the 20 pipes (means)": f"{run['pipe_coldest_mean_K']:.1f} K and {run['pipe_warmest_mean_K']:.1f} K",
        "load of the busiest pipe, limit 286 W m": f"{run['pipe_load_W_m']:.1f} W m",
        "jump from cold plate to the pipes": f"{run['plate_above_pipes_K']:.2f} K (by hand {all_by_pipes:.2f} K "
        f"if all heat crossed there; in the run {run['through_pipes_W']:.0f} W do)",
        "cold plate (mean)": f"{run['cold_plate_mean_K']:.1f} K",
        "GPUs (mean)": f"{run['gpu_mean_K']:.1f} K",
        "GPU, hottest point of all": f"{run['gpu_hottest_K']:.1f} K",
        "by hand, the area under the tray forgotten": f"{hand['radiator_if_uncovered_K']:.2f} K",
        "by hand, the edges forgotten": f"{hand['radiator_without_edges_K']:.2f} K",
    }
    return "\n".join(["| quantity | figure |", "|---|---|", *(f"| {words} | {figure} |" for words, figure in rows.items())])


# ------------------------------------------------------------------------------------------------------------- what is checked


def _check() -> int:
    wrong = [*stale(), *snippet_faults(), *doctest_faults()]
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print("documentation is up to date")
    return 1 if wrong else 0


def stale() -> list[str]:
    """Pages that `python docs/build.py` would change, and the verification page if it speaks of tests that are gone."""
    import verification_page

    named = [
        f"stale: {path.relative_to(ROOT)} (python docs/build.py)"
        for path, text in cheap_pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    page = DOCS / "verification.md"
    gone = verification_page.missing(page.read_text(encoding="utf-8")) if page.exists() else ["the page itself"]
    return named + ([f"stale: docs/verification.md, {', '.join(gone)} missing (make verify)"] if gone else [])


def snippet_faults() -> list[str]:
    """Runs the README's Python snippet and compares what it prints with the README."""
    text = README.read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```\s*```text\n(.*?)```", text, re.DOTALL)
    if code is None:
        return ["README.md: no ```python snippet followed by a ```text block"]
    names: dict[str, Any] = {"__name__": "snippet"}
    printed, here = io.StringIO(), Path.cwd()
    os.chdir(ROOT)
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(code[1], "README.md", "exec"), names)
    finally:
        os.chdir(here)
    found = printed.getvalue()
    return [] if alike(found, code[2]) else [f"README.md: the snippet prints\n{found}and not\n{code[2]}"]


def alike(found: str, expected: str) -> bool:
    """Same words in the same order; numbers within `ROUNDING`."""
    a, b = found.split(), expected.split()
    return len(a) == len(b) and all(map(_alike, a, b))


def _alike(a: str, b: str) -> bool:
    if a == b:
        return True
    try:
        x, y = float(a), float(b)
    except ValueError:
        return False
    return abs(x - y) <= max(ROUNDING, 5e-3 * abs(y))


def doctest_faults() -> list[str]:
    """Runs the examples in all docstrings."""
    wrong = []
    for module in modules():
        said = io.StringIO()
        runner = doctest.DocTestRunner(verbose=False)
        for test in doctest.DocTestFinder(exclude_empty=True).find(module):
            runner.run(test, out=said.write)
        if runner.failures:
            wrong.append(f"{module.__name__}: {runner.failures} docstring example(s) fail\n{said.getvalue()}")
    return wrong


def modules() -> list[ModuleType]:
    """Every module of the rooms but the one that runs the command line."""
    names = [
        info.name
        for room in ROOMS
        for info in pkgutil.walk_packages([str(ROOT / room)], f"{room}.")
        if not info.name.endswith(("__main__", ".doctor"))
    ]
    return [import_module(name) for name in (*ROOMS, *names)]


if __name__ == "__main__":
    sys.exit(main())
