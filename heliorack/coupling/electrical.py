"""The power side of a run and its two-way tie to the temperatures.

Warm cells give less, a cold battery does not charge; electricity leaves the cells as electricity and comes back as heat of what uses it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from heliorack.case.case import Case
from heliorack.casefile.patterns import matching
from heliorack.coupling.energy_ledger import CLOSURE_LIMIT, Satellite, satellite
from heliorack.model.body import Body
from heliorack.model.loads import Loads, answers, spread_over
from heliorack.model.open_faces import Exposure
from heliorack.model.radiation import Radiating
from heliorack.model.solar_cells import Cells, solar_cells
from orbit.environment import Environment
from orbit.free_wing import free_wing
from power.bus.balance import Balance
from power.storage.charge_window import ChargeWindow
from power.system.settings import Power, charging_window
from power.system.settled import FLOWS, settled
from power.system.system import AT_THE_EDGE, PowerResult, solve, unsized
from power.timeline import resample
from thermal.heat import Category
from thermal.heater import duty
from thermal.signal import Signal
from thermal.solve.ledger import Books
from thermal.solve.periodic_march import Orbit
from thermal.solve.probes import History
from thermal.solve.ways import Source

Floats = NDArray[np.float64]

TRACE = 1e-9  #: of the energy that the loads ask for: less is round-off


@dataclass(slots=True, eq=False)
class Electric:
    """Array, battery and bus over the orbit, brought up to date from the temperatures of the last orbit.

    Electricity from the cells is a negative heat on their faces; losses of battery, regulators and shunt are heat of named parts, where
    the case names them. `felt` is the balance that the march feels, `result` the newest one; once settled they agree to `SETTLED`.
    """

    case: Case
    power: Power
    body: Body
    loads: Loads
    cells: Cells | None  #: None for an array that is not meshed
    sunlight: Floats  #: (n,) direct sunlight on the plane of the cells [W/m2] at `loads.times`
    around: dict[str, Floats]  #: albedo and infrared on a free wing (n,) [W/m2]
    result: PowerResult | None = None
    felt: PowerResult | None = None
    marched: PowerResult | None = None  #: what the last march felt
    books: Books | None = None  #: of the last march
    charging: ChargeWindow = field(default_factory=lambda: ChargeWindow(None))
    _signals: dict[str, Signal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.charging.window = charging_window(self.power)

    def update(self, orbit: Orbit | None) -> bool:
        """Balance the bus with the temperatures of the last orbit (None: before the first); True when nothing moved any more.

        While nothing moves the march keeps the balance that it has, so that the satellite's ledger is that of one state.
        """
        history = None if orbit is None else orbit.history
        self.marched = None if orbit is None else self.felt
        self.books = None if orbit is None else orbit.books
        if history is not None:
            self._follow(history)
        self.charging.see(self._battery(history))
        found = self._solve(history, self.charging.told)
        self.result = found
        told = self.charging.settled(0.5 * self.case.solver.tolerance)
        if told and self.marched is not None and settled(self.marched, found, self.loads.times) and self._closes():
            return True
        if self.charging.kept and history is not None:
            self.charging.follow()
            self.result = found = self._solve(history, self.charging.told)
        self._feel(found)
        return False

    def _feel(self, found: PowerResult) -> None:
        """Let the next march feel a balance."""
        self.felt = found
        b = found.balance
        flows = {"electricity": -b.from_cells, "battery": b.battery_heat, "regulators": b.regulator_heat, "shunt": b.shunted}
        flows["base_load"] = np.full(len(b.times), self.power.base_load)
        self._signals = {name: Signal(b.times, flow[:, None]) for name, flow in flows.items()}

    def _solve(self, history: History | None, battery: Floats | None) -> PowerResult:
        """The bus at the temperatures of an orbit, with a battery at `battery` (n,) [K]; None charges at any temperature."""
        warm = None if self.cells is None else self.cells.temperature(history)
        return solve(
            self.power,
            self.loads.times,
            self.sunlight,
            self.loads.electrical(),
            None if self.cells is None or warm is None else self.cells.mean(warm),
            battery_temperature=battery,
            strings=() if self.cells is None or warm is None else self.cells.strings(warm),
            near=self.result,
            **self.around,
        )

    def judge(self, history: History) -> bool:
        """Hold the last orbit, in which the battery took charge at any temperature, against its window; False where the two disagree.

        They agree where the battery stayed inside, and where it lets no array carry the load: the heat of the bus is then that of just
        such a battery (see `power.system.system.PowerResult`).
        """
        if self.charging.inside:
            return True
        found = self._solve(history, self.charging.seen)
        if found.carries:
            return False
        self.result = found
        return True

    def give_up(self, orbit: Orbit, felt: PowerResult | None) -> None:
        """Go back to an orbit in which the battery took charge at any temperature and felt `felt`: no state keeps to the window."""
        assert felt is not None
        self._feel(felt)
        self.marched, self.books = felt, orbit.books
        self._follow(orbit.history)
        self.result = unsized(self.power, felt, self.charging.flips(), AT_THE_EDGE, felt.failures)

    def _closes(self) -> bool:
        """Whether the satellite's ledger of the last march keeps half of its limit."""
        found = self.satellite()
        return found is None or found.closure <= 0.5 * CLOSURE_LIMIT

    def satellite(self) -> Satellite | None:
        """The ledger of the whole satellite over the last march of one orbit; None before."""
        if self.marched is None or self.books is None:
            return None
        return satellite(self.books.entries, self.books.stored, self._crossing(self.marched.balance), self.books.duration)

    def _crossing(self, b: Balance) -> dict[str, float]:
        """Energies of the orbit [J] that cross the satellite's border or stay in its battery, into the satellite positive."""
        places = self._places()
        lost = {"battery": b.battery_heat, "regulators": b.regulator_heat, "shunt": b.shunted}
        sent = sum(b.integral(flow) for name, flow in lost.items() if places[name] is None)
        if places["base_load"] is None:
            sent += b.integral(np.full(len(b.times), self.power.base_load))
        bare = [j for j, entry in enumerate(self.case.compute) if entry.supply_part is None]
        sent += float(np.trapezoid(self.loads.losses(bare).sum(axis=1), self.loads.times))
        found = {"stored_charge": float(b.stored[0] - b.stored[-1]), "sent_out": -sent}
        if self.cells is None:
            found["array_apart"] = b.integral(b.from_cells)
        if b.unserved > TRACE * b.integral(b.load):
            found["not_served"] = b.unserved
        return found

    def _follow(self, history: History) -> None:
        """Put what answers to temperature into the loads: its course as recorded, its energy that of the march's own ledger."""
        loads = self.loads
        loads.heaters = self._heater_power(history)
        if self.books is None:
            return
        loads.heaters = scaled(loads.heaters, loads.times, self.books.heat("heaters"))
        moving = [j for j, entry in enumerate(self.case.compute) if answers(entry)]
        if moving:
            still = [j for j in range(loads.compute.shape[1]) if j not in moving]
            rest = self.books.heat("compute") - float(np.trapezoid(loads.compute[:, still].sum(axis=1), loads.times))
            drawn = loads.compute[:, moving].sum(axis=1)
            share = np.divide(scaled(drawn, loads.times, rest), drawn, out=np.ones(len(drawn)), where=drawn > 0)
            loads.compute[:, moving] *= share[:, None]

    def _battery(self, history: History | None) -> Floats | None:
        """Temperature of the battery (n,) [K] where parts carry it, the mean by volume."""
        if history is None or self.power.battery_part is None:
            return None
        return np.interp(self.loads.times, history.times, self._mean(history, self.power.battery_part))

    def _mean(self, history: History, pattern: str) -> Floats:
        """Mean temperature of the parts that a pattern names (s,) [K]."""
        names = self.body.assembly.part_names
        parts = [names.index(name) for name in matching(pattern, names)]
        volume = self.body.part_volume[parts]
        return np.asarray(history.mean[:, parts] @ (volume / volume.sum()))

    def jumps(self) -> list[float]:
        """Times at which heat from or to the electrical side jumps, such as the moment the battery is full [s]."""
        if self.felt is None:
            return []
        b = self.felt.balance
        flows = np.stack([getattr(b, name) for name in FLOWS], axis=1)
        step = (np.diff(b.times) == 0) & (np.abs(np.diff(flows, axis=0)).max(axis=1) > 1e-6 * max(float(flows.max()), 1e-300))
        return [float(t) for t in b.times[1:][step]]

    def sources(self) -> list[Source]:
        """Heat that the electrical side brings to or takes from the body."""
        found = []
        if self.cells is not None:
            area = np.asarray(self.body.faces[:, self.cells.faces].sum(axis=1)) / self.cells.area.sum()
            found.append(self._source("electricity", csr_matrix(area.reshape(-1, 1))))
        return found + [self._source(path, spread_over(part, self.body)) for path, part in self._places().items() if part is not None]

    def _places(self) -> dict[str, str | None]:
        """Patterns of the parts that take each kind of heat; None where it heats no part."""
        p = self.power
        return {"battery": p.battery_part, "regulators": p.regulator_part, "base_load": p.base_load_part, "shunt": p.shunt_part}

    def _source(self, name: str, spread: csr_matrix) -> Source:
        now: Callable[[], Signal] = partial(self._signal, name)
        return Source(name, spread, lambda times: now()(times), lambda start, end: now().total(start, end), Category.WITHIN)

    def _signal(self, name: str) -> Signal:
        return self._signals[name]

    def _heater_power(self, history: History) -> Floats:
        total = np.zeros(len(self.loads.times))
        for heater in self.case.heaters:
            mean = self._mean(history, heater.parts)
            total += np.interp(self.loads.times, history.times, heater.power * duty(heater, mean))
        return total

    def assumptions(self) -> list[str]:
        """What the tie between power and temperatures leaves out."""
        said = []
        if self.cells is None:
            said.append("array: not part of the meshed body; its heat and shadow do not reach the parts")
        else:
            said += self.cells.assumptions()
        if self.power.battery_part is None:
            said.append("battery: its losses heat no part, and it charges at any temperature (battery_part is not given)")
        else:
            said.append("battery: charges at the mean temperature of its parts, which counts in periodic runs alone")
        if self.power.regulator_part is None:
            said.append("bus: the losses of regulators heat no part (regulator_part is not given)")
        if self.power.base_load and self.power.base_load_part is None:
            said.append(f"bus: the platform's base load of {self.power.base_load:g} W heats no part (base_load_part is not given)")
        return said


def scaled(power: Floats, times: Floats, energy: float) -> Floats:
    """A course of power (n,) [W] with another energy [J]: multiplied, or evenly spread where there was none."""
    had = float(np.trapezoid(power, times))
    return power * (energy / had) if had > 0.0 else np.full(len(times), energy / (times[-1] - times[0]))


def electric_side(
    case: Case, body: Body, exposure: Exposure, radiating: Radiating, env: Environment | None, loads: Loads
) -> Electric | None:
    """The power side of a case; None without [power] or without an orbit.

    Raises:
        CaseError: strings that cannot lie as the case says.
    """
    if case.power is None or env is None:
        return None
    cells = solar_cells(case, body, exposure, radiating, env, loads.times)
    if cells is not None:
        return Electric(case, case.power, body, loads, cells, cells.sunlight, {})
    direct, albedo, infrared = free_wing(env)
    around = {name: resample(env.times, values, loads.times) for name, values in (("albedo", albedo), *infrared.items())}
    return Electric(case, case.power, body, loads, None, resample(env.times, direct, loads.times), around)
