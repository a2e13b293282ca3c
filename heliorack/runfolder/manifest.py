"""manifest.json of a run folder: what is needed to make the run again and to trust it. A folder with one is whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from heliorack.runfolder import numbered
from heliorack.runfolder.summary import RadiationReuse

NAME = "manifest.json"
Setting = bool | int | float | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerErrors:
    """Closure and time error of the first law, parts of the throughput."""

    closure: float
    time_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunManifest:
    """One run."""

    kind: Literal["run", "sweep point"]
    case_file: str
    load_case: str | None
    hashes: dict[str, str]  #: SHA-256 of every file that was read
    versions: dict[str, str]  #: of everything that shapes the numbers
    seeds: dict[str, int]
    solver: dict[str, Setting]
    wall_time_s: float
    ranks: int
    nodes: int
    mesh: Literal["cached", "made"]
    mesh_key: str
    radiation: RadiationReuse
    holds: bool | None
    first_law: LedgerErrors


@dataclass(frozen=True, slots=True, kw_only=True)
class PointManifest(RunManifest):
    """The run of one point of a sweep."""

    kind: Literal["sweep point"]
    point: str
    digest: str  #: of everything that its answer depends on
    guess: str | None  #: point whose state was the first guess
    figures: dict[str, Setting]  #: its row of the table


@dataclass(frozen=True, slots=True, kw_only=True)
class SetManifest:
    """Several load cases, each in a folder of its own; figures by load case."""

    kind: Literal["load cases"]
    case_file: str
    load_cases: tuple[str, ...]
    hashes: dict[str, str]
    versions: dict[str, str]
    seeds: dict[str, int]
    mesh: dict[str, Literal["cached", "made"]]
    solver: dict[str, dict[str, Setting]]
    wall_time_s: float
    holds: bool | None
    first_law: dict[str, LedgerErrors]


Manifest = RunManifest | SetManifest
KINDS: dict[str, type[Manifest]] = {"run": RunManifest, "sweep point": PointManifest, "load cases": SetManifest}


def content(manifest: Manifest) -> dict[str, Any]:
    """Content of manifest.json, its number first."""
    return numbered.numbered(manifest, NAME)


def read(folder: Path) -> Manifest:
    """The manifest of a run folder.

    Raises:
        FormatError: of a form that this version does not read, or damaged.
        FileNotFoundError: the folder is not whole.
    """
    return numbered.read(KINDS[kind_of(folder)], folder / NAME)


def kind_of(folder: Path) -> str:
    """What a folder holds, a key of `KINDS`; raises as `read`."""
    kind = str(numbered.content(folder / NAME).get("kind"))
    if kind not in KINDS:
        raise numbered.DamagedError(f"{folder / NAME} is of no run (kind = {kind}, expected one of {', '.join(KINDS)})")
    return kind
