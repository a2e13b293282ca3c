"""Another planet than the Earth has another gravity, other fluxes, and no equator that the house knows."""

from __future__ import annotations

from collections.abc import Iterator

from heliorack.casefile.errors import NOTHING, listed
from heliorack.casefile.messages import Fault
from heliorack.checks.context import Facts
from orbit.elements import EARTH_RADIUS, MU
from orbit.settings import EnvironmentSettings

NEAR = 0.01  # of the Earth's radius; within it lie all radii that stand for the Earth (6357 km polar, 6371 km mean)
OWN = ("solar_flux_W_m2", "albedo", "earth_ir_W_m2")


def planet(facts: Facts) -> Iterator[Fault]:
    """A radius other than the Earth's comes with its gravitational parameter, fluxes of its own and an orbit without an equator."""
    settings, given = facts.reading.built.get(("environment",)), facts.document.get("environment")
    if not isinstance(settings, EnvironmentSettings) or not isinstance(given, dict):
        return
    strange = abs(settings.planet_radius / EARTH_RADIUS - 1) > NEAR
    pulled = settings.gravitational_parameter != MU
    if not strange and not pulled:
        return
    if strange and not pulled:
        said = (
            f"is not the Earth's ({EARTH_RADIUS / 1e3:g} km), whose gravity the orbit would have; another planet needs "
            'gravitational_parameter_km3_s2 (Moon 4902.8, Mars 42828), its own fluxes and orbit.kind = "beta"'
        )
        yield Fault(("environment", "planet_radius_km"), given.get("planet_radius_km"), said)
        return
    if strange != pulled:
        said = "is not the Earth's (398600.44 km3/s2), but planet_radius_km is; give the radius of the same planet"
        yield Fault(("environment", "gravitational_parameter_km3_s2"), given.get("gravitational_parameter_km3_s2"), said)
    orbit = facts.document.get("orbit")
    kind = orbit.get("kind") if isinstance(orbit, dict) else None
    if kind not in (None, "beta"):
        said = 'counts from the Earth\'s equator, with its flattening and its place in the year; about another planet use kind = "beta"'
        yield Fault(("orbit", "kind"), kind, said)
    missing = [key for key in OWN if key not in given]
    if missing:
        said = f"missing; about another planet than the Earth give {listed(OWN, 'and')}, each its own"
        yield Fault(("environment", missing[0]), NOTHING, said)
