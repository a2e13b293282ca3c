"""The liquid of a loop, tabulated once over temperature at the loop's pressure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from thermal.fluid.coolant import Coolant, boiling_temperature, ends, state
from thermal.fluid.curves import Curves, Floats, through
from thermal.fluid.validity import FluidError, OutsideTableError, degrees

#: Rows of the curves. Viscosity as its logarithm: it changes a hundredfold over a glycol's table.
DENSITY, ENTHALPY, CONDUCTIVITY, LOG_VISCOSITY = range(4)

FIRST_NODES, MOST_NODES = 65, 1025
WANTED = 1e-6  #: largest relative error at which the table is refined no more
GREATEST = 1e-2  #: error with which a table is refused
PLACES = np.array([0.1, 0.21, 0.5, 0.79, 0.9])  #: in each interval, where the table is compared with its source; 0.21 is worst for a slope


@dataclass(frozen=True, slots=True)
class Liquid:
    """Properties at some temperatures, arrays of their shape."""

    density: Floats  #: [kg/m3]
    specific_heat: Floats  #: [J/kgK], exactly the slope of `enthalpy`
    conductivity: Floats  #: [W/mK]
    viscosity: Floats  #: [Pa s]
    enthalpy: Floats  #: [J/kg], from CoolProp's zero; of a fit of the liquid, from the table's first temperature

    @property
    def prandtl(self) -> Floats:
        """cp mu/k [-]."""
        found: Floats = self.specific_heat * self.viscosity / self.conductivity
        return found


@dataclass(frozen=True, slots=True, eq=False)
class LiquidTable:
    """A liquid at one pressure from where it freezes to where it boils; arrays only, so that it may be pickled and compiled against."""

    name: str
    pressure: float  #: [Pa]
    low: float  #: first temperature [K]
    high: float  #: last temperature [K]
    freezing: float  #: [K]
    boiling: (
        float | None
    )  #: [K] at the pressure (of a solution, that of its water: below its own); None: above the critical pressure, or unknown
    critical_temperature: float | None  #: [K]; None for fits of the liquid alone
    critical_pressure: float | None  #: [Pa]
    curves: Curves
    errors: dict[str, float]  #: by property, largest relative difference to the source, found at five places in each interval
    source: str

    @property
    def nodes(self) -> Floats:
        """Temperatures of the table [K], (nodes,)."""
        return np.asarray(self.low + self.curves.step * np.arange(self.curves.values.shape[1]))

    @property
    def known(self) -> tuple[float, float]:
        """Between which temperatures there is data [K]."""
        return self.low, self.high

    @property
    def error(self) -> float:
        """Largest of `errors`."""
        return max(self.errors.values())

    def at(self, temperature: ArrayLike, beyond: bool = False) -> Liquid:
        """Properties at `temperature` [K].

        Args:
            beyond: Let an iterate leave the table: properties are those of the nearer end, the enthalpy goes on with its specific heat
                What is found beyond the table is not a result; ask `check` before it is shown.

        Raises:
            OutsideTableError: outside the table, and `beyond` does not allow it.
        """
        T = np.asarray(temperature, dtype=float)
        if not beyond:
            self.check(T)
        held = np.clip(T, self.low, self.high)
        c = self.curves
        return Liquid(
            c.value(DENSITY, held),
            c.slope(ENTHALPY, held),
            c.value(CONDUCTIVITY, held),
            np.exp(c.value(LOG_VISCOSITY, held)),
            c.value(ENTHALPY, T),
        )

    def heat(self, temperature: ArrayLike) -> Floats:
        """Specific heat alone, as `at` has it beyond the table too [J/kgK]."""
        return self.curves.slope(ENTHALPY, np.clip(np.asarray(temperature, dtype=float), self.low, self.high))

    def check(self, temperature: ArrayLike, slack: float = 1e-9) -> None:
        """Refuse temperatures outside the table.

        Raises:
            OutsideTableError: names the worst of them, the range, and what ends it.
        """
        T = np.atleast_1d(np.asarray(temperature, dtype=float))
        excess = np.maximum(self.low - T, T - self.high)
        worst = int(np.argmax(np.where(np.isnan(excess), np.inf, excess)))
        if not excess.flat[worst] <= slack:
            raise OutsideTableError(self.name, float(T.flat[worst]), self.low, self.high, self._ends())

    def temperature(self, enthalpy: ArrayLike) -> Floats:
        """Where the liquid has `enthalpy` [J/kg]: [K]; by Newton on the table's own curve, beyond it on its straight ends."""
        h = np.asarray(enthalpy, dtype=float)
        T = np.interp(h, self.curves.values[ENTHALPY], self.nodes)
        for _ in range(4):
            T = T + (h - self.curves.value(ENTHALPY, T)) / self.curves.slope(ENTHALPY, T)
        return T

    def _ends(self) -> str:
        words = [f"at {self.pressure / 1e5:.4g} bar"]
        words.append(f"freezes at {degrees(self.freezing)}")
        if self.boiling is not None:
            words.append(f"boils at {degrees(self.boiling)}")
        return ", ".join(words)


def liquid_table(fluid: Coolant, pressure: float, low: float | None = None, high: float | None = None) -> LiquidTable:
    """Tabulate the liquid at `pressure` [Pa], finely enough that the table differs from CoolProp by less than 1e-6 where that is possible.

    Args:
        low: First temperature [K]; where the liquid freezes, or its data begin, if that is warmer or this is None.
        high: Last temperature [K]; where it boils, or its data end, likewise. At most the critical temperature.

    Raises:
        FluidError: no liquid at this pressure, a fluid without viscosity or conductivity, or a table further than 1 % from its source
            (close to the critical point: give a `high` below it).
    """
    if not pressure > 0:
        raise FluidError(f"{fluid}: the pressure {pressure:g} Pa must be above zero")
    known = ends(fluid)
    boiling = boiling_temperature(fluid, pressure)
    begins, stops = liquid_ends(fluid, pressure)
    first = max(begins, low if low is not None else 0.0)
    last = min(stops, high if high is not None else np.inf)
    if not last > first + 1e-3:
        raise FluidError(
            f"{fluid} is no liquid at {pressure / 1e5:.4g} bar between {degrees(first)} and {degrees(last)}: it freezes at "
            f"{degrees(known.freezing)}" + (f" and boils at {degrees(boiling)}" if boiling is not None else "") + "; try a higher pressure"
        )
    made = state(fluid)
    nodes = np.linspace(first, last, FIRST_NODES)
    sampled = _sample(fluid, made, nodes, pressure)
    while True:
        curves = through(nodes, sampled[:4], {ENTHALPY: sampled[4]})
        between = (nodes[:-1, None] + np.diff(nodes)[:, None] * PLACES).ravel()
        errors = _errors(curves, between, _sample(fluid, made, between, pressure))
        if max(errors.values()) < WANTED or len(nodes) >= MOST_NODES:
            break
        nodes = np.linspace(first, last, 2 * len(nodes) - 1)
        sampled = _sample(fluid, made, nodes, pressure)
    table = LiquidTable(
        str(fluid),
        pressure,
        first,
        last,
        known.freezing,
        boiling,
        known.critical_temperature,
        known.critical_pressure,
        curves,
        errors,
        fluid.source,
    )
    if table.error > GREATEST:
        raise FluidError(
            f"{fluid} at {pressure / 1e5:.4g} bar cannot be tabulated up to {degrees(last)}: {100 * table.error:.2g} % off; end it colder"
        )
    return table


def liquid_ends(fluid: Coolant, pressure: float) -> tuple[float, float]:
    """Between which temperatures the liquid is known at `pressure` [Pa]: where it freezes, boils, is critical, or data end [K]."""
    known = ends(fluid)
    boiling = boiling_temperature(fluid, pressure)
    return known.lowest, min(known.highest, boiling or np.inf, known.critical_temperature or np.inf)


def _errors(curves: Curves, T: Floats, sampled: Floats) -> dict[str, float]:
    found = {
        "density": curves.value(DENSITY, T) / sampled[DENSITY],
        "specific_heat": curves.slope(ENTHALPY, T) / sampled[4],
        "conductivity": curves.value(CONDUCTIVITY, T) / sampled[CONDUCTIVITY],
        "viscosity": np.exp(curves.value(LOG_VISCOSITY, T) - sampled[LOG_VISCOSITY]),
    }
    return {name: float(np.abs(ratio - 1).max()) for name, ratio in found.items()}


def _sample(fluid: Coolant, made: Any, temperatures: Floats, pressure: float) -> Floats:
    """What CoolProp says, (5, temperatures): the four rows of the table, and the specific heat."""
    import CoolProp

    if not fluid.incompressible and pressure < made.p_critical():
        made.specify_phase(CoolProp.iphase_liquid)  # up to the boiling point itself, where pressure and temperature alone do not decide
    rows = np.empty((5, len(temperatures)))
    try:
        for column, T in enumerate(temperatures):
            made.update(CoolProp.PT_INPUTS, pressure, float(T))
            rows[:, column] = made.rhomass(), made.hmass(), made.conductivity(), np.log(made.viscosity()), made.cpmass()
    except ValueError as error:
        raise FluidError(f"{fluid} cannot be tabulated at {pressure / 1e5:.4g} bar: {error}") from error
    if not (np.isfinite(rows).all() and (rows[[DENSITY, CONDUCTIVITY, 4]] > 0).all()):
        raise FluidError(f"{fluid} cannot be tabulated at {pressure / 1e5:.4g} bar: CoolProp gives no number for a property")
    if fluid.incompressible:
        rows[ENTHALPY] = _integral(temperatures, rows[4])
    return rows


def _integral(temperatures: Floats, specific_heat: Floats) -> Floats:
    """Enthalpy of a fit of the liquid: its specific heat integrated. CoolProp's own has p/rho added to it, of which its specific heat knows
    nothing: at 3 bar the slope of the one is 2e-4 from the other."""
    from scipy.interpolate import CubicSpline

    found: Floats = CubicSpline(temperatures, specific_heat).antiderivative()(temperatures)
    return found
