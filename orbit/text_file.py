"""Text files as the world writes them: byte order marks, Latin-1, Fortran's exponents; of bounded size, and never a pipe or a device."""

import codecs
import os
import re
import stat
from math import isfinite
from pathlib import Path

LARGEST = 256 * 2**20  #: bytes; a million states are a hundred of these
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[EeDd][+-]?\d+)?")


def read_text(path: str | Path, place: str, most: int = LARGEST) -> str:
    """Text of a file: by its byte order mark if it has one, else UTF-8, else Latin-1.

    Args:
        path: The file.
        place: What messages begin with, as "orbit.file".
        most: Bytes that it may hold.

    Raises:
        ValueError: a pipe, device or folder, a file above `most`, or bytes that are no text.
        OSError: it cannot be opened.
    """
    raw = read_bytes(path, place, most)
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, errors="replace")
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise ValueError(f"{place} {path}, line {line}: holds a zero byte; expected a text file")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def read_bytes(path: str | Path, place: str, most: int = LARGEST) -> bytes:
    """What a regular file of bounded size holds; raises as `read_text`. A pipe is not waited for."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise ValueError(f"{place} {path}: is a pipe, a device or a folder; expected a regular file")
        raw = file.read(most + 1)
    if len(raw) > most:
        size = max(about.st_size, len(raw)) / 2**20
        raise ValueError(
            f"{place} {path}: {size:.0f} MiB are more than the {most / 2**20:.0f} MiB that are read; leave out what is not needed"
        )
    return raw


def lines_of(text: str) -> list[str]:
    """Lines as a text editor counts them, whatever ends them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def number(text: str) -> float:
    """A finite number as Fortran, C or a person writes it.

    >>> number("1.5D+03"), number("-.25")
    (1500.0, -0.25)

    Raises:
        ValueError: with the text and what was expected.
    """
    found = text.strip()
    if NUMBER.fullmatch(found):
        value = float(found.replace("D", "E").replace("d", "e"))
        if isfinite(value):
            return value
        raise ValueError(f"{found!r} is too large; expected a finite number")
    hint = ", with a decimal point and not a comma" if NUMBER.fullmatch(found.replace(",", ".")) else ""
    raise ValueError(f"{found!r} is no number; expected a finite one such as 6878.137 or 6.878137D+03{hint}")
