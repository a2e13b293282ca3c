"""All kinds of parts that a case may hold, and the solids they are made of."""

from collections import Counter
from collections.abc import Iterable
from math import prod

from meshes.cad.imported import Imported
from meshes.cad.mesh_files import MeshFile
from meshes.cad.step import Step
from meshes.errors import GeometryError
from meshes.shapes.basic import Box, Cylinder, Plate, SimplePart
from meshes.shapes.enclosure import Enclosure
from meshes.shapes.pack import BatteryPack
from meshes.shapes.rack import Rack
from meshes.shapes.radiator import Radiator
from meshes.shapes.solid import Solid
from meshes.shapes.sphere import Sphere
from meshes.shapes.tray import Tray
from meshes.shapes.wing import PanelArray

AnyPart = (
    Box | Plate | Cylinder | Sphere | Enclosure | Tray | Rack | Radiator | PanelArray | BatteryPack | Step | MeshFile
)  #: an entry of `[[parts]]`, told apart by `kind`


def solids(part: AnyPart) -> tuple[Solid, ...]:
    """The solids of a part with their names ("tray.gpu1"), faces, materials, coatings, volumes and areas; no mesh is made."""
    return part.sub_parts() if isinstance(part, Imported) else part.solids()


def how_many(part: AnyPart) -> int:
    """Solids that a part is going to have at most, without making them."""
    match part:
        case Rack():
            return len(part.walls) + 2 + part.trays * (how_many(part.tray) + 1)
        case Tray():
            return 3 + sum(device.count * (1 if device.lid is None else 2) for device in part.devices)
        case Radiator():
            return 4 + part.pipes
        case PanelArray():
            return 1 + 2 * part.panels
        case SimplePart():
            return 1 if part.array is None else prod(part.array.count)
    return 1


def all_solids(parts: Iterable[AnyPart]) -> tuple[Solid, ...]:
    """The solids of all parts, in order.

    Raises:
        GeometryError: two of them bear the same name, or there are none.
    """
    found = tuple(solid for part in parts for solid in solids(part))
    names = [solid.name for solid in found]
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise GeometryError(f"parts: {', '.join(twice)} named twice")
    if not found:
        raise GeometryError("parts: there is nothing to mesh")
    return found
