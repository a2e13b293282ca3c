"""The words at the end of `heliorack run`: temperatures against limits, power, sizes, trust, verdict, where to look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from heliorack.casefile.patterns import gathered, siblings
from heliorack.report.power_words import delivered_lines, life_lines, mass_lines, mission_lines, power_lines
from heliorack.report.printing import plain, rounded
from heliorack.report.temperature_words import temperatures
from heliorack.report.trust_words import thermocouple_lines, trust_lines
from heliorack.runfolder.envelope import envelope
from heliorack.runfolder.summary import IDLE, Summary

if TYPE_CHECKING:
    from pathlib import Path

MOST_FAILURES = 12  #: lines; the report has them all

VERDICTS = {True: "holds", False: "MISSES", None: "no limits"}
WITHIN, UNKNOWN = "within the error", "no verdict"
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
                _in_a_word(summary),
                f"{coldest[0]} {coldest[1].min_degC:.1f}",
                f"{hottest[0]} {hottest[1].max_degC:.1f}",
                "-" if tightest is None else f"{tightest.margin_K:.1f}",
            ]
        )
    return plain(["load case", "", "coldest_degC", "hottest_degC", "margin_K"], rows, [False, False, False, False, True])


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


def _in_a_word(summary: Summary) -> str:
    """Verdict of one load case."""
    if summary.within_error and not summary.failures:
        return WITHIN
    return UNKNOWN if summary.holds is None and summary.unjudged else VERDICTS[summary.holds]


def loop_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """Coolant loops, heat pumps and heaters of networks."""
    lines = []
    for name, summary in summaries.items():
        where = f" ({name})" if len(summaries) > 1 else ""
        network = summary.network
        for loop, f in network.loops.items() if network else ():
            flow = f"{f.flow_max_kg_s:.4g}" if f.flow_min_kg_s == f.flow_max_kg_s else f"{f.flow_min_kg_s:.4g} to {f.flow_max_kg_s:.4g}"
            said = f"{flow} kg/s of {f.fluid}, {f.min_degC:.1f} to {f.max_degC:.1f} degC, {rounded(f.pressure_drop_Pa / 1e3, 3)} kPa"
            lines.append(f"loop     {loop}: {said}, pump {rounded(f.pump_W, 3)} W{where}")
            lines += [] if f.thaw is None else [f"thaw     {loop}: {f.thaw.words}{where}"]
        for pump, p in network.heat_pumps.items() if network else ():
            work = f"compressor {rounded(p.compressor_W, 4)} W" + ("" if p.cop is None else f", COP {p.cop:.3g}")
            lines.append(
                f"heatpump {pump}: {rounded(p.heat_W, 4)} W from {p.evaporates_degC:.1f} to {p.condenses_max_degC:.1f} degC, {work}{where}"
            )
        for heater, h in network.heaters.items() if network else ():
            lines.append(f"heater   {heater}: {rounded(h.mean_W, 3)} W mean, duty {100 * h.duty:.1f} %, {h.switches} switches{where}")
    return lines


def verdict(summaries: Mapping[str, Summary]) -> list[str]:
    """Holds, or what is missed, each failure with its case; without limits neither."""
    count = sum(len(summary.failures) for summary in summaries.values())
    open_cases = [name for name, summary in summaries.items() if not summary.limits]
    without = f" ({', '.join(open_cases)})" if 0 < len(open_cases) < len(summaries) else ""
    doubtful = [f"  {name}: {said}" if name else f"  {said}" for name, s in summaries.items() for said in gathered(s.within_error)]
    doubts = [f"WITHIN THE ERROR: {len(doubtful)} {'margin' if len(doubtful) == 1 else 'margins'} too small to say", *_first(doubtful)]
    if not count and doubtful:
        return doubts
    none = _none_judged([summaries[name] for name in open_cases])
    if not count and open_cases:
        return [f"NO VERDICT{without}: {none}"]
    if not count and all(summary.holds for summary in summaries.values()):
        return ["HOLDS: every limit is kept" + (f" in all {len(summaries)} load cases" if len(summaries) > 1 else "")]
    unknown = [f"  {name}: {said}" if name else f"  {said}" for name, s in summaries.items() for said in s.unjudged]
    if not count:
        return ["NO VERDICT: every limit is kept, but whether the design works is not known", *_first(unknown)]
    said = [f"  {name}: {failure}" if name else f"  {failure}" for name, s in summaries.items() for failure in gathered(s.failures)]
    unjudged = [f"and{without} {none}"] if open_cases else []
    return [f"MISSES {count} {'check' if count == 1 else 'checks'}:", *_first(said), *(doubts if doubtful else []), *unjudged]


def _none_judged(summaries: list[Summary]) -> str:
    """Why load cases leave no verdict: nothing was given, or nothing that holds in them."""
    idle = [said for summary in summaries for said in summary.remarks if said.startswith(IDLE)]
    return f"no limit was judged: {'; '.join(dict.fromkeys(idle))}" if idle else NO_LIMITS


def _first(said: list[str]) -> list[str]:
    """As many lines as a terminal bears, and how many more there are."""
    more = [f"  and {len(said) - MOST_FAILURES} more, in the report"] if len(said) > MOST_FAILURES else []
    return [*said[:MOST_FAILURES], *more]
