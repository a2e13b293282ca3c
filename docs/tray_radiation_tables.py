"""The tables of docs/tray_radiation.md, from docs/tray_radiation.json."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
PAGE, FIGURES = DOCS / "tray_radiation.md", DOCS / "tray_radiation.json"
HOT = "hot_operational"
SIDES = {"+z": "+z, the open face", "-z": "-z, beside the tray", "+y": "+y end", "-y": "-y end"}


def tables() -> dict[str, str]:
    """Every block of the page by name."""
    said = json.loads(FIGURES.read_text(encoding="utf-8"))
    runs, hand = said["runs"], said["hand"]
    hot = runs[HOT]
    return {
        "losses": _losses(said["losses"]),
        "paths": _paths([hot[name]["radiator"] for name in ("open", "wings away", "exchange")]),
        "views": _views(hot["exchange"]["views"]),
        "hand": _by_hand(hand, hot["exchange"]),
        "parts": _parts(hot),
        "cases": _cases(runs),
        "limits": _limits(runs),
        "sunlight": _sunlight(hot["exchange"]["sunlight"]),
        "errors": _errors(hot),
    }


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    def line(row: Iterable[str]) -> str:
        return f"| {' | '.join(row)} |"

    head = tuple(head)
    return "\n".join([line(head), "|" + "---|" * len(head), *map(line, rows)])


def _losses(losses: Mapping[str, Mapping[str, float]]) -> str:
    words = {"wings": "**wings**", "tray and battery": "tray and battery", "all": "all of them"}
    head = ("because of", "warmer by", "loses less, at the same temperature", "of its heat", "equivalent area", "area to add")
    return _table(
        head,
        (
            (
                words[name],
                f"{row['kelvin']:.2f} K",
                f"{row['less_W']:.1f} W",
                f"{row['ratio']:.2%}".replace("%", " %"),
                f"{row['equivalent_m2']:.3f} m²",
                f"{row['needed_m2']:.3f} m²",
            )
            for name, row in losses.items()
        ),
    )


def _paths(heats: list[Mapping[str, float]]) -> str:
    rows: dict[str, Callable[[Mapping[str, float]], str]] = {
        "fourth root of the mean of T⁴, K": lambda h: f"{h['kelvin']:.3f}",
        "emits, W": lambda h: f"{h['emitted_W']:.1f}",
        "gets back of it by way of tray and battery, W": lambda h: f"{h['from_itself_W']:.1f}",
        "absorbs of what the wings emit, W": lambda h: f"{h['from_wings_W']:.1f}",
        "absorbs of Earth infrared, W": lambda h: f"{h['earth_infrared_W']:.1f}",
        "absorbs of albedo, W": lambda h: f"{h['albedo_W']:.1f}",
        "absorbs of sunlight, W": lambda h: f"{h['sun_W']:.1f}",
        "takes from the tray, W": lambda h: f"{h['from_tray_W']:.1f}",
    }
    return _table(("orbit mean", "open", "wings away", "all there"), ((words, *map(show, heats)) for words, show in rows.items()))


def _views(views: Mapping[str, Mapping[str, float]]) -> str:
    head = ("face", "area, m²", "sky", "north wing", "south wing", "tray", "battery")

    def wing(row: Mapping[str, float], name: str) -> str:
        return f"{row[name]:.5f} ± {row[f'{name}_error']:.5f}" if row[name] else "0"

    rows = (
        (
            words,
            f"{row['area_m2']:.3f}",
            f"{row['sky']:.4f}",
            wing(row, "wing_north"),
            wing(row, "wing_south"),
            *(f"{row[name]:.4f}" if row[name] else "0" for name in ("tray", "battery")),
        )
        for side, words in SIDES.items()
        for row in (views[side],)
    )
    return _table(head, rows)


def mean_of_wings(views: Mapping[str, Mapping[str, float]], side: str, other: str) -> tuple[float, float]:
    """What two alike views give together: the mean of both wings' factors and its standard error."""
    pairs = [
        (views[s][w], views[s][f"{w}_error"]) for s in dict.fromkeys((side, other)) for w in ("wing_north", "wing_south") if views[s][w]
    ]
    return sum(value for value, _ in pairs) / len(pairs), float(sum(error**2 for _, error in pairs)) ** 0.5 / len(pairs)


def _by_hand(hand: Mapping[str, float], run: Mapping[str, Any]) -> str:
    def factor(words: str, key: str, side: str, other: str) -> tuple[str, ...]:
        found, error = mean_of_wings(run["views"], side, other)
        return words, f"{hand[key]:.5f}", f"{found:.5f} ± {error:.5f}", f"{(found - hand[key]) / error:+.1f} standard errors"

    heat = run["radiator"]
    net = heat["from_wings_W"] - heat["to_wings_W"]
    return _table(
        ("quantity", "by hand", "run", "difference"),
        (
            factor("factor from the +z face to a wing", "top_to_wing", "+z", "+z"),
            factor("factor from the -z face to a wing", "bottom_to_wing", "-z", "-z"),
            factor("factor from an end to its wing", "end_to_wing", "+y", "-y"),
            (
                "heat from the wings, W",
                f"{hand['from_wings_W']:.1f}",
                f"{heat['from_wings_W']:.1f}",
                f"{heat['from_wings_W'] - hand['from_wings_W']:+.1f}",
            ),
            ("the same less what they get, W", f"{hand['net_from_wings_W']:.1f}", f"{net:.1f}", f"{net - hand['net_from_wings_W']:+.1f}"),
        ),
    )


def _parts(hot: Mapping[str, Any]) -> str:
    alone, seen = hot["open"]["parts"], hot["exchange"]["parts"]

    def three(kind: str, name: str) -> tuple[str, str, str]:
        a, b = round(alone[kind][name], 2), round(seen[kind][name], 2)
        return f"{a:.2f}", f"{b:.2f}", f"{b - a:+.2f}"

    head = ("parts", "hottest, open", "exchange", "change", "mean, open", "exchange", "change")
    return _table(head, ((kind, *three(kind, "max_degC"), *three(kind, "mean_degC")) for kind in alone))


def _cases(runs: Mapping[str, Any]) -> str:
    head = ("load case", "radiator, K", "heat from the tray, W", "hottest GPU, °C", "hottest of the wings, °C", "coldest optics, °C")
    wanted = (("GPUs", "max_degC"), ("wings", "max_degC"), ("optics", "min_degC"))

    def pair(a: float, b: float, digits: int = 2) -> str:
        return f"{a:.{digits}f} → {b:.{digits}f}"

    def row(name: str) -> tuple[str, ...]:
        one, other = runs[name]["open"], runs[name]["exchange"]
        figures = (pair(one["parts"][kind][key], other["parts"][kind][key]) for kind, key in wanted)
        a, b = one["radiator"], other["radiator"]
        return f"`{name}`", pair(a["kelvin"], b["kelvin"]), pair(a["from_tray_W"], b["from_tray_W"], 0), *figures

    return _table(head, map(row, runs))


def _limits(runs: Mapping[str, Any]) -> str:
    """Which of the runs of `_cases` keep their limits, which miss one, and whose margins are smaller than their error."""
    said = {(case, name): runs[case][name] for case in runs for name in ("open", "exchange")}
    doubtful = [(*where, words) for where, run in said.items() for words in run["within_error"]]
    missed = [(*where, words) for where, run in said.items() for words in run["missed"]]
    good = sum(not run["missed"] and not run["within_error"] for run in said.values())
    lines = [
        f"Of these {len(said)} runs {good} keep every limit by more than their own error; "
        + ("limits are missed:" if missed else "none misses one.")
    ]
    lines += [f"- `{case}`, {name}: {words}" for case, name, words in missed]
    if doubtful:
        lines += ["What cannot be said of the others, on this mesh:", ""]
        lines += [f"- `{case}`, {name}: {words.partition('; ')[0]}" for case, name, words in doubtful]
    return "\n".join(lines)


def _sunlight(lit: Mapping[str, Mapping[str, float]]) -> str:
    def row(kind: str) -> tuple[str, ...]:
        alone, reached = lit[kind]["alone_W"], lit[kind]["reached_W"]
        return kind, f"{alone:.1f}", f"{reached:.1f}", f"{abs(1 - reached / alone):.0%}".replace("%", " %")

    return _table(("parts", "alone, W", "with shadows, W", "lost"), map(row, lit))


def _errors(hot: Mapping[str, Any]) -> str:
    run, again = hot["exchange"], hot["other seed"]
    rays = run["rays"]
    others = max(abs(run["parts"][kind]["mean_degC"] - again["parts"][kind]["mean_degC"]) for kind in run["parts"])
    rows = {
        "standard error of a group's view of all others, root mean square": f"{rays['standard_error']:.2%}".replace("%", " %"),
        "worst sum of a group's factors before closing, off one by": f"{rays['closure']:.2%}".replace("%", " %"),
        "standard error of what a group misses of the planet, largest": f"{rays['planet_error']:.1%}".replace("%", " %"),
        "what the factors' errors do to the mean temperature of a part, largest (`radiation.temperature_error_K`)": (
            f"{rays['temperature_error_K']:.3f} K"
        ),
        "other rays (seed 1): the radiator": f"{again['radiator']['kelvin'] - run['radiator']['kelvin']:+.3f} K",
        "other rays: largest change of a mean of the table": f"{others:.3f} K",
        "other rays: heat from the wings": f"{again['radiator']['from_wings_W'] - run['radiator']['from_wings_W']:+.1f} W",
    }
    return _table(("quantity", "figure"), rows.items())
