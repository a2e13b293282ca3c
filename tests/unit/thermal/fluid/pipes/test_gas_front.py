"""Gas-loaded pipes with a flat front."""

import pytest

from thermal.constants import STEFAN_BOLTZMANN
from thermal.fluid.coolant import coolant
from thermal.fluid.pipes.gas_front import GasFront
from thermal.fluid.saturation import SaturationTable, saturation_table
from thermal.fluid.validity import FluidError

PIPE = GasFront(condenser=0.6, vapour_area=1.2e-4, reservoir=7.2e-5, open_at=300.0, open_sink=250.0)


@pytest.fixture(scope="module")
def ammonia() -> SaturationTable:
    return saturation_table(coolant("ammonia"))


@pytest.mark.parametrize(("temperature", "sink"), [(290.0, 250.0), (297.0, 250.0), (292.0, 235.0), (296.0, 262.0)])
def test_no_gas_is_lost(ammonia, temperature, sink):
    """p V/T over reservoir and blocked condenser is that of the charge, at other temperatures of pipe and sink."""
    active = PIPE.active(temperature, sink, ammonia).item()
    assert 0 < active < 0.6
    partial = float(ammonia.at(temperature).pressure - ammonia.at(sink).pressure)
    assert partial * (7.2e-5 + 1.2e-4 * (0.6 - active)) / sink == pytest.approx(PIPE.gas(ammonia), rel=1e-12)


def test_ends(ammonia):
    """Whole from where it is open, closed when hardly warmer than its sink, and never backwards."""
    assert PIPE.active([300.0, 310.0], 250.0, ammonia) == pytest.approx([0.6, 0.6])
    assert PIPE.active([250.0, 240.0, 255.0], 250.0, ammonia) == pytest.approx([0.0, 0.0, 0.0])


def test_it_holds_its_temperature(ammonia):
    """Between 10 and 50 W the vapour moves by 11 K; a pipe of constant conductance with the same condenser by 95 K."""

    def rejected(T: float) -> float:
        return 0.85 * 0.3 * STEFAN_BOLTZMANN * T**4

    cold, warm = (PIPE.temperature(heat, 250.0, ammonia, rejected) for heat in (10.0, 50.0))
    for heat, T in ((10.0, cold), (50.0, warm)):
        assert PIPE.active(T, 250.0, ammonia).item() * rejected(T) == pytest.approx(heat, rel=1e-9)
    constant = [(heat / (0.6 * 0.85 * 0.3 * STEFAN_BOLTZMANN)) ** 0.25 for heat in (10.0, 50.0)]
    assert warm - cold < 0.12 * (constant[1] - constant[0])


def test_refused(ammonia):
    """A heat that the whole condenser does not reject, and a charge of no gas."""
    with pytest.raises(FluidError, match="rejects no 5000 W"):
        PIPE.temperature(5000.0, 250.0, ammonia, lambda T: T - 250.0)
    with pytest.raises(FluidError, match="above that of its reservoir"):
        GasFront(0.6, 1e-4, 1e-4, 250.0, 250.0)
    with pytest.raises(FluidError, match="above zero"):
        GasFront(0.6, 0.0, 1e-4, 300.0, 250.0)
