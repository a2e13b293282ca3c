"""What is known of the document of a case, also of one with faults, before its tables are held against one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heliorack.casefile.decode import Reading
from heliorack.casefile.errors import NOTHING
from heliorack.casefile.messages import Fault, Location
from meshes.parts import how_many, solids
from meshes.settings import MeshSettings
from meshes.shapes.solid import Solid
from thermal.properties import blanket, coating, material

ROOM_TEMPERATURE = 293.15  #: K, that nodes and loops begin with where a run does not say


@dataclass(slots=True)
class Facts:
    """What is known of a document, also of one with faults."""

    document: Mapping[str, Any]
    reading: Reading
    folder: Path = Path()  #: of the case file
    files: Mapping[Location, str] = field(default_factory=dict)  #: that the document names, relative to that folder
    pieces: list[tuple[int, Solid]] = field(default_factory=list)  #: solids, each with the position of its part
    geometry: list[Fault] = field(default_factory=list)  #: parts whose solids could not be named
    unknown: set[str] = field(default_factory=set)  #: names of parts with faults: their sub-parts are not known

    def __post_init__(self) -> None:
        good = dict(self.reading.items("parts"))
        if self._too_many(good):
            return
        for position, table in enumerate(tables(self.document, "parts")):
            try:
                self.pieces += [(position, piece) for piece in solids(good[position])]
            except KeyError:
                self.unknown.add(str(table.get("name", "")))
            except ValueError as error:
                self.geometry.append(Fault(("parts", position), NOTHING, str(error)))
                self.unknown.add(str(table.get("name", "")))

    def _too_many(self, good: Mapping[int, Any]) -> bool:
        """Whether the parts together ask for more solids than the case allows; then none is made, and their names are not known."""
        asked = {position: how_many(part) for position, part in good.items()}
        most = self.mesh.most_parts
        if sum(asked.values()) <= most:
            return False
        worst = max(asked, key=lambda position: asked[position])
        said = f"{asked[worst]} solids of {sum(asked.values())} in all; expected at most {most} (mesh.most_parts raises it)"
        self.geometry.append(Fault(("parts", worst), NOTHING, said))
        self.unknown.add("")
        return True

    @property
    def mesh(self) -> MeshSettings:
        """The table [mesh]; its defaults where it has faults."""
        found = self.reading.built.get(("mesh",))
        return found if isinstance(found, MeshSettings) else MeshSettings()

    @property
    def start(self) -> float:
        """Temperature that a run begins with [K], as far as the case says."""
        run = self.reading.built.get(("run",))
        return float(run.start) if run is not None and run.start is not None else ROOM_TEMPERATURE

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parts and sub-parts."""
        return tuple(piece.name for _, piece in self.pieces)

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of the nodes of [network], as far as they can be read."""
        network = self.document.get("network")
        return tuple(node["name"] for node in tables(network, "nodes") if _named(node)) if isinstance(network, dict) else ()

    @property
    def has_nameless_nodes(self) -> bool:
        """Whether [network] has nodes whose names cannot be read; that is reported elsewhere."""
        network = self.document.get("network", {})
        if not isinstance(network, dict) or not isinstance(network.get("nodes", []), list):
            return True
        return not all(_named(node) for node in tables(network, "nodes"))

    @property
    def node_coatings(self) -> tuple[str, ...]:
        """Coatings of the faces of nodes."""
        network = self.document.get("network")
        nodes = tables(network, "nodes") if isinstance(network, dict) else ()
        return tuple(str(face.get("coating")) for node in nodes for face in tables(node, "faces"))

    @property
    def in_the_light(self) -> bool:
        """Whether anything absorbs what the orbit brings: parts, or faces of nodes."""
        network = self.document.get("network")
        lit = isinstance(network, dict) and any(node.get("faces") for node in tables(network, "nodes"))
        return bool(self.document.get("parts")) or lit

    @property
    def faces(self) -> tuple[str, ...]:
        """Names of all faces."""
        return tuple(f"{piece.name}:{face}" for _, piece in self.pieces for face in piece.faces)

    @property
    def materials(self) -> dict[str, material.Material]:
        """The library with the materials of the file."""
        return material.LIBRARY | self._own("materials")

    @property
    def coatings(self) -> dict[str, coating.Coating]:
        """The library with the coatings of the file."""
        return coating.LIBRARY | self._own("coatings")

    @property
    def blankets(self) -> dict[str, blanket.Blanket]:
        """The library with the blankets of the file."""
        return blanket.LIBRARY | self._own("blankets")

    def _own(self, table: str) -> dict[str, Any]:
        return {str(at[1]): made for at, made in self.reading.built.items() if len(at) == 2 and at[0] == table}

    def may_match(self, pattern: str) -> bool:
        """Whether a pattern could stand for something in a part that has faults of its own."""
        head = pattern.replace(":", ".").partition(".")[0]
        return bool(self.unknown) and (head in self.unknown or "*" in head or "?" in head or "" in self.unknown)


def _named(item: Mapping[str, Any]) -> bool:
    return isinstance(item.get("name"), str)


def tables(document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Items of an array of tables; what is no table has been reported elsewhere and is empty here."""
    found = document.get(name)
    return [item if isinstance(item, dict) else {} for item in found] if isinstance(found, list) else []


def keys(document: Mapping[str, Any], name: str) -> list[str]:
    """Names of a table of tables; none of what is no table."""
    found = document.get(name)
    return list(found) if isinstance(found, dict) else []


def pair(item: Mapping[str, Any], key: str) -> list[Any]:
    """The two ends of a contact or a strap; what is no array has been reported elsewhere."""
    found = item.get(key)
    return found if isinstance(found, list) else []
