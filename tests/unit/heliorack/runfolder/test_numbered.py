"""What a run leaves is typed and numbered: nothing is lost between writing and reading, and another form is refused in words."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pyvista
from sample_run import manifest, set_manifest, summary, write_run

from heliorack.report import html
from heliorack.results.compute_figures import starts_figures
from heliorack.runfolder import envelope, numbered, power_file, surface_file
from heliorack.runfolder import manifest as manifests
from heliorack.runfolder import summary as summaries
from heliorack.runfolder.folder import write_json
from heliorack.runfolder.numbered import DamagedError, FormatError, NotFiniteError
from heliorack.runfolder.quantity import RADIATION
from heliorack.runfolder.summary import ComputeFigures, Summary
from heliorack.sweep.design import plan_file
from heliorack.visuals import view
from thermal.solve.hot_and_cold_starts import Extremes, Starts

POWER = power_file.PowerFile(
    title="node", case="hot", flows=(power_file.FlowFigures(from_="sunlight", to="array", mean_W=5.0),), orbit=None, eclipse_s=(1.0, 2.0),
    max_depth_of_discharge=0.3, regulation="mppt", life="bol", array=power_file.NoCurves(none="no array"), years=None,
)  # fmt: skip


GONE = object()


def folder(place: Path, found: Summary) -> Path:
    """A folder with this summary and a manifest."""
    place.mkdir()
    write_json(place / "summary.json", found.json())
    write_json(place / "manifest.json", manifests.content(manifest()))
    return place


def changed(path: Path, **keys: object) -> None:
    """Put other values into a JSON file; GONE takes a key out."""
    content = json.loads(path.read_text()) | keys
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not GONE}))


def test_every_kind_of_file_comes_back_as_it_was(tmp_path: Path) -> None:
    """Summary, envelope, manifests of a run and of a set, power side."""
    found = summary(case="hot")
    place = folder(tmp_path / "hot", found)
    assert summaries.read(place) == found
    assert manifests.read(place) == manifest()
    write_json(place / "power.json", POWER.json())
    assert power_file.read(place) == POWER
    assert json.loads((place / "power.json").read_text())["flows"] == [{"from": "sunlight", "to": "array", "mean_W": 5.0}]
    whole = envelope.envelope({"hot": found, "cold": summary(case="cold", warmer=-30.0)})
    write_json(tmp_path / "summary.json", whole.json())
    write_json(tmp_path / "manifest.json", manifests.content(set_manifest("hot", "cold")))
    assert envelope.read(tmp_path) == whole
    assert manifests.read(tmp_path) == set_manifest("hot", "cold")
    assert {limit["in"] for limit in json.loads((tmp_path / "summary.json").read_text())["limits"]} == {"hot", "cold"}


def test_keys_stand_in_the_order_of_the_form_with_the_number_first() -> None:
    """What says nothing is null; what is only there sometimes is left out."""
    content = replace(summary(), compute={"gpu": ComputeFigures(mean_W=1.0, max_W=2.0)}).json()
    assert list(content)[:4] == ["format", "title", "question", "case"]
    assert content["satellite_ledger"] is None
    assert content["compute"] == {"gpu": {"mean_W": 1.0, "max_W": 2.0}}


@pytest.mark.parametrize("name", ["summary.json", "manifest.json", "power.json"])
def test_a_newer_form_is_refused_in_words(tmp_path: Path, name: str) -> None:
    """What was found, what this version reads, what to do; an older one alike."""
    place = folder(tmp_path / "run", summary())
    write_json(place / "power.json", POWER.json())
    read = {"summary.json": summaries.read, "manifest.json": manifests.read, "power.json": power_file.read}[name]
    changed(place / name, format=numbered.NUMBERS[name] + 1)
    with pytest.raises(
        FormatError, match=r"was written by heliorack 0\.1\.0 in form 2, newer than the form 1 that .* reads; run again with --force"
    ):
        read(place)
    changed(place / name, format=0)
    with pytest.raises(FormatError, match=r"in form 0, older than the form 1 .*or read it with heliorack 0\.1\.0"):
        read(place)
    changed(place / name, format="x")
    with pytest.raises(DamagedError, match="is damaged"):
        read(place)


def test_the_surface_says_its_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the field data, where ParaView shows it; a file without the number is read, a newer one refused."""
    corners, nothing = np.eye(3), np.zeros((0, 1), dtype=np.uint8)
    sky = surface_file.no_sky(nothing, np.full(3, -1, dtype=np.int16))
    fields = {quantity.key: np.array([5.0]) for quantity in RADIATION}
    skin = surface_file.Skin(corners, np.array([[0, 1, 2]]), np.array([0]), ("chip",), fields, sky)
    path = tmp_path / "surface.vtp"
    surface_file.write(skin, path)
    assert surface_file.read(tmp_path).fields["absorbed_solar"].tolist() == [5.0]
    old = pyvista.read(path)
    assert old.field_data["format"].tolist() == [1]
    del old.field_data["format"]
    old.save(path)
    assert surface_file.read(tmp_path).part_names == ("chip",)
    with monkeypatch.context() as later:
        later.setitem(numbered.NUMBERS, "surface.vtp", 2)
        surface_file.write(skin, path)
    with pytest.raises(FormatError, match="in form 2, newer than the form 1"):
        surface_file.read(tmp_path)


def test_pictures_and_reports_refuse_a_newer_form(tmp_path: Path) -> None:
    """No reader goes around the number."""
    place = write_run(tmp_path / "run")
    changed(place / "summary.json", format=99)
    for use in (html.write, view.pictures):
        with pytest.raises(FormatError, match="in form 99, newer"):
            use(place)


def test_a_folder_from_before_numbers_is_read_where_it_says_all(tmp_path: Path) -> None:
    """Without the number the same keys are the first form; where keys are missing, words say which."""
    found = summary()
    place = folder(tmp_path / "run", found)
    changed(place / "summary.json", format=GONE)
    assert summaries.read(place) == found
    changed(place / "summary.json", mass=GONE)
    with pytest.raises(FormatError, match=r"before its form had a number, in another form \(mass is missing\); run again"):
        summaries.read(place)


def test_an_old_plan_is_migrated(tmp_path: Path) -> None:
    """Plans said neither designs nor files at first; a numbered one must."""
    old = {"kind": "sweep plan", "title": "t", "case_file": "a.toml", "points": 3, "axes": ["x"], "digest": "d"}
    (tmp_path / "plan.json").write_text(json.dumps(old))
    found = plan_file.read(tmp_path)
    assert (found.points, found.designs, found.files, found.skipped) == (3, None, {}, 0)
    (tmp_path / "plan.json").write_text(json.dumps(old | {"format": 1}))
    with pytest.raises(DamagedError, match="skipped is missing"):
        plan_file.read(tmp_path)


def test_what_is_damaged_is_named(tmp_path: Path) -> None:
    """A file cut short, a key gone, a text where a number belongs."""
    place = folder(tmp_path / "run", summary())
    whole = (place / "summary.json").read_text()
    (place / "summary.json").write_text(whole[:200])
    with pytest.raises(DamagedError, match=r"summary\.json is damaged"):
        summaries.read(place)
    (place / "summary.json").write_text(whole.replace('"nodes": 32', '"nodes": "many"'))
    with pytest.raises(DamagedError, match="nodes: input should be a valid integer"):
        summaries.read(place)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_no_file_says_what_is_no_number(tmp_path: Path, value: float) -> None:
    """The key is named, nothing is written, and what was there stays."""
    bad = replace(summary(), heat_W={"space": value})
    with pytest.raises(NotFiniteError, match=rf"summary\.json: heat_W\.space is {value}"):
        write_json(tmp_path / "summary.json", bad.json())
    assert list(tmp_path.iterdir()) == []


def test_a_start_that_runs_away_has_no_difference() -> None:
    """The states of two starts differ by no number where only one of them is a state."""
    found = starts_figures(Starts(hot=(), cold=(Extremes("chip", 200.0, 300.0),), tolerance=0.1, hot_runaway="runs away"))
    assert found is not None
    assert found.difference_K is None
    assert found.hot == "runs away"


def test_a_field_holds_what_its_type_says() -> None:
    """A figure of another kind is a fault of the program and does not reach a file."""
    from pydantic_core import PydanticSerializationError

    with pytest.raises(PydanticSerializationError):
        replace(summary(), nodes="many").json()  # type: ignore[arg-type]
