"""A finished run folder, read back into typed objects."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from heliorack.runfolder import envelope, fields, heat_flows, history, manifest, notebook, power_file, summary, surface_file
from heliorack.runfolder.comparison import Comparison, case_document, compare
from heliorack.runfolder.envelope import Envelope
from heliorack.runfolder.folder import FolderError, partial
from heliorack.runfolder.heat_flows import HeatFlows
from heliorack.runfolder.manifest import RunManifest, SetManifest
from heliorack.runfolder.notebook import Table, by_part
from heliorack.runfolder.power_file import PowerFile
from heliorack.runfolder.summary import Summary
from heliorack.runfolder.surface import Surface
from heliorack.runfolder.surface_file import Skin

MEAN = " mean_degC"  #: headings of history.csv


@dataclass(frozen=True, slots=True)
class FinishedCase:
    """One solved case and its folder."""

    folder: Path
    manifest: RunManifest  #: what is needed to make the run again and to trust it
    summary: Summary  #: every figure of summary.json, units in the names

    @property
    def history(self) -> Table:
        """Columns of history.csv by name, one value per sample: `time_s`, and of every part `PART mean_degC`, `min_degC` and `max_degC`."""
        return Table(history.read_history(self.folder))

    def mesh(self, at: float | str = "hottest") -> Any:
        """The mesh with temperatures [degC] at the kept moment nearest to `at`, a `pyvista.MultiBlock` with a block for each part.

        Args:
            at: Seconds, "hottest" or "coldest".

        Raises:
            ViewError: no fields are kept, or the moment is outside of the run.
        """
        import pyvista

        return by_part(pyvista.read(fields.moment(self.folder, str(at)).path))

    def compare(self, other: FinishedCase) -> Comparison:
        """What differs from another solved case, in inputs and in results."""
        return compare(self.summary, other.summary, case_document(self.folder), case_document(other.folder))

    def heat_flows(self) -> HeatFlows | None:
        """Mean heat between parts, and the conductors of the network that they make; None of a run that does not keep it."""
        return heat_flows.read(self.folder)

    def _repr_html_(self) -> str:
        """Verdict and extremes."""
        return notebook.html(self.summary)

    def power(self) -> PowerFile | None:
        """Flows, orbit and array curves of the power side; None for a case without [power].

        Raises:
            FormatError: of a form that this version does not read.
        """
        return power_file.read(self.folder)

    def moments(self) -> tuple[float, ...]:
        """Times of the kept temperature fields [s]; of nodes and loops alone, which have no mesh, those of `history`.

        Raises:
            ViewError: the folder keeps none, as points of a sweep without --fields.
        """
        if self.manifest.nodes and not self.summary.cells:
            return tuple(dict.fromkeys(self.history["time_s"].tolist()))
        return tuple(frame.time for frame in fields.frames(self.folder))

    def means(self, at: float | str = "hottest") -> dict[str, float]:
        """Mean temperature of every part and node [degC] at the sample of `history` nearest to `at`.

        Args:
            at: Seconds, or "hottest" or "coldest": when anything is.

        Raises:
            ViewError: it is neither, or outside of the run.
        """
        table = self.history
        sample = fields.nearest(table, table["time_s"], str(at))
        return {name.removesuffix(MEAN): float(values[sample]) for name, values in table.items() if name.endswith(MEAN)}

    def temperature(self, at: float | str = "hottest") -> Surface:
        """Temperatures [degC] on the outside of the mesh at the kept moment nearest to `at`: seconds, "hottest" or "coldest".

        Raises:
            ViewError: no fields are kept, or the moment is outside of the run.
        """
        return fields.read_surface(fields.moment(self.folder, str(at)).path)

    def absorbed(self) -> Skin:
        """Absorbed sunlight, albedo and infrared [W/m2] and view to space on every facet, and which facets the Sun sees when.

        Raises:
            SurfaceError: the folder keeps none.
            FormatError: of a form that this version does not read.
        """
        return surface_file.read(self.folder)


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """What `heliorack run` left: one solved case, or all load cases of one."""

    folder: Path
    cases: dict[str, FinishedCase]  #: by load case, in the order of the file; a run without load cases is under ""
    about: RunManifest | SetManifest  #: what is needed to make it again

    @property
    def holds(self) -> bool | None:
        """Whether every load case keeps all its limits; None where none misses and one has no limits to keep."""
        return envelope.together(case.summary.holds for case in self.cases.values())

    @property
    def envelope(self) -> Envelope:
        """Extremes over all load cases, and the case that each comes from."""
        return envelope.envelope({name: case.summary for name, case in self.cases.items()})

    def compare(self, other: FinishedRun) -> dict[str, Comparison]:
        """What differs from another run, by the load cases that both have; of two runs of one load case each, between these."""
        if len(self.cases) == len(other.cases) == 1:
            (name, one), two = next(iter(self.cases.items())), other.case()
            return {name: one.compare(two)}
        return {name: case.compare(other.cases[name]) for name, case in self.cases.items() if name in other.cases}

    def _repr_html_(self) -> str:
        """Verdict and extremes of every load case."""
        return "".join(notebook.html(case.summary) for case in self.cases.values())

    def case(self, name: str | None = None) -> FinishedCase:
        """The load case of that name, or the only one.

        Raises:
            KeyError: there is none of that name.
            ValueError: there are several, and no name is given.
        """
        known = ", ".join(self.cases)
        if name is None:
            if len(self.cases) > 1:
                raise ValueError(f"{self.folder} holds {len(self.cases)} load cases ({known}); say which one")
            return next(iter(self.cases.values()))
        if name not in self.cases:
            raise KeyError(f"{self.folder} holds no load case '{name}'; there are {known or 'none'}")
        return self.cases[name]


def open_run(folder: str | PathLike[str]) -> FinishedRun:
    """Read a finished run folder back: of one run, of a set of load cases, or of one point of a sweep.

    Args:
        folder: As given to `heliorack run` with -o, or to `heliorack.run`.

    Raises:
        FolderError: there is no finished run.
        FormatError: the folder is of a form that this version does not read, or damaged; the message says what to do.
    """
    place = Path(folder)
    if not (place / manifest.NAME).exists():
        raise FolderError(_unfinished(place))
    about = manifest.read(place)
    if isinstance(about, SetManifest):
        return FinishedRun(place, {name: _case(place / name) for name in about.load_cases}, about)
    return FinishedRun(place, {about.load_case or "": _case(place)}, about)


def _case(place: Path) -> FinishedCase:
    if not (place / manifest.NAME).exists():
        raise FolderError(_unfinished(place))
    about = manifest.read(place)
    if not isinstance(about, RunManifest):
        raise FolderError(f"{place} holds no single run")
    return FinishedCase(place, about, summary.read(place))


def _unfinished(place: Path) -> str:
    """Why a folder is no finished run, and what to do."""
    if partial(place).exists():
        return (
            f"{place} is not finished: {partial(place)} holds what is done so far; `heliorack run CASE -o {place} --resume` goes on with it"
        )
    if not place.exists():
        return f"{place} does not exist; name the folder that was given to `heliorack run` with -o"
    if (place / "plan.json").exists():
        return f"{place} holds a sweep; name the folder of one of its points, as they stand in table.csv"
    return f"{place} holds no finished run (no {manifest.NAME}); name the folder that was given to `heliorack run` with -o"
