"""`heliorack run --loss`: what the loss of one named thing costs a solved design, in kelvin and in delivered compute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from heliorack.case.case import Case, examine
from heliorack.case.margins import Verdict
from heliorack.casefile.document import Document
from heliorack.casefile.document import read as read_document
from heliorack.casefile.paths import Override, overridden, override
from heliorack.casefile.patterns import siblings
from heliorack.model.bodies import Bodies
from heliorack.model.sizing_dates import sizing_dates
from heliorack.report.printing import plain
from heliorack.results import writer
from heliorack.results.network_result import NetworkResult
from heliorack.results.result import Result
from heliorack.run.network_run import is_network, simulate_network
from heliorack.run.restart import stored_state
from heliorack.run.run_cases import Outcome
from heliorack.run.simulate import meshed_bodies, simulate
from heliorack.runfolder import folder, numbered
from heliorack.runfolder.figures.charge import ChargeFigures
from heliorack.runfolder.losses import NAME, LossCost, Losses, LossOnLimit
from heliorack.runtime.parallel import on_first, world
from heliorack.runtime.progress import Say, silent
from heliorack.studies.sizing.losses import POINTING, Loss, losses, refuse
from thermal.errors import SolveError

WATT_HOUR = 3600.0  # J
THERMAL = "thermal"

type Key = tuple[str, str, str, str]  #: what a limit is on, where, side and mode


def check_losses(path: Path, overrides: Sequence[str], text: str) -> None:
    """Refuse losses that stand for nothing, before anything is solved.

    Raises:
        CaseError: a name that stands for nothing that could fail, or for what the case does not say enough about.
    """
    document = overridden(read_document(path), [override(one) for one in overrides])
    found = examine(document, str(path))
    base = next((case for case in found.cases.values() if case.run.kind != "transient"), found.base)  # of which pointing may be lost
    if base.power is not None and base.power.sizes_pack:  # a run finds it, and it is given then
        document = overridden(document, [Override("power.pack_capacity_Wh", 1.0)])
        base = replace(base, power=replace(base.power, pack_capacity=3600.0))
    refuse(text, base, document)


def loss_costs(outcome: Outcome, text: str, say: Say = silent, comm: Any = None) -> tuple[LossCost, ...]:
    """Solve every load case of a run without each of the named things, with the sizes that the run flew; also left in its folder, and in
    the report there.

    Losses of heat are looked at as the load case was flown, those of array and battery at the worst date and at the end of the years,
    since a younger array has some to spare.

    Args:
        outcome: A finished run.
        text: Names with commas between them, as of `heliorack.studies.sizing.losses`.

    Raises:
        CaseError: as `check_losses`.
    """
    comm = world() if comm is None else comm
    bodies = meshed_bodies()
    found: list[LossCost] = []
    for name, summary in outcome.summaries.items():
        place = outcome.folder / name / writer.CASE
        document = read_document(place)
        case = examine(document, str(place)).base
        loads = {pipe.part: pipe.load_W_m / pipe.limit_W_m for pipe in summary.heat_pipes}
        of_network = {} if summary.network is None else summary.network.heat_pipes
        loads |= _shares({of: (pipe.asked_W, pipe.limit_W) for of, pipe in of_network.items()})
        intact: dict[str, Result | NetworkResult] = {}
        asked = _asked(text, case)
        for loss in losses(asked, case, document, loads) if asked else ():
            told = _told(say, name, loss)
            kind = THERMAL if loss.of in (THERMAL, POINTING) else "power"
            if kind not in intact:
                intact[kind] = _solved(_conditions(case, loss.of), comm, _told(say, name, None), bodies)
            found.append(_cost(name, loss, document, place, intact[kind], comm, told, bodies))
    on_first(comm, lambda: _leave(outcome.folder, found))
    return tuple(found)


def _shares(pipes: dict[str, tuple[float, float | None]]) -> dict[str, float]:
    """What each heat pipe of a network carries, of its limit; of the most that one carries where some have no limit.

    Args:
        pipes: Heat that is asked of each, and its limit [W].
    """
    most = max((asked for asked, _ in pipes.values()), default=0.0)
    unlimited = any(limit is None for _, limit in pipes.values())
    return {of: asked / max(most if unlimited or limit is None else limit, 1e-12) for of, (asked, limit) in pipes.items()}


def _asked(text: str, case: Case) -> str:
    """The names that are asked of a load case: a transient, which loses its pointing by its own table, is not asked that."""
    if case.run.kind != "transient":
        return text
    return ",".join(word for word in text.split(",") if word.strip() != POINTING)


def _leave(place: Path, found: Sequence[LossCost]) -> None:
    """losses.json of a run, and its report with them."""
    from heliorack.report import html

    folder.write_json(place / NAME, Losses(losses=tuple(found)).json())
    html.write_report(place)


def _conditions(case: Case, of: str) -> Case:
    """A load case as a loss is looked at."""
    if of in (THERMAL, POINTING) or case.power is None:
        return case
    dates = sizing_dates(case)
    there = dates[0].case if dates else case
    return replace(there, power=case.power.design)


def _solved(case: Case, comm: Any, say: Say, bodies: Bodies, like: Result | NetworkResult | None = None) -> Result | NetworkResult:
    """A load case, from an orbit of a like one on the same mesh where there is one.

    Raises:
        SolveError: the solve failed, or power runs away.
    """
    if is_network(case):
        return on_first(comm, lambda: simulate_network(case, say))
    start, history = None, None
    if case.run.state is not None:
        start = stored_state(case, bodies.of(case, comm, say).assembly.points)
    periodic = case.run.kind == "periodic"
    if periodic and isinstance(like, Result) and len(bodies.of(case, comm, say).assembly.points) == len(like.body.assembly.points):
        start, history = like.solution.end, like.solution.history
    return simulate(case, comm, say, bodies, start, like=history)


def _verdicts(result: Result | NetworkResult) -> tuple[Verdict, ...]:
    """Every limit, on parts and on nodes."""
    if isinstance(result, NetworkResult):
        return result.verdicts()
    return (*result.verdicts, *(() if result.network is None else result.network.verdicts()))


def _cost(
    name: str,
    loss: Loss,
    document: Document,
    place: Path,
    intact: Result | NetworkResult,
    comm: Any,
    say: Say,
    bodies: Bodies,
) -> LossCost:
    """One loss in one load case."""
    case = _conditions(examine(overridden(document, [Override(*change) for change in loss.overrides]), str(place)).base, loss.of)
    try:
        result = _solved(case, comm, say, bodies, intact)
    except SolveError as error:
        return _without_state(name, loss, intact, str(error))
    if isinstance(result, Result) and result.solution.runaway is not None:
        return _without_state(name, loss, intact, result.solution.runaway)
    verdicts, before = _verdicts(result), {_key(v): v for v in _verdicts(intact)}
    battery = _battery(result)
    worst = min((v for v in verdicts if v.on != loss.dead), key=lambda v: v.margin, default=None)
    was = None if worst is None else before.get(_key(worst))
    return LossCost(
        case=name,
        lost=loss.said,
        on=None if worst is None else f"{worst.on} {worst.side}",
        hotter_K=None if worst is None or was is None else worst.calculated - was.calculated,
        margin_K=None if worst is None else worst.margin,
        before_K=None if was is None else was.margin,
        delivered=_delivered(result),
        delivered_before=_delivered(intact),
        throttled_min=sum(one.throttled for one in result.delivered.values()) if isinstance(result, Result) and result.delivered else None,
        lacking_Wh=None if result.power is None else _lacking(result) / WATT_HOUR,
        failures=_broken(result, intact, loss.dead),
        battery="" if battery is None else battery.words(),
        limits=_on_limits([v for v in verdicts if v.on != loss.dead], before),
    )


def _without_state(name: str, loss: Loss, intact: Result | NetworkResult, said: str) -> LossCost:
    """A loss after which nothing settles: what is left of it is the margin from which the limit that was tightest is lost."""
    tightest = min((v for v in _verdicts(intact) if v.on != loss.dead), key=lambda v: v.margin, default=None)
    return LossCost(
        case=name,
        lost=loss.said,
        on=None if tightest is None else f"{tightest.on} {tightest.side}",
        hotter_K=None,
        margin_K=None,
        before_K=None if tightest is None else tightest.margin,
        delivered=0.0 if isinstance(intact, Result) and intact.delivered else None,
        delivered_before=_delivered(intact),
        throttled_min=None,
        lacking_Wh=None,
        failures=(said,),
    )


def _on_limits(verdicts: Sequence[Verdict], before: Mapping[Key, Verdict]) -> tuple[LossOnLimit, ...]:
    """What a loss does to every limit, the least margin first; numbered siblings together, as the one with least margin."""
    labels = {name: label for label, members in siblings(list(dict.fromkeys(v.on for v in verdicts))).items() for name in members}
    worst: dict[Key, LossOnLimit] = {}
    for v in sorted(verdicts, key=lambda v: v.margin):
        was, key = before.get(_key(v)), (labels[v.on], *_key(v)[1:])
        hotter, margin = (None, None) if was is None else (v.calculated - was.calculated, was.margin)
        found = LossOnLimit(on=key[0], at=v.at, side=v.side, mode=v.mode, hotter_K=hotter, margin_K=v.margin, before_K=margin)
        worst.setdefault(key, found)
    return tuple(worst.values())


def _broken(result: Result | NetworkResult, intact: Result | NetworkResult, dead: str) -> tuple[str, ...]:
    """What the loss breaks, in words; what was broken before in the very same words is not said again."""
    known = set(intact.failures)
    if result.case.pointing_loss is not None and result.power is not None:
        known |= set(result.power.failures)  # of the revolution before it, which the intact run has judged
    new = [said for said in result.failures if said not in known]
    return tuple(said for said in new if not dead or not said.startswith(f"{dead}: predicted "))


def _battery(result: Result | NetworkResult) -> ChargeFigures | None:
    """What the battery holds over the course after a loss of pointing; None of any other loss."""
    return result.charged() if result.case.pointing_loss is not None else None


def _key(v: Verdict) -> Key:
    return v.on, v.at, v.side, v.mode


def _lacking(result: Result | NetworkResult) -> float:
    """Energy of the load that the bus does not serve in an orbit, once its battery has run down, or in all of a transient [J]."""
    found, over_run = result.power, _battery(result)
    assert found is not None
    if over_run is not None:
        return max(over_run.unserved_Wh, 0.0) * WATT_HOUR if over_run.short_at_s is not None else 0.0
    way = found.cells.paths if found.cells is not None else None
    out = 1.0 if way is None else way.discharge * way.battery_to_load
    return found.balance.unserved + found.balance.deficit * out


def _delivered(result: Result | NetworkResult) -> float | None:
    """Compute over what is asked for; what the bus lacks is taken from it. None of nodes and loops, which deliver none."""
    if isinstance(result, NetworkResult):
        return None
    asked = sum(one.asked_hours for one in result.delivered.values())
    if asked <= 0.0:
        return None
    hours, energy = (sum(getattr(one, name) for one in result.delivered.values()) for name in ("device_hours", "energy"))
    lacking = 0.0 if result.power is None else _lacking(result)
    return hours / asked * max(1.0 - lacking / max(energy, 1e-300), 0.0)


def rows(costs: Sequence[LossCost]) -> list[dict[str, Any]]:
    """For programs."""
    return [numbered.plain(cost) for cost in costs]


def words(costs: Sequence[LossCost]) -> list[str]:
    """Closing lines: a row for each load case and loss, then what each breaks."""
    if not costs:
        return []
    table = [[cost.case or "-", cost.lost, *_figures(cost), "MISSED" if cost.failures else ""] for cost in costs]
    headers = ["load case", "lost", "tightest limit", "hotter_K", "margin_K", "before_K", "delivered", "before", ""]
    lines = ["what a loss costs", *plain(headers, table, [False, False, False, True, True, True, True, True, False])]
    for cost in costs:
        where = f" in {cost.case}" if cost.case else ""
        told = (*cost.failures, *([cost.battery] if cost.battery and not cost.lacking_Wh else []))
        lines += [f"  {cost.lost}{where}: {said}".replace("\n", "\n  ") for said in told]
    if any(cost.lacking_Wh and not cost.battery for cost in costs):
        lines.append(
            "  what the bus lacks is taken from compute; array and battery are looked at on the worst date and at the end of their years"
        )
    return lines


def _figures(cost: LossCost) -> list[str]:
    kelvin = ["-" if value is None else f"{value:.1f}" for value in (cost.hotter_K, cost.margin_K, cost.before_K)]
    shares = ["-" if value is None else f"{value:.1%}" for value in (cost.delivered, cost.delivered_before)]
    return [cost.on or "-", *kelvin, *shares]


def _told(say: Say, name: str, loss: Loss | None) -> Say:
    said = ": ".join(filter(None, (name, f"without {loss.said}" if loss else "with everything")))
    return lambda words, fraction: say(f"{said}: {words}", fraction)
