"""Direct sunlight on the body over the orbit, as a film: two views in the body frame, the way to the Sun, time and eclipse."""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder import summary, surface_file
from heliorack.runfolder.fields import ViewError, run_folder
from heliorack.runfolder.quantity import SUNLIGHT, VIEW
from heliorack.runfolder.surface_file import WHOLE, Skin, Sky
from heliorack.runtime.graphics import GraphicsError, pyvista_off_screen
from heliorack.visuals.labels import Camera, best_octant, isometric
from heliorack.visuals.picture import FAINT, INK, outline, paint_triangles, polygons, stage
from heliorack.visuals.style import sheet

Floats = NDArray[np.float64]
Image = NDArray[np.uint8]

SIZE = (1280, 720)  #: frames [pixels]
PANEL = (600, 520)  #: each of the two views [pixels]
EDGES = "#9aa4b0"  #: seen on dark faces too
SUN = "#d98200"
SECONDS = 0.12  #: of each frame


def film(folder: Path, target: Path) -> None:
    """Animate direct sunlight on the body; a .gif or a .mp4.

    Args:
        folder: A run folder, or that of a set of load cases: its hottest case is shown.
        target: File to write.

    Raises:
        ViewError: not a result, or no Sun in it.
        SurfaceError: the run left no visibility of the Sun.
    """
    run_dir = run_folder(folder)
    found, skin = summary.read(run_dir), surface_file.read(run_dir)
    if not len(skin.sky.times):
        raise ViewError(f"{run_dir}: there is no Sun in this run, so there are no shadows to show")
    case = f"load case {found.case}  ·  " if found.case else ""
    target.parent.mkdir(parents=True, exist_ok=True)
    write(drawn_frames(skin, found.title, case), target)


def write(images: list[Image], target: Path) -> None:
    """Write frames to a .gif or .mp4 by way of a temporary name."""
    temporary = target.with_name(f"{target.stem}.tmp{target.suffix}")
    if target.suffix.lower() == ".mp4":
        import_module("imageio").mimwrite(temporary, images, fps=1 / SECONDS, macro_block_size=16)
    else:
        from PIL import Image as Pillow

        first, *others = (Pillow.fromarray(image).quantize(128, dither=Pillow.Dither.NONE) for image in images)
        first.save(temporary, format="GIF", save_all=True, append_images=others, duration=round(1000 * SECONDS), loop=0, optimize=False)
    temporary.rename(target)


def turned(skin: Skin, k: int) -> Floats:
    """Points at a kept moment, with the parts on joints turned, (n, 3) [m]."""
    points, sky = skin.points.copy(), skin.sky
    for j, pivot in enumerate(sky.pivot):
        mine = sky.joint == j
        points[mine] = pivot + (points[mine] - pivot) @ sky.rotation[j, k].T
    return points


def sunlight(skin: Skin, k: int, points: Floats) -> Floats:
    """Direct sunlight on every facet at a kept moment, (f,) [W/m2]."""
    a, b, c = np.moveaxis(points[skin.triangles], 1, 0)
    normals = np.cross(b - a, c - a)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-300)
    cosine = np.maximum(normals @ skin.sky.sun[k], 0.0)
    return np.asarray(skin.sky.flux[k] * cosine * skin.sky.visible[k] / WHOLE)


def when(sky: Sky, k: int) -> str:
    """Time and what of the Sun is seen at a kept moment, in words."""
    lit = sky.illumination[k]
    place = "in sunlight" if lit > 0.999 else "in eclipse" if lit < 0.001 else f"in penumbra, {lit:.0%} of the Sun"
    return f"t = {sky.times[k] / 60:.1f} of {sky.period / 60:.1f} min, {place}"


def drawn_frames(skin: Skin, title: str, case: str) -> list[Image]:
    """All frames, (height, width, 3) each."""
    cameras = _cameras(skin)
    top = max(float(skin.sky.flux.max()), 1.0)
    figure = sheet(SIZE[0] / 100, SIZE[1] / 100)
    canvas = figure.canvas
    panels = [figure.add_axes((x, 0.13, PANEL[0] / SIZE[0], PANEL[1] / SIZE[1])) for x in (0.0, 0.455)]
    dials = [figure.add_axes((x, 0.01, 0.2 * SIZE[1] / SIZE[0], 0.2)) for x in (0.01, 0.465)]
    for axis, words in zip(panels, ("from one side", "from the other side"), strict=True):
        axis.text(0.5, 0.985, words, transform=axis.transAxes, fontsize=10.5, color=FAINT, ha="center", va="top", zorder=5)
    _write_around(figure, title, top)
    line = figure.text(0.025, 0.885, "", fontsize=12.5, color="#4a5663", va="center")
    look = _Look(skin, cameras, top)
    found = []
    for k in range(len(skin.sky.times)):
        shown = look.at(k, panels)
        for corner, camera in zip(dials, cameras, strict=True):
            dial(corner, camera, skin.sky.sun[k], skin.sky.illumination[k] > 0)
        line.set_text(case + when(skin.sky, k))
        canvas.draw()
        found.append(np.asarray(canvas.buffer_rgba())[:, :, :3].copy())
        for artist in shown:
            artist.remove()
    look.close()
    return found


def _cameras(skin: Skin) -> list[Camera]:
    """The view that shows most of the body and the opposite one, with room for all that its joints do."""
    octant = best_octant(skin.points[skin.triangles], skin.part)
    reach = np.vstack([turned(skin, k) for k in range(len(skin.sky.times))]) if len(skin.sky.pivot) else skin.points
    x, y, z = octant
    room = (0.92 * PANEL[0] / PANEL[1], 0.9)
    return [isometric(reach, each, room, (0.0, -0.03)) for each in ((x, y, z), (-x, -y, -z))]


class _Look:
    """Draws the body of a moment into the two panels: by VTK, or, where nothing can draw off screen, by matplotlib."""

    def __init__(self, skin: Skin, cameras: list[Camera], top: float) -> None:
        self.skin, self.cameras, self.top = skin, cameras, top
        self.line = 0.4 if skin.surface(VIEW).details() else 1.4  # edges of parts too small to see must not hide their colour
        self.plotters: list[tuple[Any, Any]] = []
        try:
            pyvista = pyvista_off_screen()
        except GraphicsError:
            return
        self.plotters = [self._furnished(pyvista, camera) for camera in cameras]

    def at(self, k: int, panels: list[Any]) -> list[Any]:
        """Draw a moment; what was drawn, to be removed again."""
        points = turned(self.skin, k)
        value, found = sunlight(self.skin, k, points), []
        for i, (axis, camera) in enumerate(zip(panels, self.cameras, strict=True)):
            width = PANEL[0] / PANEL[1]
            if self.plotters:
                image = self._shot(*self.plotters[i], points, value, camera)
                found.append(axis.imshow(image, extent=(-width, width, -1, 1), interpolation="none", aspect="auto"))
            else:
                found.append(self._painted(axis, points, value, camera))
            axis.set_xlim(-width, width)
            axis.set_ylim(-1, 1)
            axis.axis("off")
        return found

    def close(self) -> None:
        """Give the windows of VTK back."""
        for plotter, _ in self.plotters:
            plotter.close()

    def _furnished(self, pyvista: Any, camera: Camera) -> tuple[Any, Any]:
        plotter = stage(pyvista, camera, PANEL)
        mesh = polygons(pyvista, self.skin.points, self.skin.triangles)
        if not len(self.skin.sky.pivot):
            outline(plotter, mesh, camera, self.line, EDGES)
        plotter.enable_parallel_projection()
        plotter.enable_anti_aliasing("msaa")
        return plotter, mesh

    def _shot(self, plotter: Any, mesh: Any, points: Floats, value: Floats, camera: Camera) -> Image:
        mesh.points = points
        mesh.cell_data[SUNLIGHT.key] = value
        plotter.add_mesh(
            mesh, cmap=SUNLIGHT.colours, clim=(0.0, self.top), show_scalar_bar=False, ambient=0.75, diffuse=0.28, specular=0.0, name="body",
            reset_camera=False,
        )  # fmt: skip
        if len(self.skin.sky.pivot):
            outline(plotter, mesh, camera, self.line, EDGES, name="edges")
        camera.look(plotter, points)
        return np.asarray(plotter.screenshot(return_img=True))

    def _painted(self, axis: Any, points: Floats, value: Floats, camera: Camera) -> Any:
        from matplotlib import colormaps

        surface = self.skin.surface_with(points, value, SUNLIGHT)
        return paint_triangles(axis, surface, camera, np.asarray(colormaps[SUNLIGHT.colours](value / self.top)))


def _write_around(figure: Any, title: str, top: float) -> None:
    """Title and colour bar."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    figure.text(0.025, 0.945, title, fontsize=16, fontweight="bold", color=INK, va="center")
    bar = figure.colorbar(ScalarMappable(Normalize(0, top), SUNLIGHT.colours), cax=figure.add_axes((0.925, 0.2, 0.014, 0.58)))
    bar.set_label(SUNLIGHT.words, fontsize=12, color=INK)
    bar.ax.tick_params(labelsize=11, colors=INK)
    bar.outline.set_visible(False)


def dial(axis: Any, camera: Camera, sun: Floats, shines: bool) -> None:
    """Body axes and an arrow to the Sun as this camera sees them; dashed in eclipse."""
    from matplotlib.patheffects import withStroke

    axis.clear()
    axis.set_xlim(-1.45, 1.45)
    axis.set_ylim(-1.45, 1.45)
    axis.axis("off")
    flat = np.array([sun @ camera.right, sun @ camera.up])
    colour = SUN if shines else FAINT
    axis.annotate(
        "", 1.3 * flat, xytext=(0, 0), annotation_clip=False,
        arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 2.6, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 18,
                    "linestyle": "-" if shines else "--"},
    )  # fmt: skip
    halo = [withStroke(linewidth=2.5, foreground="white")]
    for name, tint, vector in zip("xyz", ("#D55E00", "#009E73", "#0072B2"), np.eye(3), strict=True):
        tip = 0.5 * np.array([vector @ camera.right, vector @ camera.up])
        axis.annotate("", tip, xytext=(0, 0), arrowprops={"arrowstyle": "-|>", "color": tint, "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0})
        axis.text(*(1.45 * tip), f"+{name}", color=tint, fontsize=9, ha="center", va="center", zorder=9, path_effects=halo)
    side = "this side" if sun @ camera.eye > 0.05 else "far side" if sun @ camera.eye < -0.05 else "abreast"
    axis.text(1.5, -1.1, f"to the Sun: {side}", color=colour, fontsize=10.5, fontweight="bold", va="center", clip_on=False)
