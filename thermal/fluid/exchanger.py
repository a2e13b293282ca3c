"""Heat exchangers by effectiveness and number of transfer units."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermal.fluid.validity import FluidError

Floats = NDArray[np.float64]
Arrangement = Literal["parallel", "counter", "cross_unmixed", "cross_max_mixed", "cross_min_mixed", "shell_two_tube", "condenser"]


def effectiveness(ntu: ArrayLike, ratio: ArrayLike, arrangement: Arrangement) -> Floats:
    """Heat exchanged per heat that an infinite counter-flow exchanger would exchange [-].

    Args:
        ntu: UA/C_min [-].
        ratio: C_min/C_max of the two capacity rates [-], 0 to 1; 0: one side boils or condenses.
        arrangement: "cross_unmixed" is the exact series, not the fit usual in textbooks (0.5 % off); "cross_max_mixed"
            and "cross_min_mixed":
            the side of larger or smaller capacity rate is mixed; "shell_two_tube" has one shell pass and two (four, ...) tube passes;
            "condenser" takes `ratio` as 0.

    Raises:
        FluidError: negative NTU, a ratio outside 0 to 1, or an unknown arrangement.

    Source:
        Kays and London, Compact Heat Exchangers, 3rd ed. 1984; cross flow: Mason, Proc. 2nd U.S. Natl. Congr. Appl. Mech. 1954, 801.

    >>> round(effectiveness(2.0, 0.75, "counter").item(), 10), effectiveness(3.0, 1.0, "counter").item()
    (0.7218269911, 0.75)
    """
    if arrangement not in get_args(Arrangement):
        raise FluidError(f"exchanger '{arrangement}' is not known; there are {', '.join(get_args(Arrangement))}")
    n, c = np.broadcast_arrays(np.asarray(ntu, dtype=float), np.asarray(ratio, dtype=float))
    if not ((n >= 0).all() and ((c >= 0) & (c <= 1)).all()):
        raise FluidError(f"an exchanger needs NTU of zero or more and a ratio of 0 to 1, not {n.min():g} and {c.min():g} to {c.max():g}")
    if arrangement == "condenser":
        c = np.zeros_like(c)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(n == 0, 0.0, np.where(c == 0, -np.expm1(-n), FORMULAS[arrangement](n, c)))


def _parallel(n: Floats, c: Floats) -> Floats:
    return np.asarray(-np.expm1(-n * (1 + c)) / (1 + c))


def _counter(n: Floats, c: Floats) -> Floats:
    """In the form without 0/0 at equal rates: N phi/(1 + C N phi), phi = (1 - exp(-x))/x, x = N (1 - C)."""
    x = n * (1 - c)
    phi = np.where(x == 0, 1.0, -np.expm1(-x) / np.where(x == 0, 1.0, x))
    return np.asarray(n * phi / (1 + c * n * phi))


def _cross_unmixed(n: Floats, c: Floats) -> Floats:
    """Sum over k from 0 of P(k + 1, N) P(k + 1, C N)/(C N), P the regularized lower gamma function: Mason's series.

    Terms beyond k = N + 12 sqrt(N) + 40 are below round-off.
    """
    from scipy.special import gammainc

    greatest = float(n.max(initial=0.0))
    k = np.arange(1, int(greatest + 12 * np.sqrt(greatest) + 40))
    terms = gammainc(k, n[..., None]) * gammainc(k, (c * n)[..., None])
    return np.asarray(terms.sum(axis=-1) / (c * n))


def _cross_max_mixed(n: Floats, c: Floats) -> Floats:
    return np.asarray(-np.expm1(c * np.expm1(-n)) / c)


def _cross_min_mixed(n: Floats, c: Floats) -> Floats:
    return np.asarray(-np.expm1(np.expm1(-c * n) / c))


def _shell_two_tube(n: Floats, c: Floats) -> Floats:
    root = np.sqrt(1 + c**2)
    return np.asarray(2 / (1 + c + root / np.tanh(n * root / 2)))


FORMULAS = {
    "parallel": _parallel,
    "counter": _counter,
    "cross_unmixed": _cross_unmixed,
    "cross_max_mixed": _cross_max_mixed,
    "cross_min_mixed": _cross_min_mixed,
    "shell_two_tube": _shell_two_tube,
    "condenser": _parallel,  # at ratio 0, where all are 1 - exp(-N)
}


def heat(
    hot_rate: ArrayLike, cold_rate: ArrayLike, hot_in: ArrayLike, cold_in: ArrayLike, conductance: ArrayLike, arrangement: Arrangement
) -> Floats:
    """Heat from the hot to the cold side [W]; negative where the sides are the other way round.

    Args:
        hot_rate, cold_rate: Capacity rates m cp [W/K]; inf: boils or condenses; 0: stands still, nothing is exchanged.
        hot_in, cold_in: Inlet temperatures [K].
        conductance: UA [W/K].
    """
    a, b, t_a, t_b, ua = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (hot_rate, cold_rate, hot_in, cold_in, conductance)))
    least, most = np.minimum(a, b), np.maximum(a, b)
    if np.isinf(least).any():
        return np.where(np.isinf(least), ua * (t_a - t_b), heat(np.where(np.isinf(least), 1.0, a), b, t_a, t_b, ua, arrangement))
    moving = least > 0
    safe = np.where(moving, least, 1.0)
    found = effectiveness(np.where(moving, ua / safe, 0.0), np.where(moving, least / np.where(moving, most, 1.0), 0.0), arrangement)
    return np.asarray(found * least * (t_a - t_b))
