"""What differs between two runs is said once, by the names that the case and summary.json know."""

import json
from pathlib import Path
from types import SimpleNamespace

from command.cli_runner import here
from sample_run import write_run

from heliorack import open_run
from heliorack.report import difference_words
from heliorack.runfolder.comparison import differences, flat

CASE = """title = "A <small> node"

[[parts]]
name = "panel"
width_mm = {width}

[[limits]]
on = "panel"
max_degC = 85
"""


def run(folder: Path, width: int, warmer: float = 0.0) -> Path:
    """A run folder with its case."""
    write_run(folder, warmer=warmer)
    (folder / "case.toml").write_text(CASE.format(width=width))
    return folder


def test_items_are_known_by_their_names() -> None:
    """By number where they have none, or share one."""
    tables = {"parts": [{"name": "a", "x": 1}, {"name": "b", "x": 2}], "limits": [{"on": "a"}], "axis": [1, 2]}
    assert dict(flat(tables)) == {
        "parts.a.name": "a", "parts.a.x": 1, "parts.b.name": "b", "parts.b.x": 2, "limits.0.on": "a", "axis": [1, 2],
    }  # fmt: skip
    twice = {"parts": [{"name": "a", "x": 1}, {"name": "a", "x": 2}]}
    assert dict(flat(twice)) == {"parts.0.name": "a", "parts.0.x": 1, "parts.1.name": "a", "parts.1.x": 2}


def test_round_off_is_no_difference_and_a_missing_value_is() -> None:
    """Six digits for numbers; a truth is no number."""
    one, other = {"a": 1.0, "b": 2.0, "c": True, "d": 5}, {"a": 1.0 + 1e-8, "b": 2.1, "c": False, "e": 7}
    one, other = one | {"f": (1.0, 2.0), "g": (1.0, 2.0)}, other | {"f": (1.0, 2.0 + 1e-9), "g": (1.0, 2.1)}
    found = {d.what: (d.one, d.other, d.change) for d in differences(one, other)}
    assert found.keys() == {"b", "c", "d", "e", "g"}
    assert found["c"] == (True, False, None)
    assert found["d"] == (5, None, None)
    assert abs(found["b"][2] - 0.1) < 1e-12


def test_inputs_and_results_of_two_runs(tmp_path: Path) -> None:
    """From Python and on the command line; nothing of a run with itself."""
    one, other = run(tmp_path / "one", 500), run(tmp_path / "other", 400, warmer=20.0)
    found = open_run(one).compare(open_run(other))[""]
    assert [(d.what, d.one, d.other) for d in found.inputs] == [("parts.panel.width_mm", 500, 400)]
    results = {d.what: d.change for d in found.results}
    assert abs(results["parts.panel.max_degC"] - 20.0) < 1e-9
    assert abs(results["limits.tray.gpu2 part max.margin_K"] + 20.0) < 1e-9
    assert "first_law.closure" not in results
    assert "panel" in found._repr_html_()
    assert open_run(one).compare(open_run(one))[""].same
    said = here("report", one, other)
    assert said.exit_code == 0
    assert ["parts.panel.width_mm", "500", "400", "-100"] in [line.split() for line in said.stdout.splitlines()]
    asked = json.loads(here("report", one, other, "--json").stdout)[""]
    assert asked["inputs"][0] == {"what": "parts.panel.width_mm", "one": 500, "other": 400, "change": -100.0}
    assert "nothing differs" in here("report", one, one).stdout


def test_load_cases_that_one_run_alone_has() -> None:
    """They are named for programs too: an empty answer would say that nothing differs."""
    one, other = SimpleNamespace(cases={"hot": 1, "cold": 1}), SimpleNamespace(cases={"cold": 1, "peak": 1})
    assert difference_words.alone(one, other) == [("A", "hot"), ("B", "peak")]
    assert difference_words.alone(one, SimpleNamespace(cases={"": 1})) == [("A", "hot"), ("A", "cold"), ("B", "")]
    assert difference_words.alone(SimpleNamespace(cases={"hot": 1}), SimpleNamespace(cases={"": 1})) == []


def test_the_report_is_written_anew(tmp_path: Path) -> None:
    """Into the folder or a file; what is no run is refused in words."""
    folder = run(tmp_path / "one", 500)
    assert here("report", folder).exit_code == 0
    assert (folder / "report.html").exists()
    assert here("report", folder, "-o", tmp_path / "deep" / "a.html").exit_code == 0
    assert (tmp_path / "deep" / "a.html").read_bytes() == (folder / "report.html").read_bytes()
    done = here("report", tmp_path)
    assert (done.exit_code, "holds no finished run" in done.stderr) == (2, True)
    assert here("report", folder, folder, "-o", tmp_path / "b.html").exit_code == 2
    assert here("report", folder, "--json").exit_code == 2
