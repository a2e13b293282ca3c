"""Pictures of `heliorack orbit`: what falls on the faces over a revolution, the orbit with its shadow, and the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from heliorack.model.flat_faces import Face, normals_of
from heliorack.visuals.labels import spread
from heliorack.visuals.orbit_scene import SUNNY, draw_scene
from heliorack.visuals.style import FAINT, INK, NIGHT, PALETTE, plain, sheet
from orbit.chords import mean_irradiance
from orbit.environment import Environment

if TYPE_CHECKING:
    from orbit.calendar import Calendar
    from orbit.worst import FaceYear

Floats = NDArray[np.float64]
MOST = 6  #: curves per axis
NOTHING = 0.004  #: part of the largest flux that cannot be told from zero in the picture


def revolution_plot(
    file: Path, env: Environment, groups: Sequence[Sequence[Face]], title: str, epoch: str | None, turned: bool = True
) -> None:
    """Write the picture of one revolution.

    Args:
        file: .png, .svg or .pdf.
        env: The revolution.
        groups: Faces with equal normals together, the important first; the first six are drawn.
        title: Of the case.
        epoch: UTC of t = 0 for the heading.
        turned: Whether `env` has the case's attitude; if not, body axes are left out.
    """
    figure = sheet(16 if groups else 9.5, 8.6)
    if groups:
        _fluxes(figure, env, groups)
    draw_scene(figure.add_axes((0.615, 0.03, 0.38, 0.88) if groups else (0.02, 0.03, 0.96, 0.87)), env, turned)
    said = f"{title}  ·  {epoch}" if epoch else title
    figure.suptitle(said, x=0.05, y=0.975, ha="left", fontsize=14, fontweight="bold", color=INK)
    figure.savefig(file)


def _fluxes(figure: Any, env: Environment, groups: Sequence[Sequence[Face]]) -> None:
    """Three stacked axes: sunlight, albedo and infrared on the faces."""
    shown = groups[:MOST]
    falls = mean_irradiance(env, lambda at: normals_of(at, [group[0] for group in shown]))
    names = [group[0].name for group in shown]
    axes = figure.subplots(3, 1, sharex=True)
    minutes, night = env.times / 60, env.illumination < 0.999
    for axis, label, flux in zip(axes, ("sunlight", "albedo", "infrared"), (falls.direct, falls.albedo, falls.infrared), strict=True):
        axis.fill_between(minutes, 0, 1, where=night, transform=axis.get_xaxis_transform(), color=NIGHT, linewidth=0, zorder=0)
        axis.set_xlim(minutes[0], minutes[-1])
        top = max(float(flux.max()), 1.0)
        axis.set_ylim(0, (1.22 if np.any(flux.max(axis=0) < NOTHING * top) else 1.1) * top)
        plain(axis, f"{label} [W/m²]")
        _curves(axis, minutes, flux, names)
    axes[-1].set_xlabel("time over one revolution [min]", color=INK)
    figure.subplots_adjust(left=0.05, right=0.475, top=0.895, bottom=0.065, hspace=0.14)
    if night.any():
        dark = float(np.sum(np.diff(env.times)[(env.illumination[:-1] < 1) | (env.illumination[1:] < 1)]))
        middle = _middle(minutes, night)
        share = middle / minutes[-1]
        axes[0].text(
            middle, 1.01, f"eclipse {dark / 60:.1f} min", transform=axes[0].get_xaxis_transform(), va="bottom", fontsize=10,
            ha="left" if share < 0.08 else "right" if share > 0.92 else "center", color="#5b6675",
        )  # fmt: skip
    merged = any(len(group) > 1 for group in shown)
    words = "incident, each face alone" + ("; a curve stands for all faces with its normal" if merged else "")
    words += f"; {len(shown)} of {len(groups)} directions, by area" if len(groups) > len(shown) else ""
    figure.text(0.05, 0.932, words, fontsize=9, color=FAINT)


def _middle(time: Floats, mask: NDArray[np.bool_]) -> float:
    """Middle of the longest stretch of `time` (n,) in which `mask` (n,) holds."""
    turns = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    first, last = max(zip(turns[::2], turns[1::2] - 1, strict=True), key=lambda run: time[run[1]] - time[run[0]])
    return float(time[first] + time[last]) / 2


def _curves(axis: Any, minutes: Floats, flux: Floats, names: Sequence[str]) -> None:
    """Curves with their names at the right; those that coincide share a name, those that are nothing are named below the top."""
    top = max(float(flux.max()), 1.0)
    ends: list[tuple[str, float, str]] = []
    left, nothing = list(range(len(names))), []
    while left:
        i = left[0]
        same = [j for j in left if np.abs(flux[:, j] - flux[:, i]).max() < NOTHING * top]
        left = [j for j in left if j not in same]
        if flux[:, i].max() < NOTHING * top:
            nothing += [names[j] for j in same]
            continue
        axis.plot(minutes, flux[:, i], color=PALETTE[i], linewidth=1.9)
        ends.append((_together([names[j] for j in same]), float(flux[-1, i]), PALETTE[i]))
    _name_ends(axis, ends)
    if nothing:
        axis.text(0.995, 0.97, f"none on {', '.join(nothing)}", transform=axis.transAxes, ha="right", va="top", fontsize=8.5, color=FAINT)


def _together(names: Sequence[str], widest: int = 26) -> str:
    """Names of curves that coincide, in the room beside the axis."""
    words = ", ".join(names)
    return words if len(names) == 1 or len(words) <= widest else f"{names[0]} and {len(names) - 1} more"


def _name_ends(axis: Any, ends: list[tuple[str, float, str]]) -> None:
    """Names of curves to the right of their ends, apart from one another."""
    low, high = axis.get_ylim()
    ends = sorted(ends, key=lambda end: end[1])
    for (label, value, colour), y in zip(ends, spread(np.array([end[1] for end in ends]), (low, high), (high - low) / 13), strict=True):
        axis.annotate(
            label, (1.0, value), xycoords=("axes fraction", "data"), xytext=(1.03, float(y)),
            textcoords=("axes fraction", "data"), va="center", fontsize=9.5, color=colour, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.8, "shrinkA": 1, "shrinkB": 0, "relpos": (0, 0.5)},
        )  # fmt: skip


def calendar_plot(file: Path, year: Calendar, walk: FaceYear | None, face: str | None, used: float | None, title: str) -> None:
    """Write the picture of a walk: beta angle, eclipse, sunlight and, where there is one, the heat on a face.

    Args:
        file: The picture.
        year: The walk.
        walk: Heat on the face `face`.
        used: Sunlight that the heat is computed with, if not the seasonal one [W/m2].
        title: Of the case.
    """
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num

    rows: list[tuple[str, Floats, str]] = [
        ("beta angle [deg]", np.degrees(year.beta), PALETTE[1]),
        ("eclipse per\nrevolution [min]", year.eclipse / 60, INK),
        ("sunlight with\nseason [W/m²]", year.solar, SUNNY),
    ]
    if walk:
        rows.append(("absorbed, orbit\nmean [W/m²]", walk.heat, PALETTE[0]))
    figure = sheet(12, 2.0 * len(rows) + 1.2)
    axes = figure.subplots(len(rows), 1, sharex=True)
    dates = date2num(year.start) + year.days
    always = bool(np.all(year.eclipse > 0))
    for axis, (label, values, colour) in zip(axes, rows, strict=True):
        for first, last in () if always else year.seasons():
            axis.axvspan(dates[0] + first, dates[0] + last, color=NIGHT, linewidth=0, zorder=0)
        axis.plot(dates, values, color=colour, linewidth=1.7)
        axis.set_xlim(dates[0], dates[-1])
        axis.margins(y=0.22)
        plain(axis, label)
    if year.eclipse.max() > 0:
        axes[1].set_ylim(0, 1.3 * float(year.eclipse.max()) / 60)
        _mark(axes[1], year, dates, rows[1][1], year.longest(), "longest", f"{year.eclipse.max() / 60:.1f} min", INK)
    else:
        axes[1].set_ylim(0, 1)
    if used is not None:
        axes[2].axhline(used, color=FAINT, linestyle=(0, (6, 4)), linewidth=1.1)
        axes[2].margins(y=0.22)
        axes[2].annotate(
            f"{used:g} W/m² in the heat below", (1.0, used), xycoords=("axes fraction", "data"), xytext=(-4, 3), textcoords="offset points",
            ha="right", va="bottom", fontsize=9, color="#5b6675",
        )  # fmt: skip
    if walk:
        _mark(axes[3], year, dates, walk.heat, walk.hottest(), "hottest", f"{walk.heat.max():.1f} W/m²", PALETTE[0])
        _mark(axes[3], year, dates, walk.heat, walk.coldest(), "coldest", f"{walk.heat.min():.1f} W/m²", PALETTE[1], below=True)
        axes[3].text(0.0, 1.02, f"face {face}", transform=axes[3].transAxes, fontsize=9, color="#5b6675", va="bottom")
    locator = AutoDateLocator()
    axes[-1].xaxis.set_major_locator(locator)
    axes[-1].xaxis.set_major_formatter(ConciseDateFormatter(locator))
    figure.suptitle(title, x=0.09, y=0.985, ha="left", fontsize=14, fontweight="bold", color=INK)
    said = "an eclipse in every revolution" if always else "grey: eclipse season" if year.eclipse.max() > 0 else "no eclipse"
    figure.text(0.975, 0.985, f"{said}; {year.start:%Y-%m-%d} to {year.start + timedelta(days=float(year.days[-1])):%Y-%m-%d}",
                ha="right", va="top", fontsize=9.5, color="#5b6675")  # fmt: skip
    figure.subplots_adjust(left=0.09, right=0.975, top=1 - 0.62 / figure.get_figheight(), bottom=0.5 / figure.get_figheight(), hspace=0.2)
    figure.savefig(file)


def _mark(
    axis: Any, year: Calendar, dates: Floats, values: Floats, index: int, name: str, value: str, colour: str, below: bool = False
) -> None:
    """A marker with its name, date and value."""
    share = (dates[index] - dates[0]) / (dates[-1] - dates[0])
    when: datetime = year.epoch(index)
    axis.plot([dates[index]], [values[index]], "v" if not below else "^", color=colour, markersize=7, zorder=5, clip_on=False)
    axis.annotate(
        f"{name} {when:%Y-%m-%d}, {value}", (dates[index], values[index]), xytext=(0, -8 if below else 8), textcoords="offset points",
        ha="left" if share < 0.12 else "right" if share > 0.88 else "center", va="top" if below else "bottom", fontsize=9.5, color=colour,
    )  # fmt: skip
