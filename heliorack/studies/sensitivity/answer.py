"""What `heliorack sensitivity` says and leaves: tables, JSON, CSV and a picture."""

import csv
from pathlib import Path
from typing import Any

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.report.printing import cell, plain
from heliorack.runfolder import folder
from heliorack.runfolder.answer_folder import SENSITIVITIES
from heliorack.studies.sensitivity.effects import Found, Sensitivity
from heliorack.visuals.tornado import Tornado, draw

CSV, PICTURE = "sensitivity.csv", "sensitivity.png"
NOTHING = 1e-4  #: of the largest effect: what is less is not printed


def words(found: Found, target: Path | None) -> str:
    """Closing tables, one for each temperature, and what they cost."""
    lines: list[str] = []
    for one in found.sensitivities:
        shown = [e for e in one.effects if abs(e.kelvin_per_percent) >= NOTHING * abs(one.effects[0].kelvin_per_percent)]
        rows = [[e.path, cell(e.value), e.unit, f"{e.kelvin_per_percent:+.4f}"] for e in shown]
        lines += [_heading(one), *plain(["number", "value", "unit", "K_per_percent"], rows, [False, True, False, True])]
        left = len(one.effects) - len(shown)
        lines += [f"{left} more of less than {NOTHING:.0e} of the largest"] if left else []
        lines.append("")
    lines += list(found.notes)
    lines.append(cost(found))
    lines += [f"wrote {target}"] if target is not None else []
    return "\n".join(lines)


def _heading(one: Sensitivity) -> str:
    """What the temperature is, and how near its limit."""
    said = f"{one.load_case}: " if one.load_case else ""
    said += f"{one.of}, {one.temperature - ZERO_CELSIUS:.2f} degC"
    said += "" if one.time is None else f" at {one.time:.0f} s"
    return said if one.margin is None else f"{said}, margin {one.margin:.2f} K"


def cost(found: Found) -> str:
    """What the gradients cost beside the solve."""
    solve = f"solve {found.solve_seconds:.1f} s"
    solve += f" ({found.solve_orbits} orbits)" if found.solve_orbits else ""
    adjoint = f"gradients {found.adjoint_seconds:.1f} s"
    adjoint += f" ({found.adjoint_orbits} adjoint orbits)" if found.adjoint_orbits else ""
    count = len(found.sensitivities[0].effects)
    ratio = found.adjoint_seconds / max(found.solve_seconds, 1e-9)
    many = f"{len(found.sensitivities)} temperatures" if len(found.sensitivities) > 1 else "one temperature"
    return f"{solve}; {adjoint}, {ratio:.2f} of the solve, for {many} by {count} numbers each"


def json(found: Found) -> dict[str, Any]:
    """For programs."""
    return {
        "title": found.title,
        "sensitivities": [
            {
                "of": one.of,
                "load_case": one.load_case,
                "temperature_degC": one.temperature - ZERO_CELSIUS,
                "limit_degC": None if one.limit is None else one.limit - ZERO_CELSIUS,
                "margin_K": one.margin,
                "time_s": one.time,
                "effects": [
                    {"number": e.path, "value": e.value, "unit": e.unit, "K_per_percent": e.kelvin_per_percent} for e in one.effects
                ],
            }
            for one in found.sensitivities
        ],
        "notes": list(found.notes),
        "solve_s": found.solve_seconds,
        "solve_orbits": found.solve_orbits,
        "gradients_s": found.adjoint_seconds,
        "adjoint_orbits": found.adjoint_orbits,
    }


def write(found: Found, target: Path) -> None:
    """Leave the figures, as JSON and as CSV, and the picture."""
    with (target / CSV).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["load_case", "of", "number", "value", "unit", "K_per_percent"])
        for one in found.sensitivities:
            table.writerows([one.load_case, one.of, e.path, repr(e.value), e.unit, repr(e.kelvin_per_percent)] for e in one.effects)
    bars = [Tornado(_heading(one), tuple((e.path, e.kelvin_per_percent) for e in one.effects)) for one in found.sensitivities]
    (target / PICTURE).write_bytes(draw(bars, found.title or "Sensitivity"))
    folder.write_json(target / SENSITIVITIES.figures, json(found))
