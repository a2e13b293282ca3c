"""Bars of what each number of a case does to a temperature, the largest on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from heliorack.visuals.style import FAINT, INK, PALETTE, plain, sheet

MOST = 12  #: bars for one temperature

WARMER, COLDER = PALETTE[0], PALETTE[1]


@dataclass(frozen=True, slots=True)
class Tornado:
    """One temperature and what moves it, the largest first."""

    title: str
    bars: tuple[tuple[str, float], ...]  #: name, and kelvin for one per cent more


def draw(found: Sequence[Tornado], heading: str) -> bytes:
    """PNG of all of them, one below another."""
    rows = [min(len(one.bars), MOST) for one in found]
    height = 1.0 + sum(0.28 * n + 1.0 for n in rows)
    made = sheet(9.0, height)
    made.suptitle(heading, x=0.02, y=1 - 0.14 / height, ha="left", va="top", fontsize=13, fontweight="bold", color=INK)
    made.text(0.02, 1 - 0.46 / height, "kelvin for one per cent more of each number", ha="left", va="top", fontsize=9.5, color=FAINT)
    grid = made.subplots(len(found), 1, squeeze=False, gridspec_kw={"height_ratios": rows}).ravel()
    made.subplots_adjust(
        left=0.42, right=0.95, top=1 - 1.05 / height, bottom=0.5 / height, hspace=1.0 * len(rows) / (0.28 * max(sum(rows), 1))
    )
    for axes, one in zip(grid, found, strict=True):
        _bars(axes, one)
    picture = BytesIO()
    made.savefig(picture, format="png")
    return picture.getvalue()


def _bars(axes: Any, one: Tornado) -> None:
    shown = one.bars[:MOST]
    places = list(range(len(shown)))
    axes.barh(places, [value for _, value in shown], height=0.66, color=[WARMER if value > 0 else COLDER for _, value in shown], zorder=3)
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=4)
    most = max((abs(value) for _, value in shown), default=0.0) or 1.0
    for place, (_, value) in zip(places, shown, strict=True):
        axes.text(
            value + (0.015 if value >= 0 else -0.015) * most,
            place,
            f"{value:+.3f}",
            va="center",
            ha="left" if value >= 0 else "right",
            fontsize=8,
            color=INK,
        )
    plain(axes, "")
    axes.grid(axis="x", color="#d9dde2", linewidth=0.6)
    axes.grid(axis="y", visible=False)
    axes.set_yticks(places, [name for name, _ in shown], fontsize=8.5)
    axes.tick_params(axis="x", labelsize=8.5)
    axes.set(xlim=(-1.25 * most, 1.25 * most), ylim=(len(shown) - 0.4, -0.6))
    axes.set_title(one.title, loc="left", fontsize=10, color=INK)
