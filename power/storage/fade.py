"""Loss of battery capacity as tables over depth of discharge, from a published law or from a maker's life curve."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.storage.ageing import LIBRARY, Law, Stress
from power.storage.ageing import warnings as law_warnings
from power.storage.life import Ageing, cycles_to_end

DAYS, FULL_CYCLES, CYCLES = 0, 1, 2  # what a loss grows with


@dataclass(frozen=True, slots=True, eq=False)
class Fade:
    """Losses k x^p that add up; k depends on the depth of discharge alone, everything else is constant."""

    over: NDArray[np.int64]  #: (terms,) what x counts: DAYS, FULL_CYCLES (charge moved out over capacity) or CYCLES (orbits)
    exponents: NDArray[np.float64]  #: (terms,) p
    rates: NDArray[np.float64]  #: (terms, n) k at n depths of discharge evenly from 0 to 1, linear between them
    law: Law | None = None  #: the published law behind the tables
    stress: Stress | None = None  #: at which it was read; depth and mean state of charge vary
    curve: NDArray[np.float64] | None = None  #: (2,) smallest and largest depth of the maker's curve

    def warnings(self, shallow: float, deep: float) -> tuple[str, ...]:
        """What to hold against the tables between two depths of discharge; of the orbits that were marched."""
        if self.law is not None and self.stress is not None:
            both = (law_warnings(self.law, replace(self.stress, depth=d)) for d in (shallow, deep))
            return tuple(dict.fromkeys(sentence for said in both for sentence in said))
        if self.curve is not None and (shallow < self.curve[0] - 1e-9 or deep > self.curve[1] + 1e-9):
            given = f"{self.curve[0]:.0%} to {self.curve[1]:.0%}"
            return (f"battery: depths of discharge of {shallow:.0%} to {deep:.0%} are not all within the life curve ({given})",)
        return ()


def fade_to(factor: float, years: float) -> Fade:
    """A battery that keeps `factor` of its energy after `years`, lost evenly in time."""
    return Fade(np.array([DAYS]), np.ones(1), np.full((1, 2), (1.0 - factor) / (365.25 * years)))


NEVER = Fade(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros((0, 2)))  #: a battery that does not age


def fade_of(ageing: Ageing, temperature: float) -> Fade:
    """Tables of the [power.ageing] table: the maker's life curve first, else its published law at `temperature` [K] of the battery."""
    if ageing.life_curve:
        return fade_of_curve(ageing.life_curve, 1.0 - ageing.end_fraction, ageing.loss_per_year)
    known = temperature if ageing.temperature is None else ageing.temperature
    return fade_of_law(LIBRARY[str(ageing.law)], known, 3.7 if ageing.voltage is None else ageing.voltage)


def fade_of_law(law: Law, temperature: float, voltage: float = 3.7, rate: float = 0.5) -> Fade:
    """Tables of a published law at one battery temperature [K]; the mean state of charge is that of full less half the depth."""
    stress = Stress(temperature, 0.0, 1.0, voltage, rate)
    at = [replace(stress, depth=d, state_of_charge=1.0 - 0.5 * d) for d in np.linspace(0.0, 1.0, 201).tolist()]
    return Fade(
        np.array([{"days": DAYS, "cycles": FULL_CYCLES}[term.over] for term in law.capacity]),
        np.array([term.exponent for term in law.capacity]),
        np.array([[term.rate(s) for s in at] for term in law.capacity]),
        law,
        stress,
    )


def fade_of_curve(life_curve: Sequence[tuple[float, float]], loss: float, loss_per_year: float = 0.0) -> Fade:
    """Tables of a maker's life curve, [depth of discharge, cycles until `loss` of the capacity is gone].

    Each cycle costs loss / cycles (Palmgren and Miner); `loss_per_year` of the capacity goes by time besides.
    """
    depths = np.linspace(0.0, 1.0, 1001)
    per_cycle = np.where(depths > 0.0, loss / cycles_to_end(life_curve, depths), 0.0)
    rates = np.stack([per_cycle, np.full(depths.shape, loss_per_year / 365.25)])
    return Fade(np.array([CYCLES, DAYS]), np.ones(2), rates, curve=np.array([life_curve[0][0], life_curve[-1][0]]))


def capacity_after(fade: Fade, depth: ArrayLike, moved: float, period: float, years: float, steps: int = 240) -> float:
    """Capacity over new [-] after years of one orbit whose cycle keeps its energy while the battery shrinks under it.

    Args:
        fade: Of the battery.
        depth: Energy of the cycle over that of the full new battery [-]; several are those at moments evenly over the years.
        moved: Energy taken out of the store in one orbit over that of its cycle [-].
        period: Of the orbit [s].
        years: Of 365.25 days.
        steps: Of time, each with the depth in its middle.
    """
    days = 365.25 * years / steps
    orbits = days * 86400.0 / period
    done, left = np.zeros(len(fade.over)), 1.0
    at = np.linspace(0.0, 1.0, fade.rates.shape[1])

    given = np.atleast_1d(np.asarray(depth, dtype=float))
    cycle = np.interp((np.arange(steps) + 0.5) / steps, np.linspace(0.0, 1.0, given.size), given)

    def after(energy: float, now: float, part: float) -> NDArray[np.float64]:
        rates = np.array([np.interp(min(energy / now, 1.0), at, row) for row in fade.rates])
        counted = np.choose(fade.over, [days, orbits * moved * energy / now, orbits])
        return np.asarray(done + part * rates ** (1.0 / fade.exponents) * counted)

    def remaining(counted: NDArray[np.float64]) -> float:
        return max(1.0 - float(np.sum(counted**fade.exponents)), 1e-9)

    for energy in cycle.tolist():
        done = after(energy, remaining(after(energy, left, 0.5)), 1.0)
        left = remaining(done)
    return left
