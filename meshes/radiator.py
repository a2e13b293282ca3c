"""A radiator panel with embedded heat pipes, `[[parts]]` with kind radiator."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt

from meshes.shapes import Part, coated
from meshes.solid import Cavity, Solid, placed, rotation_matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Radiator(Part):
    """A flat panel, placed by the panel's centre, thin along its own z; sub-parts panel and pipe1, pipe2, ...

    Heat pipes are bars of rectangular section along y, from edge to edge, `pitch` apart and centred as a group. Inside, they lie at half
    the thickness in grooves cut from the panel (as high as the panel is thick, they show on both faces); on a face, they lie on it. Panel
    and pipes touch: the case says with which conductance, or bonds them. The panel's groove walls are its face "inside".
    """

    kind: Literal["radiator"] = "radiator"  #: a panel with heat pipes
    width: Annotated[float, "mm", Gt(0)]  #: of the panel along x, across the pipes
    length: Annotated[float, "mm", Gt(0)]  #: of the panel along y, along the pipes
    thickness: Annotated[float, "mm", Gt(0)]  #: of the panel along z
    material: str  #: of the panel; orthotropic for a honeycomb's effective conductivity
    heat: Annotated[float, "W", Ge(0)] = 0.0  #: constant dissipation in the panel
    layers: Annotated[int, "-", Ge(1)] | None = None  #: least number of cells through the panel
    pipes: Annotated[int, "-", Ge(0)] = 0  #: number of heat pipes
    pipe_width: Annotated[float, "mm", Gt(0)] | None = None  #: along x
    pipe_height: Annotated[float, "mm", Gt(0)] | None = (
        None  #: along z, at most the panel's thickness when inside; by default the thickness
    )
    pipe_material: str | None = None  #: conducting solid that stands for the pipe
    pitch: Annotated[float, "mm", Gt(0)] | None = None  #: between pipe centres; by default spread evenly over the width
    pipe_place: Literal["inside", "+z", "-z"] = "inside"  #: in the panel, or laid on a face
    transport_limit: Annotated[float, "W_m", Gt(0)] | None = None  #: largest heat times distance of one pipe
    pipe_coating: str | None = None  #: coating of the pipes' own faces; by default the panel's

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        if self.pipes == 0:
            return
        if self.pipe_width is None or self.pipe_material is None:
            raise ValueError("pipes needs pipe_width and pipe_material")
        if self.pipe_place == "inside" and self.pipe_height is not None and self.pipe_height > self.thickness:
            raise ValueError("pipe_height is more than the panel's thickness; a pipe inside must fit, or lie on a face (pipe_place)")
        if self.pipes > 1 and self.spacing <= self.pipe_width:
            raise ValueError("pitch must be more than pipe_width, or pipes would overlap")
        if (self.pipes - 1) * self.spacing + self.pipe_width >= self.width:
            raise ValueError("pipes do not fit in the panel's width")

    @property
    def spacing(self) -> float:
        """Distance between neighbouring pipe centres [m]."""
        return self.pitch if self.pitch is not None else self.width / max(self.pipes, 1)

    def solids(self) -> tuple[Solid, ...]:
        """The panel, then the pipes in the order of x."""
        pipes = self._pipes()
        grooves = tuple(Cavity(pipe.centre, pipe.size) for pipe in pipes) if self.pipe_place == "inside" else ()
        panel = Solid(
            name="panel",
            kind="box",
            size=(self.width, self.length, self.thickness),
            material=self.material,
            heat=self.heat,
            mesh=self.mesh,
            layers=self.layers,
            cavities=grooves,
        )
        turn = rotation_matrix(self.rotation)
        all_placed = [placed(solid, turn, self.position, self.name) for solid in (panel, *pipes)]
        return coated(all_placed, self, {pipe.name: self.pipe_coating for pipe in all_placed[1:]})

    def _pipes(self) -> tuple[Solid, ...]:
        if self.pipes == 0 or self.pipe_width is None or self.pipe_material is None:
            return ()
        height = self.thickness if self.pipe_height is None else self.pipe_height
        level = {"inside": 0.0, "+z": (self.thickness + height) / 2, "-z": -(self.thickness + height) / 2}[self.pipe_place]
        return tuple(
            Solid(
                name=f"pipe{i + 1}",
                kind="box",
                size=(self.pipe_width, self.length, height),
                centre=((i - (self.pipes - 1) / 2) * self.spacing, 0.0, level),
                material=self.pipe_material,
                mesh=self.mesh,
                transport_limit=self.transport_limit,
            )
            for i in range(self.pipes)
        )
