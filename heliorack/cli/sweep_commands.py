"""`heliorack sweep`: many designs of one case."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from heliorack.cli.group import GOOD, MISSED
from heliorack.cli.options import as_path, case_argument, force_option, json_option, output_option, set_option, some_names

if TYPE_CHECKING:
    from pathlib import Path

    from heliorack.sweep.design.plan import Plan
    from heliorack.sweep.execution.engine import SweepOutcome

WITHIN = 0.3  #: K, that a point of --reduced may be off
SYSTEMS = ("slurm", "pbs", "lsf", "sge")

cases_option = click.option("--cases", metavar="NAME,...", callback=some_names, help="Load cases of every point; the first one by default.")
points_option = click.option(
    "--max-points", type=click.IntRange(1), metavar="N", help="Refuse more points than that; sweep.most_points by default."
)

folder_argument = click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False), callback=as_path)


@click.command(short_help="Solve every point of [sweep] that is not whole yet.")
@case_argument
@output_option
@set_option
@cases_option
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Processes; one per core by default, jobs on a cluster.")
@click.option("--slurm", metavar="KEY=VALUE,...", help="Workers are jobs of Slurm, as --slurm queue=normal,walltime=01:00:00.")
@click.option("--pbs", metavar="KEY=VALUE,...", help="Workers are jobs of PBS.")
@click.option("--lsf", metavar="KEY=VALUE,...", help="Workers are jobs of LSF.")
@click.option("--sge", metavar="KEY=VALUE,...", help="Workers are jobs of Grid Engine.")
@click.option("--scheduler", metavar="ADDRESS", help="Use a dask scheduler that is there, as tcp://host:8786.")
@click.option("--ranks", type=click.IntRange(1), default=1, metavar="N", help="Every point is itself an MPI run of N ranks.")
@click.option("--dry-run", is_flag=True, help="Count the points; time and disk by those that are there, else by two.")
@click.option("--emit-job-array", is_flag=True, help="Print one command line per point, for sites without dask.")
@points_option
@click.option("--retry-failed", is_flag=True, help="Solve points again that failed before.")
@click.option("--fields", is_flag=True, help="Keep fields, pictures and report of every point; solves those without again.")
@click.option("--reduced", is_flag=True, help="Points by a reduced model, made from few of them, wherever it is near enough.")
@click.option("--within", type=click.FloatRange(0.0, min_open=True), metavar="K", help="What --reduced may be off; 0.3 by default.")
@force_option
@json_option
def run(
    case_file: Path,
    output_dir: Path | None,
    overrides: tuple[str, ...],
    cases: str,
    workers: int | None,
    scheduler: str | None,
    ranks: int,
    dry_run: bool,
    emit_job_array: bool,
    max_points: int | None,
    retry_failed: bool,
    fields: bool,
    reduced: bool,
    within: float | None,
    force: bool,
    as_json: bool,
    **systems: str | None,
) -> None:
    """Solve every point of [sweep] in CASE_FILE that is not whole yet; the same command goes on with a sweep that was stopped.

    Exit 0 means that every point is solved, whether its design holds or not; 1 that points failed or the sweep was stopped.

    \b
    Example:
        heliorack sweep run cases/radiator_trade.toml -o out/trade
        heliorack sweep run cases/uncertainty.toml -o out/uncertainty --reduced
        heliorack sweep run cases/radiator_trade.toml -o out/trade --slurm queue=normal --workers 20
    """
    asked = {name: options for name, options in systems.items() if options is not None}
    if len(asked) + (scheduler is not None) > 1:
        raise click.UsageError("--slurm, --pbs, --lsf, --sge and --scheduler exclude one another")
    _refuse_at_odds(emit_job_array, ranks, fields, reduced, within)
    from pathlib import Path

    from heliorack.report import printing

    plan = _plan(case_file, overrides, cases, max_points)
    target = output_dir or Path("out") / case_file.stem
    if emit_job_array:
        words = _point_words(target, overrides, cases, max_points, fields)
        _emit(plan, target, case_file, words, {"fields": fields, "force": force, "retry_failed": retry_failed})
        return
    if dry_run:
        from heliorack.sweep.execution import estimate

        found = estimate.estimate(plan, workers or _cores(), fields, target)
        printing.as_json(found) if as_json else click.echo(estimate.words(found))
        return
    from heliorack.runfolder.folder import refuse_cache

    refuse_cache()
    kind, options = next(iter(asked.items()), ("scheduler", scheduler) if scheduler else ("local", ""))
    more = {"fields": fields, "force": force, "retry_failed": retry_failed}
    outcome = _run(plan, target, kind, options or "", workers, ranks, more, (within or WITHIN) if reduced else None)
    if as_json:
        printing.as_json(outcome.json())
    else:
        click.echo(outcome.words())
    sys.exit(MISSED if outcome.failed else GOOD)


def _refuse_at_odds(emit_job_array: bool, ranks: int, fields: bool, reduced: bool, within: float | None) -> None:
    """Options that have no meaning together.

    Raises:
        UsageError: names them.
    """
    if emit_job_array and ranks > 1:
        raise click.UsageError("points of a job array are solved on one rank each; leave out --ranks, or --emit-job-array")
    if within is not None and not reduced:
        raise click.UsageError("--within belongs to --reduced")
    if reduced and (fields or ranks > 1 or emit_job_array):
        raise click.UsageError("--reduced has no fields and works on one rank; leave out --fields, --ranks or --emit-job-array")


@click.command(short_help="Solve one point into its folder.")
@case_argument
@click.argument("number", type=click.IntRange(1))
@output_option
@set_option
@cases_option
@points_option
@click.option("--fields", is_flag=True, help="Keep temperature fields, pictures and report.")
def point(
    case_file: Path, number: int, output_dir: Path | None, overrides: tuple[str, ...], cases: str, max_points: int | None, fields: bool
) -> None:
    """Solve point NUMBER (from 1) of a sweep into its folder, which `sweep run --emit-job-array` made; `sweep run` then collects.

    \b
    Example:
        heliorack sweep point cases/radiator_trade.toml 7 -o out/trade
    """
    from pathlib import Path

    from heliorack.sweep.execution.folder import solve_alone

    plan = _plan(case_file, overrides, cases, max_points)
    if number > len(plan.points):
        raise click.BadParameter(f"{number} is beyond the last point, {len(plan.points)}", param_hint="NUMBER")
    answer = solve_alone(plan, output_dir or Path("out") / case_file.stem, number - 1, fields)
    if answer["state"] != "done":
        click.echo(answer["message"], err=True)
        sys.exit(MISSED)


@click.command(short_help="Say how far a sweep is.")
@folder_argument
@json_option
def status(folder: Path, as_json: bool) -> None:
    """Say how far the sweep in DIR is: points done, running, failed (and why) and left, rate and time left.

    \b
    Example:
        heliorack sweep status out/radiator_trade
    """
    from heliorack.report import printing
    from heliorack.sweep.analysis.status import status as read_status

    found = read_status(folder)
    printing.as_json(found.json()) if as_json else click.echo(found.words())


@click.command(short_help="Show what came out, also while it runs.")
@folder_argument
@click.option("--x", "x", metavar="COLUMN", help="What a design costs, as mass_kg or hottest_degC:max; mass by default.")
@click.option("--y", "ys", metavar="COLUMN", multiple=True, help="What it gives; repeatable. The tightest margin by default.")
@click.option(
    "--trade", metavar="DIR", type=click.Path(exists=True, file_okay=False), callback=as_path, help="Sweep whose front weighs a kelvin."
)
@click.option(
    "--html", metavar="FILE", type=click.Path(dir_okay=False), callback=as_path, help="Write tables and pictures as one HTML file."
)
@click.option("--png", metavar="FOLDER", type=click.Path(file_okay=False), callback=as_path, help="Write the pictures.")
@json_option
def show(folder: Path, x: str | None, ys: tuple[str, ...], trade: Path | None, html: Path | None, png: Path | None, as_json: bool) -> None:
    """Show what came out of the sweep in DIR, also while it runs.

    Pareto front, slices along every axis, which axis moves what, and for samples the worst corner against percentiles.

    \b
    Example:
        heliorack sweep show out/radiator_trade --html trade.html
        heliorack sweep show out/uncertainty --trade out/radiator_trade
    """
    from heliorack.report import printing
    from heliorack.sweep.analysis import summary
    from heliorack.sweep.analysis.html import write_html
    from heliorack.sweep.analysis.words import show_words

    found = summary.show(folder, x, ys, trade)
    printing.as_json(summary.as_dict(found)) if as_json else show_words(found)
    written = [] if png is None else summary.write_pngs(found, png)
    if html is not None:
        write_html(found, html)
        written.append(html)
    for path in written:
        click.echo(f"wrote {path}", err=True)


def _plan(case_file: Path, overrides: tuple[str, ...], cases: str, most: int | None) -> Plan:
    from heliorack.sweep.design.plan import plan

    return plan(case_file, overrides, [name.strip() for name in cases.split(",") if name.strip()], most)


def _run(
    plan: Plan, target: Path, kind: str, options: str, workers: int | None, ranks: int, more: dict[str, bool], reduced: float | None
) -> SweepOutcome:
    from heliorack.sweep.execution.progress import sweep_progress
    from heliorack.sweep.into_folder import solve

    with sweep_progress() as show:
        return solve(plan, target, kind, options, workers, ranks, show, reduced=reduced, **more)


def _point_words(target: Path, overrides: tuple[str, ...], cases: str, most: int | None, fields: bool) -> list[str]:
    """Options that every `sweep point` of a job array needs to see the same plan and to leave the same folders."""
    words = ["-o", str(target), *(word for item in overrides for word in ("--set", item)), *(["--cases", cases] if cases else [])]
    return words + ([] if most is None else ["--max-points", str(most)]) + (["--fields"] if fields else [])


def _emit(plan: Plan, target: Path, case_file: Path, words: list[str], more: dict[str, bool]) -> None:
    """Make the folder ready and print the command of every point that is not whole."""
    import shlex

    from heliorack.sweep.execution.folder import SweepFolder
    from heliorack.sweep.execution.order import leads

    folder = SweepFolder(plan, target, more["fields"])
    try:
        folder.take(more["force"])
        known = folder.known(more["retry_failed"])
        folder.begin(known)
    finally:
        folder.release()
    for i, each in enumerate(plan.points):
        if i not in known and leads(each):
            click.echo(shlex.join(["heliorack", "sweep", "point", str(case_file), str(i + 1), *words]))


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


COMMANDS: dict[str, click.Command] = {command.name or "": command for command in (run, status, show, point)}  #: in the order of the work
