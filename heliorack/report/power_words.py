"""Power, sizes, life, delivered compute and mass at the end of `heliorack run`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from heliorack.report.printing import rounded
from heliorack.runfolder.envelope import SizesFigures, sizes
from heliorack.runfolder.summary import DeliveredFigures, MassLine, PowerFigures, Summary


def power_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """Array, battery and load; of several cases the one that asks for most."""
    powered = {name: summary.power for name, summary in summaries.items() if summary.power}
    if not powered:
        return []
    by_array, by_battery = _most(powered, lambda p: p.array_area_m2), _most(powered, lambda p: p.pack_capacity_Wh)
    by_depth, by_load = _most(powered, lambda p: p.depth_of_discharge, 4), _most(powered, lambda p: p.load_mean_W)
    array, battery, load, depth = powered[by_array], powered[by_battery], powered[by_load], powered[by_depth].depth_of_discharge

    sized = sizes(summaries)

    def where(name: str) -> str:
        return f" ({name})" if len(powered) > 1 else ""

    def by(name: str | None, limit: str | None) -> str:
        return f"sized by {name}: {limit}" if name else f"sized by {limit}"

    size = "none: no area carries this load"
    if array.array_area_m2 is not None:
        given = "" if array.array_peak_W is None else f"{array.array_peak_W:.0f} W peak, "
        known = sized is not None and sized.array_area_m2 == array.array_area_m2
        how = by(sized.array_in, sized.array_by) if sized and known else _sized(array.array_sized) + where(by_array)
        size = f"{array.array_area_m2:.3g} m2, {given}{how}"
    else:
        size += where(by_array)
    pack = "none: no array carries this load"
    if battery.pack_capacity_Wh is not None:
        known = sized is not None and sized.pack_capacity_Wh == battery.pack_capacity_Wh
        how = by(sized.pack_in, sized.pack_by) if sized and known else _sized(battery.pack_sized) + where(by_battery)
        pack = f"{battery.pack_capacity_Wh:.0f} Wh, {how}"
    else:
        pack += where(by_battery)
    used = "" if depth is None else f"; depth of discharge {100 * depth:.0f} %{where(by_depth)}"
    return [
        f"power    array {size}",
        f"         load {load.load_mean_W:.0f} W mean, {load.load_peak_W:.0f} W peak{where(by_load)}",
        f"         battery {pack}{used}",
        *_sizes_words(powered),
        *_sized_at(sized),
        *(f"         {power.transient.words()}{where(name)}" for name, power in powered.items() if power.transient is not None),
        *dict.fromkeys(f"         {warning}" for power in powered.values() for warning in power.warnings),
    ]


def _sizes_words(powered: Mapping[str, PowerFigures]) -> list[str]:
    """Of which age the sized hardware is, and for which load case alone, where that is one of several."""
    asked = {name: power.asked for name, power in powered.items() if power.asked is not None}
    said = []
    if any(one.life == "eol" for one in asked.values()):
        aged = list(dict.fromkeys(part for one in asked.values() for part in one.aged))
        new = [part for part in ("cells", "battery") if part not in aged]
        as_new = f"; the {new[0]} {'stand' if new[0] == 'cells' else 'stands'} as new, without a figure" if new else ""
        said.append(f"         sizes are for the end of the years, with aged {' and '.join(aged)}{as_new}")
    elif asked:
        said.append("         sizes are of new hardware: no ageing is given, or it is not asked for (power.eol_factor, power.sized_for)")
    return said


def _sized_at(sized: SizesFigures | None) -> list[str]:
    """The worst orbits of the years, where they set the sizes; else why they do not."""
    if sized is None:
        return []
    found = {"array": (sized.array_area_m2, sized.array_at), "battery": (sized.pack_capacity_Wh, sized.pack_at)}
    there = {name: at.words() for name, (_, at) in found.items() if at is not None}
    own = [name for name, (size, at) in found.items() if size is not None and at is None] if sized.own_date else []
    if len(there) == 2 and len(set(there.values())) == 1:
        return [f"         sized at the worst date of the years: {there['array']}"]
    said = [f"         {name} sized at its worst date of the years: {words}" for name, words in there.items()]
    return [*said, *([f"         {' and '.join(own)} sized at the date of the load case: {sized.own_date}"] if own else [])]


def _most(powered: Mapping[str, PowerFigures], figure: Callable[[PowerFigures], float | None], digits: int = 15) -> str:
    """The load case that asks for most; one that has no such figure comes before all others, since nothing is enough for it."""
    return max(powered, key=lambda name: round(_or_more(figure(powered[name])), digits))


def _sized(sized: bool) -> str:
    return "sized" if sized else "as given"


def life_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """What is left of the most worn battery and by which law; nothing where no case has one."""
    worn = {name: s.power.life for name, s in summaries.items() if s.power and s.power.life}
    if not worn:
        return []
    name = min(worn, key=lambda name: worn[name].capacity)
    life, where = worn[name], f" ({name})" if len(worn) > 1 else ""
    if life.law == "none":
        return [f"         battery life: {life.cycles:.0f} cycles, no ageing law given; see the anchors in the report"]
    return [f"         battery keeps {100 * life.capacity:.1f} % after {life.cycles:.0f} cycles{where}, by {life.law}"]


def mission_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """Life of the mission: what breaks first in any load case, else the least margin over the years, and how exact that is."""
    lives = {name: s.mission for name, s in summaries.items() if s.mission}
    if not lives:
        return []
    several = len(lives) > 1
    broken = {name: life for name, life in lives.items() if life.first_year is not None}
    solves, years = sum(life.solves for life in lives.values()), next(iter(lives.values())).years
    kelvin, charge = max(life.error_K for life in lives.values()), max(life.error_charge for life in lives.values())
    small = any(summary.periodic.reduced_to for summary in summaries.values() if summary.periodic)
    kind = "solves, reduced where that is near enough" if small else "full solves"
    trust = f"         from {solves} {kind}; between them margins to {kelvin:.2g} K, depth of discharge to {100 * charge:.2g} %"
    if broken:
        name = min(broken, key=lambda name: broken[name].first_year or 0.0)
        return [f"life     {years:g} years: first to break{f' ({name})' if several else ''}: {broken[name].first}", trust]
    least = [(limit.least_K, name, limit) for name, life in lives.items() for limit in life.limits]
    if not least:
        return [f"life     {years:g} years: nothing breaks", trust]
    kept, name, limit = min(least, key=lambda each: each[0])
    where = f"{limit.on} {limit.side}, {kept:.1f} K at {limit.least_year:.1f} years{f' ({name})' if several else ''}"
    return [f"life     {years:g} years: nothing breaks; least margin {where}", trust]


def delivered_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """Delivered compute of the first load case that works."""
    for name, summary in summaries.items():
        said = [_delivered(entry, d) for entry, d in summary.delivered.items() if d.asked_device_hours > 0.0]
        if said:
            where = f" ({name})" if len(summaries) > 1 else ""
            return [f"compute  {said[0]}{where}", *(f"         {line}" for line in said[1:])]
    return []


def _delivered(entry: str, d: DeliveredFigures) -> str:
    """What an entry that works delivers."""
    line = f"{entry} {d.device_hours:.3g} device hours per orbit, {d.device_hours_per_kWh:.3g} per kWh"
    line += f", {d.operations_FLOP:.3g} FLOP" if d.operations_FLOP is not None else ""
    line += f", throttled {d.throttled_min:.1f} device minutes" if d.throttled_min > 0.0 else ""
    lost = 1.0 - d.device_hours / d.asked_device_hours
    return line + (f"; {100 * lost:.1f} % of what was asked for is lost" if lost > 5e-4 else "")


def mass_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """Mass roll-up of the heaviest case [kg] with what is known of its uncertainty."""
    table = max(summaries.values(), key=lambda summary: _or_more(summary.mass.total_kg)).mass
    if not table.lines:
        return []
    said = _kilograms(table.total_kg, table.uncertainty_kg)
    return [f"mass     {said}: " + ", ".join(_mass_words(x) for x in table.lines)]


def _or_more(value: float | None) -> float:
    """A size to compare by: what has none, since none is enough, is more than any."""
    return float("inf") if value is None else value


def _kilograms(mass: float | None, uncertainty: float | None = None) -> str:
    return "none" if mass is None else f"{rounded(mass, 3)}{_off(uncertainty)} kg"


def _mass_words(line: MassLine) -> str:
    unknown = " (uncertainty not known)" if line.uncertainty_kg is None and line.mass_kg is not None else ""
    return f"{line.name} {_kilograms(line.mass_kg, line.uncertainty_kg)}{unknown}"


def _off(uncertainty: float | None) -> str:
    return f" +-{rounded(uncertainty, 2)}" if uncertainty else ""
