"""The libraries that a case may name, each number with its source: materials, coatings, coolants, chips, cells, batteries and others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from heliorack.casefile.errors import suggest
from heliorack.casefile.units import from_si, key

type Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Library:
    """One library: where it lives, and the fields that are shown, each with the unit it is shown in."""

    module: str
    columns: tuple[tuple[str, str], ...]


LIBRARIES: dict[str, Library] = {
    "materials": Library(
        "thermal.properties.material",
        (
            ("density", "kg_m3"),
            ("specific_heat", "J_kgK"),
            ("conductivity", "W_mK"),
            ("k_y", "W_mK"),
            ("k_z", "W_mK"),
            ("service", "degC"),
            ("melting", "degC"),
        ),
    ),
    "coatings": Library(
        "thermal.properties.coating",
        (("solar_absorptance", "-"), ("infrared_emittance", "-"), ("solar_absorptance_eol", "-"), ("infrared_emittance_eol", "-")),
    ),
    "blankets": Library("thermal.properties.blanket", (("outer", "-"), ("effective_emittance", "-"), ("conductance", "W_m2K"))),
    "interfaces": Library("thermal.conduction.interface_material", (("conductivity", "W_mK"), ("thickness", "mm"), ("service", "degC"))),
    "coolants": Library(
        "thermal.fluid.coolant_figures",
        (
            ("freezing", "degC"),
            ("boiling", "degC"),
            ("density", "kg_m3"),
            ("specific_heat", "J_kgK"),
            ("conductivity", "W_mK"),
            ("viscosity", "Pa_s"),
            ("latent_heat", "J_kg"),
            ("solid_specific_heat", "J_kgK"),
            ("solid_density", "kg_m3"),
        ),
    ),
    "chips": Library(
        "power.computing.chip",
        (("peak", "W"), ("idle", "W"), ("theta_jc", "K_W"), ("junction_limit", "degC"), ("memory_limit", "degC")),
    ),
    "cells": Library("power.solar.cell", (("efficiency", "percent"), ("area", "mm2"), ("areal_mass", "kg_m2"), ("rough", "-"))),
    "batteries": Library(
        "power.storage.battery",
        (("energy", "Wh"), ("specific_energy", "Wh_kg"), ("capacity", "Ah"), ("voltage", "V"), ("mass", "g"), ("life", "-")),
    ),
}


def entries(name: str) -> Mapping[str, Any]:
    """All entries of a library, as the dataclasses of their package (SI)."""
    found: Mapping[str, Any] = import_module(LIBRARIES[name].module).LIBRARY
    return found


def rows(name: str, entry: str | None = None) -> Rows:
    """Entries of a library (or one of them) by name: each a row of shown columns and the source; None is "not published".

    Raises:
        ValueError: there is no such entry.
    """
    known = entries(name)
    if entry is None:
        return {label: _row(name, made) for label, made in known.items()}
    if entry not in known:
        meant = suggest(entry, known)
        raise ValueError(f"'{entry}' is not in {name}; {f'did you mean {meant}?' if meant else f'`heliorack library {name}` lists them'}")
    return {entry: _row(name, known[entry])}


#: figures that an entry may have over temperature: curve of the entry, its column
CURVES = (("conductivity_curve", "conductivity_W_mK"), ("heat_curve", "specific_heat_J_kgK"), ("emittance_curve", "infrared_emittance_-"))
SHOWN_POINTS = 12


def over_temperature(name: str, entry: str) -> dict[str, list[float | None]]:
    """Figures of an entry over temperature by column, `temperature_degC` first; None beyond what is known, empty where constant.

    Specific heats hold latent heat.
    """
    made = entries(name)[entry]
    if not getattr(made, "varies", False):
        return {}
    curves = {column: curve for method, column in CURVES if hasattr(made, method) and (curve := getattr(made, method)()) is not None}
    low, high = min(curve.lowest for curve in curves.values()), max(curve.highest for curve in curves.values())
    wide = low > 0 and high > 3 * low  # cryogenic fits: as many points to a decade
    step = [k / (SHOWN_POINTS - 1) for k in range(SHOWN_POINTS)]
    T = [low * (high / low) ** s if wide else low + (high - low) * s for s in step]
    found: dict[str, list[float | None]] = {"temperature_degC": [float(f"{from_si(t, 'degC'):.6g}") for t in T]}
    for column, curve in curves.items():
        found[column] = [float(f"{float(curve(t)):.5g}") if curve.lowest - 1e-9 <= t <= curve.highest + 1e-9 else None for t in T]
    return found


def search(words: str, among: Sequence[str] | None = None) -> dict[str, Rows]:
    """Entries in which every one of the words occurs, in name, kind, figures in words or source; by library, as `rows`.

    Args:
        words: Separated by spaces; upper and lower case alike, "_" and "-" as a space.
        among: Libraries to look in; all when None.
    """
    wanted = _plain(words).split()
    found: dict[str, Rows] = {}
    for library in LIBRARIES if among is None else among:
        hits = {name: row for name, row in rows(library).items() if all(word in _text(library, name, row) for word in wanted)}
        if hits:
            found[library] = hits
    return found


def _text(library: str, name: str, row: Mapping[str, Any]) -> str:
    """What is searched of one entry."""
    kind = library.removesuffix("ies") + "y" if library.endswith("ies") else library.removesuffix("s")
    return _plain(" ".join([library, kind, name, *(value for value in row.values() if isinstance(value, str))]))


SPELLINGS = {
    "_": " ",
    "-": " ",
    "aluminum": "aluminium",
    "sulfur": "sulphur",
    "anodis": "anodiz",
    "anodized": "anodize",
    "gray": "grey",
    "fiber": "fibre",
}


def _plain(text: str) -> str:
    """Lower case, with one spelling of what is spelt in two ways."""
    text = text.lower()
    for one, other in SPELLINGS.items():
        text = text.replace(one, other)
    return text


def _row(name: str, made: Any) -> dict[str, Any]:
    shown = {key(field, unit): _shown(getattr(made, field), unit) for field, unit in LIBRARIES[name].columns}
    if name == "materials":
        shown["curves_degC"] = None if not made.varies else "{:.0f} to {:.0f}".format(*(from_si(T, "degC") for T in made.known()))
    return {**shown, "source": made.source}


def _shown(value: Any, unit: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return float(f"{from_si(value, unit):.6g}")
