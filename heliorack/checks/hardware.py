"""Which keys of a case are hardware, one for all load cases, and which are conditions that a load case may change."""

from collections.abc import Iterator, Mapping, Sequence

from heliorack.casefile.errors import Problem, toml_key
from heliorack.casefile.paths import PathError, locate, spell

type Location = tuple[str | int, ...]

WHOLE = (
    "contacts",
    "skins",
    "straps",
    "materials",
    "blankets",
    "pipe_limits",
    "two_phase_loops",
    "punctures",
    "heat_pump",
)  #: tables of which every key is hardware
PART_CONDITIONS = ("heat",)  #: of [[parts]], where all else is hardware
COATING_CONDITIONS = ("solar_absorptance_eol", "infrared_emittance_eol", "ageing")  #: of [coatings.*], where all else is hardware
COMPUTE = ("parts", "chip", "theta_jc", "supply_efficiency", "supply_part")  #: hardware among the keys of [[compute]]
HEATERS = ("parts", "power")  #: of [[heaters]]
POWER = (
    "cell",
    "battery",
    "array_area",
    "array_faces",
    "array_margin",
    "array_areal_mass",
    "packing",
    "wings",
    "temperature_coefficient",
    "regulation",
    "bus_voltage",
    "series",
    "array_to_load",
    "array_to_battery",
    "battery_to_load",
    "charge_efficiency",
    "discharge_efficiency",
    "pack_capacity",
    "battery_specific_energy",
    "pack_factor",
    "electronics_specific_power",
    "mass_uncertainty",
    "shunt",
    "shunt_part",
    "electrics",
    "base_load_part",
    "battery_part",
    "regulator_part",
)  #: of [power]
NETWORK_CONDITIONS = (
    "heat",
    "heat_over_time",
    "held",
    "held_over_time",
    "start",
    "cold_start",
    "failed",
    "fails",
    "deploys",
    "on_below",
    "off_above",
    "hold",
    "set_point",
    "evaporates",
    "flow",
    "stops",
    "starts",
    "mixed",
    "absorbed",
    "period",
)  #: of [network], where all else is hardware
SAID = (
    "a load case flies the hardware of all the others: change conditions here (orbit, environment, attitude, loads, set points, life), "
    "vary hardware with `heliorack sweep`, or give the load case variant = true, which sizes it for itself"
)


def changes(base: Mapping[str, object], place: str, table: Mapping[str, object]) -> list[Problem]:
    """Every override of a load case that changes hardware of the base document; none where the load case is a variant.

    Args:
        base: The document.
        place: Of the load case, as "cases.hot".
        table: Its overrides.
    """
    if table.get("variant", base.get("variant")) is True:
        return []
    problems = []
    for path, value in table.items():
        try:
            at = locate(base, path)
        except PathError:
            continue  # has words of its own
        found = [changed for changed in _leaves(at, value, _value(base, at)) if _is_hardware(changed)]
        if found:
            named = ", ".join(dict.fromkeys(spell(base, changed) for changed in found))
            where = "" if named == path else f" ({named})"
            problems.append(Problem(f"{place}.{toml_key(path)}", value, f"changes hardware{where}; {SAID}"))
    return problems


def _value(document: object, at: Sequence[str | int]) -> object:
    here = document
    for step in at:
        if isinstance(here, Mapping):
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int):
            here = here[step]
        else:
            return None
    return here


def _leaves(at: Location, new: object, old: object) -> Iterator[Location]:
    """Places at which a new value differs from the old one."""
    if isinstance(new, Mapping) and (old is None or isinstance(old, Mapping)):
        before: Mapping[str, object] = old or {}
        for key in dict.fromkeys([*new, *before]):
            yield from _leaves((*at, key), new.get(key), before.get(key))
    elif isinstance(new, list) and isinstance(old, list) and len(new) == len(old) and all(isinstance(x, Mapping) for x in (*new, *old)):
        for i, (one, other) in enumerate(zip(new, old, strict=True)):
            yield from _leaves((*at, i), one, other)
    elif new != old:
        yield at


def _is_hardware(at: Location) -> bool:
    table = at[0]
    if table in WHOLE:
        return True
    if table == "power":
        return len(at) > 1 and _is(str(at[1]), POWER)
    if table == "network":
        return not any(_is(str(step), NETWORK_CONDITIONS) for step in at[1:])
    if table not in ("parts", "coatings", "compute", "heaters"):
        return False
    if len(at) < 3:
        return True  # another list of parts, or a whole table
    key = str(at[2])
    if table == "parts":
        return not _is(key, PART_CONDITIONS)
    if table == "coatings":
        return not _is(key, COATING_CONDITIONS)
    return _is(key, COMPUTE if table == "compute" else HEATERS)


def _is(key: str, names: Sequence[str]) -> bool:
    """Whether a key of a file is one of these, with its unit behind it or without."""
    return any(key == name or (key.startswith(f"{name}_") and key[len(name) + 1 :] in UNITS) for name in names)


UNITS = ("W", "W_m2", "degC", "kg_s", "s", "m2", "kg_m2", "V", "Wh", "Wh_kg", "W_kg", "K_W")  #: behind keys of the tables above
