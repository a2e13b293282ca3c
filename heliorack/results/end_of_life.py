"""What `life = "eol"` and `years` changed in a run, and what stayed as new for want of a figure."""

from heliorack.case.case import Case
from heliorack.casefile.errors import listed
from heliorack.model.body import Body
from heliorack.model.open_faces import face_coatings
from thermal.properties.coating import Coating

type Worn = dict[str, Coating]


def worn(case: Case, body: Body) -> Worn:
    """Coatings that free faces show, by name, those of blankets' outer layers too."""
    names = [name for name, area in zip(face_coatings(body), body.face_area, strict=True) if area > 0]
    shown = dict.fromkeys(case.blankets[name].outer if name in case.blankets else name for name in names)
    return {name: case.coatings[name] for name in shown if name in case.coatings}


def remarks(case: Case, coatings: Worn) -> tuple[str, ...]:
    """Sentences for the closing lines: each coating and battery without a figure at end of life, and `years` that scale nothing."""
    if case.life == "bol":
        return _years_unused(case)
    said = []
    without = [name for name, coating in coatings.items() if not coating.has_end_of_life]
    if without:
        one = len(without) == 1
        said.append(
            f"end of life: {listed(without, 'and', most=len(without))} {'has' if one else 'have'} no figure and "
            f"{'stands' if one else 'stand'} as new; define [coatings.{without[0]}] with solar_absorptance_eol"
        )
    power = case.power
    if power is not None and power.battery_eol_factor is None and power.ageing is None:
        said.append(f"end of life: battery {power.battery} has no figure and stands as new; give power.battery_eol_factor or power.ageing")
    years = case.years_in_orbit
    if years is not None and not _scaled(case, coatings):
        said.append(f"end of life: years = {years:g} scale no figure of coatings, cells or battery here; each is a fixed one")
    return tuple(said)


def figures(case: Case, coatings: Worn) -> tuple[str, ...]:
    """Sentences for the assumptions: which fixed figures at end of life were used."""
    if case.life == "bol":
        return ()
    fixed = [
        f"{name} {coating.solar_absorptance_eol:.3g} ({coating.solar_absorptance:.3g} new)"
        for name, coating in coatings.items()
        if coating.solar_absorptance_eol is not None
    ]
    return (f"end of life: solar absorptance of {', '.join(fixed)}, whatever the years",) if fixed else ()


def _scaled(case: Case, coatings: Worn) -> bool:
    """Whether the years in orbit change a figure of this run."""
    by_law = any(coating.ageing is not None for coating in coatings.values())
    return by_law or (case.power is not None and (case.power.ageing is not None or case.power.fluence_per_year is not None))


def _years_unused(case: Case) -> tuple[str, ...]:
    """At beginning of life the years only count the battery's cycles."""
    if case.years is None or case.power is not None:
        return ()
    return (f'years = {case.years:g} did not act: life = "bol"; set life = "eol" for coatings and cells at the end of it',)
