"""Mass roll-up: one line per thing, with where the number comes from and how far it may be off."""

from collections.abc import Iterable
from dataclasses import dataclass

from power.storage.battery import BatteryCell

ARRAY_AREAL_MASS = 2.90  # kg/m2
ARRAY_SOURCE = (
    "iROSA wing: 340 kg (spacelaunchlive.com) on 63 x 20 ft (Boeing); the older wings of the International Space Station weigh 3.5 kg/m2 "
    "(more than 2400 lb each, eight on 2508 m2, Boeing)"
)
RADIATOR_AREAL_MASS = 7.0  # kg/m2 of planform
RADIATOR_SOURCE = (
    "heat-pipe radiator panel, NASA SBIR 91-1-09.08-6551B; a flown unit with fluid and deployment weighs 17.5 kg/m2 "
    "(740.7 kg on 3.12 x 13.6 m, International Space Station photovoltaic radiator)"
)

ARRAY, BATTERY = "solar array", "battery"  #: kinds of lines, and their names unless another is given


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the mass table."""

    name: str
    mass: float | None  #: kg; None of a thing that has no size
    source: str
    uncertainty: float | None = None  #: as a fraction of `mass`; None when not known
    kind: str | None = None  #: ARRAY or BATTERY, whatever its name; None of anything else

    @property
    def spread(self) -> float | None:
        """Uncertainty [kg]; None when not known."""
        return None if self.uncertainty is None or self.mass is None else self.mass * self.uncertainty


@dataclass(frozen=True, slots=True)
class MassTable:
    """All lines and their sum."""

    lines: tuple[Line, ...]

    @property
    def total(self) -> float | None:
        """Sum of the lines [kg]; None where one of them has no mass, since a sum of the rest would compare too well."""
        known = [line.mass for line in self.lines if line.mass is not None]
        return sum(known) if len(known) == len(self.lines) else None

    @property
    def uncertainty(self) -> float | None:
        """Sum of the known uncertainties [kg], added straight since the guesses are not independent; None without a total."""
        return None if self.total is None else sum(line.spread for line in self.lines if line.spread is not None)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names of the lines without an uncertainty."""
        return tuple(line.name for line in self.lines if line.uncertainty is None)

    @property
    def rows(self) -> tuple[tuple[str, str, str, str], ...]:
        """Name, kilograms, uncertainty and source of every line in words, with the sum last."""
        lines = [(line.name, _kilograms(line.mass), _off(line.spread), line.source) for line in self.lines]
        missing = f"; without that of {', '.join(self.unknown)}" if self.unknown else ""
        return (*lines, ("total", _kilograms(self.total), _off(self.uncertainty), f"sum of {len(self.lines)} lines{missing}"))


def _kilograms(mass: float | None) -> str:
    return "none" if mass is None else f"{mass:.4g}"


def _off(spread: float | None) -> str:
    return "not known" if spread is None else f"+-{spread:.3g}"


def unsized_line(name: str) -> Line:
    """A thing of which no size carries the load."""
    return Line(name, None, "none: no size carries the load", kind=name if name in (ARRAY, BATTERY) else None)


def array_line(area: float, areal_mass: float | None = None, name: str = ARRAY, uncertainty: float | None = None) -> Line:
    """Wing of planform `area` [m2]; `areal_mass` [kg/m2] is the user's, with their `uncertainty`, or, when None, that of a flown wing."""
    if areal_mass is not None:
        return Line(name, area * areal_mass, f"case: {areal_mass:g} kg/m2", uncertainty, ARRAY)
    return Line(name, area * ARRAY_AREAL_MASS, f"{ARRAY_AREAL_MASS:g} kg/m2: {ARRAY_SOURCE}", 0.2, ARRAY)


def battery_line(
    cell: BatteryCell, energy: float, pack_factor: float | None = None, name: str = BATTERY, uncertainty: float | None = None
) -> Line:
    """Battery that holds `energy` [J] when new; `uncertainty` is the user's.

    Raises:
        ValueError: the library gives no specific energy for this cell.
    """
    if cell.specific_energy is None:
        raise ValueError("the source of this battery gives no specific energy; choose another cell")
    bare = energy / cell.specific_energy
    said = f"{cell.specific_energy / 3600.0:.4g} Wh/kg: {cell.source}"
    if pack_factor is None:
        return Line(
            f"{name} (cells only)",
            bare,
            said + "; housing, wiring and electronics not counted (pack_factor is not given)",
            uncertainty,
            BATTERY,
        )
    return Line(name, bare * pack_factor, f"{said}; pack factor {pack_factor:g} (case)", uncertainty, BATTERY)


def electronics_line(peak: float, specific_power: float, name: str = "power electronics", uncertainty: float | None = None) -> Line:
    """Regulators and distribution for a largest power of `peak` [W] at the user's `specific_power` [W/kg]."""
    return Line(name, peak / specific_power, f"case: {specific_power:g} W/kg at {peak:.4g} W", uncertainty)


def roll_up(lines: Iterable[Line], structures: Iterable[tuple[str, float]] = ()) -> MassTable:
    """Table of `lines` and of the meshed parts that the caller weighed, as (name, kg) pairs."""
    meshed = tuple(Line(name, mass, "geometry and density", 0.0) for name, mass in structures)
    return MassTable((*lines, *meshed))
