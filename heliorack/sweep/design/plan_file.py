"""plan.json of a sweep's folder: what was asked, written before anything is solved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from heliorack.runfolder import numbered
from heliorack.runfolder.folder import FolderError

NAME = "plan.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """A sweep as it was begun."""

    kind: Literal["sweep plan"]
    title: str
    case_file: str
    points: int
    skipped: int  #: combinations that a constraint leaves out
    axes: tuple[str, ...]  #: columns of the table
    designs: tuple[dict[str, str], ...] | None  #: name of the point by load case ("" for none), by design; None: an old plan does not say
    files: dict[str, str]  #: SHA-256 of every file that a point's case names
    digest: str

    def json(self) -> dict[str, Any]:
        """Content of plan.json, its number first."""
        return numbered.numbered(self, NAME)


def read(folder: Path) -> PlanFile:
    """The plan of a sweep.

    Raises:
        FolderError: there is none.
        FormatError: of a form that this version does not read, or damaged.
    """
    try:
        return numbered.read(PlanFile, folder / NAME, _from_before)
    except OSError:
        said = f"{folder} holds no sweep (no plan.json); name the folder that was given to heliorack sweep run with -o"
        raise FolderError(said) from None


def _from_before(found: dict[str, Any]) -> dict[str, Any]:
    """A plan from before forms had numbers; the first ones said neither designs nor files."""
    return {"designs": None, "files": {}, "skipped": 0, **found}
