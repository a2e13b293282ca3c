"""Exchange between surfaces of which some have an emittance that depends on their temperature, and absorb infrared alike (Kirchhoff).

With J = E + (1 - eps) H and eps = eps0 (1 + s), s of the group's mean, the radiosity is that of the nominal emittances eps0 under emissive
powers E/eps0 - s H: the transfer matrices stay, and the infrared H on the groups that vary is one small linear system at each state.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thermal.basis import Basis, Interpolated
from thermal.curve import Curve
from thermal.heat import Moment, Slope, cubes
from thermal.layout import Layout
from thermal.radiation.enclosure import Enclosure, Sparse, Transfer

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Optics:
    """Emittances over their nominal values at one state, of each kind of varying surface by its curve."""

    rows: list[Floats]  #: (owned,) by curve [-]
    excess: Floats  #: (v,) mean over each varying group, less one [-]


@dataclass(frozen=True, slots=True, eq=False)
class Arriving:
    """Infrared on the groups, as far as it is absorbed at nominal emittances [W/m2]."""

    absorbed: Floats  #: (g,) into the part under each group
    powers: Floats  #: (g,) emissive powers of the nominal surfaces that send out the same


@dataclass(slots=True, eq=False)
class VaryingEnclosure(Enclosure):
    """An enclosure with bare groups whose emittance follows the temperature; `surfaces` and `poses` have its nominal values.

    Raises:
        ValueError: blankets that conduct are among the groups, or one that varies is under a blanket.
    """

    over: Sequence[tuple[Ids, Curve]] = ()  #: groups of one emittance over its nominal value by temperature
    _varies: Ids = field(init=False)  #: (v,) all of them
    _columns: list[Sparse] = field(init=False)  #: by curve, (owned, of it) vertex areas [m2]
    _emits: list[Floats] = field(init=False)  #: by curve, (owned,) nominal emission of the vertices [m2]
    _others: Floats = field(init=False)  #: (owned,) that of all other groups [m2]
    _last: Optics | None = field(init=False, default=None)  #: at the last state that a load was asked at

    def __post_init__(self) -> None:
        Enclosure.__post_init__(self)
        self._varies = np.concatenate([groups for groups, _ in self.over]).astype(np.int64)
        if self.conducting or np.isfinite(self.surfaces.effective[self._varies]).any():
            raise ValueError("an emittance over temperature is for bare surfaces, without blankets that conduct among those they see")
        self._columns = [self.weights[:, groups].tocsr() for groups, _ in self.over]
        self._emits = [np.asarray(self.weights[:, groups] @ self.surfaces.emittance[groups]) for groups, _ in self.over]
        self._others = self.emission - sum(self._emits, np.zeros(len(self.emission)))

    def optics(self, layout: Layout, T: Floats) -> Optics:
        """The emittances at temperatures of the owned rows [K]. Collective."""
        rows = [curve(T) for _, curve in self.over]
        means = np.concatenate([self._means[groups] @ one for (groups, _), one in zip(self.over, rows, strict=True)])
        return Optics(rows, np.asarray(layout.sum(means)) - 1.0)

    def exchanged(self, t: float | None, now: Optics, emissive: Floats, given: Floats | float = 0.0) -> Arriving:
        """What arrives after all reflections.

        Args:
            t: Time [s]; None for the mean over the period.
            now: Emittances.
            emissive: (g,) what the groups send out over their nominal emittance [W/m2].
            given: (g,) what is absorbed at nominal emittances of what comes from outside [W/m2].
        """
        blend = self.over_period() if t is None else self.at(t)
        returned = _blended(blend)
        v, share = self._varies, now.excess / self.surfaces.emittance[self._varies]
        nominal = returned @ emissive + given
        at = np.linalg.solve(np.eye(len(v)) + returned[np.ix_(v, v)] * share, nominal[v])
        powers = emissive.copy()
        powers[v] -= share * at
        return Arriving(np.asarray(nominal - returned[:, v] @ (share * at)), powers)

    def into_rows(self, now: Optics, absorbed: Floats) -> Floats:
        """Heat into the owned rows [W] of what is absorbed at nominal emittances (g,) [W/m2]."""
        still = absorbed.copy()
        still[self._varies] = 0.0
        heat = self.weights @ still
        for (groups, _), columns, ratio in zip(self.over, self._columns, now.rows, strict=True):
            heat += ratio * (columns @ absorbed[groups])
        return np.asarray(heat)

    def _state(self, now: Moment) -> tuple[Optics, Arriving]:
        """The exchange at a moment. Collective."""
        found = self.optics(now.layout, now.T)
        local = self._means @ now.fourth
        for (groups, _), ratio in zip(self.over, found.rows, strict=True):
            local[groups] = self._means[groups] @ (ratio * now.fourth)
        space = now.sigma * self.sink**4
        sky = sum(w * pose.sky for w, pose in self.at(now.t)) * space
        return found, self.exchanged(now.t, found, now.sigma * np.asarray(now.layout.sum(local)), sky)

    def powers(self, now: Moment) -> Floats:
        """Those of nominal surfaces that would send out the same."""
        return self._state(now)[1].powers

    def load(self, now: Moment) -> Floats:
        """Heat into each owned row [W]. Collective."""
        self._last, found = self._state(now)
        sent = self._others * now.fourth
        for emits, ratio in zip(self._emits, self._last.rows, strict=True):
            sent += emits * ratio * now.fourth
        return self.into_rows(self._last, found.absorbed) - now.sigma * sent

    def heat(self, now: Moment) -> float:
        """Sum of `load` [W]. Collective."""
        return float(self.load(now).sum())

    def reduced(self, basis: Basis, sigma: float) -> Interpolated | None:
        """It has no reduced form: what it sends out is no fourth power."""
        return None

    def slope(self) -> Slope:
        """By what each row sends out less what more it absorbs for being warmer."""
        return Slope(self._growth, self.emission, self.escape, returned=self._returned, returned_transposed=self._returned_transposed)

    def _growth(self, now: Moment) -> Floats:
        """Derivative of what each row sends out at the infrared that falls on it, per nominal emission, never below zero [W/m2K]."""
        optics, found = self._state(now)
        growth = self._others * cubes(now)
        for (groups, curve), columns, emits, ratio in zip(self.over, self._columns, self._emits, optics.rows, strict=True):
            steeper = curve.slope(now.T)
            growth += emits * (ratio * cubes(now) + steeper * now.sigma * now.fourth) - steeper * (columns @ found.absorbed[groups])
        ratio = np.divide(growth, self.emission, out=np.zeros_like(growth), where=self.emission > 0.0)
        return np.asarray(np.maximum(ratio, 0.0))

    def _returned(self, layout: Layout, growth: Floats, change: Floats, t: float | None) -> Floats:
        """Change of what comes back to the rows, at the emittances of the last load [W]."""
        now = self._last or Optics([np.ones_like(change) for _ in self.over], np.zeros(len(self._varies)))
        return self.into_rows(now, self.exchanged(t, now, self.mean(layout, growth * change)).absorbed)

    def _returned_transposed(self, layout: Layout, growth: Floats, heat: Floats, t: float | None) -> Floats:
        """Transpose of `_returned`, of one weight of the rows or several (..., owned)."""
        now = self._last or Optics([np.ones(heat.shape[-1]) for _ in self.over], np.zeros(len(self._varies)))
        return np.asarray(growth * (self._onto_powers(t, now, self._onto(layout, now, heat)) @ self._means))

    def _onto(self, layout: Layout, now: Optics, heat: Floats) -> Floats:
        """Transpose of `into_rows`: what a watt per square metre into each group is worth (..., g). Collective."""
        onto = np.asarray(heat @ self.weights)
        for (groups, _), columns, ratio in zip(self.over, self._columns, now.rows, strict=True):
            onto[..., groups] = (heat * ratio) @ columns
        return np.asarray(layout.sum(onto))

    def _onto_powers(self, t: float | None, now: Optics, onto: Floats) -> Floats:
        """What emissive powers of the nominal surfaces are worth (..., g), by what is absorbed by the groups."""
        returned = _blended(self.over_period() if t is None else self.at(t))
        return np.asarray(self._through(returned, now, onto) @ returned)

    def _through(self, returned: Floats, now: Optics, onto: Floats) -> Floats:
        """The same of what arrives at nominal emittances, before the varying groups take more of it or less."""
        v, share = self._varies, now.excess / self.surfaces.emittance[self._varies]
        through = onto.copy()
        through[..., v] -= np.linalg.solve((np.eye(len(v)) + returned[np.ix_(v, v)] * share).T, (share * (onto @ returned[:, v])).T).T
        return through

    def factors(self, now: Moment, pose: Transfer) -> Floats:
        """Absorbed by the part at i per emissive power of a black body as warm as the part at j, (g, g). Collective."""
        optics, ratio = self.optics(now.layout, now.T), np.ones(len(self.areas))
        ratio[self._varies] += optics.excess
        return np.asarray(ratio[:, None] * (self._through(pose.returned, optics, np.eye(len(ratio))) @ pose.returned) * ratio)

    def sends(self, now: Moment) -> tuple[Floats, Floats]:
        """What leaves per emissive power of a black body: from each owned row [m2], and from a square metre of each group, (g,)."""
        optics, of_groups = self.optics(now.layout, now.T), self.surfaces.emission.copy()
        of_groups[self._varies] *= 1.0 + optics.excess
        return self._others + sum(emits * ratio for emits, ratio in zip(self._emits, optics.rows, strict=True)), of_groups

    def arriving_worth(self, now: Moment, heat: Floats) -> Floats:
        """What a watt per square metre that arrives on each group at nominal emittances is worth (..., g)."""
        optics = self.optics(now.layout, now.T)
        return self._through(_blended(self.at(now.t)), optics, self._onto(now.layout, optics, heat))

    def load_transposed(self, now: Moment, heat: Floats) -> Floats:
        """Transpose of the derivative of `load`, of rows that faces share too, times weights of the rows (..., owned). Collective."""
        optics, found = self._state(now)
        powers = self.powers_worth(now, optics, heat)
        constant = powers.copy()
        constant[..., self._varies] = 0.0
        taken = cubes(now) * (constant @ self._means - self._others * heat)
        for (groups, curve), emits, ratio in zip(self.over, self._emits, optics.rows, strict=True):
            by_power = ratio * cubes(now) + curve.slope(now.T) * now.sigma * now.fourth
            taken += by_power * (powers[..., groups] @ self._means[groups] - emits * heat)
        return np.asarray(taken + self.absorbed_transposed(now, optics, found.absorbed, powers, heat))

    def absorbed_transposed(self, now: Moment, optics: Optics, absorbed: Floats, powers: Floats, heat: Floats) -> Floats:
        """The part of it by what infrared the varying groups take up, at what is absorbed at nominal emittances (g,) [W/m2].

        Args:
            powers: What emissive powers are worth, `powers_worth`.
        """
        taken = np.zeros_like(heat)
        for (groups, curve), columns in zip(self.over, self._columns, strict=True):
            onto = powers[..., groups] * (absorbed[groups] / self.surfaces.emittance[groups])
            taken += curve.slope(now.T) * (heat * (columns @ absorbed[groups]) - onto @ self._means[groups])
        return taken

    def powers_worth(self, now: Moment, optics: Optics, heat: Floats) -> Floats:
        """What emissive powers of the nominal surfaces are worth (..., g), by weights of the rows (..., owned). Collective."""
        return self._onto_powers(now.t, optics, self._onto(now.layout, optics, heat))

    def unlike_transposed(self, now: Moment, heat: Floats) -> Floats:
        """`load_transposed` less the transpose of `slope`, which is never negative and blurs rows that faces share."""
        growth = self._growth(now)
        like = self._returned_transposed(now.layout, growth, heat, now.t) - growth * self.emission * heat
        return self.load_transposed(now, heat) - like

    def outer_temperature(self, layout: Layout, sigma: float, t: float, T: Floats) -> Floats:
        """Temperature of the outer layer of each blanketed group [K], (b,)."""
        still = self._outer(sigma, t, self.powers(Moment(layout, sigma, t, T)))
        return np.asarray((np.maximum(still, 0.0) / sigma) ** 0.25)


def _blended(blend: Sequence[tuple[float, Transfer]]) -> Floats:
    return np.asarray(blend[0][1].returned if len(blend) == 1 and blend[0][0] == 1.0 else sum(w * pose.returned for w, pose in blend))
