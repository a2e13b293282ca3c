"""Liquid and vapour in balance: one state, or a table over temperature for a two-phase loop or a heat pipe."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from thermal.fluid.coolant import Coolant, ends, state
from thermal.fluid.curves import Curves, Floats, through
from thermal.fluid.validity import FluidError, OutsideTableError, degrees

#: Below this part of the critical temperature the table is good to 1e-4; above it properties run into one another and h_fg to zero.
NEAR_CRITICAL = 0.98
NODES = (65, 129, 257, 513)
WANTED = 1e-6
PLACES = np.array([0.25, 0.5, 0.75])  #: in each interval, where the table is compared with its source


@dataclass(frozen=True, slots=True)
class Saturated:
    """Both phases at the same temperature and pressure; floats of one state, or arrays of one shape. NaN where CoolProp has no model."""

    temperature: Floats  #: [K]
    pressure: Floats  #: [Pa]
    liquid_density: Floats  #: [kg/m3]
    vapour_density: Floats  #: [kg/m3]
    liquid_enthalpy: Floats  #: [J/kg]
    vapour_enthalpy: Floats  #: [J/kg]
    liquid_viscosity: Floats  #: [Pa s]
    vapour_viscosity: Floats  #: [Pa s]
    liquid_conductivity: Floats  #: [W/mK]
    liquid_specific_heat: Floats  #: [J/kgK]
    surface_tension: Floats  #: [N/m]

    @property
    def latent_heat(self) -> Floats:
        """h_fg [J/kg]."""
        return self.vapour_enthalpy - self.liquid_enthalpy

    @property
    def merit(self) -> Floats:
        """Merit number of a heat pipe's liquid, rho sigma h_fg/mu [W/m2]: what it carries by capillarity, whatever the wick.

        Source: Chi, Heat Pipe Theory and Practice, 1976; Faghri, Heat Pipe Science and Technology, 1995.
        """
        found: Floats = self.liquid_density * self.surface_tension * self.latent_heat / self.liquid_viscosity
        return found


def saturated(fluid: Coolant, *, temperature: float | None = None, pressure: float | None = None) -> Saturated:
    """One saturated state, from CoolProp itself, by `temperature` [K] or `pressure` [Pa].

    Raises:
        FluidError: neither or both given, a fit of the liquid alone, or a set point outside of triple and critical point (names both).
    """
    if (temperature is None) == (pressure is None):
        raise FluidError("give either the temperature or the pressure of the saturated state")
    low, high = _limits(fluid)
    made = state(fluid)
    if temperature is not None:
        if not low <= temperature < high:
            raise OutsideTableError(f"{fluid}, saturated", temperature, low, high, "triple and critical point")
        return Saturated(*_sample(made, temperature))
    assert pressure is not None
    if not made.p_triple() <= pressure < made.p_critical():
        raise FluidError(
            f"{fluid} at {pressure / 1e5:.4g} bar has no saturated state: triple point {made.p_triple() / 1e5:.4g} bar, critical "
            f"point {made.p_critical() / 1e5:.5g} bar and {degrees(made.T_critical())}"
        )
    import CoolProp

    made.update(CoolProp.PQ_INPUTS, pressure, 0.0)
    return Saturated(*_sample(made, float(made.T())))


@dataclass(frozen=True, slots=True, eq=False)
class SaturationTable:
    """Saturated states over temperature; arrays only, so that it may be pickled and compiled against."""

    name: str
    low: float  #: [K]
    high: float  #: [K]
    critical_temperature: float  #: [K]
    critical_pressure: float  #: [Pa]
    gas_constant: float  #: R/M of the vapour [J/kgK]
    curves: Curves  #: logarithms of the fields of `Saturated` after temperature, in their order; both enthalpies as they are
    error: float  #: largest relative difference to the source, of any property (of h_fg for both enthalpies)
    source: str

    def at(self, temperature: ArrayLike, beyond: bool = False) -> Saturated:
        """Both phases at `temperature` [K]; with `beyond`, an iterate outside of the table gets its nearer end.

        Raises:
            OutsideTableError: outside the table, and `beyond` does not allow it.
        """
        T = np.asarray(temperature, dtype=float)
        excess = np.maximum(self.low - T, T - self.high)
        if not beyond and not np.all(excess <= 1e-9):
            worst = float(T.flat[int(np.argmax(np.where(np.isnan(excess), np.inf, excess)))])
            raise OutsideTableError(f"{self.name}, saturated", worst, self.low, self.high)
        T = np.clip(T, self.low, self.high)
        rows = [self.curves.value(row, T) for row in range(len(self.curves.values))]
        return Saturated(T, *(value if row in PLAIN else np.exp(value) for row, value in enumerate(rows)))

    def temperature(self, pressure: ArrayLike) -> Floats:
        """Where the fluid boils at `pressure` [Pa]: [K].

        Raises:
            FluidError: pressure outside of the table.
        """
        wanted = np.log(np.asarray(pressure, dtype=float))
        logs = self.curves.values[0]
        if not np.all((wanted >= logs[0] - 1e-9) & (wanted <= logs[-1] + 1e-9)):
            raise FluidError(
                f"fluid outside its table: {self.name}, saturated, at {np.exp(wanted) / 1e5} bar; its table goes "
                f"from {np.exp(logs[0]) / 1e5:.4g} to {np.exp(logs[-1]) / 1e5:.4g} bar"
            )
        T = np.interp(wanted, logs, self.low + self.curves.step * np.arange(len(logs)))
        for _ in range(4):
            T = T + (wanted - self.curves.value(0, T)) / self.curves.slope(0, T)
        return T


PLAIN = tuple(
    index - 1 for index, field in enumerate(fields(Saturated)) if field.name.endswith("enthalpy")
)  #: rows that are not logarithms


def saturation_table(fluid: Coolant, low: float | None = None, high: float | None = None) -> SaturationTable:
    """Tabulate from the triple point, or `low` [K], to 0.98 of the critical temperature, or `high` [K].

    Raises:
        FluidError: a fit of the liquid alone, or ends outside of triple and critical point.
    """
    triple, critical = _limits(fluid)
    first = triple if low is None else low
    last = NEAR_CRITICAL * critical if high is None else high
    if not triple <= first < last < critical:
        raise FluidError(
            f"{fluid} is saturated from {degrees(triple)} to {degrees(critical)}; no table from {degrees(first)} to {degrees(last)}"
        )
    made = state(fluid)
    for number in NODES:
        nodes = np.linspace(first, last, number)
        curves = through(nodes, _without_gaps(nodes, _rows(made, nodes)), {})
        between = (nodes[:-1, None] + np.diff(nodes)[:, None] * PLACES).ravel()
        truth = _rows(made, between)
        latent = truth[PLAIN[1]] - truth[PLAIN[0]]
        error = 0.0
        for row in range(len(truth)):
            off = np.abs(curves.value(row, between) - truth[row])
            known = np.isfinite(off)
            error = max(error, float(np.max((off / latent if row in PLAIN else np.expm1(off))[known], initial=0.0)))
        if error < WANTED:
            break
    return SaturationTable(
        str(fluid), first, last, made.T_critical(), made.p_critical(), made.gas_constant() / made.molar_mass(), curves, error, fluid.source
    )


def _limits(fluid: Coolant) -> tuple[float, float]:
    if fluid.incompressible:
        raise FluidError(f"{fluid} is known as a liquid only: it has no saturated states")
    known = ends(fluid)
    assert known.critical_temperature is not None
    return known.freezing, known.critical_temperature


def _rows(made: Any, temperatures: Floats) -> Floats:
    rows = np.array([_sample(made, float(T))[1:] for T in temperatures]).T
    for row in range(len(rows)):
        if row not in PLAIN:
            rows[row] = np.log(rows[row])
    return rows


def _without_gaps(temperatures: Floats, rows: Floats) -> Floats:
    """Rows with what is missing between known values on the spline through those.

    CoolProp's corresponding states do not converge for the vapour's viscosity of propylene between 110 and 160 K. A property that it
    has no model of at the warm end stays NaN everywhere.
    """
    from scipy.interpolate import CubicSpline

    for row in rows:
        known = np.isfinite(row)
        if known[[0, -1]].all() and not known.all():
            row[~known] = CubicSpline(temperatures[known], row[known])(temperatures[~known])
    return rows


def _sample(made: Any, temperature: float) -> tuple[Any, ...]:
    """The fields of `Saturated`."""
    import CoolProp

    made.update(CoolProp.QT_INPUTS, 0.0, temperature)
    liquid = made.p(), made.rhomass(), made.hmass(), _or_nan(made.viscosity), _or_nan(made.conductivity), made.cpmass()
    tension = _or_nan(made.surface_tension)
    made.update(CoolProp.QT_INPUTS, 1.0, temperature)
    p, density, enthalpy, viscosity, conductivity, heat = liquid
    return temperature, p, density, made.rhomass(), enthalpy, made.hmass(), viscosity, _or_nan(made.viscosity), conductivity, heat, tension


def _or_nan(ask: Any) -> float:
    """A property, or NaN where CoolProp has no model of it for this fluid."""
    try:
        return float(ask())
    except ValueError:
        return float("nan")
