"""A design solved on the sizing mesh: slacks of its limits, of its heat pipes and of its bus, and what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import numpy as np

from heliorack.case.case import Case, Examined, examine
from heliorack.case.margins import Limit
from heliorack.case.size import Size
from heliorack.casefile.document import Document
from heliorack.casefile.errors import CaseError
from heliorack.casefile.patterns import matching
from heliorack.model.bodies import Bodies
from heliorack.model.sizing_dates import sizing_dates
from heliorack.results.network_result import NetworkResult
from heliorack.results.result import Result
from heliorack.run.network_run import is_network, simulate_network
from heliorack.run.simulate import meshed_bodies, simulate
from heliorack.runtime.parallel import on_first
from heliorack.runtime.progress import Say
from heliorack.studies.sizing.constraints import BASE, PERCENT, Judged, Row, detail, labels_of, looked, power_rows, unsound
from heliorack.studies.sizing.linear_model import Answer, Floats
from heliorack.studies.sizing.objective import WH, Amounts, Weighed, common, drawn_mass, planform, varied_parts, weighed
from heliorack.studies.sizing.search import RefusedError, SpentError
from heliorack.studies.sizing.variables import Space, arguments
from meshes.errors import GeometryError
from power.system.settings import Sizes
from thermal.errors import SolveError

FAR = 6.0  #: slack (K, or %) beyond which a constraint is not expected to bind after one step
ASIDE = 1e3  #: slack of a constraint that is set aside
ALIKE = 0.03  #: relative difference of areas whose surplus does not show in temperatures
COMPARABLE = 0.5  #: share of the longest eclipse from which what is asked of the battery goes with it


@dataclass(slots=True)
class Designs:
    """Evaluates designs of one case; remembers what it has solved."""

    document: Document
    source: str
    given: Sequence[str]
    only: str | None
    space: Space
    size: Size
    limits: Sequence[Limit]
    comm: Any
    say: Say
    solved: int = 0  #: solves so far
    most: int = 40
    began: float = field(default_factory=perf_counter)
    rows: dict[tuple[object, ...], tuple[Row, ...]] = field(default_factory=dict)  #: by combination of choices
    offsets: dict[Row, float] = field(default_factory=dict)  #: of slacks: what the full mesh has more, less what its error asks for
    sizes: Sizes | None = None  #: that are flown
    set_aside: set[Row] = field(default_factory=set)  #: constraints that nothing which varies mends; the search goes on without them
    pipes: dict[str, float] = field(default_factory=dict)  #: greatest share of its limit that a heat pipe has carried
    lost: dict[str, str] = field(default_factory=dict)  #: load cases in which something is lost, and the one that each is compared with
    delivered: dict[str, float] = field(default_factory=dict)  #: share of the compute that was asked for, by load case, solved last
    _bodies: Bodies = field(default_factory=meshed_bodies)
    _known: dict[tuple[tuple[object, ...], tuple[float, ...], str], tuple[dict[Row, Judged], Sizes, Weighed]] = field(default_factory=dict)
    _masses: dict[tuple[object, ...], tuple[float, float]] = field(default_factory=dict)
    _nearest: dict[tuple[tuple[object, ...], str], float] = field(default_factory=dict)  #: least slack of a load case, solved last
    _growths: dict[tuple[tuple[object, ...], str], tuple[float, float]] = field(default_factory=dict)
    demands: dict[str, Sizes] = field(default_factory=dict)  #: by load case: what it asked for last

    # ---------------------------------------------------------------------------------------------------------- without a solve

    @property
    def meshless(self) -> bool:
        """Whether the case is one of nodes and loops alone."""
        return "parts" not in self.document

    def drawn(self, x: Floats, combination: Sequence[object]) -> tuple[float, float]:
        """Mass by the drawings [kg] and planform of the varied parts [m2], none of nodes; infinite where the design is malformed."""
        key = (*map(repr, combination), *x.tolist())
        if key not in self._masses:
            base = {name: value for name, value in self.document.items() if name not in ("cases", "size")}
            try:
                case = examine(base, self.source, self._arguments(x, combination, exact=True)).base
                drawn = (0.0, 0.0) if self.meshless else (drawn_mass(case), planform(case, varied_parts(self.space)))
                self._masses[key] = drawn
            except (CaseError, GeometryError):
                self._masses[key] = np.inf, np.inf
        return self._masses[key]

    def known(self, x: Floats, combination: Sequence[object]) -> float:
        """The part of the objective that needs no solve."""
        mass, radiator = self.drawn(x, combination)
        return Amounts(mass=mass, radiator=radiator, array=0.0, pack=0.0).counted(self.size.weights) + self.counts(x, combination)

    def counts(self, x: Floats, combination: Sequence[object]) -> float:
        """What the keys of a design count by [size.per], in the unit of the objective."""
        values = dict(self.space.overrides(x, combination, exact=True))
        return float(sum(per * float(values[key]) for key, per in self.size.per.items()))

    def mass_by_keys(self, x: Floats, combination: Sequence[object]) -> float:
        """What the keys of a design count where that is mass [kg]."""
        return self.counts(x, combination) if self.size.minimise == "mass" else 0.0

    def examined(self, x: Floats, combination: Sequence[object], coarse: bool) -> dict[str, Case]:
        """The load cases of a design.

        Raises:
            CaseError: the design is malformed.
        """
        found: Examined = examine(self.document, self.source, self._arguments(x, combination, coarse=coarse), self.only)
        return found.cases if found.cases else {BASE: found.base}

    def _arguments(self, x: Floats, combination: Sequence[object], coarse: bool = False, exact: bool = False) -> list[str]:
        changed = [*self.given, *arguments(self.space.overrides(x, combination, exact))]
        return [*changed, *self._coarser()] if coarse else changed

    def _coarser(self) -> list[str]:
        tables = {name: self.document.get(name) for name in ("mesh", "solver")}
        mesh, solver = (table if isinstance(table, dict) else {} for table in tables.values())
        if self.meshless:
            return []
        refine = float(mesh.get("refine", 1.0)) * self.size.mesh_refine
        tolerance = max(float(solver.get("tolerance_K", 0.05)), self.size.tolerance)
        return [f"mesh.refine={max(refine, 0.1):g}", "mesh.adapt=false", f"solver.tolerance_K={tolerance:g}"]

    # ------------------------------------------------------------------------------------------------------------- with solves

    def evaluate(self, x: Floats, combination: Sequence[object], expected: Answer | None) -> Answer:
        """Slacks of all constraints and the objective beyond what is known; a load case that is far from binding is left as expected.

        Raises:
            RefusedError: the design is malformed or its solve fails.
            SpentError: no solve is left.
        """
        try:
            cases = self.examined(x, combination, True)
        except CaseError as error:
            raise RefusedError(str(error)) from error
        key = tuple(map(repr, combination))
        judged: dict[Row, Judged] = {}
        asked: dict[str, Sizes] = {}
        solved: list[Weighed] = []
        far = frozenset() if expected is None else self._far(list(cases), key, expected)
        for name, case in cases.items():
            if name in far:
                asked[name] = self.demands[name]
                continue
            rows, asked[name], masses = self._solve(name, case, x, key)
            judged |= rows
            solved.append(masses)
            self.demands[name] = asked[name]
            self._nearest[key, name] = min((one.slack for one in rows.values()), default=np.inf)
        sizes = common(list(asked.values()), self.space)
        if self.sizes is None:
            self.sizes = sizes
            if any(_differs(one, sizes) for one in asked.values()):
                self._known.clear()  # flown with sizes of their own
                return self.evaluate(x, combination, expected)
        elif expected is not None:
            self.sizes = sizes
        judged |= self._room(sizes)
        if key not in self.rows:
            self.rows[key] = tuple(judged)
        slack = np.array(
            [
                judged[row].slack + self.offsets.get(row, 0.0) if row in judged else expected.slack[i] if expected is not None else np.nan
                for i, row in enumerate(self.rows[key])
            ]
        )
        slack[[row in self.set_aside for row in self.rows[key]]] = ASIDE
        _, radiator = self.drawn(x, combination)
        whole = max(_amounts(masses, sizes, radiator).counted(self.size.weights) for masses in solved)
        return Answer(whole + self.counts(x, combination) - self.known(x, combination), slack)

    def amounts(self, x: Floats, combination: Sequence[object]) -> Amounts:
        """What a design that was evaluated counts."""
        _, radiator = self.drawn(x, combination)
        sizes = self.asked(x, combination)
        found = max((_amounts(masses, sizes, radiator) for _, _, masses in self._of(x, combination)), key=lambda amounts: amounts.mass)
        return replace(found, mass=found.mass + self.mass_by_keys(x, combination))

    def asked(self, x: Floats, combination: Sequence[object]) -> Sizes:
        """Sizes that satisfy all load cases of a design that was evaluated."""
        return common([asked for _, asked, _ in self._of(x, combination)], self.space)

    def load_and_mass(self, x: Floats, combination: Sequence[object]) -> tuple[float, float] | None:
        """Largest mean load [W] of the load cases that size something, and the mass [kg] of what is sized; None where nothing is."""
        sizes = self.asked(x, combination)
        loads = [masses.load for _, asked, masses in self._of(x, combination) if (asked.area, asked.pack) != (None, None)]
        masses = [masses.of_sizes(sizes) for _, _, masses in self._of(x, combination)]
        return (max(loads), max(masses)) if loads else None

    def _of(self, x: Floats, combination: Sequence[object]) -> list[tuple[dict[Row, Judged], Sizes, Weighed]]:
        key, at = tuple(map(repr, combination)), tuple(x.tolist())
        return [known for (of, where, _), known in self._known.items() if of == key and where == at]

    def judged(self, x: Floats, combination: Sequence[object]) -> dict[Row, Judged]:
        """Constraints of a design as they were solved."""
        found: dict[Row, Judged] = self._room(self.asked(x, combination))
        for rows, _, _ in self._of(x, combination):
            found |= rows
        return found

    def _far(self, names: Sequence[str], key: tuple[object, ...], expected: Answer) -> frozenset[str]:
        """Load cases in which no constraint is expected to bind, nor to have come much nearer since they were solved last.

        The one that is expected to be nearest is never among them.
        """
        least = dict.fromkeys(names, np.inf)
        for row, slack in zip(self.rows.get(key, ()), expected.slack, strict=True):
            if row.case in least:
                least[row.case] = min(least[row.case], float(slack))
        nearest = min(least, key=lambda name: least[name])
        known = {name: self._nearest.get((key, name), 0.0) for name in names}
        return frozenset(
            name
            for name, slack in least.items()
            if name != nearest and (key, name) in self._nearest and slack > FAR and slack > 0.5 * known[name]
        )

    def _solve(self, name: str, case: Case, x: Floats, key: tuple[object, ...]) -> tuple[dict[Row, Judged], Sizes, Weighed]:
        at = (key, tuple(x.tolist()), name)
        if at in self._known:
            return self._known[at]
        if self.solved >= self.most:
            raise SpentError(f"{self.most} solves are spent")
        self.solved += 1
        try:
            result = self.result(case, self._told(name))
        except (SolveError, CaseError, GeometryError) as error:
            raise RefusedError(f"{name}: {error}" if name else str(error)) from error
        why = unsound(result) or (result.solution.runaway or "" if isinstance(result, Result) else "")
        if why:
            raise RefusedError(f"{name}: {why}" if name else why)
        if isinstance(result, Result):
            result = _at_worst_dates(result, self._growth(name, key, case))
            asked_hours = sum(one.asked_hours for one in result.delivered.values())
            if asked_hours > 0:
                self.delivered[name] = sum(one.device_hours for one in result.delivered.values()) / asked_hours
        self._known[at] = self.rows_of(name, case, result), _asked(case, result), weighed(result)
        return self._known[at]

    def result(self, case: Case, say: Say) -> Result | NetworkResult:
        """A load case solved with the sizes that are flown; nodes and loops alone on the first rank.

        Raises:
            CaseError, GeometryError, SolveError: as a run.
        """
        flying = self.flying(case)
        if is_network(case):
            return on_first(self.comm, lambda: simulate_network(flying, say))
        return simulate(flying, self.comm, say, self._bodies)

    def _growth(self, name: str, key: tuple[object, ...], case: Case) -> tuple[float, float]:
        """How much more the worst dates of the years ask of the array, and how much longer their eclipse is [s]."""
        if (key, name) not in self._growths:
            dates = sizing_dates(case)
            growth = max((date.area for date in dates), default=1.0), max((date.longer for date in dates), default=0.0)
            self._growths[key, name] = max(growth[0], 1.0), max(growth[1], 0.0)
        return self._growths[key, name]

    def flying(self, case: Case) -> Case:
        """A load case with the sizes that are flown."""
        return _with_sizes(case, self.sizes)

    def _told(self, name: str) -> Say:
        """Progress of one solve as that of the search, with the time that is left if all solves are taken."""
        spent, done = perf_counter() - self.began, self.solved - 1
        left = f", at most {spent / done * (self.most - done) / 60:.0f} min left" if done else ""
        said = f"solve {self.solved} of at most {max(self.most, self.size.solves)}{f', {name}' if name else ''}{left}"
        return lambda words, fraction: self.say(said, (self.solved - 1 + min(max(fraction, 0.0), 1.0)) / self.most)

    # ----------------------------------------------------------------------------------------------------------------- judging

    def rows_of(self, name: str, case: Case, result: Result | NetworkResult) -> dict[Row, Judged]:
        """Constraints of one solved load case, of numbered siblings the worst."""
        found: dict[Row, Judged] = {}
        seen = looked(result)
        labels = labels_of([v.on for v, _ in seen.verdicts])
        for v, error in seen.verdicts:
            row = Row(name, labels[v.on], v.side, detail(v.at, v.level, v.mode))
            required = 0.0 if name in self.lost else self.required(v.on, v.at)
            one = Judged(v.margin - required, v.margin, required, error, v.calculated, v.allowed)
            found[row] = min(one, found.get(row, one), key=lambda judged: judged.slack)
        pipes = labels_of([p.name for p in seen.pipes])
        for p in seen.pipes:
            self.pipes[p.name] = max(p.load / p.limit, self.pipes.get(p.name, 0.0))
            row, room = Row(name, pipes[p.name], p.kind), PERCENT * (1.0 - p.load / p.limit)
            one = Judged(room, room, 0.0, 0.0, p.load, p.limit)
            found[row] = min(one, found.get(row, one), key=lambda judged: judged.slack)
        fluids = {Row(name, loop, side, what): judged for (loop, side, what), judged in seen.fluids.items()}
        return found | fluids | power_rows(name, case, result.power)

    def required(self, on: str, at: str) -> float:
        """Margin that a limit on a part or face must keep [K]: the largest that the table gives for it, or else that for all."""
        limits = [limit.on for limit in self.limits if limit.at == at and matching(limit.on, [on])]
        own = [margin for pattern, margin in self.size.margins.items() if pattern in limits or matching(pattern, [on])]
        return max(own, default=self.size.margin)

    def _room(self, sizes: Sizes) -> dict[Row, Judged]:
        """The upper ends of the ranges of sizes, as constraints."""
        found = {}
        for on, value, most in (
            ("array", sizes.area, self.space.array[1]),
            ("battery", sizes.pack and sizes.pack / WH, self.space.pack[1]),
        ):
            if value and np.isfinite(most):
                room = PERCENT * (most / value - 1.0)
                found[Row(BASE, on, "room")] = Judged(room, room, 0.0, 0.0, value, most)
        return found


def _amounts(masses: Weighed, sizes: Sizes, radiator: float) -> Amounts:
    """What a design counts with these sizes, and with what was flown where one is None."""
    area = masses.area if sizes.area is None else sizes.area
    pack = masses.pack if sizes.pack is None else sizes.pack
    return Amounts(mass=masses.mass(sizes), radiator=radiator, array=area or 0.0, pack=(pack or 0.0) / WH)


def _differs(one: Sizes, other: Sizes) -> bool:
    """Whether an array is so much larger that its surplus warms the cells otherwise."""
    return one.area is not None and other.area is not None and abs(other.area - one.area) > ALIKE * other.area


def _with_sizes(case: Case, sizes: Sizes | None) -> Case:
    """A load case that flies known sizes; sizes that it gives itself are flown as they are and asked for all the same."""
    power = case.power
    if power is None:
        return case
    area = power.array_area if power.array_area is not None else sizes.area if sizes is not None else None
    pack = power.pack_capacity if power.pack_capacity is not None else sizes.pack if sizes is not None else None
    margin = power.array_margin if power.array_area is None else 0.0
    known = None if area is None and pack is None else Sizes(area, pack)
    return replace(case, power=replace(power, array_area=None, pack_capacity=None, array_margin=margin, sizes=known))


def _asked(case: Case, result: Result | NetworkResult) -> Sizes:
    """What a load case asks of what is sized."""
    asked, power = None if result.power is None else result.power.asked, case.power
    if asked is None or power is None:
        return Sizes(None, None)
    return Sizes(asked.area if power.sizes_array else None, asked.pack if power.sizes_pack else None)


def _at_worst_dates(result: Result, growth: tuple[float, float]) -> Result:
    """A solve whose asked sizes are those of the worst dates of the years, in proportion to eclipse and sunlight; a run solves them.

    Args:
        growth: Of the array's area [-], and of the eclipse [s].
    """
    power = result.power
    if power is None or power.asked is None:
        return result
    now = 0.0 if result.env is None else float(np.trapezoid(1.0 - result.env.illumination, result.env.times))
    wider, longest = growth
    longer = 1.0 + longest / now if now > COMPARABLE * (now + longest) else 1.0
    area, pack = power.asked.area, power.asked.pack
    asked = replace(power.asked, area=None if area is None else area * wider, pack=None if pack is None else pack * longer)
    needed = None if power.needed_area is None else power.needed_area * wider
    return replace(result, power=replace(power, asked=asked, needed_area=needed))
