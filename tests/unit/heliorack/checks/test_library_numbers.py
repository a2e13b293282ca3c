"""Every entry of the library serves a case, or `check` names the number that it lacks."""

import pytest
from case_text import orbit

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError
from heliorack.studies.quick_sizing import quick_sizes
from power.computing.chip import LIBRARY as CHIPS
from power.solar.cell import LIBRARY as CELLS
from power.storage.battery import LIBRARY as BATTERIES

CASE = (
    orbit(0, point=("+z", "sun"), align=("+x", "orbit_normal"), preset="mean")
    + """

[[parts]]
name = "tray"
kind = "plate"
width_mm = 300
length_mm = 300
thickness_mm = 5
material = "al_6061"
coating = "z93"

[[compute]]
name = "server"
parts = "tray"
peak_W = 100
idle_W = 20
profile = { kind = "constant", utilisation = 0.5 }

[power]
cell = "azur_3g30"
battery = "lg_mj1"
years = 5
"""
)


def outcome(*overrides):
    """Sizes of the case, or the keys that it asks for."""
    try:
        case = loads(CASE, overrides)
    except CaseError as error:
        return [problem.path for problem in error.problems]
    return quick_sizes(case)["rows"][0]["battery_kg"]


@pytest.mark.parametrize("life", [(), ("life=eol", "power.fluence_per_year=1e13"), ("life=eol", "power.eol_factor=0.8")])
@pytest.mark.parametrize("regulation", [(), ("power.regulation=det", "power.bus_voltage_V=28", "power.series=14")])
@pytest.mark.parametrize("cell", CELLS)
def test_every_solar_cell(cell, life, regulation):
    found = outcome(f"power.cell={cell}", *life, *regulation)
    if isinstance(found, list):
        assert set(found) <= {"power.temperature_coefficient", "power.cell", "power.fluence_per_year"}
    else:
        assert found > 0


@pytest.mark.parametrize("battery", BATTERIES)
def test_every_battery(battery):
    found = outcome(f"power.battery={battery}")
    if isinstance(found, list):
        assert found == ["power.battery_specific_energy_Wh_kg"]
        found = outcome(f"power.battery={battery}", "power.battery_specific_energy_Wh_kg=40")
    assert found > 0


@pytest.mark.parametrize("chip", CHIPS)
def test_every_chip(chip):
    """Where the source has no idle power, it is asked for; a device that never idles does without."""
    named = f"compute=[{{ name = 'server', parts = 'tray', chip = '{chip}', PROFILE }}]"
    found = outcome(named.replace("PROFILE", "profile = { kind = 'constant', utilisation = 0.5 }"))
    assert found == ["compute.server.idle_W"] if CHIPS[chip].idle is None else found > 0
    assert outcome(named.replace("PROFILE", "profile = { kind = 'constant', utilisation = 1.0 }")) > 0
    assert outcome(named.replace("PROFILE", "idle_W = 5, profile = { kind = 'constant', utilisation = 0.5 }")) > 0


def test_the_words_name_key_and_entries():
    with pytest.raises(
        CaseError, match=r"compute.server.idle_W +missing; the source of l4 gives no idle power: .* for h100_sxm or h200_sxm"
    ):
        loads(
            CASE,
            [
                "compute.0={ name = 'server', parts = 'tray', chip = 'l4', profile = { kind = 'constant', utilisation = 0.5 } }",
            ],
        )
