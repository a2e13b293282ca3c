"""All kinds of parts that a case may hold, and the solids they are made of."""

from collections.abc import Iterable

from meshes.cad import Step
from meshes.enclosure import Enclosure
from meshes.errors import GeometryError
from meshes.foreign import MeshFile
from meshes.imported import Imported
from meshes.pack import BatteryPack
from meshes.rack import Rack
from meshes.radiator import Radiator
from meshes.shapes import Box, Cylinder, Plate
from meshes.solid import Solid
from meshes.sphere import Sphere
from meshes.tray import Tray
from meshes.wing import PanelArray

AnyPart = (
    Box | Plate | Cylinder | Sphere | Enclosure | Tray | Rack | Radiator | PanelArray | BatteryPack | Step | MeshFile
)  #: an entry of `[[parts]]`, told apart by `kind`


def solids(part: AnyPart) -> tuple[Solid, ...]:
    """The solids of a part with their names ("tray.gpu1"), faces, materials, coatings, volumes and areas; no mesh is made."""
    return part.sub_parts() if isinstance(part, Imported) else part.solids()


def all_solids(parts: Iterable[AnyPart]) -> tuple[Solid, ...]:
    """The solids of all parts, in order.

    Raises:
        GeometryError: two of them bear the same name, or there are none.
    """
    found = tuple(solid for part in parts for solid in solids(part))
    names = [solid.name for solid in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise GeometryError(f"parts: {', '.join(twice)} named twice")
    if not found:
        raise GeometryError("parts: there is nothing to mesh")
    return found
