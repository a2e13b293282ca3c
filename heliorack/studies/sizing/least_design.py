"""The least design of a case: every combination of choices that may be it, searched on the sizing mesh, then held against the full mesh."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from heliorack.casefile.errors import NOTHING, CaseError, Problem, shown
from heliorack.studies.sizing.chosen_cases import covering, stands_for
from heliorack.studies.sizing.constraints import Judged, Row
from heliorack.studies.sizing.evaluation import Designs
from heliorack.studies.sizing.linear_model import Answer, Floats, Lessons, LinearModel
from heliorack.studies.sizing.objective import Amounts
from heliorack.studies.sizing.proof import Proof, proof
from heliorack.studies.sizing.search import (
    Evaluate,
    Found,
    RefusedError,
    Settings,
    SpentError,
    StuckError,
    cheapest,
    descend,
    first_slopes,
    hopeless,
    refreshed,
)
from heliorack.studies.sizing.subproblem import Known, Prices, least, prices
from heliorack.studies.sizing.variables import Variable
from power.system.settings import Sizes
from thermal.errors import SolveError

RESERVE = 1.05  #: times the error that the full mesh says of itself: what a margin must exceed to be said to hold
SETTINGS = Settings(worth=3e-4)
FIRST = replace(SETTINGS, small=0.02, stale=np.inf, rounds=6, whole=False)  #: of the search whose end is held against the full mesh
NEAR = 10.0  #: slack (K, or %) up to which a load case of the case's own design is held against the full mesh

AFAR = 0.4  #: of the largest step from where the full mesh was looked at, beyond which it is looked at again
BETTER = 5e-3  #: of the objective: what a further combination of choices must promise by its slopes to be searched

type Combination = tuple[object, ...]


@dataclass(slots=True, eq=False)
class Look:
    """A design on the mesh of the case, beside the sizing mesh: what every slack is moved by."""

    combination: Combination = ()
    full: dict[Row, Judged] = field(default_factory=dict)
    coarse: dict[Row, Judged] = field(default_factory=dict)
    solves: int = 0  #: on the mesh of the case

    def at(self, designs: Designs, combination: Combination, x: Floats) -> None:
        """Look at a design: at the load cases that tell of every limit that may bind."""
        coarse = designs.judged(x, combination)
        names = covering({row: one.slack for row, one in coarse.items() if row.kind != "room"}, NEAR)
        self.full = designs.at_full(names, x, combination)
        self.combination, self.coarse = combination, coarse
        self.solves += len(names)


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """One combination of choices at its best."""

    combination: Combination
    found: Found

    def objective(self, known: Known) -> float:
        """What it counts."""
        return known(self.found.x) + self.found.model.answer.extra


@dataclass(frozen=True, slots=True, eq=False)
class Sized:
    """The least design, or the one that comes nearest where none keeps all limits."""

    best: Searched
    rows: tuple[Row, ...]
    judged: dict[Row, Judged]  #: on the sizing mesh
    offsets: dict[Row, float]
    full: dict[Row, Judged]  #: of the load cases that were held against the full mesh, at the first optimum
    coarse: dict[Row, Judged]  #: the same design on the sizing mesh
    amounts: Amounts
    sizes: Sizes
    start: tuple[Amounts, dict[Row, Judged]]  #: the case's own design
    said: tuple[str, ...]  #: combinations that were left out, and why
    solves: int
    full_solves: int
    low: Floats
    high: Floats
    known: Known
    set_aside: frozenset[Row]  #: constraints that nothing which varies mends
    proof: Proof

    @property
    def feasible(self) -> bool:
        """Whether every limit is kept with its margin."""
        return self.best.found.feasible and not self.set_aside

    @property
    def prices(self) -> Prices:
        """Multipliers at the design."""
        return self.best.found.prices

    @property
    def model(self) -> LinearModel:
        """Around the design."""
        return self.best.found.model

    def relaxed(self, row: Row, amount: float) -> Floats:
        """Where the optimum moves, by the model, when a limit is relaxed in all load cases."""
        shifted = self.model
        for i, other in enumerate(self.rows):
            if other.limit == row.limit:
                shifted = shifted.shifted(i, amount)
        return least(shifted, self.known, np.maximum(self.low, self.model.x - 0.2), np.minimum(self.high, self.model.x + 0.2)).x


def least_design(designs: Designs, full_look: bool = True) -> Sized:
    """Search, hold the optimum against the full mesh, and search on with what that says.

    Args:
        designs: Evaluates designs.
        full_look: Whether load cases that bind are solved once on the full mesh; without, the sizing mesh speaks for it.

    Raises:
        CaseError, GeometryError: the case's own design is malformed.
        SolveError: its solve fails.
    """
    full_look = full_look and not designs.meshless
    said: list[str] = []
    most = designs.most
    designs.most = most - min(4 * len(designs.space.variables), most // 4)  # kept for the slopes at the end
    look = Look()
    best = _best(designs, said, FIRST if full_look else SETTINGS, look if full_look else None)
    start = designs.space.start, designs.space.combinations()[0]
    own = designs.amounts(*start), designs.judged(*start)
    if full_look:
        x = best.found.x
        if (len(x) and float(np.max(np.abs(x - designs.space.start))) > AFAR) or best.combination != look.combination:
            designs.evaluate(x, best.combination, None)
            look.at(designs, best.combination, x)
        best = corrected(designs, best, look.full, look.coarse, designs.space.start)
    designs.most = most
    return priced(designs, best, look.full, look.coarse, own, tuple(said), look.solves)


def priced(
    designs: Designs,
    best: Searched,
    full: dict[Row, Judged],
    coarse: dict[Row, Judged],
    start: tuple[Amounts, dict[Row, Judged]],
    said: tuple[str, ...],
    full_solves: int,
) -> Sized:
    """A design with fresh slopes for its prices."""
    known, (low, high) = _known(designs, best.combination), designs.space.bounds
    best, proven = _beside(designs, best)
    if best.found.feasible and not proven.holds:  # there is a better one, by slopes that look to both sides
        evaluate, lessons = _evaluate(designs, best.combination), _lessons(designs, best.combination)
        found = descend(best.found.model, evaluate, known, low, high, SETTINGS, best.found.x, lessons)
        if not np.array_equal(found.x, best.found.x):
            best, proven = _beside(designs, replace(best, found=found))
    if not best.found.feasible and not designs.set_aside:
        best, proven = _holding(designs, best, proven)
    x = best.found.x
    return Sized(
        best=best,
        rows=designs.rows[tuple(map(repr, best.combination))],
        judged=designs.judged(x, best.combination),
        offsets=dict(designs.offsets),
        full=full,
        coarse=coarse,
        amounts=designs.amounts(x, best.combination),
        sizes=designs.asked(x, best.combination),
        start=start,
        said=said,
        solves=designs.solved,
        full_solves=full_solves,
        low=low,
        high=high,
        known=known,
        set_aside=frozenset(designs.set_aside),
        proof=proven,
    )


def _beside(designs: Designs, best: Searched) -> tuple[Searched, Proof]:
    """A design with slopes by differences to both sides, and what they say of it being the least."""
    known, (low, high) = _known(designs, best.combination), designs.space.bounds
    evaluate, before = _evaluate(designs, best.combination), best.found.model
    model = refreshed(before, evaluate, low, high, SETTINGS) if len(low) else before
    if not np.array_equal(model.x, best.found.x):
        try:
            model = model.moved(model.x, evaluate(model.x, None))
        except SpentError:  # what was left out there stays unknown
            model = model.moved(best.found.x, before.answer)
    feasible = model.answer.violation <= SETTINGS.held
    there = _at_best(model, known, low, high) if feasible else model
    found = replace(best.found, model=model, feasible=feasible, prices=prices(there, known, low, high))
    told = proof(model, before, found.prices, _lessons(designs, best.combination), known, low, high, SETTINGS.step)
    return replace(best, found=found), told


def _holding(designs: Designs, best: Searched, proven: Proof) -> tuple[Searched, Proof]:
    """The least of the designs evaluated so far that keep every limit, in place of one that misses one by a little; itself where none does.

    A search can end so: solves are spent while meshes that differ from design to design move a limit to and fro by some tenths of a kelvin.
    """
    known, (low, high), lessons = _known(designs, best.combination), designs.space.bounds, _lessons(designs, best.combination)
    keep = [(x, answer) for x, answer in lessons.points if answer.violation <= SETTINGS.held]
    if not keep:
        return best, proven
    x, answer = min(keep, key=lambda each: known(each[0]) + each[1].extra)
    model = best.found.model.moved(x, answer)
    found = replace(best.found, model=model, feasible=True, prices=prices(_at_best(model, known, low, high), known, low, high))
    return replace(best, found=found), proof(model, best.found.model, found.prices, lessons, known, low, high, SETTINGS.step)


def _at_best(model: LinearModel, known: Known, low: Floats, high: Floats) -> LinearModel:
    """A model about where it is least within the reach of its slopes: what binds there is exactly at its limit, and has its price."""
    x = least(model, known, np.maximum(low, model.x - SETTINGS.step), np.minimum(high, model.x + SETTINGS.step)).x
    return model.moved(x, model.at(x))


def _known(designs: Designs, combination: Combination) -> Known:
    return partial(_drawn, designs, combination)


def _drawn(designs: Designs, combination: Combination, x: Floats) -> float:
    return designs.known(x, combination)


def _evaluate(designs: Designs, combination: Combination) -> Evaluate:
    def evaluate(x: Floats, expected: Answer | None) -> Answer:
        return designs.evaluate(x, combination, expected)

    return evaluate


def _best(designs: Designs, said: list[str], settings: Settings, look: Look | None) -> Searched:
    """The best of all combinations that could not be left out; the case's own design is first held against the full mesh."""
    start = designs.space.start
    best: Searched | None = None
    nearest: Searched | None = None  # of combinations whose energy cannot be mended
    taught: tuple[LinearModel, tuple[Row, ...], Combination] | None = None
    for number, combination in enumerate(designs.space.combinations()):
        known, evaluate = _known(designs, combination), _evaluate(designs, combination)
        low, high = designs.space.bounds
        name = named(designs, combination)
        if best is not None and best.found.feasible:
            bound, have = cheapest(known, best.found.x, low, high), best.objective(_known(designs, best.combination))
            if bound >= have:
                said.append(f"{name} left out: even at the ends of the ranges it counts {bound:.4g}, no less than {have:.4g}")
                continue
        try:
            if taught is None:
                model = _first(designs, known, evaluate, said)
                low, high = designs.space.bounds
                if look is not None:
                    look.at(designs, combination, start)
                    move(designs, look.full, look.coarse)
                    model = replace(model, answer=evaluate(start, None))
                taught = model, designs.rows[tuple(map(repr, combination))], combination
            else:
                old, other = taught[0], taught[2]
                model = _like(designs, combination, designs.taken_over(combination, other, old.x, old.answer), old.x, taught[:2])
                if best is not None and best.found.feasible:
                    have, hoped = best.objective(_known(designs, best.combination)), _hoped(model, known, low, high)
                    if hoped > have * (1.0 - BETTER):
                        said.append(f"{name} left out: by its slopes the least it could count is {hoped:.4g}, against {have:.4g}")
                        continue
            kept = _mendable(designs, combination, model, evaluate, said)
            if kept is None:
                if nearest is None or model.answer.violation < nearest.found.model.answer.violation:
                    nearest = Searched(combination, Found(model, False, True, prices(model, known, low, high)))
                continue
            model = kept
        except SpentError:
            if best is None and nearest is None:
                raise SolveError(
                    f"{designs.most} solves do not reach past the first slopes; allow more (size.solves), or take fewer load cases or keys"
                ) from None
            left = [named(designs, one) for one in designs.space.combinations()[number:]]
            said.append(f"not looked at, since the solves are spent: {', '.join(left)}; allow more with size.solves")
            break
        except RefusedError as error:
            if number == 0:
                raise _of_start(designs, error) from error
            said.append(f"{name} left out: {error}")
            continue
        searched = Searched(combination, descend(model, evaluate, known, low, high, settings, lessons=_lessons(designs, combination)))
        if best is None or _is_better(designs, searched, best):
            best = searched
            taught = best.found.model, designs.rows[tuple(map(repr, combination))], combination
    found = best if best is not None else nearest
    if found is None:
        raise SolveError("no combination of choices can be solved; " + "; ".join(said))
    return found


def _hoped(model: LinearModel, known: Known, low: Floats, high: Floats) -> float:
    """The least that a combination could count by its model; without bound where its constraints hold nowhere by it."""
    step = least(model, known, low, high)
    return known(step.x) + model.at(step.x).extra if step.feasible else -np.inf


def _first(designs: Designs, known: Known, evaluate: Evaluate, said: list[str]) -> LinearModel:
    """The first slopes; a variable that cannot be built at any other value is held at its own, and the search goes on with the others.

    Raises:
        RefusedError: the case's own design cannot be evaluated.
        CaseError: nothing that varies can be built at another value.
        SpentError: evaluations ran out.
    """
    while True:
        try:
            return first_slopes(evaluate, known, designs.space.start, *designs.space.bounds, SETTINGS)
        except StuckError as error:
            said.append(cannot_move(designs.space.variables[error.number], str(error)))
            designs.space = replace(designs.space, held=designs.space.held | {error.number})
            if len(designs.space.held) == len(designs.space.variables) and not designs.space.choices:
                raise CaseError(designs.source, [Problem("size.vary", NOTHING, one) for one in said]) from error


def cannot_move(variable: Variable, why: str) -> str:
    """That a key is held at its value, in words."""
    with_it = f'name what moves with it in size.vary."{variable.path}".also, or leave it out'
    return f"{variable.path} is held at {variable.start:g}: neither a little more nor a little less of it can be built ({why}); {with_it}"


def _lessons(designs: Designs, combination: Combination) -> Lessons:
    """Evaluations of a combination so far."""
    return designs.lessons[tuple(map(repr, combination))]


def _mendable(designs: Designs, combination: Combination, model: LinearModel, evaluate: Evaluate, said: list[str]) -> LinearModel | None:
    """The model without energies that no number which varies mends; None where another choice may mend them.

    They are named at the end, as missed. Temperatures are always searched for, so that the nearest design is found.
    """
    rows = designs.rows[tuple(map(repr, combination))]
    lost = [i for i in hopeless(model, *designs.space.bounds) if rows[i].kind == "size"]
    if not lost:
        return model
    if len(designs.space.combinations()) > 1:
        named_rows = ", ".join(f"{rows[i].words()} missed by {-model.answer.slack[i]:.3g} %" for i in lost)
        said.append(f"{named(designs, combination)} left out: {named_rows}; no number that varies mends it")
        return None
    designs.set_aside |= {rows[i] for i in lost}
    slopes = model.slopes.copy()
    slopes[lost] = 0.0
    return LinearModel(model.x, evaluate(model.x, None), slopes)


def _of_start(designs: Designs, error: RefusedError) -> Exception:
    """What is wrong with the case's own design, as it would be said of a run; or that it does not survive a loss, whatever its limits."""
    if any(str(error).startswith(f"{name}: ") for name in designs.lost):
        return SolveError(f"INFEASIBLE: the design does not survive what is lost. {error}")
    cause = error.__cause__
    return cause if isinstance(cause, ValueError | RuntimeError) else SolveError(str(error))


def _is_better(designs: Designs, one: Searched, other: Searched) -> bool:
    if one.found.feasible != other.found.feasible:
        return one.found.feasible
    if not one.found.feasible:
        return one.found.model.answer.violation < other.found.model.answer.violation
    return one.objective(_known(designs, one.combination)) < other.objective(_known(designs, other.combination))


def _like(
    designs: Designs, combination: Combination, answer: Answer, x: Floats, taught: tuple[LinearModel, tuple[Row, ...]]
) -> LinearModel:
    """The model of a combination by its own values and the slopes of another one, row by row."""
    model, rows = taught
    slopes = np.zeros((len(answer.slack) + 1, len(x)))
    for i, row in enumerate(designs.rows[tuple(map(repr, combination))]):
        if row in rows:
            slopes[i] = model.slopes[rows.index(row)]
    slopes[-1] = model.slopes[-1]
    return LinearModel(x, answer, slopes)


def named(designs: Designs, combination: Combination) -> str:
    """A combination in words."""
    chosen = zip(designs.space.choices, combination, strict=True)
    return ", ".join(f"{choice.paths[0]} = {shown(value)}" for choice, value in chosen) or "the case"


def move(designs: Designs, full: dict[Row, Judged], coarse: dict[Row, Judged]) -> None:
    """Move every slack by what the full mesh says of it, and by what its error asks for beyond the margin.

    A limit in a load case that was not looked at is moved as in the one that was.
    """
    offsets = dict(designs.offsets)
    for row, at_full in full.items():
        if row in coarse:
            more = max(0.0, RESERVE * at_full.error - at_full.required) if row.thermal else 0.0
            offsets[row] = at_full.margin - coarse[row].margin - more
    moved = {row: coarse[row].slack for row in full if row in coarse}
    for row in coarse:
        like = None if row in full else stands_for(row, list(moved), moved)
        if like is not None:
            offsets[row] = offsets[like]
    designs.move(offsets)


def corrected(
    designs: Designs, best: Searched, full: dict[Row, Judged], coarse: dict[Row, Judged], fresh: Floats | None = None
) -> Searched:
    """The search gone on with every slack moved by what the full mesh says of it, and by what the error of the full mesh asks for.

    Args:
        designs: Evaluates designs.
        best: Where it stands.
        full: Its constraints on the full mesh.
        coarse: The same on the sizing mesh.
        fresh: Where the slopes of its model were taken by differences; at `best` when not given.
    """
    move(designs, full, coarse)
    known, (low, high) = _known(designs, best.combination), designs.space.bounds
    evaluate = _evaluate(designs, best.combination)
    model = replace(best.found.model, answer=evaluate(best.found.x, None))
    try:
        return Searched(best.combination, descend(model, evaluate, known, low, high, SETTINGS, fresh, _lessons(designs, best.combination)))
    except CaseError as error:
        raise SolveError(str(error)) from error
