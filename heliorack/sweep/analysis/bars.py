"""Pictures of a sweep in rows: influences of the axes, and worst corner against percentiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from heliorack.sweep.analysis.plots import SOFT, figure, style
from heliorack.sweep.analysis.sensitivity import Sensitivity
from heliorack.sweep.analysis.stacked_margins import Stack, Unit
from heliorack.sweep.analysis.table import worded
from heliorack.visuals.style import INK, PALETTE

MOST_BARS = 8  #: axes in one picture of influences

# ------------------------------------------------------------------------------------------------------------- influences


def influences(found: Sequence[Sensitivity]) -> Any:
    """Bars by axis for every figure: alone, and with the others where that is known; the most influential axes."""
    rows = min(max(len(each.influences) for each in found), MOST_BARS)
    across = min(len(found), 3)
    down = -(-len(found) // across)
    totals = any(i.total is not None for each in found for i in each.influences)
    note = "share of the variance that an axis explains alone" + (" (filled) and with the others (outline)" if totals else "")
    note += "; arrow: the figure rises or falls with it" if any(i.slope for each in found for i in each.influences) else ""
    each_tall, gap = 0.30 * rows + 0.2, 0.85
    tall = down * each_tall + (down - 1) * gap + 1.55
    made = figure(max(4.1 * across + 0.4, 7.5), tall, "Sensitivity", note)
    grid = made.subplots(down, across, squeeze=False).ravel()
    left = 1.75 / made.get_figwidth()
    made.subplots_adjust(left=left, right=0.985, top=1 - 1.1 / tall, bottom=0.45 / tall, hspace=gap / each_tall, wspace=0.62)
    for axes in grid[len(found) :]:
        axes.axis("off")
    for axes, each in zip(grid, found, strict=False):
        _bars(axes, each, rows)
    return made


def _bars(axes: Any, each: Sensitivity, rows: int) -> None:
    """Influences on one figure."""
    shown = each.influences[:rows]
    places = np.arange(len(shown))
    axes.barh(places, [i.first for i in shown], height=0.62, color=PALETTE[1], zorder=3)
    if shown[0].total is not None:
        outline = [i.total or 0.0 for i in shown]
        axes.barh(places, outline, height=0.62, facecolor="none", edgecolor=INK, linewidth=1.0, zorder=4)
    for place, influence in zip(places, shown, strict=True):
        share = max(influence.first, influence.total or 0.0)
        arrow = "" if share < 0.01 or not influence.slope else " ↑" if influence.slope > 0 else " ↓"
        axes.text(share + 0.015, place, f"{100 * influence.first:.0f} %{arrow}", va="center", fontsize=8.5, color=INK)
    axes.set_yticks(places, [worded(i.axis).partition(" [")[0] for i in shown], fontsize=9)
    axes.set(xlim=(0, 1.18), ylim=(rows - 0.45, -0.55))
    axes.set_xticks([0, 0.5, 1.0], ["0", "50 %", "100 %"], fontsize=8.5)
    style(axes, "", "", "x")
    axes.set_title(worded(each.figure), loc="left", fontsize=10.5, color=INK)


# ------------------------------------------------------------------------------------------------------------------ stack


def stacked(found: Stack) -> Any:
    """Samples of every unit with percentiles, worst corner, what the case's margin covers, and what is allowed."""
    note = f"{found.samples} samples; the corner puts every axis at the worse of its ends, by the fitted surface"
    made = figure(11, 0.62 * len(found.units) + 2.3, "Worst corner against percentiles", note)
    tall = made.get_figheight()
    axes = made.add_axes((0.17, 0.62 / tall, 0.645, 1 - 1.75 / tall))
    for row, unit in enumerate(found.units):
        _strip(axes, row, unit)
    axes.set_yticks(range(len(found.units)), [f"{unit.label}\n{_words(unit)}" for unit in found.units], fontsize=9)
    axes.set_ylim(len(found.units) - 0.45, -0.6)
    style(axes, "temperature [degC]", "", "x")
    axes.text(1.015, -0.62, "stacking costs", transform=axes.get_yaxis_transform(), fontsize=9, color=SOFT, va="bottom")
    handles, labels = axes.get_legend_handles_labels()
    known = dict(zip(labels, handles, strict=True))
    made.legend(
        known.values(),
        known.keys(),
        loc="upper left",
        bbox_to_anchor=(0.015, 1 - 0.66 / tall),
        handletextpad=0.4,
        columnspacing=1.6,
        ncols=len(known),
        frameon=False,
        fontsize=9,
    )
    return made


def _words(unit: Unit) -> str:
    return "hottest" if unit.temperature.side == "max" else "coldest"


def _strip(axes: Any, row: int, unit: Unit) -> None:
    """Density of the samples of one unit above its line, marks on it."""
    t, blue = unit.temperature, PALETTE[1]
    counts, edges = np.histogram(t.samples, bins=28)
    height = 0.55 * counts / counts.max()
    axes.fill_between(np.repeat(edges, 2)[1:-1], row - np.repeat(height, 2), row, color=blue, alpha=0.22, linewidth=0)
    axes.plot([t.p50], [row], "|", color=blue, markersize=11, markeredgewidth=1.6, label="median")
    axes.plot([t.p95], [row], "|", color=PALETTE[2], markersize=14, markeredgewidth=2.2, label="95 %")
    axes.plot([t.p99], [row], "|", color=INK, markersize=14, markeredgewidth=2.2, label="99 %")
    if t.corner is not None and t.stacked is not None:
        axes.plot([t.p99, t.corner], [row, row], color=PALETTE[0], linewidth=1.6, zorder=2)
        axes.plot([t.corner], [row], "o", color=PALETTE[0], markersize=6, label="worst corner")
        axes.text(1.015, row, f"{t.stacked:.1f} K", transform=axes.get_yaxis_transform(), fontsize=10, color=PALETTE[0], va="center")
    if t.nominal is not None and unit.uncertainty is not None:
        end = t.nominal + (unit.uncertainty if t.side == "max" else -unit.uncertainty)
        axes.plot([end], [row], "^", color=PALETTE[4], markersize=7, label="nominal + uncertainty", zorder=5)
    if unit.allowed is not None:
        axes.plot([unit.allowed], [row], "D", color=PALETTE[7], markersize=5.5, label="allowed", zorder=5)
