"""Numbers that can be read but that the world does not have, as of another unit: questioned, and refused where no physics bears them."""

from __future__ import annotations

from collections.abc import Iterator

from heliorack.casefile.messages import Fault
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.checks.context import Facts, keys, tables
from orbit.elements import EARTH_RADIUS, MU
from orbit.settings import EnvironmentSettings
from power.system.settings import Power
from thermal.properties.material import Material

MOON = 384.4e6  # m, mean distance; beyond it no orbit is one about the Earth alone
FROM_CENTRE = 150.0, 1200.0  # km, altitudes of low orbits; a number so far above the Earth's radius may be a distance from its centre
HIGHEST = 150e3  # km; the highest circular orbits in use are near 120 000 km
SUNLIGHT = 1300.0, 1430.0  # W/m2, at the Earth over the year by all solar constants in use, with room
INFRARED = 100.0, 350.0  # W/m2; handbook extremes of minutes reach from 108 to 332 (Gilmore)
BRIGHTEST = 0.7  # albedo of fresh snow and thick cloud over a whole region
COLDEST_SKY = 50.0  # K; a warmer sky beside Earth infrared is an effective sink, which holds the Earth already
LIGHTEST, HEAVIEST = 10.0, 22600.0  # kg/m3: foams and honeycombs begin at 16, osmium has 22590
HEATS = 50.0, 1e4  # J/kgK: lead and gold 129, water 4186
KELVIN_LIMITS = 250.0, 450.0  # degC; a limit in here is one of electronics by kelvin that were meant
KELVIN_HEATERS = 150.0, 450.0  # degC, of the same kind; survival heaters begin near 230 K, freezing loops near 280
WIDE_BAND = 60.0  # K; thermostats have bands of 1 to 20
NO_ELECTRONS = 1e9  # per cm2 and year; the mildest orbits have some 1e11
LOSSY = 0.8  # converters of servers have 0.85 to 0.97
CHEMISTRY = 1000.0  # Wh/kg; no cell that can be charged again has more
BEST = {
    "fraction_of_carnot": (0.7, "the best large chillers reach some 0.7 of Carnot, small stages 0.3 to 0.5"),
    "isentropic_efficiency": (0.9, "the best large compressors reach 0.9, small ones 0.5 to 0.75"),
    "efficiency": (0.9, "the best large pumps reach 0.9, small ones 0.1 to 0.5"),
}
SMALLEST = 5e-3  # m; racks and panels typed in metres have parts of a few thousandths of one
SPARSE = 0.3  # cells cover 0.7 to 0.95 of a wing
SHALLOW = 0.03  # of the energy of a battery; the shallowest designs of geostationary and lunar orbits use more in a night
FILM = 0.05  # kg/m2, of bare thin-film cells alone


def faults(facts: Facts) -> Iterator[Fault]:
    """What no physics bears."""
    settings = facts.reading.built.get(("environment",))
    if isinstance(settings, EnvironmentSettings) and settings.gravitational_parameter != MU:
        return
    if ("orbit",) not in facts.reading.built:
        return
    orbit = facts.document["orbit"]
    farthest = {
        "altitude_km": 1e3 * orbit.get("altitude_km", 0.0) + EARTH_RADIUS,
        "semi_major_axis_km": 1e3 * orbit.get("semi_major_axis_km", 0.0) * (1.0 + orbit.get("eccentricity", 0.0)),
    }
    for key, reach in farthest.items():
        if reach > MOON:
            said = (
                f"reaches {reach / 1e3:.4g} km from the Earth's centre, beyond the Moon (384400 km), where no orbit is one about the Earth "
                "alone; kilometres are asked for, not metres"
            )
            yield Fault(("orbit", key), orbit[key], said)


def questions(facts: Facts) -> Iterator[str]:
    """Sentences about numbers that are hardly meant."""
    yield from (
        f"warning: {said}"
        for said in (
            *_surroundings(facts),
            *_lengths(facts),
            *_materials(facts),
            *_limits(facts),
            *_heaters(facts),
            *_loads(facts),
            *_power(facts),
            *_machines(facts),
        )
    )


def _surroundings(facts: Facts) -> Iterator[str]:
    settings = facts.reading.built.get(("environment",))
    if not isinstance(settings, EnvironmentSettings) or settings.gravitational_parameter != MU or "orbit" not in facts.document:
        return
    altitude = facts.document["orbit"].get("altitude_km", 0.0)
    if ("orbit",) in facts.reading.built and altitude > HIGHEST:
        yield f"orbit.altitude_km = {altitude:g}: beyond every circular orbit in use; {altitude / 1e3:g} km, given in m?"
    lower = altitude - EARTH_RADIUS / 1e3
    if ("orbit",) in facts.reading.built and FROM_CENTRE[0] <= lower <= FROM_CENTRE[1]:
        said = f"counts from the Earth's surface; from its centre that would be {lower:.0f} km, is it meant?"
        yield f"orbit.altitude_km = {altitude:g}: {said}"
    for key, value, (low, high), of in (
        ("solar_flux_W_m2", settings.solar_flux, SUNLIGHT, "sunlight at the Earth"),
        ("earth_ir_W_m2", settings.earth_ir, INFRARED, "the Earth's infrared"),
    ):
        if value and not low <= value <= high:
            yield f"environment.{key} = {value:g}: {of} lies between {low:g} and {high:g} W/m2; is it meant?"
    if settings.albedo is not None and settings.albedo > BRIGHTEST:
        yield f"environment.albedo = {settings.albedo:g}: no region of the Earth reflects more than {BRIGHTEST:g} of sunlight; is it meant?"
    if settings.sink > COLDEST_SKY and settings.earth_ir != 0.0 and facts.in_the_light:
        yield (
            f"environment.sink_K = {settings.sink:g}: is the temperature of deep space, and Earth infrared comes on top; an effective sink "
            "that holds the Earth already wants earth_ir_W_m2 = 0"
        )


def _lengths(facts: Facts) -> Iterator[str]:
    longest, name = max(((max(piece.size), piece.name) for _, piece in facts.pieces), default=(SMALLEST, ""))
    if longest < SMALLEST and all(piece.kind != "imported" for _, piece in facts.pieces):  # files are measured later
        found = 1e3 * longest
        yield f"parts: nothing is longer than {name}, {found:g} mm; size_mm is in mm; write {1e3 * found:g} for {found:g} m"


def _materials(facts: Facts) -> Iterator[str]:
    for name in keys(facts.document, "materials"):
        made = facts.materials.get(name)
        if not isinstance(made, Material):
            continue
        if made.density < LIGHTEST:
            yield (
                f"materials.{name}.density_kg_m3 = {made.density:g}: lighter than any foam; masses and time constants follow from it "
                f"({made.density:g} g/cm3 are {1e3 * made.density:g} kg/m3)"
            )
        if not HEATS[0] <= made.specific_heat <= HEATS[1]:
            yield (
                f"materials.{name}.specific_heat_J_kgK = {made.specific_heat:g}: solids have {HEATS[0]:g} to {HEATS[1]:g} "
                f"({made.specific_heat:g} J/gK are {1e3 * made.specific_heat:g} J/kgK)"
            )


def _limits(facts: Facts) -> Iterator[str]:
    for position, limit in enumerate(tables(facts.document, "limits")):
        degC = limit.get("max_degC")
        if isinstance(degC, int | float) and KELVIN_LIMITS[0] < degC < KELVIN_LIMITS[1]:
            yield f"limits.{position}.max_degC = {degC:g}: no electronics bear it; {degC:g} K are {degC - ZERO_CELSIUS:.4g} degC"
        elif isinstance(degC, int | float) and degC >= KELVIN_LIMITS[1]:
            yield f"limits.{position}.max_degC = {degC:g}: nothing of a server bears it; is the point where it belongs?"


def _heaters(facts: Facts) -> Iterator[str]:
    """Thermostats by kelvin, or with a band in which no temperature is held."""
    network = facts.document.get("network")
    lists = {"heaters": facts.document.get("heaters"), "network.heaters": network.get("heaters") if isinstance(network, dict) else None}
    for place, table in ((f"{key}.{one.get('name')}", one) for key, items in lists.items() for one in _dicts(items)):
        low, high = table.get("on_below_degC"), table.get("off_above_degC")
        if not isinstance(low, int | float) or not isinstance(high, int | float):
            continue
        if KELVIN_HEATERS[0] < low < KELVIN_HEATERS[1]:
            yield f"{place}.on_below_degC = {low:g}: no server is kept so warm; {low:g} K are {low - ZERO_CELSIUS:.4g} degC"
        elif high - low > WIDE_BAND:
            yield f"{place}.off_above_degC = {high:g}: {high - low:.4g} K above on_below_degC; is so wide a band meant?"


def _loads(facts: Facts) -> Iterator[str]:
    for _, load in facts.reading.items("compute"):
        if load.supply_efficiency is not None and load.supply_efficiency < LOSSY and load.supply_part is None:
            lost = 1 / load.supply_efficiency - 1
            heat = f"its converters make {lost:.3g} W of heat for every watt of the device, and no part takes it"
            yield f"compute.{load.name}.supply_efficiency = {load.supply_efficiency:g}: {heat}; name one as supply_part"


def _machines(facts: Facts) -> Iterator[str]:
    """Heat pumps and pumps of loops that are better than any that was built."""
    network = facts.document.get("network")
    lists = {key: network.get(key) for key in ("heat_pumps", "loops")} if isinstance(network, dict) else {}
    stages = [(f"network.heat_pumps.{one.get('name')}", one) for one in _dicts(lists.get("heat_pumps"))]
    pumps = [(f"network.loops.{one.get('name')}.pump", pump) for one in _dicts(lists.get("loops")) for pump in _dicts([one.get("pump")])]
    for place, table in [*stages, *(("heat_pump", one) for one in _dicts([facts.document.get("heat_pump")])), *pumps]:
        for key, (most, what) in BEST.items():
            value = table.get(key)
            if isinstance(value, int | float) and not isinstance(value, bool) and value > most:
                yield f"{place}.{key} = {value:g}: {what}; work and heat that it leaves out are not in the balance"


def _dicts(items: object) -> list[dict[str, object]]:
    return [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []


def _power(facts: Facts) -> Iterator[str]:
    power = facts.reading.built.get(("power",))
    if not isinstance(power, Power):
        return
    cell = power.solar_cell
    run = facts.reading.built.get(("run",))
    still = [name for name in ("cells", "battery") if name not in power.aged_parts]
    if run is not None and run.years is not None and still:
        said = {"cells": "power.eol_factor or power.fluence_per_year", "battery": "power.ageing or power.battery_eol_factor"}
        ways = " and ".join(said[name] for name in still)
        yield f"run.years = {run.years:g}: {' and '.join(still)} stay as new all through, since nothing says how they age; give {ways}"
    if power.fluence_per_year is not None and 0.0 < power.fluence_per_year < NO_ELECTRONS:
        exponent = f", 1e{power.fluence_per_year:g}?" if 8 < power.fluence_per_year < 20 else ";"
        yield f"power.fluence_per_year = {power.fluence_per_year:g}: electrons per cm2{exponent} the mildest orbits have some 1e11 a year"
    if power.temperature_coefficient is not None and None not in (cell.vmp, cell.imp, cell.dvmp, cell.dimp):
        yield f"power.temperature_coefficient = {power.temperature_coefficient:g} is not used: the data sheet of {power.cell} has its own"
    if power.array_temperature is not None and power.array_faces is not None:
        yield "power.array_temperature_degC is not used: the parts of array_faces carry the cells and have their own temperature"
    if power.battery_specific_energy is not None and power.battery_specific_energy / 3600.0 > CHEMISTRY:
        energy = power.battery_specific_energy / 3600.0
        yield f"power.battery_specific_energy_Wh_kg = {energy:g}: no cell that charges again has {CHEMISTRY:g}"
    if power.array_areal_mass is not None and power.array_areal_mass < FILM:
        yield f"power.array_areal_mass_kg_m2 = {power.array_areal_mass:g}: less than bare cells of thin film weigh"
    if power.packing < SPARSE:
        yield f"power.packing = {power.packing:g}: cells cover 0.7 to 0.95 of a wing; the array is that much larger than its cells"
    if power.max_depth_of_discharge < SHALLOW:
        meant = "is a part of 1 and not per cent of it; the battery is that much larger than what a night takes"
        yield f"power.max_depth_of_discharge = {power.max_depth_of_discharge:g}: {meant}"
