"""A design solved on the sizing mesh: slacks of its limits, of its heat pipes and of its bus, and what it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import numpy as np

from heliorack.case.case import Case, Examined, examine
from heliorack.case.margins import Limit
from heliorack.case.size import Size
from heliorack.casefile.document import Document
from heliorack.casefile.errors import CaseError
from heliorack.model.sizing_dates import sizing_dates
from heliorack.runtime.progress import Say
from heliorack.studies.sizing.adjoint_slopes import candidates, keys_of, moves_no_mesh, why_none
from heliorack.studies.sizing.chosen_cases import FAR, covering, stands_for
from heliorack.studies.sizing.constraints import BASE, PERCENT, Judged, Row
from heliorack.studies.sizing.linear_model import Answer, Bools, Floats, Lessons
from heliorack.studies.sizing.objective import WH, Amounts, Weighed, common, drawn_mass, planform, varied_parts
from heliorack.studies.sizing.search import RefusedError, SpentError
from heliorack.studies.sizing.solves import Judge, Question, SideBySide, Solved, flying, together
from heliorack.studies.sizing.variables import Space, arguments
from meshes.errors import GeometryError
from power.system.settings import Sizes

ASIDE = 1e3  #: slack of a constraint that is set aside
NOISY = 0.06  #: of a variable: what a nearer design tells of slopes is the noise of its mesh rather than their bend
SETTLED = 1e-3  #: part by which what a load case asks of array and battery has changed, below which it is not solved for that alone
ALIKE = 0.03  #: relative difference of areas whose surplus does not show in temperatures


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
    side_by_side: SideBySide
    solved: int = 0  #: solves so far
    most: int = 40
    kept: int = 0  #: of those, solves that are kept for later
    began: float = field(default_factory=perf_counter)
    rows: dict[tuple[object, ...], tuple[Row, ...]] = field(default_factory=dict)  #: by combination of choices
    offsets: dict[Row, float] = field(default_factory=dict)  #: of slacks: what the full mesh has more, less what its error asks for
    sizes: Sizes | None = None  #: that are flown
    lessons: dict[tuple[object, ...], Lessons] = field(default_factory=dict)  #: evaluations, by combination of choices
    set_aside: set[Row] = field(default_factory=set)  #: constraints that nothing which varies mends; the search goes on without them
    pipes: dict[str, float] = field(default_factory=dict)  #: greatest share of its limit that a heat pipe has carried
    lost: dict[str, str] = field(default_factory=dict)  #: load cases in which something is lost, and the one that each is compared with
    delivered: dict[str, float] = field(default_factory=dict)  #: share of the compute that was asked for, by load case, solved last
    _known: dict[tuple[tuple[object, ...], tuple[float, ...], str], Solved] = field(default_factory=dict)
    _masses: dict[tuple[object, ...], tuple[float, float]] = field(default_factory=dict)
    _nearest: dict[str, float] = field(default_factory=dict)  #: least slack of a load case, solved last
    _moved: dict[str, float] = field(default_factory=dict)  #: part by which what a load case asks for has changed from solve to solve
    _growths: dict[tuple[tuple[object, ...], str], tuple[float, float]] = field(default_factory=dict)
    demands: dict[str, Sizes] = field(default_factory=dict)  #: by load case: what it asked for last
    _sloped: frozenset[str] | None = None  #: keys whose slopes the solves say themselves, once the first design is asked for
    differenced: dict[str, str] = field(default_factory=dict)  #: keys that move no mesh and whose slopes are by differences: why

    # ---------------------------------------------------------------------------------------------------------- without a solve

    @property
    def meshless(self) -> bool:
        """Whether the case is one of nodes and loops alone."""
        return "parts" not in self.document

    def drawn(self, x: Floats, combination: Sequence[object]) -> tuple[float, float]:
        """Mass by the drawings [kg] and planform of the varied parts [m2], none of nodes; infinite where the design is malformed."""
        shaping = [float(u) for v, u in zip(self.space.variables, x, strict=True) if not moves_no_mesh(v)]
        key = (*map(repr, combination), *shaping)
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

    @property
    def left(self) -> int:
        """Solves that may be taken now."""
        return self.most - self.kept - self.solved

    @contextmanager
    def keeping(self, number: int) -> Iterator[None]:
        """Keep solves for later, at most a quarter of all; none is kept twice."""
        before, self.kept = self.kept, self.kept + min(number, self.most // 4)
        try:
            yield
        finally:
            self.kept = before

    def evaluate(self, x: Floats, combination: Sequence[object], expected: Answer | None) -> Answer:
        """Slacks of all constraints and the objective beyond what is known.

        With `expected`, load cases in which nothing may bind that others do not tell of are left out: their constraints are as expected,
        and a limit that another load case was solved for is off by as much as there.

        Raises:
            RefusedError: the design is malformed or its solve fails.
            SpentError: no solve is left.
        """
        try:
            cases = self.examined(x, combination, True)
        except CaseError as error:
            raise RefusedError(str(error)) from error
        key = tuple(map(repr, combination))
        hoped = {} if expected is None or key not in self.rows else dict(zip(self.rows[key], expected.slack.tolist(), strict=True))
        names = self._chosen(list(cases), hoped)
        solves = self._solves({name: cases[name] for name in names}, x, key)
        asked = {name: self.demands[name] for name in cases}
        sizes = common(list(asked.values()), self.space)
        if self.sizes is None:
            self.sizes = sizes
            if any(_differs(one, sizes) for one in asked.values()):
                self._known.clear()  # flown with sizes of their own
                return self.evaluate(x, combination, expected)
        elif expected is not None:
            self.sizes = sizes
        judged = together(solves) | self._room(sizes)
        if key not in self.rows:
            self.rows[key] = tuple(judged)
        elif not set(judged) <= set(self.rows[key]):  # rows of another combination were taken for those of this one
            del self.rows[key]
            return self.evaluate(x, combination, None)
        _, radiator = self.drawn(x, combination)
        whole = max(_amounts(one.masses, sizes, radiator).counted(self.size.weights) for one in solves.values())
        extra = whole + self.counts(x, combination) - self.known(x, combination)
        slack, seen = self._slacks(key, judged, hoped)
        answer = Answer(extra, slack, seen, self._slopes(key, solves, x))
        self.lessons.setdefault(key, Lessons(NOISY)).add(x, answer)
        return answer

    def _chosen(self, names: Sequence[str], hoped: Mapping[Row, float]) -> list[str]:
        """Load cases that are solved: all where nothing is known yet, else those in which something may bind, and that size something."""
        if not hoped:
            return list(names)
        sizing = set()
        for values in ([self.demands[name].area or 0.0 for name in names], [self.demands[name].pack or 0.0 for name in names]):
            most = names[int(np.argmax(values))]
            if max(values) > 0.0 and self._moved.get(most, np.inf) > SETTLED:
                sizing.add(most)
        slack = {row: value for row, value in hoped.items() if row.kind != "room" and row.case in names}
        found = covering(slack, FAR, self._nearest, sizing)
        return [name for name in names if name in found] or list(names)

    def _solves(self, cases: Mapping[str, Case], x: Floats, key: tuple[object, ...]) -> dict[str, Solved]:
        """Load cases of a design solved, those that were not yet."""
        at = tuple(x.tolist())
        new = [name for name in cases if (key, at, name) not in self._known]
        if len(new) > self.left:
            raise SpentError(f"{self.solved} of {self.most} solves are spent{f', {self.kept} are kept' if self.kept else ''}")
        self.solved += len(new)
        keys = self._keys(list(cases.values()), x)
        questions = [replace(self._question(name, cases[name], key, True), keys=keys) for name in new]
        first = self.solved - len(new) + 1
        tell = {name: self._told(name, number) for number, name in enumerate(new, first)}
        for name, one in self.side_by_side.each(self.judge, questions, tell.__getitem__).items():
            self._known[key, at, name] = one
            self.differenced = {**one.told.unsaid, **self.differenced}
            if name in self.demands:
                self._moved[name] = _change(self.demands[name], one.asked)
            self.demands[name] = one.asked
            self._nearest[name] = min((judged.slack for judged in one.rows.values()), default=np.inf)
            for pipe, share in one.pipes.items():
                self.pipes[pipe] = max(share, self.pipes.get(pipe, 0.0))
            if one.delivered is not None:
                self.delivered[name] = one.delivered
        return {name: self._known[key, at, name] for name in cases}

    def _slacks(self, key: tuple[object, ...], judged: Mapping[Row, Judged], hoped: Mapping[Row, float]) -> tuple[Floats, Bools]:
        """Slack of every constraint, and whether it was solved for."""
        found = {row: one.slack + self.offsets.get(row, 0.0) for row, one in judged.items()}
        values, seen = [], []
        for row in self.rows[key]:
            value = found.get(row)
            seen.append(value is not None)
            if value is None:
                like = stands_for(row, list(found), found)
                value = hoped.get(row, np.nan) + (0.0 if like is None else found[like] - hoped.get(like, found[like]))
            values.append(ASIDE if row in self.set_aside else value)
        return np.array(values), np.array(seen, dtype=bool)

    def _slopes(self, key: tuple[object, ...], solves: Mapping[str, Solved], x: Floats) -> Floats | None:
        """Slopes that the solves say themselves (m + 1, n), by the variables as the search calls them; the extra then stays as it is."""
        known = {row: of_row for one in solves.values() for row, of_row in one.told.slopes.items()}
        if not known:
            return None
        found = np.full((len(self.rows[key]) + 1, len(x)), np.nan)
        for j, v in enumerate(self.space.variables):
            for i, row in enumerate(self.rows[key]):
                found[i, j] = v.by_logarithm(x[j]) * sum(known.get(row, {}).get(path, np.nan) for path in v.paths)
            if np.isfinite(found[:-1, j]).any():
                found[-1, j] = 0.0  # without a bus, nothing that is weighed follows a key of the balance of heat
        return found

    def _keys(self, cases: Sequence[Case], x: Floats) -> dict[str, float]:
        """Keys whose slopes the solves are to say themselves, with their values; the same keys for all designs and load cases."""
        if self._sloped is None:
            self._sloped = frozenset(keys_of(self.space.variables, cases, self.comm.size))
            if why := why_none(self.space.variables, cases, self.comm.size):
                self.differenced = dict.fromkeys(candidates(self.space.variables), why)
        values = [(path, v.value(float(u))) for v, u in zip(self.space.variables, x, strict=True) for path in v.paths]
        return {path: value for path, value in values if path in self._sloped}

    @property
    def judge(self) -> Judge:
        """What margins are asked of a solve."""
        return Judge(self.size, tuple(self.limits), frozenset(self.lost))

    def amounts(self, x: Floats, combination: Sequence[object]) -> Amounts:
        """What a design that was evaluated counts."""
        _, radiator = self.drawn(x, combination)
        sizes = self.asked(x, combination)
        found = max((_amounts(one.masses, sizes, radiator) for one in self._of(x, combination)), key=lambda amounts: amounts.mass)
        return replace(found, mass=found.mass + self.mass_by_keys(x, combination))

    def asked(self, x: Floats, combination: Sequence[object]) -> Sizes:
        """Sizes that satisfy all load cases of a design that was evaluated."""
        return common([one.asked for one in self._of(x, combination)], self.space)

    def load_and_mass(self, x: Floats, combination: Sequence[object]) -> tuple[float, float] | None:
        """Largest mean load [W] of the load cases that size something, and the mass [kg] of what is sized; None where nothing is."""
        sizes = self.asked(x, combination)
        found = self._of(x, combination)
        loads = [one.masses.load for one in found if (one.asked.area, one.asked.pack) != (None, None)]
        masses = [one.masses.of_sizes(sizes) for one in found]
        return (max(loads), max(masses)) if loads else None

    def _of(self, x: Floats, combination: Sequence[object]) -> list[Solved]:
        key, at = tuple(map(repr, combination)), tuple(x.tolist())
        return [known for (of, where, _), known in self._known.items() if of == key and where == at]

    def judged(self, x: Floats, combination: Sequence[object]) -> dict[Row, Judged]:
        """Constraints of a design as they were solved."""
        found: dict[Row, Judged] = self._room(self.asked(x, combination))
        for one in self._of(x, combination):
            found |= one.rows
        return found

    def move(self, offsets: Mapping[Row, float]) -> None:
        """Move every slack by what is given for it, and what was learnt of slopes with it."""
        for key, lessons in self.lessons.items():
            by = [offsets.get(row, 0.0) - self.offsets.get(row, 0.0) for row in self.rows[key]]
            self.lessons[key] = lessons.moved(np.array(by))
        self.offsets = dict(offsets)

    def taken_over(self, combination: Sequence[object], other: Sequence[object], x: Floats, expected: Answer) -> Answer:
        """Evaluate a combination of choices where another one is known, with what that says of slopes and load cases.

        Raises:
            RefusedError, SpentError: as `evaluate`.
        """
        key, known = tuple(map(repr, combination)), tuple(map(repr, other))
        if {row.case for row in self.rows[known]} - {BASE} <= set(self.examined(x, combination, True)) | {BASE}:
            self.rows.setdefault(key, self.rows[known])
        answer = self.evaluate(x, combination, expected)
        if self.rows[key] == self.rows[known]:
            self.lessons[key] = self.lessons[known].moved(answer.slack - expected.slack)
            self.lessons[key].add(x, answer)
        return answer

    def at_full(self, names: Sequence[str], x: Floats, combination: Sequence[object]) -> dict[Row, Judged]:
        """Constraints of some load cases of a design on the mesh of the case.

        Raises:
            RefusedError: a solve fails there.
        """
        key = tuple(map(repr, combination))
        cases = self.examined(x, combination, False)
        questions = [self._question(name, cases[name], key, False) for name in names]

        def told(name: str) -> Say:
            return lambda _, done: self.say(f"{name or 'the design'} on the full mesh", done)

        return together(self.side_by_side.each(self.judge, questions, told))

    def _question(self, name: str, case: Case, key: tuple[object, ...], coarse: bool) -> Question:
        return Question(name, case, flying(case, self.sizes), coarse, self._growth(name, key, case))

    def _growth(self, name: str, key: tuple[object, ...], case: Case) -> tuple[float, float]:
        """How much more the worst dates of the years ask of the array, and how much longer their eclipse is [s]."""
        if (key, name) not in self._growths:
            dates = sizing_dates(case)
            growth = max((date.area for date in dates), default=1.0), max((date.longer for date in dates), default=0.0)
            self._growths[key, name] = max(growth[0], 1.0), max(growth[1], 0.0)
        return self._growths[key, name]

    def _told(self, name: str, number: int) -> Say:
        """Progress of one solve as that of the search, with the time that is left if all solves are taken."""
        spent, done = perf_counter() - self.began, number - 1
        left = f", at most {spent / done * (self.most - done) / 60:.0f} min left" if done else ""
        said = f"solve {number} of at most {max(self.most, self.size.solves)}{f', {name}' if name else ''}{left}"
        return lambda words, fraction: self.say(said, (number - 1 + min(max(fraction, 0.0), 1.0)) / self.most)

    # ----------------------------------------------------------------------------------------------------------------- judging

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


def _change(one: Sizes, other: Sizes) -> float:
    """Part by which asked sizes differ; without bound where one of them asks for something else."""
    pairs = [(one.area, other.area), (one.pack, other.pack)]
    if any((a is None) != (b is None) for a, b in pairs):
        return np.inf
    return max((abs(b - a) / max(a, 1e-30) for a, b in pairs if a is not None and b is not None), default=0.0)


def _differs(one: Sizes, other: Sizes) -> bool:
    """Whether an array is so much larger that its surplus warms the cells otherwise."""
    return one.area is not None and other.area is not None and abs(other.area - one.area) > ALIKE * other.area
