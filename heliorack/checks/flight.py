"""Orbit, environment, attitude, years in orbit and the kind of run fit one another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from heliorack.casefile.errors import NOTHING, listed
from heliorack.casefile.messages import Fault
from heliorack.checks.context import Facts
from orbit.elements import period
from orbit.settings import EnvironmentSettings
from power.computing.profile import Schedule
from power.computing.schedule import read_schedule


def ageing(facts: Facts) -> Iterator[Fault]:
    """Coatings that age by hours of Sun have an orbit to count them in, and years to count them over."""
    worn = aged_by_a_law(facts)
    years, power = facts.document.get("years"), facts.document.get("power")
    if years is not None and isinstance(power, dict) and "years" in power and power["years"] != years:
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


def aged_by_a_law(facts: Facts) -> list[str]:
    """Coatings on faces, or on the blankets of faces, that have aged by hours of Sun in this case."""
    if facts.document.get("life") != "eol":
        return []
    coatings, blankets = facts.coatings, facts.blankets
    named = dict.fromkeys((*(name for _, piece in facts.pieces for name in piece.coatings.values()), *facts.node_coatings))
    shown = dict.fromkeys(blankets[name].outer if name in blankets else name for name in named)
    return [name for name in shown if name in coatings and coatings[name].ageing is not None]


def fluxes(facts: Facts) -> Iterator[Fault]:
    """With an orbit, sunlight, albedo and infrared are chosen and not guessed."""
    settings = facts.document.get("environment", {})
    if "orbit" not in facts.document or not isinstance(settings, dict) or "preset" in settings or _in_chamber(facts):
        return
    if not facts.in_the_light:
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


def run(facts: Facts) -> Iterator[Fault]:
    """A periodic run repeats with an orbit, and an orbit needs an attitude."""
    if _in_chamber(facts):
        if "orbit" in facts.document:
            yield Fault(("orbit",), NOTHING, 'contradicts environment.kind = "chamber"; a test chamber has no orbit, remove one of the two')
        return
    run = facts.document.get("run", {})
    kind = run.get("kind", "periodic") if isinstance(run, dict) else None
    network = facts.document.get("network")
    if isinstance(network, dict) and "period_s" in network:
        return
    if "orbit" not in facts.document and kind == "periodic":
        said = 'missing; a periodic run repeats with its orbit; without one, set run.kind = "steady" or "transient"'
        yield Fault(("orbit",), NOTHING, said)
    if "orbit" not in facts.document and isinstance(run, dict) and "orbits" in run:
        yield Fault(("run", "orbits"), run["orbits"], "there is no [orbit] to count; give duration_s")
    by_orbit = facts.nodes and (kind == "periodic" or (isinstance(run, dict) and "orbits" in run))
    if "orbit" in facts.document and "attitude" not in facts.document and (facts.in_the_light or by_orbit):
        said = 'missing; say how the body points, as point = { axis = "+z", at = "sun" }, align = { axis = "+x", at = "nadir" }'
        yield Fault(("attitude",), NOTHING, said)


def schedules(facts: Facts) -> Iterator[Fault]:
    """A job schedule ends within the time that it repeats with."""
    run = facts.reading.built.get(("run",))
    if (run is None and "run" in facts.document) or (run is not None and run.kind == "transient"):
        return
    turn = _revolution(facts)
    for position, entry in facts.reading.items("compute"):
        if not isinstance(entry.profile, Schedule):
            continue
        name = facts.files.get(("compute", position, "profile", "file"), "")
        with suppress(ValueError):
            last = float(read_schedule(facts.folder / name)[0][-1])
            own = turn if entry.profile.period is None else entry.profile.period
            if own is not None and last >= own:
                what = "the orbit's period" if entry.profile.period is None else "profile.period_s"
                said = f"last time_s is {last:g}; expected less than {what}, {own:g} s"
                yield Fault(("compute", position, "profile", "file"), name, said)


def _revolution(facts: Facts) -> float | None:
    """Of an orbit by its altitude or semi-major axis [s]; None of others, which are not computed here."""
    orbit, settings = (facts.reading.built.get((name,)) for name in ("orbit", "environment"))
    around = settings if isinstance(settings, EnvironmentSettings) else EnvironmentSettings()
    axis = getattr(orbit, "semi_major_axis", None) or getattr(orbit, "altitude", -around.planet_radius) + around.planet_radius
    return float(period(axis, 0.0, around.gravitational_parameter)) if axis > 0.0 else None


def pointing(facts: Facts) -> Iterator[Fault]:
    """Pointing is lost within a transient, by a body that has some, and whose parts do not turn."""
    given = facts.reading.built.get(("pointing_loss",))
    if given is None:
        return
    at = ("pointing_loss", "lost_s")
    run = facts.reading.built.get(("run",))
    if "orbit" not in facts.document or "attitude" not in facts.document:
        yield Fault(("pointing_loss",), NOTHING, "needs [orbit] and [attitude]; without them there is no pointing to be lost")
    if run is None and "run" in facts.document:
        return  # has words of its own
    if run is None or run.kind != "transient":
        yield Fault(at, given.lost, 'belongs to run.kind = "transient"; elsewhere nothing happens at a time: change [attitude] itself')
        return
    for key in ("lost", "regained"):
        time = getattr(given, key)
        if time is not None and run.duration is not None and time >= run.duration:
            said = f"would be after the transient, whose run.duration_s is {run.duration:g}; leave it out, or make the run longer"
            yield Fault(("pointing_loss", f"{key}_s"), time, said)
