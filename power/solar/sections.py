"""Faces that carry the cells of one array: each gives what its own light and temperature let it, and is cooled by what it gives itself."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """Cells of one face, or of a strip of it, over n times."""

    name: str  #: of the face
    room: float  #: planform that cells may cover [m2]
    sunlight: Floats  #: (n,) direct, on the plane of the face, cosine and shadow included [W/m2]
    temperature: Floats  #: (n,) of the cells [K]


def shares(sections: Sequence[Section]) -> Floats:
    """Part of the array on each section, (f,): an array is spread evenly over all faces that may carry it."""
    room = np.array([section.room for section in sections])
    return np.asarray(room / room.sum())


def mean(sections: Sequence[Section], quantity: str) -> Floats:
    """Mean of "sunlight" or "temperature" over the sections by area, (n,)."""
    return np.asarray(np.stack([getattr(section, quantity) for section in sections], axis=1) @ shares(sections))


def split(given: Floats, sections: Sequence[Section]) -> Floats:
    """Part of the array's electricity that comes from each section, (n, f); rows add up to one.

    Args:
        given: What each section could give, (n, f) [W] or [W/m2 of array].
        sections: In the dark, where none gives anything, the parts are those of the area.

    On one bus every section is held back by the same fraction of what it could give.
    """
    total = given.sum(axis=1, keepdims=True)
    return np.divide(given, total, out=np.tile(shares(sections), (len(given), 1)), where=total > 0.0)


def dark(sections: Sequence[Section]) -> list[str]:
    """What never sees the Sun, in words: faces, or how many of the strips of one."""
    said = []
    for name in dict.fromkeys(section.name for section in sections):
        lit = [bool(np.any(section.sunlight > 0.0)) for section in sections if section.name == name]
        if not any(lit):
            said.append(f"{name} never sees the Sun; the cells on it give nothing")
        elif not all(lit):
            said.append(f"{lit.count(False)} of {len(lit)} strips of {name} never see the Sun; the cells on them give nothing")
    return said


def rooms(sections: Sequence[Section]) -> dict[str, float]:
    """Planform that each face has [m2], by its name."""
    found: dict[str, float] = {}
    for section in sections:
        found[section.name] = found.get(section.name, 0.0) + section.room
    return found
