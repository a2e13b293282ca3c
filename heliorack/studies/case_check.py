"""`heliorack check`: what there is to say of a case file before any geometry is made."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from heliorack.case.case import examine
from heliorack.casefile.document import read
from heliorack.casefile.errors import NOTHING, CaseError
from heliorack.casefile.paths import overridden, override
from heliorack.studies.sizing.variables import space_of
from meshes.parts import all_solids


def summary(path: Path, overrides: Sequence[str] = (), case: str | None = None) -> dict[str, Any]:
    """Problems of a file, or what it holds: parts, load cases, assumptions."""
    found: dict[str, Any] = {"file": str(path), "problems": [], "report": "", "title": "", "parts": [], "load_cases": [], "assumptions": []}
    found |= {"nodes": [], "loops": []}
    try:
        document = read(path)
        if "sweep" in document and isinstance(document.get("case"), str):
            return found | _of_sweep(path, overrides, case)
        examined = examine(document, str(path), overrides, case)
        if examined.base.size is not None:
            space_of(examined.base, overridden(document, [override(text) for text in overrides]))
    except CaseError as error:
        problems = [{"path": p.path, "found": None if p.found is NOTHING else p.found, "message": p.message} for p in error.problems]
        return found | {"problems": problems, "report": str(error)}
    cases, network = list(examined.cases.values()), examined.base.network
    said = [sentence for each in (examined.base, *cases) for sentence in each.assumptions]
    return found | {
        "title": examined.base.title,
        "parts": [solid.name for solid in all_solids(examined.base.parts)] if examined.base.parts else [],
        "nodes": [node.name for node in network.nodes] if network is not None else [],
        "loops": [loop.name for loop in network.loops] if network is not None else [],
        "load_cases": list(examined.cases),
        "assumptions": list(dict.fromkeys(said)),
    }


def _of_sweep(path: Path, overrides: Sequence[str], case: str | None) -> dict[str, Any]:
    """What a file that varies another case holds.

    Raises:
        CaseError: faults of the sweep or of its base case.
    """
    from heliorack.sweep.design.plan import plan

    planned = plan(path, overrides, [] if case is None else [case])
    return {"title": planned.title, "sweep": {"points": len(planned.points), "skipped": planned.skipped, "geometries": planned.geometries}}


def words(found: dict[str, Any]) -> str:
    """The summary as text."""
    if found["problems"]:
        return str(found["report"])
    lines = [f"{found['file']}: good"]
    lines += [f"  {title}   {', '.join(names)}" for title, names in _lists(found) if names]
    if "sweep" in found:
        of = found["sweep"]
        lines.append(f"  sweep        {of['points']} points, {of['skipped']} left out, {of['geometries']} geometries")
    lines += [f"  assumed      {sentence}" for sentence in found["assumptions"]]
    return "\n".join(lines)


def ranges(names: Sequence[str]) -> list[str]:
    """Names with runs of numbers drawn together.

    >>> ranges(["tray.board", "tray.gpu1", "tray.gpu2", "tray.gpu3"])
    ['tray.board', 'tray.gpu1-3']
    """
    said: list[str] = []
    for stem, run in groupby(names, key=lambda name: name.rstrip("0123456789")):
        members = list(run)
        single = len(members) < 3 or not all(name != stem for name in members)
        said += members if single else [f"{members[0]}-{members[-1].removeprefix(stem)}"]
    return said


def _lists(found: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [
        ("title     ", [found["title"]] if found["title"] else []),
        ("parts     ", ranges(found["parts"])),
        ("nodes     ", ranges(found["nodes"])),
        ("loops     ", found["loops"]),
        ("load cases", found["load_cases"]),
    ]
