"""The power system of a case: sizes what is not given, balances the bus, says what it weighs, assumes and warns of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.bus.balance import Limits, swing
from power.solar.array import wing_temperature
from power.solar.sections import Section
from power.solar.strings import Lit
from power.system.array_power import OrbitArray, array_density, of_sections, strings_power
from power.system.failures import NO_ROOM
from power.system.orbit_balance import balance_orbit, limits_of, masses
from power.system.result import Asked, PowerResult
from power.system.settings import Power, Sizes

WING_ROUNDS = 20  # of a free wing and its temperature
WING_STUCK = 0.7  # of the change of the round before; one that is no smaller does not contract

Floats = NDArray[np.float64]


def solve(
    power: Power,
    times: ArrayLike,
    sunlight: ArrayLike,
    load: ArrayLike,
    temperature: ArrayLike | None = None,
    *,
    albedo: ArrayLike = 0.0,
    infrared_front: ArrayLike = 0.0,
    infrared_back: ArrayLike = 0.0,
    sink: ArrayLike | None = None,
    battery_temperature: ArrayLike | None = None,
    charge_limit: ArrayLike | None = None,
    sections: Sequence[Section] = (),
    strings: Sequence[Lit] = (),
    near: PowerResult | None = None,
) -> PowerResult:
    """Size what the case leaves open and balance the bus over one repeating orbit.

    Args:
        power: The [power] table.
        times: (n,) s over one orbit; an edge stands twice, just before and just after.
        sunlight: (n,) direct sunlight on the plane of the cells, cosine and shadow included [W/m2].
        load: (n,) compute and heaters [W]; `base_load` is added here.
        temperature: (n,) of the cells [K] where a meshed part carries them; None uses `array_temperature`, else the wing's steady balance.
        albedo, infrared_front, infrared_back: On a free wing [W/m2]; they warm it and make no electricity.
        sink: (n,) or a number, what a free wing sees besides [K]; needed where its temperature is to be found.
        battery_temperature: (n,) K; with it the battery charges within its cell's window only. None lets it always charge.
        charge_limit: (n,) largest charging power [W] besides that of the case, such as one that depends on temperature.
        sections: Faces that carry the cells, each with its own light and temperature, in place of `sunlight` and `temperature`.
        strings: All strings of the case's wings with their own sunlight, shadow and temperature, in place of `sunlight` on all alike;
            `temperature` or `sections` must be given as well.
        near: What was found at about the same loads: where the search for the temperature of a free wing begins.

    Raises:
        ValueError: a free wing without `sink`.
    """
    t, sun = np.asarray(times, dtype=float), np.asarray(sunlight, dtype=float)
    asked = np.asarray(load, dtype=float) + power.base_load
    limits = limits_of(power, battery_temperature, charge_limit)
    if sections:
        return _designed(_flown(power, t, asked, limits, lambda old: of_sections(old, tuple(sections), strings)), power, t, asked, limits)
    if temperature is not None or power.array_temperature is not None:
        known = power.array_temperature if temperature is None else temperature
        given = np.broadcast_to(np.asarray(known, dtype=float), t.shape)
        return _designed(_flown(power, t, asked, limits, partial(_alike, sun, given, strings)), power, t, asked, limits)
    if sink is None:
        raise ValueError("power: the temperature of a free wing needs that of the space it sees (sink)")
    lit, space = sun + np.asarray(albedo, dtype=float), sink

    def wing(drawn: ArrayLike) -> Floats:
        steady = wing_temperature(lit, drawn, sink=space, infrared_front=infrared_front, infrared_back=infrared_back)
        return np.broadcast_to(steady, t.shape)

    def at(warm: Floats) -> _Flown:
        return _flown(power, t, asked, limits, lambda old: OrbitArray(sun, warm, array_density(old, sun, warm)))

    start = wing(0.0) if near is None or near.temperature.shape != t.shape else near.temperature
    return _designed(_warmed(at, wing, start), power, t, asked, limits)


def _alike(sun: Floats, temperature: Floats, strings: Sequence[Lit], power: Power) -> OrbitArray:
    """An array of one temperature over all of it, at the life of a [power] table."""
    return OrbitArray(sun, temperature, array_density(power, sun, temperature), strings_power(power, strings) if strings else None)


@dataclass(frozen=True, slots=True, eq=False)
class _Flown:
    """An array and a battery at the life of the case, with what sized them where nothing but their own load did."""

    flown: PowerResult
    needs: PowerResult | None  #: sized for the end of the years; None where nothing is sized, or the sizes come from elsewhere
    array: Callable[[Power], OrbitArray]  #: the array of this orbit at the life of a [power] table


def _warmed(at: Callable[[Floats], _Flown], wing: Callable[[ArrayLike], Floats], start: Floats) -> _Flown:
    """The free wing at its own temperature (n,) [K]: what is drawn cools the cells, which then give more; from `start` on."""
    one = at(start)
    last, stuck = np.inf, 0
    for _ in range(WING_ROUNDS):  # contracts by about 10 in each round
        found = one.flown
        if not found.array_area:
            break
        cooler = wing(found.drawn / found.array_area)
        change = float(np.max(np.abs(cooler - found.temperature)))
        # a moment at which the battery is full at one temperature and not at the other goes back and forth: the mean stands for it
        stuck, last = stuck + (change > WING_STUCK * last), change
        one = at(found.temperature + (cooler - found.temperature) / (1 + stuck))
        if change < 1e-3:
            break
    return one


def _flown(power: Power, t: Floats, load: Floats, limits: Limits, array: Callable[[Power], OrbitArray]) -> _Flown:
    """Flown at the life of the case: with the sizes that it is given, or else with those for the end of the years."""
    if power.sizes is not None or not (power.sizes_array or power.sizes_pack):
        return _Flown(balance_orbit(power, t, load, limits, array(power)), None, array)
    design = power.design
    needs = balance_orbit(design, t, load, limits, array(design))
    if design.life == power.life or not needs.carries:
        return _Flown(_stated(power, needs), needs, array)
    own = Sizes(*_sized(power, needs))
    return _Flown(balance_orbit(replace(power, sizes=own), t, load, limits, array(power)), needs, array)


def _sized(power: Power, needs: PowerResult) -> tuple[float | None, float | None]:
    """Area and capacity that were found, of what is to be sized; None of the rest, and of all where nothing carries the load."""
    area, pack = power.sizes_array and needs.carries, power.sizes_pack and needs.carries
    return needs.array_area if area else None, needs.pack_capacity if pack else None


def _designed(one: _Flown, power: Power, t: Floats, load: Floats, limits: Limits) -> PowerResult:
    """What is flown, with what its own load asks for at the end of the years where something is sized."""
    if not (power.sizes_array or power.sizes_pack):
        return one.flown
    design = power.design
    needs = balance_orbit(design, t, load, limits, one.array(design)) if one.needs is None else one.needs
    asked = Asked(
        *_sized(power, needs),
        _area_by(design, needs, limits) if power.sizes_array else "",
        f"depth of discharge of {power.max_depth_of_discharge:.0%}",
        power.aged_parts if design.life == "eol" else (),
    )
    if power.sizes is None and (design.life == power.life or not needs.carries):
        return _stated(power, replace(needs, asked=asked))
    flown = one.flown
    later = [said for said in needs.failures if said not in flown.failures] if needs.carries else []
    room = f"{NO_ROOM} "
    said = [failure if failure.startswith(room) or not asked.aged else f"at end of life: {failure}" for failure in later]
    return replace(
        flown, asked=asked, needed_area=needs.needed_area, cells=needs.cells, failures=(*dict.fromkeys((*flown.failures, *said)),)
    )


def _area_by(design: Power, needs: PowerResult, limits: Limits) -> str:
    """What sets the area of the array, in words."""
    if needs.needed_area is not None:
        return "the room on its faces"
    if needs.array_area is None or needs.cells is None or not np.any(needs.available > 0.0):
        return "energy balance"
    b = needs.balance
    smaller = b.available / ((1.0 + design.array_margin) * (1.0 + 1e-4))
    gain, _ = swing(b.times, smaller, b.load, needs.cells.paths, Limits(discharge=limits.discharge))
    return "energy balance with what the battery takes" if gain >= 0.0 else "energy balance"


STAND_IN = (
    "bus: no array carries this load; heat of array, battery and regulators is that of a bus whose battery takes charge at any "
    "temperature and rate, with an array and a battery just large enough for it"
)
AT_THE_EDGE = (
    "bus: heat of array, battery and regulators is that of a battery that takes charge at any temperature, outside its window as at the "
    "nearer end of it; nothing is sized from that"
)


def unsized(power: Power, found: PowerResult, said: str, assumed: str, known: tuple[str, ...] = ()) -> PowerResult:
    """A result without sizes but those that the case gives: what was balanced stands for its heat alone.

    Args:
        power: The [power] table.
        found: A balance that closes, as that of a battery which charges at any temperature.
        said: Why there are none.
        assumed: Whose heat that is.
        known: What else the design does not hold.
    """
    return replace(
        found,
        array_area=power.given_area,
        pack_capacity=power.given_pack,
        lines=masses(power, power.given_area, power.given_pack, None),
        warnings=(),
        assumptions=(*found.assumptions, assumed),
        failures=(said, *known),
        life=None,
        carries=False,
        asked=None if found.asked is None else replace(found.asked, area=None, pack=None),
    )


def _stated(power: Power, found: PowerResult) -> PowerResult:
    """Without the sizes of the stand-in where nothing carries the load."""
    return found if found.carries else unsized(power, found, found.failures[0], STAND_IN)
