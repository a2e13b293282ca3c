"""`heliorack mesh` on the terminal."""

from math import inf
from typing import Any

from heliorack.report import printing


def print_summary(found: dict[str, Any]) -> None:
    """Size of the mesh, its parts and what touches, and what is worth a warning."""
    print(f"{found['nodes']} nodes, {found['cells']} cells")
    _tables(found, "parts", "contacts", "bonds", "skins", "straps")
    for sentence in (said for said in found["assumptions"] if said.startswith("warning:")):
        print(f"\n{sentence}")


def print_report(found: dict[str, Any]) -> None:
    """The report on standard output."""
    quality, cost_of = found["quality"], found["cost"]
    print(f"{found['nodes']} nodes, {found['cells']} cells ({found['mesh']})")
    print(f"quality (1 regular, 0 flat): minimum {quality['minimum']:.3g}, 1 % quantile {quality['one_percent']:.3g}, ", end="")
    print(f"median {quality['median']:.3g}")
    _tables(found, "parts", "faces", "contacts", "bonds")
    print(f"\n{cost_of['run']}: about {_seconds(cost_of['run_s'])} after meshing ({cost_of['solver']} solver), ", end="")
    print(f"{cost_of['memory_bytes'] / 1e9:.1f} GB")
    print(f"  {cost_of['rows']} rows: {cost_of['factorisation_s']:.2g} s and {cost_of['factor_bytes'] / 1e6:.3g} MB a factor, ", end="")
    print(f"{cost_of['solve_s']:.2g} s a solve")
    print(f"  {cost_of['basis']}")
    for said in found["assumptions"]:
        print(f"\n{said}")


def _tables(found: dict[str, Any], *titles: str) -> None:
    """Each that has rows, below its title."""
    for title in titles:
        if found[title]:
            print(f"\n{title}")
            printing.table(list(found[title][0]), [list(row.values()) for row in found[title]])


def _seconds(time: float) -> str:
    """A time in the unit that reads best."""
    if time > 300:
        return f"{time / 3600:.1f} h" if time > 5400 else f"{time / 60:.0f} min"
    return f"{time:.0f} s" if time >= 10 else f"{time:.1f} s"


def print_study(found: dict[str, Any]) -> None:
    """The study on standard output."""
    printing.table(list(found["meshes"][0]), [list(row.values()) for row in found["meshes"]])
    print()
    rows = [{key: _short(value) for key, value in row.items()} for row in found["quantities"]]
    printing.table(list(rows[0]), [list(row.values()) for row in rows])
    for said in found["notes"]:
        print(f"\n{said}")


def _short(value: Any) -> Any:
    """Three digits after the point: more are not to be believed."""
    return round(value, 3) if isinstance(value, float) and abs(value) < inf else value
