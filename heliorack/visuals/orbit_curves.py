"""Curves over the orbit from a run folder: temperatures with their limits, power, state of charge."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.patterns import siblings
from heliorack.runfolder import summary as figures
from heliorack.runfolder.history import read_history
from heliorack.runfolder.summary import Summary
from heliorack.visuals.labels import spread
from heliorack.visuals.style import FAINT, INK, NIGHT, PALETTE, SUNNY, plain, sheet, write_png

Floats = NDArray[np.float64]

HOTTEST = 3  #: parts that are drawn although nothing limits them
MOST = 6  #: curves of temperature in one picture


@dataclass(frozen=True, slots=True)
class Curve:
    """One part, standing for its numbered siblings, with the limits on them."""

    label: str
    part: str  #: the hottest of the siblings
    limits: tuple[tuple[str, float], ...]  #: side and limit [degC]


def curves(summary: Summary) -> list[Curve]:
    """The parts to draw, hottest first: the hottest few, and those with a limit, tightest margin before others."""
    parts, limits = summary.parts, summary.limits
    found, urgency = [], []
    for label, members in siblings(list(parts)).items():
        hottest = max(members, key=lambda name: parts[name].max_degC)
        theirs = [limit for limit in limits if limit.on in members and (limit.at == "part" or limit.note)]
        on_them = tuple(sorted({(limit.side, limit.limit_degC) for limit in theirs}))
        found.append(Curve(label, hottest, on_them))
        urgency.append(min((limit.margin_K for limit in limits if limit.on in members), default=np.inf))
    by_heat = sorted(range(len(found)), key=lambda i: -parts[found[i].part].max_degC)
    by_margin = [i for i in sorted(range(len(found)), key=lambda i: urgency[i]) if urgency[i] < np.inf]
    chosen = list(dict.fromkeys([*by_heat[:HOTTEST], *by_margin]))[:MOST]
    return [found[i] for i in by_heat if i in chosen]


def orbit_plot(run_dir: Path) -> None:
    """Write orbit.png: temperatures, power and state of charge over time; a bar per part for a steady state."""
    history, summary = read_history(run_dir), figures.read(run_dir)
    time, unit = _in_unit(history["time_s"])
    figure = sheet(12, 8.5)
    heading = summary.title + (f"  ·  {summary.case}" if summary.case else "")
    if len(time) < 2:
        _bars(figure, summary)
    else:
        names = [name for name, there in _rows(history).items() if there]
        heights = {"temperature": 3.0, "power": 1.7, "charge": 1.1}
        axes = figure.subplots(len(names), 1, sharex=True, squeeze=False, height_ratios=[heights[name] for name in names])[:, 0]
        night = history["sunlight_-"] < 0.999 if "sunlight_-" in history else np.zeros(len(time), dtype=bool)
        draw = {"temperature": _temperatures, "power": _power, "charge": _charge}
        for name, axis in zip(names, axes, strict=True):
            _shade(axis, time, night)
            draw[name](axis, time, history, summary)
            axis.set_xlim(time[0], time[-1])
        axes[-1].set_xlabel(_time_label(summary, unit))
        if night.any():
            _name_night(axes[0], time, night, summary)
    height = figure.get_figheight()
    figure.suptitle(heading, x=0.075, y=1 - 0.21 / height, ha="left", fontsize=14, fontweight="bold", color=INK)
    figure.subplots_adjust(left=0.075, right=0.80, top=1 - 0.72 / height, bottom=0.6 / height, hspace=0.12)
    write_png(figure, run_dir / "orbit.png")


def _in_unit(seconds: Floats) -> tuple[Floats, str]:
    """Times in minutes; in seconds or hours where minutes would be unreadable."""
    span = float(np.ptp(seconds)) if len(seconds) else 0.0
    size, unit = (1.0, "s") if 0 < span < 300 else (60.0, "min") if span <= 48 * 3600 else (3600.0, "h")
    return seconds / size, unit


def _time_label(summary: Summary, unit: str) -> str:
    if summary.kind == "periodic":
        return f"time over one orbit [{unit}]"
    return f"time [{unit}]"


def _rows(history: Mapping[str, Floats]) -> dict[str, bool]:
    """Which of the stacked axes have something to show."""
    return {
        "temperature": True,
        "power": "array_available_W" in history or bool(np.any(history.get("load_W", np.zeros(1)))),
        "charge": "state_of_charge_-" in history,
    }


def _shade(axis: Any, time: Floats, night: NDArray[np.bool_]) -> None:
    axis.fill_between(time, 0, 1, where=night, transform=axis.get_xaxis_transform(), color=NIGHT, linewidth=0, zorder=0)


def _name_night(axis: Any, time: Floats, night: NDArray[np.bool_], summary: Summary) -> None:
    """Write the length of the eclipse over its shading, once."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], night, [False]]).astype(int)))
    start, end = max(zip(edges[::2], edges[1::2], strict=True), key=lambda span: time[span[1] - 1] - time[span[0]])
    length = summary.orbit and summary.orbit.eclipse_s
    words = "eclipse" + (f" {length / 60:.1f} min" if length else "")
    middle = 0.5 * (time[start] + time[end - 1])
    axis.text(middle, 1.01, words, transform=axis.get_xaxis_transform(), ha="center", va="bottom", color="#5b6675", fontsize=10)


def _temperatures(axis: Any, time: Floats, history: Mapping[str, Floats], summary: Summary) -> None:
    drawn = _merged(curves(summary), history)
    reach = np.ptp([history[f"{curve.part} {end}_degC"] for curve in drawn for end in ("min", "max")])
    ends = []
    limits: dict[tuple[str, float], list[tuple[str, str]]] = {}
    for curve, colour in zip(drawn, PALETTE, strict=False):
        high, low = history[f"{curve.part} max_degC"], history[f"{curve.part} min_degC"]
        axis.fill_between(time, low, high, color=colour, alpha=0.10, linewidth=0)
        axis.plot(time, high, color=colour, linewidth=1.9)
        ends.append((curve.label, float(high[-1]), colour))
        near = max(0.35 * reach, 15.0)
        for side, limit in curve.limits:
            if low.min() - near <= limit <= high.max() + near:
                limits.setdefault((side, limit), []).append((curve.label, colour))
    axis.margins(y=0.08)
    plain(axis, "temperature [degC]")
    _limit_lines(axis, limits)
    _label_ends(axis, ends, "")
    _aside(axis, "line: hottest point\nband: down to the coldest", FAINT)


def _limit_lines(axis: Any, limits: Mapping[tuple[str, float], list[tuple[str, str]]]) -> None:
    """Dashed lines with what they limit, by side and value [degC]; their names never cover one another."""
    from matplotlib.patheffects import withStroke

    low, high = (min([axis.get_ylim()[0], *(value for _, value in limits)]), max([axis.get_ylim()[1], *(value for _, value in limits)]))
    axis.set_ylim(low - 0.04 * (high - low), high + 0.06 * (high - low))
    point = np.ptp(axis.get_ylim()) / (axis.get_position().height * axis.figure.get_figheight() * 72)
    wanted = {key: key[1] + (8 if key[0] == "max" else -8) * point for key in limits}
    known = sorted(limits, key=lambda key: wanted[key])
    for (side, value), y in zip(known, spread(np.array([wanted[key] for key in known]), axis.get_ylim(), 11.5 * point), strict=True):
        owners = limits[side, value]
        colour = owners[0][1] if len(owners) == 1 else INK
        axis.axhline(value, color=colour, linestyle=(0, (6, 4)), linewidth=1.2)
        names = ", ".join(name for name, _ in owners[:3]) + (f" and {len(owners) - 3} more" if len(owners) > 3 else "")
        words = axis.text(0.005, y, f"{side} {value:g} degC  {names}", transform=axis.get_yaxis_transform(), va="center", fontsize=9)
        words.set(color=colour, zorder=5, path_effects=[withStroke(linewidth=3, foreground="white")])


def _aside(axis: Any, words: str, colour: str) -> None:
    """A small remark to the right of an axis, at its foot."""
    axis.text(1.025, 0.0, words, transform=axis.transAxes, va="bottom", fontsize=8.5, color=colour)


def _merged(drawn: list[Curve], history: Mapping[str, Floats]) -> list[Curve]:
    """Curves that cannot be told apart, as two wings, become one."""
    kept: list[Curve] = []
    for curve in drawn:
        for i, other in enumerate(kept):
            apart = np.abs(history[f"{curve.part} max_degC"] - history[f"{other.part} max_degC"]).max()
            if apart < 0.5 and curve.limits == other.limits:
                kept[i] = replace(other, label=f"{other.label}, {curve.label}")
                break
        else:
            kept.append(curve)
    return kept


def _label_ends(axis: Any, ends: list[tuple[str, float, str]], form: str) -> None:
    """Names of curves to the right of their ends, spread so that none covers another."""
    low, high = axis.get_ylim()
    height = axis.get_position().height * axis.figure.get_figheight() * 72  # points
    gap = (high - low) * 13.0 / height
    ends = sorted(ends, key=lambda end: end[1])
    for (label, value, colour), y in zip(ends, spread(np.array([end[1] for end in ends]), (low, high), gap), strict=True):
        axis.annotate(
            f"{label}{form.format(value)}", (1.0, value), xycoords=("axes fraction", "data"), xytext=(1.025, float(y)),
            textcoords=("axes fraction", "data"), va="center", fontsize=10, color=colour, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.8, "shrinkA": 1, "shrinkB": 0},
        )  # fmt: skip


def _power(axis: Any, time: Floats, history: Mapping[str, Floats], summary: Summary) -> None:
    shown = [("array_available_W", "array, available", PALETTE[4]), ("array_drawn_W", "array, drawn", PALETTE[1])]
    if "array_drawn_W" in history and np.allclose(history["array_drawn_W"], history["array_available_W"], rtol=1e-3, atol=1e-6):
        shown = [("array_available_W", "array, all drawn", PALETTE[1])]
    shown.append(("load_W", "load", PALETTE[7]))
    ends = []
    top = 1.0
    for name, label, colour in shown:
        if name in history:
            axis.plot(time, history[name], color=colour, linewidth=1.9)
            ends.append((label, float(history[name][-1]), colour))
            top = max(top, float(history[name].max()))
    axis.set_ylim(0, 1.12 * top)
    plain(axis, "power [W]")
    if "sunlight_-" in history:
        sun = axis.twinx()
        sun.set_zorder(axis.get_zorder() - 1)
        axis.patch.set_visible(False)
        sun.fill_between(time, 0, history["sunlight_-"], color=SUNNY, alpha=0.22, linewidth=0)
        sun.set_ylim(0, 1.12)
        sun.axis("off")
        _aside(axis, "yellow: visible part\nof the Sun, 0 to 1", "#8a6d00")
    _label_ends(axis, ends, "")


def _charge(axis: Any, time: Floats, history: Mapping[str, Floats], summary: Summary) -> None:
    percent = 100 * history["state_of_charge_-"]
    lowest = int(np.argmin(percent))
    axis.plot(time, percent, color=PALETTE[2], linewidth=1.9)
    axis.set_ylim(max(0.0, percent.min() - 0.35 * max(np.ptp(percent), 5.0)), 104)
    share = (time[lowest] - time[0]) / (time[-1] - time[0])
    axis.annotate(
        f"lowest {percent[lowest]:.0f} %", (time[lowest], percent[lowest]), xytext=(0, -5), textcoords="offset points",
        ha="left" if share < 0.05 else "right" if share > 0.95 else "center", va="top", fontsize=9.5, color=PALETTE[2],
    )  # fmt: skip
    plain(axis, "state of\ncharge [%]")
    _label_ends(axis, [("battery", float(percent[-1]), PALETTE[2])], "")


def _bars(figure: Any, summary: Summary) -> None:
    """Steady state: a bar from coldest to hottest point for every part, with its limits."""
    parts = summary.parts
    axis = figure.add_subplot()
    groups = siblings(list(parts))
    for row, (label, members) in enumerate(groups.items()):
        low = min(parts[name].min_degC for name in members)
        high = max(parts[name].max_degC for name in members)
        axis.plot([low, high], [row, row], color=PALETTE[1], linewidth=9, solid_capstyle="butt")
        axis.plot([high], [row], "|", color=PALETTE[0], markersize=16, markeredgewidth=2.5)
        axis.annotate(
            f"{label}  {high:.1f} degC", (1.02, row), xycoords=("axes fraction", "data"), va="center", fontsize=10, annotation_clip=False
        )
        for limit in summary.limits:
            if limit.on in members and limit.at == "part":
                axis.plot([limit.limit_degC], [row], "d", color=PALETTE[7], markersize=6)
    figure.set_size_inches(12, min(1.6 + 0.42 * len(groups), 12.0))
    axis.set_ylim(len(groups) - 0.5, -0.5)
    axis.set_yticks([])
    plain(axis, "")
    axis.grid(axis="x", color="#d9dde2", linewidth=0.6)
    axis.set_xlabel("temperature [degC], coldest to hottest point in steady state; diamonds are limits")
