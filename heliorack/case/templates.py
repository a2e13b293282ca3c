"""Writes a shipped case, or a shipped sweep with the case that it varies, as the start of the user's own."""

from __future__ import annotations

import tomllib
from pathlib import Path


class TemplateError(ValueError):
    """A file is in the way; says which and what to try."""


def write(template: str, target: Path, force: bool = False) -> tuple[Path, ...]:
    """Write a shipped file to `target`, and beside it the case that it names under that case's own name.

    Args:
        template: Name of a shipped case or sweep.
        target: File to write.
        force: Replace what is there.

    Returns:
        What was written, `target` first; a base case that lies there already, word for word, is not written again.

    Raises:
        ValueError: there is no such template.
        TemplateError: something else is there.
        OSError: a file cannot be written.
    """
    import cases

    source = cases.path(template)
    text = source.read_text(encoding="utf-8")
    if target.exists() and not force:
        raise TemplateError(f"{target} exists; give another name, or --force to replace it")
    wanted = {target: text}
    named = tomllib.loads(text).get("case")
    if named is not None:
        wanted |= _base(source.parent / named, target, force)
    for path, content in reversed(wanted.items()):
        path.write_text(content, encoding="utf-8")
    return tuple(wanted)


def _base(source: Path, target: Path, force: bool) -> dict[Path, str]:
    """The case that a sweep varies, where it is to be written."""
    place, text = target.with_name(source.name), source.read_text(encoding="utf-8")
    if place == target:
        raise TemplateError(f"{target} is what the sweep calls the case that it varies; give the sweep another name")
    if place.exists():
        if place.read_text(encoding="utf-8") == text:
            return {}
        if not force:
            raise TemplateError(
                f"{place}, which the sweep varies, exists and is another case; choose another folder, or --force to replace it"
            )
    return {place: text}
