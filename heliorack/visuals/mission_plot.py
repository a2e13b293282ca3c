"""The life of a mission as a picture: margins of limits, array and battery over the years, and what breaks first."""

from io import BytesIO
from typing import Any

import numpy as np

from heliorack.casefile.patterns import siblings
from heliorack.runfolder.mission import MissionFigures, MissionLimit
from heliorack.visuals.power_plots import name_ends
from heliorack.visuals.style import FAINT, INK, PALETTE, plain, sheet

MOST_LINES = 6  #: limits that are drawn, the tightest
REACH = 40.0  #: K beyond the tightest at its tightest, up to which others are drawn


def picture(life: MissionFigures) -> bytes:
    """PNG of the life of a mission."""
    rows = 1 + 2 * (life.power is not None)
    figure = sheet(12, 2.0 + 2.4 * rows)
    axes = np.atleast_1d(figure.subplots(rows, 1, sharex=True, height_ratios=[1.7, 1.0, 1.0][:rows]))
    years = np.array(life.times_years)
    _margins(axes[0], life)
    if life.power is not None:
        _curve(axes[1], years, 100 * np.array(life.power.array_margin), "array surplus [%]", "array", PALETTE[4])
        axes[1].axhline(0.0, color=INK, linestyle=(0, (6, 4)), linewidth=1.1)
        depth = 100 * np.array(life.power.depth_of_discharge)
        _curve(axes[2], years, np.minimum(depth, 100.0), "discharge [%]", "battery", PALETTE[2])
        axes[2].axhline(100 * life.power.allowed_depth, color=INK, linestyle=(0, (6, 4)), linewidth=1.1)
    for axis in axes:
        axis.set_xlim(0.0, life.years)
        if life.first_year is not None:
            axis.axvline(life.first_year, color=PALETTE[0], linewidth=1.4)
    axes[-1].set_xlabel(f"years from {life.start}")
    figure.subplots_adjust(left=0.075, right=0.78, top=0.93, bottom=0.09, hspace=0.12)
    figure.align_ylabels(list(axes))
    figure.canvas.draw()
    _name_margins(axes[0], life)
    if life.first is not None:
        figure.text(0.075, 0.955, f"first to break: {life.first}", color=PALETTE[0], fontsize=10.5)
    out = BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def drawn(life: MissionFigures) -> list[tuple[str, MissionLimit]]:
    """The tightest limits, one for each group of numbered siblings, with their names."""
    found: list[tuple[str, MissionLimit]] = []
    for side in ("max", "min"):
        for mode in dict.fromkeys(limit.mode for limit in life.limits):
            mine = {limit.on: limit for limit in life.limits if (limit.side, limit.mode) == (side, mode)}
            for label, members in siblings(list(mine)).items():
                tight = min((mine[name] for name in members), key=lambda limit: limit.least_K)
                found.append((f"{label} {side}" + ("" if mode == "operating" else f", {mode.replace('_', '-')}"), tight))
    ordered = sorted(found, key=lambda each: each[1].least_K)
    return [each for each in ordered if each[1].least_K <= ordered[0][1].least_K + REACH][:MOST_LINES]


def _margins(axis: Any, life: MissionFigures) -> None:
    for (_, limit), colour in zip(drawn(life), PALETTE, strict=False):
        axis.plot(life.times_years, limit.margin_K, color=colour, linewidth=1.8)
    axis.axhline(0.0, color=INK, linestyle=(0, (6, 4)), linewidth=1.1)
    axis.margins(y=0.1)
    plain(axis, "margin [K]")


def _name_margins(axis: Any, life: MissionFigures) -> None:
    name_ends(axis, [(name, limit.margin_K[-1], colour) for (name, limit), colour in zip(drawn(life), PALETTE, strict=False)])


def _curve(axis: Any, years: Any, values: Any, label: str, name: str, colour: str) -> None:
    axis.fill_between(years, 0.0, values, color=colour, alpha=0.18, linewidth=0)
    axis.plot(years, values, color=colour, linewidth=1.8)
    axis.axhline(0.0, color=FAINT, linewidth=0.8)
    plain(axis, label)
    name_ends(axis, [(name, float(values[-1]), colour)])
