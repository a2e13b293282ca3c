"""One labelled picture of a temperature field: the surface by VTK without a window, the writing around it by matplotlib."""

import ctypes
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.labels import Camera, best_camera, callouts, seen_parts, tags

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SIZE = (1600, 1000)  #: picture [pixels]
ASPECT = SIZE[0] / SIZE[1]
ROOM = (0.86, 0.74)  #: half width and half height of the body in the picture, in half heights of the picture
MIDDLE = (-0.07, -0.06)  #: its middle; the title is above, the colour bar to the right
COLUMNS = (MIDDLE[0] - ROOM[0] - 0.05, MIDDLE[0] + ROOM[0] + 0.05)  #: where the labels begin
COLOURS = "inferno"
INK, FAINT = "#1c2733", "#8a94a0"
MISSING = "no off-screen OpenGL on this machine (libEGL with a Mesa driver); on Debian or Ubuntu: apt-get install libegl1 libgl1-mesa-dri"


class NoGraphics(RuntimeError):
    """VTK cannot draw here; says what to install."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The outside of the mesh at one moment."""

    points: Floats  #: (n, 3) m
    triangles: Ints  #: (t, 3) outward
    part: Ints  #: (t,)
    temperature: Floats  #: (n,) degC
    part_names: tuple[str, ...]

    def hottest(self) -> dict[int, float]:
        """Highest temperature of every part on its surface [degC]."""
        by_triangle = self.temperature[self.triangles].max(axis=1)
        return {int(i): float(by_triangle[self.part == i].max()) for i in np.unique(self.part)}

    def centres(self) -> Floats:
        """Middle of the extent of every part, (p, 3) [m]."""
        found = np.zeros((len(self.part_names), 3))
        for i in np.unique(self.part):
            corners = self.points[self.triangles[self.part == i].ravel()]
            found[i] = 0.5 * (corners.min(axis=0) + corners.max(axis=0))
        return found


@cache
def off_screen() -> str | None:
    """Class of VTK window that draws without a display here; None if there is none.

    Asks EGL itself first: VTK ends the process with a segmentation fault where it finds no driver.
    """
    try:
        egl = ctypes.CDLL("libEGL.so.1")
        egl.eglGetDisplay.restype, egl.eglGetDisplay.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
        egl.eglInitialize.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
        display = egl.eglGetDisplay(None)
        if display and egl.eglInitialize(display, None, None):
            return "vtkEGLRenderWindow"
    except (OSError, AttributeError):
        pass
    for name in ("libOSMesa.so.8", "libOSMesa.so.6", "libOSMesa.so"):
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return "vtkOSOpenGLRenderWindow"
    return None


def pyvista_off_screen() -> Any:
    """PyVista, set to draw without a window.

    Raises:
        NoGraphics: nothing on this machine can draw.
    """
    if not os.environ.get("DISPLAY"):
        window = off_screen()
        if window is None:
            raise NoGraphics(MISSING)
        os.environ["VTK_DEFAULT_OPENGL_WINDOW"] = window
    import pyvista

    quiet_vtk()
    return pyvista


def quiet_vtk() -> None:
    """Only errors of VTK reach standard error: its warnings speak of drivers, not of the run."""
    from vtkmodules.vtkCommonCore import vtkLogger

    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_ERROR)


def draw(surface: Surface, title: str, moment: str, target: Path) -> None:
    """Write a labelled picture of `surface`; by VTK, or, where nothing can draw off screen, simpler by matplotlib alone."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    camera = best_camera(surface.points[surface.triangles], surface.part, ROOM, MIDDLE)
    low, high = _range(surface.temperature)
    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    axis = figure.add_axes((0, 0, 1, 1))
    axis.axis("off")
    try:
        axis.imshow(render(surface, camera, (low, high)), extent=(-ASPECT, ASPECT, -1, 1), interpolation="none", aspect="auto")
    except NoGraphics:
        paint(axis, surface, camera, (low, high))
    axis.set_xlim(-ASPECT, ASPECT)
    axis.set_ylim(-1, 1)
    _write(axis, surface, camera)
    _triad(axis, camera)
    _colour_bar(figure, low, high)
    left = -ASPECT + 0.06
    axis.text(left, 0.945, title, fontsize=17, fontweight="bold", color=INK, va="center")
    axis.text(left, 0.875, moment, fontsize=12.5, color="#4a5663", va="center")
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, format="png")


def _range(temperature: Floats) -> tuple[float, float]:
    """Range of the colours, at least a tenth of a degree wide."""
    low, high = float(temperature.min()), float(temperature.max())
    middle = 0.5 * (low + high)
    return min(low, middle - 0.05), max(high, middle + 0.05)


def render(surface: Surface, camera: Camera, limits: tuple[float, float]) -> NDArray[np.uint8]:
    """The surface drawn by VTK, shape (height, width, 3)."""
    pyvista = pyvista_off_screen()
    faces = np.hstack([np.full((len(surface.triangles), 1), 3), surface.triangles]).ravel()
    mesh = pyvista.PolyData(surface.points, faces)
    mesh.point_data["temperature [degC]"] = surface.temperature
    plotter = pyvista.Plotter(off_screen=True, window_size=SIZE, lighting="none")
    plotter.set_background("white")
    light = pyvista.Light(position=camera.centre + camera.eye + 0.6 * camera.up - 0.25 * camera.right, focal_point=camera.centre)
    light.positional = False
    plotter.add_light(light)
    plotter.add_mesh(mesh, cmap=COLOURS, clim=limits, show_scalar_bar=False, ambient=0.55, diffuse=0.5, specular=0.0)
    edges = mesh.extract_feature_edges(30, boundary_edges=True, non_manifold_edges=True, manifold_edges=False)
    if edges.n_cells:
        plotter.add_mesh(edges, color="#10161d", line_width=1.6, lighting=False, show_scalar_bar=False)
    plotter.enable_parallel_projection()
    reach = float(np.linalg.norm(np.ptp(surface.points, axis=0))) + camera.scale
    plotter.camera.position = camera.centre + 3 * reach * camera.eye
    plotter.camera.focal_point = camera.centre
    plotter.camera.up = camera.up
    plotter.camera.parallel_scale = camera.scale
    plotter.camera.clipping_range = (0.1 * reach, 8 * reach)
    plotter.enable_anti_aliasing("ssaa") if len(surface.triangles) < 20_000 else None
    image = plotter.screenshot(return_img=True)
    plotter.close()
    return np.asarray(image)


def paint(axis: Any, surface: Surface, camera: Camera, limits: tuple[float, float]) -> None:
    """The surface drawn by matplotlib: triangles that face the eye, the far ones first."""
    from matplotlib import colormaps
    from matplotlib.collections import PolyCollection

    corners = camera.project(surface.points)[surface.triangles]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    normal = np.cross(a, b)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-30)
    order = np.argsort(corners[:, :, 2].mean(axis=1))
    order = order[normal[order, 2] > 0]
    value = surface.temperature[surface.triangles].mean(axis=1)
    colour = colormaps[COLOURS]((value - limits[0]) / (limits[1] - limits[0]))[order]
    colour[:, :3] *= (0.6 + 0.4 * np.clip(normal[order] @ [-0.2, 0.5, 0.84], 0, 1))[:, None]
    axis.add_collection(PolyCollection(corners[order, :, :2], facecolors=colour, edgecolors=colour, linewidths=0.4))


def _write(axis: Any, surface: Surface, camera: Camera) -> None:
    """Callouts: every part, or group of numbered siblings, with its highest temperature."""
    asked = tags(surface.part_names, surface.hottest())
    pixels = seen_parts(camera, surface.points[surface.triangles], surface.part, 320, 200)
    gap = 0.062 if len(asked) <= 50 else 0.045
    for call in callouts(asked, camera, pixels, surface.centres(), COLUMNS, (-0.86, 0.76), gap):
        side = "right" if call.left else "left"
        colour = "#b3261e" if call.strong else INK
        words = f"{call.words}  (behind)" if call.hidden else call.words
        axis.annotate(
            words, call.anchor, xytext=call.place, ha=side, va="center", color=colour, fontsize=11.5 if len(asked) <= 50 else 9.5,
            fontweight="bold" if call.strong else "normal",
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 1.3 if call.strong else 0.8, "shrinkA": 2, "shrinkB": 0,
                        "relpos": (1.0, 0.5) if call.left else (0.0, 0.5), "linestyle": (0, (4, 3)) if call.hidden else "-"},
        )  # fmt: skip
        fill = "white" if call.hidden else colour
        axis.plot(*call.anchor, "o", markersize=6, markerfacecolor=fill, markeredgecolor="white" if not call.hidden else colour, zorder=6)


def _triad(axis: Any, camera: Camera) -> None:
    """Body axes in the lower left corner."""
    origin, length = np.array([-ASPECT + 0.17, -0.84]), 0.11
    for name, colour, vector in zip("xyz", ("#D55E00", "#009E73", "#0072B2"), np.eye(3), strict=True):
        tip = origin + length * np.array([vector @ camera.right, vector @ camera.up])
        axis.annotate("", tip, xytext=origin, arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 2, "shrinkA": 0, "shrinkB": 0})
        axis.text(*(origin + 1.28 * (tip - origin)), f"+{name}", color=colour, fontsize=11, fontweight="bold", ha="center", va="center")
    axis.text(origin[0], origin[1] - 0.13, "body axes", color=FAINT, fontsize=9, ha="center", va="center")


def _colour_bar(figure: Any, low: float, high: float) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    bar = figure.colorbar(ScalarMappable(Normalize(low, high), COLOURS), cax=figure.add_axes((0.935, 0.16, 0.014, 0.62)))
    bar.set_label("temperature [degC]", fontsize=12, color=INK)
    bar.ax.tick_params(labelsize=11, colors=INK)
    bar.outline.set_visible(False)
