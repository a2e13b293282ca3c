"""Arguments and options that commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path


def as_path(ctx: click.Context, param: click.Parameter, value: str | None) -> Path | None:
    """A path of the command line; pathlib is imported here because it costs a third of `--help`."""
    from pathlib import Path

    return None if value is None else Path(value)


def some_names(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
    """What an option names, or nothing where it is not given; given and empty, as by an empty variable of a shell, it is refused."""
    if value is not None and not value.replace(",", " ").strip():
        raise click.BadParameter("names nothing; say what is meant, or leave the option out")
    return value or ""


case_argument = click.argument("case_file", metavar="CASE_FILE", type=click.Path(exists=True, dir_okay=False), callback=as_path)
set_option = click.option("--set", "overrides", metavar="PATH=VALUE", multiple=True, help="Override a value of the case; repeatable.")
case_option = click.option("--case", "case_name", metavar="NAME", help="Take one load case of [cases.*].")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
output_option = click.option(
    "-o", "--output", "output_dir", metavar="DIR", type=click.Path(), callback=as_path, help="Folder for the results."
)
force_option = click.option("--force", is_flag=True, help="Replace what is there.")
