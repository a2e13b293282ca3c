"""Pictures of `heliorack orbit`: what falls on the faces over a revolution, the orbit with its shadow, and the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from heliorack.labels import spread
from heliorack.plots import FAINT, INK, NIGHT, PALETTE
from orbit.environment import Environment, irradiance, place

if TYPE_CHECKING:
    from heliorack.orbiting import Face
    from orbit.calendar import Calendar
    from orbit.worst import FaceYear

Floats = NDArray[np.float64]
MOST = 6  #: curves per axis
NOTHING = 0.004  #: part of the largest flux that cannot be told from zero in the picture
SUNNY, DAY, DARK, SHADE = "#e0a100", "#bcd7ee", "#4d6a8a", "#c9cfd8"
TRIAD = (("x", PALETTE[0]), ("y", PALETTE[2]), ("z", PALETTE[1]))
SUN_RADIUS = 6.957e8  #: m, nominal (IAU 2015 Resolution B3); for the taper of the drawn umbra
AU = 1.495978707e11  #: m


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
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(16 if groups else 9.5, 8.6), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    if groups:
        _fluxes(figure, env, groups)
    _scene(figure.add_axes((0.60, 0.03, 0.395, 0.88) if groups else (0.02, 0.03, 0.96, 0.87)), env, turned)
    said = f"{title}  ·  {epoch}" if epoch else title
    figure.suptitle(said, x=0.05, y=0.975, ha="left", fontsize=14, fontweight="bold", color=INK)
    figure.savefig(file)


def _fluxes(figure: Any, env: Environment, groups: Sequence[Sequence[Face]]) -> None:
    """Three stacked axes: sunlight, albedo and infrared on the faces."""
    shown = groups[:MOST]
    falls = irradiance(env, np.array([group[0].normal for group in shown]))
    names = [group[0].name for group in shown]
    axes = figure.subplots(3, 1, sharex=True)
    minutes, night = env.times / 60, env.illumination < 0.999
    for axis, label, flux in zip(axes, ("sunlight", "albedo", "infrared"), (falls.direct, falls.albedo, falls.infrared), strict=True):
        axis.fill_between(minutes, 0, 1, where=night, transform=axis.get_xaxis_transform(), color=NIGHT, linewidth=0, zorder=0)
        axis.set_xlim(minutes[0], minutes[-1])
        top = max(float(flux.max()), 1.0)
        axis.set_ylim(0, (1.22 if np.any(flux.max(axis=0) < NOTHING * top) else 1.1) * top)
        _plain(axis, f"{label} [W/m²]")
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
    words = "incident, each face alone" + ("; a curve stands for all faces with the same normal" if merged else "")
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
        more = f" and {len(same) - 2} more" if len(same) > 2 else ""
        ends.append((", ".join(names[j] for j in same[:2]) + more, float(flux[-1, i]), PALETTE[i]))
    _name_ends(axis, ends)
    if nothing:
        axis.text(0.995, 0.97, f"none on {', '.join(nothing)}", transform=axis.transAxes, ha="right", va="top", fontsize=8.5, color=FAINT)


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


def _plain(axis: Any, label: str) -> None:
    axis.set_ylabel(label, color=INK)
    axis.spines[["top", "right"]].set_visible(False)
    axis.spines[["left", "bottom"]].set_color(FAINT)
    axis.tick_params(colors=INK)
    axis.grid(axis="y", color="#d9dde2", linewidth=0.6)
    axis.set_axisbelow(True)


@dataclass(frozen=True, slots=True, eq=False)
class Eye:
    """Parallel projection onto the plane normal to `towards`; lengths in planet radii."""

    towards: Floats  #: (3,) unit, from the planet to the eye
    right: Floats  #: (3,) unit
    up: Floats  #: (3,) unit

    def flat(self, points: Floats) -> Floats:
        """Picture coordinates (..., 2)."""
        return np.asarray(points @ np.stack([self.right, self.up], axis=1))

    def hidden(self, points: Floats) -> NDArray[np.bool_]:
        """Which points (n, 3) lie behind the planet."""
        flat = self.flat(points)
        return np.asarray((points @ self.towards < 0) & (np.hypot(flat[:, 0], flat[:, 1]) < 1))


def best_eye(pole: Floats, normal: Floats, sun: Floats) -> Eye:
    """The view with the pole upwards that opens the orbit, lets the shadow run across and has the Sun at the left."""
    side = np.cross(pole, np.eye(3)[int(np.argmin(np.abs(pole)))])
    side /= np.linalg.norm(side)
    front = np.cross(pole, side)
    best, found = -np.inf, None
    for turn, height in product(np.radians(np.arange(0, 360, 5)), np.radians([15, 22, 30])):
        towards = np.cos(height) * (np.cos(turn) * side + np.sin(turn) * front) + np.sin(height) * pole
        right = np.cross(pole, towards) / np.linalg.norm(np.cross(pole, towards))
        opened, facing, left = abs(towards @ normal), towards @ sun, -(right @ sun)
        score = -4 * (opened - 0.5) ** 2 - 4 * max(0.0, facing - 0.5) ** 2 - 4 * max(0.0, 0.1 - facing) ** 2 + 0.5 * left
        if score > best:
            best, found = score, Eye(towards, right, np.cross(towards, right))
    assert found is not None
    return found


def _scene(axis: Any, env: Environment, turned: bool) -> None:
    """The orbit around the Earth in space: shadow, Sun, eclipse arc, body axes."""
    where = place(env) / env.planet_radius
    back = np.swapaxes(env.rotation, 1, 2) if env.rotation is not None else np.broadcast_to(np.eye(3), (len(env.times), 3, 3))
    sun = back[0] @ env.sun[0]
    pole = back[0] @ env.pole[0] if env.pole is not None else np.array([0.0, 0.0, 1.0])
    normal = np.cross(where[0], where[np.searchsorted(env.times, env.period / 5)])
    eye = best_eye(pole, normal / np.linalg.norm(normal), sun)
    far = float(np.linalg.norm(where, axis=1).max())
    axis.set_aspect("equal")
    axis.axis("off")
    lee = 1.12 * far
    _shadow(axis, eye, sun, lee)
    _globe(axis, eye, sun, None if np.isnan(env.inclination) else pole)
    _path(axis, eye, env, where)
    _name_places(axis, eye, env, where)
    light = _to_the_sun(axis, eye, sun, far, eye.flat(where)[0])
    if turned:
        _body_axes(axis, eye, env, where, back)
    reach = eye.flat(where)
    edge = 0.2 * far
    wide = np.array([0.5 * far, edge])  # room for words
    named = eye.flat(np.stack([where[np.searchsorted(env.times, t)] for t, _ in _places(env)]))
    earth = np.array([[-1.05, -1.05], [1.05, 1.2]])
    corners = np.concatenate(
        [reach - edge, reach + edge, named + np.sign(named) * wide, light, earth, eye.flat(_ring(sun, -lee * sun, 1.0))]
    )
    low, high = corners.min(axis=0), corners.max(axis=0)
    axis.set_xlim(low[0], high[0])
    axis.set_ylim(low[1], high[1])
    words = "seen along parallel lines; dotted where the Earth is in front" + ("" if np.isnan(env.inclination) else "; north is up")
    box = axis.get_position()
    axis.figure.text((box.x0 + box.x1) / 2, 0.02, words, ha="center", va="bottom", fontsize=9, color=FAINT)


def _ring(direction: Floats, centre: Floats, radius: float, n: int = 181) -> Floats:
    """A circle (n, 3) about `direction`."""
    across = np.cross(direction, np.eye(3)[int(np.argmin(np.abs(direction)))])
    across /= np.linalg.norm(across)
    turn = np.linspace(0, 2 * np.pi, n)[:, None]
    return np.asarray(centre + radius * (np.cos(turn) * across + np.sin(turn) * np.cross(direction, across)))


def _shadow(axis: Any, eye: Eye, sun: Floats, length: float) -> None:
    """The umbra as far as the picture goes, and its end."""
    from scipy.spatial import ConvexHull

    taper = 1 - length * (SUN_RADIUS - 6.378e6) / AU  # radii; a cylinder would keep 1
    end = eye.flat(_ring(sun, -length * sun, max(taper, 0.05)))
    outline = np.concatenate([eye.flat(_ring(sun, np.zeros(3), 1.0)), end])
    axis.fill(*outline[ConvexHull(outline).vertices].T, color=NIGHT, linewidth=0, zorder=1)
    axis.fill(*end.T, facecolor=SHADE, edgecolor="none", zorder=1.1)
    lee = eye.flat(-sun)
    out = (1 + length * float(np.hypot(*lee)) + max(taper, 0.05) * abs(float(sun @ eye.towards))) / 2
    axis.annotate(
        "shadow", out * lee / np.hypot(*lee), ha="center", va="center", fontsize=9.5, color="#5b6675", zorder=6, path_effects=_halo()
    )


def _globe(axis: Any, eye: Eye, sun: Floats, pole: Floats | None) -> None:
    """The Earth: day and night, and a net of latitudes and longitudes if it has a pole."""
    from matplotlib.colors import to_rgb

    u = np.linspace(-1, 1, 801)
    x, y = np.meshgrid(u, u)
    z = np.sqrt(np.maximum(1 - x**2 - y**2, 0.0))
    inside = np.clip(200 * (1 - np.hypot(x, y)), 0, 1)
    light = (x[..., None] * eye.right + y[..., None] * eye.up + z[..., None] * eye.towards) @ sun
    share = np.clip(0.5 + 6 * light, 0, 1)[..., None]
    colour = share * np.array(to_rgb(DAY)) + (1 - share) * np.array(to_rgb(DARK))
    axis.imshow(np.dstack([colour, inside]), extent=(-1, 1, -1, 1), origin="lower", zorder=3, interpolation="bilinear")
    if pole is None:
        return
    rings = [_ring(pole, np.sin(lat) * pole, float(np.cos(lat))) for lat in np.radians([-60, -30, 0, 30, 60])]
    prime = _ring(pole, np.zeros(3), 1.0)
    rings += [_ring(np.cross(pole, prime[i]), np.zeros(3), 1.0) for i in range(0, 90, 15)]
    for ring in rings:
        seen = np.where((ring @ eye.towards >= 0)[:, None], eye.flat(ring), np.nan)
        axis.plot(*seen.T, color="white", linewidth=0.6, alpha=0.7, zorder=3.1)
    if pole @ eye.towards > 0:
        axis.plot(*eye.flat(np.stack([pole, 1.16 * pole])).T, color=INK, linewidth=1.2, zorder=3.2)
        axis.annotate(
            "N", eye.flat(1.16 * pole), xytext=(0, 2), textcoords="offset points", ha="center", va="bottom", fontsize=9.5, color=INK,
            zorder=3.2, path_effects=_halo(),
        )  # fmt: skip


def _path(axis: Any, eye: Eye, env: Environment, where: Floats) -> None:
    """The orbit, its eclipse arc, where it starts and which way it goes."""
    flat, behind = eye.flat(where), eye.hidden(where)
    dark = env.illumination < 0.5
    for mask, colour, width in ((~dark, SUNNY, 2.4), (dark, "#222b38", 3.4)):
        wide = mask | np.roll(mask, 1)  # the pieces meet
        for unseen, style, level in ((False, "-", 4), (True, (0, (1, 1.6)), 3.5)):
            line = np.where((wide & (behind == unseen))[:, None], flat, np.nan)
            axis.plot(*line.T, color=colour, linewidth=width if not unseen else 1.8, linestyle=style, zorder=level, solid_capstyle="butt")
    _go(axis, env, flat)


def _places(env: Environment) -> list[tuple[float, str]]:
    """Moments that the picture names [s]: the start, and where the first eclipse begins and ends."""
    if not len(env.edges):
        return [(0.0, "t = 0")]
    entry, leave = float(env.edges[0]), float(env.edges[3 if len(env.edges) % 4 == 0 else 1])
    return [(0.0, "t = 0"), (entry, f"enters shadow\n{entry / 60:.1f} min"), (leave, f"leaves shadow\n{leave / 60:.1f} min")]


def _name_places(axis: Any, eye: Eye, env: Environment, where: Floats) -> None:
    """Dots and names; places that lie close together share one label."""
    near = 0.25 * float(np.linalg.norm(where, axis=1).max())
    groups: list[list[tuple[Floats, str]]] = []
    for t, words in _places(env):
        at = eye.flat(np.array([np.interp(t, env.times, where[:, i]) for i in range(3)]))
        axis.plot(*at, "o", color=INK, markersize=5, zorder=6)
        close = [group for group in groups if any(np.hypot(*(at - other)) < near for other, _ in group)]
        if close:
            close[0].append((at, words))
        else:
            groups.append([(at, words)])
    for group in groups:
        words = group[0][1] if len(group) == 1 else "\n".join(words.replace("\n", " ") for _, words in group)
        _beside(axis, words, np.mean([at for at, _ in group], axis=0))


def _go(axis: Any, env: Environment, flat: Floats) -> None:
    """An arrow head on the path."""
    i = int(np.searchsorted(env.times, 0.06 * env.period))
    step = flat[i + 1] - flat[i]
    length = max(float(np.hypot(*step)), 1e-9)
    axis.annotate(
        "", flat[i] + step / length * 1e-3, flat[i] - step / length * 1e-3, zorder=6,
        arrowprops={"arrowstyle": "-|>", "color": SUNNY, "linewidth": 2.4, "mutation_scale": 22},
    )  # fmt: skip


def _beside(axis: Any, words: str, at: Floats) -> None:
    """Words outside of the path, away from the Earth."""
    away = at / max(float(np.hypot(*at)), 1e-9)
    axis.annotate(
        words, at, xytext=tuple(9 * away), textcoords="offset points", fontsize=9.5, color=INK, zorder=7,
        ha="left" if away[0] > 0.35 else "right" if away[0] < -0.35 else "center",
        va="bottom" if away[1] > 0.35 else "top" if away[1] < -0.35 else "center",
        path_effects=_halo(),
    )  # fmt: skip


def _halo() -> list[Any]:
    """A white rim that keeps words readable on the Earth's night side."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2.6, foreground="white", alpha=0.85)]


def _to_the_sun(axis: Any, eye: Eye, sun: Floats, far: float, noon: Floats) -> Floats:
    """An arrow towards the Sun, beside the line through the Earth and away from `noon` (2,); returns its places (3, 2)."""
    flat = eye.flat(sun)
    aside = np.array([-flat[1], flat[0]]) / np.hypot(*flat)
    aside = aside if aside[1] > 0 else -aside  # above, unless the orbit's noon is there
    aside = (-0.5 if noon @ aside > 0.1 * far else 0.5) * far * aside
    start, end, words = (aside + length * far * flat for length in (1.0, 1.38, 1.5))
    axis.annotate("", end, start, zorder=5, arrowprops={"arrowstyle": "-|>", "color": SUNNY, "linewidth": 2.6, "mutation_scale": 20})
    axis.annotate("Sun", words, ha="center", va="center", fontsize=11, fontweight="bold", color=SUNNY, zorder=5)
    return np.stack([start, end, aside + 1.6 * far * flat])


def _body_axes(axis: Any, eye: Eye, env: Environment, where: Floats, back: Floats) -> None:
    """Body axes at four places of the revolution, each named unless it points at the eye."""
    size = 0.24 * float(np.linalg.norm(where, axis=1).max())
    for i in _apart(eye, env, where):
        for k, (name, colour) in enumerate(TRIAD):
            start, end = eye.flat(where[i]), eye.flat(where[i] + size * back[i][:, k])
            length = float(np.hypot(*(end - start)))
            axis.annotate(
                "", end, start, zorder=6.5, arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.7, "mutation_scale": 10}
            )
            if length > 0.3 * size:
                axis.annotate(
                    name, end + 0.14 * size * (end - start) / length, ha="center", va="center", fontsize=9.5,
                    color=colour, zorder=7, path_effects=_halo(),
                )  # fmt: skip


def _apart(eye: Eye, env: Environment, where: Floats, count: int = 4) -> list[int]:
    """Entries of the revolution in sight of the eye that lie far from one another and from what is named in the picture."""
    taken = [eye.flat(where[np.searchsorted(env.times, t)]) for t, _ in _places(env)]
    tried = np.searchsorted(env.times, np.linspace(0, env.period, 72, endpoint=False))
    tried = tried[~eye.hidden(where[tried])]
    flat = eye.flat(where[tried])
    chosen: list[int] = []
    for _ in range(min(count, len(tried))):
        best = int(np.argmax(np.min([np.hypot(*(flat - point).T) for point in taken], axis=0)))
        taken.append(flat[best])
        chosen.append(int(tried[best]))
    return chosen


def calendar_plot(file: Path, year: Calendar, walk: FaceYear | None, face: str | None, used: float | None, title: str) -> None:
    """Write the picture of a walk: beta angle, eclipse, sunlight and, where there is one, the heat on a face.

    Args:
        file: The picture.
        year: The walk.
        walk: Heat on the face `face`.
        used: Sunlight that the heat is computed with, if not the seasonal one [W/m2].
        title: Of the case.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
    from matplotlib.figure import Figure

    rows: list[tuple[str, Floats, str]] = [
        ("beta angle [deg]", np.degrees(year.beta), PALETTE[1]),
        ("eclipse per\nrevolution [min]", year.eclipse / 60, INK),
        ("sunlight with\nseason [W/m²]", year.solar, SUNNY),
    ]
    if walk:
        rows.append(("absorbed, orbit\nmean [W/m²]", walk.heat, PALETTE[0]))
    figure = Figure(figsize=(12, 2.0 * len(rows) + 1.2), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots(len(rows), 1, sharex=True)
    dates = date2num(year.start) + year.days
    always = bool(np.all(year.eclipse > 0))
    for axis, (label, values, colour) in zip(axes, rows, strict=True):
        for first, last in () if always else year.seasons():
            axis.axvspan(dates[0] + first, dates[0] + last, color=NIGHT, linewidth=0, zorder=0)
        axis.plot(dates, values, color=colour, linewidth=1.7)
        axis.set_xlim(dates[0], dates[-1])
        axis.margins(y=0.22)
        _plain(axis, label)
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
