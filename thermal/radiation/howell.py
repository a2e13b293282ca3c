"""Closed-form view factors, numbered as in Howell's catalogue (A Catalog of Radiation Heat Transfer Configuration Factors, 3rd ed.)."""

from math import atan, hypot, log, pi, sqrt


def parallel_rectangles(a: float, b: float, c: float) -> float:
    """Equal aligned rectangles a x b, a distance c apart (C-11).

    >>> round(parallel_rectangles(1, 1, 1), 10)
    0.1998248957
    """
    x, y = a / c, b / c
    p, q = hypot(1, x), hypot(1, y)
    body = log(sqrt((1 + x * x) * (1 + y * y) / (1 + x * x + y * y))) - x * atan(x) - y * atan(y)
    return 2 / (pi * x * y) * (body + x * q * atan(x / q) + y * p * atan(y / p))


def perpendicular_rectangles(w: float, h: float, length: float) -> float:
    """From a rectangle of depth w to one of height h at right angles, which share an edge of `length` (C-14).

    >>> round(perpendicular_rectangles(1, 1, 1), 10)
    0.2000437761
    """
    W, H = w / length, h / length
    s, w2, h2 = W * W + H * H, W * W, H * H
    logs = log((1 + w2) * (1 + h2) / (1 + s)) + w2 * log(w2 * (1 + s) / ((1 + w2) * s)) + h2 * log(h2 * (1 + s) / ((1 + h2) * s))
    return (W * atan(1 / W) + H * atan(1 / H) - sqrt(s) * atan(1 / sqrt(s)) + logs / 4) / (pi * W)


def coaxial_disks(r1: float, r2: float, h: float) -> float:
    """From a disk of radius r1 to a parallel coaxial one of radius r2, a distance h apart (C-41).

    >>> round(coaxial_disks(1, 1, 1), 10)
    0.3819660113
    """
    x = 1 + (h * h + r2 * r2) / (r1 * r1)
    return 2 * (r2 / r1) ** 2 / (x + sqrt(x * x - 4 * (r2 / r1) ** 2))


def concentric(inner: float, outer: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Convex body of area `inner` inside one of area `outer` of the same shape and centre (spheres, long cylinders): both rows.

    >>> concentric(1.0, 4.0)
    ((0.0, 1.0), (0.25, 0.75))
    """
    return (0.0, 1.0), (inner / outer, 1 - inner / outer)
