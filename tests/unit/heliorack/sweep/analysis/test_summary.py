"""What a sweep shows of whole folders is true of its designs: fronts, influences, percentiles, pictures and pages."""

import io
from contextlib import redirect_stdout
from dataclasses import replace

import numpy as np
import pytest
from sample_run import limit, summary
from sample_sweep import AXES, grid_rows, write_sweep
from scipy.stats import qmc

from heliorack.runfolder.folder import FolderError
from heliorack.runfolder.summary import PartFigures
from heliorack.sweep.analysis.html import write_html
from heliorack.sweep.analysis.summary import as_dict, show, write_pngs
from heliorack.sweep.analysis.table import ColumnError, read_table
from heliorack.sweep.analysis.words import influence_rows, show_words


def sampled_rows(n=128):
    """One part whose temperature is 60 + 10 u + 20 v degC, limited to 85; 5 K of uncertainty."""
    drawn = qmc.Sobol(2, rng=4).random(n)
    rows = []
    for i, (u, v) in enumerate(drawn.tolist()):
        hot = 60 + 10 * u + 20 * v
        chip = PartFigures(max_degC=hot, min_degC=hot - 10, mean_degC=hot - 5, mass_kg=1.0)
        found = replace(summary(), parts={"chip": chip}, limits=(limit("chip", "max", 85.0, hot),), orbit=None)
        rows.append({"point": f"sample-{i:04d}_ab", "u": u, "v": v, "holds": hot < 80, "tightest_margin_K": 80 - hot, "mass_kg": 30 + 2 * v,
                     "summary": found})  # fmt: skip
    return rows


def test_trade_is_shown(tmp_path):
    """The front is that of the lighter altitude and the new paint; a kelvin weighs what the formulas say; columns go by their last step."""
    found = show(write_sweep(tmp_path / "sweep", AXES, grid_rows()))
    kept = as_dict(found)
    assert [(d["orbit.altitude_km"], d["coating"]) for d in kept["front"]] == [(600, "new")] * 3
    assert kept["kg_per_K"] == pytest.approx(0.01 / 0.02)
    assert found.table.find("width_mm") == "parts.panel.width_mm"
    shares = {i["axis"]: i["first"] for i in kept["sensitivity"][0]["axes"]}
    assert sum(shares.values()) == pytest.approx(1.0)
    assert kept["sensitivity"][0]["method"] == "levels"
    assert kept["stack"] is None
    cut = next(s for s in kept["slices"] if s["axis"] == "coating" and s["figure"] == "tightest_margin_K")
    assert cut["levels"][0]["mean"] - cut["levels"][1]["mean"] == pytest.approx(3.0)


def test_samples_are_shown(tmp_path):
    """Corner 90 degC less what the outermost samples lack, over a 99th percentile that is the closed form's; no front of luck."""
    rows = sampled_rows()
    kept = as_dict(show(write_sweep(tmp_path / "sweep", ("u", "v"), rows)))
    assert kept["front"] == []
    (unit,) = kept["stack"]["units"]
    assert unit["worst_corner"] == pytest.approx(60 + 10 * max(r["u"] for r in rows) + 20 * max(r["v"] for r in rows), rel=1e-6)
    exact = 90 - np.sqrt(0.01 * 2 * 10 * 20)  # the corner that 1 % of the unit square lies beyond is a triangle
    density = (90 - exact) / 200  # per kelvin, there; a quantile of n samples has the standard error sqrt(q (1 - q) / n) / density
    assert unit["p99"] == pytest.approx(exact, abs=2 * np.sqrt(0.01 * 0.99 / len(rows)) / density)
    assert unit["uncertainty_K"] == pytest.approx(5.0)
    beyond = np.mean([10 * r["u"] + 20 * r["v"] <= 15 + 5 for r in rows])
    assert unit["share_within_uncertainty"] == pytest.approx(beyond, abs=0.02)
    assert kept["stack"]["costs_kg_array_and_battery"] == pytest.approx(
        2 * (max(r["v"] for r in rows) - np.quantile([r["v"] for r in rows], 0.99)), abs=1e-6
    )
    assert {s["method"] for s in kept["sensitivity"]} == {"surface"}
    first = {i["axis"]: i["first"] for i in kept["sensitivity"][0]["axes"]}
    assert first["v"] == pytest.approx(0.8, abs=0.02)


def test_load_cases_count_by_the_worst(tmp_path):
    """A design has the least margin and the greatest mass of its load cases; one that lacks a case is left out and said."""
    rows = [
        {"case": case, "coating": paint, "holds": margin > 0, "tightest_margin_K": margin, "mass_kg": mass}
        for case, paint, margin, mass in [("hot", "a", 3.0, 10.0), ("cold", "a", -1.0, 11.0), ("hot", "b", 2.0, 10.5),
                                          ("cold", "b", 4.0, 10.0), ("hot", "c", 1.0, 9.0)]
    ]  # fmt: skip
    table = read_table(write_sweep(tmp_path / "sweep", ("coating",), rows, points=6))
    assert [(row["tightest_margin_K"], row["mass_kg"], row["holds"]) for row in table.rows] == [(-1.0, 11.0, False), (2.0, 10.5, True)]
    assert table.left_out == 1


def test_designs_without_limits_hold_nothing(tmp_path, capsys):
    """A design without limits is not one that holds, nor one that misses: it is counted apart, also beside a load case that has some."""
    rows = [
        {"case": case, "coating": paint, "holds": holds, "tightest_margin_K": margin, "mass_kg": 10.0 + 3 * margin}
        for case, paint, holds, margin in [("hot", "a", None, 1.0), ("cold", "a", True, 2.0), ("hot", "b", None, 3.0),
                                           ("cold", "b", False, 1.0), ("hot", "c", True, 2.0), ("cold", "c", True, 3.0)]
    ]  # fmt: skip
    found = show(write_sweep(tmp_path / "sweep", ("coating",), rows, points=6))
    assert [row["holds"] for row in found.table.rows] == [None, False, True]
    assert (as_dict(found)["holds"], as_dict(found)["without_limits"]) == (1, 1)
    show_words(found)
    assert "3 designs, 1 hold every limit, 1 have no limits" in capsys.readouterr().out


def hot_and_cold(papers="abcd", cold="abcd"):
    """Designs of two load cases as the plan has them, and rows of the hot one."""
    designs = [{"hot": f"{p}-hot"} | ({"cold": f"{p}-cold"} if p in cold else {}) for p in papers]
    rows = [
        {"point": f"{p}-hot", "case": "hot", "coating": p, "holds": True, "tightest_margin_K": 1.0 + i, "mass_kg": 9.0 + i}
        for i, p in enumerate(papers)
    ]
    return designs, rows


def test_a_design_wants_the_load_cases_that_are_planned_for_it(tmp_path):
    """Where only hot is done nothing is known of any design; with three cold rows, three designs are at the worst of both."""
    designs, rows = hot_and_cold()
    with pytest.raises(FolderError, match=r"no design is done under all of its load cases \(hot and cold\) yet"):
        read_table(write_sweep(tmp_path / "hot", ("coating",), rows, points=8, designs=designs))
    cold = [row | {"point": f"{row['coating']}-cold", "case": "cold", "holds": False} for row in rows[:3]]
    found = show(write_sweep(tmp_path / "both", ("coating",), rows + cold, points=8, designs=designs))
    assert [row["holds"] for row in found.table.rows] == [False] * 3
    assert (found.table.left_out, found.table.partial) == (1, 0)
    assert any(note.startswith("1 designs are not done, or failed, under some of their load cases") for note in found.notes)


def test_a_load_case_that_a_constraint_leaves_out_is_not_missing(tmp_path):
    """Such designs are shown, counted and worded apart from those that are not done."""
    designs, rows = hot_and_cold(cold="a")
    rows.append(rows[0] | {"point": "a-cold", "case": "cold", "tightest_margin_K": -2.0})
    kept = as_dict(show(write_sweep(tmp_path / "sweep", ("coating",), rows, designs=designs)))
    assert (kept["designs"], kept["left_out"], kept["without_some_case"]) == (4, 0, 3)
    assert "a constraint leaves out some load case of 3 designs, which are at the worst of the others" in kept["notes"]
    assert not any("not done" in note for note in kept["notes"])


def test_shares_of_a_grid_with_holes_are_said_to_overlap(tmp_path):
    """In the words of the terminal, of the page and for programs; a full grid is called first-order."""
    full = as_dict(show(write_sweep(tmp_path / "full", AXES, grid_rows())))["sensitivity"][0]
    assert full["full_grid"]
    assert "first order" in full["how"]
    found = show(write_sweep(tmp_path / "holes", AXES, grid_rows()[1:-2]))
    holes = as_dict(found)["sensitivity"][0]
    assert not holes["full_grid"]
    assert "not a full grid: shares overlap" in holes["how"]
    assert "first order" not in holes["how"]
    out = io.StringIO()
    with redirect_stdout(out):
        show_words(found)
    assert "not a full grid: shares overlap" in out.getvalue()
    assert all("not a full grid" in made["how"] for made in influence_rows(found.sensitivities))


def test_designs_without_sizes_are_left_out_of_figures_of_sizes(tmp_path):
    """No mass is not the least mass: such a design is on no front and in no mean, a level of nothing but such has a dash."""
    rows = [row | ({"mass_kg": None} if row["parts.panel.width_mm"] == 700 else {}) for row in grid_rows()]
    found = show(write_sweep(tmp_path / "sweep", AXES, rows))
    kept = as_dict(found)
    assert all(design["mass_kg"] is not None for design in kept["front"])
    assert any(note.startswith("4 designs have no array that carries their load") for note in kept["notes"])
    mass = next(s for s in kept["slices"] if s["axis"] == AXES[0] and s["figure"] == "mass_kg")
    assert [level["level"] for level in mass["levels"]] == ["800", "1000"]
    out = io.StringIO()
    with redirect_stdout(out):
        show_words(found)
    table = out.getvalue().split("panel width [mm]")[1].splitlines()
    cells = next(line for line in table if line.startswith("700")).split()
    assert "-" in cells
    assert set(write_pngs(found, tmp_path / "png"))
    write_html(found, tmp_path / "page.html")
    cases = [row | {"case": case, "mass_kg": row["mass_kg"] if case == "cold" else None} for row in rows for case in ("cold", "hot")]
    assert all(row["mass_kg"] is None for row in read_table(write_sweep(tmp_path / "cases", AXES, cases)).rows)


def test_percentiles_of_sizes_want_every_sample(tmp_path):
    """Where one sample has no size, 99 % of them have no largest one: the size is left out of the stack, temperatures stay."""
    rows = sampled_rows()
    rows[7] |= {"mass_kg": None}
    kept = as_dict(show(write_sweep(tmp_path / "sweep", ("u", "v"), rows)))
    assert kept["stack"]["sizes"] == {}
    assert kept["stack"]["costs_kg_array_and_battery"] is None
    assert len(kept["stack"]["units"]) == 1


def test_axes_that_step_together_count_once(tmp_path):
    """The second column of a zip says nothing new; a column that never changes is no axis; dates have places."""
    rows = [{"a": i, "b": 10 * i, "c": 7, "when": f"2027-0{i + 1}-01 00:00:00+00:00", "mass_kg": i**2, "holds": True} for i in range(3)]
    table = read_table(write_sweep(tmp_path / "sweep", ("a", "b", "c"), rows))
    assert [axis.column for axis in table.axes] == ["a"]
    dated = read_table(write_sweep(tmp_path / "dated", ("when",), rows)).axes[0]
    assert dated.kind == "time"
    assert dated.at.tolist() == [0.0, 31.0, 59.0]


def test_cut_short_table_is_read(tmp_path):
    """A row that a kill cut in half is not a row."""
    folder = write_sweep(tmp_path / "sweep", AXES, grid_rows(), points=20)
    with (folder / "table.csv").open("a") as out:
        out.write("point12,done,,9")
    table = read_table(folder)
    assert len(table.rows) == 12
    assert table.left_out == 8


def test_unknown_column_is_refused(tmp_path):
    """With what was probably meant."""
    folder = write_sweep(tmp_path / "sweep", AXES, grid_rows())
    with pytest.raises(ColumnError, match="did you mean mass_kg"):
        show(folder, "mas_kg")
    with pytest.raises(ColumnError, match="min or max"):
        show(folder, "mass_kg:less")
    with pytest.raises(FolderError, match="no sweep"):
        show(tmp_path)


@pytest.mark.parametrize("rows", [grid_rows(), sampled_rows(64)], ids=["trade", "samples"])
def test_pictures_and_page(rows, tmp_path):
    """Every picture is drawn; the page holds them all and fetches nothing."""
    axes = AXES if "coating" in rows[0] else ("u", "v")
    found = show(write_sweep(tmp_path / "sweep", axes, rows))
    names = {path.stem for path in write_pngs(found, tmp_path / "png")}
    assert names == {"slices", "sensitivity", "parallel", "front" if axes == AXES else "stack"}
    write_html(found, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert text.count("data:image/png;base64,") == len(names)
    assert "http://" not in text
    assert "https://" not in text
