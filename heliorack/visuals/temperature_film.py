"""Temperatures of the body over the orbit, as a film: the body, the way to the Sun, Earth and shadow, curves and a clock."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder import summary, surface_file
from heliorack.runfolder.fields import ViewError, frames, run_folder
from heliorack.runfolder.history import read_history
from heliorack.runfolder.quantity import TEMPERATURE
from heliorack.runfolder.summary import Summary
from heliorack.runfolder.surface import Surface
from heliorack.runtime.graphics import pyvista_off_screen
from heliorack.visuals.excerpt import Excerpt, over
from heliorack.visuals.labels import Camera, best_octant, isometric
from heliorack.visuals.picture import FAINT, INK, outline, polygons, stage
from heliorack.visuals.style import NIGHT, PALETTE, SUNNY, plain, sheet
from heliorack.visuals.sun_animation import SUN, dial, write

Floats = NDArray[np.float64]
Image = NDArray[np.uint8]

SIZE, PANEL = (1280, 720), (820, 600)  #: frame, and the body in it [pixels]


def film(folder: Path, target: Path, excerpt: Excerpt) -> None:
    """Animate temperatures over the kept moments; a .gif or an .mp4.

    Args:
        folder: A run folder, or that of a set of load cases: its hottest case is shown.
        target: File to write.
        excerpt: What of the body is shown.

    Raises:
        ViewError: not a result, a steady state, or no such part or plane.
        GraphicsError: nothing can draw off screen here.
    """
    run_dir = run_folder(folder)
    kept = frames(run_dir)
    if len(kept) < 2:
        raise ViewError(f"{run_dir} keeps one moment alone: a steady state has no film; draw it with --png")
    surfaces = [excerpt.surface(frame.path) for frame in kept]
    times = np.array([frame.time for frame in kept])
    target.parent.mkdir(parents=True, exist_ok=True)
    write(_drawn(run_dir, times, surfaces, over(surfaces, excerpt)), target)


def _drawn(run_dir: Path, times: Floats, surfaces: list[Surface], limits: tuple[float, float]) -> list[Image]:
    """All frames, (height, width, 3) each."""
    found, history, sun = summary.read(run_dir), read_history(run_dir), _sun(run_dir, times)
    first = surfaces[0]
    camera = isometric(first.points, best_octant(first.points[first.triangles], first.part), (0.95 * PANEL[0] / PANEL[1], 0.92), (0.0, 0.0))
    figure = sheet(SIZE[0] / 100, SIZE[1] / 100)
    body = figure.add_axes((0.0, 0.04, PANEL[0] / SIZE[0], PANEL[1] / SIZE[1]))
    _write_around(figure, found, limits)
    clock = figure.text(0.02, 0.885, "", fontsize=12.5, color="#4a5663", va="center")
    cursor = _curves(figure.add_axes((0.735, 0.10, 0.25, 0.26)), history)
    place = _orbit(figure.add_axes((0.76, 0.42, 0.2, 0.2 * SIZE[0] / SIZE[1])), found, history)
    way = None if sun is None else figure.add_axes((0.005, 0.02, 0.2 * SIZE[1] / SIZE[0], 0.2))
    plotter, mesh = _stage(first, camera)
    images = []
    for k, (t, surface) in enumerate(zip(times, surfaces, strict=True)):
        shown = body.imshow(_shot(plotter, mesh, surface, camera, limits), interpolation="none", aspect="auto")
        body.axis("off")
        cursor.set_xdata([t / 60, t / 60])
        if place is not None:
            place(t)
        if way is not None and sun is not None:
            dial(way, camera, sun[0][k], bool(sun[1][k] > 0))
        clock.set_text(_clock(found, t, times[-1], surface))
        figure.canvas.draw()
        images.append(np.asarray(figure.canvas.buffer_rgba())[:, :, :3].copy())
        shown.remove()
    plotter.close()
    return images


def _sun(run_dir: Path, times: Floats) -> tuple[Floats, Floats] | None:
    """Direction of the Sun in the body frame (k, 3) and the visible part of its disc (k,); None without an orbit."""
    if not (run_dir / surface_file.NAME).exists():
        return None
    sky = surface_file.read(run_dir).sky
    if not len(sky.times):
        return None
    at = [int(np.argmin(np.abs(sky.times - t % sky.period))) for t in times]
    return sky.sun[at], sky.illumination[at]


def _stage(surface: Surface, camera: Camera) -> tuple[Any, Any]:
    pyvista = pyvista_off_screen()
    plotter, mesh = stage(pyvista, camera, PANEL), polygons(pyvista, surface.points, surface.triangles)
    outline(plotter, mesh, camera, 1.6)
    plotter.enable_parallel_projection()
    plotter.enable_anti_aliasing("msaa")
    return plotter, mesh


def _shot(plotter: Any, mesh: Any, surface: Surface, camera: Camera, limits: tuple[float, float]) -> Image:
    mesh.points, mesh.point_data[TEMPERATURE.key] = surface.points, surface.value
    plotter.add_mesh(
        mesh, scalars=TEMPERATURE.key, cmap=TEMPERATURE.colours, clim=limits, show_scalar_bar=False, ambient=0.68, diffuse=0.36,
        specular=0.0, name="body", reset_camera=False,
    )  # fmt: skip
    camera.look(plotter, surface.points)
    return np.asarray(plotter.screenshot(return_img=True))


def _write_around(figure: Any, found: Summary, limits: tuple[float, float]) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    figure.text(0.02, 0.945, found.title, fontsize=16, fontweight="bold", color=INK, va="center")
    scale = ScalarMappable(Normalize(*limits), TEMPERATURE.colours)
    bar = figure.colorbar(scale, cax=figure.add_axes((0.655, 0.16, 0.012, 0.6)))
    bar.set_label(TEMPERATURE.words, fontsize=11, color=INK)
    bar.ax.tick_params(labelsize=10, colors=INK)
    bar.outline.set_visible(False)


def _curves(axis: Any, history: dict[str, Floats]) -> Any:
    """Hottest and coldest point of the body over time; the line that moves with the film."""
    minutes = history["time_s"] / 60
    high = np.max([values for name, values in history.items() if name.endswith(" max_degC")], axis=0)
    low = np.min([values for name, values in history.items() if name.endswith(" min_degC")], axis=0)
    if "sunlight_-" in history:
        night = history["sunlight_-"] < 0.999
        axis.fill_between(minutes, 0, 1, where=night, transform=axis.get_xaxis_transform(), color=NIGHT, linewidth=0, zorder=0)
    for values, colour, words in ((high, PALETTE[0], "hottest point"), (low, PALETTE[1], "coldest point")):
        axis.plot(minutes, values, color=colour, linewidth=1.8, label=words)
    plain(axis, "[degC]")
    axis.set_xlabel("time [min]", fontsize=10)
    axis.set_xlim(minutes[0], minutes[-1])
    axis.legend(frameon=False, fontsize=9, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, labelcolor=INK)
    return axis.axvline(minutes[0], color=INK, linewidth=1.4)


def _orbit(axis: Any, found: Summary, history: dict[str, Floats]) -> Any:
    """Earth, shadow and revolution seen from over the orbit, not to scale; what moves the satellite along it, None without an orbit."""
    from matplotlib.patches import Circle, Polygon

    axis.axis("off")
    if found.orbit is None or "sunlight_-" not in history:
        return None
    axis.set_xlim(-1.9, 1.9)
    axis.set_ylim(-1.9, 1.9)
    period, dark = found.orbit.period_s, found.orbit.eclipse_s
    edges = found.orbit.edges_s
    middle = (edges[0] + (edges[-1] - edges[0]) % period / 2) % period if edges else 0.0
    half = np.pi * dark / period
    radius = float(np.clip(1 / np.sin(half), 1.12, 1.6)) if 0.1 < half < 0.5 * np.pi else 1.35  # so that the shadow is as wide as the Earth
    if dark > 0:
        far = np.array([[-1.9, np.sin(half) * radius], [-1.9, -np.sin(half) * radius]])
        near = radius * np.array([[-np.cos(half), -np.sin(half)], [-np.cos(half), np.sin(half)]])
        axis.add_patch(Polygon(np.vstack([far, near * [0, 1]]), color=NIGHT, linewidth=0))
    axis.add_patch(Circle((0, 0), 1.0, color=PALETTE[5], linewidth=0))
    turn = np.linspace(0, 2 * np.pi, 200)
    axis.plot(radius * np.cos(turn), radius * np.sin(turn), color=FAINT, linewidth=1.2)
    shade = np.pi + np.linspace(-half, half, 60)
    axis.plot(radius * np.cos(shade), radius * np.sin(shade), color=INK, linewidth=2.6)
    axis.annotate("", (1.85, 1.6), xytext=(1.15, 1.6), arrowprops={"arrowstyle": "-|>", "color": SUN, "linewidth": 2.2})
    axis.text(1.1, 1.6, "to the Sun", color=SUN, fontsize=9.5, ha="right", va="center")
    axis.text(0, 0, "Earth", color="white", fontsize=10, ha="center", va="center")
    axis.text(0, -1.78, "along the orbit, not to scale", color=FAINT, fontsize=8.5, ha="center")
    (dot,) = axis.plot([radius], [0.0], "o", color=PALETTE[0], markersize=9, markeredgecolor="white", zorder=5)

    def go(t: float) -> None:
        angle = np.pi + 2 * np.pi * (t - middle) / period if dark > 0 else 2 * np.pi * t / period
        dot.set_data([radius * np.cos(angle)], [radius * np.sin(angle)])
        lit = float(np.interp(t, history["time_s"], history["sunlight_-"]))
        dot.set_markerfacecolor(SUNNY if lit > 0.5 else INK)

    return go


def _clock(found: Summary, t: float, end: float, surface: Surface) -> str:
    case = f"load case {found.case}  ·  " if found.case else ""
    return f"{case}t = {t / 60:5.1f} of {end / 60:.1f} min  ·  {surface.value.min():.1f} to {surface.value.max():.1f} degC"
