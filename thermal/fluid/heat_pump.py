"""Heat pumps between a cold loop and a radiator: the cycle, and whether lifting the heat saves mass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from thermal.constants import STEFAN_BOLTZMANN
from thermal.fluid.coolant import Coolant, ends, state
from thermal.fluid.validity import FluidError, degrees


class NoHeatError(FluidError):
    """A cycle takes no heat from its cold side."""


Work = Callable[[float, float], float]  #: (cold [K], hot [K]) -> work per heat taken from the cold side [-]


def carnot_fraction(efficiency: float) -> Work:
    """Work per heat of a pump that reaches a fraction of Carnot: (Th - Tc)/(eta Tc).

    Raises:
        FluidError: a fraction that is not above 0 and up to 1.

    >>> carnot_fraction(0.5)(300.0, 330.0)
    0.2
    """
    if not 0 < efficiency <= 1:
        raise FluidError(f"the fraction of Carnot lies between 0 and 1, not {efficiency:g}")
    return lambda cold, hot: max(hot - cold, 0.0) / (efficiency * cold)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A vapour-compression cycle, per mass of refrigerant."""

    cop: float  #: heat taken from the cold side per work [-]
    of_carnot: float  #: the same, as a part of Carnot's [-]
    heat: float  #: taken from the cold side [J/kg]
    work: float  #: of the compressor [J/kg]
    low_pressure: float  #: [Pa]
    high_pressure: float  #: [Pa]
    discharge: float  #: temperature behind the compressor [K]


def vapour_compression(
    refrigerant: Coolant, cold: float, hot: float, isentropic_efficiency: float, superheat: float = 0.0, subcooling: float = 0.0
) -> Cycle:
    """Evaporate at `cold`, compress, condense at `hot` [K], throttle; pressure drops of the exchangers left out.

    Args:
        isentropic_efficiency: Isentropic work per work [-].
        superheat: Of the vapour before the compressor [K].
        subcooling: Of the liquid before the throttle [K].

    Raises:
        NoHeatError: all of the liquid boils in the throttle.
        FluidError: the hot end is not above the cold one, or not below the critical point; the fluid has no vapour in CoolProp, or a
            state of the cycle is outside its data.
    """
    if refrigerant.incompressible:
        raise FluidError(f"{refrigerant} is known as a liquid only: it is no refrigerant")
    known = ends(refrigerant)
    assert known.critical_temperature is not None
    if not known.freezing <= cold < hot < known.critical_temperature:
        raise FluidError(
            f"{refrigerant} runs a cycle between {degrees(known.freezing)} and its critical point, {degrees(known.critical_temperature)}; "
            f"asked was {degrees(cold)} to {degrees(hot)}"
        )
    if not 0 < isentropic_efficiency <= 1:
        raise FluidError(f"an isentropic efficiency lies between 0 and 1, not {isentropic_efficiency:g}")
    import CoolProp

    at = state(refrigerant)

    def reach(inputs: int, one: float, other: float, what: str) -> None:
        try:
            at.update(inputs, one, other)
        except ValueError as error:
            raise FluidError(f"{refrigerant} has no data of {what}; they end at {degrees(at.Tmax())}") from error

    reach(CoolProp.QT_INPUTS, 1.0, cold, f"its vapour at {degrees(cold)}")
    low = at.p()
    if superheat > 0:
        reach(CoolProp.PT_INPUTS, low, cold + superheat, f"vapour that is superheated by {superheat:g} K to {degrees(cold + superheat)}")
    suction, entropy = at.hmass(), at.smass()
    reach(CoolProp.QT_INPUTS, 0.0, hot, f"its liquid at {degrees(hot)}")
    high = at.p()
    if subcooling > 0:
        cooled = f"liquid that is subcooled by {subcooling:g} K to {degrees(hot - subcooling)}"
        if hot - subcooling < known.freezing:
            raise FluidError(f"{refrigerant} has no {cooled}: it freezes at {degrees(known.freezing)}")
        reach(CoolProp.PT_INPUTS, high, hot - subcooling, cooled)
    liquid = at.hmass()
    behind = f"what leaves the compressor at {degrees(hot)} of condensing, from {degrees(cold + superheat)}"
    reach(CoolProp.PSmass_INPUTS, high, entropy, behind)
    work = (at.hmass() - suction) / isentropic_efficiency
    reach(CoolProp.HmassP_INPUTS, suction + work, high, behind)
    taken = suction - liquid
    if not taken > 0:
        raise NoHeatError(
            f"{refrigerant} takes no heat at {degrees(cold)} when it condenses at {degrees(hot)}: all of it boils in the throttle"
        )
    return Cycle(taken / work, taken / work * (hot - cold) / cold, taken, work, low, high, at.T())


@dataclass(frozen=True, slots=True)
class Radiator:
    """What the lifted heat is radiated from."""

    emittance: float  #: all faces together: 1.8 for two of 0.9 [-]
    sink: float  #: [K]
    mass_per_area: float  #: of planform, as `emittance` counts it [kg/m2]

    def area(self, heat: float, temperature: float) -> float:
        """Planform [m2] that radiates `heat` [W] at `temperature` [K].

        Raises:
            FluidError: no warmer than its sink.
        """
        if not temperature > self.sink:
            raise FluidError(f"a radiator at {degrees(temperature)} gives nothing to a sink of {degrees(self.sink)}")
        return heat / (self.emittance * STEFAN_BOLTZMANN * (temperature**4 - self.sink**4))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a heat pump saves mass, each figure per watt of heat from the cold side."""

    pays: bool
    hot: float  #: best radiator temperature [K]; the cold one where no pump is best
    mass: float  #: of radiator and power there [kg/W]
    without: float  #: of the radiator without a pump [kg/W]
    turns_at: float  #: mass of power [kg/W] below which a pump pays, for this radiator; 0: never

    def words(self) -> str:
        """One sentence, in kg/kW."""
        if self.without == float("inf"):
            best = f"best with the radiator at {degrees(self.hot)}: {1e3 * self.mass:.4g} kg/kW"
            return f"{best}; without a pump no radiator gives heat to surroundings that are no colder"
        price = f"a pump pays below {1e3 * self.turns_at:.4g} kg/kW of power" if self.turns_at > 0 else "a pump pays at no price of power"
        if not self.pays:
            return f"no pump is best: {1e3 * self.without:.4g} kg/kW; {price}"
        return (
            f"best with the radiator at {degrees(self.hot)}: {1e3 * self.mass:.4g} kg/kW, without a pump {1e3 * self.without:.4g}; {price}"
        )


def best_lift(cold: float, radiator: Radiator, mass_per_power: float, work: Work, most: float, stage_mass: float = 0.0) -> Verdict:
    """Radiator temperature with the least mass of radiator, pump and what makes its power.

    Args:
        cold: Temperature at which the heat arises [K].
        mass_per_power: Array, battery and converters per electric power [kg/W].
        work: Work per heat, of the temperatures: `carnot_fraction`, or one of `vapour_compression`.
        most: Hottest radiator that is allowed [K]; with a refrigerant below its critical point.
        stage_mass: Of the pump itself, per heat that it lifts [kg/W].

    Raises:
        NoHeatError: no lift that is allowed takes any heat.
        FluidError: `most` is not above `cold`, or `cold` is not above the sink and no lift is allowed that gets there.
    """
    if not most > cold:
        raise FluidError(f"a heat pump needs a radiator hotter than {degrees(cold)}; {degrees(most)} is allowed")
    without = radiator.mass_per_area * radiator.area(1.0, cold) if cold > radiator.sink else float("inf")

    def saved_area(hot: float) -> float:
        return without - radiator.mass_per_area * radiator.area(1 + work(cold, hot), hot) - stage_mass

    start = max(cold, radiator.sink)
    hot, less = _least(lambda T: mass_per_power * work(cold, T) - saved_area(T), start, most) if without < float("inf") else (0.0, 0.0)
    if without == float("inf"):
        hot, mass = _least(
            lambda T: radiator.mass_per_area * radiator.area(1 + work(cold, T), T) + mass_per_power * work(cold, T), start, most
        )
        return Verdict(True, hot, mass + stage_mass, without, float("inf"))
    _, price = _least(lambda T: -saved_area(T) / work(cold, T), start, most)
    pays = less < 0
    return Verdict(pays, hot if pays else cold, without + less if pays else without, without, max(-price, 0.0))


def _least(value: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    """Place and least value: the best of 200 points, refined between its neighbours (there may be more than one dip).

    The points end where a cycle takes no heat any more.
    """
    from scipy.optimize import minimize_scalar

    points, values = [], []
    for k in range(1, 201):
        T = low + (high - low) * (k / 200) ** 2
        try:
            values.append(value(T))
        except NoHeatError:
            if not values:
                raise
            break
        points.append(T)
    k = values.index(min(values))
    left = points[k - 1] if k > 0 else low + 1e-6 * (points[0] - low)
    right = points[min(k + 1, len(points) - 1)]
    found = minimize_scalar(value, bounds=(left, right), method="bounded", options={"xatol": 1e-8 * (high - low)})
    return (float(found.x), float(found.fun)) if found.fun < values[k] else (points[k], values[k])
