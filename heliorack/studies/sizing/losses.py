"""--survive: load cases in which one named thing is lost, so that a design keeps its limits without it.

A loss is a load case more, a variant of the one that bears it worst in the case's own design: of heat pipes the one that carries most there
stands for all. It keeps the limits with the uncertainty of [margins], and without the margin of [size].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from heliorack.case.case import Case
from heliorack.case.sweep import Failure
from heliorack.casefile.document import Document
from heliorack.casefile.errors import NOTHING, CaseError, Problem
from heliorack.casefile.paths import Override, overridden
from heliorack.casefile.patterns import matching
from heliorack.model.surroundings import surroundings
from heliorack.studies.sizing.constraints import BASE
from heliorack.studies.sizing.evaluation import Designs
from heliorack.sweep.design.axes import Overrides
from heliorack.sweep.design.failures import items_of, pipes_of
from heliorack.sweep.design.values import ChangeError, value_at
from power.solar.strings import cell_area
from thermal.network.tables import PumpTable

PIPE, STRING, PACK_CELL, PUMP, POINTING = "heat_pipe", "string", "pack_cell", "pump", "sun_pointing"
SOURCE = "--survive, --loss"
REVOLUTIONS = 5  #: that are looked at after pointing is lost
KNOWN = (
    "heat_pipe, pump, string (or string=N of N equal ones), pack_cell=N (one of N battery strings), sun_pointing, "
    "or a name such as radiator.pipe1"
)


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that is lost."""

    name: str  #: of its load case
    said: str  #: for people
    overrides: Overrides
    of: str  #: "thermal", "array", "battery" or "pointing": what it bears on, and so which load case it is looked at in
    dead: str = ""  #: part that does not work any more, and so has no limit to keep


def losses(text: str, case: Case, document: Document, loads: dict[str, float]) -> list[Loss]:
    """What --survive or --loss asks for.

    Args:
        text: Names with commas between them.
        case: The base of the file.
        document: The file.
        loads: Share of its limit that each heat pipe carries in the case's own design.

    Raises:
        CaseError: a name stands for nothing that could fail, or for what the case does not say enough about.
    """
    found: list[Loss] = []
    problems: list[Problem] = []
    for word in dict.fromkeys(filter(None, (one.strip() for one in text.split(",")))):
        try:
            found += _meant(word, case, document, loads)
        except ChangeError as error:
            place = error.problem.place()
            problems.append(Problem(word, NOTHING, error.problem.message if place == word else f"{place}: {error.problem.message}"))
    if not found and not problems:
        problems.append(Problem("names", NOTHING, f"names nothing; give {KNOWN}"))
    if problems:
        raise CaseError(SOURCE, problems)
    return found


def refuse(text: str, case: Case, document: Document) -> None:
    """Refuse words that stand for nothing, before anything is solved. Raises as `losses`."""
    losses(text, case, document, {})


def _meant(word: str, case: Case, document: Document, loads: dict[str, float]) -> list[Loss]:
    kind, sign, number = word.partition("=")
    if kind == PUMP:
        found = pumps_of(case)
        if not found:
            raise _problem(word, "the case has no pumped loop, so no pump can fail")
        if sign:
            raise _problem(word, "takes no number; network.loops.NAME.pump.parallel says how many pumps there are side by side")
        return [_pump(name, one) for name, one in found.items()]
    if kind == POINTING:
        if sign:
            raise _problem(
                word, "takes no number; the body stays as it stands among the stars (a case with [pointing_loss] says otherwise)"
            )
        return [_pointing(word, case)]
    if kind == STRING:
        return [_string(word, case, document, _count(word, number) if sign else None)]
    if kind == PACK_CELL:
        return [_pack_cell(word, case, document, _count(word, number) if sign else None)]
    if sign:
        raise _problem(word, f"takes no number; give {KNOWN}")
    pipes, devices = pipes_of(case) if case.parts else [], devices_of(case)
    if kind == PIPE:
        pipes += [name for name, (key, _) in devices.items() if key == "heat_pipes"]
        if not pipes:
            raise _problem(word, "the case has no heat pipe that could fail: no radiator with pipes, and none in [[network.heat_pipes]]")
        worst, more = max(pipes, key=lambda name: loads.get(name, 0.0)), f", which carries most of {len(pipes)}"
        return [_device(worst, *devices[worst], more)] if worst in devices else [_thermal(worst, "pipe", case, document, more)]
    if names := matching(word, list(devices)):
        return [_device(name, *devices[name]) for name in names]
    if names := matching(word, list(pumps_of(case))):
        return [_pump(name, pumps_of(case)[name]) for name in names]
    if names := matching(word, branches_of(case)):
        return [_branch(name) for name in names]
    kinds: tuple[Literal["pipe", "part_heat", "contact"], ...] = ("pipe", "part_heat", "contact") if case.parts else ()
    for failing in kinds:
        items, _ = items_of(Failure(kind=failing), case)
        names = matching(word, list(items))
        if names:
            return [_thermal(name, failing, case, document, "") for name in names]
    raise _problem(word, f"matches nothing that could fail; give {KNOWN}")


def _thermal(name: str, kind: Literal["pipe", "part_heat", "contact"], case: Case, document: Document, more: str) -> Loss:
    items, what = items_of(Failure(kind=kind), case)
    slug = "".join(letter if letter.isalnum() else "_" for letter in name.lower())
    return Loss(f"lost_{slug}", f"{what} {name}{more}", items[name](document), "thermal", name if kind == "part_heat" else "")


def pumps_of(case: Case) -> dict[str, PumpTable]:
    """Pumps of the loops of a case that work, as inner.pump."""
    loops = () if case.network is None else case.network.loops
    return {f"{one.name}.pump": one.pump for one in loops if one.pump is not None and one.pump.failed < one.pump.parallel}


def devices_of(case: Case) -> dict[str, tuple[str, str]]:
    """Heat pipes and heat pumps of a network that work, by name: their table and what they are."""
    if case.network is None:
        return {}
    pipes = {one.name: ("heat_pipes", "heat pipe") for one in case.network.heat_pipes if not one.failed}
    return pipes | {one.name: ("heat_pumps", "heat pump") for one in case.network.heat_pumps if not one.failed}


def _device(name: str, table: str, what: str, more: str = "") -> Loss:
    return Loss(f"lost_{name}", f"{what} {name}{more}", ((f"network.{table}.{name}.failed", True),), "thermal")


def branches_of(case: Case) -> list[str]:
    """Segments of branches of the loops of a case that are not lost, as inner.tubes."""
    loops = () if case.network is None else case.network.loops
    return [f"{one.name}.{tube.name}" for one in loops for tube in one.segments if tube.branch is not None and not tube.failed]


def _branch(name: str) -> Loss:
    loop, _, tube = name.partition(".")
    change: Overrides = ((f"network.loops.{loop}.segments.{tube}.failed", True),)
    return Loss(f"lost_{loop}_{tube}", f"{tube} of {loop}, whose branch is shut off", change, "thermal")


def _pump(name: str, pump: PumpTable) -> Loss:
    loop = name.removesuffix(".pump")
    left = pump.parallel - pump.failed - 1
    what = f"one of {left + 1} pumps of {loop}" if left else f"the pump of {loop}, whose fluid comes to rest"
    change: Overrides = ((f"network.loops.{loop}.pump.failed", pump.failed + 1),)
    return Loss(f"lost_pump_{loop}", what, change, "thermal")


def _pointing(word: str, case: Case) -> Loss:
    """A course in time from the state that a run has left in its folder; the moment is the start of a revolution."""
    if case.orbit is None or case.attitude is None:
        raise _problem(word, "the case has no [orbit] with an [attitude], and so no pointing to lose")
    if case.run.kind == "transient":
        raise _problem(word, "is looked at from the end of a periodic or steady run; a transient loses it by [pointing_loss] with lost_s")
    env = surroundings(case)
    assert env is not None
    run = {"kind": "transient", "duration_s": REVOLUTIONS * env.period, "state": "state.npz"}
    changes: Overrides = (("run", run), ("pointing_loss", {"lost_s": 0.0, "attitude": {"kind": "frozen"}}))
    return Loss("lost_sun_pointing", f"Sun pointing for {REVOLUTIONS} revolutions, the body frozen among the stars", changes, POINTING)


def _string(word: str, case: Case, document: Document, number: int | None) -> Loss:
    power = case.power
    if power is None:
        raise _problem(word, "the case has no [power], and so no string")
    if power.wings:
        if number is not None:
            raise _problem(word, "power.wings say how many strings there are; leave the number out")
        wing = max(power.wings, key=lambda one: cell_area([one], power.cell) / one.parallel)
        share = cell_area([wing], power.cell) / wing.parallel / cell_area(power.wings, power.cell)
        change: Overrides = (("power.losses.mismatch", float(value_at(document, "power.losses.mismatch")) * (1 - share)),)
        return Loss("lost_string", f"one string of {wing.parallel} of the wing {wing.name}", change, "array")
    if number is None:
        raise _problem(word, "the case has no [[power.wings]] that say how many strings there are; write string=N for one of N equal ones")
    packing = float(value_at(document, "power.packing")) * (1 - 1 / number)
    return Loss("lost_string", f"one string of {number}", (("power.packing", packing),), "array")


def _pack_cell(word: str, case: Case, document: Document, number: int | None) -> Loss:
    power = case.power
    if power is None:
        raise _problem(word, "the case has no [power], and so no battery")
    if power.electrics is not None and power.electrics.parallel is not None:
        count = power.electrics.parallel
        if number is not None:
            raise _problem(word, "power.electrics says how many battery strings there are; leave the number out")
        if count < 2:
            raise _problem(word, "the battery has one string of cells; without it there is none")
        return Loss("lost_pack_cell", f"one battery string of {count}", (("power.electrics.parallel", count - 1),), "battery")
    if number is None:
        raise _problem(word, "the case does not say how many battery strings there are; write pack_cell=N for one of N equal ones")
    if power.pack_capacity is not None:
        left = float(value_at(document, "power.pack_capacity_Wh")) * (1 - 1 / number)
        return Loss("lost_pack_cell", f"one battery string of {number}", (("power.pack_capacity_Wh", left),), "battery")
    if power.ageing is not None or power.sized_for == "bol":
        why = "power.ageing says how the battery ages" if power.ageing is not None else 'power.sized_for = "bol" looks at new batteries'
        raise _problem(word, f"{why}; give power.electrics with series and parallel, from which a string can be taken")
    left = (1.0 if power.battery_eol_factor is None else power.battery_eol_factor) * (1 - 1 / number)
    return Loss("lost_pack_cell", f"one battery string of {number}", (("power.battery_eol_factor", left),), "battery")


def _count(word: str, number: str) -> int:
    if not number.strip().isdecimal() or int(number) < 2:
        raise _problem(word, "needs a whole number of at least 2 after =")
    return int(number)


def _problem(word: str, said: str) -> ChangeError:
    return ChangeError(Problem(word, NOTHING, said))


def add_losses(designs: Designs, text: str, case: Case) -> tuple[str, ...]:
    """Add the load cases of what --survive asks for to the designs; the case's own design is solved for it, and is not solved again.

    Returns:
        What was added, in sentences.

    Raises:
        CaseError: as `losses`, or a load case that the loss makes malformed.
    """
    combination = designs.space.combinations()[0]
    designs.evaluate(designs.space.start, combination, None)
    said = []
    tables: dict[str, dict[str, object]] = {}
    cases = designs.document.get("cases")
    own = dict(cases) if isinstance(cases, dict) else {}
    for loss in losses(text, case, designs.document, dict(designs.pipes)):
        if loss.of == POINTING:
            why = "is a course in time; ask `heliorack run --loss sun_pointing`, or add a load case with pointing_loss"
            raise CaseError(SOURCE, [Problem(POINTING, NOTHING, why)])
        where = _worst(designs, loss.of, combination)
        table = own.get(where)
        tables[loss.name] = {"variant": True, **(table if isinstance(table, dict) else {}), **dict(loss.overrides)}
        said.append(f"added {loss.name}: {loss.said}, lost in {where or 'the case'}; limits with the uncertainty of [margins] alone")
        designs.lost[loss.name] = where
    before = own or {"as_given": {}}
    if not own:
        designs.lost = dict.fromkeys(designs.lost, "as_given")
    designs.document = overridden(designs.document, [Override("cases", {**before, **tables})])
    designs.rows.clear()
    return tuple(said)


def _worst(designs: Designs, of: str, combination: Sequence[object]) -> str:
    """The load case in which something is nearest to its limit, or that asks for the largest size."""
    start = designs.space.start
    if of == "thermal":
        hot = {row: judged for row, judged in designs.judged(start, combination).items() if row.kind in ("max", "transport")}
        return min(hot, key=lambda row: hot[row].slack).case if hot else next(iter(designs.demands), BASE)
    asked = {name: (sizes.area if of == "array" else sizes.pack) or 0.0 for name, sizes in designs.demands.items()}
    return max(asked, key=lambda name: asked[name]) if asked else BASE
