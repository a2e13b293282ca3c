"""What a sizing found, as frozen figures with units in their names: size.json and the closing lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from heliorack.casefile.errors import toml_value
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.runfolder.numbered import plain
from heliorack.studies.sizing.adjoint_slopes import by_differences
from heliorack.studies.sizing.chosen_cases import FAR, stands_for
from heliorack.studies.sizing.constraints import Judged, Row
from heliorack.studies.sizing.evaluation import Designs
from heliorack.studies.sizing.least_design import Sized
from heliorack.studies.sizing.objective import Amounts
from heliorack.studies.sizing.searched import SETTINGS

NO_MESH = "nodes and loops have no mesh"
BINDING = 0.5  #: slack (K, or %) up to which a limit is shown among those that bind
ONE = 0.5  #: half of what a constraint is relaxed by to see where the design goes


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountFigures:
    """What a design counts."""

    mass_kg: float | None
    radiator_m2: float
    array_m2: float
    pack_Wh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigures:
    """A key that varied."""

    path: str
    value: Any
    start: Any
    low: float | None  #: ends of its range
    high: float | None
    at: str  #: "from" or "to" where the optimum lies at an end, else empty


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintFigures:
    """A limit, a heat pipe or a size, at the design."""

    case: str
    on: str
    kind: str
    detail: str
    unit: str
    margin: float  #: K, or % of what is allowed; by the sizing mesh, moved by what the full mesh said
    required: float
    error_K: float | None  #: of the full mesh, which the margin must exceed to be said to hold
    calculated: float  #: degC, W m, m2 or Wh
    allowed: float
    binds: bool
    price: float | None  #: of the objective per unit of the margin
    mass_kg: float | None  #: per unit of the margin
    radiator_m2: float | None  #: per unit of the margin


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceFigures:
    """One limit at the first optimum on both meshes."""

    case: str
    on: str
    kind: str
    sizing: float  #: margin
    full: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LossFigures:
    """What a named loss costs at the design, on the sizing mesh."""

    case: str  #: the load case of the loss
    compared: str  #: the same without it
    on: str  #: the limit that loses most
    lost_K: float  #: of its margin
    margin_K: float  #: that is left of it
    delivered: float | None  #: share of the compute that was asked for, with the loss
    before: float | None  #: and without it


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFigures:
    """What stands behind the design being the least, as far as the limits were looked at beside it."""

    holds: bool  #: what the model promises and what it was off by are both below 0.5 % of what is made least
    within: float  #: ratio of a key, up to which designs beside it were looked at
    lighter: float  #: of what is made least, that the model of the limits still promises there
    missed: float  #: K or %, by which the model was off in what binds at the designs beside it
    costs: float  #: the same by its price, in what is made least
    beside: int  #: designs beside it that were solved


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeFigures:
    """Everything that a sizing found."""

    title: str
    minimised: str
    feasible: bool
    converged: bool  #: False where solves were spent before nothing moved, or slopes to both sides had said as much
    keys: tuple[KeyFigures, ...]
    amounts: AmountFigures
    start: AmountFigures
    start_keeps: bool  #: whether the case's own design keeps all limits, on the sizing mesh
    objective: float
    constraints: tuple[ConstraintFigures, ...]  #: those that bind first, then by what they have left
    proof: ProofFigures | None  #: None where no design keeps the limits
    residual: float  #: part of the objective's slope that no limit and no end of a range balances; 0 at an optimum
    power_kg_W: float | None  #: mass of sized array and battery per watt of mean load of the load case that draws most
    differences: tuple[DifferenceFigures, ...]
    losses: tuple[LossFigures, ...]
    nearest: tuple[str, ...]  #: where nothing keeps all limits: which one is missed, and what would keep it
    said: tuple[str, ...]
    sizing_mesh: str
    solves: int
    full_solves: int
    wall_time_s: float
    confirmed: bool | None = None  #: by a run of the design on its own mesh; None where none was made
    confirming: str = ""  #: what that run said


def figures(designs: Designs, sized: Sized, title: str, said: tuple[str, ...], wall_time: float) -> SizeFigures:
    """The figures of a sizing."""
    x, combination = sized.best.found.x, sized.best.combination
    refine = designs.size.mesh_refine
    mesh = (
        NO_MESH
        if designs.meshless
        else f"edges {1 / refine:.3g} times those of the case (size.mesh_refine = {refine:g}), temperatures to {designs.size.tolerance:g} K"
    )
    return SizeFigures(
        title=title,
        minimised=designs.size.minimise if isinstance(designs.size.minimise, str) else "weights",
        feasible=sized.feasible,
        converged=sized.best.found.converged,
        keys=_keys(designs, sized),
        amounts=_amounts(sized.amounts),
        start=_amounts(sized.start[0]),
        start_keeps=min((judged.slack for judged in sized.start[1].values()), default=0.0) >= 0.0,
        objective=designs.known(x, combination) + sized.model.answer.extra,
        constraints=_constraints(designs, sized),
        proof=_proof(sized),
        residual=sized.prices.residual,
        power_kg_W=power_price(designs, sized),
        differences=tuple(
            DifferenceFigures(case=row.case, on=row.on, kind=row.kind, sizing=sized.coarse[row].margin, full=at.margin, unit=row.unit)
            for row, at in sorted(sized.full.items(), key=lambda item: item[1].slack)
            if row in sized.coarse and min(at.slack, sized.coarse[row].slack) <= FAR
        ),
        losses=_losses(designs, sized),
        nearest=() if sized.feasible else nearest(designs, sized),
        said=said + sized.said + by_differences(designs.differenced),
        sizing_mesh=mesh,
        solves=sized.solves,
        full_solves=sized.full_solves,
        wall_time_s=wall_time,
    )


def _proof(sized: Sized) -> ProofFigures | None:
    told = sized.proof
    if not sized.feasible:
        return None
    return ProofFigures(
        holds=told.holds and sized.best.found.converged,
        within=float(np.exp(told.reach)),
        lighter=told.lighter,
        missed=told.missed,
        costs=told.costs,
        beside=told.beside,
    )


def content(found: SizeFigures) -> dict[str, Any]:
    """For size.json and --json."""
    return {"format": 1, **plain(found)}


def _amounts(found: Amounts) -> AmountFigures:
    mass = found.mass if np.isfinite(found.mass) else None
    return AmountFigures(mass_kg=mass, radiator_m2=found.radiator, array_m2=found.array, pack_Wh=found.pack)


def _keys(designs: Designs, sized: Sized) -> tuple[KeyFigures, ...]:
    space, x = designs.space, sized.best.found.x
    found = [
        KeyFigures(path=c.paths[0], value=value, start=c.values[0], low=None, high=None, at="")
        for c, value in zip(space.choices, sized.best.combination, strict=True)
    ]
    for i, (v, u, low, high) in enumerate(zip(space.variables, x, *space.bounds, strict=True)):
        at = "" if i in space.held else "from" if u <= low + 1e-6 else "to" if u >= high - 1e-6 else ""
        found.append(KeyFigures(path=v.path, value=v.value(float(u)), start=v.start, low=v.low, high=v.high, at=at))
    return tuple(found)


def _constraints(designs: Designs, sized: Sized) -> tuple[ConstraintFigures, ...]:
    slack = dict(zip(sized.rows, sized.model.answer.slack.tolist(), strict=True))
    price = _by_limit(dict(zip(sized.rows, sized.prices.of.tolist(), strict=True)))
    order = sorted(sized.rows, key=lambda row: (-price[row], slack[row]))
    return tuple(_constraint(designs, sized, row, slack[row], price[row]) for row in order if row in sized.judged)


def _by_limit(prices: dict[Row, float]) -> dict[Row, float]:
    """Prices of limits, each at the load case that bears most of it: one limit that binds alike in several is relaxed in all of them."""
    dearest: dict[tuple[str, str, str], Row] = {}
    for row, price in prices.items():
        if price > prices.get(dearest.get(row.limit, row), 0.0) or row.limit not in dearest:
            dearest[row.limit] = row
    whole = {limit: sum(price for row, price in prices.items() if row.limit == limit) for limit in dearest}
    return {row: whole[row.limit] if dearest[row.limit] == row else 0.0 for row in prices}


def _constraint(designs: Designs, sized: Sized, row: Row, slack: float, price: float) -> ConstraintFigures:
    judged = sized.judged[row]
    held = {one: at.slack for one, at in sized.coarse.items() if one in sized.full}
    like = row if row in held else stands_for(row, list(held), held)  #: the full mesh is looked at where a limit is nearest
    full = None if like is None else sized.full[like]
    moved = 0.0 if like is None or full is None else full.margin - sized.coarse[like].margin
    mass = radiator = None
    if price > 0 and len(sized.low):
        mass, radiator = _moves(designs, sized, row)
    kelvin = row.thermal
    return ConstraintFigures(
        case=row.case,
        on=row.on,
        kind=row.kind,
        detail=row.detail,
        unit=row.unit,
        margin=judged.margin + moved,
        required=judged.required,
        error_K=None if full is None or not kelvin else full.error,
        calculated=judged.calculated
        - (ZERO_CELSIUS if kelvin else 0.0)
        - (moved if row.kind == "max" else -moved if row.kind == "min" else 0.0),
        allowed=judged.allowed - (ZERO_CELSIUS if kelvin else 0.0),
        binds=price > 0 or slack <= BINDING,
        price=price if price > 0 else None,
        mass_kg=mass,
        radiator_m2=radiator,
    )


def _losses(designs: Designs, sized: Sized) -> tuple[LossFigures, ...]:
    found = []
    for name, compared in designs.lost.items():
        costs = {}
        for row, judged in sized.judged.items():
            before = sized.judged.get(replace(row, case=compared))
            if row.case == name and row.thermal and before is not None:
                costs[row] = before.margin - judged.margin
        if not costs:
            continue
        worst = max(costs, key=lambda row: costs[row])
        left = sized.judged[worst].margin
        with_it, without = designs.delivered.get(name), designs.delivered.get(compared)
        on = f"{worst.on} {worst.kind}"
        found.append(
            LossFigures(case=name, compared=compared, on=on, lost_K=costs[worst], margin_K=left, delivered=with_it, before=without)
        )
    return tuple(found)


def _moves(designs: Designs, sized: Sized, row: Row) -> tuple[float, float]:
    """Mass [kg] and planform [m2] that a unit of margin costs: by where the model's optimum goes."""
    ends = [sized.relaxed(row, amount) for amount in (-ONE, ONE)]
    of = sized.best.combination
    drawn = [np.array(designs.drawn(x, of)) + np.array([designs.mass_by_keys(x, of), 0.0]) for x in ends]
    extra = [sized.model.at(x).extra for x in ends] if designs.size.weights.per_kg else [0.0, 0.0]
    mass, radiator = (drawn[0] - drawn[1]) / (2 * ONE)
    return float(mass + (extra[0] - extra[1]) / (2 * ONE) / (designs.size.weights.per_kg or 1.0)), float(radiator)


def power_price(designs: Designs, sized: Sized) -> float | None:
    """Mass of what is sized of array and battery over the mean load [kg/W]; both grow in proportion to the load."""
    found = designs.load_and_mass(sized.best.found.x, sized.best.combination)
    return None if found is None or found[0] <= 0 else found[1] / found[0]


def nearest(designs: Designs, sized: Sized) -> tuple[str, ...]:
    """Limits that no design within the ranges keeps, with what would keep them at the design that comes nearest."""
    said = []
    model = sized.model
    slopes = model.slack_slopes
    aside = [sized.judged[row].slack if row in sized.set_aside else np.inf for row in sized.rows]
    slack = np.minimum(model.answer.slack, aside)
    for i in np.argsort(slack):
        if slack[i] >= -SETTINGS.held and sized.rows[int(i)] not in sized.set_aside:
            break
        row, missed = sized.rows[int(i)], -float(slack[i])
        judged = sized.judged.get(row)
        if judged is None:  # of a load case that another one tells of
            continue
        by = f"{row.words()} is missed by {missed:.3g} {row.unit}"
        said.append(f"{by}{_would_hold(row, judged, missed)}{_beyond(designs, model.x, slopes[i], missed)}{_mends(sized, row)}")
    return tuple(said)


def _would_hold(row: Row, judged: Judged, missed: float) -> str:
    if row.thermal:
        sign = 1.0 if row.kind == "max" else -1.0
        limit = judged.allowed - ZERO_CELSIUS + sign * missed
        less = f", or with a margin of {judged.required - missed:.3g} K in place of {judged.required:g}" if judged.required > missed else ""
        return f"; it would hold with {limit:.1f} degC allowed (now {judged.allowed - ZERO_CELSIUS:.1f}){less}"
    unit = row.counted_in
    if row.kind in ("transport", "carried"):
        return f"; it would hold with pipes of {judged.calculated:.4g} {unit} (now {judged.allowed:.4g})"
    needed = judged.calculated if row.kind == "room" else judged.allowed
    if needed <= 0:
        return "; no size carries this load: it takes less load, more sunlight, or a battery that takes charge"
    have = judged.allowed if row.kind == "room" else judged.calculated
    return f"; it would hold with {needed:.4g} {unit} (now at most {have:.4g})"


def _mends(sized: Sized, row: Row) -> str:
    return "; nothing that varies mends it" if row in sized.set_aside else ""


def _beyond(designs: Designs, x: Any, slopes: Any, missed: float) -> str:
    """How far one key at the end of its range would have to go by itself, by the slope there."""
    for v, u, slope, low, high in zip(designs.space.variables, x, slopes, *designs.space.bounds, strict=True):
        at_end = (u >= high - 1e-6 and slope > 0) or (u <= low + 1e-6 and slope < 0)
        if at_end and v.logarithmic and abs(missed / slope) < 1.0:
            value = v.high * np.exp(missed / slope) if slope > 0 else v.low * np.exp(missed / slope)
            return f", or about {value:.3g} for {v.path} (its range ends at {v.high if slope > 0 else v.low:g})"
    return ""


def described(value: object) -> str:
    """A value of a key for people."""
    return f"{value:.5g}" if isinstance(value, float) else toml_value(value)
