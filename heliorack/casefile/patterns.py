"""Names and patterns of parts and faces: "tray.gpu*", "panel:+x"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from heliorack.casefile.errors import suggest, there_are

EXCEPT = " except "  #: between a pattern and what it does not stand for


def matching(pattern: str | Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """Names that a pattern, or any of several, stands for, in their order; `*` also spans dots, and names after " except " are left out.

    >>> matching("tray.gpu*", ("tray.board", "tray.gpu1", "tray.gpu2"))
    ('tray.gpu1', 'tray.gpu2')
    >>> matching("tray.* except tray.gpu1", ("tray.board", "tray.gpu1", "tray.gpu2"))
    ('tray.board', 'tray.gpu2')
    >>> matching(["rack", "tray.gpu?"], ("tray.gpu1", "tray.board", "rack"))
    ('tray.gpu1', 'rack')
    """
    if not isinstance(pattern, str):
        found = {name for one in pattern for name in matching(one, names)}
        return tuple(name for name in names if name in found)
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
    return f"{said}; did you mean {meant}?" if meant else f"{said}; {there_are(names)}" if names else said


def pairs(one: str, other: str, names: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of names that two patterns stand for: all with the one where one side is a single name, else those in which `*` is the same.

    Raises:
        ValueError: several names on both sides that do not pair off one to one, or a name paired with itself.

    >>> pairs("plate*:+z", "panel:-z", ("plate1:+z", "plate2:+z", "panel:-z"))
    [('plate1:+z', 'panel:-z'), ('plate2:+z', 'panel:-z')]
    >>> pairs("plate*:+z", "sink*:-z", ("plate1:+z", "plate2:+z", "sink1:-z", "sink2:-z"))
    [('plate1:+z', 'sink1:-z'), ('plate2:+z', 'sink2:-z')]
    """
    left, right = matching(one, names), matching(other, names)
    if min(len(left), len(right)) <= 1:
        found = [(a, b) for a in left for b in right]
    else:
        stands = [{_stands_for(pattern, name): name for name in side} for pattern, side in ((one, left), (other, right))]
        if [len(stand) for stand in stands] != [len(left), len(right)] or set(stands[0]) != set(stands[1]):
            raise ValueError(
                f"{one} names {len(left)} and {other} {len(right)}, and it is not clear which goes with which; name one face at one end, "
                "or write both so that * stands for the same in each pair"
            )
        found = [(name, stands[1][stand]) for stand, name in stands[0].items()]
    for a, b in found:
        if a == b:
            raise ValueError(f"{a} at both ends")
    return found


def _stands_for(pattern: str, name: str) -> tuple[str, ...]:
    """What the wildcards of a pattern stand for in a name that it matches."""
    pieces = re.split(r"(\*|\?|\[[^\]]+\])", pattern.split(EXCEPT)[0])
    wanted = "".join(
        {"*": "(.*)", "?": "(.)"}.get(piece, f"({piece.replace('[!', '[^')})" if piece[:1] == "[" else re.escape(piece)) for piece in pieces
    )
    matched = re.fullmatch(wanted, name, re.DOTALL)
    return matched.groups() if matched else (name,)


def siblings(names: Sequence[str]) -> dict[str, list[str]]:
    """Names that differ only in their numbers, under one common name.

    >>> siblings(["panel", "tray.gpu1", "tray.gpu2", "tray.gpu3", "tray.cpu1"])
    {'panel': ['panel'], 'tray.gpu1..3': ['tray.gpu1', 'tray.gpu2', 'tray.gpu3'], 'tray.cpu1': ['tray.cpu1']}
    """
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(re.sub(r"\d+", "#", name), []).append(name)
    return {_common(members): members for members in found.values()}


def _common(members: list[str]) -> str:
    """One name for siblings: numbers that vary become lowest..highest."""
    if len(members) == 1:
        return members[0]
    numbers = list(zip(*(re.findall(r"\d+", name) for name in members), strict=True))
    shown = iter([ns[0] if len(set(ns)) == 1 else f"{min(ns, key=int)}..{max(ns, key=int)}" for ns in numbers])
    return re.sub(r"\d+", lambda match: next(shown), members[0])


def gathered(sentences: Sequence[str]) -> list[str]:
    """Sentences that differ only in their numbers, once each, with how many more there are.

    >>> gathered(["gpu1: 3 K too hot", "gpu2: 2 K too hot", "ssd1: 3 K too hot"])
    ['gpu1: 3 K too hot (and 1 alike)', 'ssd1: 3 K too hot']
    """
    found: dict[str, list[str]] = {}
    for sentence in sentences:
        found.setdefault(re.sub(r"-?\d+(\.\d+)?", "#", sentence), []).append(sentence)
    return [alike[0] + (f" (and {len(alike) - 1} alike)" if len(alike) > 1 else "") for alike in found.values()]
