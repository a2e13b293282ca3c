"""Worst cases of a sizing that the case file does not have: hot for upper limits, cold for lower ones, the longest eclipse for the bus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from heliorack.case.case import Case
from heliorack.casefile.document import Document
from heliorack.casefile.errors import CaseError
from heliorack.model.surroundings import surroundings
from orbit.settings import EnvironmentSettings
from power.computing.profile import Constant

HOT, COLD, DARK, GIVEN = "size_hot", "size_cold", "size_power", "as_given"
STEPS = 90  #: of the environment, for its eclipse
NEAR = 0.99  #: of the longest eclipse of the year: near enough


@dataclass(frozen=True, slots=True)
class WorstCases:
    """Load cases to be added to a document, and what was looked at, in sentences."""

    added: dict[str, dict[str, object]]
    said: tuple[str, ...]

    def into(self, document: Document) -> Document:
        """The document with them; where it had no load cases, its base table becomes one."""
        if not self.added:
            return document
        own = document.get("cases")
        before: Mapping[str, object] = own if isinstance(own, Mapping) and own else {GIVEN: {}}
        return {**document, "cases": {**before, **self.added}}


def worst_cases(base: Case, cases: Mapping[str, Case]) -> WorstCases:
    """What is missing among the load cases of a file for a sizing.

    Looked for are, where there are limits or sizes that they bear on: the highest flux with aged optics (upper limits), the lowest with
    new ones (lower limits), and the lowest flux in the longest eclipse of the year (array and battery). Loads are those of the base
    table; in the cold case what is constant idles.

    Args:
        base: Of the file.
        cases: Its load cases, none where it has none.
    """
    every = tuple(cases.values()) or (base,)
    settings = base.environment
    if base.orbit is None or base.run.kind == "transient":
        return WorstCases({}, ("no worst case is added: there is no orbit, or the run is a transient",))
    if not isinstance(settings, EnvironmentSettings) or _own_fluxes(settings):
        return WorstCases({}, ("no worst case is added: the case gives its own fluxes",))
    added: dict[str, dict[str, object]] = {}
    said: list[str] = []
    if any(limit.max is not None for limit in base.limits):
        _hot(base, every, added, said)
    if any(limit.min is not None for limit in base.limits):
        _cold(base, every, added, said)
    if base.power is not None:
        _dark(base, every, added, said)
    return WorstCases(added, tuple(said))


def _own_fluxes(settings: EnvironmentSettings) -> bool:
    return any(value is not None for value in (settings.solar, settings.solar_flux, settings.albedo, settings.earth_ir))


def _preset(case: Case) -> str:
    settings = case.environment
    return (settings.preset or "mean") if isinstance(settings, EnvironmentSettings) else "mean"


def _hot(base: Case, every: tuple[Case, ...], added: dict[str, dict[str, object]], said: list[str]) -> None:
    power = base.power
    ages = power is None or power.array_ages
    life = "eol" if ages else "bol"
    if any(_preset(case) == "hot" and case.life == life for case in every):
        return
    added[HOT] = {"environment.preset": "hot", "life": life}
    optics = "aged optics" if ages else "new optics (the case does not say how its array ages, so nothing can be flown aged)"
    said.append(f"added {HOT}, the worst case of upper limits that the file lacks: highest flux, {optics}, loads of the base table")


def _cold(base: Case, every: tuple[Case, ...], added: dict[str, dict[str, object]], said: list[str]) -> None:
    if any(_preset(case) == "cold" and case.life == "bol" for case in every):
        return
    profiles: dict[str, object] = {
        f"compute.{entry.name}.profile": {"kind": "constant", "utilisation": 0.0}
        for entry in base.compute
        if isinstance(entry.profile, Constant)
    }
    added[COLD] = {"environment.preset": "cold", "life": "bol", **profiles}
    left = ", what follows a schedule as it is" if len(profiles) < len(base.compute) else ""
    idle = f"compute idle{left}" if base.compute else "what is heated stays so"
    said.append(f"added {COLD}, the worst case of lower limits that the file lacks: lowest flux, new optics, {idle}")


def _dark(base: Case, every: tuple[Case, ...], added: dict[str, dict[str, object]], said: list[str]) -> None:
    """The bus: lowest flux, and the longest eclipse where the orbit has a calendar."""
    if not any(_preset(case) == "cold" for case in every):
        added[DARK] = {"environment.preset": "cold"}
        said.append(f"added {DARK}, the worst case of array and battery that the file lacks: lowest flux, loads of the base table")
    if not hasattr(base.orbit, "walk_start"):  # as `orbit.track.MeanOrbit` has it
        said.append(
            "the longest eclipse of the year is not looked for: this kind of orbit has no calendar; its eclipse is that of the case"
        )
        return
    try:
        longest = _eclipse(base.override('orbit.epoch="longest_eclipse"'))
        have = max(_eclipse(case) for case in every if _preset(case) == "cold") if DARK not in added else 0.0
    except (CaseError, TypeError, ValueError):
        said.append("the longest eclipse of the year is not looked for: this orbit cannot be carried through a year")
        return
    if have >= NEAR * longest:
        return
    missing = DARK not in added
    added[DARK] = {"environment.preset": "cold", "orbit.epoch": "longest_eclipse"}
    if missing:
        said.append(
            f"added {DARK}, the worst case of array and battery that the file lacks: lowest flux in the longest eclipse of the year, "
            f"{longest / 60:.1f} min (the file's {have / 60:.1f} min), loads of the base table"
        )
    else:
        said[-1] = said[-1].replace("lowest flux,", f"lowest flux in the longest eclipse of the year, {longest / 60:.1f} min,")


def _eclipse(case: Case) -> float:
    """Time without sunlight per revolution [s], penumbra by its light."""
    import numpy as np

    env = surroundings(case, STEPS)
    return 0.0 if env is None else float(np.trapezoid(1.0 - env.illumination, env.times))
