"""The power side of a run as a participant of the coupled solve: array, battery and bus over the orbit.

Warm cells give less, a cold battery does not charge; electricity leaves the cells as electricity and comes back as heat of what uses it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.coupling.array_course import ArrayCourse, Revolution
from heliorack.coupling.coupled import Flows, Outlet, Round
from heliorack.coupling.energy_ledger import CLOSURE_LIMIT, Satellite, satellite
from heliorack.model.body import Body
from heliorack.model.cells.solar_cells import FIRST, Cells, solar_cells
from heliorack.model.cells.string_zones import together
from heliorack.model.loads import Loads, mean_over, spread_over
from heliorack.model.open_faces import Exposure
from heliorack.model.radiation import Radiating
from heliorack.model.surroundings import Lapse
from orbit.environment import Environment
from orbit.free_wing import fixed_wing, free_wing
from power.bus.balance import Balance, Limits, course
from power.storage.charge_window import ChargeWindow
from power.system.result import PowerResult
from power.system.settings import Power, Sizes, charging_window
from power.system.settled import FLOWS, settled
from power.system.system import AT_THE_EDGE, solve, unsized
from power.system.yearly_figures import battery_years
from power.timeline import resample
from thermal.signal import Signal
from thermal.solve.ledger import Books
from thermal.solve.probes import History

Floats = NDArray[np.float64]

TRACE = 1e-9  #: of the energy that the loads ask for: less is round-off
CELLS_OF_A_LAPSE = f"array: in a run that loses its pointing its cells give what they give at {FIRST - ZERO_CELSIUS:.0f} degC"
WING_OF_A_LAPSE = "array: once pointing is lost it stands still in the body, as it faced the Sun then"


@dataclass(frozen=True, slots=True, eq=False)
class BusState:
    """Where the power side stands after a round. Once settled its balances agree to `power.system.settled.SETTLED`."""

    balanced: PowerResult  #: at the temperatures of the last orbit
    applied: PowerResult  #: whose heat the next orbit has
    charging: ChargeWindow
    marched: PowerResult | None = None  #: whose heat the last orbit had; None before the first
    books: Books | None = None  #: of the last orbit; None before the first
    course: "BusCourse | None" = None  #: of a transient that loses its pointing: over all of it, as its march has it


@dataclass(frozen=True, slots=True, eq=False)
class BusCourse:
    """The bus over the whole of a transient."""

    array: ArrayCourse
    balance: Balance


@dataclass(frozen=True, slots=True, eq=False)
class LapsedArray:
    """The array while the body does not point as the case has it."""

    begin: float  #: s
    end: float  #: s
    side: "PowerSide"  #: in that light


@dataclass(frozen=True, slots=True, eq=False)
class PowerSide:
    """Array, battery and bus over the orbit.

    Electricity from the cells is a negative heat where they are; losses of battery, regulators and shunt are heat of named parts, where
    the case names them.
    """

    case: Case
    power: Power
    body: Body
    times: Floats  #: (n,) of the loads [s]
    cells: Cells | None  #: None for an array that is not meshed
    sunlight: Floats  #: (n,) direct sunlight on the plane of a free wing [W/m2]
    around: dict[str, Floats]  #: albedo and infrared on a free wing (n,) [W/m2]
    name: str = "power"
    lapse: LapsedArray | None = None  #: of a transient that loses its pointing

    def outlets(self) -> list[Outlet]:
        """Cells that give electricity, zone by zone, and parts that take the losses."""
        found = []
        if self.cells is not None:
            found.append(Outlet("electricity", "electricity", together(self.body, self.cells.zones)))
        return found + [Outlet(path, path, spread_over(part, self.body)) for path, part in self._places().items() if part is not None]

    def respond(self, now: Round) -> Flows:
        """Balance the bus at the temperatures of the last orbit.

        While nothing moves the march keeps the balance that it has, so that the satellite's ledger is that of one state.
        """
        before: BusState | None = now.memory
        history = None if now.orbit is None or self.lapse is not None else now.orbit.history
        expected = now.orbit is not None and now.orbit.expected
        if expected and now.before is not None and before is not None and before.charging.enforced:
            return replace(now.before, loads=now.loads)  # its window goes by orbits that were marched
        charging = self.free_charging() if before is None else before.charging
        charging = charging.observe(self._battery(history))
        found = self._solve(history, now.loads, charging.assumed, None if before is None else before.balanced)
        if now.before is not None and before is not None and now.orbit is not None and not expected:
            kept = BusState(found, before.applied, charging, before.applied, now.orbit.books)
            if self._rests(kept, now.loads):
                return replace(now.before, loads=now.loads, settled=True, memory=kept)
        if charging.enforced and history is not None:
            charging = charging.relax()
            found = self._solve(history, now.loads, charging.assumed, found)
        marched = None if now.orbit is None or before is None else before.applied
        over_run = None if self.lapse is None else self.course(found, now.loads)
        state = BusState(found, found, charging, marched, None if now.orbit is None or expected else now.orbit.books, over_run)
        return Flows(now.loads, self._signals(found, over_run), False, () if over_run is not None else _jumps(found.balance), state)

    def course(self, found: PowerResult, loads: Loads, more: Callable[[Floats], Floats] = np.zeros_like) -> BusCourse | None:
        """The bus over the whole of a transient; None without an orbit, or where no array carries the load.

        The battery begins with what a revolution like that of `found` leaves in it. Nothing that is not served is made up for.

        Args:
            found: Of one revolution, with all sizes.
            loads: With those of the whole transient.
            more: What is drawn besides at some times of the run (m,) [W].
        """
        whole, cells = loads.whole, found.cells
        if whole is None or cells is None or not found.carries:
            return None
        array = self._array(found, loads)
        times = array.times(whole.times)
        load = resample(whole.times, whole.electrical() + self.power.base_load, times) + more(times)
        limits, warm, usual = cells.limits, cells.limits.temperature, array.usual
        charge, discharge = usual.at(limits.charge, times), usual.at(limits.discharge, times)
        limits = Limits(charge, discharge, None if warm is None else usual.at(warm, times), limits.window)
        b = found.balance
        start, shunt = float(b.stored[0]), self.power.shunt
        return BusCourse(array, course(times, array.available(times), load, b.capacity, cells.paths, limits, shunt, start))

    def moments(self, state: BusState) -> tuple[float, ...]:
        """Times of a run at which its heat jumps, beside those that repeat with the revolution [s]."""
        if self.lapse is None:
            return ()
        jumps = () if state.course is None else _jumps(state.course.balance)
        return tuple(t for t in (self.lapse.begin, self.lapse.end, *jumps) if 0.0 < t < np.inf)

    def _array(self, found: PowerResult, loads: Loads) -> ArrayCourse:
        """The array over a run, with the sizes of one revolution."""
        usual = Revolution(self.times, found.available, found.split)
        if self.lapse is None:
            return ArrayCourse(usual)
        other = self.lapse.side
        power = replace(self.power, sizes=Sizes(found.array_area, found.pack_capacity))
        load = resample(loads.times, loads.electrical(), other.times)
        given = replace(other, power=power)._solve(None, replace(loads, whole=None), None, None, load)
        return ArrayCourse(usual, self.lapse.begin, self.lapse.end, Revolution(other.times, given.available, given.split))

    def heat_at(self, history: History | None, loads: Loads, state: BusState) -> dict[str, Signal]:
        """Heat of its outlets at other temperatures and loads: what derivatives are made of. What the case leaves to be sized follows.

        Args:
            history: Of an orbit near the last one; None before any.
            loads: Near those of the last round.
            state: After that round.
        """
        charging = state.charging if state.charging.enforced else state.charging.observe(self._battery(history))
        return self._signals(self._solve(history, loads, charging.assumed, state.balanced))

    def free_charging(self) -> ChargeWindow:
        """The window of a battery that takes charge at any temperature until that is known not to do."""
        return ChargeWindow(charging_window(self.power))

    def judge(self, state: BusState, history: History, loads: Loads) -> BusState | None:
        """Hold the last orbit, in which the battery took charge at any temperature, against its window; None where the two disagree.

        They agree where the battery stayed inside, and where it lets no array carry the load: the heat of the bus is then that of just
        such a battery (see `power.system.result.PowerResult`).
        """
        if state.charging.inside:
            return state
        found = self._solve(history, loads, state.charging.simulated, state.balanced)
        return None if found.carries else replace(state, balanced=found)

    def unsized(self, free: BusState, restricted: BusState) -> BusState:
        """The orbit in which the battery took charge at any temperature, without sizes, where none was found that keeps to the window."""
        said = restricted.charging.no_state()
        return replace(free, balanced=unsized(self.power, free.applied, said, AT_THE_EDGE, free.applied.failures))

    def satellite(self, state: BusState, loads: Loads) -> Satellite | None:
        """The ledger of the whole satellite over the last march of one orbit; None before."""
        if state.marched is None or state.books is None:
            return None
        return satellite(state.books.entries, state.books.stored, self._crossing(state.marched.balance, loads), state.books.duration)

    def years(self, found: PowerResult, history: History) -> dict[str, Any] | None:
        """The years of the case with what was found, the battery at its mean of the orbit (see `power.system.yearly_figures`)."""
        warm = self.battery_mean(history)
        return battery_years(self.power, found, None if np.isnan(warm) else warm)

    def battery_mean(self, history: History) -> float:
        """Mean temperature of the battery over a history [K]; nan where no part has it."""
        part, span = self.power.battery_part, float(history.times[-1] - history.times[0])
        if part is None:
            return float("nan")
        warm = mean_over(part, self.body, history.mean)
        return float(np.trapezoid(warm, history.times)) / span if span > 0.0 else float(warm[0])

    def _rests(self, state: BusState, loads: Loads) -> bool:
        """Whether a round changed nothing of account, and the satellite's ledger keeps half of its limit."""
        if state.marched is None or not state.charging.settled(0.5 * self.case.solver.tolerance):
            return False
        if not settled(state.marched, state.balanced, self.times):
            return False
        found = self.satellite(state, loads)
        return found is None or found.closure <= 0.5 * CLOSURE_LIMIT

    def _solve(
        self, history: History | None, loads: Loads, battery: Floats | None, near: PowerResult | None, load: Floats | None = None
    ) -> PowerResult:
        """The bus at the temperatures of an orbit, with a battery at `battery` (n,) [K]; None charges at any temperature.

        `load` (n,) [W] is what is asked for where its times are not those of the loads.
        """
        warm = None if self.cells is None else self.cells.temperature(history)
        return solve(
            self.power,
            self.times,
            self.sunlight,
            loads.electrical() if load is None else load,
            battery_temperature=battery,
            sections=() if self.cells is None or warm is None else self.cells.sections(warm),
            strings=() if self.cells is None or warm is None else self.cells.strings(warm),
            near=near,
            **self.around,
        )

    def _signals(self, found: PowerResult, over_run: BusCourse | None = None) -> dict[str, Signal]:
        """Heat of a balance by outlet, or of the bus over the whole of a run."""
        b = found.balance if over_run is None else over_run.balance
        flows = {"battery": b.battery_heat, "regulators": b.regulator_heat, "shunt": b.shunted}
        flows["base_load"] = np.full(len(b.times), self.power.base_load)
        signals = {name: Signal(b.times, flow[:, None]) for name, flow in flows.items()}
        if found.split is not None:
            split = resample(self.times, found.split, b.times) if over_run is None else over_run.array.split(b.times)
            assert split is not None
            drawn = -b.from_cells[:, None] * split
            signals["electricity"] = Signal(b.times, drawn)
        return signals

    def _crossing(self, b: Balance, loads: Loads) -> dict[str, float]:
        """Energies of the orbit [J] that cross the satellite's border or stay in its battery, into the satellite positive."""
        places = self._places()
        lost = {"battery": b.battery_heat, "regulators": b.regulator_heat, "shunt": b.shunted}
        sent = sum(b.integral(flow) for name, flow in lost.items() if places[name] is None)
        if places["base_load"] is None:
            sent += b.integral(np.full(len(b.times), self.power.base_load))
        bare = [j for j, entry in enumerate(self.case.compute) if entry.supply_part is None]
        sent += float(np.trapezoid(loads.losses(bare).sum(axis=1), loads.times))
        found = {"stored_charge": float(b.stored[0] - b.stored[-1]), "sent_out": -sent}
        if self.cells is None:
            found["array_apart"] = b.integral(b.from_cells)
        if b.unserved > TRACE * b.integral(b.load):
            found["not_served"] = b.unserved
        return found

    def _battery(self, history: History | None) -> Floats | None:
        """Temperature of the battery (n,) [K] where parts carry it, the mean by volume."""
        if history is None or self.power.battery_part is None:
            return None
        return np.interp(self.times, history.times, mean_over(self.power.battery_part, self.body, history.mean))

    def _places(self) -> dict[str, str | None]:
        """Patterns of the parts that take each kind of heat; None where it heats no part."""
        p = self.power
        return {"battery": p.battery_part, "regulators": p.regulator_part, "base_load": p.base_load_part, "shunt": p.shunt_part}

    def assumptions(self) -> list[str]:
        """What the tie between power and temperatures leaves out."""
        said = []
        if self.cells is None:
            said.append("array: not part of the meshed body; its heat and shadow do not reach the parts")
        else:
            said += self.cells.assumptions()
        if self.lapse is not None:
            said += [CELLS_OF_A_LAPSE if self.cells is not None else WING_OF_A_LAPSE]
        if self.power.battery_part is None:
            said.append("battery: its losses heat no part, and it charges at any temperature (battery_part is not given)")
        else:
            said.append("battery: charges at the mean temperature of its parts, which counts in periodic runs alone")
        if self.power.regulator_part is None:
            said.append("bus: the losses of regulators heat no part (regulator_part is not given)")
        if self.power.base_load and self.power.base_load_part is None:
            said.append(f"bus: the platform's base load of {self.power.base_load:g} W heats no part (base_load_part is not given)")
        return said


def _jumps(b: Balance) -> tuple[float, ...]:
    """Times at which heat from or to the electrical side jumps, such as the moment the battery is full [s]."""
    flows = np.stack([getattr(b, name) for name in FLOWS], axis=1)
    step = (np.diff(b.times) == 0) & (np.abs(np.diff(flows, axis=0)).max(axis=1) > 1e-6 * max(float(flows.max()), 1e-300))
    return tuple(float(t) for t in b.times[1:][step])


def power_side(
    case: Case,
    body: Body,
    exposure: Exposure,
    radiating: Radiating,
    env: Environment | None,
    times: Floats,
    column: int,
    away: Lapse | None = None,
) -> PowerSide | None:
    """The power side of a case over `times` of its loads; None without [power] or without an orbit.

    Args:
        column: Of the temperature of the array's first zone in a history.
        away: The time in which it does not point as the case has it.

    Raises:
        CaseError: strings that cannot lie as the case says.
    """
    if case.power is None or env is None:
        return None
    lapse = None
    if away is not None:
        lit = radiating if radiating.lapse is None else radiating.lapse[1]
        side = _in_light(case, body, exposure.lapsed(), lit, away.env, away.env.times, column, away)
        lapse = LapsedArray(away.begin, away.end, side)
    return replace(_in_light(case, body, exposure, radiating, env, times, column, None), lapse=lapse)


def _in_light(
    case: Case,
    body: Body,
    exposure: Exposure,
    radiating: Radiating,
    env: Environment,
    times: Floats,
    column: int,
    away: Lapse | None,
) -> PowerSide:
    """The power side in one light; with `away` that of a lapse, in which joints and a wing apart stand still."""
    assert case.power is not None
    cells = solar_cells(case, body, exposure, radiating, env, times, column, None if away is None else away.tracking)
    if cells is not None:
        return PowerSide(case, case.power, body, times, cells, np.zeros(len(times)), {})
    direct, albedo, infrared = free_wing(env) if away is None else fixed_wing(env, away.wing)
    around = {name: resample(env.times, values, times) for name, values in (("albedo", albedo), *infrared.items())}
    return PowerSide(case, case.power, body, times, None, resample(env.times, direct, times), around)
