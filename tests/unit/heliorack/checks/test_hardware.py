"""Load cases change conditions: every key is known as hardware or as a condition, and hardware is refused by name."""

from dataclasses import fields

import pytest

import cases
from heliorack.case.case import Case, load, load_cases
from heliorack.casefile.errors import CaseError
from heliorack.checks.hardware import COATING_CONDITIONS, COMPUTE, HEATERS, POWER, WHOLE
from power.computing.compute import Compute
from power.system.settings import Power
from thermal.heater import Heater
from thermal.properties.coating import Coating

CONDITIONS = {
    Compute: "name peak idle profile eclipse eclipse_fraction checkpoint checkpoint_power sleep resume leakage throttle rate rate_source",
    Heater: "name on_below off_above",
    Power: "years life sized_for sized_at sizes base_load array_temperature losses eol_factor fluence_per_year battery_eol_factor "
    "max_depth_of_discharge charge_limit discharge_limit ageing life_data",
    Coating: "solar_absorptance_eol infrared_emittance_eol ageing",
}
TABLES = (
    "title question variant life years orbit environment attitude pointing_loss tracking boundaries limits thermocouples measured "
    "margins cases run radiation solver mesh size sweep source load_case document assumptions"
)


@pytest.mark.parametrize(("kind", "hardware"), [(Compute, COMPUTE), (Heater, HEATERS), (Power, POWER)])
def test_every_key_is_hardware_or_a_condition(kind, hardware):
    """A new key fails here until it is decided."""
    assert sorted([*hardware, *CONDITIONS[kind].split()]) == sorted(field.name for field in fields(kind))


def test_every_table_is_hardware_or_a_condition():
    mixed = ("parts", "coatings", "compute", "heaters", "power", "network")
    assert sorted([*WHOLE, *mixed, *TABLES.split()]) == sorted(field.name for field in fields(Case))
    assert set(COATING_CONDITIONS) <= {field.name for field in fields(Coating)}


@pytest.mark.parametrize("name", cases.names())
def test_shipped_load_cases_change_conditions_alone(name):
    assert isinstance(load_cases(cases.path(name)), dict)


BAD = {
    '"parts.panel.width_mm" = 900': "parts.panel.width_mm",
    '"contacts.0.conductance_W_m2K" = 5': "contacts.0.conductance_W_m2K",
    '"power.array_area_m2" = 3': "power.array_area_m2",
    '"power" = { cell = "azur_3g30_cic", battery = "lg_mj1" }': "power",
    '"heaters.battery_heater.power_W" = 40': "heaters.battery_heater.power_W",
    '"compute.accelerators.parts" = "module1"': "compute.accelerators.parts",
}
GOOD = (
    '"parts.power_stage.heat_W" = 30',
    '"parts.panel.width_mm" = 1000',
    '"heaters.battery_heater.on_below_degC" = 5',
    '"power.base_load_W" = 20',
    '"power.eol_factor" = 0.8',
    '"compute.accelerators.peak_W" = 90',
    '"tracking" = []',
)


def with_load_case(tmp_path, *lines):
    text = cases.path("edge_node").read_text(encoding="utf-8")
    path = tmp_path / "edge.toml"
    path.write_text(text.replace("[cases.safe_mode]", "\n".join(("[cases.other]", *lines, "", "[cases.safe_mode]"))), encoding="utf-8")
    return path


def test_each_change_of_hardware_is_listed(tmp_path):
    with pytest.raises(CaseError) as caught:
        load(with_load_case(tmp_path, *BAD))
    said = str(caught.value)
    for at in BAD.values():
        quoted = f'"{at}"' if "." in at else at
        assert f"cases.other.{quoted} = " in said
    assert said.count("changes hardware") == len(BAD)
    assert "changes hardware (power.cell, " in said
    assert "heliorack sweep" in said
    assert "variant = true" in said


def test_conditions_and_variants_are_taken(tmp_path):
    """Environment, loads, set points and ageing; and anything where the load case says that it is a variant."""
    load(with_load_case(tmp_path, *GOOD))
    found = load_cases(with_load_case(tmp_path, "variant = true", *list(BAD)[:3]))
    assert found["other"].variant
    assert not found["safe_mode"].variant


NETWORK = """
title = "n"
[network]
[[network.nodes]]
name = "hot"
heat_W = 5
capacity_J_K = 100
[[network.nodes]]
name = "cold"
held_degC = 0
[[network.radiative_conductors]]
between = ["hot", "cold"]
exchange_m2 = 0.1
[[network.heat_pipes]]
name = "pipe"
between = ["hot", "cold"]
conductance_W_K = 2
temperatures_degC = [20]
limit_W = [50]
[[network.regulators]]
name = "keeper"
node = "hot"
power_W = 5
hold_degC = 10
gain_W_K = 1
integral_s = 100
[run]
kind = "transient"
duration_s = 1000
start_degC = 20
[cases.usual]
[cases.lost]
"""


def test_when_hardware_fails_and_what_it_holds_are_conditions(tmp_path):
    """A pipe that fails, a radiator that deploys and the set point of a regulator are the same hardware; a conductance is not."""
    path = tmp_path / "n.toml"
    fine = (
        '"network.heat_pipes.pipe.fails_s" = 300',
        '"network.radiative_conductors.0.deploys_s" = 10',
        '"network.regulators.keeper.hold_degC" = 5',
    )
    path.write_text("\n".join((NETWORK, *fine)), encoding="utf-8")
    assert load_cases(path)["lost"].network.heat_pipes[0].fails == 300
    path.write_text(f'{NETWORK}"network.heat_pipes.pipe.conductance_W_K" = 3', encoding="utf-8")
    with pytest.raises(CaseError, match="changes hardware"):
        load_cases(path)
