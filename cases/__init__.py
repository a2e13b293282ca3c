"""Shipped design cases and where they are."""

from difflib import get_close_matches
from pathlib import Path

HERE = Path(__file__).resolve().parent


def names() -> tuple[str, ...]:
    """Names of the shipped cases."""
    return tuple(sorted(file.stem for file in HERE.glob("*.toml")))


def path(name: str) -> Path:
    """File of a shipped case.

    Raises:
        ValueError: there is no case of that name.
    """
    if name not in names():
        near = get_close_matches(name, names(), n=1)
        meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(names()) or 'none'}"
        raise ValueError(f"no shipped case '{name}'; {meant}")
    return HERE / f"{name}.toml"
