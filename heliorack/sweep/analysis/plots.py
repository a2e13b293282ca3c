"""Pictures of a sweep: front, parallel coordinates and slices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.sweep.analysis.pareto import Objective
from heliorack.sweep.analysis.sensitivity import GOOD_FIT, fitted
from heliorack.sweep.analysis.slices import cut, held
from heliorack.sweep.analysis.table import Axis, Floats, SweepTable, worded
from heliorack.visuals.labels import spread
from heliorack.visuals.style import FAINT, INK, PALETTE, sheet

GRID, MISSED, SOFT = "#d9dde2", "#fbeceb", "#5b6675"
SCALE = "plasma"
MOST_TICKS = 8
MOST_HELD = 80  #: thin lines in one slice
NAMED = 9  #: designs of the front that are named


def figure(width: float, height: float, heading: str, note: str = "") -> Any:
    """An empty white figure with a heading and a remark below it."""
    made = sheet(width, height)
    made.suptitle(heading, x=0.02, y=1 - 0.14 / height, ha="left", va="top", fontsize=13, fontweight="bold", color=INK)
    made.text(0.02, 1 - 0.46 / height, note, ha="left", va="top", fontsize=9.5, color=SOFT)
    return made


def style(axes: Any, across: str, up: str, grid: str = "both") -> None:
    """Name the axes and draw them as all plots of a sweep do; `grid` is x, y or both."""
    axes.set_xlabel(across, color=INK)
    axes.set_ylabel(up, color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.tick_params(colors=INK)
    axes.grid(axis=grid, color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)


# ------------------------------------------------------------------------------------------------------------------ front


def pareto(table: SweepTable, x: Objective, y: Objective, front: NDArray[np.intp]) -> Any:
    """Every design, and those that none other beats, with their values."""
    colours, shown = _hues(table)
    note = f"{_way(x)} {x.words}, {_way(y)} {y.words}; line: designs that none other beats in both; hollow: a limit is missed"
    made = figure(11, 6.2, "Pareto front", note)
    axes = made.add_axes((0.075, 0.10, 0.73, 0.76))
    at, up = table.numbers(x.column), table.numbers(y.column)
    holds = np.array([bool(row.get("holds")) for row in table.rows])
    places = shown.at if shown else np.zeros(len(at))
    for place, words in shown.levels if shown else ((0.0, "designs"),):
        mine = places == place
        colour = colours[place]
        axes.scatter(at[mine & holds], up[mine & holds], s=38, color=colour, label=words, zorder=3, linewidth=0, alpha=0.9)
        axes.scatter(at[mine & ~holds], up[mine & ~holds], s=34, facecolor="white", edgecolor=colour, zorder=3, linewidth=1.3)
        if not (mine & holds).any():
            axes.scatter([], [], s=34, facecolor="white", edgecolor=colour, label=words)
    axes.margins(0.06)
    style(axes, x.words, y.words)
    _shade_missed(axes, y.column)
    if len(front):
        axes.plot(at[front], up[front], color=INK, linewidth=1.4, zorder=2)
        axes.scatter(at[front], up[front], s=110, facecolor="none", edgecolor=INK, linewidth=1.2, zorder=4)
        _name_front(axes, table, at, up, front, shown)
    if shown:
        axes.legend(
            title=shown.words,
            loc="upper left",
            bbox_to_anchor=(1.005, 1.0),
            frameon=False,
            fontsize=10,
            title_fontsize=10,
            alignment="left",
        )
    return made


def _way(objective: Objective) -> str:
    return "least" if objective.better == "min" else "most"


def _hues(table: SweepTable) -> tuple[dict[float, Any], Axis | None]:
    """Colours by level of one axis: names before numbers, as long as there are colours."""
    few = [axis for axis in table.axes if not axis.sampled and len(axis.levels) <= len(PALETTE)]
    few.sort(key=lambda axis: (axis.kind != "name", len(axis.levels)))
    if not few:
        return {0.0: PALETTE[1]}, None
    order = (1, 0, 2, 4, 3, 5, 6, 7)
    return {place: PALETTE[order[i]] for i, (place, _) in enumerate(few[0].levels)}, few[0]


def _shade_missed(axes: Any, column: str, words: str = "missed ") -> None:
    """The side of a margin on which limits are missed."""
    low, high = axes.get_ylim()
    if column == "tightest_margin_K" and low < 0:
        axes.axhspan(low, 0, color=MISSED, zorder=0, linewidth=0)
        axes.set_ylim(low, high)
        axes.text(0.995, 0.0, words, transform=axes.get_yaxis_transform(), ha="right", va="top", fontsize=9, color="#b3261e")


def _name_front(axes: Any, table: SweepTable, at: Floats, up: Floats, front: NDArray[np.intp], shown: Axis | None) -> None:
    """Values of the axes beside designs of the front, on the side where no design lies."""
    from matplotlib.patheffects import withStroke

    named = front if len(front) <= NAMED else front[np.unique(np.linspace(0, len(front) - 1, NAMED).round().astype(int))]
    others = [axis for axis in table.axes if axis is not shown and not axis.sampled]
    if not others:
        return
    height = axes.get_position().height * axes.figure.get_figheight() * 72
    order = sorted(named, key=lambda i: up[i])
    gap = np.ptp(axes.get_ylim()) * 13 / height
    left, right = axes.get_xlim()
    reach = 0.02 * (right - left)
    places = spread(np.array([up[i] + gap for i in order]), axes.get_ylim(), gap)
    axes.set_xlim(left - 0.13 * (right - left), right)
    for i, y in zip(order, places, strict=True):
        words = ", ".join(_brief(axis, int(i)) for axis in others)
        text = axes.annotate(
            words, (at[i], up[i]), xytext=(at[i] - reach, float(y)), textcoords="data", ha="right", va="center", fontsize=8.5, color=INK,
            arrowprops={"arrowstyle": "-", "color": FAINT, "linewidth": 0.7, "shrinkB": 5}, zorder=6,
        )  # fmt: skip
        text.set_path_effects([withStroke(linewidth=2.5, foreground="white")])


def _brief(axis: Axis, i: int) -> str:
    """A value with its unit: 850 mm."""
    words = axis.words
    unit = words[words.rindex("[") + 1 : -1] if words.endswith("]") else ""
    return f"{axis.of(i)} {unit}".strip()


# --------------------------------------------------------------------------------------------------------------- parallel


def parallel(table: SweepTable, shown: Sequence[Axis], figures: Sequence[str], front: NDArray[np.intp], by: str) -> Any:
    """One line per design through its axes and figures, coloured by one figure; those of the front stand out."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    columns: list[tuple[str, Floats, tuple[tuple[float, str], ...]]] = [
        (axis.words, axis.at, axis.levels if len(axis.levels) <= MOST_TICKS else ()) for axis in shown
    ]
    columns += [(worded(name), table.numbers(name), ()) for name in figures]
    shade = table.numbers(by)
    colours = _scale()
    span = Normalize(float(np.nanmin(shade)), float(np.nanmax(shade)))
    note = f"a line per design, coloured by {worded(by)}" + ("; thick: Pareto front" if len(front) else "")
    made = figure(max(9.0, 1.45 * len(columns) + 2), 5.6, "Parallel coordinates", note)
    axes = made.add_axes((0.06, 0.06, 0.84, 0.70))
    lines = np.column_stack([_unit_span(at) for _, at, _ in columns])
    thick = set(front.tolist())
    for i in sorted(range(len(lines)), key=lambda i: (i in thick, shade[i])):
        strong = i in thick
        wide, alpha = (2.2, 1.0) if strong else (0.8, 0.45 if len(lines) > 40 else 0.7)
        axes.plot(range(len(columns)), lines[i], color=colours(span(shade[i])), linewidth=wide, alpha=alpha, zorder=3 if strong else 2)
    for place, (words, at, levels) in enumerate(columns):
        _upright(axes, place, words, at, levels)
    axes.set(xlim=(-0.35, len(columns) - 0.45), ylim=(-0.05, 1.05))
    axes.axis("off")
    bar = made.colorbar(ScalarMappable(span, colours), cax=made.add_axes((0.925, 0.10, 0.012, 0.62)))
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=INK)
    return made


def _scale() -> Any:
    """Colours without the palest, which would vanish on white."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    return ListedColormap(colormaps[SCALE](np.linspace(0, 0.92, 256)))


def _upright(axes: Any, place: int, words: str, at: Floats, levels: Sequence[tuple[float, str]]) -> None:
    """One upright of the picture with its scale."""
    from matplotlib.patheffects import withStroke
    from matplotlib.ticker import MaxNLocator

    axes.plot([place, place], [0, 1], color=INK, linewidth=1.0, zorder=4)
    name, bracket, unit = words.partition(" [")
    axes.text(place, 1.075, f"{_wrapped(name)}\n{bracket.strip()}{unit}".rstrip(), ha="center", va="bottom", fontsize=9.5, color=INK)
    low, high = float(np.nanmin(at)), float(np.nanmax(at))
    ticks = levels or [(value, f"{value:.6g}") for value in MaxNLocator(6).tick_values(low, high) if low <= value <= high]
    for value, text in ticks:
        y = (value - low) / (high - low) if high > low else 0.5
        axes.plot([place - 0.02, place + 0.02], [y, y], color=INK, linewidth=0.8, zorder=4)
        axes.text(place - 0.045, y, text, ha="right", va="center", fontsize=8.5, color=INK, zorder=5).set_path_effects(
            [withStroke(linewidth=2.5, foreground="white")]
        )


def _unit_span(at: Floats) -> Floats:
    span = np.nanmax(at) - np.nanmin(at)
    return np.asarray((at - np.nanmin(at)) / span) if span > 0 else np.full(len(at), 0.5)


def _wrapped(text: str, width: int = 16) -> str:
    from textwrap import fill

    return fill(text, width)


# ----------------------------------------------------------------------------------------------------------------- slices


def slices(table: SweepTable, figures: Sequence[str], shown: Sequence[Axis]) -> Any:
    """Each figure against some axes: mean over the rest, and lines or samples behind it."""
    across = min(len(shown), 4)
    blocks = -(-len(shown) // across)
    sampled = bool(table.sampled)
    note = (
        "dots: samples; orange: fitted surface with every other axis at its median, or blue: mean by bin"
        if sampled
        else "grey: every other axis held; blue: mean over them, and range"
        if len(table.axes) > 1
        else ""
    )
    each_tall, top, between = 2.25 * len(figures), 0.85, 0.75
    tall = blocks * each_tall + (blocks - 1) * between + top + 0.62
    made = figure(max(3.3 * across + 0.6, 7.5), tall, "Response slices", note)
    grid = [
        made.add_gridspec(
            len(figures), across, left=0.9 / made.get_figwidth(), right=0.985, hspace=0.22, wspace=0.08,
            top=1 - (top + k * (each_tall + between)) / tall, bottom=1 - (top + k * (each_tall + between) + each_tall) / tall,
        ).subplots(squeeze=False)
        for k in range(blocks)
    ]  # fmt: skip
    for j, name in enumerate(figures):
        y = table.numbers(name)
        low, high = float(np.nanmin(y)), float(np.nanmax(y))
        for i in range(blocks * across):
            axes = grid[i // across][j, i % across]
            if i >= len(shown):
                axes.axis("off")
                continue
            _slice(axes, table, shown[i], name)
            axes.set_ylim(low - 0.06 * (high - low), high + 0.06 * (high - low))
            last = j == len(figures) - 1
            style(axes, shown[i].words if last else "", worded(name) if i % across == 0 else "")
            _shade_missed(axes, name, "missed " if i == 0 else "")
            _ticks(axes, shown[i])
            if i % across:
                axes.set_yticklabels([])
            if not last:
                axes.tick_params(labelbottom=False)
    return made


def _ticks(axes: Any, axis: Axis) -> None:
    if axis.kind == "name":
        picked = axis.levels[:: -(-len(axis.levels) // 8)]
        axes.set_xticks([at for at, _ in picked], [words.replace("_", "\n") for _, words in picked], fontsize=8.5)
        axes.set_xlim(-0.4, axis.levels[-1][0] + 0.4)
    elif axis.kind == "time":
        picked = axis.levels[:: -(-len(axis.levels) // 6)]
        axes.set_xticks([at for at, _ in picked], [words[5:] for _, words in picked], fontsize=8.5)
    elif len(axis.levels) <= 6:
        axes.set_xticks([at for at, _ in axis.levels], [words for _, words in axis.levels], fontsize=9)


def _slice(axes: Any, table: SweepTable, axis: Axis, name: str) -> None:
    found, blue = cut(table, axis, name), PALETTE[1]
    if axis.sampled:
        axes.scatter(axis.at, table.numbers(name), s=9, color=FAINT, alpha=0.7, linewidth=0)
        if not _surface_line(axes, table, axis, name):
            axes.plot(found.at, found.mean, color=blue, linewidth=1.8, marker="o", markersize=3.5)
        return
    lines = held(table, axis, name) if len(table.axes) > 1 else []
    for at, values in lines[:: -(-len(lines) // MOST_HELD)] if lines else []:
        axes.plot(at, values, color=FAINT, linewidth=0.7, alpha=0.6)
    axes.fill_between(found.at, found.least, found.greatest, color=blue, alpha=0.08, linewidth=0)
    axes.plot(found.at, found.mean, color=blue, linewidth=2.0, linestyle=":" if axis.kind == "name" else "-", marker="o", markersize=4)


def _surface_line(axes: Any, table: SweepTable, axis: Axis, name: str) -> bool:
    """The fitted surface along one axis; False where it does not follow the samples."""
    if len(table.sampled) != len(table.axes):
        return False
    x, y = np.column_stack([other.at for other in table.sampled]), table.numbers(name)
    known = ~np.isnan(y)
    surface = fitted(x[known], y[known])
    if surface is None or surface.fit < GOOD_FIT:
        return False
    along = np.linspace(axis.at.min(), axis.at.max(), 40)
    points = np.tile(np.median(x, axis=0), (len(along), 1))
    points[:, [other.column for other in table.sampled].index(axis.column)] = along
    axes.plot(along, surface(points), color=PALETTE[0], linewidth=1.8)
    return True
