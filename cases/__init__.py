"""Shipped design cases, sweeps over them, and where they are."""

import tomllib
from difflib import get_close_matches
from pathlib import Path

HERE = Path(__file__).resolve().parent


def names() -> tuple[str, ...]:
    """Names of the shipped cases."""
    return _files(sweeps=False)


def sweeps() -> tuple[str, ...]:
    """Names of the shipped sweeps: files that name the case they vary."""
    return _files(sweeps=True)


def _files(sweeps: bool) -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in HERE.glob("*.toml") if ("case" in tomllib.loads(file.read_text("utf-8"))) is sweeps))


def path(name: str) -> Path:
    """File of a shipped case or sweep.

    Raises:
        ValueError: there is none of that name.
    """
    known = (*names(), *sweeps())
    if name not in known:
        near = get_close_matches(name, known, n=1)
        meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(known) or 'none'}"
        raise ValueError(f"no shipped case '{name}'; {meant}")
    return HERE / f"{name}.toml"
