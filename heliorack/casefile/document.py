"""The case file as text: TOML in, TOML out."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from heliorack.casefile.errors import NOTHING, CaseError, CaseSyntaxError, Problem, toml_key, toml_value

type Document = dict[str, object]


def read(path: Path) -> Document:
    """The document of a file.

    Raises:
        CaseError: the file is not UTF-8 text or not TOML.
        OSError: the file cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        problem = Problem(str(path), NOTHING, f"byte {error.start} is not UTF-8 text; save the file as UTF-8")
        raise CaseError(str(path), [problem]) from None
    return parse(text, str(path))


def parse(text: str, source: str) -> Document:
    """The document of a text; `source` names it in messages.

    Raises:
        CaseSyntaxError: with line, column and the line itself.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
    lines = text.replace("\r\n", "\n").split("\n")
    where = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    line, column = (int(where[1]), int(where[2])) if where else (len(lines), len(lines[-1]) + 1)
    said = message[: where.start()] if where else message.replace(" (at end of document)", ", and the file ends here")
    raise CaseSyntaxError(source, line, column, f"not TOML: {said[0].lower()}{said[1:]}", lines[min(line, len(lines)) - 1])


def write(document: Document) -> str:
    """TOML text of a document: plain keys, then tables, then arrays of tables; `parse(write(d)) == d`."""
    lines: list[str] = []
    _write_table(lines, (), document)
    return "\n".join(lines).lstrip("\n") + "\n"


def _write_table(lines: list[str], name: tuple[str, ...], table: Document) -> None:
    for key, value in table.items():
        if not isinstance(value, dict) and not _is_tables(value):
            lines.append(f"{toml_key(key)} = {toml_value(value)}")
    for key, value in table.items():
        inner = (*name, key)
        title = ".".join(map(toml_key, inner))
        if isinstance(value, dict):
            lines.extend(["", f"[{title}]"])
            _write_table(lines, inner, value)
        elif isinstance(value, list) and _is_tables(value):
            for item in value:
                lines.extend(["", f"[[{title}]]"])
                _write_table(lines, inner, item)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
