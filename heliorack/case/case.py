"""The case file: TOML with units in its keys -> a frozen `Case` in SI, or one error that names every fault of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from annotated_types import Interval

from heliorack.case import files
from heliorack.case.margins import Limit, Margins
from heliorack.case.settings import Measured, PointingLoss, Run, Thermocouple, Tracking
from heliorack.case.size import Size
from heliorack.case.sweep import Sweep
from heliorack.casefile import paths
from heliorack.casefile.bounds import excesses
from heliorack.casefile.decode import read
from heliorack.casefile.document import Document, parse
from heliorack.casefile.document import read as read_document
from heliorack.casefile.errors import NOTHING, CaseError, Problem, suggest, there_are, toml_key
from heliorack.casefile.messages import UNKNOWN, Location
from heliorack.casefile.paths import Override, PathError
from heliorack.checks import consistency, hardware
from heliorack.checks.context import Facts
from meshes.cad.imported import Imported
from meshes.parts import AnyPart
from meshes.settings import MeshSettings
from orbit.attitude.steering import AnyAttitude
from orbit.chamber import Chamber
from orbit.environment import EnvironmentSettings
from orbit.kinds import Orbit
from power.computing.compute import Compute
from power.system.settings import Power
from thermal.boundary import Boundary
from thermal.conduction.contact import Contact
from thermal.conduction.skin import Skin
from thermal.conduction.strap import Strap
from thermal.fluid.pipes.pipe_limit import PipeLimit
from thermal.fluid.questions import HeatPumpQuestion, Punctures
from thermal.fluid.two_phase_loop import TwoPhaseLoop
from thermal.heater import Heater
from thermal.network.tables import NetworkTable
from thermal.properties.blanket import Blanket
from thermal.properties.coating import Coating
from thermal.properties.material import Material
from thermal.radiation.settings import Radiation
from thermal.solve.settings import Solver

MADE = {"file": False}  # marks a field that is not of the file
HOLD_THEIR_FILE = ("orbit", "attitude", "compute")  # what opens its file itself, and so needs the folder in front of the name


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One question: hardware, orbit, loads, limits, and how to solve it."""

    title: str = ""  #: one line that names the case in tables and pictures
    question: str = ""  #: what the case is to answer
    variant: bool = False  #: of a load case: it changes hardware, which is then its own and is sized for it alone
    life: Literal["bol", "eol"] = "bol"  #: coatings, cells and battery at beginning or end of life
    #: time in orbit at end of life, in years of 365.25 days; power.years when not given
    years: Annotated[float, "-", Interval(gt=0, le=200)] | None = None
    orbit: Orbit | None = None  #: where the satellite flies
    environment: EnvironmentSettings | Chamber = field(
        default_factory=EnvironmentSettings
    )  #: sunlight, albedo, Earth infrared, deep space, shadow; or a test chamber
    attitude: AnyAttitude | None = None  #: how the body points
    pointing_loss: PointingLoss | None = None  #: of a transient: from a time on it points otherwise
    tracking: tuple[Tracking, ...] = ()  #: parts that turn against the body
    parts: tuple[AnyPart, ...] = ()  #: the hardware
    contacts: tuple[Contact, ...] = ()  #: how heat crosses where parts touch
    skins: tuple[Skin, ...] = ()  #: thin conducting layers on faces
    straps: tuple[Strap, ...] = ()  #: flexible conductors between faces
    boundaries: tuple[Boundary, ...] = ()  #: what is prescribed on faces
    compute: tuple[Compute, ...] = ()  #: devices that turn electricity into heat
    heaters: tuple[Heater, ...] = ()  #: heaters with thermostats
    pipe_limits: tuple[PipeLimit, ...] = ()  #: what heat pipes carry at their temperature
    two_phase_loops: tuple[TwoPhaseLoop, ...] = ()  #: boiling and condensing loops, each by itself, at the temperature of its accumulator
    punctures: Punctures | None = None  #: whether meteoroids make coolant tubes leak
    heat_pump: HeatPumpQuestion | None = None  #: whether lifting heat to a hotter radiator saves mass
    power: Power | None = None  #: solar array, battery and bus
    network: NetworkTable | None = None  #: lumped nodes and coolant loops
    limits: tuple[Limit, ...] = ()  #: temperatures that parts must keep to
    thermocouples: tuple[Thermocouple, ...] = ()  #: where a test measured
    measured: Measured | None = None  #: what it measured
    margins: Margins = field(default_factory=Margins)  #: uncertainty, acceptance and qualification
    materials: dict[str, Material] = field(default_factory=dict, repr=False)  #: further materials; a name of the library is replaced
    coatings: dict[str, Coating] = field(default_factory=dict, repr=False)  #: further coatings; a name of the library is replaced
    blankets: dict[str, Blanket] = field(
        default_factory=dict, repr=False
    )  #: further multilayer insulation, to be named as a coating; a name of the library is replaced
    cases: dict[str, dict[str, object]] = field(default_factory=dict)  #: load cases: each a table of "path" = value overrides
    run: Run = field(default_factory=Run)  #: periodic, transient or steady
    radiation: Radiation = field(default_factory=Radiation)  #: how parts see, shade and heat one another
    solver: Solver = field(default_factory=Solver)  #: how the equations are solved
    mesh: MeshSettings = field(default_factory=MeshSettings)  #: how fine the mesh is
    size: Size | None = None  #: what `heliorack size` varies, and what it makes least; nothing else looks at it
    sweep: Sweep | None = None  #: what `heliorack sweep` varies; nothing else looks at it
    source: str = field(default="", kw_only=True, metadata=MADE)  #: the file, as it was named
    load_case: str | None = field(default=None, kw_only=True, metadata=MADE)  #: name of the load case whose overrides are applied
    document: Document = field(default_factory=dict, kw_only=True, repr=False, metadata=MADE)  #: resolved, as the user wrote it
    assumptions: tuple[str, ...] = field(default=(), kw_only=True, repr=False, metadata=MADE)  #: what the case leaves out, in sentences

    @property
    def years_in_orbit(self) -> float | None:
        """Time in orbit at end of life, in years of 365.25 days; None if the case does not say."""
        if self.years is not None:
            return self.years
        return self.power.years if self.power else None

    @property
    def files(self) -> dict[str, Path]:
        """Files that the case names, by their place in it, as "parts.lid.file"."""
        return files.places(self.document, self.source)

    def override(self, *overrides: str) -> Case:
        """This case with further `path=value` overrides.

        Raises:
            CaseError: as `load`.
        """
        case = examine(self.document, self.source, overrides).base
        return replace(case, load_case=self.load_case)


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that holds: its base table and every load case."""

    base: Case
    cases: dict[str, Case]


def load(path: str | Path, overrides: Sequence[str] = (), case: str | None = None) -> Case:
    """Case of a file; of one load case if `case` names it.

    Args:
        path: TOML file.
        overrides: `path=value`, as `--set`; they also hold in load cases, where they come last.

    Raises:
        CaseError: every fault of the file, its load cases and the overrides (with `case`: of that load case).
        OSError: the file cannot be read.
    """
    return _chosen(read_document(Path(path)), str(path), overrides, case)


def loads(text: str, overrides: Sequence[str] = (), case: str | None = None, source: str = "case") -> Case:
    """Case of a text, as `load`; `source` names it in messages."""
    return _chosen(parse(text, source), source, overrides, case)


def load_cases(path: str | Path, overrides: Sequence[str] = ()) -> dict[str, Case]:
    """Every load case of a file by name, in the file's order; empty if it has none. Raises as `load`."""
    return examine(read_document(Path(path)), str(path), overrides).cases


def schema() -> dict[str, Any]:
    """JSON schema (draft 2020-12) of the case file, in the user's units."""
    from heliorack.casefile.json_schema import json_schema

    return json_schema(Case)


def _chosen(document: Document, source: str, overrides: Sequence[str], case: str | None) -> Case:
    examined = examine(document, source, overrides, case)
    return examined.base if case is None else examined.cases[case]


def examine(document: Document, source: str, overrides: Sequence[str] = (), only: str | None = None) -> Examined:
    """Base table and load cases (or `only` one of them) of a document.

    Raises:
        CaseError: every fault.
    """
    _refuse_sweep_file(document, source)
    document = with_usual_kinds(document)
    given, problems = _overrides(document, overrides)
    base = paths.overridden(document, given)
    made, faults = _judge(base, source)
    problems += faults  # of the base; those of a load case that are the same are not repeated
    cases: dict[str, Case] = {}
    for name, table in _load_cases(base, only, problems).items():
        one, more = _judge_load_case(base, source, name, table, given, faults)
        problems += more
        if one:
            cases[name] = one
    if problems or made is None:
        raise CaseError(source, problems)
    return Examined(made, cases)


def _refuse_sweep_file(document: Document, source: str) -> None:
    """Refuse a file that only says how another case is to be varied."""
    if "sweep" in document and isinstance(document.get("case"), str):
        said = f"this file varies another case; solve all its points with `heliorack sweep run {source}`, or name the case itself"
        raise CaseError(source, [Problem("case", document["case"], said)])


LOOKED_AT_ONCE = {
    "cases": "a load case holds no others; write each as [cases.NAME] beside it",
    "sweep": "the axes of a sweep are those of the whole file; a load case has none of its own",
    "size": "one design serves all load cases; what may vary stands in [size] once",
}  #: tables that a load case cannot change, and why
USUAL_KINDS = {"environment": "orbit", "attitude": "two_vector"}  #: what these tables are when they do not say


def with_usual_kinds(document: Document) -> Document:
    """The document with the kind of environment and attitude spelt out where it is left to be understood."""
    found = dict(document)
    for name, kind in USUAL_KINDS.items():
        table = found.get(name)
        if isinstance(table, dict) and "kind" not in table:
            found[name] = {"kind": kind, **table}
    return found


def _overrides(document: Document, overrides: Sequence[str]) -> tuple[list[Override], list[Problem]]:
    """Overrides that lead somewhere, and a problem for each that does not."""
    good: list[Override] = []
    problems = []
    for text in overrides:
        try:
            item = paths.override(text)
            paths.overridden(document, [*good, item])
            good.append(item)
        except PathError as error:
            problems.append(error.problem)
    return good, problems


def _judge(document: Document, source: str) -> tuple[Case | None, list[Problem]]:
    """The case of a document, or its problems in the order of the document."""
    beyond = excesses(document)  # of overrides and load cases too, whose paths can nest
    if beyond:
        return None, [Problem(paths.spell(document, at), found, said) for at, found, said in beyond]
    document = with_usual_kinds(document)
    reading = read(Case, document)
    named, beside = files.named(document), Path(source).parent
    facts = Facts(document, reading, beside, named)
    faults = consistency.merged(reading.faults, consistency.faults(facts))
    faults.sort(key=lambda fault: _order(document, fault.location))
    problems = [Problem(paths.spell(document, fault.location), fault.found, fault.message) for fault in faults]
    if problems:
        return None, problems
    case: Case = reading.built[()]
    materials, coatings = facts.materials, facts.coatings
    power = replace(case.power, life=case.life, years=case.years or case.power.years) if case.power else None
    for at in named:
        if at[0] in HOLD_THEIR_FILE:
            case = files.beside(case, at, beside)
    made = replace(
        case,
        power=power,
        parts=tuple(replace(part, folder=str(beside)) if isinstance(part, Imported) else part for part in case.parts),
        materials=materials,
        coatings=coatings,
        blankets=facts.blankets,
        source=source,
        document={key: value for key, value in document.items() if key != "sweep"},
        assumptions=tuple(consistency.assumptions(facts)),
    )
    return made, []


def _order(document: Any, location: Location) -> tuple[int, ...]:
    """Where a location stands in the document; a key that is missing comes after those that are there."""
    order: list[int] = []
    here: Any = document
    for step in location:
        if isinstance(here, Mapping):
            keys = list(here)
            order.append(keys.index(step) if step in keys else len(keys))
            here = here.get(step)
        else:
            order.append(step if isinstance(step, int) else 0)
            here = here[step] if isinstance(here, list) and isinstance(step, int) and step < len(here) else None
    return tuple(order)


def _load_cases(document: Document, only: str | None, problems: list[Problem]) -> dict[str, dict[str, object]]:
    """The load cases to look at; what is no table at all has been reported with the base."""
    tables = document.get("cases")
    known: dict[str, Any] = tables if isinstance(tables, dict) else {}
    if only is None:
        return {name: table for name, table in known.items() if isinstance(table, dict)}
    if only not in known:
        meant = suggest(only, known)
        there = there_are(known) if known else "the file has no [cases.*]"
        problems.append(Problem(f"cases.{only}", NOTHING, f"no such load case; {f'did you mean {meant}?' if meant else there}"))
        return {}
    return {only: known[only]} if isinstance(known[only], dict) else {}


def _judge_load_case(
    base: Document, source: str, name: str, table: Mapping[str, object], given: Sequence[Override], known: Sequence[Problem]
) -> tuple[Case | None, list[Problem]]:
    """One load case: the base, its overrides, then the user's. Its problems (`known` are the base's) stand at `cases.NAME."path"`."""
    place = f"cases.{name}"
    document: Document = {key: value for key, value in base.items() if key != "cases"}
    problems = [*hardware.changes(base, place, table), *_looked_at_once(place, table)]
    last = [item for item in given if paths.split(item.path)[0] != "cases"]
    for item in [*(Override(path, value) for path, value in table.items()), *last]:
        try:
            document = paths.overridden(document, [item])
        except PathError as error:
            where = "" if error.problem.path == item.path else f"{error.problem.path}: "
            problems.append(Problem(f"{place}.{toml_key(item.path)}", item.value, where + error.problem.message))
    made, faults = _judge(document, source)
    at_base = {problem.path for problem in known}
    moved = [(fault, _in_load_case(fault, place, table)) for fault in faults if fault not in known]
    unknown = {there.path for fault, there in moved if fault.message.startswith(UNKNOWN)}  # changes nothing, hardware or not
    problems = [problem for problem in problems if problem.path not in unknown]
    problems += [there for fault, there in moved if there.path != place or fault.path not in at_base]
    return (None, problems) if problems or faults or made is None else (replace(made, load_case=name), [])


def _looked_at_once(place: str, table: Mapping[str, object]) -> Iterator[Problem]:
    """Overrides of what no load case looks at, which would do nothing."""
    for path, value in table.items():
        if (first := path.partition(".")[0].strip()) in LOOKED_AT_ONCE:
            yield Problem(f"{place}.{toml_key(path)}", value, LOOKED_AT_ONCE[first])


def _in_load_case(problem: Problem, place: str, table: Mapping[str, object]) -> Problem:
    """A problem that the base does not have, put at the override that brought it."""
    for path, value in table.items():
        here = f"{place}.{toml_key(path)}"
        if problem.path == path:
            return Problem(here, problem.found, problem.message)
        if problem.path.startswith(f"{path}.") or path.startswith(f"{problem.path}."):
            return Problem(here, value, f"{problem.place()}: {problem.message}")
    return Problem(place, NOTHING, f"{problem.place()}: {problem.message}")
