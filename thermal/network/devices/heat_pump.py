"""Heat pumps as stages of a network: heat from a cold end, lifted by a compressor to a hot end, a node or the cell of a loop each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from thermal.fluid.coolant import Coolant, coolant, ends
from thermal.fluid.curves import Curves, through
from thermal.fluid.heat_pump import vapour_compression
from thermal.fluid.questions import HOTTEST
from thermal.fluid.validity import FluidError, degrees
from thermal.network.devices.heat_pipe import WAKES
from thermal.network.devices.tables import HeatPumpTable
from thermal.network.flows import OUTSIDE, Floats, Ids, Instant, Slopes
from thermal.network.loops.exchanger import Side, driving, follows, to_isothermal

STEP = 0.5  #: K between the condensing temperatures at which a cycle is computed
NEAR_CRITICAL = 0.99  #: of the critical temperature, up to which a cycle is computed
CLOSE = 1e-9  #: K of a condensing temperature
MOST = 60  #: Newton's iterations for it


@dataclass(frozen=True, slots=True)
class Lift:
    """Work per heat from the cold side, over the condensing temperature at one evaporating temperature."""

    evaporates: float  #: [K]
    hottest: float  #: condensing temperature up to which it is known [K]
    work: Callable[[float], float]  #: condensing temperature [K] -> work per heat [-]; 0 where that is no lift
    slope: Callable[[float], float]  #: of the work [1/K]


def carnot_lift(evaporates: float, fraction: float, hottest: float) -> Lift:
    """By a fraction of Carnot: (Th - Tc)/(fraction Tc).

    >>> carnot_lift(300.0, 0.5, 473.15).work(330.0)
    0.2
    """
    growth = 1 / (fraction * evaporates)
    return Lift(
        evaporates, hottest, lambda T: max(T - evaporates, 0.0) / (fraction * evaporates), lambda T: growth if evaporates < T else 0.0
    )


def refrigerant_lift(
    refrigerant: Coolant,
    evaporates: float,
    efficiency: float,
    hottest: float | None = None,
    superheat: float = 0.0,
    subcooling: float = 0.0,
) -> Lift:
    """By the cycle of `vapour_compression`, every half kelvin of the condensing temperature, cubics between.

    Args:
        hottest: Condensing temperature [K] up to which; None: up to near the critical point, or to where the throttle boils all.

    Raises:
        FluidError: no refrigerant, or no cycle from this temperature to `hottest`.
    """
    critical = ends(refrigerant).critical_temperature
    if critical is not None and evaporates >= critical:
        said = f"{refrigerant} does not evaporate at {degrees(evaporates)}: its critical point is at {degrees(critical)}"
        raise FluidError(f"{said}; set the evaporating temperature below it")
    end = hottest if hottest is not None else NEAR_CRITICAL * (critical or evaporates + 1.0)
    count = max(int(np.ceil((end - evaporates) / STEP)), 4)
    nodes = np.linspace(evaporates, end, count + 1)
    works = [0.0] if superheat == subcooling == 0.0 else []
    for hot in nodes[len(works) :]:
        try:
            works.append(
                1 / vapour_compression(refrigerant, evaporates, max(hot, evaporates + 1e-3), efficiency, superheat, subcooling).cop
            )
        except FluidError:
            if hottest is not None or len(works) < 5:
                raise
            break
    curve = through(nodes[: len(works)], np.array([works]), {})
    return _tabulated(evaporates, curve)


@lru_cache(maxsize=16)
def lift_of(pump: HeatPumpTable) -> Lift:
    """Work per heat of a pump.

    Raises:
        FluidError: a refrigerant that is none, or not between these temperatures.
    """
    if pump.fraction_of_carnot is not None:
        return carnot_lift(pump.evaporates, pump.fraction_of_carnot, pump.hottest or max(HOTTEST, pump.evaporates + 1.0))
    assert pump.refrigerant is not None
    assert pump.isentropic_efficiency is not None
    fluid = coolant(pump.refrigerant)
    return refrigerant_lift(fluid, pump.evaporates, pump.isentropic_efficiency, pump.hottest, pump.superheat, pump.subcooling)


def _tabulated(evaporates: float, curve: Curves) -> Lift:
    def work(T: float) -> float:
        return float(curve.value(0, T)) if evaporates < T else 0.0

    def slope(T: float) -> float:
        return float(curve.slope(0, T)) if evaporates < T else 0.0

    return Lift(evaporates, curve.end, work, slope)


@dataclass(frozen=True, slots=True)
class End:
    """Where a heat pump takes or gives heat."""

    row: int  #: of the node, or of the loop's cell
    conductance: float | None  #: UA to its evaporator or condenser [W/K]; None: that has the temperature of the row
    side: Side | None = None  #: of a loop; None: a node

    def driving(self, now: Instant) -> tuple[float, float, list[tuple[int, float]]]:
        """Temperature [K], heat per kelvin to evaporator or condenser [W/K] (inf without UA), rows that it follows with their weights."""
        if self.conductance is None or self.side is None:
            return float(now.T[self.row]), np.inf if self.conductance is None else self.conductance, [(self.row, 1.0)]
        rate, T, moves = driving(self.side, self.conductance, now)
        return T, to_isothermal(self.conductance, rate, moves), follows(self.side, moves, now)


@dataclass(frozen=True, slots=True)
class Duty:
    """A heat pump at one moment."""

    heat: float  #: from its cold end [W]
    asked: float  #: what that would be without a greatest heat [W]
    work: float  #: of its compressor [W]
    condenses: float  #: [K]
    growth: list[tuple[int, float, float]]  #: rows, and how heat and work grow with their temperature [W/K]


@dataclass(frozen=True, slots=True, eq=False)
class HeatPump:
    """Two flows: heat from the cold to the hot end, and the work of the compressor from outside into the hot end.

    The compressor keeps the evaporating temperature: it takes what the cold end gives to that, up to a greatest heat, and rests where
    the cold end is no warmer. It condenses at the temperature at which the condenser gives all to the hot end; where that is no lift,
    heat passes without work.
    """

    name: str
    cold: End  #: with a conductance
    hot: End
    lift: Lift
    most: float = np.inf  #: greatest heat from the cold end [W]
    lost: float = np.inf  #: time from which on it carries nothing [s]
    start: Ids = field(init=False)
    end: Ids = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", np.array([self.cold.row, OUTSIDE]))
        object.__setattr__(self, "end", np.array([self.hot.row, self.hot.row]))

    @property
    def paths(self) -> Sequence[str]:
        """In the ledger."""
        return (f"heat pump {self.name}", f"compressor {self.name}")

    def duty(self, now: Instant) -> Duty:
        """At one moment."""
        known = now.memo.get(self)
        if not isinstance(known, Duty):
            known = now.memo[self] = self._duty(now)
        return known

    def _duty(self, now: Instant) -> Duty:
        lift = self.lift
        if now.t >= self.lost:
            return Duty(0.0, 0.0, 0.0, float(now.T[self.hot.row]), [])
        T, gives, behind = self.cold.driving(now)
        asked = max(gives * (T - lift.evaporates), 0.0)
        heat = min(asked, self.most)
        answers = 0.0 if asked > self.most else gives if asked > 0.0 else WAKES * gives  # at rest: it starts when the cold end warms up
        to, takes, ahead = self.hot.driving(now)
        condenses = to if np.isinf(takes) else self._condenses(heat, to, takes)
        capped = min(condenses, lift.hottest)
        work, slope = lift.work(capped), lift.slope(capped) if condenses < lift.hottest else 0.0
        # heat (1 + w(Tc)) = takes (Tc - to), differentiated
        room = 1.0 if np.isinf(takes) else 1.0 - heat * slope / takes
        by_hot = 1.0 / room if room > 0 else 0.0
        by_heat = 0.0 if np.isinf(takes) or room <= 0 else (1.0 + work) / (takes * room)
        growth = [(row, answers * w, (work + heat * slope * by_heat) * answers * w) for row, w in behind]
        growth += [(row, 0.0, heat * slope * by_hot * w) for row, w in ahead]
        return Duty(heat, asked, heat * work, condenses, growth)

    def _condenses(self, heat: float, to: float, takes: float) -> float:
        """Condensing temperature [K] at which heat and work leave through the condenser; beyond the hottest that is known, by its work."""
        lift, T = self.lift, to + heat / takes
        for _ in range(MOST):
            if lift.hottest <= T:
                return to + heat * (1.0 + lift.work(lift.hottest)) / takes
            gap = to + heat * (1.0 + lift.work(T)) / takes - T
            room = 1.0 - heat * lift.slope(T) / takes
            if room <= 0.0:  # the work grows faster than the condenser gives: it warms until the end of what is known
                return to + heat * (1.0 + lift.work(lift.hottest)) / takes
            T += gap / room
            if abs(gap) < CLOSE:
                break
        return T

    def rate(self, now: Instant) -> Floats:
        """W."""
        duty = self.duty(now)
        return np.array([duty.heat, duty.work])

    def slopes(self, now: Instant) -> Slopes:
        """Of both, with the films as they are."""
        growth = self.duty(now).growth
        rows = np.array([row for row, _, _ in growth], dtype=np.int64)
        flows = np.repeat(np.arange(2), len(rows))
        return flows, np.concatenate([rows, rows]), np.array([by for _, by, _ in growth] + [by for *_, by in growth])
