"""`heliorack report RUN_A RUN_B` on the terminal."""

from collections.abc import Mapping
from typing import Any

from heliorack.report import printing
from heliorack.runfolder.comparison import Comparison
from heliorack.runfolder.finished import FinishedRun

NOTE = "figures that agree to six digits are left out, and those of the solve itself"


def print_differences(one: FinishedRun, other: FinishedRun, found: Mapping[str, Comparison]) -> None:
    """Inputs, then results, load case by load case."""
    print(f"A  {one.folder}\nB  {other.folder}")
    for name, comparison in found.items():
        if name and not (len(one.cases) == len(other.cases) == 1):
            print(f"\nload case {name}")
        if comparison.same:
            print("nothing differs")
        for words, rows in (("inputs", comparison.inputs), ("results", comparison.results)):
            if rows:
                print()
                printing.table([words, "A", "B", "B - A"], [[row.what, _said(row.one), _said(row.other), row.change] for row in rows])
    for letter in "AB":
        lone = [name for where, name in alone(one, other) if where == letter]
        if lone:
            print(f"\nload cases of {letter} alone: {', '.join(lone)}")
    print(f"\n{NOTE}")


def alone(one: FinishedRun, other: FinishedRun) -> list[tuple[str, str]]:
    """A or B, and the name of a load case that this run alone has; of two runs of one load case each these stand side by side."""
    if len(one.cases) == len(other.cases) == 1:
        return []
    pairs = (("A", one, other), ("B", other, one))
    return [(letter, name) for letter, here, there in pairs for name in here.cases if name not in there.cases]


def _said(value: Any) -> Any:
    """A value in a cell; long lists by their ends."""
    if isinstance(value, list | tuple) and value and all(isinstance(one, int | float) for one in value):
        told = [f"{one:.5g}" for one in value]
        return ", ".join(told) if len(told) < 5 else f"{told[0]}, {told[1]} ... {told[-1]} ({len(told)})"
    text = str(value)
    return value if value is None or isinstance(value, int | float) or len(text) <= 40 else f"{text[:18]} ... {text[-18:]}"
