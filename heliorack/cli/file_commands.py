"""What a file can be asked: `heliorack inspect`. Everything but click is imported where it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from heliorack.cli.options import as_path, json_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(short_help="List the solids of a STEP file, or the groups of a mesh.")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False), callback=as_path)
@click.option("--unit-scale", type=float, metavar="METRES", help="Metres per unit of a mesh file, 0.001 by default; times that of STEP.")
@json_option
def inspect(file: Path, unit_scale: float | None, as_json: bool) -> None:
    """List the solids of a STEP FILE, or the groups of a mesh, by the names that a case may match, with volume, box and colour.

    \b
    Example:
        heliorack inspect board.step
    """
    if unit_scale is not None and not 0 < unit_scale < float("inf"):
        raise click.BadParameter("must be above 0", param_hint="--unit-scale")
    from heliorack.report import printing
    from heliorack.studies import geometry_file

    found = geometry_file.inspect(file, unit_scale)
    if as_json:
        printing.as_json(found)
        return
    rows = found["solids"] if found["kind"] == "step" else found["groups"]
    shown = [
        {key: " ".join(map(str, value)) if isinstance(value, list) else value for key, value in row.items() if key != "also"}
        for row in rows
    ]
    printing.table(list(shown[0]), [list(row.values()) for row in shown])
    for sentence in found["said"]:
        click.echo(f"\n{sentence}")


COMMANDS = (inspect,)
