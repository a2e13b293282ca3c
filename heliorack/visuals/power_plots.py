"""Pictures of the power side from power.json of a run folder: the battery over the orbit, the array's curves, the years."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder.power_file import ArrayCurves, ArrayMoment, PowerFile, PowerOrbit, read
from heliorack.visuals.labels import spread
from heliorack.visuals.style import FAINT, INK, NIGHT, PALETTE, plain, sheet

Floats = NDArray[np.float64]

HOT, COLD = PALETTE[0], PALETTE[1]


def pictures(run_dir: Path) -> dict[str, bytes]:
    """PNG of every power plot of a run, by name; empty where the run has no power side."""
    figures = read(run_dir)
    if figures is None:
        return {}
    drawn: dict[str, Callable[[Any, PowerFile], bool]] = {
        "power_orbit": _orbit,
        "array_curves": _array,
        "power_years": _years,
    }
    heights = {"power_orbit": 5.6, "array_curves": 4.9, "power_years": 3.4}
    found = {name: _drawn(figures, draw, heights[name]) for name, draw in drawn.items()}
    return {name: png for name, png in found.items() if png is not None}


def write(run_dir: Path, target: Path) -> list[Path]:
    """Write the power plots of a run into the folder `target`; the files that were written."""
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name, png in pictures(run_dir).items():
        (target / f"{name}.png").write_bytes(png)
        written.append(target / f"{name}.png")
    return written


def _drawn(figures: PowerFile, draw: Callable[[Any, PowerFile], bool], height: float) -> bytes | None:
    """A figure of its own; None where there is nothing to show."""
    figure = sheet(12, height)
    if not draw(figure, figures):
        return None
    out = BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


# ------------------------------------------------------------------------------------------------------------- over the orbit


def _orbit(figure: Any, figures: PowerFile) -> bool:
    """Array and load above, what the battery takes and gives in the middle, its state of charge below."""
    if figures.orbit is None:
        return False
    o, edges = _arrays(figures.orbit), figures.eclipse_s or ()
    minutes = o["time_s"] / 60.0
    axes = figure.subplots(3, 1, sharex=True, height_ratios=[2.0, 1.2, 1.4])
    for axis in axes:
        _shade(axis, edges, o["time_s"])
        axis.set_xlim(minutes[0], minutes[-1])
    _curves(axes[0], minutes, _array_and_load(o), "power [W]")
    axes[0].set_ylim(0, None)
    flow = [("into the battery", o["charge_W"], PALETTE[2]), ("out of the battery", -o["discharge_W"], PALETTE[3])]
    for _, values, colour in flow:
        axes[1].fill_between(minutes, 0, values, color=colour, alpha=0.35, linewidth=0)
    _curves(axes[1], minutes, flow, "battery [W]")
    axes[1].axhline(0, color=FAINT, linewidth=0.8)
    _charge(axes[2], minutes, 100 * o["state_of_charge"], 100 * (1 - figures.max_depth_of_discharge))
    axes[2].set_xlabel("time over one orbit [min]")
    figure.subplots_adjust(left=0.075, right=0.80, top=0.95, bottom=0.10, hspace=0.14)
    figure.align_ylabels(axes)
    _name_eclipse(axes[0], edges, o["time_s"])
    return True


def _arrays(orbit: PowerOrbit) -> dict[str, Floats]:
    return {field.name: np.array(getattr(orbit, field.name)) for field in fields(orbit)}


def _array_and_load(o: Mapping[str, Floats]) -> list[tuple[str, Floats, str]]:
    top = max(float(o["available_W"].max()), 1e-9)
    if np.abs(o["available_W"] - o["drawn_W"]).max() < 1e-3 * top:
        found = [("array, all drawn", o["available_W"], PALETTE[1])]
    else:
        found = [("array, available", o["available_W"], PALETTE[4]), ("array, drawn", o["drawn_W"], PALETTE[1])]
    found.append(("load", o["load_W"], PALETTE[7]))
    if (o["load_W"] - o["served_W"]).max() > 1e-6 * max(float(o["load_W"].max()), 1e-9):
        found.append(("load, served", o["served_W"], PALETTE[0]))
    return found


def _curves(axis: Any, x: Floats, lines: list[tuple[str, Floats, str]], label: str) -> None:
    """Lines with their names to the right of their ends."""
    styles = ["-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (7, 2, 1.5, 2))]
    for (_, values, colour), style in zip(lines, styles, strict=False):
        axis.plot(x, values, color=colour, linewidth=2.0, linestyle=style)
    axis.margins(y=0.12)
    plain(axis, label)
    name_ends(axis, [(name, float(values[-1]), colour) for name, values, colour in lines])


def name_ends(axis: Any, ends: list[tuple[str, float, str]]) -> None:
    """Names of curves to the right of their ends (name, value, colour), none over another."""
    low, high = axis.get_ylim()
    points = axis.get_position().height * axis.figure.get_figheight() * 72
    ends = sorted(ends, key=lambda end: end[1])
    places = spread(np.array([end[1] for end in ends]), (low, high), (high - low) * 14.0 / points)
    for (name, value, colour), y in zip(ends, places, strict=True):
        axis.annotate(
            name, (1.0, value), xycoords=("axes fraction", "data"), xytext=(1.025, float(y)), textcoords=("axes fraction", "data"),
            va="center", fontsize=10, color=colour, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.8, "shrinkA": 1, "shrinkB": 0},
        )  # fmt: skip


def _charge(axis: Any, minutes: Floats, percent: Floats, least: float) -> None:
    axis.plot(minutes, percent, color=PALETTE[2], linewidth=2.0)
    reach = max(float(np.ptp(percent)), 5.0)
    low = min(float(percent.min()), least)
    axis.set_ylim(max(-0.3 * reach, low - 0.4 * reach), 103)
    axis.axhline(least, color=INK, linestyle=(0, (6, 4)), linewidth=1.1)
    at = int(np.argmin(percent))
    plain(axis, "charge [%]")
    name_ends(axis, [("battery", float(percent[-1]), PALETTE[2]), (f"lowest allowed {least:.0f} %", least, INK)])
    share = (minutes[at] - minutes[0]) / (minutes[-1] - minutes[0])
    axis.plot([minutes[at]], [percent[at]], "o", color=PALETTE[2], markersize=5)
    axis.annotate(
        f"lowest {percent[at]:.1f} %", (minutes[at], percent[at]), xytext=(8 if share < 0.5 else -8, -5), textcoords="offset points",
        ha="left" if share < 0.5 else "right", va="top", fontsize=9.5, color=PALETTE[2],
    ).set_path_effects(_halo())  # fmt: skip


def _halo() -> list[Any]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=3, foreground="white")]


def nights(edges: Sequence[float], period: float) -> list[tuple[float, float]]:
    """Stretches of shadow and penumbra within [0, period] [s], from the edges of the shadow; two where it spans the start.

    >>> nights([80.0, 20.0], 100.0)
    [(0.0, 20.0), (80.0, 100.0)]
    """
    if not edges:
        return []
    start, end = edges[0], edges[-1]
    return [(start, end)] if start <= end else [(0.0, end), (start, period)]


def _shade(axis: Any, edges: Sequence[float], times: Floats) -> None:
    for start, end in nights(edges, float(times[-1])):
        axis.axvspan(start / 60, end / 60, color=NIGHT, linewidth=0, zorder=0)


def _name_eclipse(axis: Any, edges: Sequence[float], times: Floats) -> None:
    spans = nights(edges, float(times[-1]))
    if spans:
        start, end = max(spans, key=lambda span: span[1] - span[0])
        length = sum(b - a for a, b in spans) / 60
        words = f"eclipse {length:.1f} min"
        axis.text((start + end) / 120, 1.01, words, transform=axis.get_xaxis_transform(), ha="center", va="bottom", color="#5b6675")


# ------------------------------------------------------------------------------------------------------------- the array


def _array(figure: Any, figures: PowerFile) -> bool:
    """Current and power against voltage, hottest and coldest moment in sunlight."""
    array = figures.array
    if not isinstance(array, ArrayCurves):
        return False
    current, power = figure.subplots(1, 2)
    for moment, colour, style in zip(array.moments, (HOT, COLD), ("-", (0, (6, 2))), strict=True):
        volts, best, works = np.array(moment.voltage_V), moment.best, moment.works
        amps, watts = np.array(moment.current_A), np.array(moment.power_W)
        words = f"{moment.name} in sunlight: {moment.temperature_degC:.0f} degC, {moment.sunlight_W_m2:.0f} W/m²"
        words += f",\n{moment.time_s / 60:.0f} min into the orbit"
        current.plot(volts, amps, color=colour, linestyle=style, linewidth=2.0, label=words)
        power.plot(volts, watts, color=colour, linestyle=style, linewidth=2.0)
        for axis, values in ((current, amps), (power, watts)):
            for point, marker, filled in ((best, "D", False), (works, "o", True)):
                y = float(np.interp(point.voltage_V, volts, values)) if axis is current else point.power_W
                face, size = (colour, 8) if filled else ("white", 10)
                axis.plot([point.voltage_V], [y], marker, color=colour, markerfacecolor=face, markersize=size, zorder=4 + filled)
    unit = " per cell" if array.per_cell else ""
    for axis, label in ((current, f"current{unit} [A]"), (power, "power of the array [W]")):
        plain(axis, label)
        axis.set_xlabel(f"voltage{unit} [V]")
        axis.set_xlim(0, None)
        axis.set_ylim(0, 1.14 * axis.get_ylim()[1])
    _name_points(power, array.moments)
    _key(current, figures.regulation)
    figure.text(0.062, 0.955, array.said, fontsize=10, color="#5b6675")
    figure.subplots_adjust(left=0.062, right=0.985, top=0.92, bottom=0.115, wspace=0.17)
    return True


def _name_points(axis: Any, moments: Sequence[ArrayMoment]) -> None:
    """Watts at the most and at the point where the array works, below the curves."""
    for row, (moment, colour) in enumerate(zip(moments, (HOT, COLD), strict=True)):
        words = f"{moment.name}: at most {moment.best.power_W:.0f} W, drawn {moment.works.power_W:.0f} W"
        axis.text(0.23, 0.13 - 0.065 * row, words, transform=axis.transAxes, color=colour, fontsize=10, path_effects=_halo(), zorder=6)


def _key(axis: Any, regulation: str) -> None:
    """What lines and marks mean."""
    from matplotlib.lines import Line2D

    works = "works here: tracker at what is drawn" if regulation == "mppt" else "works here: bus voltage, what is drawn"
    marks = [
        Line2D([], [], color=INK, marker="D", markerfacecolor="white", linestyle="", markersize=9, label="maximum power"),
        Line2D([], [], color=INK, marker="o", linestyle="", markersize=8, label=works),
    ]
    handles, _ = axis.get_legend_handles_labels()
    axis.legend(handles=[*handles, *marks], loc="lower left", frameon=False, fontsize=9.5, labelcolor=INK)


# ------------------------------------------------------------------------------------------------------------- over the years


def _years(figure: Any, figures: PowerFile) -> bool:
    """Array and battery capacity over new, and depth of discharge, year by year."""
    years = figures.years
    if years is None or len(years.rows) < 2:
        return False
    rows, axis = years.rows, figure.subplots()
    x = np.array([0, *(row.year for row in rows)])
    lines = [
        ("array power over new", [1.0, *(row.array for row in rows)], PALETTE[4], "s"),
        ("battery capacity over new", [1.0, *(row.capacity for row in rows)], PALETTE[2], "o"),
    ]
    ends = []
    for name, values, colour, marker in lines:
        percent = 100 * np.array(values)
        axis.plot(x, percent, color=colour, marker=marker, markersize=5, linewidth=2.0)
        ends.append((name, float(percent[-1]), colour))
    low = 100 * np.array([row.min_state_of_charge for row in rows])
    axis.step(x, [low[0], *low], where="pre", color=PALETTE[3], linewidth=2.0, linestyle=(0, (5, 2)))
    ends.append(("lowest state of charge", float(low[-1]), PALETTE[3]))
    axis.set_xlim(0, x[-1])
    axis.set_ylim(max(-3.0, min(low.min(), *(end[1] for end in ends)) - 8), 104)
    axis.set_xticks(x if len(x) <= 21 else x[:: len(x) // 10])
    axis.set_xlabel("years in orbit")
    plain(axis, "share [%]")
    figure.subplots_adjust(left=0.075, right=0.78, top=0.96, bottom=0.16)
    name_ends(axis, ends)
    return True
