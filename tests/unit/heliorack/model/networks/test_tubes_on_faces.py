"""Tubes along paths over faces that bend, drawn here and imported: each cell has what of the faces lies nearest to it."""

from itertools import pairwise

import numpy as np
import pytest
from bodies import alone
from file_parts import DATA
from network_case import STEADY, node, table

from heliorack.case.case import loads
from heliorack.run.simulate import simulate
from meshes.errors import GeometryError

NAMED = "".join(
    f'[[parts.solids]]\nname = "{name}"\nmatch = "{match}"\n{more}\n'
    for name, match, more in (
        ("plate", "plate", 'material = "al_6061"'),
        ("chip", "chip", 'count = 2\nmaterial = "al_6061"'),
        ("post", "p?st", 'material = "poor"\nheat_W = 4'),
        ("strip", "module/strip/*", 'material = "al_6061"'),
    )
)
STEP = (
    '[[parts]]\nkind = "step"\nname = "module"\nfile = "module.step"\ncoating = "insulated"\n'
    'coatings = { "plate:-z" = "z93" }\nmesh_mm = 4\n'
    + NAMED
    + "".join(
        f'[[contacts]]\nbetween = ["module.plate", "module.{other}"]\nconductance_W_m2K = {given}\n'
        for other, given in (("chip*", 1000), ("strip", 1000), ("post", 1e-3))
    )
)
CELLS, FLOW, CP, HEAT = 6, 1e-4, 4000.0, 4.0
FLUID = f"[network.fluids.f]\ndensity_kg_m3 = 1000\nspecific_heat_J_kgK = {CP}\nfreezing_degC = -50\nboiling_degC = 150\n"
POOR = '[materials.poor]\ndensity_kg_m3 = 2000\nspecific_heat_J_kgK = 900\nconductivity_W_mK = 0.3\nsource = "test"\n'
POST = """
[[parts]]
kind = "cylinder"
name = "post"
radius_mm = 20
height_mm = 20
material = "poor"
coating = "insulated"
mesh_mm = 8
heat_W = 4
"""


def hoop(radius, at=(0.0, 0.0, 0.0), turn=0.98):
    """Corners [mm] of a path most of the way around."""
    angles = np.linspace(0.0, 2 * np.pi * turn, 61)
    return [[round(float(c), 4) for c in (at[0] + radius * np.cos(a), at[1] + radius * np.sin(a), at[2])] for a in angles]


def solved(parts, faces, path):
    """Result of heated parts on a tube along a path."""
    length = 1.001e-3 * sum(np.linalg.norm(np.subtract(a, b)) for a, b in pairwise(path))
    of = f"length_m = {length}, diameter_mm = 3, film_W_m2K = 1000, cells = {CELLS}"
    tube = f'{{ name = "hoop", {of}, faces = "{faces}", path_mm = {path} }}'
    pump, inlet = f"{{ flow_kg_s = {FLOW} }}", node("inlet", held_degC=20)
    loop = table("loops", name='"c"', fluid='"f"', inlet='"inlet"', pump=pump, segments=f"[{tube}]")
    return simulate(loads(f'title = "t"\n{STEADY}{parts}{POOR}{FLUID}{inlet}{loop}', source=str(DATA / "case.toml")), alone())


def around(result, at=(0.0, 0.0)):
    """Angle about an axis at which the middle of each wall lies, in turns."""
    built = result.network.built
    x, y, _ = (built.walls.T @ result.body.assembly.points[result.body.layout.nodes]).T
    return np.arctan2(y - 1e-3 * at[1], x - 1e-3 * at[0]) / (2 * np.pi) % 1.0


def test_around_a_post():
    """Each sixth of a hoop cools its sixth of the post and takes its heat: the fluid warms evenly, but where its two ends meet."""
    result = solved(POST, "post:side", hoop(20))
    middles = (np.arange(CELLS) + 0.5) / CELLS * 0.98
    assert around(result) == pytest.approx(middles, abs=0.02)
    T = np.array(result.summary().network.loops["c"].segments["hoop"].temperature_degC)
    assert T[-1] - 20 == pytest.approx(HEAT / (FLOW * CP), rel=1e-6)
    assert np.diff(T)[:-1] == pytest.approx(HEAT / (FLOW * CP) / CELLS, rel=0.05)
    assert not result.failures


def test_a_path_beside_its_faces_is_refused():
    """With how far away it is."""
    with pytest.raises(GeometryError, match=r"post:side: the path is 50\.?\d* mm away from these faces; a tube on faces runs beside them"):
        solved(POST, "post:side", hoop(70))
    with pytest.raises(ValueError, match="and along both say where on its faces it runs"):
        solved(POST, 'post:side", along = [0, 0, 1], branch = "a', hoop(20))


@pytest.mark.full
def test_around_an_imported_post():
    """The same on the round faces of a STEP file, which come in six by their direction."""
    result = solved(STEP, "module.post:*", hoop(5, (0, 25, 7)))
    assert around(result, (0, 25)) == pytest.approx((np.arange(CELLS) + 0.5) / CELLS * 0.98, abs=0.03)
    T = np.array(result.summary().network.loops["c"].segments["hoop"].temperature_degC)
    assert T[-1] - 20 == pytest.approx(HEAT / (FLOW * CP), rel=1e-3)
