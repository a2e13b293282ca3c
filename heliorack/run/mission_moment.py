"""A case at a moment of its mission: the orbit at its date, coatings, cells and battery as old as they are by then."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import cast

import numpy as np

from heliorack.case.case import Case
from heliorack.casefile.errors import NOTHING, CaseError, Problem
from heliorack.model.body import Body
from heliorack.model.worst_epoch import dated_orbit
from heliorack.results.end_of_life import worn
from orbit.calendar import Calendar, calendar
from orbit.chamber import Chamber
from orbit.kinds import Orbit
from orbit.settings import EnvironmentSettings, chosen_epoch
from orbit.track import MeanOrbit
from power.system.result import PowerResult
from power.system.settings import Power
from thermal.properties.coating import Coating

STEP = 365.25 / 48  #: d between moments of the calendar
YOUNGEST = 1e-3  #: years; an age of nothing is not one that a case can have


@dataclass(frozen=True, slots=True, eq=False)
class Mission:
    """A load case with its sizes, from a date on."""

    case: Case  #: with array and battery given
    years: float
    orbit: MeanOrbit
    start: datetime
    radius: float  #: of the planet [m]
    calendar: Calendar  #: `STEP` apart
    ages: bool  #: whether anything does

    def at(self, years: float) -> Case:
        """The case after so many years: geometry of the date, optics, cells and battery of that age.

        What the case gives for the end of its years goes there in a straight line (the cells: by the same share each year) and beyond
        it on in the same way; laws of ageing are followed.
        """
        case = self.case
        when = self.start + timedelta(days=365.25 * years)
        share = years / (case.years_in_orbit or years or 1.0)
        return replace(
            case,
            life="eol",
            years=max(years, YOUNGEST),
            orbit=cast(Orbit, self.orbit.at_date(when, self.radius)),
            coatings={name: aged_coating(coating, share) for name, coating in case.coatings.items()},
            power=None if case.power is None else aged_power(case.power, years, share),
        )


def node_coatings(case: Case) -> dict[str, Coating]:
    """Coatings of the faces of nodes."""
    if case.network is None:
        return {}
    return {face.coating: case.coatings[face.coating] for node in case.network.nodes for face in node.faces}


def mission(case: Case, body: Body | None, found: PowerResult | None, years: float) -> Mission:
    """A solved load case carried through its years.

    Args:
        case: The load case.
        body: Its hardware, meshed; None of nodes and loops alone.
        found: Its power side, whose sizes are flown.
        years: Of 365.25 days.

    Raises:
        CaseError: an orbit or attitude that cannot be walked by its beta angle.
    """
    refuse(case)
    settings = cast(EnvironmentSettings, case.environment)
    orbit = cast(MeanOrbit, dated_orbit(case).orbit)
    start = chosen_epoch(orbit, settings) or orbit.walk_start
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    step = min(STEP, 365.25 * years / 8)
    walk = calendar(orbit, start, 365.25 * years + 0.5 * step, step, settings.planet_radius)
    return Mission(flown(case, found), years, orbit, start, settings.planet_radius, walk, _ages(case, body))


def refuse(case: Case) -> None:
    """Refuse a case that cannot be carried through years; nothing where it does not ask for that.

    Raises:
        CaseError: an orbit or attitude that cannot be walked by its beta angle.
    """
    if case.run.years is None:
        return
    if case.orbit is None or case.attitude is None or isinstance(case.environment, Chamber):
        raise _refused(case, "run.years", "a life of years needs an orbit and an attitude")
    if case.orbit.no_year:
        raise _refused(case, "orbit.kind", f"{case.orbit.no_year} for run.years")
    if not cast(MeanOrbit, case.orbit).circular:
        raise _refused(case, "orbit.kind", "run.years is walked by the beta angle, which tells all of a circular orbit only")
    if case.attitude.starry:
        raise _refused(case, "attitude", "run.years is walked by the beta angle, which knows no stars")


def flown(case: Case, found: PowerResult | None) -> Case:
    """A case with what was sized as given hardware."""
    if case.power is None or found is None:
        return case
    area = found.array_area if case.power.sizes_array else case.power.array_area
    pack = found.pack_capacity if case.power.sizes_pack else case.power.pack_capacity
    return replace(case, power=replace(case.power, array_area=area, pack_capacity=pack, sizes=None))


def aged_coating(coating: Coating, share: float) -> Coating:
    """A coating after a share of the years at whose end its figures stand; one with a law follows that by itself."""
    alpha, epsilon = coating.solar_absorptance, coating.infrared_emittance
    last = coating.solar_absorptance_eol, coating.infrared_emittance_eol
    return replace(
        coating,
        solar_absorptance_eol=None if last[0] is None else float(np.clip(alpha + share * (last[0] - alpha), 0.0, 1.0)),
        infrared_emittance_eol=None if last[1] is None else float(np.clip(epsilon + share * (last[1] - epsilon), 0.01, 1.0)),
    )


def aged_power(power: Power, years: float, share: float) -> Power:
    """Array and battery after so many years, which are a share of those at whose end the figures of the case stand."""
    kept = power.battery_eol_factor
    return replace(
        power,
        life="eol",
        years=max(years, YOUNGEST),
        eol_factor=power.eol_factor**share if power.eol_factor is not None else 1.0 if power.fluence_per_year is None else None,
        battery_eol_factor=None if kept is None else max(1.0 - share * (1.0 - kept), 0.01),
    )


def lasting(power: Power, years: float) -> Power:
    """The system whose figures at end of life stand at the end of so many years, at the rates of the case."""
    return replace(aged_power(power, years, years / power.years), life=power.life)


def _ages(case: Case, body: Body | None) -> bool:
    shown = node_coatings(case) | ({} if body is None else worn(case, body))
    changes = [c.ageing is not None or aged_coating(c, 1.0).at("eol") != c.at("bol") for c in shown.values()]
    return any(changes) or (case.power is not None and case.power.ages)


def _refused(case: Case, path: str, said: str) -> CaseError:
    return CaseError(case.source, [Problem(path, NOTHING, said)])
