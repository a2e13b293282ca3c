"""The [power.electrics] table: voltage, resistance, arrangement and charging rates of the battery's cells."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from annotated_types import Ge, Gt

from power.constants import ZERO_CELSIUS
from power.storage.battery import BatteryCell
from power.storage.charge import check_rates
from power.storage.circuit import Pack
from power.storage.ocv import OpenCircuit, arrhenius, open_circuit

type Pair = Annotated[tuple[float, float], "-"]


@dataclass(frozen=True, slots=True)
class Electrics:
    """What is known of the battery's cells beyond their energy. With a resistance, I^2 R takes the place of the energy efficiencies."""

    curve: str | None = None  #: open-circuit voltage of the library: lg_m50, panasonic_ncr18650 or sony_us26650ftc1
    ocv: tuple[Pair, ...] = ()  #: own open-circuit voltage, [[state of charge, V], ...] from 0 to 1
    resistance: Annotated[float, "ohm", Gt(0)] | None = None  #: of one cell at `reference_temperature`, of charge and discharge alike
    reference_temperature: Annotated[float, "degC", Gt(200)] = 25.0 + ZERO_CELSIUS  #: where `resistance` holds
    activation: Annotated[float, "K", Ge(0)] = 0.0  #: B in R exp(B (1/T - 1/T0)); 0 keeps the resistance the same at all temperatures
    resistances: tuple[Pair, ...] = ()  #: own resistance of one cell by temperature, [[degC, ohm], ...], in place of the three fields above
    series: Annotated[int, "-", Ge(1)] | None = None  #: cells in series
    parallel: Annotated[int, "-", Ge(1)] | None = None  #: cells in parallel; with `series` it gives the energy of the pack
    lowest_voltage: Annotated[float, "V", Gt(0)] | None = None  #: of one cell at its terminals; the data sheet's when not given
    highest_voltage: Annotated[float, "V", Gt(0)] | None = None  #: of one cell at its terminals; the data sheet's when not given
    charge_rates: tuple[Pair, ...] = ()  #: largest charging rate by temperature, [[degC, capacities per hour], ...]; none outside the rows
    temperature: Annotated[float, "degC", Gt(200)] = 25.0 + ZERO_CELSIUS  #: of the battery; used when no part carries it

    def __post_init__(self) -> None:
        if (self.curve is None) == (not self.ocv):
            raise ValueError("curve or ocv: give one of them (curve names a published cell, ocv is your own table)")
        if self.resistance is not None and self.resistances:
            raise ValueError("resistance and resistances both say how large it is; give one")
        if self.activation > 0.0 and self.resistance is None:
            raise ValueError("activation needs resistance (ohm at reference_temperature)")
        temperatures = [warm for warm, _ in self.resistances]
        if any(b <= a for a, b in pairwise(temperatures)) or any(ohm <= 0.0 for _, ohm in self.resistances):
            raise ValueError("resistances must rise in temperature and be above 0 ohm")
        if self.parallel is not None and self.series is None:
            raise ValueError("parallel needs series")
        if self.charge_rates:
            check_rates(self.charge_rates)
        if self.lowest_voltage is not None and self.highest_voltage is not None and self.lowest_voltage >= self.highest_voltage:
            raise ValueError("lowest_voltage must be below highest_voltage")
        _ = self.open_circuit

    @property
    def open_circuit(self) -> OpenCircuit:
        """The cells' voltage at rest."""
        if self.curve is not None:
            return open_circuit(self.curve)
        return OpenCircuit(tuple(s for s, _ in self.ocv), tuple(v for _, v in self.ocv), "the case")

    @property
    def rates(self) -> tuple[tuple[float, float], ...]:
        """Charging rates by temperature (K, 1/h)."""
        return tuple((warm + ZERO_CELSIUS, rate) for warm, rate in self.charge_rates)

    def ohms(self, charge: float) -> tuple[tuple[float, float], ...]:
        """Resistance of one cell of that charge [C] by temperature (K, ohm); a published one is scaled as 1/charge; empty when unknown."""
        if self.resistance is not None:
            return arrhenius(self.resistance, self.reference_temperature, self.activation)
        if self.resistances:
            return tuple((warm + ZERO_CELSIUS, ohm) for warm, ohm in self.resistances)
        known = self.open_circuit
        if known.capacity is None:
            return ()
        return tuple((warm, ohm * known.capacity / charge) for warm, ohm in known.resistance)

    def pack(self, cell: BatteryCell, energy: float | None = None) -> Pack:
        """The pack of these cells: `series` x `parallel`, or as many as hold `energy` [J] between empty and full.

        Raises:
            ValueError: neither the arrangement nor an energy is known.
        """
        curve = self.open_circuit
        charge = cell.capacity if cell.capacity is not None else cell.energy / curve.mean
        series = 1 if self.series is None else self.series
        if self.parallel is not None:
            parallel: float = self.parallel
        elif energy is not None:
            parallel = energy / (charge * curve.mean * series)
        else:
            raise ValueError("parallel is missing: the pack is known neither by series and parallel nor by its energy")
        return Pack(curve, charge, self.ohms(charge), series, parallel, self._voltages(cell))

    def _voltages(self, cell: BatteryCell) -> tuple[float, float] | None:
        """Lowest and highest terminal voltage of a cell; None when neither the case nor the data sheet has both."""
        sheet = (None, None) if cell.voltage_range is None else cell.voltage_range
        low = sheet[0] if self.lowest_voltage is None else self.lowest_voltage
        high = sheet[1] if self.highest_voltage is None else self.highest_voltage
        return None if low is None or high is None else (low, high)

    def assumptions(self, cell: BatteryCell) -> tuple[str, ...]:
        """What stands behind voltage and resistance, in words."""
        curve = self.open_circuit
        charge = cell.capacity if cell.capacity is not None else cell.energy / curve.mean
        said = [f"battery: open-circuit voltage of {curve.source}, the same at every temperature and age"]
        if not self.ohms(charge):
            said.append("battery: no resistance is known; its heat follows the energy efficiencies")
        else:
            own = self.resistance is not None or bool(self.resistances)
            source = "of the case" if own else f"of {curve.source}, scaled by capacity"
            said.append(
                f"battery: one resistance {source}, the same at every state of charge; its I^2 R takes the place of the energy "
                "efficiencies and is spread over the orbit with the power"
            )
        return tuple(said)
