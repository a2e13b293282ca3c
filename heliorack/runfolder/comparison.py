"""What differs between two runs: values of the case that was solved, and what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heliorack.casefile import document
from heliorack.runfolder.summary import Summary

ALIKE = 1e-6  #: of a figure: what differs by less is the same, for it is round-off
SECTIONS = ("holds", "parts", "limits", "heat_W", "orbit", "power", "mass_kg", "delivered", "compute", "heat_pipes", "network")
NOT_TOLD = ("mesh_max_K", "mesh_min_K", "error_K", "bus_closure", "edges_s")


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same; None where one of the two has none."""

    what: str
    one: Any
    other: Any

    @property
    def change(self) -> float | None:
        """The other less the one, of numbers."""
        numbers = isinstance(self.one, int | float) and isinstance(self.other, int | float)
        return float(self.other - self.one) if numbers and not isinstance(self.one, bool) and not isinstance(self.other, bool) else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs; nothing where they are the same."""

    inputs: tuple[Difference, ...]  #: by the path that `--set` knows
    results: tuple[Difference, ...]  #: by the place in summary.json, units in the names

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.inputs and not self.results

    def json(self) -> dict[str, Any]:
        """For programs."""
        return {
            name: [{"what": d.what, "one": d.one, "other": d.other, "change": d.change} for d in found]
            for name, found in (("inputs", self.inputs), ("results", self.results))
        }

    def _repr_html_(self) -> str:
        """Both as tables."""
        from html import escape

        def table(words: str, found: tuple[Difference, ...]) -> str:
            cells = [(d.what, d.one, d.other, "" if d.change is None else f"{d.change:+.4g}") for d in found]
            rows = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in cells)
            head = "<tr><th>what</th><th>one</th><th>other</th><th>change</th></tr>"
            return f"<h4>{words}</h4><table><thead>{head}</thead><tbody>{rows}</tbody></table>"

        return table("inputs", self.inputs) + table("results", self.results)


def compare(one: Summary, other: Summary, one_case: Mapping[str, Any], other_case: Mapping[str, Any]) -> Comparison:
    """What differs between two solved cases, by their figures and by the documents of their cases."""
    return Comparison(
        tuple(differences(dict(flat(one_case)), dict(flat(other_case)), alike=0.0)), tuple(differences(figures(one), figures(other)))
    )


def case_document(folder: Path) -> dict[str, Any]:
    """The resolved case of a run folder; empty where it is not there."""
    path = folder / "case.toml"
    return dict(document.read(path)) if path.exists() else {}


def figures(found: Summary) -> dict[str, Any]:
    """Figures of a summary by their place in it, `parts.panel.max_degC`; without those of the solve itself."""
    whole = found.json()
    kept = {name: whole[name] for name in SECTIONS if whole.get(name) is not None}
    kept["limits"] = [
        {
            "name": " ".join([row["on"], row["at"], row["side"], row.get("mode", "")]).strip(),
            "margin_K": row["margin_K"],
            "holds": row["holds"],
        }
        for row in whole["limits"]
    ]
    return {path: value for path, value in flat(kept) if not path.rpartition(".")[2].startswith(NOT_TOLD)}


def flat(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Values with their paths; items of a list of tables by their name, or by their number where they have none."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from flat(item, f"{at}.{key}" if at else str(key))
    elif isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        names = [str(item.get("name") or item.get("part") or i) if isinstance(item, Mapping) else str(i) for i, item in enumerate(value)]
        for i, (name, item) in enumerate(zip(names, value, strict=True)):
            yield from flat(item, f"{at}.{name if names.count(name) == 1 else i}")
    else:
        yield at, value


def differences(one: Mapping[str, Any], other: Mapping[str, Any], alike: float = ALIKE) -> Iterator[Difference]:
    """What is not the same, in the order of the first and then of the second."""
    for path in dict.fromkeys([*one, *other]):
        a, b = one.get(path), other.get(path)
        if a != b and not _alike(a, b, alike):
            yield Difference(path, a, b)


def _alike(a: Any, b: Any, part: float) -> bool:
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(x == y or _alike(x, y, part) for x, y in zip(a, b, strict=True))
    numbers = isinstance(a, int | float) and isinstance(b, int | float) and not isinstance(a, bool) and not isinstance(b, bool)
    return bool(numbers and abs(a - b) <= max(part * max(abs(a), abs(b)), part * 1e-3))
