"""The `[mesh]` table of a case."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Gt, Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshSettings:
    """How fine the mesh of the whole assembly is; a part's own `mesh` and `layers` come first."""

    size: Annotated[float, "mm", Gt(0)] | None = None  #: target edge length for every part; by default from the assembly's area and volume
    min_layers: Annotated[int, "-", Ge(1)] = 1  #: least number of cells through the thinnest direction of every part
    refine: Annotated[float, "-", Interval(ge=0.1, le=10)] = 1.0  #: divides every target edge length, those of the parts included
    #: least number of cells around a full turn of cylinders and spheres; of holes and fillets of STEP files fewer, 8 at least
    curvature: Annotated[int, "-", Interval(ge=8, le=200)] = 24
    #: edge lengths of coarser parts grow away from a finer one by this factor from cell to cell; left to the mesher by default
    growth: Annotated[float, "-", Interval(gt=1, le=4)] | None = None
    most_parts: Annotated[int, "-", Ge(1)] = 2000  #: solids that a case may have; more are refused before they are made
    most_cells: Annotated[float, "-", Ge(1)] = 5e6  #: cells that it may ask for by its edge lengths; more are refused before meshing
    adapt: bool = False  #: solve the steady state once, refine where its heat flux changes most from cell to cell, and run on that mesh
