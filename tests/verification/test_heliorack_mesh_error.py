"""Every run says what its mesh does to the extremes of its parts: half the true error at least, thrice at most."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from heliorack.case.case import load, loads
from heliorack.results.result import Result
from heliorack.run.simulate import simulate

STEADY = '[run]\nkind = "steady"\n'
METAL = """
[materials.metal]
density_kg_m3 = 2700
specific_heat_J_kgK = 900
conductivity_W_mK = {k}
source = "test"
"""
CHIP = (
    """
title = "a 1 mm chip on a thick laminate block"
[[parts]]
name = "block"
kind = "box"
size_mm = [60, 60, 30]
position_mm = [0, 0, -15]
material = "metal"
coating = "insulated"
[[parts]]
name = "chip"
kind = "box"
size_mm = [1, 1, 1]
position_mm = [0, 0, 0.5]
material = "copper"
coating = "insulated"
heat_W = 0.05
[[contacts]]
between = ["chip", "block"]
conductance_W_m2K = 1e6
[[boundaries]]
kind = "temperature"
faces = "block:-z"
temperature_degC = 20
"""
    + METAL.format(k=0.3)
    + STEADY
)
CHIP_IS = 92.0  #: degC: 0.4339/(k s) of an isothermal square on a half space, less the far field, plus the contact

FIN = (
    """
title = "fin"
[[parts]]
name = "fin"
kind = "box"
size_mm = [100, 20, 0.5]
material = "metal"
coating = "insulated"
[[boundaries]]
kind = "flux"
faces = "fin:-x"
flux_W_m2 = 300000
[[boundaries]]
kind = "film"
faces = "fin:[+-]z"
h_W_m2K = 50
fluid_degC = 20
"""
    + METAL.format(k=50)
    + STEADY
)

SLAB = (
    """
title = "slab"
[[parts]]
name = "slab"
kind = "box"
size_mm = [60, 20, 20]
material = "metal"
coating = "insulated"
heat_W = 60
[[boundaries]]
kind = "temperature"
faces = "slab:[+-]x"
temperature_degC = 20
"""
    + METAL.format(k=20)
    + STEADY
)


def solved(text: str, *overrides: str) -> Result:
    return simulate(loads(text, overrides))


def hottest(result: Result, part: str) -> tuple[float, float]:
    """Maximum of a part [degC], and what the run says a finer mesh would add [K]."""
    figures = result.parts()[part]
    assert figures.mesh_max_K is not None
    return figures.max_degC, figures.mesh_max_K


def assert_covers(error: float, said: float) -> None:
    """Half the true error at least where it matters, and thrice at most."""
    if abs(error) > 0.05:
        assert np.sign(said) == np.sign(error)
        assert 0.5 * abs(error) <= abs(said) <= 3 * abs(error)


@pytest.mark.parametrize("sizes", [(), ("mesh.refine=0.5",), ("mesh.size_mm=3",)])
def test_a_tiny_source(sizes):
    """38 K too cold where one cell spans the chip, 3.2 K on the default mesh, 9 K on half of it: each is said."""
    found, said = hottest(solved(CHIP, *sizes), "chip")
    assert_covers(CHIP_IS - found, said)
    if not sizes:
        assert abs(CHIP_IS - found) < max(2.0, said)
        assert abs(CHIP_IS - found) < 4


def test_a_fin():
    """Base of a long fin with heat q: q tanh(m L)^-1 / (k m), m^2 = 2 h / (k t); second order, and what is said falls by more than half."""
    m = (2 * 50 / (50 * 0.0005)) ** 0.5
    exact = 20 + 3e5 / (50 * m) / np.tanh(m * 0.1)
    found = [hottest(solved(FIN, f"mesh.size_mm={size}"), "fin") for size in (8, 4, 2)]
    for value, said in found:
        assert_covers(exact - value, said)
    errors = [exact - value for value, _ in found]
    assert errors[0] > 1
    assert np.log2(errors[1] / errors[2]) == pytest.approx(2, abs=0.3)
    assert all(fine < coarse / 2 for (_, coarse), (_, fine) in pairwise(found))


def test_a_heated_slab():
    """Middle of a slab with heat q by volume, its ends held: q L^2 / 8 k; parabolas are what quadratic elements represent."""
    exact = 20 + (60 / 24e-6) * 0.06**2 / (8 * 20)
    for size in (12, 6):
        value, said = hottest(solved(SLAB, f"mesh.size_mm={size}"), "slab")
        assert_covers(exact - value, said)


def test_what_first_order_elements_represent_has_no_error():
    """Heat through a bar is linear in its length: nothing is left to a finer mesh, contacts and films included."""
    bar = SLAB.replace("heat_W = 60\n", "").replace('"slab:[+-]x"', '"slab:-x"')
    for boundary in ('kind = "flux"\nflux_W_m2 = 2e4', 'kind = "film"\nh_W_m2K = 100\nfluid_degC = 120'):
        result = solved(bar + f'\n[[boundaries]]\nfaces = "slab:+x"\n{boundary}\n', "mesh.size_mm=10")
        assert hottest(result, "slab")[0] > 30
        assert abs(hottest(result, "slab")[1]) < 1e-6


def test_a_margin_within_the_error_is_not_held():
    """Of equal temperatures a limit far away holds; one closer than the error of the mesh does not, and says what would tell."""
    hot, said = hottest(solved(FIN, "mesh.size_mm=8"), "fin")
    at = '\n[[limits]]\non = "fin"\nmax_degC = {:.3f}\n'
    far, near = (solved(FIN + at.format(hot + 5 + more), "mesh.size_mm=8") for more in (said + 1, 0.5 * said))
    assert far.holds is True
    assert near.holds is False
    assert not near.failures
    (words,) = near.within_error
    assert "smaller than the error of the run" in words
    assert "mesh.refine" in words
    assert near.summary().limits[0].error_K == pytest.approx(said, rel=1e-6)


@pytest.mark.full
def test_edge_node_against_half_its_edges():
    """A mesh of half the edge length moves maxima as the shipped one says, within a factor of two and a half and the errors of rays."""
    case = load("cases/edge_node.toml", case="hot_operational")
    coarse = simulate(case)
    fine = simulate(replace(case, mesh=replace(case.mesh, refine=2 * case.mesh.refine)))
    rays = coarse.radiation.temperature_error + fine.radiation.temperature_error
    for name, figures in coarse.parts().items():
        moved, left = fine.parts()[name].max_degC - figures.max_degC, fine.parts()[name].mesh_max_K
        assert figures.mesh_max_K is not None
        assert left is not None
        assert abs(moved) < 2 * abs(figures.mesh_max_K - left) + rays + 0.02
        assert abs(figures.mesh_max_K - left) < 2.5 * abs(moved) + rays + 0.02


def small_source(board: str, at: str, chip: str) -> str:
    """A heated copper chip on a block of laminate with a film below."""
    return (
        f"""
title = "a small source"
[[parts]]
name = "block"
kind = "box"
size_mm = {board}
position_mm = {at}
material = "metal"
coating = "insulated"
[[parts]]
name = "chip"
material = "copper"
coating = "insulated"
{chip}
[[contacts]]
between = ["chip", "block"]
conductance_W_m2K = 20000
[[boundaries]]
kind = "film"
faces = "block:-z"
h_W_m2K = 200
fluid_degC = 20
"""
        + METAL.format(k=0.3)
        + STEADY
    )


def long(*values: object) -> object:
    return pytest.param(*values, marks=pytest.mark.full)


@pytest.mark.parametrize(
    ("board", "at", "chip"),
    [
        ("[40, 40, 10]", "[0, 0, -5]", 'kind = "box"\nsize_mm = [2, 2, 1]\nposition_mm = [19, 19, 0.5]\nheat_W = 0.05'),
        long("[40, 40, 10]", "[0, 0, -5]", 'kind = "cylinder"\nradius_mm = 1\nheight_mm = 3\nposition_mm = [5, 3, 1.5]\nheat_W = 0.1'),
        long("[60, 40, 10]", "[0, 0, -5]", 'kind = "box"\nsize_mm = [1, 30, 5]\nposition_mm = [10, 0, 2.5]\nheat_W = 0.3'),
        long("[60, 60, 1.6]", "[0, 0, -0.8]", 'kind = "box"\nsize_mm = [5, 5, 1]\nposition_mm = [0, 0, 0.5]\nheat_W = 0.3'),
        long("[10, 40, 40]", "[0, 0, 0]", 'kind = "box"\nsize_mm = [1, 2, 3]\nposition_mm = [5.5, 5, -8]\nheat_W = 0.1'),
    ],
    ids=["in a corner", "a round pin", "a long strip", "a thin board", "on a side"],
)
def test_other_small_sources(board, at, chip):
    """On the default mesh 8 % of the rise are left at most, which a mesh of 0.6 of its refinement confirms: each with what it says of
    its error, the two agree to a quarter of the coarser's."""
    (fine, left), (coarse, said) = (hottest(solved(small_source(board, at, chip), f"mesh.refine={x}"), "chip") for x in (1, 0.6))
    assert 0 < left < 0.7 * said
    assert left < 0.08 * (fine - 20)
    assert fine + left / 1.25 == pytest.approx(coarse + said / 1.25, abs=0.25 * said)


def test_what_flat_facets_of_a_sphere_lack_is_in_the_error():
    """100 W from a black sphere of 0.2 m to a shroud at 100 K: the mesh lacks 1.4 % of its area, and is 1.18 K too warm for it."""
    text = """title = "ball"
[environment]
kind = "chamber"
shroud_degC = -173.15
[[parts]]
name = "ball"
kind = "sphere"
radius_mm = 100
material = "al_6061"
coating = "black"
heat_W = 100
mesh_mm = 30
[coatings.black]
solar_absorptance = 1.0
infrared_emittance = 1.0
source = "this test"
[run]
kind = "steady"
"""
    found = simulate(loads(text))
    closed = (100 / (4 * np.pi * 0.1**2 * 5.670374419e-8) + 100.0**4) ** 0.25
    mean = float(found.solution.history.mean[0, 0])
    assert mean > closed + 1.0
    assert found.mesh_error.high[0] / 1.25 == pytest.approx(closed - mean, rel=0.1)
