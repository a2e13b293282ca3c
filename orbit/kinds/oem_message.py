"""CCSDS orbit ephemeris messages as text: segments of metadata and states, from the keyword form or from XML."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from orbit.text_file import lines_of, number

STATE = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
UNITS = {"km", "km/s", "km/s**2"}  #: units that the XML form may state


@dataclass(slots=True)
class State:
    """One line of an ephemeris."""

    line: int  #: of the file, from 1
    stamp: str
    numbers: tuple[float, ...]  #: km and km/s


@dataclass(slots=True)
class Segment:
    """Metadata, each value with its line, and states."""

    line: int
    meta: dict[str, tuple[str, int]] = field(default_factory=dict)
    states: list[State] = field(default_factory=list)

    def value(self, key: str) -> str:
        """A value of the metadata, empty if there is none."""
        return self.meta.get(key, ("", 0))[0]


def segments(text: str, where: str) -> list[Segment]:
    """Segments of a message; `where` begins every refusal, as "orbit.file iss.oem".

    Raises:
        ValueError: no OEM, or a line that cannot be read; names line, value and what was expected.
    """
    found = list(_from_xml(text, where)) if text.lstrip().startswith("<") else list(_from_keywords(text, where))
    if not found or not any(segment.states for segment in found):
        raise ValueError(
            f"{where}: no CCSDS ephemeris found; expected CCSDS_OEM_VERS, META_START ... META_STOP and states, or <oem> in XML"
        )
    return found


def _from_keywords(text: str, where: str) -> Iterator[Segment]:
    segment: Segment | None = None
    section, seen = "header", False
    for line, raw in enumerate(lines_of(text), start=1):
        said = raw.strip()
        if not said or said.startswith("COMMENT"):
            continue
        if said == "META_START":
            if segment:
                yield segment
            segment, section = Segment(line), "meta"
        elif said in ("META_STOP", "COVARIANCE_STOP"):
            section = "data"
        elif said == "COVARIANCE_START":
            section = "covariance"
        elif "=" in said:
            key, value = (part.strip() for part in said.split("=", 1))
            seen = seen or key == "CCSDS_OEM_VERS"
            if section == "meta" and segment:
                segment.meta[key.upper()] = (value, line)
        elif section == "data" and segment:
            segment.states.append(_state(said.split(), line, where))
        elif section == "meta":
            raise ValueError(f"{where}, line {line}: {said[:60]!r} in the metadata; expected KEY = value, or META_STOP before the states")
    if not seen:
        return
    if segment:
        yield segment


def _state(fields: list[str], line: int, where: str) -> State:
    if len(fields) not in (7, 10):
        raise ValueError(
            f"{where}, line {line}: an ephemeris line has an epoch and 6 or 9 numbers, this one has {len(fields)} fields: "
            f"{' '.join(fields)[:60]!r}"
        )
    return State(line, fields[0], tuple(_number(text, name, line, where) for text, name in zip(fields[1:7], STATE, strict=True)))


def _number(text: str, name: str, line: int, where: str) -> float:
    try:
        return number(text)
    except ValueError as error:
        raise ValueError(f"{where}, line {line}: {name} {error}") from None


def _from_xml(text: str, where: str) -> Iterator[Segment]:
    reader = _XmlReader(where)
    yield from reader.read(text)


class _XmlReader:
    """The elements of an XML message that matter here; a document type, and with it every entity, is refused."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.path: list[str] = []
        self.words: list[str] = []
        self.found: list[Segment] = []
        self.vector: dict[str, str] = {}
        self.begun = 0  #: line of the vector
        self.unit = ""
        self.parser = expat.ParserCreate("utf-8")  # the text is decoded already, whatever its declaration says
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.words.append
        self.parser.StartDoctypeDeclHandler = self._doctype

    def read(self, text: str) -> list[Segment]:
        """Segments of a document."""
        try:
            self.parser.Parse(text.lstrip().encode("utf-8"), True)
        except expat.ExpatError as error:
            raise ValueError(f"{self.where}, line {error.lineno}: not well-formed XML ({expat.ErrorString(error.code)})") from None
        return self.found

    def _doctype(self, *ignored: object) -> None:
        raise ValueError(f"{self.where}, line {self.parser.CurrentLineNumber}: a DOCTYPE is not read; an OEM has none, remove it")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        line = self.parser.CurrentLineNumber
        if not self.path and name not in ("oem", "ndm"):
            raise ValueError(f"{self.where}, line {line}: <{name[:40]}>; expected <oem> or <ndm>, the XML form of an OEM")
        if len(self.path) > 20:
            raise ValueError(f"{self.where}, line {line}: elements nest more than 20 deep; an OEM has 7")
        if name == "segment":
            self.found.append(Segment(line))
        elif name == "stateVector":
            self.vector, self.begun = {}, line
        self.path.append(name)
        self.unit = attributes.get("units", "")
        self.words.clear()

    def _end(self, tag: str) -> None:
        name, said = self.path.pop(), "".join(self.words).strip()
        self.words.clear()
        inside = self.path[-1] if self.path else ""
        line = self.parser.CurrentLineNumber
        if inside == "metadata" and self.found:
            self.found[-1].meta[name.upper()] = (said, line)
        elif inside == "stateVector":
            if self.unit and self.unit not in UNITS:
                raise ValueError(f"{self.where}, line {line}: {name} in {self.unit!r}; expected km or km/s")
            self.vector[name.upper()] = said
        elif name == "stateVector" and self.found:
            self._vector(line)

    def _vector(self, line: int) -> None:
        missing = [name for name in ("EPOCH", *STATE) if name not in self.vector]
        if missing:
            raise ValueError(f"{self.where}, line {self.begun}: the stateVector has no {' and '.join(missing)}")
        numbers = tuple(_number(self.vector[name], name, self.begun, self.where) for name in STATE)
        self.found[-1].states.append(State(self.begun, self.vector["EPOCH"], numbers))
