"""The scene of the radiation benchmark: a unit box that holds two boxes; 18 flat groups that see one another and nothing else."""

import numpy as np
from numpy.typing import NDArray

BLOCKERS = (((0.15, 0.2, 0.1), (0.45, 0.5, 0.6)), ((0.6, 0.3, 0.5), (0.8, 0.8, 0.7)))


def grid(corner: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64], h: float) -> NDArray[np.float64]:
    """Triangles of the rectangle `corner`, `corner + a`, `corner + b`, about `h` long, normal along a x b; shape (n, 3, 3)."""
    m, n = (max(1, round(float(np.linalg.norm(side)) / h)) for side in (a, b))
    s, t = np.meshgrid(np.linspace(0, 1, m + 1), np.linspace(0, 1, n + 1), indexing="ij")
    p = corner + s[..., None] * a + t[..., None] * b
    p00, p10, p11, p01 = p[:-1, :-1], p[1:, :-1], p[1:, 1:], p[:-1, 1:]
    return np.stack([np.stack([p00, p10, p11], axis=2), np.stack([p00, p11, p01], axis=2)], axis=2).reshape(-1, 3, 3)


def box(low: tuple[float, float, float], high: tuple[float, float, float], h: float, inward: bool = False) -> list[NDArray[np.float64]]:
    """The six faces of a box, normals outward or inward."""
    at, size = np.array(low), np.array(high) - np.array(low)
    faces = []
    for axis in range(3):
        sides = [np.eye(3)[(axis + k) % 3] * size for k in (1, 2)]
        for end in (0, 1):
            flip = (end == 0) != inward
            first, second = sides[::-1] if flip else sides
            faces.append(grid(at + end * size[axis] * np.eye(3)[axis], first, second, h))
    return faces


def cavity(count: int) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Points (3 n, 3), facets (n, 3) and groups (n,) of about `count` triangles."""
    h = float(np.sqrt(2 * (6 + 0.78 + 0.48) / count))  # area of the box and of the two in it
    faces = box((0, 0, 0), (1, 1, 1), h, inward=True)
    for low, high in BLOCKERS:
        faces += box(low, high, h)
    groups = np.repeat(np.arange(len(faces)), [len(face) for face in faces])
    triangles = np.concatenate(faces)
    return triangles.reshape(-1, 3), np.arange(3 * len(triangles)).reshape(-1, 3), groups


def blockers(count: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Points and facets of a row of the two inner boxes, `count` triangles in all, for shadows."""
    h = float(np.sqrt(2 * 1.26 / 1000))
    pair = np.concatenate([face for low, high in BLOCKERS for face in box(low, high, h)])
    copies = -(-count // len(pair))
    row = np.concatenate([pair + np.array([1.1 * i, 0, 0]) for i in range(copies)])[:count]
    return row.reshape(-1, 3), np.arange(3 * len(row)).reshape(-1, 3)


def stack(count: int) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Points joined at corners, facets and labels (face of a cube) of 64 cubes in a block with gaps, at least `count` triangles."""
    cells = int(np.ceil(np.sqrt(count / (64 * 6 * 2))))
    cubes = [(np.array(place), np.array(place) + 0.7) for place in np.ndindex(4, 4, 4)]
    faces = [face for low, high in cubes for face in box(tuple(low), tuple(high), 0.7 / cells)]
    labels = np.repeat(np.arange(len(faces)), [len(face) for face in faces])
    points, facets = np.unique(np.round(np.concatenate(faces).reshape(-1, 3), 9), axis=0, return_inverse=True)
    return points, facets.reshape(-1, 3), labels
