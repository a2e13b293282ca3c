"""The orbit in space on a picture: Earth, shadow, Sun, eclipse arc and body axes, seen along parallel lines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.visuals.style import FAINT, INK, NIGHT, PALETTE
from orbit.environment import Environment, place

Floats = NDArray[np.float64]
SUNNY, DAY, DARK, SHADE = "#e0a100", "#bcd7ee", "#4d6a8a", "#c9cfd8"
TRIAD = (("x", PALETTE[0]), ("y", PALETTE[2]), ("z", PALETTE[1]))
SUN_RADIUS = 6.957e8  #: m, nominal (IAU 2015 Resolution B3); for the taper of the drawn umbra
AU = 1.495978707e11  #: m


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


def draw_scene(axis: Any, env: Environment, turned: bool) -> None:
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
    out = 0.3 + 0.7 * (length * float(np.hypot(*lee)) + max(taper, 0.05) * abs(float(sun @ eye.towards)))
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
        said = [one for _, one in group]
        if len(said) > 1 and said[-2].startswith("enters"):
            times = [one.split("\n")[1] for one in said[-2:]]
            said[-2:] = ["in shadow", f"{times[0].removesuffix(' min')} to", times[1]]
        _beside(axis, "\n".join(said), np.mean([at for at, _ in group], axis=0))


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
        named: list[Floats] = []
        start, ends = eye.flat(where[i]), eye.flat(where[i] + size * back[i].T)
        for (name, colour), end in zip(TRIAD, ends, strict=True):
            length = float(np.hypot(*(end - start)))
            axis.annotate(
                "", end, start, zorder=6.5, arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.7, "mutation_scale": 10}
            )
            if length > 0.3 * size:
                word = end + 0.14 * size * (end - start) / length
                for other in named:  # two axes that the eye sees in one line: the second name stands behind the first
                    if np.hypot(*(word - other)) < 0.35 * size:
                        word = other + 0.4 * size * (end - start) / length
                named.append(word)
                axis.annotate(name, word, ha="center", va="center", fontsize=9.5, color=colour, zorder=7, path_effects=_halo())


def _apart(eye: Eye, env: Environment, where: Floats, count: int = 4) -> list[int]:
    """Entries of the revolution in sight of the eye that lie far from one another and from what is named in the picture."""
    taken = [eye.flat(where[np.searchsorted(env.times, t)]) for t, _ in _places(env)]
    if env.pole is not None and env.rotation is not None and not np.isnan(env.inclination):
        taken.append(eye.flat(1.15 * env.rotation[0].T @ env.pole[0]))
    tried = np.searchsorted(env.times, np.linspace(0, env.period, 72, endpoint=False))
    tried = tried[~eye.hidden(where[tried])]
    flat = eye.flat(where[tried])
    chosen: list[int] = []
    for _ in range(min(count, len(tried))):
        best = int(np.argmax(np.min([np.hypot(*(flat - point).T) for point in taken], axis=0)))
        taken.append(flat[best])
        chosen.append(int(tried[best]))
    return chosen
