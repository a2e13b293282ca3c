"""What a run says that its mesh does to extremes holds where temperatures change: half the true error at least, thrice at most."""

import numpy as np
import pytest
from case_text import orbit

from heliorack.case.case import loads
from heliorack.results.result import Result
from heliorack.run.simulate import simulate

LAMINATE = """
[materials.laminate]
density_kg_m3 = 1850
specific_heat_J_kgK = 1100
conductivity_W_mK = 0.3
source = "test"
"""
BAR = (
    """
title = "bar"
[[parts]]
name = "bar"
kind = "box"
size_mm = [10, 10, 60]
material = "laminate"
coating = "insulated"
"""
    + LAMINATE
)
FED = (
    BAR
    + """
[[boundaries]]
kind = "temperature"
faces = "bar:-z"
temperature_degC = 20
[[boundaries]]
kind = "flux"
faces = "bar:+z"
flux_W_m2 = {flux}
"""
)
COOLING = BAR.replace('coating = "insulated"', 'coating = "insulated"\ncoatings = {"+z" = "z93", "-z" = "z93"}') + (
    '[environment]\nkind = "chamber"\nshroud_degC = -196\n'
)
FILM = BAR.replace('coating = "insulated"', 'coating = "insulated"\nheat_W = 0.5') + (
    '[[boundaries]]\nkind = "film"\nfaces = "bar:+z"\nh_W_m2K = 200\nfluid_degC = 20\n'
)
CHIP = (
    """
title = "a chip of 2 mm on a block of laminate"
[[parts]]
name = "block"
kind = "box"
size_mm = [20, 20, 10]
position_mm = [0, 0, -5]
material = "laminate"
coating = "insulated"
[[parts]]
name = "chip"
kind = "box"
size_mm = [2, 2, 1]
position_mm = [0, 0, 0.5]
material = "copper"
coating = "insulated"
[[contacts]]
between = ["chip", "block"]
conductance_W_m2K = 20000
[[boundaries]]
kind = "temperature"
faces = "block:-z"
temperature_degC = 20
"""
    + LAMINATE
)
HEATED = CHIP.replace('material = "copper"', 'material = "copper"\nheat_W = 0.1')
DUTY = (
    CHIP
    + orbit(90, point=("+z", "zenith"))
    + """
[[compute]]
name = "load"
parts = "chip"
peak_W = 0.1
idle_W = 0
profile = { kind = "duty", period_s = {period}, on_fraction = 0.3 }
[run]
kind = "periodic"
"""
)


def march(text: str, duration: float, start: float = 20) -> str:
    return text + f'[run]\nkind = "transient"\nduration_s = {duration}\nstart_degC = {start}\n'


def solved(text: str, mesh: str) -> Result:
    return simulate(loads(text, (mesh, "solver.tolerance_K=0.02")))


def assert_covers(error: float, said: float) -> None:
    if abs(error) > 0.1:
        assert np.sign(said) == np.sign(error)
        assert 0.5 * abs(error) <= abs(said) <= 3 * abs(error)
    else:
        assert abs(said) < 0.4


def judged(text: str, meshes: tuple[str, ...], fine: str) -> None:
    """Every mesh against a fine one, both extremes of every part."""
    true = solved(text, fine).parts()
    largest = 0.0
    for mesh in meshes:
        for name, found in solved(text, mesh).parts().items():
            assert found.mesh_max_K is not None
            assert found.mesh_min_K is not None
            assert_covers(true[name].max_degC - found.max_degC, found.mesh_max_K)
            assert_covers(true[name].min_degC - found.min_degC, found.mesh_min_K)
            largest = max(largest, abs(true[name].max_degC - found.max_degC), abs(true[name].min_degC - found.min_degC))
    assert largest > 0.1


@pytest.mark.parametrize(("flux", "duration"), [(2000, 60), (500, 1000)])
@pytest.mark.parametrize("size", [10, 5, 3])
def test_a_suddenly_heated_face(flux, duration, size):
    """Of a half space: 2 q sqrt(t / pi k rho c); heat has come 3 and 12 mm far."""
    exact = 20 + 2 * flux * np.sqrt(duration / (np.pi * 0.3 * 1850 * 1100))
    found = solved(march(FED.format(flux=flux), duration), f"mesh.size_mm={size}").parts()["bar"]
    assert found.mesh_max_K is not None
    assert_covers(exact - found.max_degC, found.mesh_max_K)
    assert found.mesh_min_K == pytest.approx(0.0, abs=0.05)


def long(*values: object) -> object:
    return pytest.param(*values, marks=pytest.mark.full)


@pytest.mark.parametrize(
    ("text", "meshes", "fine"),
    [
        (march(COOLING, 600, 80), ("mesh.size_mm=10", "mesh.size_mm=5"), "mesh.size_mm=1.5"),
        (march(HEATED, 2), ("mesh.size_mm=3",), "mesh.refine=0.6"),
        (march(HEATED, 20), ("mesh.size_mm=3",), "mesh.refine=0.6"),
        (DUTY.replace("{period}", "5739"), ("mesh.size_mm=3",), "mesh.refine=0.5"),
        long(march(HEATED, 200), ("mesh.size_mm=3", "mesh.size_mm=1.5"), "mesh.refine=1"),
        long(march(HEATED, 2), ("mesh.size_mm=1.5",), "mesh.refine=1.2"),
        long(DUTY.replace("{period}", "600"), ("mesh.size_mm=3", "mesh.size_mm=1.5"), "mesh.refine=0.8"),
        long(DUTY.replace("{period}", "60"), ("mesh.size_mm=3",), "mesh.refine=0.5"),
    ],
    ids=["cooling", "chip 2 s", "chip 20 s", "duty", "chip 200 s", "chip 2 s fine", "duty 600 s", "duty 60 s"],
)
def test_extremes_in_time(text: str, meshes: tuple[str, ...], fine: str):
    """Marches from an even start, and loads that come and go."""
    judged(text, meshes, fine)


def test_heat_by_volume_in_time():
    """A bar with heat by volume and a film: it warms evenly but for its cooled end, and little is said."""
    found = solved(march(FILM, 2000), "mesh.size_mm=10").parts()["bar"]
    assert found.mesh_max_K == pytest.approx(0.0, abs=0.2)


def test_no_mesh_changes_the_start():
    """The hottest moment of a body that cools is its start, whatever its cells."""
    found = solved(march(COOLING, 600, 80), "mesh.size_mm=10").parts()["bar"]
    assert found.max_degC == pytest.approx(80.0, abs=1e-9)
    assert found.mesh_max_K == 0.0
