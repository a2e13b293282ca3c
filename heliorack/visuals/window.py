"""The window that looks into a run: a slider over the orbit, a plane that cuts the body open, a box to tick for every part."""

from pathlib import Path
from textwrap import fill, shorten
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.patterns import siblings
from heliorack.runfolder import summary, surface_file
from heliorack.runfolder.fields import Frame, frames, moment
from heliorack.runfolder.quantity import FLUX, TEMPERATURE, Quantity
from heliorack.runfolder.surface import Surface
from heliorack.runtime.graphics import quiet_vtk
from heliorack.visuals.excerpt import levels
from heliorack.visuals.heat_flux import arrows, flux, glyphs
from heliorack.visuals.picture import ARROW, NOTHING, polygons

MOST_BOXES = 26  #: boxes that fit one below the other
KEYS = (
    "c: cutting plane    t: threshold    i: iso-surfaces    x: parts apart    f: flux    p: temperature under the mouse\n"
    "a: all parts    e: mesh lines    r: whole body    q: close"
)
LEVELS, APART = "8", 0.6  #: iso-surfaces, and how far parts go apart


class Scene:
    """What the window shows: a moment, the parts that are ticked, cut open or not."""

    def __init__(self, run_dir: Path, at: str, off_screen: bool = False, quantity: Quantity = TEMPERATURE) -> None:
        """Read the mesh and open the plotter; `off_screen` is for tests."""
        import pyvista

        quiet_vtk()
        self.summary = summary.read(run_dir)
        self.arrows = quantity is FLUX
        self.quantity = quantity = TEMPERATURE if self.arrows else quantity
        self.kept: tuple[Frame, ...] = ()
        self.temperatures: dict[int, NDArray[np.float32]] = {}
        self.now = 0
        if quantity.on_facets:
            self._read_surface(run_dir)
        else:
            self._read_moments(run_dir, at)
        self.groups = list(siblings(self.names).items())[:MOST_BOXES]
        self.shown = np.ones(len(self.names), dtype=bool)
        self.cut: tuple[Any, Any] | None = None
        self.lines = self.iso = self.apart = False
        self.coldest: float | None = None  #: degC; what is colder is left out
        self.threshold_slider: Any = None
        self.probed: tuple[float, float, float] | None = None
        self.boxes: list[Any] = []
        self.plotter = pyvista.Plotter(title=f"heliorack: {self.summary.title}", window_size=(1500, 950), off_screen=off_screen)

    def _read_moments(self, run_dir: Path, at: str) -> None:
        """Temperatures in the body, one moment at a time."""
        import pyvista

        self.kept = frames(run_dir)
        self.now = self.kept.index(moment(run_dir, at))
        self.grid = pyvista.read(self.kept[self.now].path)
        self.names = [str(name) for name in self.grid.field_data["part_names"]]
        parts = self.summary.parts.values()
        self.limits = (min(part.min_degC for part in parts), max(part.max_degC for part in parts))

    def _read_surface(self, run_dir: Path) -> None:
        """A quantity of facets, which has no moments."""
        import pyvista

        surface = surface_file.read(run_dir).surface(self.quantity)
        self.grid = polygons(pyvista, surface.points, surface.triangles)
        self.grid.cell_data["part"] = surface.part
        self.grid.cell_data[self.quantity.key] = surface.value
        self.names, self.limits = list(surface.part_names), surface.limits()

    def furnish(self) -> None:
        """Put widgets, keys, axes and the body into the window."""
        plotter = self.plotter
        plotter.set_background("white")
        plotter.add_axes(xlabel="+x", ylabel="+y", zlabel="+z")
        plotter.add_text(KEYS, position="lower_edge", font_size=9, color="#5b6675", name="keys")
        if len(self.kept) > 1:
            plotter.add_slider_widget(
                self.go_to, (self.kept[0].time / 60, self.kept[-1].time / 60), value=self.kept[self.now].time / 60,
                title="time [min]", pointa=(0.30, 0.14), pointb=(0.80, 0.14), color="#1c2733", fmt="%.1f", style="modern",
            )  # fmt: skip
        for row, (label, members) in enumerate(self.groups):
            place = (12.0, 850.0 - 29 * row)
            box = plotter.add_checkbox_button_widget(
                self.ticking(members), value=True, position=place, size=20, color_on="#0072b2", color_off="#dfe3e8"
            )
            self.boxes.append(box)
            plotter.add_text(label, position=(place[0] + 28, place[1] + 1), font_size=9, color="#1c2733", name=f"part {row}")
        keys = {"c": self.toggle_cut, "a": self.show_all, "e": self.toggle_lines, "x": self.toggle_apart}
        if not self.quantity.on_facets:
            keys |= {"t": self.toggle_threshold, "i": self.toggle_iso, "f": self.toggle_arrows, "p": self.probe_under_mouse}
        for key, action in keys.items():
            plotter.add_key_event(key, action)
        self.redraw()
        plotter.view_isometric()

    def ticking(self, members: list[str]) -> Any:
        """What a tick of a part, or of its siblings together, does."""
        index = [self.names.index(name) for name in members]

        def tick(on: bool) -> None:
            self.shown[index] = on
            self.redraw()

        return tick

    def go_to(self, minutes: float) -> None:
        """Show the kept moment nearest to a time."""
        nearest = min(range(len(self.kept)), key=lambda i: abs(self.kept[i].time / 60 - minutes))
        if nearest != self.now:
            self.now = nearest
            self.redraw()

    def toggle_cut(self) -> None:
        """Bring the cutting plane, or take it away."""
        if self.cut is not None:
            self.cut = None
            self.plotter.clear_plane_widgets()
        else:
            self.cut = ((0.0, 1.0, 0.0), tuple(self.grid.center))
            self.plotter.add_plane_widget(self.cut_at, normal=self.cut[0], origin=self.cut[1], bounds=self.grid.bounds, color="#8a94a0")
        self.redraw()

    def cut_at(self, normal: Any, origin: Any) -> None:
        """Cut where the plane has been dragged to."""
        self.cut = (normal, origin)
        self.redraw()

    def show_all(self) -> None:
        """Every part again."""
        self.shown[:] = True
        for box in self.boxes:
            box.GetRepresentation().SetState(1)
        self.redraw()

    def toggle_lines(self) -> None:
        """Lines of the mesh on or off."""
        self.lines = not self.lines
        self.redraw()

    def toggle_apart(self) -> None:
        """Parts apart, or together again."""
        self.apart = not self.apart
        self.redraw()

    def toggle_iso(self) -> None:
        """Surfaces of one temperature in a body of glass, or the body."""
        self.iso = not self.iso
        self.redraw()

    def toggle_arrows(self) -> None:
        """Arrows with the conducted heat on or off."""
        self.arrows = not self.arrows
        self.redraw()

    def toggle_threshold(self) -> None:
        """Bring the slider of the coldest temperature that is shown, or take it away."""
        if self.coldest is not None:
            self.coldest = None
            self.threshold_slider.Off()
        else:
            self.coldest = self.limits[0]
            self.threshold_slider = self.plotter.add_slider_widget(
                self.leave_colder, self.limits, value=self.coldest, title="no colder than [degC]", pointa=(0.30, 0.26), pointb=(0.80, 0.26),
                color="#1c2733", fmt="%.1f", style="modern",
            )  # fmt: skip
        self.redraw()

    def leave_colder(self, coldest: float) -> None:
        """Leave out what is colder [degC]."""
        self.coldest = coldest
        self.redraw()

    def probe_under_mouse(self) -> None:
        """Remember the point of the body under the mouse, whose temperature the heading then says."""
        self.probe_at(self.plotter.pick_mouse_position())

    def probe_at(self, point: Any) -> None:
        """Say the temperature of the point of the body next to this one in the heading, at every moment."""
        near = self.grid.points[self.grid.find_closest_point(point)]
        self.probed = (float(near[0]), float(near[1]), float(near[2]))
        self.redraw()

    def body(self) -> Any:
        """The parts that are ticked: cut open if the plane is there, apart, without what is too cold; or surfaces of one temperature."""
        part = np.asarray(self.grid.cell_data["part"])
        cells = np.flatnonzero(self.shown[part])
        body = self.grid if len(cells) == len(part) else self.grid.extract_cells(cells)
        if self.apart and body.n_cells:
            body = self._apart(body)
        if self.iso and body.n_cells:
            values = np.asarray(body.point_data[self.quantity.key])
            body = body.contour(levels(LEVELS, float(values.min()), float(values.max())), scalars=self.quantity.key)
        if self.coldest is not None and body.n_cells:
            body = body.clip_scalar(scalars=self.quantity.key, value=self.coldest, invert=False)
        if self.cut is not None and body.n_cells:
            body = body.clip(normal=self.cut[0], origin=self.cut[1])
        return body

    def _apart(self, body: Any) -> Any:
        """Parts moved away from the middle of the body."""
        import pyvista

        part, middle = np.asarray(body.cell_data["part"]), np.asarray(self.grid.center)
        pieces = [body.extract_cells(np.flatnonzero(part == i)) for i in np.unique(part)]
        return pyvista.merge([piece.translate(APART * (np.asarray(piece.center) - middle)) for piece in pieces], merge_points=False)

    def _flux(self, body: Any) -> Any:
        """Arrows on the outside of a body of tetrahedra; None where there are none."""
        import pyvista

        if not self.arrows or self.iso or not body.n_cells:
            return None
        outside = body.extract_surface(algorithm="dataset_surface", pass_pointid=False, pass_cellid=False).triangulate()
        vector = np.asarray(outside.cell_data[FLUX.key], dtype=float)
        triangles = np.asarray(outside.faces.reshape(-1, 4)[:, 1:], dtype=np.int64)
        size = np.linalg.norm(vector, axis=1)
        surface = Surface(np.asarray(outside.points, dtype=float), triangles, np.asarray(outside.cell_data["part"]), size, (), FLUX, vector)
        middle, arrow = arrows(surface)
        return glyphs(pyvista, middle, arrow) if len(middle) else None

    def redraw(self) -> None:
        """Draw the body of the moment; what was drawn under the same names goes."""
        if not self.quantity.on_facets:
            self.grid.point_data[self.quantity.key] = self._temperature()
            if self.arrows:
                self.grid.point_data["temperature_degC"] = self._temperature()
                self.grid.cell_data[FLUX.key] = flux(self.grid)
        body = self.body()
        for name, drawn, options in (
            ("ways", self._flux(body), {"color": ARROW, "lighting": False}),
            ("glass", self.grid if self.iso else None, {"color": "#8a94a0", "opacity": 0.12}),
        ):
            if drawn is None:
                self.plotter.remove_actor(name)
            else:
                self.plotter.add_mesh(drawn, name=name, show_scalar_bar=False, reset_camera=False, **options)
        if body.n_cells:
            bar = {
                "title": fill(self.quantity.words, 18),
                "title_font_size": 15,
                "vertical": True,
                "position_x": 0.90 if not self.quantity.on_facets else 0.88,
                "position_y": 0.2,
                "height": 0.6,
                "color": "#1c2733",
                "fmt": "%.2f" if self.quantity.top else "%.0f",
            }
            self.plotter.add_mesh(
                body, scalars=self.quantity.key, cmap=self.quantity.colours, clim=self.limits, name="body", show_edges=self.lines,
                nan_color=NOTHING, scalar_bar_args=bar, reset_camera=False, ambient=0.45, diffuse=0.6,
            )  # fmt: skip
        else:
            self.plotter.remove_actor("body")
        self.plotter.add_text(self.heading(), position="upper_edge", font_size=11, color="#1c2733", name="heading")

    def _temperature(self) -> NDArray[np.float32]:
        """Temperatures of the moment [degC], read once."""
        import pyvista

        if self.now not in self.temperatures:
            grid = pyvista.read(self.kept[self.now].path)
            self.temperatures[self.now] = np.asarray(grid.point_data["temperature_degC"])
        return self.temperatures[self.now]

    def heading(self) -> str:
        """Title, load case, moment and the extremes in it."""
        case = [self.summary.case] if self.summary.case else []
        if self.quantity.on_facets:
            values, when = np.asarray(self.grid.cell_data[self.quantity.key]), self.quantity.title
            known = values[np.isfinite(values)]
            extremes = [f"{known.min():.3g} to {known.max():.3g} {self.quantity.unit.strip('-')}".strip()] if len(known) else []
        else:
            values = self._temperature()
            when = "steady state" if self.summary.kind == "steady" else f"t = {self.kept[self.now].time / 60:.1f} min"
            extremes = [f"{values.min():.1f} to {values.max():.1f} degC"]
            if self.probed is not None:
                at = self.grid.find_closest_point(self.probed)
                extremes.append(f"{values[at]:.2f} degC at {' '.join(f'{x + 0.0:.3f}' for x in np.round(self.probed, 3))} m")
        return "   ".join([shorten(self.summary.title, 90), *case]) + "\n" + "   ".join([when, *extremes])
