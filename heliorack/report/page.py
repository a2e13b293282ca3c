"""What a report shows, of one run or of a set of load cases: the same page with one column or several."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from heliorack.casefile.patterns import siblings
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.report.packed import Pack
from heliorack.report.plots.of_exchange import heat_bands, heat_map
from heliorack.report.plots.of_heat import along_loops, heat_by_path
from heliorack.report.plots.of_life import life_of_mission
from heliorack.report.plots.of_power import array_curves, power_flows, years
from heliorack.report.plots.on_body import on_body
from heliorack.report.plots.over_time import over_time
from heliorack.report.plots.style import Figure
from heliorack.runfolder import envelope, heat_flows, losses, power_file, summary
from heliorack.runfolder.envelope import Envelope, SizesFigures, sizes
from heliorack.runfolder.heat_flows import HeatFlows
from heliorack.runfolder.losses import LossCost
from heliorack.runfolder.manifest import Manifest
from heliorack.runfolder.power_file import PowerFile
from heliorack.runfolder.summary import PowerFigures, Summary
from thermal.constants import STEFAN_BOLTZMANN

PATHS = {
    "space": "radiated to space",
    "sun": "sunlight absorbed",
    "albedo": "albedo absorbed",
    "earth_infrared": "Earth infrared absorbed",
    "compute": "compute",
    "equipment": "other equipment",
    "battery": "battery losses",
    "regulators": "regulator losses",
    "heaters": "heaters",
    "electricity": "electricity that leaves the cells",
    "base_load": "base load of the platform",
    "converters": "converters of compute loads",
    "shunt": "linear shunt",
    "heat": "heat of nodes",
    "absorbed": "absorbed by panels",
    "pumps": "pumps",
    "compressors": "compressors",
    "outlet": "carried out by the fluid",
}


@dataclass(frozen=True, slots=True)
class Radiating:
    """All that sends heat to space, as one black area."""

    area_m2: float  #: emittance x area x view of space, summed
    degC: float  #: at which it sends what is sent


@dataclass(frozen=True, eq=False)
class Page:
    """Everything that the templates ask for."""

    found: Summary | Envelope
    cases: dict[str, Summary]  #: by load case; a single run without one under ""
    folders: dict[str, Path]
    missing: tuple[str, ...]  #: load cases whose folders are not there
    about: Manifest | None
    losses: tuple[LossCost, ...] = ()  #: what named losses cost

    @property
    def several(self) -> bool:
        """Whether the page is of a set of load cases."""
        return isinstance(self.found, Envelope)

    @property
    def hottest(self) -> str:
        """The load case whose pictures are shown first."""
        return self.found.hottest_case if isinstance(self.found, Envelope) else next(iter(self.cases))

    @property
    def power(self) -> dict[str, PowerFigures | None]:
        """Power side of every load case."""
        return self.found.power if isinstance(self.found, Envelope) else {name: s.power for name, s in self.cases.items()}

    @property
    def sizes(self) -> SizesFigures | None:
        """What is sized, and what set it."""
        return self.found.sizes if isinstance(self.found, Envelope) else sizes(self.cases)

    def groups(self) -> dict[str, list[str]]:
        """Parts, numbered siblings together."""
        return siblings(list(self.found.parts))

    def extremes(self, members: list[str]) -> dict[str, tuple[float, float] | None]:
        """Coldest and hottest of some parts in every load case [degC]; None where it has none of them."""
        found: dict[str, tuple[float, float] | None] = {}
        for name, case in self.cases.items():
            there = [case.parts[part] for part in members if part in case.parts]
            found[name] = (min(part.min_degC for part in there), max(part.max_degC for part in there)) if there else None
        return found

    def paths(self) -> list[tuple[str, dict[str, float]]]:
        """Heat into the body by path and load case [W], the largest source first."""
        known = dict.fromkeys(path for case in self.cases.values() for path in case.heat_W)
        rows = [
            (PATHS.get(path, path.replace("_", " ")), {name: case.heat_W.get(path, 0.0) for name, case in self.cases.items()})
            for path in known
        ]
        return sorted(rows, key=lambda row: -max(row[1].values()))

    @cached_property
    def exchanged(self) -> dict[str, HeatFlows]:
        """Heat between the parts of the load cases that keep it."""
        read = {name: heat_flows.read(folder) for name, folder in self.folders.items()}
        return {name: found for name, found in read.items() if found is not None}

    def radiating(self) -> Radiating | None:
        """What sends heat to space in the hottest load case; None of a run that keeps no heat flows, or sends nothing there."""
        found = self.exchanged.get(self.hottest)
        bodies = () if found is None else tuple(body for body in found.bodies if body.space_area_m2 > 0)
        area, heat = sum(body.space_area_m2 for body in bodies), sum(body.space_W for body in bodies)
        if area <= 0 or heat <= 0:
            return None
        return Radiating(area, (heat / (STEFAN_BOLTZMANN * area) + bodies[0].space_K ** 4) ** 0.25 - ZERO_CELSIUS)

    def power_files(self) -> dict[str, PowerFile]:
        """power.json of the load cases that have one."""
        read = {name: power_file.read(folder) for name, folder in self.folders.items()}
        return {name: found for name, found in read.items() if found is not None}


def of_run(folder: Path, about: Manifest | None) -> Page:
    """The page of one run folder."""
    found = summary.read(folder)
    name = found.case or ""
    return Page(found, {name: found}, {name: folder}, (), about, losses.read(folder))


def of_set(folder: Path, about: Manifest | None) -> Page:
    """The page of a set of load cases, those whose folders are there."""
    found = envelope.read(folder)
    there = {name: folder / name for name in found.load_cases if (folder / name / summary.NAME).exists()}
    missing = tuple(name for name in found.load_cases if name not in there)
    return Page(found, {name: summary.read(place) for name, place in there.items()}, there, missing, about, losses.read(folder))


def packed(page: Page) -> tuple[str, dict[str, list[str]]]:
    """Everything that the page draws, as one text, and what there is of it: load cases by name of the plot."""
    pack = Pack()
    figures = _figures(page)
    document: dict[str, Any] = {
        "time": over_time(page.folders, page.cases, page.hottest, pack) if page.cases else None,
        "body": on_body(page.folders, pack),
        "figures": {name: list(each.values()) for name, each in figures.items()},
        "first": list(page.cases).index(page.hottest) if page.hottest in page.cases else 0,
    }
    there = {name: list(each) for name, each in figures.items()}
    there |= {name: [""] for name in ("time", "body") if document[name] is not None}
    return pack.text(document), there


def _figures(page: Page) -> dict[str, dict[str, Figure]]:
    """Plots that plotly draws as they are, by name and load case."""
    files, exchanged = page.power_files(), page.exchanged
    words = {path: PATHS.get(path, path.replace("_", " ")) for case in page.cases.values() for path in case.heat_W}
    by_case: dict[str, Mapping[str, Figure | None]] = {
        "power_flows": {name: power_flows(found.flows) for name, found in files.items()},
        "array_curves": {name: array_curves(found) for name, found in files.items()},
        "power_years": {name: years(found) for name, found in files.items()},
        "mission": {name: life_of_mission(found.mission) for name, found in page.cases.items() if found.mission},
        "loops": {name: along_loops(found.network.loops) for name, found in page.cases.items() if found.network},
        "heat": {"": heat_by_path(page.cases, words)},
        "heat_bands": {name: heat_bands(found, words) for name, found in exchanged.items()},
        "heat_map": {name: heat_map(found) for name, found in exchanged.items()},
    }
    drawn = {name: {case: figure for case, figure in each.items() if figure is not None} for name, each in by_case.items()}
    return {name: each for name, each in drawn.items() if each}
