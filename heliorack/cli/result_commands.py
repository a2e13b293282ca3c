"""What a finished run can be asked: `heliorack report | view | export`. Everything but click is imported where it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from heliorack.cli.options import as_path, json_option

if TYPE_CHECKING:
    from pathlib import Path

FORMS = ("vtkhdf", "gltf", "csv", "parquet", "glgr", "nastran")
MOST_APART = 20.0  #: distances of the parts
FARTHEST = 1e9  #: of any field in its unit
PER_MILLIMETRE = 0.001  #: m; structural models are in millimetres
FIELD_NAMES = ("temperature", "flux", "absorbed_solar", "absorbed_albedo", "absorbed_infrared", "view_to_space")


@click.command(short_help="Write the report of a run anew, or compare two runs.")
@click.argument("run_dir", metavar="RUN", type=click.Path(exists=True, file_okay=False), callback=as_path)
@click.argument("other", metavar="[RUN_B]", required=False, type=click.Path(exists=True, file_okay=False), callback=as_path)
@click.option(
    "-o", "--output", "target", metavar="FILE", type=click.Path(dir_okay=False), callback=as_path, help="Instead of RUN/report.html."
)
@json_option
def report(run_dir: Path, other: Path | None, target: Path | None, as_json: bool) -> None:
    """Write the report of RUN, a folder that `run` wrote, anew; or say what differs in inputs and results between RUN and RUN_B.

    \b
    Example:
        heliorack report out/server
        heliorack report out/server out/lighter
    """
    if other is None:
        if as_json:
            raise click.UsageError("--json belongs to two runs; the figures of one are in its summary.json")
        from heliorack.runtime.progress import progress

        with progress():
            from heliorack.report.html import write_report

            written = write_report(run_dir, target)
        click.echo(f"wrote {written}")
        return
    if target is not None:
        raise click.UsageError("-o belongs to the report of one run; what differs between two goes to standard output")
    from heliorack.report import difference_words, printing
    from heliorack.runfolder.finished import open_run

    one, two = open_run(run_dir), open_run(other)
    found = one.compare(two)
    if as_json:
        alone = {name: {"only_in": letter} for letter, name in difference_words.alone(one, two)}
        printing.as_json({name: comparison.json() for name, comparison in found.items()} | alone)
    else:
        difference_words.print_differences(one, two, found)


@click.command(short_help="Draw a run: pictures, films, plots, or a window.")
@click.argument("run_dir", metavar="RUN", type=click.Path(exists=True, file_okay=False), callback=as_path)
@click.option("--case", "case_name", metavar="NAME", help="Load case, where RUN has several; the hottest when not given.")
@click.option("--png", metavar="FILE", type=click.Path(dir_okay=False), callback=as_path, help="Draw to a file without a window.")
@click.option("--at", default="hottest", show_default=True, metavar="hottest|coldest|SECONDS", help="Moment that --png shows.")
@click.option("--field", default="temperature", show_default=True, type=click.Choice(FIELD_NAMES), help="What to show on the body.")
@click.option(
    "--shadows", metavar="FILE", type=click.Path(dir_okay=False), callback=as_path, help="Animate direct sunlight: .gif, or .mp4."
)
@click.option(
    "--animate", metavar="FILE", type=click.Path(dir_okay=False), callback=as_path, help="Film of the temperatures: .gif, or .mp4."
)
@click.option("--parts", metavar="PATTERN", multiple=True, help="Show these parts alone; repeatable. For --png and --animate.")
@click.option("--slice", "cut", metavar="AXIS[=METRES]", help="Cut the body open: y, y=0.1; -y keeps the other half.")
@click.option("--clim", nargs=2, type=float, metavar="LOW HIGH", help="Ends of the colours, in the unit of the field.")
@click.option("--threshold", nargs=2, type=float, metavar="LOW HIGH", help="Leave out what is colder or hotter [degC]. For --png.")
@click.option("--iso", metavar="N|DEGC,...", help="Surfaces of one temperature in a body of glass: 6, or 40.0,50,60. For --png.")
@click.option("--explode", type=float, default=0.0, metavar="FACTOR", help="Pull the parts apart; 1 doubles their distances.")
@click.option("--probe", metavar="X,Y,Z", multiple=True, help="Print temperatures at a point [m] over the orbit as CSV; repeatable.")
@click.option("--power", metavar="FOLDER", type=click.Path(file_okay=False), callback=as_path, help="Draw the plots of the power side.")
def view(run_dir: Path, case_name: str | None, probe: tuple[str, ...], **asked: Any) -> None:
    """Open the temperature field of RUN, a folder that `run` wrote; or its flux, or what its surface absorbs, a mean over the orbit.

    \b
    Example:
        heliorack view out/server --case cold_survival --at coldest --png cold.png
        heliorack view out/server --field absorbed_solar --png solar.png
        heliorack view out/server --png inside.png --slice y --parts "module*" --clim 20 80
        heliorack view out/server --png ways.png --field flux --slice z
        heliorack view out/server --png hot_spots.png --iso 8 --explode 0.5
        heliorack view out/server --probe 0.1,0,0.02 > point.csv
        heliorack view out/server --animate orbit.mp4
        heliorack view out/server --shadows shadows.gif
        heliorack view out/server/hot_operational --power plots
    """
    if case_name is not None:
        from heliorack.runfolder.fields import run_folder

        run_dir = run_folder(run_dir, case_name)
    drawing = _Drawing(**asked)
    if probe:
        _probe(run_dir, probe, alone=not drawing.files)
        return
    drawing.refuse()
    if not drawing.files:
        drawing.draw(run_dir)
        return
    from heliorack.runtime.progress import progress

    with progress() as say:
        say("drawing", 0.0)
        drawing.draw(run_dir)
    for path in drawing.files:
        click.echo(f"wrote {path}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    """What `view` is asked to draw: a window, or one kind of file."""

    png: Path | None
    at: str
    field: str
    shadows: Path | None
    animate: Path | None
    power: Path | None
    parts: tuple[str, ...]
    cut: str | None
    clim: tuple[float, float] | None
    threshold: tuple[float, float] | None
    iso: str | None
    explode: float

    @property
    def files(self) -> tuple[Path, ...]:
        """What is written; nothing where a window is opened."""
        return tuple(path for path in (self.png, self.shadows, self.animate, self.power) if path)

    @property
    def _plain(self) -> bool:
        """Whether field and moment are those that stand without a word."""
        return self.field == "temperature" and self.at == "hottest"

    def refuse(self) -> None:
        """Refuse options that do not go together.

        Raises:
            click.UsageError: with those that do.
        """
        excerpt = self.parts or self.explode or any(one is not None for one in (self.cut, self.clim, self.threshold, self.iso))
        if excerpt and not (self.png or self.animate):
            said = "--parts, --slice, --clim, --threshold, --iso and --explode belong to --png and --animate"
            raise click.UsageError(f"{said}; the window has boxes, keys, a plane and its own colours")
        for name, ends in (("--clim", self.clim), ("--threshold", self.threshold)):
            if ends is not None and not -FARTHEST < ends[0] < ends[1] < FARTHEST:
                said = "the first must be the lower, and both plain numbers"
                raise click.BadParameter(f"{ends[0]:g} {ends[1]:g}: {said}", param_hint=name)
        if not 0 <= self.explode <= MOST_APART:
            raise click.BadParameter(f"{self.explode:g}: parts go apart, by 0 to {MOST_APART:g}", param_hint="--explode")
        if self.iso is not None and (self.cut is not None or self.threshold is not None or self.field != "temperature"):
            raise click.UsageError("--iso shows surfaces of one temperature and nothing else; leave out --slice, --threshold and --field")
        if self.animate and (self.threshold is not None or self.iso is not None):
            raise click.UsageError("--threshold and --iso belong to --png: what they leave changes from moment to moment")
        if self.animate:
            if self.png or self.shadows or self.power or not self._plain:
                raise click.UsageError("--animate draws a file of its own; leave out --png, --field, --at, --shadows and --power")
            _film_name(self.animate, "--animate")
        elif self.power:
            if self.png or self.shadows or not self._plain:
                raise click.UsageError("--power draws files of its own; leave out --png, --field, --at and --shadows")
        elif self.field not in ("temperature", "flux") and self.at != "hottest":
            raise click.UsageError("--at belongs to temperature and flux; the other fields are means over the orbit")
        elif self.shadows:
            if self.png or not self._plain:
                raise click.UsageError("--shadows draws a file of its own; leave out --png, --field and --at")
            _film_name(self.shadows, "--shadows")

    def draw(self, run_dir: Path) -> None:
        """Draw it; a window stays until it is closed."""
        if self.shadows:
            from heliorack.visuals import sun_animation

            sun_animation.film(run_dir, self.shadows)
            return
        from heliorack.visuals.excerpt import Excerpt

        if self.animate:
            from heliorack.visuals import temperature_film

            temperature_film.film(run_dir, self.animate, Excerpt(self.parts, self.cut, self.clim, explode=self.explode))
        elif self.power:
            from heliorack.visuals.view import power_plots

            power_plots(run_dir, self.power)
        else:
            from heliorack.visuals.view import show

            excerpt = Excerpt(self.parts, self.cut, self.clim, self.threshold, self.iso, self.explode)
            show(run_dir, self.png, self.at, self.field, excerpt)


def _probe(run_dir: Path, points: tuple[str, ...], alone: bool) -> None:
    """Print temperatures at points."""
    if not alone:
        raise click.UsageError("--probe prints; leave out --png, --animate, --shadows and --power")
    from heliorack.visuals.probe import probe

    heading, rows = probe(run_dir, points)
    click.echo(",".join(heading))
    for row in rows:
        click.echo(",".join(f"{value:.6g}" for value in row))


def _film_name(target: Path, option: str) -> None:
    if target.suffix.lower() not in (".gif", ".mp4"):
        raise click.BadParameter(f"{target} must end in .gif or .mp4", param_hint=option)


@click.command(short_help="Write a run for another program.")
@click.argument("run_dir", metavar="RUN", type=click.Path(exists=True, file_okay=False), callback=as_path)
@click.option("--to", "form", required=True, type=click.Choice(FORMS), help="Form of the files.")
@click.option(
    "-o",
    "--output",
    "target",
    required=True,
    metavar="PATH",
    type=click.Path(),
    callback=as_path,
    help="File; of csv, parquet and glgr a folder.",
)
@click.option("--case", "case_name", metavar="NAME", help="Load case, where RUN has several.")
@click.option("--at", default="hottest", show_default=True, metavar="hottest|coldest|SECONDS", help="Moment of gltf and nastran.")
@click.option(
    "--onto",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    callback=as_path,
    help="Bulk data whose grid points nastran serves.",
)
@click.option("--unit-scale", default=PER_MILLIMETRE, show_default=True, metavar="METRES", help="Metres per unit of that file.")
def export(run_dir: Path, form: str, target: Path, case_name: str | None, at: str, onto: Path | None, unit_scale: float) -> None:
    """Write RUN, a folder that `run` wrote, for another program.

    vtkhdf: mesh and temperatures of all kept moments, one file. gltf: the outside in colours (.glb). csv: who heats whom, and extremes.
    parquet: history and extremes. glgr: the network of conductors that the parts make, GL and GR, as tables, as a text like that of ESATAN
    and as a case. nastran: TEMP cards, on the run's own mesh or on the grid points of another, where elements keep the mean of their part.

    \b
    Example:
        heliorack export out/server --case hot_operational --to glgr -o network
        heliorack export out/server/hot_operational --to nastran --onto frame.bdf -o temperatures.bdf
    """
    if onto is not None and form != "nastran":
        raise click.UsageError("--onto belongs to --to nastran")
    if at != "hottest" and form not in ("gltf", "nastran"):
        raise click.UsageError("--at belongs to --to gltf and nastran; the other forms have every moment, or the mean")
    if unit_scale != PER_MILLIMETRE and onto is None:
        raise click.UsageError("--unit-scale belongs to --onto, whose file it measures")
    if not 0 < unit_scale < float("inf"):
        raise click.BadParameter("must be above 0", param_hint="--unit-scale")
    from heliorack.export.formats import export as write

    for path in write(run_dir, form, target, case_name, at, onto, unit_scale, lambda said: click.echo(said, err=True)):
        click.echo(f"wrote {path}")


COMMANDS = (report, view, export)
