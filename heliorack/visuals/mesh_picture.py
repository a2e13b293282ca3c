"""Pictures of a mesh: parts in colours with their names, contacts highlighted, drawn apart if asked; to a file or in a window."""

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.model.body import Body
from heliorack.runfolder.fields import ViewError
from heliorack.runfolder.surface import Surface
from heliorack.runtime.graphics import GraphicsError, pyvista_off_screen
from heliorack.visuals import picture
from heliorack.visuals.labels import Camera, best_octant, isometric
from heliorack.visuals.mesh_drawing import BOND, BOND_COLOUR, CONTACT, CONTACT_COLOUR, Drawing, drawing, triangle_colours
from heliorack.visuals.style import sheet, stamp, write_png

Floats = NDArray[np.float64]
EXPLODED_VIEW = (0.72, 1.0, 0.62)  #: towards the eye, times the octant: flatter than isometric, so that layers show as layers


def refuse_blind(window: bool) -> None:
    """Say early that there is no display.

    Raises:
        ViewError: a window is asked for and there is none.
    """
    if window and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise ViewError("no display to open a window on; draw to a file instead: --png FILE")


def show(title: str, body: Body, png: Path | None, window: bool, exploded: float = 0.0) -> None:
    """Draw a mesh to `png`, or open it in a window, or both."""
    drawn = drawing(body)
    if png is not None:
        nodes, cells = len(body.assembly.points), len(body.assembly.cells)
        words = f"{len(body.assembly.part_names)} parts, {nodes} nodes, {cells} cells" + ("  ·  exploded view" if exploded else "")
        draw(drawn.exploded(exploded), title, words, png, bool(exploded))
    if window:
        from heliorack.visuals.mesh_window import MeshScene

        scene = MeshScene(title, drawn, exploded)
        scene.furnish()
        scene.plotter.show()


def draw(drawn: Drawing, title: str, words: str, target: Path, apart: bool) -> None:
    """Write a labelled picture; by VTK, or, where nothing can draw off screen, simpler by matplotlib alone.

    Args:
        drawn: Moved already if it is to be shown apart.
        apart: Whether it is.
    """

    surface = drawn.surface
    figure = sheet(picture.SIZE[0] / 100, picture.SIZE[1] / 100)
    axis = figure.add_axes((0, 0, 1, 1))
    axis.axis("off")
    pieces = picture.panels(surface)
    octant = best_octant(surface.points[surface.triangles], surface.part)
    if apart:
        x, y, z = (float(np.sign(o)) * view for o, view in zip(octant, EXPLODED_VIEW, strict=True))
        octant = (x, y, z)
    for piece in pieces:
        _panel(axis, drawn, piece, octant, apart)
    axis.set_xlim(-picture.ASPECT, picture.ASPECT)
    axis.set_ylim(-1, 1)
    picture.triad(axis, octant, "a label gives a part and its material")
    left = -picture.ASPECT + 0.06
    axis.text(left, 0.945, title, fontsize=17, fontweight="bold", color=picture.INK, va="center")
    axis.text(left, 0.875, words, fontsize=12.5, color="#4a5663", va="center")
    _legend(axis, drawn)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_png(figure, target)


def _legend(axis: Any, drawn: Drawing) -> None:
    """What the highlighted faces are, in the lower right corner."""
    rows = [(CONTACT, CONTACT_COLOUR, "contact"), (BOND, BOND_COLOUR, "bonded")]
    shown = [(colour, words) for kind, colour, words in rows if (drawn.kind == kind).any()]
    for n, (colour, words) in enumerate(shown):
        axis.plot(1.36, -0.9 + 0.055 * n, "s", markersize=11, color=colour)
        axis.text(1.39, -0.9 + 0.055 * n, words, fontsize=11.5, color=picture.INK, va="center")


def _panel(axis: Any, drawn: Drawing, piece: picture.Panel, octant: tuple[float, float, float], apart: bool) -> None:
    """One view with its labels."""
    asked = [tag for tag in drawn.tags() if set(tag.members) & set(piece.named)]
    kept = np.isin(drawn.surface.part, piece.parts)
    surface = drawn.surface.only(piece.parts)
    size = 11.5 if len(asked) <= 60 * (piece.top - piece.bottom) / 2 else 9.5
    columns = picture.columns_of([tag.words for tag in asked], size)
    room = (0.5 * (columns[1] - columns[0]) - 0.04, 0.5 * (piece.top - piece.bottom))
    middle = (0.5 * (columns[0] + columns[1]), 0.5 * (piece.top + piece.bottom))
    camera = isometric(surface.points, octant, room, middle)
    colours = triangle_colours(drawn)[kept]
    try:
        line = 2.6 if piece.named == piece.parts else 1.0
        image = _render(drawn, surface, drawn.kind[kept], colours, camera, piece.parts if apart else (), line)
        rows = [round((1 - y) * picture.SIZE[1] / 2) for y in (piece.top + 0.03, piece.bottom - 0.03)]
        stamp(axis.figure, image[rows[0] : rows[1]], 0, picture.SIZE[1] - rows[1])
    except GraphicsError:
        picture.paint_triangles(axis, surface, camera, np.hstack([colours / 255, np.ones((len(colours), 1))]))
    picture.write_labels(axis, surface, camera, asked, columns, (piece.bottom, piece.top), size)
    axis.text(-picture.ASPECT + 0.06, piece.top, piece.words, fontsize=11, color=picture.FAINT, va="center")


def _render(
    drawn: Drawing,
    surface: Surface,
    kind: Any,
    colours: NDArray[np.uint8],
    camera: Camera,
    joined: tuple[int, ...],
    line: float,
) -> NDArray[np.uint8]:
    """The surface by VTK with its mesh lines, rims of contacts in front, and lines to where the parts `joined` came from."""
    pyvista = pyvista_off_screen()
    mesh = picture.polygons(pyvista, surface.points, surface.triangles)
    mesh.cell_data["colour"] = colours
    plotter = picture.stage(pyvista, camera)
    plotter.add_mesh(
        mesh, scalars="colour", rgb=True, show_edges=True, edge_color="#5d6b78", line_width=0.4, edge_opacity=0.1 * line,
        ambient=0.62, diffuse=0.42, specular=0.0,
    )  # fmt: skip
    picture.outline(plotter, mesh, camera, line)
    for each, colour in ((CONTACT, CONTACT_COLOUR), (BOND, BOND_COLOUR)):
        if (kind == each).any():
            patches = picture.polygons(pyvista, surface.points, surface.triangles[kind == each])
            picture.outline(plotter, patches, camera, 1.7 * line, colour, 6e-3)
    centres = drawn.surface.centres()
    for part, home in drawn.links:
        if part in joined and home in joined:
            whence = centres[part] - drawn.factor * (drawn.moves[part] - drawn.moves[home])
            plotter.add_mesh(pyvista.Line(centres[part], whence), color="#7a8794", line_width=0.5 * line, lighting=False)
    return picture.shot(plotter, camera, surface.points)
