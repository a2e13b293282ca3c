"""Units of the case file: the suffix of a key says the unit, and past loading everything is SI and kelvin."""

from __future__ import annotations

import math
from dataclasses import dataclass

ZERO_CELSIUS = 273.15  # K, BIPM SI brochure (2019), section 2.3.1


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the case file; value in SI = value * multiply / divide + offset."""

    label: str  #: how messages print it
    multiply: float = 1.0
    divide: float = 1.0  #: kept apart from `multiply` so that 9 mm is 0.009 m and not 0.009000000000000001 m
    offset: float = 0.0


UNITS: dict[str, Unit] = {
    "-": Unit(""),
    "m": Unit("m"),
    "mm": Unit("mm", divide=1e3),
    "um": Unit("um", divide=1e6),
    "km": Unit("km", 1e3),
    "km3_s2": Unit("km3/s2", 1e9),
    "s": Unit("s"),
    "min": Unit("min", 60.0),
    "h": Unit("h", 3600.0),
    "K": Unit("K"),
    "degC": Unit("degC", offset=ZERO_CELSIUS),
    "deg": Unit("deg", math.pi, 180.0),
    "W": Unit("W"),
    "kW": Unit("kW", 1e3),
    "W_m2": Unit("W/m2"),
    "W_m2K": Unit("W/m2K"),
    "W_mK": Unit("W/mK"),
    "W_K": Unit("W/K"),
    "J": Unit("J"),
    "J_K": Unit("J/K"),
    "J_kgK": Unit("J/kgK"),
    "J_kg": Unit("J/kg"),
    "kg": Unit("kg"),
    "g": Unit("g", divide=1e3),
    "kg_m3": Unit("kg/m3"),
    "m2": Unit("m2"),
    "mm2": Unit("mm2", divide=1e6),
    "cm3": Unit("cm3", divide=1e6),
    "kg_m2": Unit("kg/m2"),
    "W_m": Unit("W m"),
    "V": Unit("V"),
    "mV": Unit("mV", divide=1e3),
    "A": Unit("A"),
    "mA": Unit("mA", divide=1e3),
    "mV_K": Unit("mV/K", divide=1e3),
    "mA_K": Unit("mA/K", divide=1e3),
    "Ah": Unit("Ah", 3600.0),
    "Wh": Unit("Wh", 3600.0),
    "Wh_kg": Unit("Wh/kg", 3600.0),
    "W_kg": Unit("W/kg"),
    "FLOPS": Unit("FLOP/s"),
    "ohm": Unit("ohm"),
    "K_W": Unit("K/W"),
    "m2K_W": Unit("m2K/W"),
    "kg_s": Unit("kg/s"),
    "Pa": Unit("Pa"),
    "Pa_s": Unit("Pa s"),
    "bar": Unit("bar", 1e5),
    "MPa": Unit("MPa", 1e6),
    "Nm": Unit("N m"),
    "years": Unit("years"),
    "MB": Unit("MB", 1e6),
    "per_m2_year": Unit("1/(m2 year)", divide=365.25 * 86400.0),
    "percent": Unit("%", divide=100.0),
}


def to_si(value: float, unit: str) -> float:
    """A number of the case file in SI (temperatures in kelvin, angles in radians).

    >>> to_si(550, "km"), to_si(85, "degC"), to_si(9, "mm")
    (550000.0, 358.15, 0.009)
    """
    known = UNITS[unit]
    return value * known.multiply / known.divide + known.offset


def from_si(value: float, unit: str) -> float:
    """A number in SI in the unit of the case file, to 12 figures so that a bound prints as it was meant.

    >>> from_si(0.0009, "mm"), from_si(358.15, "degC"), from_si(86400, "h")
    (0.9, 85.0, 24.0)
    """
    known = UNITS[unit]
    return float(f"{(value - known.offset) * known.divide / known.multiply:.12g}")


def key(name: str, unit: str) -> str:
    """Key of the case file for a field: its name and the unit.

    >>> key("altitude", "km"), key("emittance", "-")
    ('altitude_km', 'emittance')
    """
    return name if unit == "-" else f"{name}_{unit}"


def quantity(value: float, unit: str) -> str:
    """A number of the case file with its unit, as messages print it.

    >>> quantity(150.0, "km"), quantity(0.5, "-")
    ('150 km', '0.5')
    """
    return f"{value:.6g} {UNITS[unit].label}".strip()
