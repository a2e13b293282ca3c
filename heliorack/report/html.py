"""report.html: one self-contained file, with the answer first, from what stands in a run folder."""

import base64
import os
from functools import cache
from pathlib import Path
from typing import Any

from heliorack.casefile.patterns import gathered
from heliorack.report import page as pages_of
from heliorack.report.packed import plotly_js
from heliorack.report.page import Page
from heliorack.report.printing import rounded
from heliorack.runfolder import manifest
from heliorack.runfolder.finished import open_run
from heliorack.runfolder.manifest import Manifest, SetManifest
from heliorack.runtime.cache import cache_folder

NAME = "report.html"


def write(run_dir: Path, about: Manifest | None = None) -> None:
    """Write report.html of one run from what stands beside it; `about` is its manifest where that is not written yet."""
    _write(pages_of.of_run(run_dir, about or _manifest(run_dir)), run_dir, run_dir / NAME)


def write_envelope(folder: Path, about: Manifest | None = None) -> None:
    """Write report.html of a set of load cases; `about` is its manifest where that is not written yet."""
    _write(pages_of.of_set(folder, about or _manifest(folder)), folder, folder / NAME)


def write_report(folder: Path, target: Path | None = None) -> Path:
    """Write the report of a finished run, or of a set of load cases, to `target` or into its folder; where it went.

    Raises:
        FolderError: there is no finished run.
        FormatError: of a form that this version does not read, or damaged.
    """
    several = isinstance(open_run(folder).about, SetManifest)
    place = folder / NAME if target is None else target
    place.parent.mkdir(parents=True, exist_ok=True)
    _write((pages_of.of_set if several else pages_of.of_run)(folder, _manifest(folder)), folder, place)
    return place


@cache
def pages() -> Any:
    """Templates of this package, with the filters that they use; what they are given is escaped, and nothing may be missing."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    here = Path(__file__).parent / "templates"
    found = Environment(
        loader=FileSystemLoader(here),
        bytecode_cache=_compiled(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"fixed": _fixed, "figures": _figures, "unit": _unit, "gathered": gathered, "of": _of, "most": _most}
    return found


def _compiled() -> Any:
    """Where compiled templates are kept between runs; None where nothing can be written."""
    from jinja2 import FileSystemBytecodeCache

    try:
        place = cache_folder() / "templates"
        place.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return FileSystemBytecodeCache(str(place)) if os.access(place, os.W_OK) else None


def _write(page: Page, folder: Path, target: Path) -> None:
    pack, there = pages_of.packed(page)
    case = folder / "case.toml"
    text = (
        pages()
        .get_template("report.html.jinja")
        .render(
            page=page,
            s=page.found,
            cases=page.cases,
            there=there,
            pack=pack,
            plotly=plotly_js() if there else "",
            power_files=page.power_files(),
            picture=_embedded(folder / "picture.png"),
            plot=_embedded(folder / "orbit.png"),
            case_text=case.read_text(encoding="utf-8") if case.exists() else "",
        )
    )
    temporary = target.with_name(target.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.rename(target)


def _embedded(path: Path) -> str | None:
    """A picture as a data address; None if it is not there."""
    if not path.exists():
        return None
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode("ascii")


def _manifest(folder: Path) -> Manifest | None:
    return manifest.read(folder) if (folder / manifest.NAME).exists() else None


def _fixed(value: float | None, digits: int = 1) -> str:
    """A number with so many decimals; a dash for none; never minus zero."""
    if value is None:
        return "–"
    text = f"{value:.{digits}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")


def _figures(value: object, digits: int = 3) -> str:
    """A number with so many significant figures; other values as they are."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return rounded(value, digits).replace("-", "−", 1 if value < 0 else 0) if isinstance(value, float) else str(value)


def _unit(value: float | None, unit: str) -> str:
    """A power or an energy in words, by the thousand from ten thousand on; a dash for none.

    >>> _unit(184811.2, "Wh"), _unit(1110.4, "Wh")
    ('184.8 kWh', '1110 Wh')
    """
    if value is None:
        return "–"
    return f"{value / 1000:.1f} k{unit}" if abs(value) >= 9999.5 else f"{value:.0f} {unit}"


def _of(text: str, unit: str, none: str = "–") -> str:
    """A number in words with its unit; `none` where it is a dash."""
    return none if text == "–" else f"{text} {unit}"


def _most(rows: list[object], key: str) -> object:
    """The row with the largest figure; one without it, for which nothing is large enough, comes before all others."""
    return max(rows, key=lambda row: float("inf") if getattr(row, key) is None else getattr(row, key))
