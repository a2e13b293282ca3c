"""losses.json: what named losses cost a run, in kelvin of every part with a limit and in delivered compute."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heliorack.runfolder import numbered

NAME = "losses.json"  #: in the folder of the run


@dataclass(frozen=True, slots=True, kw_only=True)
class LossOnLimit:
    """One limit with a loss; None of what it has not without it."""

    on: str
    at: str  #: part, face or junction
    side: str
    mode: str
    hotter_K: float | None  #: over the same load case without the loss; colder where negative
    margin_K: float  #: that stays; negative where the limit is missed
    before_K: float | None  #: margin without the loss


@dataclass(frozen=True, slots=True, kw_only=True)
class LossCost:
    """One loss in one load case; None of what the case has not, or of what the loss leaves no state for."""

    case: str
    lost: str  #: in words
    on: str | None  #: the limit that has least margin with the loss: part and side
    hotter_K: float | None  #: its part, over the same load case without the loss; colder where negative
    margin_K: float | None  #: that stays
    before_K: float | None  #: of the same limit without the loss
    delivered: float | None  #: compute, of what is asked for: throttling and load that the bus does not serve taken off
    delivered_before: float | None
    throttled_min: float | None  #: device minutes per orbit
    lacking_Wh: float | None  #: of the load per orbit, once the battery has run down
    failures: tuple[str, ...]  #: what the loss breaks that held before
    battery: str = ""  #: of a loss of pointing: what it holds over the revolutions after it, in words
    limits: tuple[LossOnLimit, ...] = ()  #: every limit but those of what is lost; of numbered siblings the one with least margin


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """Content of losses.json."""

    losses: tuple[LossCost, ...]

    def json(self) -> dict[str, Any]:
        """With its number first."""
        return numbered.numbered(self, NAME)


def read(folder: Path) -> tuple[LossCost, ...]:
    """What losses cost a run; none where none was asked for.

    Raises:
        FormatError: of a form that this version does not read, or damaged.
    """
    path = folder / NAME
    return numbered.read(Losses, path).losses if path.exists() else ()
