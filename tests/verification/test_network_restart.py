"""A transient with a network that goes on from the state of an earlier run is the one that was never interrupted."""

import numpy as np
import pytest
from bodies import alone
from case_text import orbit
from network_case import node, table, tie

from heliorack.case.case import load
from heliorack.case.files import InputError
from heliorack.model.networks.network_start import stored
from heliorack.results import writer
from heliorack.run.load_case import stored_state
from heliorack.run.network_run import simulate_network
from heliorack.run.simulate import simulate
from thermal.solve.midway import of_arrays

FLUID = "[network.fluids.plain]\ndensity_kg_m3 = 1000\nspecific_heat_J_kgK = 4000\n"
NODES = (
    node("plate", capacity_J_K=2000)
    + node("sink", held_degC=-23.15)
    + tie("plate", "sink", 1.5)
    + node("wax", capacity_J_K=400, heat_W=20, melting="{ at_degC = 24, latent_J = 20000 }")
    + tie("wax", "sink", 0.1)
)
HEATER = table("heaters", name='"h"', node='"plate"', power_W=60, on_below_degC=18, off_above_degC=23)
PART = """
[[parts]]
name = "block"
kind = "box"
size_mm = [40, 40, 20]
mesh_mm = 40
material = "al_6061"
coating = "insulated"
heat_W = 5
[[network.films]]
node = "plate"
faces = "block:-z"
conductance_W_m2K = 800
[[network.loops]]
name = "ring"
fluid = "plain"
pump = { flow_kg_s = 0.01 }
segments = [
    { name = "on", length_m = 0.3, diameter_mm = 5, film_W_m2K = 500, faces = "block:+z", cells = 3 },
    { name = "off", length_m = 0.3, diameter_mm = 5, film_W_m2K = 500, node = "plate", cells = 3 },
]
"""


def cases(folder, text):
    """Of 1000 s, of 600 s, and of the last 400 s from its state."""
    named = {"whole": ("start_degC = 20", 1000), "first": ("start_degC = 20", 600), "last": ('state = "state.npz"', 400)}
    for name, (start, length) in named.items():
        run = f'[run]\nkind = "transient"\nduration_s = {length}\n{start}\n[solver]\ntolerance_K = 1e-3\n'
        (folder / f"{name}.toml").write_text(f'title = "a"\n{text}\n{run}', encoding="utf-8")
    return [folder / f"{name}.toml" for name in named]


def test_nodes_heater_and_pack_go_on(tmp_path):
    """A heater within its band stays on, a pack keeps what has molten: the end is that of the whole march, to 1e-4 K."""
    whole, first, last = cases(tmp_path, NODES + HEATER)
    before = simulate_network(load(first))
    assert [one.what for one in before.record.turned if one.name == "heater h"][-1] == "on"
    net = before.built.network
    np.savez(tmp_path / "state.npz", **stored(net, before.end))
    found, wanted = simulate_network(load(last)), simulate_network(load(whole))
    pack = net.packs[0].rows[0]
    assert 0.1 < net.packs[0].liquid(before.end[net.packs[0].rows])[0] < 0.9
    assert found.end == pytest.approx(wanted.end, abs=1e-4)
    assert found.end[pack] == pytest.approx(wanted.end[pack], rel=1e-5)


def test_a_loop_that_thaws_goes_on(tmp_path):
    """What melts keeps its stored heat: it is thawed 400 s before the end of the march that goes on as of the whole, to 1e-6."""
    solid = "freezing_degC = 30\nboiling_degC = 90\nlatent_heat_J_kg = 2e5\nsolid_specific_heat_J_kgK = 2000\n"
    tube = '{ name = "tube", length_m = 1, diameter_mm = 10, heat_W = 22, cells = 2, start_degC = 5 }'
    loop = table("loops", name='"l"', fluid='"plain"', pump="{ flow_kg_s = 0.01 }", cold_start="{}", segments=f"[{tube}]")
    whole, first, last = cases(tmp_path, node("sink", held_degC=20) + FLUID + solid + loop)
    before = simulate_network(load(first))
    rows = before.built.loops["l"].rows
    assert 0.1 < before.built.loops["l"].law.solid_part(before.end[rows])[0] < 0.9
    np.savez(tmp_path / "state.npz", **stored(before.built.network, before.end))
    found, wanted = simulate_network(load(last)), simulate_network(load(whole))
    assert found.end[rows] == pytest.approx(wanted.end[rows], abs=1e-9)
    ((at, _),), ((of_whole, _),) = ([(one.time, one.what) for one in each.record.turned] for each in (found, wanted))
    assert 600 + at == pytest.approx(of_whole, rel=1e-6)


def test_parts_and_network_go_on(tmp_path):
    """Parts, nodes, a pack and a loop together: the same, to the tolerance of the steps; another network is refused by the row it lacks."""
    whole, first, last = cases(tmp_path, FLUID + NODES + PART)
    before = simulate(load(first), alone())
    writer.state(before, tmp_path / "state.npz")
    case = load(last)
    found = simulate(case, alone(), start=stored_state(case, before.body.assembly.points))
    wanted = simulate(load(whole), alone())
    assert found.solution.end == pytest.approx(wanted.solution.end, abs=5e-3)
    assert found.network.end == pytest.approx(wanted.network.end, abs=5e-3)
    assert max(found.closure, found.network.record.closure()) < 1e-9
    last.write_text(last.read_text(encoding="utf-8").replace("cells = 3 },\n]", "cells = 4 },\n]"), encoding="utf-8")
    with pytest.raises(InputError, match=r"has no 'ring.* of this network; give the state.npz of a run with the same network"):
        simulate(load(last), alone())


MOMENTS = (
    orbit(0, point=("+z", "zenith"), preset="mean", altitude=500)
    + """
[run]
kind = "transient"
orbits = 3.2
start_degC = 20
"""
)


def test_a_kept_moment_has_the_network(tmp_path):
    """Parts, nodes, a heater, a pack that is half molten and a loop whose pump has stopped go on from the second revolution: 1e-10 K."""
    ring = PART.replace("pump = { flow_kg_s = 0.01 }", "pump = { flow_kg_s = 0.01, stops_s = 8000 }")
    path = tmp_path / "a.toml"
    path.write_text(f'title = "a"\n{FLUID + NODES + HEATER + ring + MOMENTS}', encoding="utf-8")
    kept = []
    whole = simulate(load(path), alone(), checkpoint=kept.append)
    moment = of_arrays(kept[1].arrays())
    assert moment.time == pytest.approx(2 * whole.env.period)
    found = simulate(load(path), alone(), start=moment)
    assert found.solution.end == pytest.approx(whole.solution.end, abs=1e-10)
    assert found.solution.steps == whole.solution.steps
    one, other = found.network.record, whole.network.record
    assert one.times == pytest.approx(other.times, abs=1e-9)
    assert np.array(one.states) == pytest.approx(np.array(other.states), rel=1e-9, abs=1e-9)
    assert one.heat == pytest.approx(other.heat, rel=1e-9, abs=1e-6)
    assert [(t.name, t.what) for t in one.turned] == [(t.name, t.what) for t in other.turned]
    assert one.turned
    assert max(found.closure, one.closure()) < 1e-9
