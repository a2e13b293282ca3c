"""The case file as text: TOML in, TOML out."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path

from heliorack.casefile.bounds import excesses
from heliorack.casefile.errors import NOTHING, CaseError, CaseSyntaxError, Problem, toml_key, toml_value
from heliorack.casefile.paths import ExcessError, loads, spell

type Document = dict[str, object]
LARGEST = 4 << 20  # bytes of a case file


def read(path: Path) -> Document:
    """The document of a file.

    Raises:
        CaseError: the file is not UTF-8 text or not TOML.
        OSError: the file cannot be read.
    """
    try:
        text = _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem(str(path), NOTHING, f"byte {error.start} is not UTF-8 text; save the file as UTF-8")
        raise CaseError(str(path), [problem]) from None
    return parse(text, str(path))


def _bytes(path: Path) -> bytes:
    """What a regular file of bounded size holds; a pipe is not waited for."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise CaseError(str(path), [Problem(str(path), NOTHING, "is a pipe, a device or a folder; expected a regular file")])
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        said = f"holds more than {LARGEST >> 20} MiB; a case is some kilobytes, and names files for what is large"
        raise CaseError(str(path), [Problem(str(path), NOTHING, said)])
    return raw


def parse(text: str, source: str) -> Document:
    """The document of a text; `source` names it in messages.

    Raises:
        CaseSyntaxError: with line, column and the line itself.
        CaseError: it nests too deeply, or holds values that no case has (`bounds`).
    """
    try:
        document = loads(text)
    except ExcessError as error:
        raise CaseError(source, [Problem(source, NOTHING, str(error))]) from None
    except tomllib.TOMLDecodeError as error:
        message = str(error)
    else:
        beyond = excesses(document)
        if beyond:
            raise CaseError(source, [Problem(spell(document, at) or source, found, said) for at, found, said in beyond])
        return document
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
