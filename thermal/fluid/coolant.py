"""Coolants by name, and the one place where CoolProp is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import numpy as np

from thermal.fluid.validity import FluidError

Phase = Literal["liquid", "gas"]

COOLPROP = "Bell et al. 2014, doi 10.1021/ie4033999 (CoolProp)"


@dataclass(frozen=True, slots=True)
class Coolant:
    """A fluid by the name that CoolProp has for it; solutions by the mass fraction of what is dissolved in water."""

    name: str
    fluid: str  #: CoolProp's name
    source: str  #: of its properties
    incompressible: bool = False  #: a fit of the liquid alone, without saturation: CoolProp's INCOMP back end
    fraction: float | None = None  #: mass of glycol per mass of solution [-]; None: not a solution
    freezing: float | None = None  #: [K], where CoolProp does not know it
    vapour_pressure: tuple[float, float] | None = None  #: a, b of ln(p/Pa) = a - b/(T/K), where CoolProp does not know it
    solvent: str | None = None  #: what boils first, as a name of `LIBRARY`

    def __str__(self) -> str:
        return self.name if self.fraction is None else f"{self.name} ({100 * self.fraction:g} % by mass)"


def _solution(name: str, fluid: str) -> Coolant:
    return Coolant(
        name,
        fluid,
        "Melinder 2010, Properties of Secondary Working Fluids for Indirect Systems (IIR), fits of CoolProp's INCOMP back end",
        incompressible=True,
        fraction=0.5,
        solvent="water",
    )


def _pure(name: str, fluid: str, source: str) -> Coolant:
    return Coolant(name, fluid, f"{source}; {COOLPROP}")


LIBRARY: dict[str, Coolant] = {
    made.name: made
    for made in (
        _pure(
            "ammonia",
            "Ammonia",
            "Gao et al., J. Phys. Chem. Ref. Data 2020; viscosity Fenghour et al. 1995, conductivity Tufeu et al. 1984",
        ),
        _pure("water", "Water", "IAPWS-95; viscosity IAPWS 2008, conductivity IAPWS 2011"),
        _solution("water_glycol", "MEG"),
        _solution("propylene_glycol", "MPG"),
        # CoolProp's other fit, INCOMP::HFE, has 0.97 W/mK (14 times too much) and the density of another fluid: refused by `coolant`.
        Coolant(
            "hfe_7100",
            "HFE2",
            "3M Novec 7100 data sheet (fits of CoolProp's INCOMP back end, HFE2; vapour pressure and pour point of the sheet)",
            incompressible=True,
            freezing=138.15,
            vapour_pressure=(22.415, 3641.9),
        ),
        _pure("r134a", "R134a", "Tillner-Roth and Baehr 1994; viscosity Huber et al. 2003, conductivity McLinden et al. 2000"),
        _pure("r1234ze(e)", "R1234ze(E)", "Thol and Lemmon 2016; viscosity Bell 2016 (estimated), conductivity Perkins and Huber 2011"),
        _pure("r245fa", "R245fa", "Akasaka, Zhou and Lemmon 2015; viscosity Bell 2016 (estimated), conductivity Huber et al. 2003"),
        _pure("r1233zd(e)", "R1233zd(E)", "Akasaka and Lemmon 2022; no viscosity, no conductivity: for compressors only"),
        _pure("co2", "CarbonDioxide", "Span and Wagner 1996; viscosity Laesecke and Muzny 2017, conductivity Huber et al. 2016"),
        _pure("propylene", "Propylene", "Lemmon et al. 2013; viscosity and conductivity Huber et al. 2003"),
        _pure("methanol", "Methanol", "de Reuck and Craven 1993; viscosity Xiang et al. 2006, conductivity Sykioti et al. 2013"),
    )
}

REFUSED = {"HFE": "CoolProp's fit INCOMP::HFE has the conductivity of no coolant (0.97 W/mK); hfe_7100 is the fluid"}


def coolant(name: str, fraction: float | None = None) -> Coolant:
    """A coolant by a name of the library or by one that CoolProp knows.

    Args:
        name: Of `LIBRARY`, in any case and with "-" or " " for "_"; or CoolProp's ("Toluene", "INCOMP::MEG-50%", "INCOMP::MEG[0.5]").
        fraction: Mass of what is dissolved per mass of solution [-], for solutions only; 0.5 where none is given.

    Raises:
        FluidError: a fraction for what is no solution, or two of them; a fit that is known to be wrong.

    >>> str(coolant("Water-Glycol", 0.4)), coolant("INCOMP::MPG-30%").fraction
    ('water_glycol (40 % by mass)', 0.3)
    """
    plain = re.sub(r"[ -]", "_", name.strip().lower())
    if plain in LIBRARY:
        found = LIBRARY[plain]
    elif incompressible := re.fullmatch(r"INCOMP::(\w+?)(?:-([\d.]+)%|\[([\d.]+)\])?", name.strip()):
        fluid, percent, part = incompressible.groups()
        if fluid in REFUSED:
            raise FluidError(REFUSED[fluid])
        stated = float(percent) / 100 if percent else float(part) if part else None
        if stated is not None and fraction is not None:
            raise FluidError(f"{name} states its fraction; leave the other one, {fraction:g}, away")
        stated = fraction if stated is None else stated
        known = next((one for one in LIBRARY.values() if one.incompressible and one.fluid == fluid), None)
        found = known or Coolant(fluid, fluid, f"INCOMP::{fluid}; {COOLPROP}", incompressible=True, fraction=stated)
        fraction = stated
    else:
        found = Coolant(name.strip(), name.strip().removeprefix("HEOS::"), COOLPROP)
    if fraction is None:
        return found
    if found.fraction is None:
        raise FluidError(f"{found.name} is no solution: it takes no fraction ({fraction:g} was given)")
    if not 0 < fraction < 1:
        raise FluidError(
            f"{found.name}: the fraction {fraction:g} must lie between 0 and 1 (mass of what is dissolved per mass of solution)"
        )
    return replace(found, fraction=fraction)


def state(fluid: Coolant) -> Any:
    """A fresh state of CoolProp for the fluid, its fraction set.

    Raises:
        FluidError: CoolProp does not know it, or not at this fraction.
    """
    from CoolProp.CoolProp import PT_INPUTS, AbstractState, get_global_param_string

    try:
        made = AbstractState("INCOMP" if fluid.incompressible else "HEOS", fluid.fluid)
        if fluid.fraction is not None:
            made.set_mass_fractions([fluid.fraction])
            made.update(PT_INPUTS, 1e8, made.Tmax())
    except ValueError as error:
        if "composition" in str(error):
            raise FluidError(f"{fluid}: {error}") from error
        raise FluidError(
            f"fluid '{fluid}' is not known: it is neither of {', '.join(LIBRARY)} nor one that CoolProp has ({error})"
        ) from error
    if (
        fluid.incompressible
        and fluid.fraction is None
        and fluid.fluid in get_global_param_string("incompressible_list_solution").split(",")
    ):
        raise FluidError(f"{fluid} is a solution: give its fraction, mass of what is dissolved per mass of solution")
    return made


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a fluid is what its table says."""

    freezing: float  #: [K]; the triple point of a pure fluid
    lowest: float  #: [K] its data begin
    highest: float  #: [K] its data end
    critical_temperature: float | None  #: [K]; None: a fit of the liquid alone
    critical_pressure: float | None  #: [Pa]


@cache
def ends(fluid: Coolant) -> Ends:
    """Temperatures between which the fluid has data, its freezing and its critical point."""
    made = state(fluid)
    if not fluid.incompressible:
        return Ends(made.Ttriple(), max(made.Tmin(), made.Ttriple()), made.Tmax(), made.T_critical(), made.p_critical())
    from CoolProp.CoolProp import PropsSI

    low, high = float(made.Tmin()), float(made.Tmax())
    freezing = fluid.freezing
    if freezing is None and fluid.fraction is not None:
        freezing = float(PropsSI("T_freeze", "T", 0.5 * (low + high), "P", 1e6, f"INCOMP::{fluid.fluid}[{fluid.fraction:.12g}]"))
        if not np.isfinite(freezing):
            freezing = None
    return Ends(low if freezing is None else freezing, low if freezing is None else max(low, freezing), high, None, None)


def boiling_temperature(fluid: Coolant, pressure: float) -> float | None:
    """Where the liquid boils at `pressure` [Pa]: [K], or None above the critical pressure or where nothing is known.

    A solution boils above its solvent, whose boiling point is taken: on the safe side.
    """
    if fluid.vapour_pressure is not None:
        a, b = fluid.vapour_pressure
        return b / (a - float(np.log(pressure)))
    if fluid.solvent is not None:
        return boiling_temperature(LIBRARY[fluid.solvent], pressure)
    if fluid.incompressible:
        return _boiling_of_fit(fluid, pressure)
    critical = ends(fluid).critical_pressure
    assert critical is not None
    if pressure >= critical:
        return None
    from CoolProp.CoolProp import PQ_INPUTS

    made = state(fluid)
    if pressure <= made.p_triple():
        return float(made.Ttriple())
    made.update(PQ_INPUTS, pressure, 0.0)
    return float(made.T())


def _boiling_of_fit(fluid: Coolant, pressure: float) -> float | None:
    """Of a fit that has a vapour pressure: the last temperature at which it is a liquid; None where its data end there."""
    from CoolProp.CoolProp import PT_INPUTS

    made, known = state(fluid), ends(fluid)

    def liquid(T: float) -> bool:
        try:
            made.update(PT_INPUTS, pressure, T)
        except ValueError:
            return False
        return True

    low, high = known.lowest, known.highest
    if liquid(high) or not liquid(low):
        return None
    while high - low > 1e-6:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if liquid(middle) else (low, middle)
    return low
