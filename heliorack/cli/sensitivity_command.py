"""What the numbers of a case are worth in kelvin: `heliorack sensitivity`. Everything but click is imported where it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from heliorack.cli.options import case_argument, case_option, force_option, json_option, output_option, set_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(short_help="Say what one per cent of each number does to the margins.")
@case_argument
@output_option
@click.option("--of", "of", metavar="PART:max|min|mean", help="Of this temperature, in place of the nearest margin of each limit.")
@set_option
@case_option
@force_option
@json_option
def sensitivity(
    case_file: Path,
    output_dir: Path | None,
    of: str | None,
    overrides: tuple[str, ...],
    case_name: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Say what one per cent of each number of CASE_FILE does to the nearest margin of each limit: kelvin per per cent.

    Powers, conductivities, heat capacities, contacts, coatings, blankets and areas, by one solve and a few adjoint orbits whatever their
    number. Of several load cases each limit is taken in the one in which its margin is the nearest.

    \b
    Example:
        heliorack sensitivity server.toml
        heliorack sensitivity server.toml --case hot_operational --of "module*:max" -o out/server_sensitivity
    """
    from heliorack.runfolder.answer_folder import SENSITIVITIES
    from heliorack.runfolder.folder import refuse_cache

    if output_dir is not None:
        SENSITIVITIES.refuse_taken(output_dir, force)  # before the solvers are loaded
    refuse_cache()
    from heliorack.report import printing
    from heliorack.runtime.parallel import world
    from heliorack.runtime.progress import progress
    from heliorack.studies.sensitivity import answer, effects

    with progress(quiet=world().rank > 0) as say:
        found = effects.sensitivity(case_file, overrides, case_name, of, say)
    if output_dir is not None:
        SENSITIVITIES.take(output_dir, force)
        answer.write(found, output_dir)
    if as_json:
        printing.as_json(answer.json(found))
    else:
        click.echo(answer.words(found, output_dir))


COMMANDS = (sensitivity,)
