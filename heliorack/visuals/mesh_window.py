"""The window that looks at a mesh: a slider that draws it apart, a box to tick for every part, mesh lines on or off."""

from typing import Any

import numpy as np

from heliorack.runtime.graphics import quiet_vtk
from heliorack.visuals.mesh_drawing import CONTACT, Drawing, triangle_colours
from heliorack.visuals.picture import polygons
from heliorack.visuals.window import MOST_BOXES

KEYS = "x: contacts only    e: mesh lines    r: whole body    q: close"


class MeshScene:
    """What the window shows: the parts that are ticked, as far apart as the slider says."""

    def __init__(self, title: str, drawn: Drawing, exploded: float = 0.0, off_screen: bool = False) -> None:
        """Open the plotter; `off_screen` is for tests."""
        import pyvista

        quiet_vtk()
        self.drawn, self.exploded = drawn, exploded
        self.title = title
        self.shown = np.ones(len(drawn.materials), dtype=bool)
        self.lines, self.contacts_only = True, False
        self.colours = triangle_colours(drawn)
        self.plotter = pyvista.Plotter(title=f"heliorack: {title}", window_size=(1500, 950), off_screen=off_screen)

    def furnish(self) -> None:
        """Put widgets, keys, axes and the body into the window."""
        plotter, colours = self.plotter, self.drawn.colour()
        plotter.set_background("white")
        plotter.add_axes(xlabel="+x", ylabel="+y", zlabel="+z")
        plotter.add_text(KEYS, position="lower_edge", font_size=9, color="#5b6675", name="keys")
        plotter.add_text(self.title, position="upper_edge", font_size=11, color="#1c2733", name="heading")
        plotter.add_slider_widget(
            self.draw_apart, (0.0, max(2.0, self.exploded)), value=self.exploded, title="exploded", pointa=(0.3, 0.1), pointb=(0.8, 0.1),
            color="#1c2733", fmt="%.1f", style="modern",
        )  # fmt: skip
        for row, (label, members) in enumerate(self.drawn.groups[:MOST_BOXES]):
            place = (12.0, 850.0 - 29 * row)
            plotter.add_checkbox_button_widget(
                self.ticking(members), value=True, position=place, size=20, color_on=colours[members[0]], color_off="#ffffff"
            )
            plotter.add_text(label, position=(place[0] + 28, place[1] + 1), font_size=9, color="#1c2733", name=f"part {row}")
        plotter.add_key_event("e", self.toggle_lines)
        plotter.add_key_event("x", self.toggle_contacts)
        self.redraw()
        plotter.view_isometric()

    def ticking(self, members: tuple[int, ...]) -> Any:
        """What a tick of a part, or of its siblings together, does."""

        def tick(on: bool) -> None:
            self.shown[list(members)] = on
            self.redraw()

        return tick

    def draw_apart(self, factor: float) -> None:
        """Move the parts."""
        self.exploded = factor
        self.redraw()

    def toggle_lines(self) -> None:
        """Lines of the mesh on or off."""
        self.lines = not self.lines
        self.redraw()

    def toggle_contacts(self) -> None:
        """Contacts and bonds alone, or everything."""
        self.contacts_only = not self.contacts_only
        self.redraw()

    def body(self) -> Any:
        """The triangles that are shown."""
        import pyvista

        surface = self.drawn.exploded(self.exploded).surface
        kept = self.shown[surface.part] & ((self.drawn.kind >= CONTACT) | (not self.contacts_only))
        if not kept.any():
            return pyvista.PolyData()
        body = polygons(pyvista, surface.points, surface.triangles[kept])
        body.cell_data["colour"] = self.colours[kept]
        return body

    def redraw(self) -> None:
        """Draw the body; what was drawn before goes."""
        body = self.body()
        if not body.n_cells:
            self.plotter.remove_actor("body")
            return
        self.plotter.add_mesh(
            body, scalars="colour", rgb=True, name="body", show_edges=self.lines, edge_color="#5d6b78", edge_opacity=0.4,
            reset_camera=False, ambient=0.5, diffuse=0.55,
        )  # fmt: skip
