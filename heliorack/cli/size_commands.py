"""What a case needs: `heliorack size`. Everything but click is imported where it is used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from heliorack.cli.group import GOOD, MISSED
from heliorack.cli.options import case_argument, case_option, force_option, json_option, output_option, set_option, some_names

if TYPE_CHECKING:
    from pathlib import Path


@click.command(short_help="Find the least design that keeps every limit.")
@case_argument
@output_option
@click.option("--no-confirm", is_flag=True, help="Leave out the run of the design that confirms it.")
@click.option(
    "--for", "asked", metavar="margin=K|PATH=VALUE", callback=some_names, help="Answer in one line: the design for this margin, or value."
)
@click.option(
    "--survive", metavar="NAMES", callback=some_names, help="Keep the limits when any one is lost: heat_pipe,pump,string=12, or names."
)
@click.option("--quick", is_flag=True, help="Closed-form sizes without a mesh, in a second or two.")
@click.option(
    "--over", "over", metavar="PATH=START:STOP:COUNT", multiple=True, help="With --quick: trade curve over a value; radiator_degC too."
)
@set_option
@case_option
@force_option
@json_option
def size(
    case_file: Path,
    output_dir: Path | None,
    no_confirm: bool,
    asked: str,
    survive: str,
    quick: bool,
    over: tuple[str, ...],
    overrides: tuple[str, ...],
    case_name: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Find the least design of CASE_FILE in which every limit holds with its margin: what [size] of the case lets vary.

    Writes the design as a case file, its figures and the run that confirms it. Exit 1 means that no design within the ranges holds.

    \b
    Example:
        heliorack size cases/gpu_tray_leo.toml -o out/tray_size
        heliorack size cases/gpu_tray_leo.toml --for margin=10
        heliorack size cases/gpu_tray_leo.toml --survive heat_pipe -o out/tray_one_lost
        heliorack size server.toml --quick --over orbit.altitude_km=400:1000:7
    """
    if over and not quick:
        raise click.UsageError("--over belongs to --quick")
    if quick:
        if output_dir or no_confirm or asked or survive or force:
            raise click.UsageError("--quick prints closed forms; leave out -o, --no-confirm, --for, --survive and --force")
        _quick(case_file, overrides, case_name, over, as_json)
        return
    if asked and (output_dir or no_confirm or survive or force):
        raise click.UsageError("--for answers in one line and writes nothing; leave out -o, --no-confirm, --survive and --force")
    from pathlib import Path

    from heliorack.runfolder.answer_folder import SIZING
    from heliorack.runfolder.folder import refuse_cache

    target = output_dir or Path("out") / f"{case_file.stem}_size"
    if not asked:
        SIZING.refuse_taken(target, force)  # before the solvers are loaded
    refuse_cache()
    from heliorack.report import printing
    from heliorack.runtime.parallel import world
    from heliorack.runtime.progress import progress
    from heliorack.studies.sizing import figures, into_folder

    comm = world()
    with progress(quiet=comm.rank > 0) as say:
        if asked:
            answered, line = into_folder.answer(case_file, asked, overrides, case_name, say, comm)
            found, holds = figures.content(answered), answered.feasible
        else:
            outcome = into_folder.size_case(case_file, target, overrides, case_name, not no_confirm, force, say, comm, survive)
            found, line, holds = outcome.json(), outcome.words(), outcome.holds
    if comm.rank == 0:
        printing.as_json(found) if as_json else click.echo(line)
    sys.exit(GOOD if holds else MISSED)


def _quick(case_file: Path, overrides: tuple[str, ...], case_name: str | None, over: tuple[str, ...], as_json: bool) -> None:
    from heliorack import load
    from heliorack.report import printing
    from heliorack.studies.quick_sizing import quick_sizes

    found = quick_sizes(load(case_file, overrides, case_name), over)
    if as_json:
        printing.as_json(found)
    else:
        rows = found["rows"]
        printing.table(list(rows[0]), [list(row.values()) for row in rows])


COMMANDS = (size,)
