"""A ball within a shell, from a case file to the heat between them, by traced factors."""

import meshio
import numpy as np
import pytest
from bodies import SIGMA, alone
from scipy.optimize import brentq
from triangles import ball, record, welded

from heliorack.case.case import loads
from heliorack.run.simulate import simulate

CASE = """
title = "ball in a shell"
[[parts]]
name = "core"
kind = "sphere"
radius_mm = {core}
material = "al_6061"
coating = "inner"
mesh_mm = {mesh}
[[parts]]
kind = "mesh"
name = "shell"
file = "shell.vtu"
unit_scale = 1
coating = "insulated"
coatings = {{ "inside" = "outer" }}
faces = {{ inside = {{ nearest_mm = [{near}, 0, 0] }}, outside = {{ nearest_mm = [{far}, 0, 0] }} }}
[[parts.solids]]
name = "wall"
match = "all"
material = "{material}"
[coatings.inner]
solar_absorptance = 0.5
infrared_emittance = {eps[0]}
source = "given"
[coatings.outer]
solar_absorptance = 0.5
infrared_emittance = {eps[1]}
source = "given"
[materials.wall]
density_kg_m3 = 7800
specific_heat_J_kgK = 500
conductivity_W_mK = 40
source = "given"
[[boundaries]]
kind = "temperature"
faces = "core:surface"
temperature_degC = {hot}
[run]
kind = "steady"
[radiation]
closed = ["core:*", "shell.wall:inside"]
[solver]
linear = "direct"
"""


def write_shell(folder, inner, outer, n=16, layers=2):
    """A spherical shell of tetrahedra whose inner triangles have the area of the sphere."""
    points, facets = welded(ball(inner, n, exact_area=True))
    count = len(points)
    nodes = np.concatenate([points * f for f in np.linspace(1.0, outer / inner, layers + 1)])
    f = np.sort(facets, axis=1)  # the same diagonals on both sides of every wall between prisms
    a, b, c = f.T
    cells = np.concatenate([[[a, b, c, c + count], [a, b, b + count, c + count], [a, a + count, b + count, c + count]]]).transpose(2, 0, 1)
    cells = np.concatenate([cells.reshape(-1, 4) + k * count for k in range(layers)])
    d = nodes[cells]
    turned = np.einsum("ij,ij->i", np.cross(d[:, 1] - d[:, 0], d[:, 2] - d[:, 0]), d[:, 3] - d[:, 0]) < 0
    cells[turned, :2] = cells[turned, 1::-1]
    meshio.Mesh(nodes, [("tetra", cells)]).write(folder / "shell.vtu")


def solved(folder, text):
    """Result, areas of ball and inner side of the shell [m2]."""
    result = simulate(loads(text, source=str(folder / "case.toml")), alone())
    names = list(result.body.assembly.face_names)
    return result, *(float(result.body.face_area[names.index(face)]) for face in ("core:surface", "shell.wall:inside"))


def between(A1, A2, eps, hot, cold):
    """Heat from a body within another [W]."""
    return SIGMA * A1 * (hot**4 - cold**4) / (1 / eps[0] + A1 / A2 * (1 / eps[1] - 1))


def test_ball_in_a_shell(tmp_path, record_property):
    """r = 0.1 and 0.2 m, 400 and 300 K, emittance 0.8 and 0.3: 68.01711618 W within 0.5 %, by the areas of the triangles within 0.1 %."""
    write_shell(tmp_path, 0.2, 0.22)
    eps = (0.8, 0.3)
    text = CASE.format(core=100, mesh=12, near=200, far=220, material="wall", eps=eps, hot=126.85)
    text += '[[boundaries]]\nkind = "temperature"\nfaces = "shell.wall:inside"\ntemperature_degC = 26.85\n'
    result, A1, A2 = solved(tmp_path, text)
    found = result.heat["held core:surface"]
    record(record_property, found, 68.01711618, "0.5 %")
    assert between(4 * np.pi * 0.01, 4 * np.pi * 0.04, eps, 400.0, 300.0) == pytest.approx(68.01711618, rel=1e-9)
    record_property("by the areas of the mesh", f"{between(A1, A2, eps, 400.0, 300.0):.10g}")
    assert found == pytest.approx(between(A1, A2, eps, 400.0, 300.0), rel=1e-3)
    assert found == pytest.approx(68.01711618, rel=5e-3)
    assert result.heat["held shell.wall:inside"] == pytest.approx(-found, rel=1e-10)
    assert abs(result.heat["space"]) < 1e-10 * found


def test_hot_ball_in_a_cooled_shell(tmp_path, record_property):
    """Black ball of 0.25 m at 500 degC in a shell of 0.300 to 0.392 m, film of 133.5 W/m2K to 20 degC: the inner side within 0.2 K."""
    write_shell(tmp_path, 0.3, 0.392, n=24, layers=3)
    eps = (1.0, 0.6)
    text = CASE.format(core=250, mesh=30, near=300, far=392, material="wall", eps=eps, hot=500.0)
    text += '[[boundaries]]\nkind = "film"\nfaces = "shell.wall:outside"\nh_W_m2K = 133.5\nfluid_degC = 20\n'
    text += "[mesh]\ncurvature = 80\n"
    result, A1, A2 = solved(tmp_path, text)
    Ri, Re, hot, air = 0.3, 0.392, 773.15, 293.15
    resistance = (1 / Ri - 1 / Re) / (4 * np.pi * 40.0) + 1 / (133.5 * 4 * np.pi * Re**2)

    def settles(area):
        return brentq(lambda T: between(area, A2, eps, hot, T) - (T - air) / resistance, 290.0, 700.0)

    faces, names = result.body.faces, list(result.body.assembly.face_names)
    weight = faces[:, names.index("shell.wall:inside")].toarray().ravel()
    inside = float(weight @ result.solution.last / weight.sum())
    assert abs(A2 - 4 * np.pi * Ri**2) < 1e-6 * A2
    record(record_property, inside - 273.15, settles(4 * np.pi * 0.25**2) - 273.15, "0.2 K; 0.1 K by the area of the mesh")
    record_property("by the area of the mesh", f"{settles(A1) - 273.15:.10g}")
    assert inside == pytest.approx(settles(A1), abs=0.1)
    assert inside == pytest.approx(settles(4 * np.pi * 0.25**2), abs=0.2)
    assert abs(result.heat["space"]) < 1e-10 * result.heat["held core:surface"]
