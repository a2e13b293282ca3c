"""Grey-diffuse exchange by radiosity, in the infrared and in sunlight, from closed view factors.

Emissive powers E = sigma T^4 [W/m2]. What is reflected is diffuse; absorptance in a band equals emittance in that band.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]

#: Above this many groups a matrix of the exchange is not formed (0.2 GB); `incident` iterates instead.
DENSE = 5000


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """Exchange areas after all reflections (Gebhart): heat from i to j is factors[i, j] (E_i - E_j)."""

    factors: Floats  #: (g, g) m2, symmetric, zero diagonal
    to_sky: Floats  #: (g,) m2
    areas: Floats  #: (g,) m2

    def net(self, emissive: Floats, sky: float = 0.0) -> Floats:
        """Heat leaving each group [W] at emissive powers (g,) and that of the sky [W/m2]; adds up to what the sky gains, to round-off."""
        return np.asarray(self.own * emissive - self.factors @ emissive - self.to_sky * sky)

    @property
    def own(self) -> Floats:
        """Heat each group sends to all others, per emissive power [m2], (g,): its emittance times area less what comes back to it."""
        return np.asarray(self.factors.sum(axis=1) + self.to_sky)

    @property
    def matrix(self) -> Floats:
        """R (g, g): net flux leaving [W/m2] = R E for a sky at zero; R = eps (I - F (I - (1 - eps) F)^-1 eps)."""
        return np.asarray((np.diag(self.own) - self.factors) / self.areas[:, None])


def exchange(F: Any, sky: Floats, areas: Floats, emittance: Floats) -> Exchange:
    """Exchange between grey-diffuse groups.

    Args:
        F: Reciprocal, closed factors, sparse or dense, (g, g); at most 5000 groups.
        sky: Factor to the sky, (g,).
        areas: m2, (g,).
        emittance: In the infrared, above 0 and up to 1, (g,).

    Raises:
        ValueError: emittance outside its range (group named), rows that do not add up to one, or too many groups for a dense matrix.

    Source:
        Gebhart, Int. J. Heat Mass Transfer 3 (1961) 341-346.
    """
    eps = _fractions(emittance, "emittance", lowest_open=True)
    _check_closed(F, sky)
    if len(eps) > DENSE:
        raise ValueError(
            f"{len(eps)} groups are too many for an exchange matrix (at most {DENSE}): make larger clusters, or use `incident`"
        )
    full = _dense(F)
    rho = 1 - eps
    arriving = np.linalg.solve(np.eye(len(eps)) - full * rho, np.column_stack([full * eps, sky]))
    share = areas * eps
    G = share[:, None] * arriving[:, :-1]
    G = (G + G.T) / 2
    np.fill_diagonal(G, 0.0)
    return Exchange(G, share * arriving[:, -1], np.asarray(areas, dtype=np.float64))


def absorbed_matrix(F: Any, absorptance: Floats) -> Floats:
    """Absorbed flux per first incident flux, (g, g): alpha (I - F (1 - alpha))^-1, all bounces included.

    Args:
        F: Closed factors, sparse or dense, (g, g).
        absorptance: Of the band: solar absorptance for sunlight and albedo, emittance for planet infrared; 0 to 1, (g,).

    Raises:
        ValueError: absorptance outside its range, or light that can neither be absorbed nor leave.
    """
    alpha = _fractions(absorptance, "absorptance")
    full = _dense(F)
    try:
        return np.asarray(alpha[:, None] * np.linalg.inv(np.eye(len(alpha)) - full * (1 - alpha)))
    except np.linalg.LinAlgError as fault:
        raise ValueError("absorptance is zero in a closed cavity: light in it has nowhere to go") from fault


def incident(F: Any, reflectance: Floats, first: Floats, tolerance: float = 1e-13) -> Floats:
    """Flux on each group after all bounces [W/m2], H = first + F (reflectance H), by the bounces themselves; F may be sparse and large.

    Args:
        F: Closed factors, (g, g).
        reflectance: 0 to 1, (g,).
        first: Flux that arrives without a bounce [W/m2], (g,) or (g, k).

    Raises:
        ValueError: reflectance outside its range, or no end after 10 000 bounces.
    """
    rho = _fractions(reflectance, "reflectance")
    shaped = rho if np.ndim(first) == 1 else rho[:, None]
    total = bounce = np.asarray(first, dtype=np.float64)
    for _ in range(10000):
        bounce = F @ (shaped * bounce)
        total = total + bounce
        if np.abs(bounce).max(initial=0.0) <= tolerance * np.abs(total).max(initial=0.0):
            return np.asarray(total)
    raise ValueError("light does not fade after 10 000 bounces: reflectance is too near one in a closed cavity")


def _dense(F: Any) -> Floats:
    return np.asarray(F.toarray() if hasattr(F, "toarray") else F, dtype=np.float64)


def _check_closed(F: Any, sky: Floats) -> None:
    off = np.abs(np.asarray(csr_array(F).sum(axis=1)).ravel() + sky - 1.0)
    if off.max(initial=0.0) > 1e-6:
        raise ValueError(f"view factors must be closed first: row {int(off.argmax())} and its sky differ from one by {off.max():.2g}")


def _fractions(values: Floats, name: str, lowest_open: bool = False) -> Floats:
    """Values as an array, checked to lie in (0, 1] or [0, 1]."""
    array = np.asarray(values, dtype=np.float64)
    bad = np.flatnonzero(~((array > 0 if lowest_open else array >= 0) & (array <= 1)))
    if len(bad):
        span = "above 0 and at most 1" if lowest_open else "between 0 and 1"
        raise ValueError(f"{name} must lie {span}: {array[bad[0]]:g} in group {bad[0]}")
    return array
