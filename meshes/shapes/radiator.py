"""A radiator panel with heat pipes, face sheets and a root, `[[parts]]` with kind radiator."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval

from meshes.shapes.basic import Part, coated, together
from meshes.shapes.solid import MOST, Cavity, Solid


@dataclass(frozen=True, slots=True, kw_only=True)
class Radiator(Part):
    """A flat panel, placed by the panel's centre, thin along its own z.

    Sub-parts are panel; pipe1, pipe2, ...; front_sheet (+z) and back_sheet (-z); root. Heat pipes are bars of rectangular section along
    y, from edge to edge, `pitch` apart and centred as a group. Inside, they lie at half the thickness in grooves cut from the panel (as
    high as the panel is thick, they show on both faces); on a face, they lie on it. Face sheets cover the panel, which is then the core
    between them; the root is a bar along the panel's -y edge, which the ends of pipes inside touch too. What touches is coupled by the
    case: with a conductance, or bonded. The panel's groove walls are its face "inside".
    """

    kind: Literal["radiator"] = "radiator"  #: a panel with heat pipes
    width: Annotated[float, "mm", Gt(0)]  #: of the panel along x, across the pipes
    length: Annotated[float, "mm", Gt(0)]  #: of the panel along y, along the pipes
    thickness: Annotated[float, "mm", Gt(0)]  #: of the panel along z, without face sheets
    material: str  #: of the panel; orthotropic for a honeycomb's effective conductivity
    heat: Annotated[float, "W", Ge(0)] = 0.0  #: constant dissipation in the panel
    layers: Annotated[int, "-", Ge(1)] | None = None  #: least number of cells through the panel
    pipes: Annotated[int, "-", Interval(ge=0, le=MOST)] = 0  #: number of heat pipes
    pipe_width: Annotated[float, "mm", Gt(0)] | None = None  #: along x
    #: along z, at most the panel's thickness when inside; by default the thickness
    pipe_height: Annotated[float, "mm", Gt(0)] | None = None
    pipe_material: str | None = None  #: conducting solid that stands for the pipe
    pipe_materials: dict[str, str] = field(default_factory=dict)  #: materials of single pipes, by name as pipe3; of a pipe that has failed
    pitch: Annotated[float, "mm", Gt(0)] | None = None  #: between pipe centres; by default spread evenly over the width
    pipe_place: Literal["inside", "+z", "-z"] = "inside"  #: in the panel, or laid on a face
    transport_limit: Annotated[float, "W_m", Gt(0)] | None = None  #: largest heat times distance of one pipe
    pipe_coating: str | None = None  #: coating of the pipes' own faces; by default the panel's
    sheet: Annotated[float, "mm", Gt(0)] | None = None  #: thickness of each of the two face sheets; by default there are none
    sheet_material: str | None = None  #: of the face sheets
    root_width: Annotated[float, "mm", Gt(0)] | None = None  #: of the root along y; by default there is none
    root_thickness: Annotated[float, "mm", Gt(0)] | None = None  #: of the root along z; by default that of panel and sheets
    root_material: str | None = None  #: of the root
    root_coating: str | None = None  #: of the root; by default the panel's

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        together(self, "sheet", "sheet_material")
        together(self, "root_width", "root_material")
        unknown = sorted(set(self.pipe_materials) - {f"pipe{i + 1}" for i in range(self.pipes)})
        if unknown:
            raise ValueError(f"pipe_materials {', '.join(unknown)}: no such pipe; there are {self.pipes}, from pipe1")
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

    @property
    def total(self) -> float:
        """Thickness with the face sheets [m]."""
        return self.thickness + 2 * (self.sheet or 0.0)

    def solids(self) -> tuple[Solid, ...]:
        """The panel, the pipes in the order of x, the sheets, the root."""
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
        own = {f"{self.name}.{pipe.name}": self.pipe_coating for pipe in pipes} | {f"{self.name}.root": self.root_coating}
        return coated(self.moved((panel, *pipes, *self._sheets(), *self._root())), self, own)

    def _sheets(self) -> tuple[Solid, ...]:
        if self.sheet is None or self.sheet_material is None:
            return ()
        size, level = (self.width, self.length, self.sheet), (self.thickness + self.sheet) / 2
        sides = (("front_sheet", level), ("back_sheet", -level))
        return tuple(Solid(name, "box", size, self.sheet_material, (0.0, 0.0, z), mesh=self.mesh) for name, z in sides)

    def _root(self) -> tuple[Solid, ...]:
        if self.root_width is None or self.root_material is None:
            return ()
        size = (self.width, self.root_width, self.root_thickness or self.total)
        return (Solid("root", "box", size, self.root_material, (0.0, -(self.length + self.root_width) / 2, 0.0), mesh=self.mesh),)

    def _pipes(self) -> tuple[Solid, ...]:
        if self.pipes == 0 or self.pipe_width is None or self.pipe_material is None:
            return ()
        height = self.thickness if self.pipe_height is None else self.pipe_height
        level = {"inside": 0.0, "+z": (self.total + height) / 2, "-z": -(self.total + height) / 2}[self.pipe_place]
        return tuple(
            Solid(
                name=f"pipe{i + 1}",
                kind="box",
                size=(self.pipe_width, self.length, height),
                centre=((i - (self.pipes - 1) / 2) * self.spacing, 0.0, level),
                material=self.pipe_materials.get(f"pipe{i + 1}", self.pipe_material),
                mesh=self.mesh,
                transport_limit=self.transport_limit,
            )
            for i in range(self.pipes)
        )
