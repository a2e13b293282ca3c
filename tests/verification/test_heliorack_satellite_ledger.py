"""One ledger for the whole satellite, over random small satellites: two marches, thermal and electrical, must tell of the same energy."""

import numpy as np
import pytest
from command.cli_runner import PARTS, TITLE
from command.powered import POWER, WING

from heliorack.case.case import load
from heliorack.run.simulate import simulate


def satellite(seed: int) -> str:
    """A case with random orbit, loads, converters, efficiencies, sizes and places of heat."""
    rng = np.random.default_rng(seed)

    def pick(*words: str) -> str:
        return str(rng.choice(words))

    orbit = f"""
[orbit]
kind = "beta"
altitude_km = {rng.uniform(400, 1200):.1f}
beta_deg = {rng.uniform(-60, 60):.1f}

[environment]
preset = "{pick("hot", "cold", "mean")}"

[attitude]
point = {{ axis = "+z", at = "nadir" }}
align = {{ axis = "+x", at = "velocity" }}
"""
    phase = rng.uniform(0, 900)
    loads = f"""
[[compute]]
name = "chip"
parts = "server"
peak_W = {rng.uniform(10, 40):.2f}
idle_W = {rng.uniform(0, 8):.2f}
supply_efficiency = {rng.uniform(0.7, 1.0):.3f}
{pick('supply_part = "plate"', 'supply_part = "pack"', "")}
eclipse = "{pick("full", "idle")}"
profile = {{ kind = "duty", on_fraction = {rng.uniform(0.1, 0.9):.3f}, period_s = {rng.uniform(300, 3000):.1f}, phase_s = {phase:.1f} }}

[[compute]]
name = "radio"
parts = "plate"
peak_W = 5
idle_W = 1
profile = {{ kind = "follow_sun" }}
"""
    power = POWER.replace("array_to_battery = 0.95", f"array_to_battery = {rng.uniform(0.6, 1.0):.3f}")
    power = power.replace('regulator_part = "plate"', pick('regulator_part = "plate"', ""))
    power = power.replace('battery_part = "pack"\n', "") + pick('base_load_part = "server"\n', "")
    if rng.random() < 0.5:
        power += 'regulation = "det"\nbus_voltage_V = 30\nseries = 14\n' + pick('shunt = "linear"\nshunt_part = "plate"\n', "")
    return TITLE + orbit + PARTS + WING + loads + power


@pytest.mark.parametrize("seed", range(6))
def test_absorbed_is_radiated_stored_and_sent_out(tmp_path, record_property, seed):
    """Without heat that answers to temperature the balance of the march is final: the ledger closes to the first law's own 1e-9.

    Also line by line: the march brings the heat of every electrical path to round-off of the bus's exact integral.
    """
    file = tmp_path / "random.toml"
    file.write_text(satellite(seed))
    found = simulate(load(file))
    assert found.satellite is not None
    record_property("found", found.satellite.closure)
    record_property("expected", 0.0)
    record_property("tolerance", 1e-9)
    assert found.satellite.closure <= 1e-9
    assert found.satellite.throughput > 100.0
    served = float(np.trapezoid(found.loads.compute.sum(axis=1), found.loads.times))
    assert found.heat["compute"] == pytest.approx(served, rel=1e-11)
