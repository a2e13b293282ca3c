"""What `heliorack size` prints."""

from __future__ import annotations

from pathlib import Path

from heliorack.studies.sizing.constraints import Row
from heliorack.studies.sizing.figures import AmountFigures, ConstraintFigures, DifferenceFigures, LossFigures, SizeFigures, described

SHOWN = 8  #: limits that are listed beside those that bind


def words(found: SizeFigures, folder: Path | None, design: str) -> str:
    """The closing lines of a sizing."""
    lines = [f"{found.title}: {_goal(found)}" if found.title else _goal(found), ""]
    lines += [*_keys(found), "", _counted("design ", found.amounts), _counted("start  ", found.start) + _start(found), ""]
    lines += _constraints(found)
    lines += _prices(found)
    lines += _proof(found)
    lines += _losses(found.losses)
    lines += _differences(found.differences)
    lines += [f"note     {sentence}" for sentence in found.said]
    lines.append(_effort(found))
    lines.append("")
    if not found.feasible:
        lines += [
            "INFEASIBLE: no design within the ranges keeps every limit; the nearest is shown"
            if found.converged
            else "NOT FOUND: the solves were spent before a design that keeps every limit; the nearest is shown; allow more (size.solves)",
            *(f"  {said}" for said in found.nearest),
        ]
    elif found.confirmed is None:
        lines.append("SIZED, not confirmed: run the design to see it hold")
    else:
        lines.append(
            "SIZED and confirmed: every limit is kept in a run on the full mesh"
            if found.confirmed
            else "NOT CONFIRMED by the run on the full mesh"
        )
        lines += [f"  {line}" for line in found.confirming.splitlines()] if not found.confirmed else []
    if folder is not None:
        lines.append(f"design   {folder / design}")
    return "\n".join(lines)


def one_line(found: SizeFigures, asked: str) -> str:
    """The answer to --for."""
    values = ", ".join(f"{key.path} = {described(key.value)} (now {described(key.start)})" for key in found.keys)
    sizes = _sizes(found.amounts)
    if not found.feasible:
        what = "infeasible" if found.converged else "not found within the solves (size.solves); the nearest"
        return f"{asked}: {what}; {'; '.join(found.nearest)}"
    binding = next((limit for limit in found.constraints if limit.price), None)
    by = f"; set by {_on(binding)}" if binding is not None else ""
    return f"{asked}: {', '.join(filter(None, [values, sizes]))}{by}" + (
        "" if found.converged else "; the solves were spent before it settled"
    )


def _goal(found: SizeFigures) -> str:
    goal = {"mass": "the lightest", "area": "the smallest", "cost": "the cheapest", "weights": "by its weights the least"}[found.minimised]
    return f"{goal} design that keeps every limit with its margin"


def _keys(found: SizeFigures) -> list[str]:
    width = max((len(key.path) for key in found.keys), default=0)
    lines = []
    for key in found.keys:
        at = f"   at the end of its range ({key.at})" if key.at else ""
        lines.append(f"{key.path:{width}}  {described(key.start)} -> {described(key.value)}{at}")
    return lines or ["array and battery alone are sized; [size.vary] names keys that may change"]


def _counted(name: str, amounts: AmountFigures) -> str:
    mass = "no mass" if amounts.mass_kg is None else f"{amounts.mass_kg:.4g} kg"
    radiator = f"varied parts {amounts.radiator_m2:.4g} m2" if amounts.radiator_m2 else ""
    return f"{name}  " + ", ".join(filter(None, [mass, radiator, _sizes(amounts)]))


def _sizes(amounts: AmountFigures) -> str:
    array = f"array {amounts.array_m2:.4g} m2" if amounts.array_m2 else ""
    pack = f"battery {amounts.pack_Wh:.4g} Wh" if amounts.pack_Wh else ""
    return ", ".join(filter(None, [array, pack]))


def _start(found: SizeFigures) -> str:
    return "" if found.start_keeps else "; misses a limit or its margin on the sizing mesh"


def _on(limit: ConstraintFigures) -> str:
    detail = f" ({limit.detail})" if limit.detail else ""
    return f"{limit.on} {limit.kind}{detail}" + (f" in {limit.case}" if limit.case else "")


def _constraints(found: SizeFigures) -> list[str]:
    binding = [limit for limit in found.constraints if limit.binds]
    others = sorted((limit for limit in found.constraints if not limit.binds), key=lambda limit: limit.margin - limit.required)
    lines = ["limits that bind" if binding else "no limit binds"]
    lines += [f"  {_on(limit)}: {_margin(limit)}" for limit in binding]
    if others:
        lines.append("nearest of the others")
        lines += [f"  {_on(limit)}: {_margin(limit)}" for limit in others[:SHOWN]]
    return lines


def _margin(limit: ConstraintFigures) -> str:
    if limit.unit == "%":
        unit = Row(limit.case, limit.on, limit.kind).counted_in
        return f"{limit.margin:.2f} % left, {limit.calculated:.4g} against {limit.allowed:.4g} {unit}"
    must = f"{limit.required:g} K asked for"
    if limit.error_K is not None and limit.error_K > limit.required:
        must = f"more than the full mesh's error of {limit.error_K:.2f} K"
    return f"margin {limit.margin:.2f} K ({must}), {limit.calculated:.1f} against {limit.allowed:.1f} degC allowed"


def _prices(found: SizeFigures) -> list[str]:
    lines = []
    for limit in found.constraints:
        if limit.price and found.feasible:  # where no design keeps it, nothing buys a kelvin of it
            per = "kelvin" if limit.unit == "K" else "percent"
            each = [
                f"{limit.mass_kg:.3g} kg" if limit.mass_kg else "",
                f"{limit.radiator_m2:.3g} m2" if limit.radiator_m2 else "",
            ]
            if found.minimised not in ("mass", "area") or not any(each):
                each.append(f"{limit.price:.3g} of what is made least")
            lines.append(f"  {_on(limit)}: a {per} of margin costs {', '.join(filter(None, each))}")
    if found.power_kg_W:
        lines.append(f"  a watt of mean load costs {found.power_kg_W:.3g} kg of the array and battery that are sized")
    return ["prices", *lines] if lines else []


def _differences(differences: tuple[DifferenceFigures, ...]) -> list[str]:
    if not differences:
        return []
    lines = []
    for d in differences[:SHOWN]:
        of = f"  {d.on} {d.kind}{f' in {d.case}' if d.case else ''}"
        lines.append(f"{of}: margin {d.sizing:.2f} {d.unit} on the sizing mesh, {d.full:.2f} on the full one, {d.full - d.sizing:+.2f}")
    return ["sizing mesh against full mesh, at the first optimum; the search went on with the difference", *lines]


def _proof(found: SizeFigures) -> list[str]:
    """Whether it is the least design, and what that stands on."""
    told = found.proof
    if told is None or not told.beside:
        return []
    unit = "kg" if found.minimised == "mass" else "m2" if found.minimised == "area" else "of what is made least"
    by = f"{told.lighter:.2g} {unit} ({told.lighter / abs(found.objective):.2%})"
    within = f"within {100.0 * (told.within - 1.0):.0f} % of every key"
    off = f"{told.beside} designs solved beside it were foretold to {told.missed:.2g} K or %, {told.costs:.2g} {unit} by the prices"
    if told.holds:
        return [f"least    by the limits as modelled no design {within} is better by more than {by}; {off}"]
    return [f"least    NOT PROVEN: {within} the limits as modelled promise a design better by {by}; {off}; allow more solves (size.solves)"]


def _losses(losses: tuple[LossFigures, ...]) -> list[str]:
    lines = []
    for loss in losses:
        kept = "" if loss.delivered is None else f"; compute delivered {loss.delivered:.1%} of what was asked for"
        kept += "" if loss.delivered is None or loss.before is None else f" ({loss.before:.1%} without the loss)"
        lines.append(
            f"  {loss.case}: {loss.on} loses {loss.lost_K:.2f} K of its margin in {loss.compared}, {loss.margin_K:.2f} K stay{kept}"
        )
    return ["what a loss costs", *lines] if lines else []


def _effort(found: SizeFigures) -> str:
    settled = "" if found.converged else "; they were spent before the design settled (size.solves)"
    full = f", {found.full_solves} on the full mesh" if found.full_solves else ""
    return f"solves   {found.solves} on the sizing mesh: {found.sizing_mesh}{full}; {found.wall_time_s:.0f} s{settled}"
