"""The command line: each command parses, calls one function and prints. Everything but click is imported where it is used."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from heliorack import __version__
from heliorack.cli import file_commands, model_commands, result_commands, sensitivity_command, size_commands
from heliorack.cli.group import MALFORMED, Commands
from heliorack.cli.options import as_path, case_argument, case_option, force_option, json_option, set_option
from heliorack.runtime.collector import collect_seldom

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY_NAMES = ("materials", "coatings", "blankets", "interfaces", "coolants", "chips", "cells", "batteries")


class Sweeps(click.Group):
    """Commands of sweeps, which have a file of their own: `heliorack --help` does without it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Commands in the order of the work."""
        return list(self._all())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command of sweeps."""
        return self._all().get(cmd_name)

    @staticmethod
    def _all() -> dict[str, click.Command]:
        from heliorack.cli.sweep_commands import COMMANDS

        return COMMANDS


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="heliorack", message="%(prog)s %(version)s")
def cli() -> None:
    """Does this server live in this orbit, and what array, battery and radiator does it need?

    \b
    Example:
        heliorack new server.toml
        heliorack run server.toml -o out/server
    """


@cli.group(cls=Sweeps, short_help="Run many designs of one case, here or on a cluster.")
def sweep() -> None:
    """Run many designs of one case, on this machine or on a cluster.

    \b
    Example:
        heliorack sweep run cases/radiator_trade.toml -o out/trade
    """


@cli.command(short_help="Write a new case, or a sweep, from a shipped one.")
@click.argument("case_file", metavar="FILE", type=click.Path(dir_okay=False), callback=as_path)
@click.option("--template", default="edge_node", show_default=True, help="Shipped case or sweep to start from, as gpu_tray_leo.")
@click.option(
    "--network",
    metavar="TEXT",
    type=click.Path(exists=True, dir_okay=False),
    callback=as_path,
    help="Start from a network of another program: nodes, GL and GR, as `export --to glgr` writes them.",
)
@force_option
def new(case_file: Path, template: str, network: Path | None, force: bool) -> None:
    """Write FILE, a new case, from a shipped one; of a shipped sweep also the case that it varies, beside FILE.

    Cases: edge_node, gpu_tray_leo, gpu_tray_loop, rack_120kw, rack_120kw_two_phase; systems of the news: starcloud_rack, suncatcher_node,
    bifacial_panel, ai1_radiator, dawn_dusk_node. Sweeps: radiator_trade, beta_season, uncertainty.

    \b
    Example:
        heliorack new server.toml --template gpu_tray_leo
        heliorack new trade.toml --template radiator_trade
        heliorack new unit.toml --network unit.d
    """
    if network is not None:
        from heliorack.export import network_case

        if click.get_current_context().get_parameter_source("template") is not ParameterSource.DEFAULT:
            raise click.UsageError("--template and --network both say what to start from; keep one of the two")
        network_case.new(network, case_file, force)
        click.echo(f"wrote {case_file}; next: heliorack check {case_file}")
        return
    import cases
    from heliorack.case.templates import TemplateError, write

    try:
        written = write(template, case_file, force)
    except TemplateError as error:
        raise click.UsageError(str(error)) from None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--template") from None
    following = f"sweep run {case_file} --dry-run" if template in cases.sweeps() else f"check {case_file}"
    click.echo(f"wrote {' and '.join(map(str, written))}; next: heliorack {following}")


@cli.command(short_help="Judge a case without its geometry: all faults at once.")
@case_argument
@set_option
@case_option
@json_option
def check(case_file: Path, overrides: tuple[str, ...], case_name: str | None, as_json: bool) -> None:
    """Judge CASE_FILE without its geometry: every fault at once, each with its place.

    \b
    Example:
        heliorack check server.toml
    """
    from heliorack.report import printing
    from heliorack.studies import case_check

    found = case_check.summary(case_file, overrides, case_name)
    if as_json:
        printing.as_json(found)
    else:
        click.echo(case_check.words(found), err=bool(found["problems"]))
    if found["problems"]:
        sys.exit(MALFORMED)


@cli.command(short_help="List materials, coatings, chips and more, with sources.")
@click.argument("library", metavar="[KIND]", required=False, type=click.Choice(LIBRARY_NAMES))
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--search", "wanted", metavar="WORDS", help="Entries with all these words in name, kind or source.")
@json_option
def library(library: str | None, name: str | None, wanted: str | None, as_json: bool) -> None:
    """List what a case may name, each number with its source. An empty field was not published and is yours to give.

    KIND: materials, coatings, blankets, interfaces, coolants, chips, cells or batteries.

    \b
    Example:
        heliorack library coatings z93
        heliorack library materials al_6061_t6_nist
        heliorack library --search "black anodize"
    """
    from heliorack.casefile import library as libraries
    from heliorack.report import printing

    if wanted is not None and name is not None:
        raise click.UsageError("--search looks among entries; leave out NAME")
    asked = [library] if library else list(LIBRARY_NAMES)
    try:
        found = {each: libraries.rows(each, name) for each in asked} if wanted is None else libraries.search(wanted, asked)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="NAME") from None
    curves = {each: libraries.over_temperature(each, name) for each in asked if name is not None}
    if as_json:
        for each, table in curves.items():
            if name is not None and table:
                found[each][name]["over_temperature"] = table
        printing.as_json(found[library] if library and wanted is None else found)
        return
    if not found:
        click.echo(f"no entry with '{wanted}' in name, kind or source; fewer words find more", err=True)
    for title, rows in found.items():
        if not library:
            click.echo(f"\n{title}")
        headers = ["name", *next(iter(rows.values()))]
        printing.table(headers, [[key, *row.values()] for key, row in rows.items()])
        if curves.get(title):
            click.echo()
            printing.table(list(curves[title]), list(zip(*curves[title].values(), strict=True)))


@cli.command(short_help="Print the JSON schema of the case file.")
@json_option
def schema(as_json: bool) -> None:
    """Print the JSON schema of the case file, for editors that complete and check; it is JSON with or without --json.

    \b
    Example:
        heliorack schema > heliorack.schema.json
    """
    from heliorack.case.case import schema as case_schema
    from heliorack.report import printing

    printing.as_json(case_schema())


for command in (
    *model_commands.COMMANDS,
    *result_commands.COMMANDS,
    *size_commands.COMMANDS,
    *sensitivity_command.COMMANDS,
    *file_commands.COMMANDS,
):
    cli.add_command(command)


def main() -> None:
    """Entry point of the command `heliorack`."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # sparse solves of this size lose by threads; ranks and load cases use the cores
    collect_seldom()
    cli.main(prog_name="heliorack")
