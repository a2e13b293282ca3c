"""Published ageing laws of laboratory cells, as options: laboratory fits, not space cells.

Each law has a loss by time and a loss by cycling, every one a power law k x^p of its own variable. Under changing stress the loss already
there is read as the time (or throughput) at which today's rate would have reached it, so that any number of steps under constant stress
gives the closed form.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.constants import ZERO_CELSIUS
from power.storage.battery import cycles

FLAG = "laboratory fit, not space cells"


@dataclass(frozen=True, slots=True)
class Stress:
    """What a battery lives through; constant over the time that it stands for."""

    temperature: float  #: of the cells [K]
    depth: float  #: depth of discharge of every cycle [-]
    state_of_charge: float  #: mean [-]
    voltage: float = 3.7  #: mean cell voltage, and its root mean square [V]
    rate: float = 0.5  #: mean of charge and discharge current over capacity per hour [1/h]


@dataclass(frozen=True, slots=True)
class Term:
    """One loss k x^p: x is days, or equivalent full cycles."""

    over: str  #: "days" or "cycles"
    exponent: float
    rate: Callable[[Stress], float]  #: k; not negative


@dataclass(frozen=True, slots=True)
class Law:
    """An ageing law with the range in which it was measured."""

    name: str
    capacity: tuple[Term, ...]  #: losses of capacity
    resistance: tuple[Term, ...]  #: gains of resistance; empty when the law has none
    depths: tuple[float, float]  #: measured depths of discharge [-]
    temperatures: tuple[float, float]  #: measured temperatures of cycling [K]
    source: str
    notes: str


@dataclass(frozen=True, slots=True)
class Age:
    """Capacity and resistance over new, and what to hold against the numbers."""

    capacity: float  #: [-]
    resistance: float | None  #: [-]; None when the law says nothing
    warnings: tuple[str, ...]


def grow(state: ArrayLike, step: ArrayLike, rate: ArrayLike, exponent: float) -> NDArray[np.float64]:
    """A loss of `state` [-] after `step` more of its variable at a rate k: (s^(1/p) + k^(1/p) step)^p, exact while k is constant."""
    done = np.power(np.asarray(state, dtype=float), 1.0 / exponent)
    return np.power(done + np.power(np.asarray(rate, dtype=float), 1.0 / exponent) * np.asarray(step, dtype=float), exponent)


def age(law: Law, stress: Stress, days: float, full_cycles: float) -> Age:
    """Age after `days` and `full_cycles` (equivalent full cycles: charge moved out over capacity) of one constant stress."""
    spent = {"days": days, "cycles": full_cycles}
    lost = sum(float(grow(0.0, spent[term.over], term.rate(stress), term.exponent)) for term in law.capacity)
    gained = sum(float(grow(0.0, spent[term.over], term.rate(stress), term.exponent)) for term in law.resistance)
    return Age(1.0 - lost, 1.0 + gained if law.resistance else None, warnings(law, stress))


def age_in_orbit(law: Law, stress: Stress, years: float, orbit: float) -> Age:
    """Age after `years` of orbits of period `orbit` [s], one cycle of `stress.depth` in each."""
    return age(law, stress, years * 365.25, cycles(years, orbit) * stress.depth)


def warnings(law: Law, stress: Stress) -> tuple[str, ...]:
    """What to hold against this law under this stress; never empty."""
    said = [f"battery ageing by {law.name}: {FLAG}; {law.notes}"]
    low, high = law.depths
    if not low - 1e-9 <= stress.depth <= high + 1e-9:
        said.append(
            f"battery ageing by {law.name}: depth of discharge {stress.depth:.0%} is extrapolated; measured {low:.0%} to {high:.0%}"
        )
    cold, hot = (t - ZERO_CELSIUS for t in law.temperatures)
    if not law.temperatures[0] <= stress.temperature <= law.temperatures[1]:
        felt = stress.temperature - ZERO_CELSIUS
        said.append(f"battery ageing by {law.name}: {felt:.0f} degC is extrapolated; measured {cold:.0f} to {hot:.0f} degC")
    return tuple(said)


_SANYO_AH = 2.15  # capacity of the cell; its law counts charge moved in and out [Ah]


def _sanyo_calendar(slope: float, offset: float, scale: float, energy: float) -> Callable[[Stress], float]:
    """(slope V + offset) scale exp(-energy / T) per day^0.75; zero where the fit would turn negative (below 3.15 and 3.10 V)."""
    return lambda s: float(max((slope * s.voltage + offset) * scale * np.exp(-energy / s.temperature), 0.0))


def _sanyo_capacity(s: Stress) -> float:
    """Loss per square root of equivalent full cycles."""
    per_root_Ah = 7.348e-3 * (s.voltage - 3.667) ** 2 + 7.600e-4 + 4.081e-3 * s.depth
    return float(per_root_Ah * np.sqrt(2.0 * _SANYO_AH))


def _sanyo_resistance(s: Stress) -> float:
    """Gain per equivalent full cycle; zero where the fit would turn negative (very shallow cycles)."""
    per_Ah = 2.153e-4 * (s.voltage - 3.725) ** 2 - 1.521e-5 + 2.798e-4 * s.depth
    return max(per_Ah * 2.0 * _SANYO_AH, 0.0)


SCHMALSTIEG = Law(
    name="schmalstieg_2014",
    capacity=(Term("days", 0.75, _sanyo_calendar(7.543, -23.75, 1e6, 6976.0)), Term("cycles", 0.5, _sanyo_capacity)),
    resistance=(Term("days", 0.75, _sanyo_calendar(5.270, -16.32, 1e5, 5986.0)), Term("cycles", 1.0, _sanyo_resistance)),
    depths=(0.0, 1.0),
    temperatures=(20.0 + ZERO_CELSIUS, 40.0 + ZERO_CELSIUS),
    source="Schmalstieg et al., J. Power Sources 257 (2014) 325, doi 10.1016/j.jpowsour.2014.02.012 (Sanyo UR18650E, NMC111 and graphite)",
    notes="cycling was measured at 35 degC and 1C only and depends on neither; predicts far more fade than space cells show",
)


def graphite_potential(state_of_charge: ArrayLike) -> NDArray[np.float64]:
    """Open-circuit potential of the graphite electrode against lithium [V].

    Source:
        Safari and Delacourt, J. Electrochem. Soc. 158 (2011) A562; stoichiometry 0.0085 to 0.78 from empty to full.
    """
    x = 8.5e-3 + np.asarray(state_of_charge, dtype=float) * (0.78 - 8.5e-3)
    steps = (
        0.0440 * np.tanh(-(x - 0.1958) / 0.1088)
        - 0.1978 * np.tanh((x - 1.0571) / 0.0854)
        - 0.6875 * np.tanh((x + 0.0117) / 0.0529)
        - 0.0175 * np.tanh((x - 0.5692) / 0.0875)
    )
    return np.asarray(0.6379 + 0.5416 * np.exp(-305.5309 * x) + steps)


def _lfp_calendar(s: Stress) -> float:
    return float(8.37e4 * np.exp(-5210.0 / s.temperature) * np.exp(-3560.0 * graphite_potential(s.state_of_charge) / s.temperature))


def _lfp_cycling(s: Stress) -> float:
    worn = 4.38e-8 + 1.55e-8 * s.depth + 1.68e-7 * s.rate
    return float(worn * (np.exp(2190.0 / s.temperature) + np.exp(-1.55e5 / s.temperature)))


LFP_250 = Law(
    name="lfp_250_2019",
    capacity=(Term("days", 0.526, _lfp_calendar), Term("cycles", 0.828, _lfp_cycling)),
    resistance=(),
    depths=(0.8, 1.0),
    temperatures=(10.0 + ZERO_CELSIUS, 45.0 + ZERO_CELSIUS),
    source="doi 10.1016/j.est.2023.109042 (prismatic LFP and graphite, above 250 Ah), as fitted in NREL BLAST-Lite (BSD-3-Clause)",
    notes="gentle rates only (charge at most 0.65C, discharge at most 1C)",
)

LIBRARY: dict[str, Law] = {law.name: law for law in (SCHMALSTIEG, LFP_250)}
