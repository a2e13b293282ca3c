"""What is prescribed on a face goes together with what else is said of that face."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from heliorack.casefile.errors import listed
from heliorack.casefile.messages import Fault
from heliorack.checks.context import Facts, tables
from meshes.shapes.solid import INSULATED


def boundaries(facts: Facts) -> Iterator[Fault]:
    """Refuse a film or a sink of its own under a blanket, and beside a temperature that is held."""
    worn = dict(_coatings(facts))
    held = {face: position for face in worn for position in _of(facts, face, "temperature")}
    for position, item in enumerate(tables(facts.document, "boundaries")):
        kind, pattern = item.get("kind"), item.get("faces")
        if kind not in ("film", "radiation") or not isinstance(pattern, str):
            continue
        mine = [face for face in worn if fnmatchcase(face, pattern)]
        under = [face for face in mine if worn[face] in facts.blankets]
        both = [face for face in mine if face in held]
        if under:
            said = f"{listed(under, 'and', most=3)}: under the blanket {worn[under[0]]}, on whose outer layer a {kind} cannot act; "
            yield Fault(("boundaries", position, "faces"), pattern, said + "give the face a coating, or leave the boundary out")
        elif both:
            said = (
                f"{listed(both, 'and', most=3)}: held at a temperature by boundaries.{held[both[0]]}, beside which a {kind} changes nothing"
            )
            yield Fault(("boundaries", position, "faces"), pattern, f"{said}; name other faces in one of the two")


def assumptions(facts: Facts) -> Iterator[str]:
    """What a sink of its own leaves of a coating."""
    coated = [face for face, name in _coatings(facts) if name != INSULATED and _of(facts, face, "radiation")]
    if coated:
        said = "to the sink of their boundary alone, not to planet, sky or other parts; sunlight and albedo are absorbed by their coating"
        yield f"radiation: {listed(coated, 'and', most=3)} exchange infrared {said}"


def _coatings(facts: Facts) -> Iterator[tuple[str, str]]:
    """Faces and what they wear."""
    for _, piece in facts.pieces:
        for face, name in piece.coatings.items():
            yield f"{piece.name}:{face}", name


def _of(facts: Facts, face: str, kind: str) -> list[int]:
    """Positions of the boundaries of a kind that speak of a face."""
    return [
        position
        for position, item in enumerate(tables(facts.document, "boundaries"))
        if item.get("kind") == kind and isinstance(item.get("faces"), str) and fnmatchcase(face, item["faces"])
    ]
