"""Edge lengths on curved faces of solids from files: chords may take as much of a solid's volume as they take of a round one."""

from collections.abc import Sequence
from math import pi
from typing import Any

import numpy as np

FEWEST = 8  #: cells around a full turn, however little a hole or fillet holds; chords then lack 2.6 % of the face
LONG = 40  #: cells along an edge between curved faces beyond which it is a fillet's, not a hole's
ALONG = 800  #: cells along all such edges of a solid, unless the case says how short edges may be
KNOWN = ("Cylinder", "Cone", "Sphere", "Torus")  #: surfaces whose curvature in their middle tells that of the whole


def all_known(model: Any, volumes: Sequence[int]) -> bool:
    """Whether all faces of some volumes are flat or of a kind that `bends` can judge."""
    return all(model.getType(2, tag) in ("Plane", *KNOWN) for tag in _faces(model, volumes))


def bends(
    model: Any, volumes: Sequence[int], curvature: int, fewest: int = FEWEST, least: float | None = None, bounded: bool = True
) -> dict[int, float]:
    """Edge lengths [m] at the points of the curved faces of one solid.

    A chord of n around a turn takes (2 pi / n)^2 / 6 of the sector between a face and its axis. Round solids get `curvature` cells around
    a turn; where the sectors of all curved faces are only a share of the solid's volume (holes and fillets of a plate), cells are fewer by
    the root of that share, `fewest` at least: the volume that the mesh lacks stays the same fraction.

    The short edges of a small fillet run along all of its length and over the faces beside it: on a package of 6 x 6 x 1 mm with fillets of
    0.05 mm they made 2.7 million cells. Where such edges would have more than `ALONG` cells on a solid, they are longer.

    Args:
        model: With the open geometry, synchronized.
        volumes: Of the solid.
        curvature: Least number of cells around a full turn of a round solid.
        fewest: The least for any; `curvature` or more to have that number everywhere.
        least: No edge is shorter than this [m]; None: `ALONG` says.
        bounded: Whether `ALONG` counts.
    """
    radius = {tag: _radius(model, tag) for tag in _faces(model, volumes) if model.getType(2, tag) in KNOWN}
    sectors = sum(model.occ.getMass(2, tag) * r / 2 for tag, r in radius.items())
    share = sectors / sum(model.occ.getMass(3, tag) for tag in volumes)
    around = min(float(curvature), max(float(fewest), curvature * share**0.5))
    sizes: dict[int, float] = {}
    for tag, r in radius.items():
        for _, point in model.getBoundary([(2, tag)], combined=False, oriented=False, recursive=True):
            sizes[point] = min(sizes.get(point, np.inf), 2 * pi * r / around)
    floor = least if least is not None else _floor(model, volumes, sizes) if bounded else 0.0
    return {point: max(size, floor) for point, size in sizes.items()}


def _floor(model: Any, volumes: Sequence[int], sizes: dict[int, float]) -> float:
    """The edge length [m] with which fine edges that run far have `ALONG` cells; 0 where they have no more."""
    surfaces = [(2, tag) for tag in _faces(model, volumes)]
    curves = sorted({tag for _, tag in model.getBoundary(surfaces, combined=False, oriented=False)})
    fine = []
    for tag in curves:
        ends = [point for _, point in model.getBoundary([(1, tag)], combined=False, oriented=False)]
        if ends and all(point in sizes for point in ends):
            length, size = float(model.occ.getMass(1, tag)), float(np.mean([sizes[point] for point in ends]))
            if length > LONG * size:
                fine.append((length, size))
    floor = 0.0
    while sum(length / max(size, floor) for length, size in fine) > ALONG:
        floor = max(1.05 * floor, min(size for _, size in fine))
    return floor


def _faces(model: Any, volumes: Sequence[int]) -> list[int]:
    return sorted({tag for _, tag in model.getBoundary([(3, volume) for volume in volumes], combined=False, oriented=False)})


def _radius(model: Any, tag: int) -> float:
    """The least radius of curvature [m] in the middle of a surface."""
    low, high = model.getParametrizationBounds(2, tag)
    middle = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
    most, least, _, _ = model.getPrincipalCurvatures(tag, middle)
    return 1 / max(abs(float(most[0])), abs(float(least[0])))
