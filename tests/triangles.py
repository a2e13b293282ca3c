"""Triangulated surfaces for tests of radiation: (n, 3, 3) corners, outward by the right hand, and scenes of several groups."""

import numpy as np

from thermal.radiation.rays import Scene, scene


def rectangle(corner, a, b, m=1, n=1):
    """Rectangle or parallelogram with sides a and b in m x n cells, normal along a x b."""
    corner, a, b = (np.asarray(x, dtype=float) for x in (corner, a, b))
    s, t = np.meshgrid(np.linspace(0, 1, m + 1), np.linspace(0, 1, n + 1), indexing="ij")
    p = corner + s[..., None] * a + t[..., None] * b
    q = [p[:-1, :-1], p[1:, :-1], p[1:, 1:], p[:-1, 1:]]
    return np.stack([np.stack([q[0], q[1], q[2]], 2), np.stack([q[0], q[2], q[3]], 2)], 2).reshape(-1, 3, 3)


def box(low, high, m=1, inward=False):
    """Faces -x, +x, -y, +y, -z, +z of a box."""
    low, size = np.asarray(low, dtype=float), np.subtract(high, low).astype(float)
    faces = []
    for axis in range(3):
        a, b = (np.eye(3)[(axis + k) % 3] * size for k in (1, 2))
        for end in (0, 1):
            sides = (b, a) if (end == 0) != inward else (a, b)
            faces.append(rectangle(low + end * size[axis] * np.eye(3)[axis], *sides, m, m))
    return faces


def ball(radius, n=24, inward=False, top=np.pi, exact_area=False):
    """Sphere, or the cap of it within `top` of the +z axis, by latitude and longitude."""
    theta, phi = np.meshgrid(np.linspace(0, top, n + 1), np.linspace(0, 2 * np.pi, 2 * n + 1), indexing="ij")
    p = radius * np.stack([np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)], -1)
    q = [p[:-1, :-1], p[1:, :-1], p[1:, 1:], p[:-1, 1:]]
    faces = np.concatenate([np.stack(q[:3], 2).reshape(-1, 3, 3), np.stack([q[0], q[2], q[3]], 2).reshape(-1, 3, 3)])
    area = 0.5 * np.linalg.norm(np.cross(faces[:, 1] - faces[:, 0], faces[:, 2] - faces[:, 0]), axis=1)
    faces = faces[area > 1e-12 * radius**2]
    if exact_area:
        faces *= np.sqrt(2 * np.pi * (1 - np.cos(top)) * radius**2 / area.sum())
    return faces[:, ::-1] if inward else faces


def together(surfaces) -> tuple[Scene, np.ndarray]:
    """A scene of surfaces, and which of them each facet belongs to."""
    corners = np.concatenate(surfaces)
    view = scene(corners.reshape(-1, 3), np.arange(3 * len(corners)).reshape(-1, 3))
    return view, np.repeat(np.arange(len(surfaces)), [len(s) for s in surfaces])


def welded(corners):
    """Points and facets with equal corners joined."""
    points, inverse = np.unique(np.round(corners.reshape(-1, 3), 9), axis=0, return_inverse=True)
    return points, inverse.reshape(-1, 3)


def record(record_property, found, expected, tolerance):
    """The three figures of a claim."""
    for name, value in (("found", found), ("expected", expected), ("tolerance", tolerance)):
        record_property(name, value if isinstance(value, str) else f"{value:.10g}")
