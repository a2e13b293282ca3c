"""Names on a picture: a parallel camera, which parts it sees, siblings under one name, and callouts that do not overlap."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.patterns import siblings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Octant = tuple[float, float, float]  #: direction to the eye

MOST_OCTANTS = 16  #: bodies whose best view is known
_octants: dict[bytes, Octant] = {}  #: by digest of triangles and parts, the oldest first
NOTHING = -1  # a pixel that shows no part


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

    def look(self, plotter: Any, points: Floats) -> None:
        """Turn a plotter's camera to this one, far enough away for points (n, 3) [m]."""
        reach = float(np.linalg.norm(np.ptp(points, axis=0))) + self.scale
        plotter.camera.position = self.centre + 3 * reach * self.eye
        plotter.camera.focal_point = self.centre
        plotter.camera.up = self.up
        plotter.camera.parallel_scale = self.scale
        plotter.camera.clipping_range = (0.1 * reach, 8 * reach)


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
    count = np.maximum(np.ceil(4 * area[facing] * (height / 2) ** 2), 1).astype(np.int64)
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


def best_octant(triangles: Floats, part: Ints) -> Octant:
    """The diagonal view that shows most of the parts and of their faces: the largest sum of the roots of the visible areas.

    Load cases of one body are drawn one after another: bodies that were looked at last are known again.
    """
    key = b"".join(hashlib.blake2b(np.ascontiguousarray(each), digest_size=16).digest() for each in (triangles, part))
    if key not in _octants:
        while len(_octants) >= MOST_OCTANTS:
            del _octants[next(iter(_octants))]
        _octants[key] = _best_octant(triangles, part)
    return _octants[key]


def _best_octant(triangles: Floats, part: Ints) -> Octant:
    points = triangles.reshape(-1, 3)
    thin = int(np.argmin(np.ptp(points, axis=0)))

    def value(octant: Octant) -> float:
        picture = seen_parts(isometric(points, octant, (0.9, 0.9), (0.0, 0.0)), triangles, part, 100, 100)
        counts = np.bincount(picture[picture != NOTHING], minlength=int(part.max()) + 1)
        return float(f"{np.sqrt(counts).sum():.1e}")

    weight = np.ones(3)
    weight[thin] = 1.35  # a little more onto the large faces
    signs = product((1, -1), (1, -1), (1, -1))  # the first of equals wins: from above, +x and +y
    x, y, z = weight
    return max([(i * x, j * y, k * z) for k, i, j in signs], key=value)


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


def tags(names: Sequence[str], shown: Mapping[int, float], first: int | None, unit: str = "degC", decimals: int = 1) -> list[Tag]:
    """One tag per part, or per group of numbered siblings, with its highest value; part `first` has its own.

    Args:
        names: Names of all parts.
        shown: Value of each part to name, not a number for a part without one.
        first: The part that stands out, if any.
        unit: Of the values; "-" is not written.
        decimals: Of the values.
    """
    index = {name: i for i, name in enumerate(names)}
    found = []

    def words(label: str, values: Sequence[float]) -> str:
        known = [value for value in values if value == value]
        return f"{label}  {max(known):.{decimals}f}{'' if unit == '-' else f' {unit}'}" if known else f"{label}  –"

    for label, group in siblings([names[i] for i in sorted(shown)]).items():
        members = tuple(index[name] for name in group)
        strong = members == (first,)
        found.append(Tag(words(label, [shown[i] for i in members]), members, strong))
        if first is not None and first in members and not strong:
            found.append(Tag(words(names[first], [shown[first]]), (first,), True))
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
    middles = np.array([_middle(tag.members, camera, picture, centres) for tag in asked])
    order = np.argsort(middles[:, 0], kind="stable")
    on_left = set(order[: len(asked) // 2].tolist())
    placed = []
    for is_left, x in zip((True, False), edges, strict=True):
        column = [i for i in order if (i in on_left) == is_left]
        found = [(asked[i], *_anchor(asked[i].members, camera, picture, centres, x)) for i in column]
        found.sort(key=lambda item: item[1][1])
        heights = spread(np.array([anchor[1] for _, anchor, _ in found]), span, gap)
        for (tag, anchor, hidden), y in zip(found, heights, strict=True):
            placed.append(Callout(tag.words, anchor, (x, float(y)), is_left, hidden, tag.strong))
    return placed


def _middle(members: tuple[int, ...], camera: Camera, picture: Ints, centres: Floats) -> Floats:
    """Middle of what is seen of some parts; of the parts themselves if all are hidden."""
    rows, columns = np.nonzero(np.isin(picture, members))
    if len(rows):
        return np.array([_across(columns.mean(), picture), _along(rows.mean(), picture)])
    return camera.project(centres[list(members)]).mean(axis=0)[:2]


def _across(column: float, picture: Ints) -> float:
    return float((column + 0.5) * 2 / picture.shape[0] - picture.shape[1] / picture.shape[0])


def _along(row: float, picture: Ints) -> float:
    return float((row + 0.5) * 2 / picture.shape[0] - 1)


def _anchor(members: tuple[int, ...], camera: Camera, picture: Ints, centres: Floats, x: float) -> tuple[tuple[float, float], bool]:
    """A point well inside of what is seen of the member nearest to the column at `x`; the nearest centre if all are hidden."""
    counts = np.bincount(picture[picture != NOTHING], minlength=len(centres))[list(members)]
    if counts.max() == 0:
        points = camera.project(centres[list(members)])
        nearest = points[np.argmin(np.abs(points[:, 0] - x))]
        return (float(nearest[0]), float(nearest[1])), True
    clear = [i for i, count in zip(members, counts, strict=True) if 2 * count >= counts.max()]
    best = min(clear, key=lambda i: abs(_middle((i,), camera, picture, centres)[0] - x))
    rows, columns = np.nonzero(_inside(picture == best))
    aside = np.abs(np.array([_across(column, picture) for column in columns.tolist()]) - x)
    away = 2 / picture.shape[0] * np.abs(rows - rows.mean())
    nearest = (
        int(np.argmin(aside + 0.5 * away))
        if len(rows) > 400
        else int(np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2))
    )
    return (_across(columns[nearest], picture), _along(rows[nearest], picture)), False


def _inside(mask: NDArray[np.bool_], steps: int = 3) -> NDArray[np.bool_]:
    """A region without its rim, up to `steps` pixels wide as long as something is left."""
    for _ in range(steps):
        framed = np.pad(mask, 1)
        smaller = mask & framed[:-2, 1:-1] & framed[2:, 1:-1] & framed[1:-1, :-2] & framed[1:-1, 2:]
        if not smaller.any():
            break
        mask = smaller
    return mask


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
