"""The lumped quick look at a model with a network: each zone at one temperature, in balance with the network's nodes and fluids.

Galerkin's condition on functions that are constant in each zone keeps contacts, exchange, films and what radiates as they are between
zones, and has no conduction within them. Where zones conduct well it is the steady state; elsewhere it is where the search for that begins.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermal.errors import SolveError
from thermal.solve.model import Model

Floats = NDArray[np.float64]

MOST, LARGEST, SETTLED = 40, 60.0, 1e-3  #: iterations, change in one of them and last change [K]
COLDEST = 3.0  #: K, below which no guess goes
HALVINGS = 6
MOST_ZONES = 40  #: every iteration exchanges radiation once for each


@dataclass(frozen=True, slots=True, eq=False)
class QuickLook:
    """The balance of lumps beside the steady state that the search found from there, under the same loads."""

    lumps: Floats  #: (zones,) K
    means: Floats  #: (zones,) by heat capacity, of the steady state [K]


def beside(model: Model, lumps: Floats, T: Floats) -> QuickLook:
    """Both by zone, of owned rows [K]; a zone without rows of its own has no number. Collective."""
    assert model.zone is not None
    zones = max(model.layout.comm.allgather(int(model.zone.max(initial=-1)))) + 1
    capacity = model.heat_capacity
    weights = np.array([np.bincount(model.zone, capacity * by, zones) for by in (np.ones_like(capacity), *map(model.of_mesh, (lumps, T)))])
    whole, *found = model.layout.sum(weights)
    return QuickLook(*np.divide(found, whole, out=np.full_like(found, np.nan), where=whole > 0.0))


def lumped(model: Model, T: Floats, t: float) -> Floats | None:
    """Owned rows [K], the network's behind them, with one temperature for each of `model.zone`; None where no balance is found. Collective.

    Args:
        model: With a network attached, and zones.
        T: First guess of the owned rows [K].
        t: Time at which loads are taken [s].
    """
    attached, zone = model.attached, model.zone
    if attached is None or zone is None:
        return None
    layout, owned, free = model.layout, model.layout.owned, np.ones(model.layout.owned)
    held = model.held_rows()
    free[held] = 0.0
    zones = max(layout.comm.allgather(int(zone.max(initial=-1)))) + 1
    if zones > MOST_ZONES:
        return None
    columns = np.zeros((zones, owned))
    columns[zone, np.arange(owned)] = free
    touched = np.stack([attached.walls(column) for column in columns], axis=1)
    given = model.brought(np.array([t]))

    def by_zone(values: Floats) -> Floats:
        return np.asarray(layout.sum(columns @ values[:owned]))

    def behind(values: Floats) -> Floats:
        told = np.zeros(len(attached.network.free))
        told[: attached.rows] = values[owned:]
        return np.asarray(layout.sum(told))

    rows = np.maximum(by_zone(free), 1e-300)
    T = model.extended(T).copy()
    T[:owned] = columns.T @ (by_zone(T[:owned]) / rows)
    T[held] = model.held_values(t)
    over = model.balance(t, T, given)
    for _ in range(MOST):
        model.renew(t, T, always=True)
        derivatives, gains = model.derivatives(t, T), model.feedback_slopes(t, T)
        slope = model.slope(derivatives)
        matrix = np.empty((zones, zones))
        for j, column in enumerate(columns):
            fed = sum((b.weights @ (gains[b] * b.means(layout, column)) for b in model.feedbacks), np.zeros(owned))
            matrix[:, j] = by_zone(model.conducted(column) + slope * column - model.exchanged(derivatives, column, t) - fed)
        matrix[np.arange(zones), np.arange(zones)] += rows <= 0.5  # a zone that is held altogether
        try:
            border = attached.border(0.0, gains[attached])
            of_network = behind(over)
            right = by_zone(over) + touched.T @ border.heat(of_network)
            change = np.linalg.solve(matrix - touched.T @ border.through(touched), right)
        except (SolveError, np.linalg.LinAlgError):
            return None
        moved = np.concatenate([columns.T @ change, border.change(of_network, touched @ change)[: attached.rows]])
        longest = max(float(np.abs(change).max(initial=0.0)), float(layout.extreme(np.array([np.abs(moved).max(initial=0.0)]), True)[0]))
        if not np.isfinite(longest):
            return None
        share, before = min(1.0, LARGEST / max(longest, 1e-30)), _size(by_zone(over), behind(over))
        for _ in range(HALVINGS):
            tried = np.maximum(T + share * moved, COLDEST)
            over = model.balance(t, tried, given)
            if _size(by_zone(over), behind(over)) < before:
                break
            share *= 0.5
        T = tried
        if longest < SETTLED:
            return T
    return None


def _size(zones: Floats, network: Floats) -> float:
    """Of an imbalance [W]."""
    return float(np.hypot(np.linalg.norm(zones), np.linalg.norm(network)))
