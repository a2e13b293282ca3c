"""report.html: one self-contained file, with verdict first, from what stands in a run folder."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from heliorack.casefile.patterns import gathered
from heliorack.runfolder import envelope, manifest, power_file, summary
from heliorack.runfolder.summary import Summary
from heliorack.visuals import mission_plot, power_plots

PATHS = {
    "space": "radiated to space",
    "sun": "sunlight absorbed",
    "albedo": "albedo absorbed",
    "earth_infrared": "Earth infrared absorbed",
    "compute": "compute",
    "equipment": "other equipment",
    "battery": "battery losses",
    "regulators": "regulator losses",
    "heaters": "heaters",
    "electricity": "electricity that leaves the cells",
    "base_load": "base load of the platform",
    "converters": "converters of compute loads",
    "shunt": "linear shunt",
}


def write(run_dir: Path) -> None:
    """Write report.html of one run from summary.json and the pictures beside it; the manifest may not be there yet."""
    found = summary.read(run_dir)
    case = run_dir / "case.toml"
    _render(
        run_dir,
        envelope=False,
        s=found,
        heat=_flows(found.heat_W),
        case_text=case.read_text(encoding="utf-8") if case.exists() else "",
        power_file=power_file.read(run_dir),
        life_picture=None if found.mission is None else _address(mission_plot.picture(found.mission)),
        power_pictures={name: _address(png) for name, png in power_plots.pictures(run_dir).items()},
    )


def write_envelope(folder: Path) -> None:
    """Write report.html of a set of load cases: extremes with their case, tightest margins, verdict and link of every case."""
    found = envelope.read(folder)
    _render(folder, envelope=True, s=found, cases={name: _case(folder / name) for name in found.load_cases}, heat=[], case_text="")


def _case(folder: Path) -> Summary | None:
    """Figures of one load case; None where its folder is not there (any more)."""
    return summary.read(folder) if (folder / summary.NAME).exists() else None


def pages() -> Any:
    """Templates of this package, with the filters that they use; what they are given is escaped, and nothing may be missing."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    here = Path(__file__).parent / "templates"
    found = Environment(loader=FileSystemLoader(here), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.filters |= {"fixed": _fixed, "figures": _figures, "gathered": gathered, "of": _of, "most": _most}
    return found


def _render(folder: Path, **values: Any) -> None:
    text = (
        pages()
        .get_template("report.html.jinja")
        .render(picture=_embedded(folder / "picture.png"), plot=_embedded(folder / "orbit.png"), manifest=_manifest(folder), **values)
    )
    temporary = folder / "report.html.tmp"
    temporary.write_text(text, encoding="utf-8")
    temporary.rename(folder / "report.html")


def _embedded(path: Path) -> str | None:
    """A picture as a data address; None if it is not there."""
    if not path.exists():
        return None
    return _address(path.read_bytes())


def _address(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def _manifest(folder: Path) -> manifest.Manifest | None:
    return manifest.read(folder) if (folder / manifest.NAME).exists() else None


def _flows(heat: Mapping[str, float]) -> list[dict[str, Any]]:
    """Mean heat flows by path, into the body positive, with the length of their bars in percent of the largest."""
    largest = max((abs(flow) for flow in heat.values()), default=0.0) or 1.0
    rows = sorted(heat.items(), key=lambda item: -item[1])
    return [{"path": PATHS.get(name, _plain_words(name)), "flow": flow, "bar": 100 * abs(flow) / largest} for name, flow in rows]


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
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


def _of(text: str, unit: str, none: str = "–") -> str:
    """A number in words with its unit; `none` where it is a dash."""
    return none if text == "–" else f"{text} {unit}"


def _most(rows: list[object], key: str) -> object:
    """The row with the largest figure; one without it, for which nothing is large enough, comes before all others."""
    return max(rows, key=lambda row: float("inf") if getattr(row, key) is None else getattr(row, key))


def _plain_words(name: str) -> str:
    """A key as words: "earth_infrared" -> "earth infrared"."""
    return name.replace("_", " ")
