"""The roll-up counts nothing twice, says where each line comes from, and the closing words carry it."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sample_run import summary

from heliorack.results.mass_rollup import mass_figures, mass_table, masses
from heliorack.run.run_cases import Outcome
from heliorack.runfolder.summary import DeliveredFigures, LifeFigures
from power.system.mass import Line, array_line, battery_line
from power.system.settings import Power

BODY = SimpleNamespace(
    part_mass=np.array([10.0, 3.0, 4.0, 8.0]),
    assembly=SimpleNamespace(
        part_names=("panel", "wing_north", "wing_south", "battery"),
        face_names=("panel:+z", "wing_north:+x", "wing_south:+x", "battery:+z"),
        face_part=np.array([0, 1, 2, 3]),
    ),
)


def rolled(area: float, energy: float, **given):
    """Table of a case with this array [m2] and battery [Wh]."""
    power = Power(cell="azur_3g30", battery="lg_mj1", **given)
    lines = (array_line(area), battery_line(power.battery_cell, energy * 3600.0))
    return mass_table(SimpleNamespace(power=power), BODY, SimpleNamespace(lines=lines))


def test_things_that_are_not_meshed_add_to_the_parts():
    """All 25 kg of parts, the wing's 2.9 kg/m2 and the cells."""
    table = rolled(10.0, 1000.0)
    assert table.total == pytest.approx(25.0 + 29.0 + 1000.0 / 259.7, rel=1e-3)
    assert list(masses(table)) == ["meshed parts", "solar array", "battery (cells only)", "total"]


def test_what_is_meshed_and_sized_counts_once_by_the_heavier():
    """Wings of 7 kg give way to 29 kg by size; a battery of 8 kg stays, since its bare cells weigh less; each names the other."""
    table = rolled(10.0, 1000.0, array_faces="wing_*:+x", battery_part="battery")
    assert table.total == pytest.approx(10.0 + 29.0 + 8.0, rel=1e-12)
    found = {line.name: line for line in mass_figures(table).lines}
    assert "in place of its 7 kg in the model" in found["solar array"].source
    assert found["battery as meshed"].mass_kg == 8.0
    assert "in place of 3.85" in found["battery as meshed"].source


def test_a_line_is_known_by_its_kind_and_not_by_its_name():
    """An array that is called a port wing stands in for the meshed wings all the same; a "battery tester" is no battery."""
    power = Power(cell="azur_3g30", battery="lg_mj1", array_faces="wing_*:+x", battery_part="battery")
    lines = (array_line(10.0, name="port wing"), Line("battery tester", 1.0, "given", 0.0))
    table = mass_table(SimpleNamespace(power=power), BODY, SimpleNamespace(lines=lines))
    assert table.total == pytest.approx(18.0 + 29.0 + 1.0, rel=1e-12)


def test_every_line_has_a_source_and_uncertainties_add_straight():
    """Twenty per cent of a flown wing, none for geometry, not known for bare cells, which the total names."""
    figures = mass_figures(rolled(10.0, 1000.0))
    assert all(line.source for line in figures.lines)
    assert figures.uncertainty_kg == pytest.approx(0.2 * 29.0)
    assert figures.without_uncertainty == ("battery (cells only)",)
    assert sum(line.mass_kg for line in figures.lines) == pytest.approx(figures.total_kg, rel=1e-12)


def test_the_closing_words_say_how_far_it_may_be_off():
    """One line with the known uncertainties, and a word where there is none."""
    said = Outcome(Path("out"), {"": replace(summary(), mass=mass_figures(rolled(10.0, 1000.0)))}).summary()
    line = next(line for line in said.splitlines() if line.startswith("mass"))
    assert (
        line == "mass     57.9 +-5.8 kg: meshed parts 25 kg, solar array 29 +-5.8 kg, battery (cells only) 3.85 kg (uncertainty not known)"
    )


def test_the_closing_words_name_life_and_delivered_compute():
    """The most worn of two batteries with its law; work with what throttling took."""
    cases = {"hot": summary(case="hot"), "cold": summary(case="cold")}
    for name, left in (("hot", 0.9), ("cold", 0.8)):
        life = LifeFigures(law="schmalstieg_2014", capacity=left, cycles=27000.0, resistance=None, warnings=(), anchors=())
        cases[name] = replace(cases[name], power=replace(cases[name].power, life=life))
    gpu = DeliveredFigures(
        device_hours=9.0, asked_device_hours=10.0, energy_Wh=6000.0, device_hours_per_kWh=1.5, operations_FLOP=1e19,
        operations_FLOP_per_kWh=2e18, throttled_min=12.0,
    )  # fmt: skip
    cases["hot"] = replace(cases["hot"], delivered={"gpu": gpu})
    said = Outcome(Path("out"), cases).summary()
    assert "battery keeps 80.0 % after 27000 cycles (cold), by schmalstieg_2014" in said
    assert (
        "gpu 9 device hours per orbit, 1.5 per kWh, 1e+19 FLOP, throttled 12.0 device minutes; 10.0 % of what was asked for is lost" in said
    )
