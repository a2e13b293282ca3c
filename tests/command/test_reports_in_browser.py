"""The report of every shipped case in a browser: drawn without an error, asking for nothing, moved by its controls, printable.

edge_node's is looked at in test_edge_node.py. Meshes, tolerances and rays are coarse here: the report is judged and not the design.
"""

import csv
import json
import re

import pytest
from browser import Report, changed, chromium, shades
from command.cli_runner import here, read

import cases

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("without_pictures")]

COARSE = ("solver.tolerance_K=1", "mesh.refine=0.3", "radiation.rays=1024")
OPTIONS = {
    "gpu_tray_leo": COARSE,
    "gpu_tray_loop": ("solver.tolerance_K=1", "mesh.refine=0.5"),
    "suncatcher_node": COARSE,
    "dawn_dusk_node": COARSE,
    "rack_120kw": (),
    "rack_120kw_two_phase": (),
    "starcloud_rack": (),
    "ai1_radiator": (),
    "bifacial_panel": ("solver.tolerance_K=1",),
}


def test_every_shipped_case_is_here():
    """But edge_node, and sweeps, which have no run folder of their own."""
    assert {*OPTIONS, "edge_node"} == set(cases.names()) - set(cases.sweeps())


@pytest.mark.parametrize("name", OPTIONS)
def test_the_report_works(name, tmp_path):
    """The answer first and in print; every plot drawn; fields, load cases and slider move the body; no error, no request."""
    overrides = [word for override in OPTIONS[name] for word in ("--set", override)]
    done = here("run", cases.path(name), "-o", tmp_path / "run", *overrides)
    assert done.exit_code in (0, 1), done.output
    works(tmp_path / "run")


def works(folder):
    """All that is claimed of the report of a run folder."""
    found = read(folder)
    with chromium() as driver:
        page = Report(driver, folder / "report.html")
        assert not driver.execute_script("return document.body.classList.contains('broken')")
        answer = driver.execute_script("return document.querySelector('#answer strong').textContent")
        assert ("Holds" in answer, "Misses" in answer) == (found["holds"] is True, bool(found.get("failures")) or found["holds"] is False)
        drawn = driver.execute_script("return [...document.querySelectorAll('.plot')].map(p => !!p.querySelector('.main-svg, canvas'))")
        assert drawn
        assert all(drawn)
        if driver.execute_script("return !!document.querySelector('#body-plot')"):
            _body_follows(page, driver, _swing(folder))
        if driver.execute_script("return !!document.querySelector('#time-plot')"):
            assert shades(page.picture("#time-plot")) > 30
        assert driver.execute_script(OUTSIDE) == []
        assert driver.execute_script("return [...document.querySelectorAll('table')].filter(t => !t.closest('.wide')).length") == 0
        _fits_a_telephone(page, driver)
        light = page.picture("#answer")
        page.scheme("dark")
        assert page.picture("#answer").mean() < light.mean() - 60
        assert answer in " ".join(page.printed().split())
        assert page.severe() == []
        assert {address.split(":")[0] for address in page.asked()} <= {"file", "data", "blob"}


def _fits_a_telephone(page, driver):
    """Tables scroll in their frames, plots shrink once they are told, the page itself does not scroll sideways."""
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 390, "height": 900, "deviceScaleFactor": 1, "mobile": False})
    page.wait("document.documentElement.scrollWidth <= 390", 10.0)
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


#: names of nodes of bands that reach out of their plot
OUTSIDE = """return [...document.querySelectorAll('.plot .node-label')].filter(e => {
  const own = e.getBoundingClientRect(), plot = e.closest('.plot').getBoundingClientRect();
  return own.right > plot.right + 1 || own.left < plot.left - 1;
}).map(e => e.textContent)"""


def _swing(folder):
    """Greatest swing over the orbit of any recorded temperature of any load case [K]."""
    columns = []
    for path in folder.rglob("history.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        columns += [[float(row[name]) for row in rows] for name in rows[0] if name.endswith("degC")]
    return max(max(column) - min(column) for column in columns)


def _body_follows(page, driver, swing):
    """A picture of the body that is not blank, and another one for another field, load case, or moment of a body that swings [K]."""
    body = page.picture("#body-plot")
    assert shades(body) > 100
    for control in ("#body-field", "#body-case"):
        count = driver.execute_script(f"const e = document.querySelector('{control}'); return e && e.options ? e.options.length : 0")
        if count > 1:
            shown = driver.execute_script(f"return document.querySelector('{control}').selectedIndex")  # the load case that is worst
            for choice in (1 if shown == 0 else 0, shown):
                page.choose(control, choice)
                body = page.changes("#body-plot", body, 0.002)
    last = driver.execute_script("const e = document.querySelector('#body-time'); return e && !e.disabled ? Number(e.max) : 0")
    if last > 1 and swing > 2.0:
        swings = []
        for moment in (0, last // 3, last // 2):
            page.choose("#body-time", moment)
            page.wait("document.documentElement.dataset.drawn === 'yes'")
            swings.append(page.picture("#body-plot"))
        assert max(changed(swings[0], other) for other in swings[1:]) > 0


def test_a_design_that_fails_says_first_what_and_by_how_much(tmp_path):
    """edge_node's hot case at 300 W: the first words of the report, on the screen and in print."""
    done = here(
        "run", cases.path("edge_node"), "-o", tmp_path / "run", "--case", "hot_operational", "--set", "compute.accelerators.peak_W=300"
    )
    assert done.exit_code == 1
    found = json.loads((tmp_path / "run" / "summary.json").read_text(encoding="utf-8"))
    worst = min(found["limits"], key=lambda limit: limit["margin_K"])
    with chromium() as driver:
        page = Report(driver, tmp_path / "run" / "report.html")
        first = driver.execute_script("return document.querySelector('#answer').innerText")
        assert re.match(rf"Misses {len(found['failures'])} checks?\s+Worst: {worst['on']}, max", first)
        assert f"{-worst['margin_K']:.1f} K beyond what is allowed" in first.split("\n\n")[1]
        assert re.search(r"module1.*: predicted .* K above the rating limit's 85\.0 degC", first)  # numbered siblings in one line
        above = driver.execute_script(
            "const top = document.querySelector('#answer').getBoundingClientRect().top + scrollY;"
            "return [...document.querySelectorAll('main *, .plot')].filter(e => e.getBoundingClientRect().bottom + scrollY < top)"
            ".filter(e => ['TABLE', 'SECTION'].includes(e.tagName) || e.classList.contains('plot')).length"
        )
        assert above == 0
        assert page.severe() == []
