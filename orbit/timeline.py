"""The times of one revolution: equal steps, shadow edges as left and right limit, and penumbra filled in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orbit.shadow import Shape, crossings, illumination, margins
from orbit.track import Track

Array = NDArray[np.float64]
PENUMBRA_STEPS = 16  #: steps inside every penumbra crossing


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Times of a revolution and the visible part of the solar disc at them."""

    times: Array  #: (n,) s, non-decreasing, every edge twice
    illumination: Array  #: (n,)
    edges: Array  #: (m,) s in the order of crossing


@dataclass(frozen=True, slots=True, eq=False)
class ShadowedTrack:
    """A track with a planet of stated radius and shadow shape."""

    track: Track
    radius: float  #: m
    shape: Shape

    def seen(self, t: Array) -> tuple[Array, Array]:
        """Satellite (n, 3) and Sun (3,) [m] and for the oblate shape in axes whose third is the pole; `t` [s] counts modulo the period."""
        position = self.track.state(t % self.track.period)[0]
        if self.shape != "oblate":
            return position, self.track.sun
        pole = self.track.pole
        side = np.cross(pole, np.eye(3)[int(np.argmin(np.abs(pole)))])
        side = side / np.linalg.norm(side)
        axes = np.stack([side, np.cross(pole, side), pole])
        return position @ axes.T, axes @ self.track.sun

    def penumbra(self, t: Array) -> Array:
        """Angle left before penumbra [rad]."""
        return margins(*self.seen(t), self.radius, self.shape)[0]

    def umbra(self, t: Array) -> Array:
        """Angle left before umbra [rad]."""
        return margins(*self.seen(t), self.radius, self.shape)[1]

    def light(self, t: Array) -> Array:
        """Visible part of the solar disc."""
        return illumination(*self.seen(t), self.radius, self.shape)


def timeline(shadowed: ShadowedTrack, steps: int, more: Array, like: tuple[Array, Array] | None = None) -> Timeline:
    """Times and illumination of one revolution in `steps` equal steps; edges, penumbra and `more` times (k,) [s] added.

    Args:
        like: Times and edges of another revolution [s]. Where both have the same edges in the same order, the times are its own, moved
            evenly between the edges, so that what stands at one place of both tables is of one phase.
    """
    period = shadowed.track.period
    edges, limits = shadow_edges(shadowed)
    if like is not None and len(edges) == len(like[1]) > 0 and np.array_equal(np.argsort(edges), np.argsort(like[1])):
        between = like[0][~np.isin(like[0], like[1])]
        known, mine = (np.concatenate([[0.0], np.sort(each), [end]]) for each, end in ((like[1], like[0][-1]), (edges, period)))
        return _merged(shadowed, np.interp(between, known, mine), edges, limits)
    even = np.linspace(0.0, period, steps + 1)
    more = more[np.abs(more - even[np.round(more / period * steps).astype(int)]) > 1e-6 * period]
    plain = np.concatenate([even, more, _inside_penumbra(shadowed, edges)])
    if len(edges):
        clear = np.min(np.abs(plain[:, None] - edges), axis=1) > 1e-3
        plain = plain[clear | (plain == 0.0) | (plain == period)]
    return _merged(shadowed, plain, edges, limits)


def _merged(shadowed: ShadowedTrack, plain: Array, edges: Array, limits: Array) -> Timeline:
    """Times with light of their own, and edges (m,) with its limits (m, 2)."""
    times = np.concatenate([plain, edges, edges])
    light = np.concatenate([shadowed.light(plain), limits[:, 0], limits[:, 1]])
    order = np.argsort(times, kind="stable")
    return Timeline(times[order], light[order], edges)


def shadow_edges(shadowed: ShadowedTrack) -> tuple[Array, Array]:
    """Shadow crossings of a revolution.

    Returns:
        Times (m,) [s] in [0, period) and the illumination just before and after each, (m, 2). A passage is penumbra entry, umbra entry,
        umbra exit, penumbra exit; penumbra entry and exit where there is no umbra; entry and exit for the cylinder.
    """
    period = shadowed.track.period
    outer = crossings(shadowed.penumbra, 0.0, period)
    if shadowed.shape == "cylinder":
        times = np.stack([outer.entry, outer.exit], axis=1).ravel()
        return times % period, np.tile([[1.0, 0.0], [0.0, 1.0]], (len(outer.entry), 1))
    inner = crossings(shadowed.umbra, 0.0, period)
    instants: list[Array] = [np.empty(0)]
    limits: list[Array] = [np.empty((0, 2))]
    for start, end in zip(outer.entry, outer.exit, strict=True):
        within = (inner.entry - start) % period < (end - start) % period
        umbra = np.stack([inner.entry[within], inner.exit[within]], axis=1).ravel()
        instants.append(np.concatenate([[start], umbra, [end]]))
        limits.append(np.concatenate([[[1.0, 1.0]], np.zeros((len(umbra), 2)), [[1.0, 1.0]]]))
    return np.concatenate(instants) % period, np.concatenate(limits)


def _inside_penumbra(shadowed: ShadowedTrack, edges: Array) -> Array:
    """Times that divide every penumbra crossing evenly [s]."""
    if not len(edges) or shadowed.shape == "cylinder":
        return np.empty(0)
    period = shadowed.track.period
    length = (np.roll(edges, -1) - edges) % period
    light = shadowed.light(edges + length / 2)
    partly = (light > 0) & (light < 1)
    part = np.linspace(0.0, 1.0, PENUMBRA_STEPS + 1)[1:-1]
    return ((edges[partly, None] + length[partly, None] * part) % period).ravel()
