"""View factors of flat polygons that see all of each other, by the double contour integral.

A1 F12 = 1/(2 pi) times the sum over pairs of edges, with directions u and v, of (u.v) int int ln r ds dt.
The inner integral over an edge is closed; so is the outer one for parallel edges, and at right angles both vanish. What remains is a smooth
(far) or graded (near, touching) Gauss rule along one edge. Far pairs of triangles use a rule of degree five on both faces instead.
"""

from math import atan, log, pi, sqrt
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

_FAR_X, _FAR_W = np.polynomial.legendre.leggauss(10)
_NEAR_X, _NEAR_W = np.polynomial.legendre.leggauss(20)
# degree five on the triangle (Radon 1948): barycentric corners and weights
_R = sqrt(15.0)
_P, _Q = (6 - _R) / 21, (6 + _R) / 21
_SPOTS = np.array(
    [
        [1 / 3, 1 / 3, 1 / 3],
        [_P, _P, 1 - 2 * _P],
        [_P, 1 - 2 * _P, _P],
        [1 - 2 * _P, _P, _P],
        [_Q, _Q, 1 - 2 * _Q],
        [_Q, 1 - 2 * _Q, _Q],
        [1 - 2 * _Q, _Q, _Q],
    ]
)
_WEIGHTS = np.array([9 / 40] + [(155 - _R) / 1200] * 3 + [(155 + _R) / 1200] * 3)
#: Distance of centroids over the sum of radii from which the area rule is used: the two agree to 2e-6 of the factor there.
FAR = 4.0


def polygon_factor(first: Floats, second: Floats) -> float:
    """View factor from one flat convex polygon to another; nothing may stand between them.

    Args:
        first: Corners [m] in order, right-handed about the normal, shape (p, 3).
        second: Likewise, shape (q, 3). What lies behind the plane of the other polygon is cut away first.

    Returns:
        F12; zero where they face away from each other.

    >>> square = np.array([[0., 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])
    >>> round(polygon_factor(square, square[::-1] + [0, 0, 1]), 10)
    0.1998248957
    """
    a, b = np.ascontiguousarray(first, dtype=np.float64), np.ascontiguousarray(second, dtype=np.float64)
    return float(_contour(a, b)) / float(np.linalg.norm(_area(a)))


def pair_exchange(corners: Floats, i: Ids, j: Ids) -> Floats:
    """A_i F_ij [m2] of fully visible pairs of triangles, shape (k,); corners (f, 3, 3), pairs i and j (k,)."""
    out = np.empty(len(i))
    _pairs(np.ascontiguousarray(corners, dtype=np.float64), np.asarray(i, np.int64), np.asarray(j, np.int64), out)
    return out


@njit(cache=True, nogil=True)
def _pairs(corners: Any, i: Any, j: Any, out: Any) -> None:
    for k in range(len(out)):
        a, b = corners[i[k]], corners[j[k]]
        out[k] = _triangles(a, b)


@njit(cache=True, nogil=True)
def _triangles(a: Any, b: Any) -> float:
    """A1 F12 of two triangles [m2]."""
    ca, cb = (a[0] + a[1] + a[2]) / 3, (b[0] + b[1] + b[2]) / 3
    reach = 0.0
    for corner in range(3):
        reach = max(reach, _distance2(a[corner], ca), _distance2(b[corner], cb))
    if _distance2(ca, cb) > FAR * FAR * 4 * reach:
        na, nb = _area(a), _area(b)
        if _above(a, b, na) and _above(b, a, nb):
            return _quadrature(a, b, na, nb)
    return _contour(a, b)


@njit(cache=True, nogil=True)
def _above(a: Any, b: Any, normal: Any) -> bool:
    """Whether all corners of b lie in front of a."""
    for k in range(3):  # noqa: SIM110 - numba compiles loops
        if (b[k, 0] - a[0, 0]) * normal[0] + (b[k, 1] - a[0, 1]) * normal[1] + (b[k, 2] - a[0, 2]) * normal[2] < 0:
            return False
    return True


@njit(cache=True, nogil=True)
def _quadrature(a: Any, b: Any, na: Any, nb: Any) -> float:
    """Double area integral of cos cos / (pi r^2); normals have the length of the areas, which puts both areas in the cosines."""
    x, y = _SPOTS @ a, _SPOTS @ b
    total = 0.0
    for p in range(7):
        inner = 0.0
        for q in range(7):
            d0, d1, d2 = y[q, 0] - x[p, 0], y[q, 1] - x[p, 1], y[q, 2] - x[p, 2]
            r2 = d0 * d0 + d1 * d1 + d2 * d2
            inner -= _WEIGHTS[q] * (d0 * na[0] + d1 * na[1] + d2 * na[2]) * (d0 * nb[0] + d1 * nb[1] + d2 * nb[2]) / (r2 * r2)
        total += _WEIGHTS[p] * inner
    return total / pi


@njit(cache=True, nogil=True)
def _contour(a: Any, b: Any) -> float:
    """A1 F12 of two convex polygons [m2] after cutting each at the plane of the other."""
    na, nb = _area(a), _area(b)
    first, n1 = _clip(a, b[0], nb)
    second, n2 = _clip(b, a[0], na)
    if n1 < 3 or n2 < 3:
        return 0.0
    total = 0.0
    for p in range(n1):
        for q in range(n2):
            total += _edges(first[p], first[(p + 1) % n1], second[q], second[(q + 1) % n2])
    return max(total / (2 * pi), 0.0)


@njit(cache=True, nogil=True)
def _area(corners: Any) -> Any:
    """Normal with the length of the area."""
    total = np.zeros(3)
    for k in range(1, len(corners) - 1):
        u, v = corners[k] - corners[0], corners[k + 1] - corners[0]
        total[0] += 0.5 * (u[1] * v[2] - u[2] * v[1])
        total[1] += 0.5 * (u[2] * v[0] - u[0] * v[2])
        total[2] += 0.5 * (u[0] * v[1] - u[1] * v[0])
    return total


@njit(cache=True, nogil=True)
def _clip(corners: Any, at: Any, normal: Any) -> Any:
    """The part of a polygon in front of a plane (Sutherland and Hodgman 1974), and its number of corners; none if it only touches it."""
    n = len(corners)
    out = np.empty((n + 1, 3))
    size = sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2)
    scale = 0.0
    highest = 0.0
    heights = np.empty(n)
    for k in range(n):
        d0, d1, d2 = corners[k, 0] - at[0], corners[k, 1] - at[1], corners[k, 2] - at[2]
        heights[k] = (d0 * normal[0] + d1 * normal[1] + d2 * normal[2]) / size
        scale = max(scale, sqrt(d0 * d0 + d1 * d1 + d2 * d2))
        highest = max(highest, heights[k])
    tiny = 1e-12 * scale
    if highest <= tiny:
        return out, 0
    count = 0
    for k in range(n):
        here, there = heights[k], heights[(k + 1) % n]
        if here >= -tiny:
            out[count] = corners[k]
            count += 1
        if (here > tiny and there < -tiny) or (here < -tiny and there > tiny):
            out[count] = corners[k] + here / (here - there) * (corners[(k + 1) % n] - corners[k])
            count += 1
    return out, count


@njit(cache=True, nogil=True)
def _edges(a0: Any, a1: Any, b0: Any, b1: Any) -> float:
    """(u.v) int int ln r ds dt over two straight edges."""
    u0, u1, u2 = a1[0] - a0[0], a1[1] - a0[1], a1[2] - a0[2]
    v0, v1, v2 = b1[0] - b0[0], b1[1] - b0[1], b1[2] - b0[2]
    la, lb = sqrt(u0 * u0 + u1 * u1 + u2 * u2), sqrt(v0 * v0 + v1 * v1 + v2 * v2)
    if la == 0.0 or lb == 0.0:
        return 0.0
    u0, u1, u2, v0, v1, v2 = u0 / la, u1 / la, u2 / la, v0 / lb, v1 / lb, v2 / lb
    cosine = u0 * v0 + u1 * v1 + u2 * v2
    if abs(cosine) < 1e-13:
        return 0.0
    w0, w1, w2 = b0[0] - a0[0], b0[1] - a0[1], b0[2] - a0[2]
    c = w0 * u0 + w1 * u1 + w2 * u2
    if abs(cosine) > 1 - 1e-13:
        e0, e1, e2 = w0 - c * u0, w1 - c * u1, w2 - c * u2  # without cancellation, unlike |w|^2 - c^2
        h2 = e0 * e0 + e1 * e1 + e2 * e2
        end = c + lb if cosine > 0 else c - lb
        low, high = min(c, end), max(c, end)
        return cosine * (_second(la - low, h2) - _second(-low, h2) - _second(la - high, h2) + _second(-high, h2))
    # place on a nearest to each end of b: the inner integral varies fastest there
    d = (w0 + v0 * lb) * u0 + (w1 + v1 * lb) * u1 + (w2 + v2 * lb) * u2
    m0, m1, m2 = w0 + 0.5 * (v0 * lb - u0 * la), w1 + 0.5 * (v1 * lb - u1 * la), w2 + 0.5 * (v2 * lb - u2 * la)
    if m0 * m0 + m1 * m1 + m2 * m2 > (la + lb) ** 2:
        total = 0.0
        for k in range(len(_FAR_X)):
            s = 0.5 * (1 + _FAR_X[k]) * la
            total += 0.5 * la * _FAR_W[k] * _inner(s * u0 - w0, s * u1 - w1, s * u2 - w2, v0, v1, v2, lb)
        return cosine * total
    first, last = min(max(min(c, d), 0.0), la), min(max(max(c, d), 0.0), la)
    total = 0.0
    for piece in range(3):
        low = 0.0 if piece == 0 else (first if piece == 1 else last)
        high = first if piece == 0 else (last if piece == 1 else la)
        if high - low < 1e-14 * la:
            continue
        for k in range(len(_NEAR_X)):
            t = 0.5 * (1 + _NEAR_X[k])
            s = low + (high - low) * t * t * t * (10 - 15 * t + 6 * t * t)
            weight = 0.5 * _NEAR_W[k] * (high - low) * 30 * t * t * (1 - t) * (1 - t)
            total += weight * _inner(s * u0 - w0, s * u1 - w1, s * u2 - w2, v0, v1, v2, lb)
    return cosine * total


@njit(cache=True, nogil=True)
def _inner(x0: float, x1: float, x2: float, v0: float, v1: float, v2: float, length: float) -> float:
    """int ln |x - v t| dt for t from 0 to length."""
    p = x0 * v0 + x1 * v1 + x2 * v2
    e0, e1, e2 = x0 - p * v0, x1 - p * v1, x2 - p * v2
    h2 = e0 * e0 + e1 * e1 + e2 * e2
    return _once(length - p, h2) - _once(-p, h2)


@njit(cache=True, nogil=True)
def _once(w: float, h2: float) -> float:
    """First integral of ln sqrt(w^2 + h^2)."""
    r2 = w * w + h2
    if r2 == 0.0:
        return 0.0
    h = sqrt(h2)
    return 0.5 * w * log(r2) - w + (h * atan(w / h) if h > 0.0 else 0.0)


@njit(cache=True, nogil=True)
def _second(w: float, h2: float) -> float:
    """Second integral of ln sqrt(w^2 + h^2)."""
    r2 = w * w + h2
    if r2 == 0.0:
        return 0.0
    h = sqrt(h2)
    return 0.25 * (w * w - h2) * log(r2) - 0.75 * w * w + (w * h * atan(w / h) if h > 0.0 else 0.0)


@njit(cache=True, nogil=True)
def _distance2(a: Any, b: Any) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2
