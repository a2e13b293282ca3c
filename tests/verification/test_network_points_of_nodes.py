"""Published points of lumps once more, each through a case file: five nodes, thermostat cycles, a front of melting wax, what cannot be."""

import numpy as np
import pytest
from case_text import orbit
from network_case import STEADY, glow, node, solved, table, tie, transient

from heliorack.casefile.errors import CaseError
from thermal.errors import SolveError

FIVE = {  #: matrix exponential [degC]
    0.1: [27.1026603, 31.4221168, 39.6924103, 45.4861208, 0.00953139],
    1.0: [34.6113518, 33.6801200, 38.2984647, 28.9087961, 0.0724978],
    10.0: [11.4936075, 10.8937383, 15.8264651, 8.3138915, 0.3359840],
}


@pytest.mark.parametrize("end", FIVE)
def test_five_nodes(end):
    """C 1, 2, 3, 4, 1000 J/K, 5 W into the first: the matrix exponential to 1e-6 K."""
    text = "".join(node(f"n{i + 1}", capacity_J_K=c, start_degC=10 * i + 20 if i < 4 else 0) for i, c in enumerate((1, 2, 3, 4, 1000)))
    text = text.replace('name = "n1"\n', 'name = "n1"\nheat_W = 5\n')
    text += tie("n1", "n2", 10) + tie("n2", "n3", 1) + tie("n2", "n4", 5) + tie("n4", "n5", 2)
    result = solved(text + transient(end) + "[solver]\ntolerance_K = 1e-4\n")
    assert result.record.temperatures()[-1][:5] - 273.15 == pytest.approx(np.array(FIVE[end]), abs=1e-6)


CYCLES = [
    (tie("box", "sink", 1.5), -23.15, 0.0, 469.363719, 260.736765, 0.64287551),
    (glow("box", "sink", 0.05), -273.15, -10.0, 217.97942065, 708.44671920, 0.23529066),
]


@pytest.mark.parametrize(("way", "sink", "low", "on", "off", "duty"), CYCLES)
def test_thermostat_cycle(way, sink, low, on, off, duty):
    """2000 J/K, 60 W, a band of 5 K, conducting and radiating: times on and off, and their duty, to 0.1 %."""
    heater = table("heaters", name='"h"', node='"box"', power_W=60, on_below_degC=low, off_above_degC=low + 5)
    text = node("box", capacity_J_K=2000) + node("sink", held_degC=sink) + way + heater
    result = solved(text + transient(3 * (on + off), low - 1))
    turns = [(one.time, one.what) for one in result.record.turned if one.time > 0.0]
    offs, ons = ([t for t, what in turns if what == said] for said in ("off", "on"))
    assert offs[1] - ons[0] == pytest.approx(on, rel=1e-4)
    assert ons[0] - offs[0] == pytest.approx(off, rel=1e-4)
    assert (offs[1] - ons[0]) / (offs[1] - offs[0]) == pytest.approx(duty, rel=1e-4)
    mean = solved(text + STEADY).summary().network.heaters["h"].mean_W
    assert mean == pytest.approx(60 * duty, rel=0.01)


CELLS = 40


@pytest.mark.full
def test_front_in_wax():
    """k 0.2, rho 800, c 2000, L 2e5, wall 20 K above melting: 13.00047 mm molten and 317.34 W/m2 after an hour, to 0.5 %.

    A chain of nodes that melt one after another: the front is the molten part of all, and the wall has given twice its flux times the hour.
    """
    width = 0.016 / CELLS
    wax = f"{{ at_degC = 30, latent_J = {800 * width * 2e5} }}"
    text = node("wall", held_degC=50)
    for i in range(CELLS):
        text += node(f"w{i}", capacity_J_K=800 * width * 2000, start_degC=30, melting=wax)
        text += tie(f"w{i - 1}" if i else "wall", f"w{i}", 0.2 / width * (1 if i else 2))
    result = solved(text + transient(3600, 30))
    molten = sum(result.summary().network.molten.values()) * width
    assert molten == pytest.approx(13.00047e-3, rel=5e-3)
    begins = [one.time for one in result.record.turned if one.what == "is liquid"]
    tenth = np.interp(0.010, width * np.arange(1, len(begins) + 1), begins)
    assert tenth == pytest.approx(2130.0250, rel=1e-2)
    assert result.record.by_name()["wall - w0"] == pytest.approx(2 * 317.339934 * 3600, rel=5e-3)


def test_a_fluid_that_boils_is_a_failure():
    """Water at 1 bar that 20 kW warm past 100 degC: named with its place and temperature."""
    tubes = (
        '{ name = "plate", length_m = 2, diameter_mm = 20, heat_W = 20000, cells = 4 }, '
        '{ name = "panel", length_m = 10, diameter_mm = 20, isothermal = true, radiates = { emittance = 0.9, perimeter_m = 1.8 } }'
    )
    text = "[environment]\nsink_K = 200\n" + table(
        "loops", name='"hot"', fluid='"water"', pressure_bar=1, pump="{ flow_kg_s = 0.2 }", segments=f"[{tubes}]"
    )
    said = solved(text + STEADY).failures
    assert len(said) == 1
    assert said[0].startswith("loop hot: its fluid boils at plate")


def fin(count, length, conductivity, emittance, first=0, heat=0.0, sink="sky"):
    """Nodes along a strip 1 m wide and 1 mm thick that radiates, from node `first` on, and what ties each to the next."""
    step = length / count
    text = "".join(node(f"f{i}", heat_W=heat * step) + glow(f"f{i}", sink, emittance * step) for i in range(first, first + count))
    return text + "".join(tie(f"f{i}", f"f{i + 1}", conductivity * 1e-3 / step) for i in range(first, first + count - 1))


@pytest.mark.parametrize(("sink", "absorbed", "tip", "given"), [(220, 0, 287.50196765, 80.66597325), (0, 120, 282.83851679, 91.98763137)])
def test_fin_with_surroundings(sink, absorbed, tip, given):
    """167 W/mK, 0.15 m, 320 K at its base, two faces of 0.85, a sink or an absorbed flux: tip and heat to 0.1 %."""
    text = fin(60, 0.15, 167, 1.7, heat=absorbed) + node("base", held_degC=46.85) + node("sky", held_degC=sink - 273.15)
    found = solved(text + tie("base", "f0", 2 * 167e-3 / (0.15 / 60)) + STEADY).summary()
    assert found.parts["f59"].mean_degC + 273.15 == pytest.approx(tip, abs=0.02)
    assert found.network.flows_W["base - f0"] == pytest.approx(given, rel=1e-3)


def test_one_pipe_of_eight_lost():
    """Pipes 0.2 m apart at 310 K on 170 W/mK with two faces of 0.88: 1222.590333 W/m, and 0.93129505 of it without an inner one."""
    text = fin(160, 1.6, 170, 1.76) + node("vapour", held_degC=36.85) + node("sky", held_degC=-273.15)
    for n in range(8):  # a pipe between two nodes, a thousand times as tight as the sheet
        ends = [f"f{20 * n + 9}", f"f{20 * n + 10}"]
        more = {"conductance_W_K": 2 * 170e-3 / 0.01, "temperatures_degC": "[20]", "limit_W": "[1000]"}
        for side, end in zip("ab", ends, strict=True):
            text += table("heat_pipes", name=f'"p{n}{side}"', between=f'["vapour", "{end}"]', **more)
    lost = ["network.heat_pipes.p3a.failed=true", "network.heat_pipes.p3b.failed=true"]
    whole, less = (radiated(solved(text + STEADY, *change).summary().network.flows_W) for change in ([], lost))
    assert whole == pytest.approx(1222.590333, rel=3e-3)
    assert less / whole == pytest.approx(0.93129505, rel=1e-3)


def radiated(flows):
    """To the sky, of all nodes [W]."""
    return sum(heat for name, heat in flows.items() if name.endswith("~ sky"))


def test_steady_state_takes_the_means_of_tables():
    """Nothing for 100 s and 50 W for 100 s on 1 W/K, to a sink that goes from 0 to 20 degC in 200 s: 35 degC."""
    heat = "{ times_s = [0, 100, 100, 200], heat_W = [0, 0, 50, 50] }"
    sink = node("sink", held_over_time="{ times_s = [0, 200], temperature_degC = [0, 20] }")
    found = solved(node("box", heat_over_time=heat) + sink + tie("box", "sink", 1) + STEADY)
    assert found.summary().parts["box"].max_degC == pytest.approx(35.0, abs=1e-9)


def test_a_table_that_outlasts_its_orbit_is_refused():
    """It was cut at the orbit in silence."""
    text = orbit(0) + node("box", heat_over_time="{ times_s = [0, 9000], heat_W = [0, 10] }") + glow("box", "space", 1)
    with pytest.raises(CaseError, match=r"ends after the orbit of 5738\.99 s with which it repeats"):
        solved(text)


@pytest.mark.parametrize(("power", "said"), [(10, "box comes to -45.0 degC at most, below its 0.0 degC: it is too weak"), (200, None)])
def test_a_heater_that_is_too_weak_says_so(power, said):
    """10 W on 2 W/K to -50 degC hold nothing at 0 degC; no limit is needed to hear it."""
    heater = table("heaters", name='"h"', node='"box"', power_W=power, on_below_degC=0, off_above_degC=5)
    found = solved(node("box", capacity_J_K=500) + node("sink", held_degC=-50) + tie("box", "sink", 2) + heater + STEADY).summary()
    warned = [one for one in found.remarks if one.startswith("warning: heater h is on all the time")]
    assert bool(warned) == (said is not None)
    assert said is None or said in warned[0]


PACK = "{ at_degC = 5, latent_J = LATENT, liquid_capacity_J_K = 200 }"


@pytest.mark.parametrize(("heat", "latent"), [(-3, 1e3), (4, 1e3), (6, 1e3), (10, 1e6), (50, 1e3)])
def test_steady_state_of_a_pack_that_melts(heat, latent):
    """Solid or liquid, its temperature is its heat over 1 W/K, whatever it took to melt it; liquid packs were told by their enthalpy."""
    pack = node("box", capacity_J_K=100, heat_W=heat, melting=PACK.replace("LATENT", str(latent)))
    result = solved(pack + node("sink", held_degC=0) + tie("box", "sink", 1) + STEADY)
    found = result.summary()
    assert found.parts["box"].max_degC == pytest.approx(heat, abs=1e-6)
    assert found.network.molten["box"] == (1.0 if heat > 5 else 0.0)
    assert found.failures == ()


def test_a_step_that_collapses_names_what_is_too_fast():
    """A capacity of a billionth of what it is, with the time in which it follows."""
    text = node("box", capacity_J_K=1e-12, heat_W=10) + node("slow", capacity_J_K=10) + node("sink", held_degC=0)
    with pytest.raises(SolveError, match=r"t = 0 s: box follows its surroundings within 1e-12 s\. Look at its capacity_J_K"):
        solved(text + tie("box", "sink", 1) + tie("slow", "sink", 1) + transient(1000))
