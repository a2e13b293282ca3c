"""`heliorack orbit` on the terminal."""

from collections.abc import Sequence
from typing import Any

from heliorack.casefile.patterns import siblings
from heliorack.report import printing


def print_revolution(figures: dict[str, Any]) -> None:
    """The figures of one revolution for people: a table, the faces, warnings and assumptions."""
    apart = {"faces", "assumptions", "edges_s"}
    rows: list[list[Any]] = [[name, value] for name, value in figures.items() if name not in apart]
    edges = ", ".join(f"{edge:.1f}" for edge in figures["edges_s"]) or None
    printing.table(["quantity", "value"], [*rows, ["edges_s", edges]])
    if figures["faces"]:
        print("\nfaces, orbit means")
        headers = ["face", "coating", "direct_W_m2", "albedo_W_m2", "infrared_W_m2", "absorbed_W_m2"]
        printing.table(headers, _face_rows(figures["faces"]))
    print_remarks(figures["assumptions"])


def _face_rows(faces: dict[str, dict[str, Any]]) -> list[list[Any]]:
    """Rows of the table of faces; those with one direction and one coating share a row."""
    groups: dict[tuple[Any, ...], list[str]] = {}
    for name, row in faces.items():
        groups.setdefault((*row["normal"], row["tracks"], row["coating"]), []).append(name)
    keys = ("direct_W_m2", "albedo_W_m2", "infrared_W_m2", "absorbed_W_m2")
    return [[_in_short(names), faces[names[0]]["coating"], *(round(faces[names[0]][key], 2) for key in keys)] for names in groups.values()]


def _in_short(names: Sequence[str], most: int = 2) -> str:
    """Names in a cell: siblings under one name, and how many more."""
    common = siblings(names)
    shown = list(common)[:most]
    rest = sum(len(members) for name, members in common.items() if name not in shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def print_remarks(assumptions: Sequence[str]) -> None:
    """Warnings first."""
    print()
    for line in sorted(assumptions, key=lambda words: not words.startswith("warning:")):
        print(line if line.startswith("warning:") else f"assumed: {line}")


def print_year(figures: dict[str, Any]) -> None:
    """The figures of a walk for people."""
    face = figures["face"]
    print(f"{figures['days']:g} days from {figures['start']}" + (f", face {face['name']} ({face['coating']})" if face else ""))
    rows = []
    for title in ("hottest", "coldest", "longest_eclipse"):
        one = figures[title]
        if one:
            rows.append(
                [title.replace("_", " "), one["date"], *(_rounded(one.get(k)) for k in ("beta_deg", "eclipse_min", "absorbed_W_m2"))]
            )
    if rows:
        printing.table(["revolution", "date", "beta_deg", "eclipse_min", "absorbed_W_m2"], rows)
    share = f"sunlit {100 * figures['sunlit_fraction']:.2f} % of the time"
    print(f"\n{share}; beta from {figures['beta_min_deg']:.1f} to {figures['beta_max_deg']:.1f} deg")
    seasons = figures["seasons"]
    if len(seasons) == 1 and seasons[0]["days"] > figures["days"] - 0.5:
        print("an eclipse in every revolution")
    elif seasons:
        print("\neclipse seasons")
        printing.table(["first", "last", "days"], [[s["first"], s["last"], round(s["days"], 2)] for s in seasons])
    else:
        print("no eclipse")
    print_remarks(figures["assumptions"])


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
