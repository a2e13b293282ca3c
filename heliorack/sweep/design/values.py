"""What a document says at a path, also where the value is a default or stands in the library; and changes relative to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from heliorack.case.case import Case
from heliorack.casefile.document import Document
from heliorack.casefile.errors import NOTHING, Problem, shown, toml_key
from heliorack.casefile.fields import Either, Entry, Kinds, Names, Row, Shape, Table, Vector, entries
from heliorack.casefile.messages import worded
from heliorack.casefile.notes import in_file
from heliorack.casefile.paths import Override, locate, overridden, split
from heliorack.casefile.validation import faults
from heliorack.sweep.design.axes import Change, Overrides
from thermal.properties import blanket, coating, material

LIBRARIES = ("materials", "coatings", "blankets")  #: tables of a case in which a name of the library may be replaced


class ChangeError(ValueError):
    """A change of a value that is not there, or no number; `problem` says which."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(f"{problem.place()}   {problem.message}")


def scaled(path: str, factor: float) -> Change:
    """The change that multiplies the case's own value; of one that is 0 it has a problem, since no factor changes it."""

    def times(value: float) -> float:
        if value == 0:
            raise ChangeError(
                Problem(path, NOTHING, 'the case says 0 here, which no factor changes; sample it with apply = "value" or "add"')
            )
        return value * factor

    return lambda document: _relative(document, path, times)


def added(path: str, difference: float) -> Change:
    """The change that adds to the case's own value."""
    return lambda document: _relative(document, path, lambda value: value + difference)


def _relative(document: Document, path: str, law: Callable[[float], float]) -> Overrides:
    entry = library_entry(document, path)
    written = overridden(document, [Override(*item) for item in entry])
    return (*entry, (path, float(f"{law(number_at(written, path)):.12g}")))


def number_at(document: Document, path: str) -> float:
    """The number at a path, in the unit of the file.

    Raises:
        ChangeError: there is none.
        PathError: the path leads nowhere.
    """
    value = value_at(document, path)
    if isinstance(value, bool) or not isinstance(value, int | float):
        if value is None and (unknown := _unknown(document, path)):
            raise ChangeError(Problem(path, NOTHING, unknown))
        said = "the case says nothing here to scale or add to" if value is None else f"the case says {shown(value)}, which is no number"
        raise ChangeError(Problem(path, NOTHING, f'{said}; sample it with apply = "value"'))
    return float(value)


def _unknown(document: Document, path: str) -> str:
    """What is wrong with the key of a path, or one on its way, that no table has; empty for a key that may be given."""
    given = overridden(document, [Override(path, 0.0)])
    location = locate(given, path)
    errors = [error for error in faults(Case, given) if error["type"] == "extra_forbidden"]
    return next((fault.message for fault in worded(Case, given, errors) if fault.location == location[: len(fault.location)]), "")


def value_at(document: Document, path: str) -> Any:
    """The value at a path as the file would write it: the document's, or the default; None where there is neither."""
    here: Any = document
    form: Shape | None = Table(Case)
    missing = False
    for step in locate(document, path):
        form, entry = _inside(form, here, step)
        if not missing:
            try:
                here = here[step]
                continue
            except (KeyError, IndexError, TypeError):
                missing = True
                here = in_file(entry.shape, entry.default) if entry is not None and not entry.required else None
        else:
            here = here.get(step) if isinstance(here, dict) else None
    return here


def _inside(form: Shape | None, value: Any, step: str | int) -> tuple[Shape | None, Entry | None]:
    """Shape of one key or item of a shape, and its entry where it is a key."""
    if isinstance(form, Either):
        form = next((each for each in form.options if isinstance(each, Table | Kinds)), None)
    if isinstance(form, Kinds):
        form = form.get(value.get("kind")) if isinstance(value, dict) else None
    match form:
        case Table(cls):
            entry = entries(cls).get(str(step))
            return (entry.shape if entry else None), entry
        case Row(item) | Names(item):
            return item, None
        case Vector(items) if isinstance(step, int) and step < len(items):
            return items[step], None
    return None, None


def library_entry(document: Document, path: str) -> Overrides:
    """The override that writes out an entry of the library, where a path goes into one that the document does not have."""
    steps = split(path)
    if len(steps) < 3 or steps[0] not in LIBRARIES:
        return ()
    own: object = document.get(steps[0])
    if isinstance(own, dict) and steps[1] in own:
        return ()
    libraries: dict[str, Any] = {"materials": material.LIBRARY, "coatings": coating.LIBRARY, "blankets": blanket.LIBRARY}
    library = libraries[steps[0]]
    if steps[1] not in library:
        return ()
    found = library[steps[1]]
    return ((f"{steps[0]}.{toml_key(steps[1])}", in_file(Table(type(found)), found)),)
