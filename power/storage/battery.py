"""Battery cells by their data sheets, what is known of their life, and words of warning about depth of discharge."""

from dataclasses import dataclass

from power.constants import ZERO_CELSIUS

WARN_DEPTH = 0.40  # depth of discharge above which a low orbit of five years needs life data
WARN_CYCLES = 20000.0  # five years of low orbit are 25000 to 28500 cycles


@dataclass(frozen=True, slots=True)
class BatteryCell:
    """Data sheet of a battery cell (or of one whole unit, where only that is published)."""

    energy: float  #: nominal energy [J]
    specific_energy: float | None  #: of the bare cell [J/kg]
    source: str
    capacity: float | None = None  #: nominal charge [C]
    voltage: float | None = None  #: nominal [V]
    mass: float | None = None  #: [kg]
    charge_temperature: tuple[float, float] | None = None  #: lowest and highest temperature for charging [K]
    voltage_range: tuple[float, float] | None = None  #: [V]
    discharge_current: float | None = None  #: largest continuous [A]
    rated_depth: float | None = None  #: depth of discharge that its maker or user states for a low orbit [-]
    rated_cycles: float | None = None  #: cycles at that depth
    energy_loss: float | None = None  #: loss of energy over `rated_cycles` at `rated_depth` [-]
    life: str = "no life data"  #: what is published of its life, in words


def _sheet(charge_Ah: float, volts: float, grams: float, source: str, charge_degC: tuple[float, float] | None = None) -> BatteryCell:
    """Cell by nominal charge [Ah], nominal voltage [V] and mass [g]."""
    energy, kilograms = charge_Ah * 3600.0 * volts, grams * 1e-3
    window = None if charge_degC is None else (charge_degC[0] + ZERO_CELSIUS, charge_degC[1] + ZERO_CELSIUS)
    return BatteryCell(energy, energy / kilograms, source, charge_Ah * 3600.0, volts, kilograms, window)


_VES180 = "5 years of low orbit at 30 % depth of discharge cost below 20 % of the energy by cycling and 1 % by time (target of the maker)"

LIBRARY: dict[str, BatteryCell] = {
    "lg_mj1": BatteryCell(
        12.72 * 3600.0,
        259.7 * 3600.0,
        "LG INR18650 MJ1 specification rev. 1, 2016-06-30",
        3.5 * 3600.0,
        3.635,
        0.049,
        (0.0 + ZERO_CELSIUS, 45.0 + ZERO_CELSIUS),
        discharge_current=10.0,
    ),
    "saft_ves180": BatteryCell(
        170.0 * 3600.0,
        160.0 * 3600.0,
        "ESA ARTES, Development of High specific energy Li-Ion cell (4.1 V, C/1.5, 30 degC; targets; temperature range 0 to 40 degC)",
        charge_temperature=(0.0 + ZERO_CELSIUS, 40.0 + ZERO_CELSIUS),
        voltage_range=(2.7, 4.1),
        rated_depth=0.30,
        rated_cycles=27400.0,
        energy_loss=0.21,
        life=_VES180,
    ),
    "saft_mp174565": _sheet(4.8, 3.75, 103.0, "Saft MP 174565 Integration data sheet, September 2009 (mass with protection circuit)"),
    "samsung_50s": _sheet(5.0, 3.6, 72.0, "Samsung INR21700-50S, reseller's specification (largest mass)", (0.0, 60.0)),
    "molicel_m50a": _sheet(5.0, 3.6, 65.2, "Molicel INR-21700-M50A, reseller's specification"),
    "iss_nih2_oru": BatteryCell(
        4.0e3 * 3600.0,
        None,
        "NASA NTRS 20180003481 and 20190002835; Dalton et al. 2002 (one nickel-hydrogen unit of the International Space Station)",
        81.0 * 3600.0,
        rated_depth=0.35,
        rated_cycles=38000.0,
        life="designed for 38000 cycles, 6.5 years, at no more than 35 % depth of discharge",
    ),
}

ANCHORS: tuple[str, ...] = (
    "International Space Station, nickel-hydrogen: 38000 cycles (6.5 years) at no more than 35 % (NASA NTRS 20180003481)",
    "Saft VES180 target: " + _VES180 + " (ESA ARTES)",
    "JAXA, large lithium-ion cells: more than 30000 simulated low-orbit cycles (abstract; depth not stated there)",
)


def battery(name: str) -> BatteryCell:
    """A cell of the library.

    Raises:
        ValueError: no such cell; names those that exist.
    """
    if name in LIBRARY:
        return LIBRARY[name]
    raise ValueError(f"battery '{name}' is not in the library ({', '.join(sorted(LIBRARY))})")


def cycles(years: float, orbit: float) -> float:
    """Orbits, and so cycles, in `years` of 365.25 days; `orbit` is the period [s]."""
    return years * 365.25 * 86400.0 / orbit


def life_warnings(cell: BatteryCell, depth: float, years: float, orbit: float, life_data: bool = False) -> tuple[str, ...]:
    """Sentences about a depth of discharge [-] that experience does not carry over `years` of this orbit (period [s]); empty if it does."""
    if life_data:
        return ()
    n = cycles(years, orbit)
    need = f"{n:.0f} cycles in {years:g} years"
    if cell.rated_depth is not None and cell.rated_cycles is not None:
        if depth > cell.rated_depth + 1e-9 or n > 1.02 * cell.rated_cycles:
            return (
                f"battery: {depth:.1%} depth of discharge and {need} are beyond what is stated for this cell, "
                f"{cell.rated_depth:.0%} over {cell.rated_cycles:.0f} cycles; give life data or a larger pack",
            )
    elif depth > WARN_DEPTH and n >= WARN_CYCLES:
        return (
            f"battery: {depth:.1%} depth of discharge over {need} is above {WARN_DEPTH:.0%} and no life data is given for this cell; "
            "published low-orbit practice is 20 to 35 %",
        )
    return ()
