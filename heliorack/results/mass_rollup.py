"""Mass roll-up of a case: meshed parts by geometry and density, array, battery and electronics by their sizes; nothing twice."""

from heliorack.case.case import Case
from heliorack.casefile.patterns import matching
from heliorack.model.body import Body
from heliorack.runfolder.summary import MassFigures, MassLine
from power.system.mass import ARRAY, BATTERY, Line, MassTable, roll_up
from power.system.result import PowerResult

MESHED = "meshed parts"


def mass_table(case: Case, body: Body, power: PowerResult | None) -> MassTable:
    """Lines of a case with source and uncertainty.

    Where meshed parts are themselves the array (`array_faces`) or the battery (`battery_part`), the thing is in the model and among the
    sizes; it counts once, by the heavier of the two, and its source names the other.
    """
    lines, taken = [], 0.0
    own = _own_parts(case, body)
    for line in power.lines if power is not None else ():
        if line.kind not in own:
            lines.append(line)
            continue
        meshed = float(sum(body.part_mass[i] for i in own[line.kind]))
        taken += meshed
        lines.append(_heavier(line, meshed))
    rest = float(body.part_mass.sum()) - taken
    return roll_up(lines, ((MESHED, rest),))


def apart(power: PowerResult | None) -> MassTable:
    """Lines of array and battery alone, beside a network without meshed parts."""
    return roll_up(() if power is None else power.lines, ())


def _own_parts(case: Case, body: Body) -> dict[str | None, list[int]]:
    """Parts of the assembly that are the array and the battery, by the kind of their mass line."""
    power, a = case.power, body.assembly
    if power is None:
        return {}
    found: dict[str | None, list[int]] = {}
    if power.array_faces is not None:
        faces = [a.face_names.index(name) for name in matching(power.array_faces, a.face_names)]
        found[ARRAY] = sorted({int(a.face_part[face]) for face in faces})
    if power.battery_part is not None:
        found[BATTERY] = [a.part_names.index(name) for name in matching(power.battery_part, a.part_names)]
    return found


def _heavier(line: Line, meshed: float) -> Line:
    if line.mass is None:
        return line  # the heavier of the two is not known
    if line.mass >= meshed:
        return Line(line.name, line.mass, f"{line.source}; in place of its {meshed:.4g} kg in the model", line.uncertainty, line.kind)
    return Line(
        f"{line.kind} as meshed",
        meshed,
        f"geometry and density; in place of {line.mass:.4g} kg by its size ({line.source})",
        0.0,
        line.kind,
    )


def masses(table: MassTable) -> dict[str, float | None]:
    """Kilograms by line: meshed parts first, the total last; None of what has no size, and then of the total."""
    found = {line.name: line.mass for line in table.lines}
    return {MESHED: found[MESHED], **found, "total": table.total}


def mass_figures(table: MassTable) -> MassFigures:
    """Lines with uncertainty and source; None where an uncertainty is not known, or a mass since there is no size."""
    ordered = sorted(table.lines, key=lambda line: line.name != MESHED)
    return MassFigures(
        lines=tuple(MassLine(name=x.name, mass_kg=x.mass, uncertainty_kg=x.spread, source=x.source) for x in ordered),
        total_kg=table.total,
        uncertainty_kg=table.uncertainty,
        without_uncertainty=tuple(table.unknown),
    )
