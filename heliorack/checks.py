"""What one table of a case cannot know: names that must exist in another, and questions that have no answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heliorack.names import matching, unmatched
from heliorack.paths import NAME
from heliorack.problems import NOTHING, listed, suggest
from heliorack.reading import Reading
from heliorack.tables import Kinds, Names, Row, Shape, Table, Text, entries, shape
from heliorack.wording import Fault, Location
from meshes.imported import Imported
from meshes.parts import AnyPart, solids
from meshes.solid import INSULATED, Solid
from power import battery, cell, chip
from power.compute import resolve
from power.profile import Schedule
from power.schedule import read_schedule
from thermal import blanket, coating, material

SUPERCONDUCTOR = 2000.0  # W/mK; above any solid that is sold by the plate, so it stands for a heat pipe and needs its limit
NAMED = ("parts", "compute", "heaters", "thermocouples")  # arrays of tables whose items have a name of their own


@dataclass(slots=True)
class Facts:
    """What is known of a document, also of one with faults."""

    document: Mapping[str, Any]
    reading: Reading
    folder: Path = Path()  #: of the case file
    pieces: list[tuple[int, Solid]] = field(default_factory=list)  #: solids, each with the position of its part
    geometry: list[Fault] = field(default_factory=list)  #: parts whose solids could not be named
    unknown: set[str] = field(default_factory=set)  #: names of parts with faults: their sub-parts are not known

    def __post_init__(self) -> None:
        good = dict(self.reading.items("parts"))
        for position, table in enumerate(tables(self.document, "parts")):
            try:
                self.pieces += [(position, piece) for piece in solids(good[position])]
            except KeyError:
                self.unknown.add(str(table.get("name", "")))
            except ValueError as error:
                self.geometry.append(Fault(("parts", position), NOTHING, str(error)))
                self.unknown.add(str(table.get("name", "")))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parts and sub-parts."""
        return tuple(piece.name for _, piece in self.pieces)

    @property
    def faces(self) -> tuple[str, ...]:
        """Names of all faces."""
        return tuple(f"{piece.name}:{face}" for _, piece in self.pieces for face in piece.faces)

    @property
    def materials(self) -> dict[str, material.Material]:
        """The library with the materials of the file."""
        return material.LIBRARY | self._own("materials")

    @property
    def coatings(self) -> dict[str, coating.Coating]:
        """The library with the coatings of the file."""
        return coating.LIBRARY | self._own("coatings")

    @property
    def blankets(self) -> dict[str, blanket.Blanket]:
        """The library with the blankets of the file."""
        return blanket.LIBRARY | self._own("blankets")

    def _own(self, table: str) -> dict[str, Any]:
        return {str(at[1]): made for at, made in self.reading.built.items() if len(at) == 2 and at[0] == table}

    def may_match(self, pattern: str) -> bool:
        """Whether a pattern could stand for something in a part that has faults of its own."""
        head = pattern.replace(":", ".").partition(".")[0]
        return bool(self.unknown) and (head in self.unknown or "*" in head or "?" in head or "" in self.unknown)


def faults(facts: Facts) -> list[Fault]:
    """Every fault between tables."""
    found = [*facts.geometry]
    for check in (
        _names,
        _files,
        _contacts,
        _skins,
        _straps,
        _boundaries,
        _loads,
        _limits,
        _materials,
        _coatings,
        _blankets,
        _ageing,
        _closed,
        _libraries,
        _heat_pipes,
        _fluxes,
        _tracking,
        _thermocouples,
        _run,
    ):
        found += check(facts)
    joints = [fault for fault in (*found, *facts.reading.faults) if fault.location[0] in ("contacts", "straps", "boundaries")]
    return found if joints else [*found, *_heat_sinks(facts)]


def merged(own: Sequence[Fault], between: Sequence[Fault]) -> list[Fault]:
    """Faults of tables and faults between them, one for each place: what the library check says of a name is said better there."""
    places = {fault.location for fault in between}
    return [*(fault for fault in own if fault.location not in places), *between]


def tables(document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Items of an array of tables; what is no table has been reported elsewhere and is empty here."""
    found = document.get(name)
    return [item if isinstance(item, dict) else {} for item in found] if isinstance(found, list) else []


def _names(facts: Facts) -> Iterator[Fault]:
    """Names are unique, and can stand in paths and folders."""
    for table in NAMED:
        seen: dict[str, str] = {}
        for position, item in enumerate(tables(facts.document, table)):
            name = item.get("name")
            if not isinstance(name, str):
                continue
            at: Location = (table, position, "name")
            if not NAME.fullmatch(name):
                yield Fault(at, name, "must be small letters, digits and _, starting with a letter, as in cold_plate")
            elif name in seen:
                yield Fault(at, name, f"used twice in {table}; every name must be its own")
            seen.setdefault(name, name)
    for name in _keys(facts.document, "cases"):
        if not NAME.fullmatch(name):
            yield Fault(("cases", name), NOTHING, "a load case names a folder: small letters, digits and _, starting with a letter")


def _files(facts: Facts) -> Iterator[Fault]:
    """Files of parts are there, and those of job schedules can be read."""
    for position, part in facts.reading.items("parts"):
        if isinstance(part, Imported) and not (facts.folder / part.file).is_file():
            said = f"no such file in {facts.folder}; paths start at the folder of the case file"
            yield Fault(("parts", position, "file"), part.file, said)
    for position, load in facts.reading.items("compute"):
        if isinstance(load.profile, Schedule):
            try:
                read_schedule(facts.folder / load.profile.file)
            except ValueError as error:
                yield Fault(("compute", position, "profile", "file"), load.profile.file, str(error))


def _keys(document: Mapping[str, Any], name: str) -> list[str]:
    found = document.get(name)
    return list(found) if isinstance(found, dict) else []


def _contacts(facts: Facts) -> Iterator[Fault]:
    for position, item in enumerate(tables(facts.document, "contacts")):
        for key, names, what in (("between", facts.names, "part"), ("faces", facts.faces, "face")):
            for side, pattern in enumerate(_pair(item, key)):
                yield from _pattern(facts, ("contacts", position, key, side), pattern, names, what)


def _pair(item: Mapping[str, Any], key: str) -> list[Any]:
    """The two ends of a contact or a strap; what is no array has been reported elsewhere."""
    found = item.get(key)
    return found if isinstance(found, list) else []


def _skins(facts: Facts) -> Iterator[Fault]:
    """Skins lie on faces and are of materials that conduct alike along the face."""
    for position, item in enumerate(tables(facts.document, "skins")):
        yield from _pattern(facts, ("skins", position, "on"), item.get("on"), facts.faces, "face")
        known = facts.materials.get(str(item.get("material")))
        if known is not None and known.k_y not in (None, known.conductivity):
            said = f"conducts {known.conductivity:g} and {known.k_y:g} W/mK; a skin has no axes: take a material alike in its plane"
            yield Fault(("skins", position, "material"), item["material"], said)


def _straps(facts: Facts) -> Iterator[Fault]:
    for position, item in enumerate(tables(facts.document, "straps")):
        for side, pattern in enumerate(_pair(item, "between")):
            yield from _pattern(facts, ("straps", position, "between", side), pattern, facts.faces, "face")


def _boundaries(facts: Facts) -> Iterator[Fault]:
    for position, item in enumerate(tables(facts.document, "boundaries")):
        yield from _pattern(facts, ("boundaries", position, "faces"), item.get("faces"), facts.faces, "face")


def _loads(facts: Facts) -> Iterator[Fault]:
    for table in ("compute", "heaters"):
        for position, item in enumerate(tables(facts.document, table)):
            yield from _pattern(facts, (table, position, "parts"), item.get("parts"), facts.names, "part")
    power = facts.document.get("power")
    given = power if isinstance(power, dict) else {}
    for position, item in enumerate(tables(facts.document, "compute")):
        yield from _pattern(facts, ("compute", position, "supply_part"), item.get("supply_part"), facts.names, "part")
    for key in ("base_load_part", "battery_part", "regulator_part", "shunt_part"):
        yield from _pattern(facts, ("power", key), given.get(key), facts.names, "part")
    yield from _pattern(facts, ("power", "array_faces"), given.get("array_faces"), facts.faces, "face")
    carrying = matching(str(given.get("array_faces")), facts.faces)
    for position, item in enumerate(tables(given, "wings")):
        at: Location = ("power", "wings", position, "faces")
        if "faces" in item and "array_faces" not in given:
            yield Fault(at, item["faces"], "belongs to array_faces, which is not given; say there which faces carry cells")
        elif carrying:
            yield from _pattern(facts, at, item.get("faces"), tuple(carrying), "face of array_faces")
    if facts.document.get("life") == "eol" and given and not {"eol_factor", "fluence_per_year"} & set(given):
        yield Fault(("power", "eol_factor"), NOTHING, 'missing; life = "eol" needs eol_factor or fluence_per_year to age the cells')


def _limits(facts: Facts) -> Iterator[Fault]:
    for position, item in enumerate(tables(facts.document, "limits")):
        at, on = ("limits", position, "on"), item.get("on")
        face = item.get("at", "part") == "face"
        if isinstance(on, str) and ":" in on and not face:
            yield Fault(at, on, 'names a face; measure it there with at = "face", or name the part alone')
        else:
            yield from _pattern(facts, at, on, facts.faces if face else facts.names, "face" if face else "part")


def _pattern(facts: Facts, at: Location, pattern: Any, names: tuple[str, ...], what: str) -> Iterator[Fault]:
    if isinstance(pattern, str) and not matching(pattern, names) and not facts.may_match(pattern):
        yield Fault(at, pattern, unmatched(pattern, names, what))


def _materials(facts: Facts) -> Iterator[Fault]:
    known = {*material.LIBRARY, *_keys(facts.document, "materials")}
    skins = [(("skins", i, "material"), s["material"]) for i, s in enumerate(tables(facts.document, "skins")) if _is_text(s, "material")]
    for at, value in (*_texts(facts, "material"), *_texts(facts, "materials"), *skins):
        if value not in known:
            yield Fault(at, value, _not_in("material", value, known, "materials", "or define [materials.NAME]"))


def _is_text(item: Mapping[str, Any], key: str) -> bool:
    return isinstance(item.get(key), str)


def _coatings(facts: Facts) -> Iterator[Fault]:
    coatings = {*coating.LIBRARY, *_keys(facts.document, "coatings"), INSULATED}
    blankets = {*blanket.LIBRARY, *_keys(facts.document, "blankets")}
    for at, value in (*_texts(facts, "coating"), *_texts(facts, "coatings")):
        if value not in coatings | blankets:
            table = "blankets" if suggest(value, coatings | blankets) in blankets else "coatings"
            yield Fault(at, value, _not_in("coating", value, coatings | blankets, table, f"or define [{table}.NAME]"))


def _blankets(facts: Facts) -> Iterator[Fault]:
    """A blanket's outer layer has a coating, and no name stands for two things."""
    coatings, blankets = _keys(facts.document, "coatings"), _keys(facts.document, "blankets")
    known = {*coating.LIBRARY, *coatings}
    for name in blankets:
        table = facts.document["blankets"][name]
        outer = table.get("outer") if isinstance(table, dict) else None
        if isinstance(outer, str) and outer not in known:
            yield Fault(("blankets", name, "outer"), outer, _wrong_outer(name, outer, {*blanket.LIBRARY, *blankets}, known))
    for name in (name for name in blankets if name in known):
        yield Fault(("blankets", name), NOTHING, "is the name of a coating too; a face could mean either, give it another name")
    for name in (name for name in coatings if name in blanket.LIBRARY and name not in blankets):
        yield Fault(("coatings", name), NOTHING, "is the name of a blanket of the library too; give it another name")
    for table, names in (("coatings", coatings), ("blankets", blankets)):
        if INSULATED in names:
            yield Fault((table, INSULATED), NOTHING, "stands for a face that exchanges no radiation; give it another name")


def _wrong_outer(name: str, outer: str, blankets: Iterable[str], coatings: Iterable[str]) -> str:
    must = "the outer layer needs a coating"
    if outer == name:
        return f"is the blanket itself; {must}, such as kapton_al_1mil"
    if outer in blankets:
        return f"is a blanket; {must}, such as kapton_al_1mil"
    if outer == INSULATED:
        return f"has no optical properties; {must}, such as kapton_al_1mil"
    return _not_in("coating", outer, coatings, "coatings", "or define [coatings.NAME]")


def _ageing(facts: Facts) -> Iterator[Fault]:
    """Coatings that age by hours of Sun have an orbit to count them in, and years to count them over."""
    worn = _aged_by_a_law(facts)
    years, power = facts.document.get("years"), facts.document.get("power")
    if years is not None and isinstance(power, dict) and power.get("years", years) != years:
        yield Fault(("years",), years, f"contradicts power.years = {power['years']}; give one of them")
    if not worn:
        return
    names = listed(worn, "and", most=3)
    if "orbit" not in facts.document:
        said = f'missing; life = "eol" ages {names} by hours of Sun, which are counted in an orbit; without one, give solar_absorptance_eol'
        yield Fault(("orbit",), NOTHING, said)
    elif years is None and not isinstance(power, dict):
        yield Fault(
            ("years",), NOTHING, f'missing; life = "eol" ages {names} by hours of Sun: give the years in orbit, here or as power.years'
        )


def _aged_by_a_law(facts: Facts) -> list[str]:
    """Coatings on faces, or on the blankets of faces, that have aged by hours of Sun in this case."""
    if facts.document.get("life") != "eol":
        return []
    coatings, blankets = facts.coatings, facts.blankets
    named = dict.fromkeys(name for _, piece in facts.pieces for name in piece.coatings.values())
    shown = dict.fromkeys(blankets[name].outer if name in blankets else name for name in named)
    return [name for name in shown if name in coatings and coatings[name].ageing is not None]


def _closed(facts: Facts) -> Iterator[Fault]:
    """Faces that claim to see no sky exist."""
    settings = facts.document.get("radiation")
    patterns = settings.get("closed") if isinstance(settings, dict) else None
    for position, pattern in enumerate(patterns if isinstance(patterns, list) else []):
        yield from _pattern(facts, ("radiation", "closed", position), pattern, facts.faces, "face")


def _texts(facts: Facts, noun: str) -> Iterator[tuple[Location, str]]:
    """Every text of a part under a key `noun` or `*_noun`, with its location."""
    parts = shape(AnyPart)
    for position, item in enumerate(tables(facts.document, "parts")):
        yield from _texts_in(parts, item, ("parts", position), noun)


def _texts_in(form: Shape, value: Any, at: Location, noun: str) -> Iterator[tuple[Location, str]]:
    match form:
        case Kinds() as kinds if isinstance(value, dict):
            variant = kinds.get(value.get("kind"))
            if variant:
                yield from _texts_in(variant, value, at, noun)
        case Table(cls) if isinstance(value, dict):
            for key, entry in entries(cls).items():
                if key in value and (key == noun or key.endswith(f"_{noun}")):
                    yield from _spelt(value[key], (*at, key))
                elif key in value and not isinstance(entry.shape, Text | Names):
                    yield from _texts_in(entry.shape, value[key], (*at, key), noun)
        case Row(item) if isinstance(value, list):
            for position, one in enumerate(value):
                yield from _texts_in(item, one, (*at, position), noun)


def _spelt(value: Any, at: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        yield from ((((*at, key)), item) for key, item in value.items() if isinstance(item, str))


def _libraries(facts: Facts) -> Iterator[Fault]:
    """Chips, solar cells and battery cells exist."""
    for position, item in enumerate(tables(facts.document, "compute")):
        name = item.get("chip")
        if isinstance(name, str) and name not in chip.LIBRARY:
            said = _not_in("chip", name, chip.LIBRARY, "chips", "or leave chip out and give peak_W and idle_W")
            yield Fault(("compute", position, "chip"), name, said)
    power = facts.document.get("power")
    for key, known in (("cell", cell.LIBRARY), ("battery", battery.LIBRARY)):
        name = power.get(key) if isinstance(power, dict) else None
        if isinstance(name, str) and name not in known:
            table = {"cell": "cells", "battery": "batteries"}[key]
            what = {"cell": "solar cell", "battery": "battery cell"}[key]
            yield Fault(("power", key), name, _not_in(what, name, known, table, ""))


def _not_in(what: str, name: str, known: Iterable[str], table: str, otherwise: str) -> str:
    meant = suggest(name, known)
    tail = ", ".join(filter(None, [f"`heliorack library {table}` lists them", otherwise]))
    return f"unknown {what}; did you mean {meant}? ({tail})" if meant else f"unknown {what}; {tail}"


def _heat_pipes(facts: Facts) -> Iterator[Fault]:
    """A conductivity that no solid has stands for a heat pipe, and a heat pipe has a limit."""
    for position, piece in facts.pieces:
        known = facts.materials.get(piece.material)
        if known is None or known.greatest_conductivity <= SUPERCONDUCTOR or piece.transport_limit is not None:
            continue
        conducts = f"{piece.name} conducts {known.greatest_conductivity:g} W/mK ({piece.material})"
        said = f"{conducts}, above {SUPERCONDUCTOR:g} as only heat pipes do; "
        cls: type = facts.reading.built["parts", position].__class__
        if "transport_limit_W_m" in entries(cls):
            yield Fault(("parts", position, "transport_limit_W_m"), NOTHING, said + "give the largest heat times distance it carries")
        elif piece.name.endswith(".vapour_chamber"):
            yield Fault(("parts", position), NOTHING, said + "give the table vapour_chamber its transport_limit_W_m")
        else:
            yield Fault(("parts", position), NOTHING, said + "make it a part of its own (box, plate, cylinder) with transport_limit_W_m")
        return


def _heat_sinks(facts: Facts) -> Iterator[Fault]:
    """Every group of parts that contacts could join has a face that loses heat."""
    if facts.unknown or not facts.pieces:
        return
    sinks = [
        str(item.get("faces")) for item in tables(facts.document, "boundaries") if item.get("kind") in ("temperature", "film", "radiation")
    ]
    held = {face.rpartition(":")[0] for pattern in sinks for face in matching(pattern, facts.faces)}
    perfect = {INSULATED, *(name for name, worn in facts.blankets.items() if not worn.passes_heat)}
    cooled = held | {piece.name for _, piece in facts.pieces if not perfect.issuperset(piece.coatings.values())}
    stranded = [group for group in _groups(facts) if not cooled.intersection(group)]
    try_this = "give a face a coating that is not insulated, a boundary (temperature, film, radiation), or a contact to a part that has one"
    for group in stranded:
        position = next(at for at, piece in facts.pieces if piece.name == group[0])
        names = listed(group, "and", most=6)
        yield Fault(("parts", position), NOTHING, f"{names} {'has' if len(group) == 1 else 'have'} no way to lose heat; {try_this}")


def _groups(facts: Facts) -> list[list[str]]:
    """Parts that contacts could join, as groups."""
    leader = {name: name for name in facts.names}

    def lead(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for ones, others in _joints(facts):
        joined = [*ones, *others] if ones and others else []
        for name in joined[1:]:
            leader[lead(name)] = lead(joined[0])
    groups: dict[str, list[str]] = {}
    for name in facts.names:
        groups.setdefault(lead(name), []).append(name)
    return list(groups.values())


def _joints(facts: Facts) -> Iterator[tuple[list[str], list[str]]]:
    """Parts at both ends of every contact, gaps left out, and of every strap."""
    for table in ("contacts", "straps"):
        for item in tables(facts.document, table):
            by_part = table == "contacts" and "between" in item
            ends = _pair(item, "between" if by_part or table == "straps" else "faces")
            if item.get("gap") is True or len(ends) != 2 or not all(isinstance(end, str) for end in ends):
                continue
            names = facts.names if by_part else facts.faces
            one, other = ([name if by_part else name.rpartition(":")[0] for name in matching(end, names)] for end in ends)
            yield one, other


def _fluxes(facts: Facts) -> Iterator[Fault]:
    """With an orbit, sunlight, albedo and infrared are chosen and not guessed."""
    settings = facts.document.get("environment", {})
    if "orbit" not in facts.document or not isinstance(settings, dict) or "preset" in settings or _in_chamber(facts):
        return
    if not facts.document.get("parts"):
        return  # an orbit alone: geometry, with the mean preset, which the output states
    if not {"solar", "solar_flux_W_m2", "albedo", "earth_ir_W_m2"} & set(settings):
        said = 'missing; "hot", "mean" or "cold", or solar = "seasonal" or solar_flux_W_m2 together with albedo and earth_ir_W_m2'
        yield Fault(("environment", "preset"), NOTHING, said)
        return
    without = [key for key in ("albedo", "earth_ir_W_m2") if key not in settings]
    if not {"solar", "solar_flux_W_m2"} & set(settings):
        yield Fault(("environment", "solar_flux_W_m2"), NOTHING, 'missing; a flux, or solar = "seasonal", or a preset for all three')
    for key in without:
        yield Fault(("environment", key), NOTHING, "missing; without a preset each of sunlight, albedo and Earth infrared must be given")


def _in_chamber(facts: Facts) -> bool:
    settings = facts.document.get("environment")
    return isinstance(settings, dict) and settings.get("kind") == "chamber"


def _tracking(facts: Facts) -> Iterator[Fault]:
    """Parts that turn exist, and each turns about one joint only."""
    turning: dict[str, int] = {}
    for position, item in enumerate(tables(facts.document, "tracking")):
        yield from _pattern(facts, ("tracking", position, "parts"), item.get("parts"), facts.names, "part")
        for name in matching(str(item.get("parts")), facts.names):
            if name in turning:
                yield Fault(("tracking", position, "parts"), item["parts"], f"{name} turns about tracking.{turning[name]} already")
            turning.setdefault(name, position)


def _thermocouples(facts: Facts) -> Iterator[Fault]:
    """Thermocouples sit on parts, and a measured file needs some."""
    for position, item in enumerate(tables(facts.document, "thermocouples")):
        yield from _pattern(facts, ("thermocouples", position, "part"), item.get("part"), facts.names, "part")
    if "measured" in facts.document and not facts.document.get("thermocouples"):
        yield Fault(("thermocouples",), NOTHING, "missing; measured temperatures need [[thermocouples]] with name, part and point_mm")


def _run(facts: Facts) -> Iterator[Fault]:
    """A periodic run repeats with an orbit, and an orbit needs an attitude."""
    if _in_chamber(facts):
        if "orbit" in facts.document:
            yield Fault(("orbit",), NOTHING, 'contradicts environment.kind = "chamber"; a test chamber has no orbit, remove one of the two')
        return
    run = facts.document.get("run", {})
    kind = run.get("kind", "periodic") if isinstance(run, dict) else None
    if "orbit" not in facts.document and kind == "periodic":
        said = 'missing; a periodic run repeats with its orbit; without one, set run.kind = "steady" or "transient"'
        yield Fault(("orbit",), NOTHING, said)
    if "orbit" not in facts.document and isinstance(run, dict) and "orbits" in run:
        yield Fault(("run", "orbits"), run["orbits"], "there is no [orbit] to count; give duration_s")
    if "orbit" in facts.document and "attitude" not in facts.document and facts.document.get("parts"):
        said = 'missing; say how the body points, as point = { axis = "+z", at = "sun" }, align = { axis = "+x", at = "nadir" }'
        yield Fault(("attitude",), NOTHING, said)


def assumptions(facts: Facts) -> Iterator[str]:
    """What a case without faults leaves out, in sentences."""
    for name in _aged_by_a_law(facts):
        yield f"{name}: darkens by the sunlight of this revolution, repeated over all years (no seasons), as its law says"
    loads = [made for _, made in facts.reading.items("compute")]
    resistive = {name for load in loads if resolve(load).theta_jc is not None for name in matching(load.parts, facts.names)}
    for _, limit in facts.reading.items("limits"):
        bare = [name for name in matching(limit.on, facts.names) if name not in resistive] if limit.at == "junction" else []
        if bare:
            yield f"{listed(bare, 'and', most=3)}: no theta_jc_K_W is given, so the limit on {limit.on} is judged at the case, not junction"
