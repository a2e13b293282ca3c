"""The two reference pages: the case file from the dataclasses that read it, the command line from its own help texts."""

from __future__ import annotations

import inspect
import json
from typing import Any

from heliorack.case.case import USUAL_KINDS, Case
from heliorack.casefile.fields import (
    Anything,
    Choice,
    Either,
    Entry,
    Flag,
    Kinds,
    Moment,
    Names,
    Number,
    Row,
    Shape,
    Table,
    Text,
    Vector,
    entries,
)
from heliorack.casefile.units import UNITS, from_si

WIDTH = 80  # columns of the help texts
USUAL = set(USUAL_KINDS.values())  # kinds that a table has when it does not say

CASE_HEAD = """# The case file

<!-- Made by docs/build.py from the dataclasses that read the case file; do not edit. -->

A case is one TOML file. **The unit stands in the key** (`altitude_km`, `power_W`, `temperature_degC`); a key without a unit is a pure
number, a text or a choice. Unknown keys are faults, with a suggestion, and all faults of a file are reported together
(`heliorack check FILE`). `heliorack schema` prints the same as a JSON schema for editors; `heliorack library` lists the materials,
coatings, blankets, coolants, chips, cells and batteries that a case may name.

- A *pattern* is a name in which `*` stands for anything, dots included: `tray.gpu*`, `radiator.*`, `wing_*:+x`.
- A *face* is written `part:face`: `panel:+x`, `can:side`. Composite parts have dotted sub-parts: `tray.gpu1`, `radiator.pipe3`.
- Where several contacts match, the last one counts; of boundaries the last of each kind, but fluxes add up;
  kinds act side by side and beside the coating.
- A table in double brackets, such as `[[parts]]`, is written once for each item; a table with several *kinds* is told apart by `kind`.
- `[cases.NAME]` holds overrides of one load case: `"path" = value`, the path as in `--set`, a list item by its `name` or its number.
- A pattern of parts or faces may leave names out: `tray.gpu* except tray.gpu3` (not in contacts, boundaries, tracking, imported parts).
- `[size]` is for `heliorack size`: `[size.vary]` names keys of the case, as in `--set`, each with `{ from = ..., to = ... }` in the unit of
  the key or `{ choices = [...] }`. The case's own value is the start. A range of `power.array_area_m2` or `power.pack_capacity_Wh`, which a
  run sizes where they are not given, bounds what it may find. No other command looks at the table.
- `[sweep]` is for `heliorack sweep`; every other command ignores what it varies. It may also stand in a file of its own that names the
  case: `case = "server.toml"` (relative to that file), then `[sweep]` and nothing else.
"""

COMMAND_HEAD = """# The command line

<!-- Made by docs/build.py from the help texts of the commands; do not edit. -->

Results go to standard output, progress to standard error. Exit code 0: the design holds, or has no limits and so no verdict; 1: it misses a
limit (or would without what --loss names), a material melts, or the solve failed; 2: the question was malformed (a fault of the case file,
the geometry or the command line); 130: Ctrl-C ended it.
"""


def case_file() -> str:
    """The page docs/case_file.md."""
    seen: set[tuple[str, type]] = set()
    lines = [CASE_HEAD, "## Top level", "", *_table(Case)]
    for key, entry in entries(Case).items():
        lines += _section(key, entry.shape, entry.description, 2, seen)
    return "\n".join(lines).rstrip() + "\n"


def command_line() -> str:
    """The page docs/command_line.md."""
    import click

    from heliorack.cli.app import cli

    context = click.Context(cli, info_name="heliorack", terminal_width=WIDTH, **cli.context_settings)
    lines = [COMMAND_HEAD, "## heliorack", "", "```text", cli.get_help(context).rstrip(), "```"]
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context, terminal_width=WIDTH)
        lines += ["", f"## heliorack {name}", "", "```text", command.get_help(inner).rstrip(), "```"]
    return "\n".join(lines) + "\n"


def _section(path: str, shape: Shape, said: str, level: int, seen: set[tuple[str, type]]) -> list[str]:
    """The tables below one key: its own, then those of its keys; what `seen` holds is not repeated."""
    listed = isinstance(shape, Row)
    inner = shape.item if isinstance(shape, Row | Names) else shape
    inner = next((option for option in inner.options if isinstance(option, Table | Kinds)), inner) if isinstance(inner, Either) else inner
    if not isinstance(inner, Table | Kinds):
        return []
    name = f"{path}.NAME" if isinstance(shape, Names) else path
    head = f"[[{name}]]" if listed else f"[{name}]"
    variants = [("", inner.cls)] if isinstance(inner, Table) else [(kind, table.cls) for kind, table in inner.variants]
    variants = [variant for variant in variants if (path, variant[1]) not in seen]
    if not variants:
        return []
    seen |= {(path, cls) for _, cls in variants}
    lines = ["", f"{'#' * level} {head}", ""]
    if len(variants) > 1:
        lines += [_sentence(said), ""] if said else []
        lines += ["Kinds: " + ", ".join(f"`{kind}`" for kind, _ in variants) + "."]
    for kind, cls in variants:
        if kind:
            lines += ["", f'{"#" * (level + 1)} {head} kind = "{kind}"', ""]
        lines += [*_said(cls), "", *_table(cls, bool(kind))]
        for key, entry in entries(cls).items():
            lines += _section(f"{path}.{key}", entry.shape, entry.description, min(level + 1 + bool(kind), 5), seen)
    return lines


def _said(cls: type) -> list[str]:
    """Docstring of a table's dataclass."""
    return [line.replace("`[[parts]]` ", "") for line in (inspect.getdoc(cls) or "").splitlines()]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _table(cls: type, kinds: bool = False) -> list[str]:
    """A row for each key."""
    rows = ["| key | value | default | meaning |", "|---|---|---|---|"]
    for key, entry in sorted(entries(cls).items(), key=lambda item: item[0] != "kind"):
        default = "required" if entry.required or (kinds and key == "kind" and entry.default not in USUAL) else _default(entry)
        said = entry.description or ("which of the kinds this is" if key == "kind" else "")
        rows.append("| " + " | ".join(_cell(text) for text in (f"`{key}`", _value(entry.shape), default, said)) + " |")
    return rows


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _value(shape: Shape) -> str:
    """What may be written, in words."""
    match shape:
        case Number(unit, bounds, whole):
            what = "whole number" if whole else "number"
            label = f" [{UNITS[unit].label}]" if UNITS[unit].label else ""
            return what + label + (f", {_bounded(bounds.sentence(unit))}" if bounds.given() else "")
        case Text():
            return "text"
        case Flag():
            return "`true` or `false`"
        case Moment():
            return "date and time (UTC)"
        case Choice(values):
            return " or ".join(f"`{json.dumps(value)}`" for value in values)
        case Vector(items):
            return (
                f"array of {len(items)}: {_value(items[0])}"
                if len(set(map(repr, items))) == 1
                else "array: " + ", ".join(map(_value, items))
            )
        case Row(item):
            return "tables" if isinstance(item, Table | Kinds) else f"array of: {_value(item)}"
        case Names(Names(_)):
            return "named tables of overrides"
        case Names(item):
            return "named tables" if isinstance(item, Table | Kinds) else f"table of: {_value(item)}"
        case Table() | Kinds():
            return "table"
        case Either(options):
            return ", or ".join(map(_value, options))
        case Anything():
            return "overrides"
    raise TypeError(shape)


def _bounded(sentence: str) -> str:
    return sentence.removeprefix("must ").removeprefix("be ").removeprefix("lie ")


def _default(entry: Entry) -> str:
    """The default in the user's unit; nothing where a table or a list is simply absent."""
    value: Any = entry.default
    if value is None or value in ((), "") or isinstance(value, dict) or isinstance(entry.shape, Table | Kinds):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`{[from_si(v, entry.unit) if isinstance(v, float) else v for v in value]}`"
    if isinstance(value, int | float):
        return f"{from_si(value, entry.unit):.10g} {UNITS[entry.unit].label}".strip()
    return f"`{json.dumps(value)}`" if isinstance(value, str) else type(value).__name__.lower()
