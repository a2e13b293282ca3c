"""One labelled picture of a field on the body: the surface by VTK without a window, the writing around it by matplotlib."""

from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder.quantity import Quantity
from heliorack.runfolder.surface import Surface
from heliorack.runtime.graphics import GraphicsError, pyvista_off_screen
from heliorack.visuals.heat_flux import arrows, glyphs
from heliorack.visuals.labels import Camera, Tag, best_octant, callouts, isometric, seen_parts, tags
from heliorack.visuals.style import sheet, stamp, write_png

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SIZE = (1600, 1000)  #: picture [pixels]
ASPECT = SIZE[0] / SIZE[1]
RIM = 6  #: pixels around what is drawn, for the width of its lines
LEFT, RIGHT = -ASPECT + 0.04, 1.36  #: outer ends of labels, in half heights of the picture; the colour bar is to the right
BOTTOM, TOP = -0.86, 0.78  #: lowest and highest label; the title is above
INK, FAINT = "#1c2733", "#8a94a0"
ARROW = "#c8102e"  #: of heat on its way
NOTHING = "#d5dae0"  #: where a quantity has no value


@dataclass(frozen=True, slots=True)
class Panel:
    """A piece of the picture; heights in half heights of the picture."""

    parts: tuple[int, ...]  #: drawn here
    named: tuple[int, ...]  #: labelled here
    bottom: float
    top: float
    words: str


def panels(surface: Surface) -> list[Panel]:
    """One panel for a compact body; else the whole above and the small parts alone, enlarged, below."""
    everything = surface.present()
    small = tuple(surface.details())
    if not small:
        return [Panel(everything, everything, BOTTOM, TOP, "")]
    large = tuple(i for i in everything if i not in small)
    return [
        Panel(everything, large, 0.32, TOP, "the whole"),
        Panel(small, small, BOTTOM - 0.06, 0.24, "the small parts enlarged, the others left out"),
    ]


def draw(
    surface: Surface, title: str, moment: str, target: Path, limits: tuple[float, float] | None = None, ghost: Surface | None = None
) -> None:
    """Write a labelled picture of `surface`; by VTK, or, where nothing can draw off screen, simpler by matplotlib alone.

    The ends of the colours are those of the surface where no `limits` are given. Of a `ghost` the edges are drawn, as of a body of glass.
    """
    low, high = surface.limits() if limits is None else limits
    figure = sheet(SIZE[0] / 100, SIZE[1] / 100)
    axis = figure.add_axes((0, 0, 1, 1))
    axis.axis("off")
    pieces = [Panel(surface.present(), surface.present(), BOTTOM, TOP, "")] if ghost is not None else panels(surface)
    shown = surface.labelled()
    octant = best_octant(*_corners(surface.only(pieces[-1].parts)))
    for piece in pieces:
        _panel(axis, surface.only(piece.parts), piece, {i: shown[i] for i in piece.named}, octant, (low, high), ghost)
    axis.set_xlim(-ASPECT, ASPECT)
    axis.set_ylim(-1, 1)
    triad(axis, octant, surface.quantity.said)
    _colour_bar(figure, surface.quantity, low, high)
    if np.isnan(surface.value).any():
        _grey_words(axis)
    left = -ASPECT + 0.06
    axis.text(left, 0.945, title, fontsize=17, fontweight="bold", color=INK, va="center")
    axis.text(left, 0.875, moment, fontsize=12.5, color="#4a5663", va="center")
    target.parent.mkdir(parents=True, exist_ok=True)
    write_png(figure, target)


def _corners(surface: Surface) -> tuple[Floats, Ints]:
    return surface.points[surface.triangles], surface.part


def _panel(
    axis: Any,
    surface: Surface,
    piece: Panel,
    shown: dict[int, float],
    octant: tuple[float, float, float],
    limits: tuple[float, float],
    ghost: Surface | None = None,
) -> None:
    """One view of the body with its labels; of temperatures the highest stands out."""
    quantity, first = surface.quantity, max(shown, key=lambda i: shown[i])
    strong = not quantity.on_facets and shown[first] >= surface.value.max()
    asked = tags(surface.part_names, shown, first if strong else None, quantity.unit, quantity.decimals)
    size = 11.5 if len(asked) <= 60 * (piece.top - piece.bottom) / 2 else 9.5
    columns = columns_of([tag.words for tag in asked], size)
    room = (0.5 * (columns[1] - columns[0]) - 0.04, 0.5 * (piece.top - piece.bottom))
    middle = (0.5 * (columns[0] + columns[1]), 0.5 * (piece.top + piece.bottom))
    camera = isometric((surface if ghost is None else ghost).points, octant, room, middle)
    try:
        image = render(surface, camera, limits, 2.6 if piece.named == piece.parts else 1.0, ghost)
        rows = [round((1 - y) * SIZE[1] / 2) for y in (piece.top + 0.03, piece.bottom - 0.03)]
        stamp(axis.figure, image[rows[0] : rows[1]], 0, SIZE[1] - rows[1])
    except GraphicsError:
        paint(axis, surface, camera, limits)
    write_labels(axis, surface, camera, asked, columns, (piece.bottom, piece.top), size)
    axis.text(-ASPECT + 0.06, piece.top, piece.words, fontsize=11, color=FAINT, va="center")


def render(
    surface: Surface, camera: Camera, limits: tuple[float, float], line: float = 2.6, ghost: Surface | None = None
) -> NDArray[np.uint8]:
    """The surface drawn by VTK, shape (height, width, 3)."""
    pyvista = pyvista_off_screen()
    mesh = polygons(pyvista, surface.points, surface.triangles)
    (mesh.cell_data if surface.quantity.on_facets else mesh.point_data)[surface.quantity.words] = surface.value
    plotter = stage(pyvista, camera)
    plotter.add_mesh(
        mesh, cmap=surface.quantity.colours, clim=limits, nan_color=NOTHING, show_scalar_bar=False, ambient=0.68, diffuse=0.36, specular=0.0
    )
    if ghost is not None:
        glass = polygons(pyvista, ghost.points, ghost.triangles)
        plotter.add_mesh(glass, color="#8a94a0", opacity=0.10, lighting=False, show_scalar_bar=False)
        outline(plotter, glass, camera, 2.6, "#4a5663")
    else:
        outline(plotter, mesh, camera, line, "#7d8894" if surface.quantity.on_facets else "#10161d")
    if surface.vector is not None:
        middle, arrow = arrows(surface)
        if len(middle):
            ahead = middle + 0.02 * camera.scale * camera.eye  # in front of the faces on which they lie
            plotter.add_mesh(glyphs(pyvista, ahead, arrow), color=ARROW, lighting=False, show_scalar_bar=False)
    return shot(plotter, camera, surface.points if ghost is None else ghost.points)


def polygons(pyvista: Any, points: Floats, triangles: Ints) -> Any:
    """Triangles as PyVista takes them."""
    return pyvista.PolyData(points, np.hstack([np.full((len(triangles), 1), 3), triangles]).ravel())


def stage(pyvista: Any, camera: Camera, size: tuple[int, int] = SIZE) -> Any:
    """An empty white plotter without a window, lit from over the camera."""
    plotter = pyvista.Plotter(off_screen=True, window_size=size, lighting="none")
    plotter.set_background("white")
    over = 0.6 * np.sign(camera.eye[2]) * camera.up  # the horizontal faces are the bright ones, seen from above or from below
    light = pyvista.Light(position=camera.centre + camera.eye + over - 0.25 * camera.right, focal_point=camera.centre)
    light.positional = False
    plotter.add_light(light)
    return plotter


def outline(
    plotter: Any, mesh: Any, camera: Camera, line: float, colour: str = "#10161d", ahead: float = 2e-3, name: str | None = None
) -> None:
    """Draw the sharp edges and the rims of a mesh, `ahead` half heights of the picture nearer to the eye than they are."""
    edges = mesh.extract_feature_edges(30, boundary_edges=True, non_manifold_edges=True, manifold_edges=False)
    if edges.n_cells:
        edges.points += ahead * camera.scale * camera.eye  # in front of the faces that they bound
        plotter.add_mesh(
            edges, color=colour, line_width=line, opacity=min(1.0, 0.3 * line), lighting=False, show_scalar_bar=False, name=name
        )


def shot(plotter: Any, camera: Camera, points: Floats) -> NDArray[np.uint8]:
    """What the camera sees of a plotter whose bodies have these points, shape (height, width, 3); the plotter is closed.

    Only the piece with something in it is drawn: every pixel costs sixteen samples, one that stays white as much as any other.
    """
    width, height = plotter.window_size
    plotter.enable_parallel_projection()
    left, top, right, bottom = _filled(camera, plotter.bounds, width, height)
    plotter.window_size = right - left, bottom - top
    aside, up = (left + right - width) / height, (height - top - bottom) / height
    centre = camera.centre + camera.scale * (aside * camera.right + up * camera.up)
    replace(camera, centre=centre, scale=camera.scale * (bottom - top) / height).look(plotter, points)
    plotter.enable_anti_aliasing("ssaa")
    image = np.full((height, width, 3), 255, dtype=np.uint8)
    image[top:bottom, left:right] = plotter.screenshot(return_img=True)
    plotter.close()
    return image


def _filled(camera: Camera, bounds: tuple[float, ...], width: int, height: int) -> tuple[int, int, int, int]:
    """Columns and rows between which a picture shows what lies within bounds (lowest and highest x, y, z) [m]: left, top, right, bottom."""
    corners = camera.project(np.array(list(product(*np.reshape(bounds, (3, 2))))))
    column, row = 0.5 * (width + height * corners[:, 0]), 0.5 * height * (1 - corners[:, 1])
    low = np.clip(np.floor([column.min(), row.min()]).astype(int) - RIM, 0, [width - 1, height - 1])
    high = np.clip(np.ceil([column.max(), row.max()]).astype(int) + RIM, low + 1, [width, height])
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def paint(axis: Any, surface: Surface, camera: Camera, limits: tuple[float, float]) -> None:
    """The surface drawn by matplotlib."""
    from matplotlib import colormaps

    colours = colormaps[surface.quantity.colours].with_extremes(bad=NOTHING)
    share = np.ma.masked_invalid((surface.by_triangle() - limits[0]) / (limits[1] - limits[0]))
    paint_triangles(axis, surface, camera, np.asarray(colours(share)))


def paint_triangles(axis: Any, surface: Surface, camera: Camera, colours: Floats) -> Any:
    """Triangles that face the eye, the far ones first, in colours (t, 4), the horizontal ones bright; what was added to the axis."""
    from matplotlib.collections import PolyCollection

    corners = camera.project(surface.points)[surface.triangles]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    normal = np.cross(a, b)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-30)
    order = np.argsort(corners[:, :, 2].mean(axis=1))
    order = order[normal[order, 2] > 0]
    colour = colours[order]
    colour[:, :3] *= (0.6 + 0.4 * np.clip(normal[order] @ [-0.2, 0.5 * np.sign(camera.eye[2]), 0.84], 0, 1))[:, None]
    return axis.add_collection(PolyCollection(list(corners[order, :, :2]), facecolors=colour, edgecolors=colour, linewidths=0.4))


def columns_of(words: list[str], size: float) -> tuple[float, float]:
    """Where the columns of labels end towards the body: as far out as the longest label allows."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(weight="bold", size=size)
    longest = max(text_to_path.get_text_width_height_descent(f"{said} (behind)", font, ismath=False)[0] for said in words)
    width = min(longest / 72 * 100 / (SIZE[1] / 2), 0.85)
    return LEFT + width, RIGHT - width


def write_labels(
    axis: Any, surface: Surface, camera: Camera, asked: list[Tag], columns: tuple[float, float], span: tuple[float, float], size: float
) -> None:
    """Callouts: every part, or group of numbered siblings, with its highest temperature."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=2.6, foreground="white")]  # for lines over dark faces
    pixels = seen_parts(camera, surface.points[surface.triangles], surface.part, 320, 200)
    across = camera.project(surface.points)[:, 0]
    columns = (max(columns[0], across.min() - 0.07), min(columns[1], across.max() + 0.07))
    for call in callouts(asked, camera, pixels, surface.centres(), columns, span, 0.0052 * size):
        side = "right" if call.left else "left"
        colour = "#b3261e" if call.strong else INK
        words = f"{call.words} (behind)" if call.hidden else call.words
        axis.annotate(
            words, call.anchor, xytext=call.place, ha=side, va="center", color=colour, fontsize=size,
            fontweight="bold" if call.strong else "normal",
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 1.3 if call.strong else 0.8, "shrinkA": 2, "shrinkB": 0,
                        "relpos": (1.0, 0.5) if call.left else (0.0, 0.5), "linestyle": (0, (4, 3)) if call.hidden else "-",
                        "path_effects": halo},
        )  # fmt: skip
        fill = "white" if call.hidden else colour
        axis.plot(*call.anchor, "o", markersize=6, markerfacecolor=fill, markeredgecolor="white" if not call.hidden else colour, zorder=6)


def triad(
    axis: Any,
    octant: tuple[float, float, float],
    words: str,
) -> None:
    """Body axes in the lower left corner, and what the labels say."""
    camera = isometric(np.eye(3), octant, (1.0, 1.0), (0.0, 0.0))
    origin, length = np.array([-ASPECT + 0.17, -0.84]), 0.11
    for name, colour, vector in zip("xyz", ("#D55E00", "#009E73", "#0072B2"), np.eye(3), strict=True):
        tip = origin + length * np.array([vector @ camera.right, vector @ camera.up])
        axis.annotate("", tip, xytext=origin, arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 2, "shrinkA": 0, "shrinkB": 0})
        axis.text(*(origin + 1.28 * (tip - origin)), f"+{name}", color=colour, fontsize=11, fontweight="bold", ha="center", va="center")
    axis.text(-ASPECT + 0.06, -0.96, f"body axes; {words}", color=FAINT, fontsize=9.5, va="center")


def _grey_words(axis: Any) -> None:
    """What grey means, at the lower right."""
    from matplotlib.patches import Rectangle

    words = "grey: no value (insulated, in a contact, or with a film)"
    axis.add_patch(Rectangle((RIGHT - 1.06, -0.975), 0.05, 0.03, facecolor=NOTHING, edgecolor=FAINT, linewidth=0.5))
    axis.text(RIGHT - 0.99, -0.96, words, color=FAINT, fontsize=9.5, va="center")


def _colour_bar(figure: Any, quantity: Quantity, low: float, high: float) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    bar = figure.colorbar(ScalarMappable(Normalize(low, high), quantity.colours), cax=figure.add_axes((0.935, 0.16, 0.014, 0.62)))
    bar.set_label(quantity.words, fontsize=12, color=INK)
    bar.ax.tick_params(labelsize=11, colors=INK)
    bar.outline.set_visible(False)
