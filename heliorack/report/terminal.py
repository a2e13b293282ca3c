"""The words at the end of `heliorack run`: temperatures against limits, power, sizes, trust, verdict, where to look."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from heliorack.casefile.patterns import gathered, siblings
from heliorack.report.printing import plain
from heliorack.runfolder.envelope import LimitEnvelope, PartEnvelope, SizesFigures, envelope, sizes
from heliorack.runfolder.summary import DeliveredFigures, ExchangeRadiation, Extremes, LimitFigures, MassLine, PowerFigures, Summary

if TYPE_CHECKING:
    from pathlib import Path

MOST_ROWS = 14  #: more parts than this are shown by groups of numbered siblings

MOST_FAILURES = 12  #: lines; the report has them all

VERDICTS = {True: "holds", False: "MISSES", None: "no limits"}
WITHIN = "within the error"
NO_LIMITS = "no limits given: temperatures are held against nothing; give [[limits]] with on, max_degC and min_degC"


def words(summaries: Mapping[str, Summary], folder: Path, pictures: bool = True) -> str:
    """Closing table and lines of one run, or of a set of load cases with the case in which each extreme occurs."""
    first = next(iter(summaries.values()))
    lines = [heading(first, len(summaries)), ""]
    if len(summaries) == 1:
        lines += temperatures(first.parts, first.limits)
    else:
        whole = envelope(summaries)
        lines += [*temperatures(whole.parts, whole.limits), "", *case_lines(summaries)]
    lines += [
        "",
        *power_lines(summaries),
        *life_lines(summaries),
        *mission_lines(summaries),
        *delivered_lines(summaries),
        *mass_lines(summaries),
        *pipe_lines(summaries),
        *loop_lines(summaries),
        *thermocouple_lines(summaries),
        *trust_lines(summaries),
    ]
    lines += ["", *verdict(summaries), f"report   {folder / 'report.html'}"]
    lines += [f"picture  {folder / 'picture.png'}"] if pictures else []
    return "\n".join(lines)


def heading(summary: Summary, cases: int) -> str:
    """Title, and what was solved."""
    if cases > 1:
        return f"{summary.title}: envelope of {cases} load cases"
    return f"{summary.title}: {summary.case}" if summary.case else summary.title


def temperatures(parts: Mapping[str, Extremes], limits: Sequence[LimitFigures]) -> list[str]:
    """A row per part with its tightest limit, then limits that stand elsewhere (faces, junctions)."""
    groups = siblings(list(parts)) if len(parts) > MOST_ROWS else {name: [name] for name in parts}
    cased = any(isinstance(figures, PartEnvelope) for figures in parts.values())
    rows = []
    for label, members in groups.items():
        low = min((parts[name] for name in members), key=lambda figures: figures.min_degC)
        high = max((parts[name] for name in members), key=lambda figures: figures.max_degC)
        found = _tightest([limit for limit in limits if limit.on in members and limit.at == "part"])
        cold_in = low.min_in if isinstance(low, PartEnvelope) else ""
        hot_in = high.max_in if isinstance(high, PartEnvelope) else ""
        rows.append([label, _degrees(low.min_degC), cold_in, _degrees(high.max_degC), hot_in, *found])
    rows += _elsewhere(limits)
    headers = ["part", "min_degC", "in", "max_degC", "in", "limit_degC", "margin_K", ""]
    kept = [i for i in range(len(headers)) if cased or headers[i] != "in"]
    right = [header.endswith(("degC", "_K")) for header in headers]
    return plain([headers[i] for i in kept], [[row[i] for i in kept] for row in rows], [right[i] for i in kept])


def _elsewhere(limits: Sequence[LimitFigures]) -> list[list[str]]:
    """Rows of limits on faces and junctions: the tightest of each group of siblings."""
    rows = []
    for place in ("face", "junction"):
        there = [limit for limit in limits if limit.at == place]
        for label, members in siblings(list(dict.fromkeys(limit.on for limit in there))).items():
            theirs = [limit for limit in there if limit.on in members]
            coldest = min((limit for limit in theirs if limit.side == "min"), key=lambda limit: limit.calculated_degC, default=None)
            hottest = max((limit for limit in theirs if limit.side == "max"), key=lambda limit: limit.calculated_degC, default=None)
            name = label + (" mean" if place == "face" else " junction" if not any(limit.note for limit in theirs) else " case")
            rows.append([name, *_calculated(coldest), *_calculated(hottest), *_tightest(theirs)])
    return rows


def _calculated(limit: LimitFigures | None) -> tuple[str, str]:
    """Temperature that a limit was judged by, and the load case it comes from."""
    if limit is None:
        return "-", ""
    return _degrees(limit.calculated_degC), limit.in_ if isinstance(limit, LimitEnvelope) else ""


def _tightest(limits: Sequence[LimitFigures]) -> list[str]:
    if not limits:
        return ["-", "-", ""]
    limit = min(limits, key=lambda limit: limit.margin_K)
    when = "" if limit.mode == "operating" else f" {limit.mode.replace('_', '-')}"
    return [f"{limit.side} {limit.allowed_degC:.1f}{when}", f"{limit.margin_K:.1f}", "" if limit.holds else "MISSED"]


def _degrees(value: float | None) -> str:
    return "-" if value is None else f"{round(value, 1) + 0.0:.1f}"


def case_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """One line per load case."""
    rows = []
    for name, summary in summaries.items():
        hottest = max(summary.parts.items(), key=lambda part: part[1].max_degC)
        coldest = min(summary.parts.items(), key=lambda part: part[1].min_degC)
        tightest = summary.tightest()
        rows.append(
            [
                name,
                VERDICTS[summary.holds] if summary.failures or not summary.within_error else WITHIN,
                f"{coldest[0]} {coldest[1].min_degC:.1f}",
                f"{hottest[0]} {hottest[1].max_degC:.1f}",
                "-" if tightest is None else f"{tightest.margin_K:.1f}",
            ]
        )
    return plain(["load case", "", "coldest_degC", "hottest_degC", "margin_K"], rows, [False, False, False, False, True])


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
    return "none" if mass is None else f"{mass:.3g}{_off(uncertainty)} kg"


def _mass_words(line: MassLine) -> str:
    unknown = " (uncertainty not known)" if line.uncertainty_kg is None and line.mass_kg is not None else ""
    return f"{line.name} {_kilograms(line.mass_kg, line.uncertainty_kg)}{unknown}"


def _off(uncertainty: float | None) -> str:
    return f" +-{uncertainty:.2g}" if uncertainty else ""


def pipe_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """Greatest load of each group of heat pipes against its limit."""
    pipes = [pipe for summary in summaries.values() for pipe in summary.heat_pipes]
    lines = []
    for label, members in siblings(list(dict.fromkeys(pipe.part for pipe in pipes))).items():
        worst = max((pipe for pipe in pipes if pipe.part in members), key=lambda pipe: pipe.load_W_m / pipe.limit_W_m)
        said = "" if worst.holds else "  MISSED"
        at = "" if worst.at_degC is None else f" at {worst.at_degC:.1f} degC"
        lines.append(f"pipes    {label}: {worst.load_W_m:.0f} of {worst.limit_W_m:.0f} W m{at}{said}")
    return lines


def loop_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """Coolant loops, heat pumps and heaters of networks."""
    lines = []
    for name, summary in summaries.items():
        where = f" ({name})" if len(summaries) > 1 else ""
        network = summary.network
        for loop, f in network.loops.items() if network else ():
            flow = f"{f.flow_max_kg_s:.4g}" if f.flow_min_kg_s == f.flow_max_kg_s else f"{f.flow_min_kg_s:.4g} to {f.flow_max_kg_s:.4g}"
            said = f"{flow} kg/s of {f.fluid}, {f.min_degC:.1f} to {f.max_degC:.1f} degC, {f.pressure_drop_Pa / 1e3:.3g} kPa"
            lines.append(f"loop     {loop}: {said}, pump {f.pump_W:.3g} W{where}")
        for pump, p in network.heat_pumps.items() if network else ():
            work = f"compressor {p.compressor_W:.4g} W" + ("" if p.cop is None else f", COP {p.cop:.3g}")
            lines.append(
                f"heatpump {pump}: {p.heat_W:.4g} W from {p.evaporates_degC:.1f} to {p.condenses_max_degC:.1f} degC, {work}{where}"
            )
        for heater, h in network.heaters.items() if network else ():
            lines.append(f"heater   {heater}: {h.mean_W:.3g} W mean, duty {100 * h.duty:.1f} %, {h.switches} switches{where}")
    return lines


def thermocouple_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """Model minus measurement at each thermocouple."""
    return [
        f"measured {tc.name}{f' ({name})' if name else ''}: model {tc.mean_K:+.2f} K on the mean, standard deviation "
        f"{tc.standard_deviation_K:.2f} K, worst {tc.worst_K:+.2f} K, {tc.rows} values"
        for name, summary in summaries.items()
        for tc in summary.thermocouples
    ]


def trust_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """First law and periodic state, the worst case of several."""
    ledgers = [summary.first_law for summary in summaries.values()]
    closure, error = max(law.closure for law in ledgers), max(law.time_error for law in ledgers)
    lines = [f"first law: closure {closure:.0e}, time error {error:.0e} of the throughput"]
    whole = {name: summary.satellite_ledger for name, summary in summaries.items() if summary.satellite_ledger}
    if whole:
        name = max(whole, key=lambda name: whole[name].closure)
        worst, whose = whole[name], f" ({name})" if len(summaries) > 1 else ""
        lines.append(f"satellite{whose}: {_ledger_words(worst.lines_W)}; closure {worst.closure:.0e}")
    periodic = [summary.periodic for summary in summaries.values() if summary.periodic]
    if periodic:
        orbits = [found.orbits for found in periodic]
        count = f"{min(orbits)} to {max(orbits)}" if min(orbits) < max(orbits) else f"{orbits[0]}"
        state = "reached" if all(found.converged for found in periodic) else "NOT reached"
        error = max(found.estimated_error_K for found in periodic)
        small = [found.reduced_to for found in periodic if found.reduced_to is not None]
        by = f", {len(small)} of {len(periodic)} by a reduced model of up to {max(small)} coordinates" if small else ""
        lines.append(f"periodic state: {state} in {count} orbits{by}, estimated error {error:.2g} K")
    lines += mesh_lines(summaries)
    looks = [(look, name) for name, summary in summaries.items() if (look := summary.lumped_estimate)]
    if looks:
        look, name = max(looks, key=lambda found: abs(found[0].difference_K))
        lines.append(f"lumped estimate: {look.words()}{f' ({name})' if len(summaries) > 1 else ''}")
    for name, summary in summaries.items():
        place = f"{name}: " if len(summaries) > 1 else ""
        lines += [place + said for said in summary.remarks]
    return lines


def mesh_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """The largest error of an extreme by the mesh; that of every part stands in the report."""
    found = [
        (error, part, extreme, name)
        for name, summary in summaries.items()
        for part, figures in summary.parts.items()
        for extreme, error in (("maximum", figures.mesh_max_K), ("minimum", figures.mesh_min_K))
        if error is not None
    ]
    if all(summary.cells == 0 for summary in summaries.values()):
        return []
    if not found:
        return ["mesh: its error was not estimated"]
    error, part, extreme, name = max(found, key=lambda each: abs(each[0]))
    where = f" ({name})" if len(summaries) > 1 else ""
    return [f"mesh: estimated error {abs(error):.2g} K at most; a finer one moves the {extreme} of {part} by about {error:+.2g} K{where}"]


def reuse_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """What of the radiation earlier runs had traced; nothing where nothing was."""
    traced = [summary.radiation for summary in summaries.values() if isinstance(summary.radiation, ExchangeRadiation)]
    factors, known = sum(r.view_factors for r in traced), sum(r.view_factors_reused for r in traced)
    directions, seen = sum(r.sun_directions for r in traced), sum(r.sun_directions_reused for r in traced)
    lines = [f"view factors reused from the cache: {known} of {factors} poses"] if known else []
    return lines + ([f"directions of the Sun reused from the cache: {seen} of {directions}"] if seen else [])


def _ledger_words(lines: Mapping[str, float]) -> str:
    """Absorbed against radiated, stored and sent out, of the whole satellite."""
    kept = {"radiated": "radiated", "stored_heat": "stored as heat", "stored_charge": "stored as charge", "sent_out": "sent out"}
    came = sum(flow for name, flow in lines.items() if name not in kept)
    gone = ", ".join(f"{words} {round(-lines.get(name, 0.0), 1) + 0.0:.1f} W" for name, words in kept.items())
    return f"absorbed {came:.1f} W = {gone}"


def verdict(summaries: Mapping[str, Summary]) -> list[str]:
    """Holds, or what is missed, each failure with its case; without limits neither."""
    count = sum(len(summary.failures) for summary in summaries.values())
    open_cases = [name for name, summary in summaries.items() if not summary.limits]
    without = f" ({', '.join(open_cases)})" if 0 < len(open_cases) < len(summaries) else ""
    doubtful = [f"  {name}: {said}" if name else f"  {said}" for name, s in summaries.items() for said in gathered(s.within_error)]
    doubts = [f"WITHIN THE ERROR: {len(doubtful)} {'margin' if len(doubtful) == 1 else 'margins'} too small to say", *_first(doubtful)]
    if not count and doubtful:
        return doubts
    if not count and open_cases:
        return [f"NO VERDICT{without}: {NO_LIMITS}"]
    if not count and all(summary.holds for summary in summaries.values()):
        return ["HOLDS: every limit is kept" + (f" in all {len(summaries)} load cases" if len(summaries) > 1 else "")]
    said = [f"  {name}: {failure}" if name else f"  {failure}" for name, s in summaries.items() for failure in gathered(s.failures)]
    unjudged = [f"and{without} {NO_LIMITS}"] if open_cases else []
    return [f"MISSES {count} {'check' if count == 1 else 'checks'}:", *_first(said), *(doubts if doubtful else []), *unjudged]


def _first(said: list[str]) -> list[str]:
    """As many lines as a terminal bears, and how many more there are."""
    more = [f"  and {len(said) - MOST_FAILURES} more, in the report"] if len(said) > MOST_FAILURES else []
    return [*said[:MOST_FAILURES], *more]
