"""Three meshes say where a fourth would end, and one pass of refinement spends its nodes where they count."""

import pytest
from bodies import alone

from heliorack.case.case import loads
from heliorack.run.simulate import simulate
from heliorack.studies.mesh_convergence import mesh_study
from meshes.richardson import extrapolate

METAL = """
[materials.metal]
density_kg_m3 = 2700
specific_heat_J_kgK = 900
conductivity_W_mK = {k}
source = "test"
[run]
kind = "steady"
[mesh]
"""
FIN = """
title = "fin"
[[parts]]
name = "fin"
kind = "box"
size_mm = [150, 20, 1]
material = "metal"
coating = "insulated"
mesh_mm = {mesh}
[[boundaries]]
kind = "flux"
faces = "fin:-x"
flux_W_m2 = 104962.476
[[boundaries]]
kind = "radiation"
faces = "fin:[+-]z"
emittance = 0.85
sink_degC = -273.15
[[limits]]
on = "fin"
max_degC = 60
""" + METAL.format(k=167)
SPOT = """
title = "hot spot"
[[parts]]
name = "block"
kind = "box"
size_mm = [60, 60, 30]
material = "metal"
coating = "insulated"
mesh_mm = 8
[[parts]]
name = "chip"
kind = "box"
size_mm = [6, 6, 2]
position_mm = [10, 10, 16]
material = "metal"
coating = "insulated"
heat_W = 40
mesh_mm = 6
[[contacts]]
between = ["block", "chip"]
bonded = true
[[boundaries]]
kind = "temperature"
faces = "block:-z"
temperature_degC = 20
""" + METAL.format(k=20)


@pytest.mark.parametrize("mesh", [24, 16])
def test_radiating_fin(mesh: float) -> None:
    """104.962476 W/m into a fin of 167 W/mK, 1 mm, 150 mm, 0.85 on both faces: 320 K at its root, within the stated error.

    Lieblein, NASA TN D-196, 1959. That error is below 0.2 K: the band is of use.
    """
    found = mesh_study(loads(FIN.format(mesh=mesh)), comm=alone())
    hottest, limited = found["quantities"]
    assert hottest["quantity"] == "hottest point of all"
    assert limited["quantity"] == "fin, hottest"
    assert limited["extrapolated_degC"] == hottest["extrapolated_degC"]
    assert abs(hottest["extrapolated_degC"] + 273.15 - 320) <= hottest["error_K"] < 0.2
    refines, nodes = [row["refine"] for row in found["meshes"]], [row["nodes"] for row in found["meshes"]]
    assert refines == pytest.approx([0.5**0.5, 1.0, 2**0.5])
    assert nodes == sorted(nodes)


@pytest.mark.parametrize("order", [0.7, 1.0, 1.5, 2.0])
def test_a_pure_power_of_the_size_is_extrapolated_exactly(order: float) -> None:
    """T(h) = 300 + 4 h^p on h = 1, 0.7, 0.5: 300, its order, and an error of 1.25 times the last correction."""
    values = [300 + 4 * h**order for h in (1.0, 0.5**0.5, 0.5)]
    found = extrapolate(*values)
    assert found.value == pytest.approx(300, abs=1e-9)
    assert found.order == pytest.approx(order)
    assert found.error == pytest.approx(1.25 * 4 * 0.5**order)


@pytest.mark.parametrize("values", [(300.0, 302.0, 301.0), (300.0, 301.0, 302.2)])
def test_values_that_do_not_converge_are_not_extrapolated(values: tuple[float, float, float]) -> None:
    """To and fro, or ever further apart: the finest value, plus or minus three times the span."""
    found = extrapolate(*values)
    assert found.value == values[2]
    assert found.error == pytest.approx(3 * (max(values) - min(values)))


def test_faster_than_second_order_is_taken_as_second() -> None:
    """A fourth-order sequence is luck on three meshes: the correction is that of order two, the larger one."""
    found = extrapolate(316.0, 304.0, 301.0)
    assert found.order == pytest.approx(4.0)
    assert found.value == pytest.approx(298.0)


def test_adapting_beats_a_mesh_that_is_finer_everywhere() -> None:
    """40 W into 6 mm x 6 mm of a block: 222 degC (refine = 5, 25,000 nodes). Adapted, the error is less than 60 % of that of a uniform mesh
    with more nodes."""
    adapted, even = (simulate(loads(SPOT + extra), alone()) for extra in ("adapt = true", "refine = 1.5"))
    off = [222.07 - result.parts()["chip"].max_degC for result in (adapted, even)]
    nodes = [len(result.body.assembly.points) for result in (adapted, even)]
    assert nodes[0] < nodes[1]
    assert 0 < off[0] < 0.6 * off[1]
    said = [words for words in adapted.assumptions if words.startswith("The mesh was refined once")]
    assert len(said) == 1
    assert "cells; that moved its hottest temperature (chip) by +" in said[0]
