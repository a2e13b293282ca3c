"""A finished run folder comes back as objects; anything else is refused in words that say what to do."""

import json
from pathlib import Path

import numpy as np
import pytest
from sample_run import BOXES, set_manifest, summary, write_run

import heliorack
from heliorack import open_run
from heliorack.runfolder.envelope import envelope
from heliorack.runfolder.fields import ViewError
from heliorack.runfolder.folder import FolderError
from heliorack.runfolder.manifest import content
from heliorack.runfolder.numbered import FormatError


def test_a_run_comes_back(tmp_path: Path) -> None:
    """Summary, history with units in the names, kept moments, temperatures where and when they are highest."""
    found = open_run(str(write_run(tmp_path / "run")))
    assert list(found.cases) == [""]
    case = found.case()
    assert case.summary == summary()
    assert case.manifest.versions["heliorack"] == "0.1.0"
    assert found.holds is True
    history = case.history
    assert history["panel max_degC"].shape == history["time_s"].shape == (41,)
    assert case.moments() == pytest.approx(np.linspace(0, 5700, 5))
    hot, cold = case.temperature(), case.temperature("coldest")
    assert hot.part_names == tuple(name for name, *_ in BOXES)
    assert hot.value.max() == pytest.approx(70.0, abs=1e-4)
    assert cold.value.min() == pytest.approx(7.0, abs=1e-4)
    assert case.temperature(1425).value.max() == hot.value.max()
    assert case.means("coldest")["battery"] == pytest.approx(case.history["battery mean_degC"][case.history["battery min_degC"].argmin()])
    assert case.power() is None
    assert heliorack.open is open_run
    blocks = case.mesh("coldest")
    assert blocks.keys() == [name for name, *_ in BOXES]
    assert blocks["battery"].point_data["temperature_degC"].min() == pytest.approx(7.0, abs=1e-4)
    assert blocks["battery"].n_cells == 5
    with pytest.raises(ViewError, match="give hottest, coldest or a time"):
        case.temperature("noon")


def test_a_set_of_load_cases_comes_back(tmp_path: Path) -> None:
    """In the order of the file, with its envelope; which one is meant has to be said."""
    for name, warmer in (("hot", 0.0), ("cold", -30.0)):
        write_run(tmp_path / name, case=name, warmer=warmer)
    (tmp_path / "manifest.json").write_text(json.dumps(content(set_manifest("hot", "cold"))))
    found = open_run(tmp_path)
    assert list(found.cases) == ["hot", "cold"]
    assert found.envelope == envelope({name: case.summary for name, case in found.cases.items()})
    assert found.holds is False
    assert found.case("hot").summary.holds
    with pytest.raises(ValueError, match=r"holds 2 load cases \(hot, cold\); say which one"):
        found.case()
    with pytest.raises(KeyError, match="no load case 'warm'; there are hot, cold"):
        found.case("warm")


def test_what_is_no_finished_run_is_refused(tmp_path: Path) -> None:
    """Interrupted, not there, a sweep, something else, a newer form."""
    (tmp_path / "begun.partial").mkdir()
    with pytest.raises(FolderError, match=r"not finished: .*begun\.partial holds .* --resume"):
        open_run(tmp_path / "begun")
    with pytest.raises(FolderError, match="does not exist"):
        open_run(tmp_path / "none")
    (tmp_path / "plan.json").write_text("{}")
    with pytest.raises(FolderError, match="holds a sweep; name the folder of one of its points"):
        open_run(tmp_path)
    with pytest.raises(FolderError, match=r"no manifest\.json"):
        open_run(write_run(tmp_path / "other", finished=False))
    run = write_run(tmp_path / "newer")
    (run / "manifest.json").write_text(json.dumps(json.loads((run / "manifest.json").read_text()) | {"format": 7}))
    with pytest.raises(FormatError, match="in form 7, newer"):
        open_run(run)


def test_a_notebook_shows_what_matters_and_escapes_it(tmp_path: Path) -> None:
    """Title, verdict with the tightest margin, extremes; the history by its first and last rows, units in the names."""
    case = open_run(write_run(tmp_path / "run")).case()
    shown = case._repr_html_()
    assert "A &lt;small&gt; node &amp; its sisters" in shown
    assert "Holds every limit; tightest: battery, min 0.0 degC, margin 2.0 K" in shown
    assert shown.index("<td>tray.gpu2") < shown.index("<td>panel") < shown.index("<td>battery")
    table = case.history._repr_html_()
    assert "<th>panel max_degC</th>" in table
    assert "41 rows, 18 columns" in table
