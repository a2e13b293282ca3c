"""Folders of studies that are no runs, known by the files that they hold. Imports nothing heavy: a taken place is refused at once."""

from dataclasses import dataclass
from pathlib import Path

from heliorack.runfolder.folder import FolderError, refuse_unwritable


@dataclass(frozen=True, slots=True)
class AnswerFolder:
    """What a study leaves in a folder of its own."""

    what: str  #: as "a sizing"
    none: str  #: as "no sizing"
    figures: str  #: file that is written last
    others: tuple[str, ...] = ()  #: files that tell the same of a study that was stopped

    def refuse_taken(self, target: Path, force: bool = False) -> None:
        """Refuse a place that holds something else, or such an answer that may not be replaced, or where nothing can be written.

        Raises:
            FolderError: one of these.
        """
        refuse_unwritable(target)
        if not target.is_dir() or not any(target.iterdir()):
            return
        if not any((target / name).exists() for name in (self.figures, *self.others)):
            raise FolderError(f"{target} is not empty and holds {self.none}; choose another folder with -o")
        if not force:
            raise FolderError(f"{target} holds {self.what}; choose another folder with -o, or --force to replace it")

    def take(self, target: Path, force: bool = False) -> None:
        """Make the folder; figures of an earlier answer are removed, since they are no longer those of what lies there.

        Raises:
            FolderError: the place is taken, or cannot be written.
        """
        self.refuse_taken(target, force)
        (target / self.figures).unlink(missing_ok=True)
        try:
            target.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FolderError(f"cannot write to {target.parent} ({error.strerror or error}); choose another folder with -o") from error


DESIGN = "design.toml"  #: case file of the least design
SIZING = AnswerFolder("a sizing", "no sizing", "size.json", (DESIGN,))
SENSITIVITIES = AnswerFolder("sensitivities", "no sensitivities", "sensitivity.json")
CALENDAR = AnswerFolder("a calendar", "no calendar", "calendar.csv")
