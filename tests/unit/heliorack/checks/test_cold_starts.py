"""Loops that may start frozen: what `check` refuses, with its words."""

import pytest
from network_case import STEADY, node, table, tie, transient

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError

FLUID = "[network.fluids.x]\ndensity_kg_m3 = 1000\nspecific_heat_J_kgK = 4000\nfreezing_degC = 0\nboiling_degC = 90\n"
TUBE = '{ name = "tube", length_m = 1, diameter_mm = 10, cells = 1, heat_W = 1'


def loop(fluid="x", cold="{}", tube="", **more):
    """A loop beside a sink."""
    sink = node("sink", held_degC=20) + node("lump", capacity_J_K=1) + tie("sink", "lump", 1)
    keys = {} if cold is None else {"cold_start": cold}
    pump = "{ flow_kg_s = 0.01 }"
    return sink + table("loops", name='"l"', fluid=f'"{fluid}"', pump=pump, segments=f"[{TUBE}{tube} }}]", **keys, **more)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (loop() + FLUID + STEADY, 'belongs to run.kind = "transient": nothing thaws'),
        (loop() + FLUID.replace("freezing_degC = 0\n", "") + transient(10), "needs network.fluids.x.freezing_degC"),
        (loop(cold="{ thawed_by_s = 20 }") + FLUID + transient(10), "is after the transient, whose run.duration_s is 10"),
        (loop(cold="{ thawed_by_s = -1 }") + FLUID + transient(10), "cold_start.thawed_by_s = -1   must be above 0"),
        (loop("ammonia", two_phase="{ set_point_degC = 20 }") + transient(10), "is of a loop whose fluid stays a liquid"),
        (loop("hfe_7100", start_degC=-140) + transient(10), "its data begin at"),
        (loop("water_glycol", None, start_degC=-60) + transient(10), "start_degC = -60.0   fluid outside its table"),
        (loop("water_glycol", None, start_degC=-60) + transient(10), "a loop that is meant to start frozen has cold_start = {}"),
        (loop("water_glycol", None, ", start_degC = -60") + transient(10), "segments.tube.start_degC = -60"),
        (
            loop(inlet='"in"', start_degC=-20) + FLUID + node("in", held_degC=-5) + transient(10),
            'inlet = "in"   is held at -5.00 degC, where x is frozen (freezes at 0.00 degC)',
        ),
        (loop() + FLUID.replace("freezing_degC = 0\n", "latent_heat_J_kg = 3e5\n") + transient(10), "give freezing_degC too"),
    ],
)
def test_words(text, words):
    """Where and why."""
    with pytest.raises(CaseError) as caught:
        loads(text)
    assert words in str(caught.value)


def test_what_it_takes_is_said():
    """Latent heat and specific heat with their sources, among the assumptions."""
    (said,) = (one for one in loads(loop("water_glycol", start_degC=-60) + transient(10)).assumptions if "may start frozen" in one)
    assert "latent heat 166.7 kJ/kg (heat of melting of all of its water" in said
    assert "the liquid's, as no other is known" in said
    assert "how much room the solid takes is not known" in said
