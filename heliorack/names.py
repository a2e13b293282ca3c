"""Names and patterns of parts and faces: "tray.gpu*", "panel:+x"."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from heliorack.problems import listed, suggest

EXCEPT = " except "  #: between a pattern and what it does not stand for


def matching(pattern: str, names: Sequence[str]) -> tuple[str, ...]:
    """Names that a pattern stands for, in their order; `*` also spans dots, and names after " except " are left out.

    >>> matching("tray.gpu*", ("tray.board", "tray.gpu1", "tray.gpu2"))
    ('tray.gpu1', 'tray.gpu2')
    >>> matching("tray.* except tray.gpu1", ("tray.board", "tray.gpu1", "tray.gpu2"))
    ('tray.board', 'tray.gpu2')
    """
    wanted, *left_out = pattern.split(EXCEPT)
    return tuple(name for name in names if fnmatchcase(name, wanted) and not any(fnmatchcase(name, one) for one in left_out))


def unmatched(pattern: str, names: Sequence[str], what: str) -> str:
    """What to say of a pattern that stands for nothing; `what` is "part" or "face".

    >>> unmatched("tray.cold_plat", ("tray.board", "tray.cold_plate"), "part")
    'no such part; did you mean tray.cold_plate?'
    """
    if any(name.startswith((pattern + ".", pattern + ":")) for name in names):
        joint = "." if any(name.startswith(pattern + ".") for name in names) else ":"
        return f"stands for no single {what}; did you mean {pattern}{joint}*?"
    said = f"matches no {what}" if "*" in pattern or "?" in pattern else f"no such {what}"
    meant = suggest(pattern.rstrip("*?"), names)
    return f"{said}; did you mean {meant}?" if meant else f"{said}; there are {listed(names, 'and')}" if names else said
