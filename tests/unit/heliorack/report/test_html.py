"""The report stands alone, escapes what it is given, and says first whether the design holds."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sample_run import manifest, rewrite, summary, write_run

from heliorack.report import html
from heliorack.report.power_words import power_lines
from heliorack.runfolder.envelope import envelope
from heliorack.runfolder.figures.asked import AskedFigures, SizedAtFigures
from heliorack.runfolder.losses import LossCost, Losses, LossOnLimit
from heliorack.runfolder.manifest import content
from heliorack.runfolder.numbered import typed
from heliorack.runfolder.summary import ExchangeRadiation, PipeFigures, read

VOID = {"meta", "img", "br", "link", "input", "hr"}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class Balance(HTMLParser):
    """Fails where an element is not closed, or a table does not scroll in a frame of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.frames: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag != "table" or any(self.frames)
        if tag not in VOID:
            self.open.append(tag)
            self.frames.append(("class", "wide") in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.frames.pop()


def checked(path: Path) -> str:
    """The text of a report whose elements are balanced and which fetches nothing."""
    text = path.read_text(encoding="utf-8")
    balance = Balance()
    balance.feed(text)
    assert balance.open == []
    assert not re.search(r'(src|href)="(https?:)?//', text)
    assert "@import" not in text
    assert "default-src 'none'" in text  # whatever a library may try
    return text


def test_report_of_a_run_stands_alone(tmp_path: Path) -> None:
    """Verdict before tables, pictures inside, text escaped, versions only where a manifest is."""
    folder = write_run(tmp_path / "run", finished=False)
    (folder / "picture.png").write_bytes(PIXEL)
    html.write(folder)
    text = checked(folder / "report.html")
    assert text.index("Holds every limit") < text.index("<h2>Limits</h2>") < text.index("<h2>Assumptions</h2>")
    assert "A &lt;small&gt; node &amp; its sisters" in text
    assert text.count("data:image/png;base64,") == 1
    assert text.count("<script") == 3  # plotly.js once, the numbers once, and the page's own program
    assert "3e-14" in text
    assert "4e-05" in text
    assert "python 3.12.1" not in text
    (folder / "manifest.json").write_text(json.dumps(content(manifest())))
    html.write(folder)
    assert "python 3.12.1" in checked(folder / "report.html")


def test_report_of_a_miss_names_the_failures(tmp_path: Path) -> None:
    """Twenty kelvin more and the hottest part is beyond its limit."""
    folder = write_run(tmp_path / "run", warmer=20.0)
    html.write(folder)
    text = checked(folder / "report.html")
    assert "Misses 1 check" in text
    assert text.index("tray.gpu2: predicted too hot") < text.index("<h2>Limits</h2>")


@pytest.mark.parametrize("kind", ["steady", "transient"])
def test_report_without_orbit_and_power(tmp_path: Path, kind: str) -> None:
    """A bench case has neither; limits and pipes may be missing too."""
    folder = write_run(tmp_path / "run")
    pipe = PipeFigures(part="pipe1", load_W_m=120.0, limit_W_m=100.0, holds=False)
    rewrite(folder, replace(summary(), kind=kind, orbit=None, power=None, periodic=None, limits=(), heat_pipes=(pipe,)))
    html.write(folder)
    text = checked(folder / "report.html")
    assert "pipe1" in text
    assert "Power and sizes" not in text


def test_report_says_how_radiation_was_found(tmp_path: Path) -> None:
    """Groups, closure before and after, errors and what was reused; of open radiation one sentence."""
    folder = write_run(tmp_path / "run")
    closure = {"rows_before": 0.012, "rows_after": 2e-16, "reciprocity_before": 0.034, "reciprocity_after": 0.0}
    traced = {
        "model": "exchange", "groups": 321, "facets": 4567, "poses": 1, "closure": closure, "standard_error": 0.0042, "group_error": 0.017,
        "planet_error": 0.001, "temperature_error_K": 0.063, "view_factors": 1, "view_factors_reused": 1,
        "sun_directions": 40, "sun_directions_reused": 39,
    }  # fmt: skip
    rewrite(folder, replace(summary(), radiation=typed(ExchangeRadiation, traced)))
    html.write(folder)
    text = checked(folder / "report.html")
    section = text[text.index("<h3>Radiation</h3>") : text.index("<h2>Assumptions</h2>")]
    figures = [
        "exchange",
        "321 of 4567 facets",
        "0.012",
        "2e-16",
        "0.034",
        "0",
        "0.0042",
        "0.017",
        "0.063 K",
        "1 of 1 position",
        "39 of 40",
    ]
    assert re.findall(r'<td class="n">([^<]+)</td>', section) == figures
    rewrite(folder, summary())
    html.write(folder)
    assert "Open: every face sees space and planet alone" in checked(folder / "report.html")


def test_report_of_load_cases_links_each(tmp_path: Path) -> None:
    """Extremes carry their case; every case has its verdict and a link to its own report."""
    summaries = {}
    for name, warmer in (("hot", 20.0), ("cold", -30.0)):
        write_run(tmp_path / name, case=name, warmer=warmer)
        summaries[name] = read(tmp_path / name)
    (tmp_path / "summary.json").write_text(json.dumps(envelope(summaries).json()))
    html.write_envelope(tmp_path)
    text = checked(tmp_path / "report.html")
    assert 'href="hot/report.html"' in text
    assert 'href="cold/report.html"' in text
    assert text.index("Misses limits") < text.index("<h2>Load cases")
    row = re.search(r"<tr><td>tray\.gpu2</td>.*?</tr>", text[text.index("parts, one by one") :])
    assert row is not None
    assert re.findall(r">([^<]+)</td>", row.group()) == ["tray.gpu2", "30.0", "cold", "90.0", "hot", "1"]


ASKED = AskedFigures(
    array_area_m2=2.5, array_by="energy of the orbit", pack_capacity_Wh=1085.0, pack_by="depth of discharge", life="eol", alone=True,
    aged=("cells",), years=5.0, array_at=SizedAtFigures(date="2030-11-19", beta_deg=-14.9, eclipse_min=35.2, solar_W_m2=1317.0),
    own_date="an orbit of kind oem has no calendar",
)  # fmt: skip


def test_report_says_beside_each_size_for_which_moment_it_is(tmp_path: Path) -> None:
    """Year, date and beta where the worst orbit set it; else that it is the date of the load case, and why."""
    folder = write_run(tmp_path / "run")
    found = summary()
    assert found.power is not None
    rewrite(folder, replace(found, power=replace(found.power, asked=ASKED)))
    html.write(folder)
    text = checked(folder / "report.html")
    design = text[text.index("<h2>The design</h2>") :]
    array, pack = (design[design.index(f"<td>{name}</td>") :].split("</tr>")[0] for name in ("solar array", "battery"))
    assert "end of year 5; 2030-11-19, beta -14.9 deg, eclipse 35.2 min, Sun 1317 W/m2" in array
    assert "end of year 5; date of the load case (an orbit of kind oem has no calendar)" in pack
    said = power_lines({"": read(folder)})
    assert "         battery sized at the date of the load case: an orbit of kind oem has no calendar" in said
    assert any("array sized at its worst date of the years: 2030-11-19" in line for line in said)


def test_report_has_what_losses_cost(tmp_path: Path) -> None:
    """Kelvin of every limit, delivered compute and what breaks; a run without losses has no such section."""
    folder = write_run(tmp_path / "run")
    html.write(folder)
    assert "What a loss costs" not in checked(folder / "report.html")
    limit = LossOnLimit(on="battery", at="part", side="max", mode="operating", hotter_K=3.25, margin_K=-1.5, before_K=1.75)
    cost = LossCost(
        case="", lost="heat pipe <1>", on="battery max", hotter_K=3.2, margin_K=-1.5, before_K=1.7, delivered=0.875, delivered_before=1.0,
        throttled_min=0.0, lacking_Wh=None, failures=("battery: predicted 46.5 degC",), limits=(limit,),
    )  # fmt: skip
    (folder / "losses.json").write_text(json.dumps(Losses(losses=(cost,)).json()))
    html.write(folder)
    text = checked(folder / "report.html")
    section = text[text.index("<h2>What a loss costs</h2>") : text.index("</section>", text.index("<h2>What a loss costs</h2>"))]
    first, *_, last = re.findall(r"<tr>.*?</tr>", section)[1:]
    cells = [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", first)]
    assert cells == ["heat pipe &lt;1&gt;", "battery max", "3.2", "−1.5", "1.7", "87.5", "100.0", "battery: predicted 46.5 degC"]
    assert ">3.25<" in last


def test_figures_of_the_report() -> None:
    """No minus zero, a true minus sign, a dash for what is not known."""
    assert html._fixed(-0.04) == "0.0"
    assert html._fixed(-12.34) == "−12.3"
    assert html._fixed(None) == "–"
    assert html._figures(True) == "yes"


def test_the_same_folder_gives_the_same_report_anywhere(tmp_path: Path) -> None:
    """Byte for byte, also after the folder has moved; and on demand into another file."""
    folder = write_run(tmp_path / "run")
    html.write(folder)
    first = (folder / "report.html").read_bytes()
    moved = folder.rename(tmp_path / "elsewhere")
    html.write(moved)
    assert (moved / "report.html").read_bytes() == first
    assert html.write_report(moved, tmp_path / "copy.html") == tmp_path / "copy.html"
    assert (tmp_path / "copy.html").read_bytes() == first
