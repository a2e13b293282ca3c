"""What a case can be asked: `heliorack orbit | mesh | run`. Everything but click is imported where it is used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from heliorack.cli.group import GOOD, LEFT_IN, MISSED
from heliorack.cli.options import as_path, case_argument, case_option, force_option, json_option, output_option, set_option, some_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from heliorack.run.run_cases import Outcome
    from heliorack.runfolder.losses import LossCost


@click.command(short_help="Period, beta angle, eclipse, and the heat on each face.")
@case_argument
@click.option(
    "--face", "faces", metavar="PATTERN", multiple=True, help="Take these faces only; repeatable. With --year the largest of them."
)
@click.option("--plot", metavar="FILE", type=click.Path(dir_okay=False), callback=as_path, help="Draw the revolution: .png, .svg, .pdf.")
@click.option("--year", is_flag=True, help="Walk a year: hottest and coldest revolution of a face, eclipse seasons.")
@click.option("--days", type=float, metavar="N", help="Length of the walk, instead of 365.25.")
@click.option("--start", metavar="DATE", help="Start of the walk (UTC), as 2027-01-01.")
@click.option("-o", "--output", "output_dir", metavar="DIR", type=click.Path(), callback=as_path, help="Folder for the calendar.")
@force_option
@set_option
@case_option
@json_option
def orbit(
    case_file: Path,
    faces: tuple[str, ...],
    plot: Path | None,
    year: bool,
    days: float | None,
    start: str | None,
    output_dir: Path | None,
    force: bool,
    overrides: tuple[str, ...],
    case_name: str | None,
    as_json: bool,
) -> None:
    """Print period, beta angle, eclipse and the heat on each face of the case; with --year its worst cases and eclipse seasons.

    \b
    Example:
        heliorack orbit server.toml --set orbit.altitude_km=600
    """
    if not year and (force or any(option is not None for option in (days, start, output_dir))):
        raise click.UsageError("--days, --start, -o and --force belong to --year")
    if year and plot:
        raise click.UsageError("--plot draws one revolution; with --year, -o DIR writes the picture")
    if plot and plot.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise click.BadParameter(f"{plot} must end in .png, .svg or .pdf", param_hint="--plot")
    from heliorack import load
    from heliorack.report import printing
    from heliorack.report.orbit_words import print_revolution, print_year
    from heliorack.runfolder.answer_folder import CALENDAR
    from heliorack.studies import orbit_year, orbital_heating

    if output_dir is not None:
        CALENDAR.refuse_taken(output_dir, force)
    begin = orbit_year.as_date(start) if start else None
    case = load(case_file, overrides, case_name)
    if year:
        figures = orbit_year.year_figures(case, faces, begin, 365.25 if days is None else days, output_dir)
    else:
        figures = orbital_heating.orbit_figures(case, faces, plot)
    if as_json:
        printing.as_json(figures)
    elif year:
        print_year(figures)
    else:
        print_revolution(figures)


@click.command(short_help="Mesh a case: its parts, what touches, how fine.")
@case_argument
@click.option("--report", is_flag=True, help="Add quality, volumes against the drawing, faces, and what a run will cost.")
@click.option("--study", is_flag=True, help="Run the case on three meshes and extrapolate its hottest temperatures.")
@click.option("--png", metavar="FILE", type=click.Path(dir_okay=False), callback=as_path, help="Draw parts and contacts to a file.")
@click.option("--view", "window", is_flag=True, help="Open the mesh in a window.")
@click.option("--exploded", type=click.FloatRange(0, 20), default=0.0, metavar="FACTOR", help="Draw parts apart: 1 shows every contact.")
@set_option
@case_option
@json_option
def mesh(
    case_file: Path,
    report: bool,
    study: bool,
    png: Path | None,
    window: bool,
    exploded: float,
    overrides: tuple[str, ...],
    case_name: str | None,
    as_json: bool,
) -> None:
    """Mesh CASE_FILE and list parts, touching pairs and sizes; faults of the geometry come up here.

    \b
    Example:
        heliorack mesh server.toml --report --png server.png --exploded 1
    """
    if study and (report or png or window):
        raise click.UsageError("--study runs meshes of its own; ask for --report, --png or --view without it")
    if exploded and not (png or window):
        raise click.UsageError("--exploded belongs to --png or --view")
    if png and png.suffix.lower() != ".png":
        raise click.BadParameter(f"{png} must end in .png", param_hint="--png")
    from heliorack import load
    from heliorack.report import printing
    from heliorack.report.mesh_words import print_report, print_study, print_summary
    from heliorack.runtime.parallel import world
    from heliorack.runtime.progress import progress
    from heliorack.studies import mesh_convergence, mesh_report, mesh_summary

    comm, case = world(), load(case_file, overrides, case_name)
    if png or window:
        from heliorack.visuals.mesh_picture import refuse_blind

        refuse_blind(window)
    with progress(quiet=comm.rank > 0) as say:
        if study:
            found = mesh_convergence.mesh_study(case, say)
        else:
            body = mesh_summary.body_of(case, say)
            found = mesh_report.mesh_report(case, body) if report else mesh_summary.summary_of(body)
    if comm.rank > 0:
        return
    if png or window:
        from heliorack.visuals.mesh_picture import show

        show(case.title, body, png, window, exploded)
    if as_json:
        printing.as_json(found)
    elif study:
        print_study(found)
    elif report:
        print_report(found)
    else:
        print_summary(found)


@click.command(short_help="Solve a case: temperatures, power, verdict, pictures.")
@case_argument
@output_option
@set_option
@case_option
@force_option
@click.option("--resume", is_flag=True, help="Go on with an interrupted run of the same case and folder.")
@click.option("--no-pictures", is_flag=True, help="Draw none; `heliorack view` draws them later.")
@click.option(
    "--processes", metavar="N", type=click.IntRange(min=1), help="For load cases side by side; by cores and free memory (3 GB each)."
)
@click.option("--years", metavar="N", help="Walk the life of the mission too: seasons and ageing through N years (run.years).")
@click.option("--reduced", is_flag=True, help="Periodic states by a reduced model where its error is small (solver.reduced).")
@click.option(
    "--loss", metavar="NAMES", callback=some_names, help="What the loss of each costs: heat_pipe,pump,sun_pointing,string=12, or names."
)
@json_option
def run(
    case_file: Path,
    output_dir: Path | None,
    overrides: tuple[str, ...],
    case_name: str | None,
    force: bool,
    resume: bool,
    no_pictures: bool,
    processes: int | None,
    years: str | None,
    reduced: bool,
    loss: str,
    as_json: bool,
) -> None:
    """Solve CASE_FILE, all its load cases, and write temperatures, power and pictures.

    Exit 1 means that the design misses a limit, as it is or without anything that --loss names.

    \b
    Example:
        heliorack run server.toml -o out/server
        heliorack run server.toml -o out/server --years 10
        heliorack run server.toml -o out/server --loss heat_pipe,string=12
    """
    overrides += () if years is None else (f"run.years={years}",)
    overrides += ("solver.reduced=true",) if reduced else ()
    from pathlib import Path

    from heliorack.runtime.beside import dismiss, start_ahead
    from heliorack.runtime.collector import loading

    if case_name is None:
        start_ahead(case_file, processes, "heliorack.run.loaded")
        click.get_current_context().call_on_close(dismiss)  # of a case that is refused
    from heliorack.runfolder import folder
    from heliorack.runtime.parallel import speaks
    from heliorack.runtime.progress import progress

    target = output_dir or Path("out") / case_file.stem
    folder.refuse_taken(target, force)  # before the solvers are loaded
    folder.refuse_cache()
    click.get_current_context().meta[LEFT_IN] = folder.partial(target)
    with progress(quiet=not speaks()) as say:
        with loading():
            from heliorack.run.run_cases import Ways, run_cases
            from heliorack.runtime.parallel import world
            from heliorack.studies import loss_cost

        comm, ways = world(), Ways(not no_pictures, processes)
        if loss:
            loss_cost.check_losses(case_file, overrides, loss)
        outcome = run_cases(case_file, overrides, case_name, target, force, resume, say, comm, ways)
        costs = loss_cost.loss_costs(outcome, loss, say, comm) if loss else ()
    if comm.rank == 0:
        _print_run(outcome, costs, as_json)
    missed = outcome.holds is False or any(cost.failures for cost in costs)
    sys.exit(MISSED if missed else GOOD)  # without limits there is nothing to miss


def _print_run(outcome: Outcome, costs: Sequence[LossCost], as_json: bool) -> None:
    """What was reused to standard error, the verdict and what losses cost to standard output."""
    from heliorack.report import printing
    from heliorack.report.trust_words import reuse_lines
    from heliorack.studies import loss_cost

    for key in outcome.reused:
        click.echo(f"mesh reused from the cache: {key[:12]}", err=True)
    for line in reuse_lines(outcome.summaries):
        click.echo(line, err=True)
    if as_json:
        printing.as_json(outcome.json() | ({"losses": loss_cost.rows(costs)} if costs else {}))
    else:
        click.echo("\n".join([outcome.summary(), *([""] if costs else []), *loss_cost.words(costs)]))


COMMANDS = (orbit, mesh, run)
