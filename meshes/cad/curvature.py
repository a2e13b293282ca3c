"""Edge lengths on curved faces of solids from files: chords may take as much of a solid's volume as they take of a round one."""

from collections.abc import Sequence
from math import pi
from typing import Any

import numpy as np

FEWEST = 8  #: cells around a full turn, however little a hole or fillet holds; chords then lack 2.6 % of the face
KNOWN = ("Cylinder", "Cone", "Sphere", "Torus")  #: surfaces whose curvature in their middle tells that of the whole


def all_known(model: Any, volumes: Sequence[int]) -> bool:
    """Whether all faces of some volumes are flat or of a kind that `bends` can judge."""
    return all(model.getType(2, tag) in ("Plane", *KNOWN) for tag in _faces(model, volumes))


def bends(model: Any, volumes: Sequence[int], curvature: int, fewest: int = FEWEST) -> dict[int, float]:
    """Edge lengths [m] at the points of the curved faces of one solid.

    A chord of n around a turn takes (2 pi / n)^2 / 6 of the sector between a face and its axis. Round solids get `curvature` cells around
    a turn; where the sectors of all curved faces are only a share of the solid's volume (holes and fillets of a plate), cells are fewer by
    the root of that share, `fewest` at least: the volume that the mesh lacks stays the same fraction.

    Args:
        model: With the open geometry, synchronized.
        volumes: Of the solid.
        curvature: Least number of cells around a full turn of a round solid.
        fewest: The least for any; `curvature` or more to have that number everywhere.
    """
    radius = {tag: _radius(model, tag) for tag in _faces(model, volumes) if model.getType(2, tag) in KNOWN}
    sectors = sum(model.occ.getMass(2, tag) * r / 2 for tag, r in radius.items())
    share = sectors / sum(model.occ.getMass(3, tag) for tag in volumes)
    around = min(float(curvature), max(float(fewest), curvature * share**0.5))
    sizes: dict[int, float] = {}
    for tag, r in radius.items():
        for _, point in model.getBoundary([(2, tag)], combined=False, oriented=False, recursive=True):
            sizes[point] = min(sizes.get(point, np.inf), 2 * pi * r / around)
    return sizes


def _faces(model: Any, volumes: Sequence[int]) -> list[int]:
    return sorted({tag for _, tag in model.getBoundary([(3, volume) for volume in volumes], combined=False, oriented=False)})


def _radius(model: Any, tag: int) -> float:
    """The least radius of curvature [m] in the middle of a surface."""
    low, high = model.getParametrizationBounds(2, tag)
    middle = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
    most, least, _, _ = model.getPrincipalCurvatures(tag, middle)
    return 1 / max(abs(float(most[0])), abs(float(least[0])))
