"""The page docs/verification.md from the XML that pytest leaves with --junitxml."""

from __future__ import annotations

import ast
import xml.etree.ElementTree as ET
from collections import defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

HEAD = """# Verification

<!-- Made by docs/build.py from the outcome of the tests; do not edit: `make verify`. -->

One row for each claim: what the test is called and what its docstring states. Where a test records figures, the value it is held against,
the value found and the tolerance stand beside it, a row for each. Elsewhere reference and tolerance are part of the claim and of the test.
"""

ROOMS = {
    "orbit": "Orbit: motion, shadow, fluxes",
    "meshes": "Meshes",
    "thermal": "Thermal: conduction, contact, radiation, time",
    "fluid": "Coolants: properties, radiating tubes, heat pipes, punctures",
    "power": "Power: cells, bus, battery, sizes",
    "heliorack": "The whole chain",
    "parallel": "Several ranks",
}

WORDS = {"holds": "hold", "fails": "**fail**", "skipped": "skipped"}

Figures = tuple[str, str, str, str]  # name, expected, found, tolerance


def page(xml: Path) -> str:
    """The whole page.

    Raises:
        OSError, ET.ParseError: the XML cannot be read.
    """
    outcomes = _outcomes(xml)
    rooms: dict[str, list[str]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for (file, function), cases in outcomes.items():
        rooms[_room(file)] += _rows(file, function, cases)
        for _, verdict, _ in cases:
            counts[verdict] += 1
    lines = [HEAD, f"{sum(counts.values())} tests: " + ", ".join(f"{n} {WORDS[verdict]}" for verdict, n in sorted(counts.items())) + "."]
    for room, title in ROOMS.items():
        if rooms[room]:
            lines += [
                "",
                f"## {title}",
                "",
                "| claim | reference value | found | tolerance | outcome | test |",
                "|---|---|---|---|---|---|",
            ]
            lines += rooms[room]
    return "\n".join(lines) + "\n"


def _outcomes(xml: Path) -> dict[tuple[str, str], list[tuple[str, str, list[Figures]]]]:
    """(parameters, verdict, figures) of every run of every test function, in the order of the files."""
    found: dict[tuple[str, str], list[tuple[str, str, list[Figures]]]] = defaultdict(list)
    for case in ET.parse(xml).getroot().iter("testcase"):
        file = case.get("classname", "").replace(".", "/") + ".py"
        function, _, parameters = case.get("name", "").partition("[")
        tags = {child.tag for child in case}
        verdict = "fails" if tags & {"failure", "error"} else "skipped" if "skipped" in tags else "holds"
        found[file, function].append((parameters.removesuffix("]"), verdict, _figures(case)))
    return dict(sorted(found.items(), key=lambda item: (item[0][0], [*_functions(item[0][0]), item[0][1]].index(item[0][1]))))


def _figures(case: ET.Element) -> list[Figures]:
    """What the test recorded: the n-th "found" belongs to the n-th "expected", "tolerance" and (if any) "quantity"."""
    recorded: dict[str, list[str]] = defaultdict(list)
    for prop in case.iter("property"):
        recorded[prop.get("name", "")].append(_number(prop.get("value", "")))

    def nth(name: str, n: int) -> str:
        values = recorded[name]
        return values[n] if n < len(values) else values[0] if len(values) == 1 and name == "tolerance" else ""

    return [(nth("quantity", n), nth("expected", n), nth("found", n), nth("tolerance", n)) for n in range(len(recorded["found"]))]


def _number(text: str) -> str:
    try:
        return f"{float(text):.8g}"
    except ValueError:
        return text


def _rows(file: str, function: str, cases: list[tuple[str, str, list[Figures]]]) -> list[str]:
    """One row for a test without figures, else one for each figure."""
    claim = _claim(file, function)
    link = f"[`{Path(file).stem}`](../{file})"
    verdicts = [verdict for _, verdict, _ in cases]
    if not any(figures for _, _, figures in cases):
        worst = "**fails**" if "fails" in verdicts else "holds" if "holds" in verdicts else "skipped"
        count = f" ({verdicts.count('holds')} of {len(verdicts)})" if len(verdicts) > 1 else ""
        return [_row(claim, "", "", "", worst + count, link)]
    rows: list[str] = []
    for parameters, verdict, figures in cases:
        for name, expected, found, tolerance in figures or [("", "", "", "")]:
            label = ", ".join(filter(None, [parameters, name]))
            said = claim if not rows else "same"
            outcome = "**fails**" if verdict == "fails" else verdict
            rows.append(_row(f"{said} ({label})" if label else said, expected, found, tolerance, outcome, link))
    return rows


def _row(*cells: str) -> str:
    return "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _escaped(text: str) -> str:
    """Claims are plain text: their asterisks and bars are not Markdown's."""
    return text.replace("|", "\\|") if text.startswith(("[`", "**")) else text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")


def _room(file: str) -> str:
    if "parallel" in Path(file).parts:
        return "parallel"
    room = Path(file).stem.removeprefix("test_").partition("_")[0]
    return room if room in ROOMS else "heliorack"


def _claim(file: str, function: str) -> str:
    """The test's name in words, and the first line of its docstring."""
    name = function.removeprefix("test_").replace("_", " ")
    said = ast.get_docstring(_functions(file)[function]) if function in _functions(file) else None
    return f"{name[:1].upper()}{name[1:]}: {said.splitlines()[0]}" if said else f"{name[:1].upper()}{name[1:]}."


@cache
def _functions(file: str) -> dict[str, ast.FunctionDef]:
    """Functions of a test file in their order; empty if the file is gone."""
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def missing(text: str) -> list[str]:
    """Test files that a page links to and that are no longer there."""
    linked = sorted({part.partition(")")[0] for part in text.split("](../")[1:]})
    return [name for name in linked if not (ROOT / name).exists()]
