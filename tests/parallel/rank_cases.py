"""Whole cases on all ranks together and on each rank alone: meshing, exchange, orbit, files and caches."""

import os
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import mkdtemp
from typing import Any

import meshio
import numpy as np
from bodies import WORLD, alone
from case_text import box, contact, orbit, turning
from claims import DIRECT, claim, same_ledger

from heliorack.case.case import loads
from heliorack.results.heat.exchange import heat_flows
from heliorack.run.simulate import simulate
from heliorack.runfolder.numbered import plain
from meshes.structured import structured_box
from thermal.solve import periodic_march

FILES = 1e-9  #: of the temperature range

CASE = 'title = "box on a panel"\n' + orbit(30) + box("panel", (300, 200, 6), mesh=30)
CASE += box("module", (100, 100, 40), (0, 0, 23), "server_box", "z306", 30, "heat_W = 40") + contact("panel", "module")
CASE += """
[[heaters]]
name = "heater"
parts = "module"
power_W = 20
on_below_degC = 15
off_above_degC = 25
[network.fluids.plain]
density_kg_m3 = 1050
specific_heat_J_kgK = 3500
[[network.nodes]]
name = "shelf"
capacity_J_K = 500
heat_W = 10
[[network.films]]
node = "shelf"
faces = "module:+y"
conductance_W_m2K = 800
[[network.loops]]
name = "coolant"
fluid = "plain"
pump = { flow_kg_s = 0.01, efficiency = 0.3 }
segments = [
    { name = "plate", length_m = 0.2, diameter_mm = 4, film_W_m2K = 500, cells = 3, faces = "module:+z", along = [1, 0, 0] },
    { name = "panel", length_m = 0.5, diameter_mm = 4, film_W_m2K = 500, cells = 3, faces = "panel:-z" },
]
[solver]
fixed_steps = 6
linear = "direct"
"""
IMPORTED = """
[run]
kind = "steady"
[mesh]
size_mm = 6
[[parts]]
kind = "step"
name = "set"
file = "labelled.step"
coating = "insulated"
coatings = { "block*:cool" = "z93" }
faces = { cool = { label = "Kühlfläche" }, end = { label = "end" } }
[[parts.solids]]
name = "plate"
match = "plate"
material = "al_6061"
[[parts.solids]]
name = "block"
match = "block"
count = 2
heat_W = 0.2
material = "al_6061"
[[parts]]
kind = "mesh"
name = "foot"
file = "foot.vtu"
unit_scale = 0.001
coating = "insulated"
[[parts.solids]]
name = "foot"
match = "all"
material = "al_6061"
heat_W = 5
[[contacts]]
between = ["set.plate", "foot.foot"]
conductance_W_m2K = 500
[[straps]]
between = ["set.block1:end", "set.plate:+x"]
conductance_W_K = 0.5
[[straps]]
between = ["set.block2:end", "set.plate:-x"]
conductance_W_K = 0.5
[[boundaries]]
kind = "temperature"
faces = "set.plate:-y"
temperature_degC = 20
[[boundaries]]
kind = "radiation"
faces = "set.block*:cool"
emittance = 0.85
sink_degC = -100
[radiation]
model = "open"
[solver]
linear = "direct"
"""
EXCHANGE = 'title = "wing before a box with a guest inside"\n' + orbit(30, ("-x", "nadir"), ("+z", "velocity"))
EXCHANGE += """
[[parts]]
name = "box"
kind = "enclosure"
size_mm = [200, 200, 200]
wall_mm = 5
material = "al_6061"
coating = "z93"
coatings = { "-y" = "wrap" }
inside_coating = "z306"
mesh_mm = 60
"""
EXCHANGE += box("guest", (60, 60, 60), (20, 0, 10), coating="z306", more="heat_W = 10")
EXCHANGE += box("wing", (300, 200, 5), (300, 0, 0), coating="z306")
EXCHANGE += turning("wing", more='at = "sun"\npivot_mm = [300, 0, 0]')
EXCHANGE += """
[blankets.wrap]
outer = "kapton_al_1mil"
effective_emittance = 0.03
conductance_W_m2K = 0.05
source = "given"
[radiation]
cluster_mm = 100
rays = 2048
sun_rays = 4
positions = 3
closed = ["box:in*"]
[run]
kind = "transient"
orbits = 0.7
start_degC = 20
[solver]
fixed_steps = 6
linear = "direct"
"""


def whole_chain() -> None:
    """A case through meshing, orbit and periodic state."""
    one, other = (simulate(loads(CASE), comm) for comm in (WORLD, alone()))
    claim("case: nodes of the mesh", float(abs(one.body.layout.size - other.body.layout.size)), 0)
    claim("case: temperatures [K]", float(np.abs(one.solution.end - other.solution.end).max()), DIRECT * float(np.ptp(other.solution.end)))
    claim("case: ledger", same_ledger(one.solution.ledger, other.solution.ledger), 1e-8)
    claim("case: closure", one.closure, 1e-9)
    kept, periodic_march.KEPT = periodic_march.KEPT, 48.0 * one.solution.end.size * (1 + 2 * WORLD.rank)  # as if one rank owned less
    looked_at = simulate(loads(CASE), WORLD)
    periodic_march.KEPT = kept
    claim("case: steps looked at by both at once [K]", float(np.abs(looked_at.solution.end - one.solution.end).max()), 1e-8)
    behind = [result.solution.ledger.network for result in (one, other)]
    claim("case: network [K]", float(np.abs(behind[0].temperatures() - behind[1].temperatures()).max()), 1e-6)
    claim("case: closure of the network", behind[0].closure(), 1e-9)


def exchange() -> None:
    """Moving exchange, shadows, a closed inside and a blanket that conducts; both ranks trace together, and each alone twice."""
    folder = Path(WORLD.bcast(mkdtemp() if WORLD.rank == 0 else None))
    before = os.environ.get("HELIORACK_CACHE")
    results = []
    for comm, cache in ((WORLD, "both"), (alone(), f"rank{WORLD.rank}"), (alone(), f"again{WORLD.rank}")):
        os.environ["HELIORACK_CACHE"] = str(folder / cache)
        results.append(simulate(loads(EXCHANGE), comm))
    both, one, again = results
    span = float(np.ptp(one.solution.end))
    claim("exchange: guest and wing are not as the box", float(span < 5.0), 0)
    claim("exchange: nothing is read from a cache", sum(r.radiation.views.reused for r in results), 0)
    claim("exchange: factors", _factors_apart(both, one), 0)
    claim("exchange: factors, same seed again", _factors_apart(one, again), 0)
    claim("exchange: temperatures [K]", float(np.abs(both.solution.end - one.solution.end).max()), DIRECT * span)
    claim("exchange: temperatures, same seed again [K]", float(np.abs(one.solution.end - again.solution.end).max()), 0)
    claim("exchange: ledger", same_ledger(both.solution.ledger, one.solution.ledger), 1e-8)
    claim("exchange: closure", both.closure, 1e-9)
    flows = [plain(heat_flows(result)) for result in (both, one)]
    claim("exchange: who heats whom, bodies", float([b["name"] for b in flows[0]["bodies"]] != [b["name"] for b in flows[1]["bodies"]]), 0)
    claim("exchange: who heats whom [W, W/K, m2]", _figures_apart(*flows), 1e-5)
    WORLD.barrier()
    os.environ.pop("HELIORACK_CACHE")
    if before is not None:
        os.environ["HELIORACK_CACHE"] = before
    if WORLD.rank == 0:
        rmtree(folder)


def _figures_apart(one: Any, other: Any) -> float:
    """Greatest difference of the numbers of two tables, over the greatest of them all, or one where words or lengths differ."""
    if isinstance(one, dict):
        return max((_figures_apart(one[key], other[key]) for key in one), default=0.0) if one.keys() == other.keys() else 1e9
    if isinstance(one, list | tuple):
        return max((_figures_apart(a, b) for a, b in zip(one, other, strict=True)), default=0.0)
    return abs(one - other) / max(abs(one), 1.0) if isinstance(one, float) else float(one != other)


def _factors_apart(one: Any, other: Any) -> float:
    """Greatest difference of exchange areas of any pose [m2], and of first sunlight [W/m2]."""
    pairs = zip(one.radiation.views.factors, other.radiation.views.factors, strict=True)
    light = np.abs(one.radiation.falls.sunlight - other.radiation.falls.sunlight).max()
    return float(max(light, *(abs(a.closed.G - b.closed.G).max() for a, b in pairs)))


def imported_parts() -> None:
    """A labelled STEP assembly on a .vtu that it does not match: made by both ranks, made by one, and taken from the cache by both."""
    folder = Path(WORLD.bcast(mkdtemp() if WORLD.rank == 0 else None))
    data = Path(__file__).parents[1] / "data" / "labelled.step"
    if WORLD.rank == 0:
        copyfile(data, folder / data.name)
        foot = structured_box((3, 4, 2), (23.0, 17.0, 9.0))
        meshio.Mesh(foot.points + np.array([-11.0, -8.0, -11.0]), [("tetra", foot.cells)]).write(folder / "foot.vtu")
    WORLD.barrier()
    case = loads(IMPORTED, source=str(folder / "case.toml"))
    results = []
    for comm, cache in ((WORLD, "both"), (alone(), f"rank{WORLD.rank}"), (WORLD, "both")):
        os.environ["HELIORACK_CACHE"] = str(folder / cache)
        results.append(simulate(case, comm))
    both, one, again = results
    claim("files: one rank makes its mesh, two find theirs again", float(one.body.assembly.reused or not again.body.assembly.reused), 0)
    claim("files: nodes [m]", float(np.abs(both.body.assembly.points - one.body.assembly.points).max()), 0)
    claim("files: the mesh from the cache [m]", float(np.abs(both.body.assembly.points - again.body.assembly.points).max()), 0)
    span = float(np.ptp(one.solution.end))
    claim("files: the temperatures differ among parts", float(span < 3.0), 0)
    claim("files: temperatures [K]", float(np.abs(both.solution.end - one.solution.end).max()), FILES * span)
    claim("files: temperatures on the mesh from the cache [K]", float(np.abs(both.solution.end - again.solution.end).max()), FILES * span)
    claim("files: closure", both.closure, 1e-9)
    WORLD.barrier()
    if WORLD.rank == 0:
        rmtree(folder)


CASES = (whole_chain, exchange, imported_parts)
