"""A free wing whose temperature answers to what is drawn from it."""

import numpy as np
import pytest

from power.system.settings import Power
from power.system.settled import settled
from power.system.system import solve

PERIOD, ENTRY, EXIT = 5739.0, 1800.0, 3900.0
TIMES = np.concatenate([np.linspace(0, ENTRY, 60), np.linspace(ENTRY, EXIT, 70), np.linspace(EXIT, PERIOD, 60)])
SUN = np.where((np.arange(190) < 60) | (np.arange(190) >= 130), 1361.0, 0.0)
PATHS = {"array_to_load": 0.95, "array_to_battery": 0.95, "battery_to_load": 0.95, "charge_efficiency": 0.98, "discharge_efficiency": 0.98}


@pytest.mark.parametrize("area", [3.35, 3.36, 3.37])
def test_rounds_that_begin_where_others_ended_agree(area):
    """At 3.36 m2 the battery is full at one temperature of a moment and not at the other, which kept rounds 14 K apart for ever."""
    power = Power("azur_3g30", "lg_mj1", array_area=float(area), pack_capacity=4e6, base_load=500.0, **PATHS)
    found = None
    rounds = []
    for _ in range(4):
        found = solve(power, TIMES, SUN, np.zeros(190), sink=3.0, albedo=30.0, infrared_front=20.0, infrared_back=60.0, near=found)
        rounds.append(found)
    assert settled(rounds[-2], rounds[-1], TIMES)
    assert np.abs(rounds[-2].temperature - rounds[-1].temperature).max() < 1.5
