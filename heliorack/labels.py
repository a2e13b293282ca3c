"""Names on a picture: a parallel camera, which parts it sees, siblings under one name, and callouts that do not overlap."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOTHING = -1  # a pixel that shows no part


def siblings(names: Sequence[str]) -> dict[str, list[str]]:
    """Names that differ only in their numbers, under one common name.

    >>> siblings(["panel", "tray.gpu1", "tray.gpu2", "tray.gpu3", "tray.cpu1"])
    {'panel': ['panel'], 'tray.gpu1..3': ['tray.gpu1', 'tray.gpu2', 'tray.gpu3'], 'tray.cpu1': ['tray.cpu1']}
    """
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(re.sub(r"\d+", "#", name), []).append(name)
    return {_common(members): members for members in found.values()}


def _common(members: list[str]) -> str:
    """One name for siblings: numbers that vary become lowest..highest."""
    if len(members) == 1:
        return members[0]
    numbers = list(zip(*(re.findall(r"\d+", name) for name in members), strict=True))
    shown = iter([ns[0] if len(set(ns)) == 1 else f"{min(ns, key=int)}..{max(ns, key=int)}" for ns in numbers])
    return re.sub(r"\d+", lambda match: next(shown), members[0])


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """Parallel projection. Picture coordinates are in half heights of the picture, from its centre, to the right and up."""

    eye: Floats  #: (3,) unit vector from the body towards the eye
    right: Floats  #: (3,) unit vector to the right in the picture
    up: Floats  #: (3,) unit vector upwards in the picture
    centre: Floats  #: (3,) point in the middle of the picture [m]
    scale: float  #: half height of the picture [m]

    def project(self, points: Floats) -> Floats:
        """Picture coordinates and height towards the eye of points (n, 3) [m], in half heights."""
        axes = np.stack([self.right, self.up, self.eye], axis=1)
        return np.asarray((points - self.centre) @ axes / self.scale)


def isometric(points: Floats, octant: tuple[float, float, float], room: tuple[float, float], middle: tuple[float, float]) -> Camera:
    """Camera with body +z upwards, looking along a diagonal.

    Args:
        points: Corners that must be seen, (n, 3) [m].
        octant: Components of the direction towards the eye; (1, 1, 1) is isometric.
        room: Half width and half height that the points may fill, in half heights of the picture.
        middle: Where in the picture their middle goes, in half heights.
    """
    eye = np.array(octant, dtype=float) / np.linalg.norm(octant)
    right = np.cross([0.0, 0.0, 1.0], eye)
    right /= np.linalg.norm(right)
    up = np.cross(eye, right)
    flat = points @ np.stack([right, up], axis=1)
    low, high = flat.min(axis=0), flat.max(axis=0)
    scale = float(max((high - low) / 2 / np.array(room)))
    x, y = (low + high) / 2 - scale * np.array(middle)
    depth = (points @ eye).mean()
    return Camera(eye, right, up, x * right + y * up + depth * eye, max(scale, 1e-9))


def seen_parts(camera: Camera, triangles: Floats, part: Ints, width: int, height: int) -> Ints:
    """Which part each pixel of a coarse picture shows; `NOTHING` where it shows none.

    Every triangle that faces the eye is sampled evenly, four times per pixel it covers; the highest sample of a pixel wins.

    Args:
        triangles: Surface triangles, outward by the right hand, (n, 3 corners, 3) [m].
        part: Part of each triangle, (n,).

    Returns:
        Part by pixel, shape (height, width); row 0 is at the bottom.
    """
    corners = camera.project(triangles.reshape(-1, 3)).reshape(-1, 3, 3)
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = 0.5 * (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    facing = area > 0
    corners, a, b, part = corners[facing], a[facing], b[facing], part[facing]
    count = np.clip(np.ceil(4 * area[facing] * (height / 2) ** 2), 1, 4000).astype(np.int64)
    owner = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    u, v = (0.5 + 0.7548776662 * nth) % 1, (0.5 + 0.5698402910 * nth) % 1  # the R2 sequence fills a square evenly
    u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
    samples = corners[owner, 0] + u[:, None] * a[owner] + v[:, None] * b[owner]
    column = np.floor((samples[:, 0] + width / height) * height / 2).astype(np.int64)
    row = np.floor((samples[:, 1] + 1) * height / 2).astype(np.int64)
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    order = np.argsort(samples[inside, 2], kind="stable")
    picture = np.full(width * height, NOTHING, dtype=np.int64)
    picture[(row * width + column)[inside][order]] = part[owner][inside][order]
    return picture.reshape(height, width)


def best_camera(triangles: Floats, part: Ints, room: tuple[float, float], middle: tuple[float, float]) -> Camera:
    """The diagonal view that shows most of the parts and of their faces: the largest sum of the roots of the visible areas."""
    points = triangles.reshape(-1, 3)
    thin = int(np.argmin(np.ptp(points, axis=0)))

    def value(camera: Camera) -> float:
        picture = seen_parts(camera, triangles, part, 128, 80)
        counts = np.bincount(picture[picture != NOTHING], minlength=int(part.max()) + 1)
        return float(np.sqrt(counts).sum())

    weight = np.ones(3)
    weight[thin] = 1.35  # a little more onto the large faces
    signs = product((1, -1), (1, -1), (1, -1))  # the first of equals wins: from +x, +y and above
    cameras = [isometric(points, tuple(weight * (x, y, z)), room, middle) for z, x, y in signs]
    return max(cameras, key=lambda camera: round(value(camera), 6))


@dataclass(frozen=True, slots=True)
class Callout:
    """A label beside the body with a line to its part; places in picture coordinates."""

    words: str
    anchor: tuple[float, float]  #: on the part
    place: tuple[float, float]  #: the end of the text that faces the body
    left: bool  #: in the column on the left
    hidden: bool  #: the part is behind others
    strong: bool  #: the hottest part


@dataclass(frozen=True, slots=True)
class Tag:
    """A label without a place."""

    words: str
    members: tuple[int, ...]  #: parts that it names
    strong: bool = False


def tags(names: Sequence[str], hottest: Mapping[int, float]) -> list[Tag]:
    """One tag per part, or per group of numbered siblings, with the highest temperature [degC]; the hottest part has its own."""
    first = max(hottest, key=lambda i: hottest[i])
    index = {name: i for i, name in enumerate(names)}
    found = []
    for label, group in siblings([names[i] for i in sorted(hottest)]).items():
        members = tuple(index[name] for name in group)
        strong = members == (first,)
        found.append(Tag(f"{label}  {max(hottest[i] for i in members):.1f} degC", members, strong))
        if first in members and not strong:
            found.append(Tag(f"{names[first]}  {hottest[first]:.1f} degC", (first,), True))
    return found


def callouts(
    asked: Sequence[Tag], camera: Camera, picture: Ints, centres: Floats, edges: tuple[float, float], span: tuple[float, float], gap: float
) -> list[Callout]:
    """Places for tags: two columns beside the body, in the order of what they point at, never closer than `gap`.

    Args:
        asked: What to say.
        camera: The view.
        picture: From `seen_parts`.
        centres: Centre of every part, (p, 3) [m]: where a hidden one is pointed at.
        edges: Where the left and the right column end towards the body, in half heights.
        span: Lowest and highest place, in half heights.
        gap: Least distance of neighbours, in half heights.
    """
    found = []
    for tag in asked:
        anchor, hidden = _anchor(tag.members, camera, picture, centres)
        found.append((tag, anchor, hidden))
    middle = float(np.median([anchor[0] for _, anchor, _ in found])) if found else 0.0
    found.sort(key=lambda item: item[1][0])
    half = len(found) // 2
    left = {id(item[0]) for i, item in enumerate(found) if (item[1][0] < middle or i < half)}
    placed = []
    for is_left in (True, False):
        column = sorted((item for item in found if (id(item[0]) in left) == is_left), key=lambda item: item[1][1])
        heights = spread(np.array([item[1][1] for item in column]), span, gap)
        x = edges[0] if is_left else edges[1]
        placed += [
            Callout(tag.words, anchor, (x, float(y)), is_left, hidden, tag.strong)
            for (tag, anchor, hidden), y in zip(column, heights, strict=True)
        ]
    return placed


def _anchor(members: tuple[int, ...], camera: Camera, picture: Ints, centres: Floats) -> tuple[tuple[float, float], bool]:
    """A point on the most visible member, well inside of what is seen of it; the centre of the first if all are hidden."""
    height, width = picture.shape
    counts = np.bincount(picture[picture != NOTHING], minlength=len(centres))
    best = max(members, key=lambda i: counts[i])
    if counts[best] == 0:
        x, y, _ = camera.project(centres[members[0]][None])[0]
        return (float(x), float(y)), True
    mask = picture == best
    depth = mask.astype(np.int64)
    shrunk = mask
    while shrunk.any():  # distance to the outline, in pixels
        inner = np.pad(shrunk, 1)
        shrunk = inner[1:-1, 1:-1] & inner[:-2, 1:-1] & inner[2:, 1:-1] & inner[1:-1, :-2] & inner[1:-1, 2:]
        depth += shrunk
    rows, columns = np.nonzero(depth >= max(1, min(3, depth.max())))
    nearest = np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2)
    return ((columns[nearest] + 0.5) * 2 / height - width / height, (rows[nearest] + 0.5) * 2 / height - 1), False


def spread(wanted: Floats, span: tuple[float, float], gap: float) -> Floats:
    """Heights near the wanted ones (ascending), at least `gap` apart and within `span` as long as there is room.

    >>> [round(float(y), 3) for y in spread(np.array([0.0, 0.0, 0.9]), (-1.0, 1.0), 0.2)]
    [-0.1, 0.1, 0.9]
    """
    low, high = span
    if len(wanted) > 1:
        gap = min(gap, (high - low) / (len(wanted) - 1))
    steps = gap * np.arange(len(wanted))
    blocks: list[list[float]] = []  # mean and size of runs that touch: wanted minus steps must not descend
    for value in np.clip(wanted, low, high) - steps:
        blocks.append([float(value), 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, size = blocks.pop()
            blocks[-1] = [(blocks[-1][0] * blocks[-1][1] + mean * size) / (blocks[-1][1] + size), blocks[-1][1] + size]
    even = np.concatenate([np.full(int(size), mean) for mean, size in blocks]) if blocks else np.zeros(0)
    room = high - gap * max(len(wanted) - 1, 0)
    return np.clip(even, low, max(room, low)) + steps
