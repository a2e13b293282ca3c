"""The envelope of several load cases: extremes of every part, and the case that each comes from."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from heliorack.results.verdicts import together


def envelope(summaries: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Extremes of every part over all load cases, tightest margin of every limit, and the case each comes from."""
    parts: dict[str, dict[str, Any]] = {}
    limits: dict[tuple[str, str, str], dict[str, Any]] = {}
    for name, summary in summaries.items():
        for part, figures in summary["parts"].items():
            row = parts.setdefault(part, {"min_degC": np.inf, "max_degC": -np.inf, "mass_kg": figures["mass_kg"]})
            if figures["min_degC"] < row["min_degC"]:
                row |= {"min_degC": figures["min_degC"], "min_in": name}
            if figures["max_degC"] > row["max_degC"]:
                row |= {"max_degC": figures["max_degC"], "max_in": name}
        for limit in summary["limits"]:
            key = (limit["on"], limit["at"], limit["side"])
            if key not in limits or limit["margin_K"] < limits[key]["margin_K"]:
                limits[key] = limit | {"in": name}
    first = next(iter(summaries.values()))
    return {
        "title": first["title"],
        "question": first["question"],
        "holds": together(s["holds"] for s in summaries.values()),
        "load_cases": {name: {"holds": s["holds"], "failures": s["failures"]} for name, s in summaries.items()},
        "hottest_case": min(summaries, key=lambda name: _heat_margin(summaries[name])),
        "parts": parts,
        "limits": list(limits.values()),
        "power": {name: s["power"] for name, s in summaries.items()},
        "first_law": {name: s["first_law"] for name, s in summaries.items()},
        "periodic": {name: s["periodic"] for name, s in summaries.items()},
        "assumptions": list(dict.fromkeys(said for s in summaries.values() for said in s["assumptions"])),
    }


def _heat_margin(summary: Mapping[str, Any]) -> float:
    """Smallest margin to an upper limit [K]; without upper limits, how far the hottest part is below none at all (its negative degC)."""
    margins = [limit["margin_K"] for limit in summary["limits"] if limit["side"] == "max"]
    return min(margins) if margins else -max(part["max_degC"] for part in summary["parts"].values())
