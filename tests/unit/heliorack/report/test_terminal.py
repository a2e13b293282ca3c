"""The closing words answer the question: temperatures against limits, sizes, trust, verdict."""

from dataclasses import replace
from pathlib import Path

from sample_run import BOXES, Box, summary

from heliorack.run.run_cases import Outcome


def row(text: str, start: str) -> list[str]:
    """Words of the line that starts so."""
    return next(line for line in text.splitlines() if line.startswith(start)).split()


def test_a_single_run() -> None:
    """Every part with its extremes, tightest limit and margin; first law, periodic state, verdict, paths."""
    said = Outcome(Path("out/node"), {"": summary()}).summary()
    assert row(said, "part") == ["part", "min_degC", "max_degC", "limit_degC", "margin_K"]
    assert row(said, "tray.gpu2") == ["tray.gpu2", "60.0", "70.0", "max", "85.0", "10.0"]
    assert row(said, "battery") == ["battery", "7.0", "17.0", "min", "0.0", "2.0"]
    assert row(said, "panel")[-1] == "-"
    assert "array 2.5 m2, 900 W peak" in said
    assert "battery 1085 Wh, sized; depth of discharge 30 %" in said
    assert "first law: closure 3e-14, time error 4e-05 of the throughput" in said
    assert "periodic state: reached in 3 orbits, estimated error 0.004 K" in said
    assert "HOLDS" in said
    assert said.splitlines()[-2:] == ["report   out/node/report.html", "picture  out/node/picture.png"]


def test_a_miss_is_marked_and_explained() -> None:
    """The row and the verdict both say so."""
    said = Outcome(Path("out/node"), {"": summary(warmer=20.0)}).summary()
    assert row(said, "tray.gpu2")[-2:] == ["-10.0", "MISSED"]
    assert "MISSES 1 check:\n  tray.gpu2: predicted too hot" in said


def test_what_has_no_size_has_no_number() -> None:
    """A case that no array carries comes before all others, and neither array nor battery nor total mass has a figure."""
    sized, none = summary(case="cold"), summary(case="hot")
    assert none.power is not None
    power = replace(none.power, array_area_m2=None, array_peak_W=None, pack_capacity_Wh=None, depth_of_discharge=None)
    meshed, array = none.mass.lines
    mass = replace(none.mass, lines=(meshed, replace(array, mass_kg=None, uncertainty_kg=None)), total_kg=None, uncertainty_kg=None)
    none = replace(none, power=power, mass=mass)
    said = Outcome(Path("out/node"), {"cold": sized, "hot": none}).summary()
    assert "array none: no area carries this load (hot)" in said
    assert "battery none: no array carries this load (hot)\n" in said
    assert "mass     none: meshed parts 4 kg, solar array none\n" in said


def test_load_cases_share_an_envelope() -> None:
    """Each extreme stands with its case, every case has a line, and all of it fits a screen."""
    cases = {"hot": summary(case="hot"), "cold": summary(case="cold", warmer=-30.0)}
    said = Outcome(Path("out/node"), cases).summary()
    assert row(said, "tray.gpu2") == ["tray.gpu2", "30.0", "cold", "70.0", "hot", "max", "85.0", "10.0"]
    assert row(said, "cold")[:2] == ["cold", "MISSES"]
    assert "  cold: battery: predicted too cold" in said
    assert len(said.splitlines()) < 40


def test_many_siblings_share_a_row() -> None:
    """Forty modules are one row; the margin is that of the tightest."""
    boxes: list[Box] = [*BOXES, *((f"dimm{i}", (0, 0, 0), (1, 1, 1), 20.0 + i) for i in range(40))]
    said = Outcome(Path("out/node"), {"": summary(boxes)}).summary()
    assert row(said, "dimm0..39") == ["dimm0..39", "15.0", "64.0", "-", "-"]
    assert row(said, "tray.gpu1..2")[1:] == ["55.0", "70.0", "max", "85.0", "10.0"]


def test_junctions_and_faces_have_rows_of_their_own() -> None:
    """A junction is hotter than its part: the two must not share a row."""
    found = summary()
    junction = replace(found.limits[0], on="tray.gpu1", at="junction", calculated_degC=81.0, margin_K=-1.0, holds=False)
    face = replace(found.limits[1], on="panel:+z", at="face", calculated_degC=3.0, margin_K=-2.0, holds=False)
    said = Outcome(Path("out"), {"": replace(found, limits=(*found.limits, junction, face))}).summary()
    assert row(said, "tray.gpu1 junction") == ["tray.gpu1", "junction", "-", "81.0", "max", "85.0", "-1.0", "MISSED"]
    assert row(said, "panel:+z mean") == ["panel:+z", "mean", "3.0", "-", "min", "0.0", "-2.0", "MISSED"]


def test_a_bench_case_has_no_power_line() -> None:
    """Nor a periodic one."""
    said = Outcome(Path("out"), {"": replace(summary(), power=None, periodic=None, limits=())}).summary()
    assert "array " not in said.replace("solar array", "")
    assert "periodic" not in said
