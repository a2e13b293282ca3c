"""What a sweep shows is true of its designs: front, influences, percentiles, corner against closed forms; status from the folder."""

import io
import json
import os
import socket
from contextlib import redirect_stdout
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_run import limit, summary
from sample_sweep import write_sweep
from scipy.stats import norm, qmc

from heliorack.runfolder.folder import FolderError
from heliorack.runfolder.summary import PartFigures
from heliorack.sweep.analysis.html import write_html
from heliorack.sweep.analysis.pareto import front, slope
from heliorack.sweep.analysis.sensitivity import fitted, saltelli_blocks, sensitivity, share_of_levels, sobol_of_blocks, sobol_of_surface
from heliorack.sweep.analysis.stacked_margins import percentiles, worst_corner
from heliorack.sweep.analysis.status import rate, status
from heliorack.sweep.analysis.summary import as_dict, show, write_pngs
from heliorack.sweep.analysis.table import ColumnError, read_table
from heliorack.sweep.analysis.words import influence_rows, show_words

few = st.sampled_from([0.0, 1.0, 2.0, 3.0, np.nan])  # many ties
designs = st.lists(st.tuples(few, few, few), max_size=25)


def beats(one, other, signs) -> bool:
    """Whether a design is no worse in anything and better in something, figure by figure."""
    pairs = [(s * a, s * b) for a, b, s in zip(one, other, signs, strict=True)]
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


@given(designs, st.tuples(*[st.sampled_from(["min", "max"])] * 3))
def test_front_is_what_nothing_beats(rows, better):
    """Against the definition, pair by pair; a design without a figure neither stands on the front nor keeps another off it."""
    signs = [1 if way == "min" else -1 for way in better]
    known = [i for i, row in enumerate(rows) if not any(np.isnan(row))]
    wanted = {i for i in known if not any(beats(rows[j], rows[i], signs) for j in known)}
    found = front(np.array(rows, dtype=float).reshape(-1, 3), better)
    assert set(found.tolist()) == wanted
    assert sorted(rows[i][0] for i in found) == [rows[i][0] for i in found]


def test_slope_of_a_straight_front():
    """Half a kilogram for each kelvin; nothing where nothing is traded."""
    assert slope(np.array([[10.0, 0.0], [11.0, 2.0], [13.0, 6.0]])) == pytest.approx(0.5)
    assert slope(np.array([[10.0, 3.0]])) is None


def ishigami(x):
    """Ishigami and Homma, 1990; a = 7, b = 0.1."""
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices():
    """First-order and total indices in closed form (Saltelli et al., Global Sensitivity Analysis, 2008)."""
    a, b = 7.0, 0.1
    one, two, three = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8, b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + three
    return np.array([one, two, 0]) / whole, np.array([one + three, two, three]) / whole


def saltelli(n, d, seed=1):
    """Samples of the unit cube in A, B and mixed matrices."""
    drawn = qmc.Sobol(2 * d, rng=seed).random(n)
    a, b = drawn[:, :d], drawn[:, d:]
    mixed = [np.where(np.arange(d) == i, b, a) for i in range(d)]
    return np.vstack([a, b, *mixed])


def test_saltelli_design_gives_the_indices_of_ishigami(record_property):
    """Found among shuffled rows, whatever their order; first and total indices within 0.05 of the closed form at 1024 base samples."""
    x = np.random.default_rng(3).permutation((2 * saltelli(1024, 3) - 1) * np.pi)
    blocks = saltelli_blocks(x)
    assert blocks.shape == (5, 1024)
    assert len(np.unique(blocks)) == blocks.size
    found, exact = sobol_of_blocks(ishigami(x)[blocks]), ishigami_indices()
    record_property("found", str(np.round(found, 3).tolist()))
    record_property("expected", str(np.round(exact, 3).tolist()))
    record_property("tolerance", "0.05")
    assert found[0] == pytest.approx(exact[0], abs=0.05)
    assert found[1] == pytest.approx(exact[1], abs=0.05)


def test_other_samples_are_no_saltelli_design():
    """Latin hypercubes have no row that differs from another in one column alone; a design that lost rows keeps its whole blocks."""
    assert saltelli_blocks(qmc.LatinHypercube(4, rng=1).random(200)) is None
    x = saltelli(64, 3)
    assert saltelli_blocks(np.delete(x, [5, 200], axis=0)).shape == (5, 32)


def test_surface_gives_the_indices_of_a_quadratic():
    """y = 1 + 2 x1 + 3 x2 + 4 x1 x2 over the unit square, a third variable idle: variances 4/3, 25/12 and 1/9 in closed form."""
    x = qmc.LatinHypercube(3, rng=2).random(256)
    surface = fitted(x, 1 + 2 * x[:, 0] + 3 * x[:, 1] + 4 * x[:, 0] * x[:, 1])
    assert surface.fit == pytest.approx(1.0, abs=1e-9)
    first, total = sobol_of_surface(surface, x)
    one, two, both = 16 / 12, 25 / 12, 16 / 144
    exact = np.array([one, two, 0]) / (one + two + both)
    assert first == pytest.approx(exact, abs=0.01)
    assert total == pytest.approx(exact + np.array([both, both, 0]) / (one + two + both), abs=0.01)


def test_fit_is_that_of_samples_left_out():
    """The shortcut equals fitting anew without each sample; noise that depends on nothing is not foretold at all."""
    rng = np.random.default_rng(5)
    x = rng.random((40, 2))
    y = np.sin(3 * x[:, 0]) + x[:, 1] ** 3 + 0.1 * rng.normal(size=40)
    centre, scale = x.mean(axis=0), x.std(axis=0)

    def terms(points):
        z = (points - centre) / scale
        return np.column_stack([np.ones(len(z)), z, z[:, 0] ** 2, z[:, 0] * z[:, 1], z[:, 1] ** 2])

    errors = []
    for i in range(40):
        rest = np.arange(40) != i
        coefficients = np.linalg.lstsq(terms(x[rest]), y[rest], rcond=None)[0]
        errors.append(y[i] - (terms(x[i : i + 1]) @ coefficients)[0])
    assert fitted(x, y).fit == pytest.approx(1 - np.sum(np.square(errors)) / np.sum((y - y.mean()) ** 2), rel=1e-9)
    assert fitted(x, rng.normal(size=40)).fit < 0.3


def test_shares_of_a_full_grid_are_exact():
    """y = 3 a + b over a grid: 9 to 1, to round-off; bins of noise have, on the mean, no share."""
    a, b = (grid.ravel().astype(float) for grid in np.meshgrid(range(5), range(5)))
    assert share_of_levels(a, 3 * a + b) == pytest.approx(0.9, rel=1e-12)
    assert share_of_levels(b, 3 * a + b) == pytest.approx(0.1, rel=1e-12)
    rng = np.random.default_rng(1)
    plain = [share_of_levels(np.arange(200) % 10, rng.normal(size=200)) for _ in range(50)]
    honest = [share_of_levels(np.arange(200) % 10, rng.normal(size=200), chance=True) for _ in range(50)]
    assert np.mean(plain) > 0.035
    assert np.mean(honest) < 0.015


def test_percentiles_and_corner_of_a_gaussian_plane():
    """T = 50 + 3 z1 + 4 z2: Gaussian with deviation 5, so 95 % at +1.645 x 5 and 99 % at +2.326 x 5; the corner is the sum of both ends."""
    z = norm.ppf(qmc.Sobol(2, rng=1).random(4096).clip(1e-6, 1 - 1e-6))
    T = 50 + 3 * z[:, 0] + 4 * z[:, 1]
    hot, cold = percentiles("T", "max", z, T), percentiles("T", "min", z, T)
    assert hot.nominal == pytest.approx(50, abs=0.01)
    assert hot.p95 == pytest.approx(50 + 5 * norm.ppf(0.95), abs=0.1)
    assert hot.p99 == pytest.approx(50 + 5 * norm.ppf(0.99), abs=0.25)
    assert cold.p99 == pytest.approx(50 - 5 * norm.ppf(0.99), abs=0.25)
    assert hot.corner == pytest.approx(50 + 3 * z[:, 0].max() + 4 * z[:, 1].max(), rel=1e-9)
    assert cold.corner == pytest.approx(50 + 3 * z[:, 0].min() + 4 * z[:, 1].min(), rel=1e-9)
    assert hot.stacked == pytest.approx(hot.corner - hot.p99)
    assert cold.stacked > 0
    low, high = hot.p99_between
    assert low < 50 + 5 * norm.ppf(0.99) < high
    low, high = cold.p99_between
    assert low < 50 - 5 * norm.ppf(0.99) < high


def test_corner_of_many_axes_is_found_without_looking_at_all():
    """Of a plane in twenty variables the corner is at the ends that the signs say."""
    x = np.random.default_rng(2).random((200, 20))
    weights = np.where(np.arange(20) % 3, 1.0, -2.0)
    surface = fitted(x, x @ weights)
    wanted = np.where(weights > 0, x.max(axis=0), x.min(axis=0)) @ weights
    assert worst_corner(surface, x, 1.0) == pytest.approx(wanted, rel=1e-6)


def test_few_samples_do_not_bound_a_percentile():
    """A hundred samples cannot say how far the 99th percentile may lie above them."""
    x = np.random.default_rng(0).normal(size=(100, 1))
    assert percentiles("T", "max", x, x[:, 0]).p99_between[1] is None
    assert percentiles("T", "min", x, x[:, 0]).p99_between[0] is None


# --------------------------------------------------------------------------------------------------------------- whole folders


def grid_rows():
    """A trade with a front: margin from width, both from altitude."""
    return [
        {"parts.panel.width_mm": w, "orbit.altitude_km": h, "coating": c, "holds": w > 700,
         "tightest_margin_K": 0.02 * (w - 750) - (3 if c == "worn" else 0) + 0.001 * h, "mass_kg": 20 + 0.01 * w - 0.001 * h}
        for w in (700, 800, 1000) for h in (500, 600) for c in ("new", "worn")
    ]  # fmt: skip


AXES = ("parts.panel.width_mm", "orbit.altitude_km", "coating")


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


# --------------------------------------------------------------------------------------------------------------------- status


def test_status_counts_folders(tmp_path):
    """Done, failed with messages, running by a living process, left; a folder of a process that is gone does not run."""
    folder = write_sweep(tmp_path / "sweep", AXES, grid_rows(), points=20, failed={"bad1": "no start in 3 s", "bad2": "no start in 4 s"})
    found = status(folder)
    assert (found.done, len(found.failures), found.running, found.left, found.state) == (12, 2, 0, 6, "stopped")
    assert found.words().count("no start in") == 1
    assert "and 1 more" in found.words()
    (folder / f"point13-{socket.gethostname()}-{os.getpid()}.partial").mkdir()
    gone = 4194304 + 1  # above the largest pid that Linux gives
    (folder / f"point14-{socket.gethostname()}-{gone}.partial").mkdir()
    found = status(folder)
    assert (found.running, found.state) == (1, "running")
    (folder / "sweep.json").write_text(json.dumps({}))
    assert status(folder).state == "running"  # a point of it was removed and is solved again
    whole = write_sweep(tmp_path / "whole", AXES, grid_rows(), points=12)
    assert status(whole).state == "stopped"
    (whole / "sweep.json").write_text(json.dumps({}))
    assert status(whole).state == "finished"


def test_rate_leaves_pauses_out():
    """Two points per second, then a night, then two per second again."""
    assert rate([0.0, 0.5, 1.0, 30000.0, 30000.5]) == pytest.approx(2.0)
    assert rate([]) is None


def test_bins_name_themselves(tmp_path):
    """A figure that no surface follows is judged by bins, and says so."""
    rng = np.random.default_rng(6)
    x = rng.random((300, 2))
    rows = [
        {"point": f"sample-{i:04d}_x", "u": u, "v": v, "holds": True, "mass_kg": float(np.sin(40 * u) > 0), "tightest_margin_K": u}
        for i, (u, v) in enumerate(x.tolist())
    ]
    found = sensitivity(read_table(write_sweep(tmp_path / "sweep", ("u", "v"), rows)), "mass_kg")
    assert found.method == "bins"
    assert "bins" in found.words
