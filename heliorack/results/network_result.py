"""What a run of a network found: figures of nodes and loops, verdicts, the first law."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.case.margins import Verdict, judge
from heliorack.casefile.patterns import matching
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.networks.built import BuiltNetwork
from heliorack.results import device_figures, figures, loop_figures, mass_rollup, thaws, unpaid_flows
from heliorack.results.coolant_answers import Answers
from heliorack.results.verdicts import hardly_meant, passing, wetted_walls
from heliorack.runfolder.figures.charge import ChargeFigures
from heliorack.runfolder.figures.mission import MissionFigures
from heliorack.runfolder.figures.network import HeatPumpStageFigures, NetworkEvent, NetworkFigures, NodeHeaterFigures, NodePipeFigures
from heliorack.runfolder.numbered import typed
from heliorack.runfolder.summary import FirstLaw, OpenRadiation, OrbitFigures, PartFigures, PeriodicFigures, Summary
from orbit.environment import orbit_summary
from power.bus.balance import Balance
from power.system.result import PowerResult
from thermal.network.loops.alarms import KINDS
from thermal.network.loops.boiling import BoilingLiquid
from thermal.network.record import CLOSURE_LIMIT, Record
from thermal.network.tables import SPACE

Floats = NDArray[np.float64]

TIME_LIMIT = 1e-2  #: of the throughput; a time error of the first law above it fails the run
ROOM = ("freezes", "boils", "leaves the range")  #: what a fluid does outside its `FluidRoom`
MOST_EVENTS = 200  #: in the summary
UNSEEN = 1e-9  #: of a heater's power: what the memory of a regulator takes


@dataclass(frozen=True, slots=True)
class FluidRoom:
    """Extremes of a loop's fluid and what they must not reach [K]; None of what it has not."""

    coldest: float
    hottest: float
    freezing: float | None  #: or where its data begin
    boiling: float | None  #: or where its data end


@dataclass(frozen=True, slots=True, eq=False)
class NetworkResult:
    """One solved case of nodes and loops."""

    case: Case
    built: BuiltNetwork
    record: Record  #: of the run, or of its last orbit
    end: Floats  #: states of all rows at its end [K]
    heat: dict[str, float]  #: into the network by path over the run [J]
    periodic: PeriodicFigures | None
    drift: float | None  #: K between start and end of the orbit with exact switching; None where nothing switches
    wall_time: float  #: s
    answers: Answers = field(default_factory=Answers)  #: to what the case asks of its coolant hardware
    power: PowerResult | None = None  #: array and battery that carry what the network draws
    charge: Balance | None = None  #: the bus over the whole of a transient
    mission: MissionFigures | None = None  #: where `run.years` asks for the life of the mission

    def verdicts(self) -> tuple[Verdict, ...]:
        """Every limit on every node that it names."""
        names = [name for name in self.built.nodes if name != SPACE or name in self.named]
        found: list[Verdict] = []
        for limit in self.case.limits:
            for name in matching(limit.on, names):
                row = self.built.nodes[name]
                found += judge(limit, name, float(self.record.coldest[row]), float(self.record.hottest[row]), self.case.margins)
        return tuple(found)

    def charged(self) -> ChargeFigures | None:
        """What the battery holds over a transient; None elsewhere."""
        return None if self.built.env is None else figures.charge(self.charge, self.built.env.period)

    def passed(self, v: Verdict) -> float | None:
        """When a transient first misses a limit [s]; None of any other run."""
        if self.case.run.kind != "transient" or v.holds:
            return None
        return passing.passed(v, np.array(self.record.times), self.record.temperatures()[:, self.built.nodes[v.on]])

    @property
    def named(self) -> tuple[str, ...]:
        """Names that the case gives its nodes."""
        return tuple(node.name for node in self.case.network.nodes) if self.case.network is not None else ()

    @property
    def failures(self) -> tuple[str, ...]:
        """Everything that the design or the solve does not hold, in words."""
        said = []
        for v in self.verdicts():
            if not v.holds:
                side = "above" if v.side == "max" else "below"
                found = f"{v.on}: predicted {v.predicted - ZERO_CELSIUS:.1f} degC is {-v.margin:.1f} K {side}"
                said.append(f"{found} the {v.level} limit's {v.allowed - ZERO_CELSIUS:.1f} degC{passing.since(self.passed(v))}")
        said += [] if self.mission is None else [f"life of the mission, {failure}" for failure in self.mission.failures]
        return (*said, *self.failures_beside_limits)

    @property
    def failures_beside_limits(self) -> tuple[str, ...]:
        """What else does not hold: fluids, bus, heat pipes, the solve."""
        said = self._impossible()
        said += self._alarms()
        said += thaws.late(self.case, self.built, self.record)
        said += [words for fails, words in self._left_out if fails]
        said += self.answers.failures
        said += () if self.power is None else self.power.failures
        said += figures.gone_short(self.charged())
        said += device_figures.pipe_shortfalls(self.pipes())
        said += device_figures.shortfalls(self.heat_pumps())
        return (*said, *self._unsolved())

    def _unsolved(self) -> list[str]:
        """What the solve itself does not hold."""
        said = []
        if self.periodic is not None and not self.periodic.converged:
            said.append(self.case.solver.unsettled(self.periodic.orbits, self.periodic.estimated_error_K))
        if self.record.closure() > CLOSURE_LIMIT:
            said.append(f"first law: closure {self.record.closure():.1e} of the throughput exceeds {CLOSURE_LIMIT:.0e}")
        if self.record.time_error() > TIME_LIMIT:
            said.append(f"first law: time error {self.record.time_error():.1e} of the throughput: take a smaller solver.tolerance_K")
        return said

    def fluids(self) -> dict[str, FluidRoom]:
        """Every loop's fluid between freezing and boiling, or the ends of its data; one that is meant to boil has no such end."""
        found = {}
        for name, loop in self.built.loops.items():
            cold, hot = thaws.coldest(loop, self.record), float(self.record.hottest[loop.rows[loop.filled]].max())
            low, high = loop.liquid.known
            most = high if loop.liquid.boiling is None or isinstance(loop.liquid, BoilingLiquid) else min(high, loop.liquid.boiling)
            least = max(low, loop.liquid.freezing)
            found[name] = FluidRoom(cold, hot, float(least) if np.isfinite(least) else None, float(most) if np.isfinite(most) else None)
        return found

    @property
    def unsound(self) -> tuple[str, ...]:
        """What makes it no design whatever its limits are: loops and heat pumps that cannot work, beside fluids that freeze or boil."""
        others = [said for said in self._alarms() if not any(f"its fluid {kind}" in said for kind in ROOM)]
        others += [words for fails, words in self._left_out if fails]
        others += thaws.late(self.case, self.built, self.record)
        return (*self._impossible(), *others, *device_figures.shortfalls(self.heat_pumps()), *self._unsolved())

    @property
    def _left_out(self) -> list[tuple[bool, str]]:
        """Work of pumps that nobody gives, at the end of the run, and whether it is too much to be left out."""
        return list(unpaid_flows.left_out(self.built, self.record.states[-1]))

    def _impossible(self) -> list[str]:
        """Rows below absolute zero: more heat is drawn from them than they can give."""
        net, coldest = self.built.network, self.record.coldest
        cold = [int(row) for row in net.free if coldest[row] < 0.0]
        if not cold:
            return []
        worst = min(cold, key=lambda row: float(coldest[row]))
        more = f" and {len(cold) - 1} more" if len(cold) > 1 else ""
        return [f"{net.names[worst]}{more}: {coldest[worst]:.4g} K, below absolute zero: more heat is drawn from it than comes to it"]

    def _alarms(self) -> list[str]:
        """Fluids that froze, boiled or passed their pressure, by the moment of the first."""
        of_loops = [one for one in self.record.turned if any(one.what.startswith(kind) for kind in KINDS)]
        said = [f"{one.name}: its fluid {one.what} at t = {one.time:.6g} s" + self._numbers(one.name, one.what) for one in of_loops]
        if self.case.run.kind == "steady":
            said += loop_figures.standing_alarms(self.built, self.record.states[-1])
        said += unpaid_flows.spent_pressures(self.built, self.record.states[-1])
        return list(dict.fromkeys(said))

    def _numbers(self, name: str, what: str) -> str:
        loop = self.built.loops[name.partition(" ")[2]]
        if what.startswith(KINDS[-1]):
            return f" ({loop_figures.data(loop)})"
        limit = {"freezes": loop.liquid.freezing, "boils": loop.liquid.boiling}.get(what.split()[0])
        return "" if limit is None else f" ({what.split()[0]} at {limit - ZERO_CELSIUS:.2f} degC)"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is worth a sentence without being a failure."""
        of_orbit = () if self.built.env is None else self.built.env.assumptions
        said = [sentence for sentence in (*self.case.assumptions, *of_orbit) if sentence.startswith("warning:")]
        said += hardly_meant.means_alone(self.case, self.built.env)
        said += hardly_meant.begun_again(self.case, self.built.env)
        charged = self.charged()
        if charged is not None and self.case.power is not None and (deep := charged.depth(self.case.power.max_depth_of_discharge)):
            said.append(deep)
        said += self.of_loops
        said += self.built.extrapolated
        said += self.answers.remarks
        if self.case.run.years is not None and self.mission is None:
            said.append("the life of the mission was not walked: it starts from a periodic state, and from an array that carries the load")
        if self.drift is not None:
            repeats = self.drift <= self.case.solver.tolerance
            words = f"repeats within {self.case.solver.tolerance:g} K" if repeats else f"does not repeat: {self._drifts}"
            said.append(f"switching: an orbit with exact switching {words}")
        return tuple(said)

    @property
    def _drifts(self) -> str:
        """What an orbit with exact switching leaves behind, in words."""
        stored = self.record.stored() / max(self.record.duration, 1e-30)
        kept = "stores" if stored > 0 else "gives back"
        off = "by so much heaters, and what leaves it, are together off from the long run"
        return f"it drifts by {self.drift:.2g} K and {kept} some {abs(stored):.2g} W: {off}"

    @property
    def of_loops(self) -> tuple[str, ...]:
        """Remarks about its loops: correlations beyond their range, walls that a fluid attacks."""
        of_devices = [*device_figures.pipe_remarks(self.built, self.record), *device_figures.lift_remarks(self.built, self.record)]
        if self.case.run.kind != "transient":
            of_devices += device_figures.weak_heaters(self.built, self.record)
        ends = self.record.states[-1]
        of_loops = [
            *loop_figures.remarks(self.built, ends),
            *loop_figures.valve_remarks(self.built, ends),
            *loop_figures.pump_remarks(self.built, ends),
        ]
        of_loops += [f"warning: {words}" for fails, words in self._left_out if not fails]
        of_loops += thaws.bursts(self.built, self.record)
        return (*(f"warning: {said}" for said in self.unjudged), *of_loops, *of_devices, *wetted_walls.remarks(self.case))

    @property
    def unjudged(self) -> tuple[str, ...]:
        """What keeps it from a verdict although limits are given: fluids of which nothing says where they are liquids, or still frozen."""
        still = thaws.unjudged(self.case, self.built, self.record)
        return (*loop_figures.unknown_ends(self.built, self.record), *still)

    @property
    def holds(self) -> bool | None:
        """Whether all limits are kept; None where none is given and nothing fails, or where a fluid may be none."""
        if self.failures:
            return False
        return True if self.case.limits and not self.unjudged else None

    def pipes(self) -> dict[str, NodePipeFigures]:
        """Heat pipes where they were closest to their limits."""
        return device_figures.pipes(self.built, self.record)

    def heat_pumps(self) -> dict[str, HeatPumpStageFigures]:
        """Heat pumps over the run."""
        return device_figures.heat_pumps(self.built, self.record)

    def summary(self) -> Summary:
        """Everything that goes into summary.json."""
        env, duration = self.built.env, max(self.record.duration, 1e-30)
        alone = self.case.power is None or self.case.power.sizes is None
        return Summary(
            title=self.case.title,
            question=self.case.question,
            case=self.case.load_case,
            kind=self.case.run.kind,
            holds=self.holds,
            failures=self.failures,
            unjudged=self.unjudged if self.case.limits else (),
            remarks=self.remarks,
            parts=self.nodes(),
            limits=tuple(figures.limit(v, self.case.solver.tolerance, self.passed(v)) for v in self.verdicts()),
            heat_pipes=(),
            thermocouples=(),
            orbit=None if env is None else typed(OrbitFigures, orbit_summary(env)),
            heat_W={path: q / duration for path, q in self.heat.items() if q},
            radiation=OpenRadiation(groups=0, model="open"),
            first_law=FirstLaw(
                closure=self.record.closure(),
                limit=CLOSURE_LIMIT,
                time_error=self.record.time_error(),
                throughput_J=self.record.throughput(),
                stored_J=self.record.stored(),
            ),
            satellite_ledger=None,
            periodic=self.periodic,
            steps=self.record.steps,
            nodes=len(self.built.network.names),
            cells=0,
            power=None if self.power is None else figures.power(self.power, alone, self.case, self.charged()),
            delivered={},
            compute={},
            switching=None,
            starts=None,
            mass_kg={} if self.power is None else {line.name: line.mass for line in self.power.lines},
            mass=mass_rollup.mass_figures(mass_rollup.apart(self.power)),
            assumptions=(*self.case.assumptions, *(env.assumptions if env is not None else ()), *self._of_power()),
            two_phase_loops=self.answers.two_phase_loops(),
            punctures=self.answers.punctures(),
            heat_pump=self.answers.heat_pump(),
            network=self.network(),
            mission=self.mission,
        )

    def _of_power(self) -> tuple[str, ...]:
        """What the bus leaves out, beside what its own side says."""
        if self.power is None:
            return ()
        return ("battery: charges at any temperature", *self.power.assumptions)

    def nodes(self) -> dict[str, PartFigures]:
        """Extremes and mean of every node of the case."""
        T, times = self.record.temperatures(), np.array(self.record.times)
        span = float(times[-1] - times[0])
        mean = np.trapezoid(T, times, axis=0) / span if span > 0 else T[-1]
        places: Mapping[str, int] = self.built.nodes if self.named else {SPACE: self.built.nodes[SPACE]}
        return {
            name: PartFigures(
                min_degC=float(self.record.coldest[row] - ZERO_CELSIUS),
                max_degC=float(self.record.hottest[row] - ZERO_CELSIUS),
                mean_degC=float(mean[row] - ZERO_CELSIUS),
                mass_kg=None,
            )
            for name, row in places.items()
            if name in self.named or not self.named
        }

    def network(self) -> NetworkFigures:
        """Loops, heaters and events."""
        net, record, duration = self.built.network, self.record, max(self.record.duration, 1e-30)
        packs = {
            net.names[row]: float(part) for law in net.packs for row, part in zip(law.rows, law.liquid(self.end[law.rows]), strict=True)
        }
        within = {f"loop {name} flow" for name in self.built.loops}  # carried from cell to cell, over a reference that is nobody's
        events = tuple(NetworkEvent(time_s=one.time, name=one.name, what=one.what) for one in record.turned[:MOST_EVENTS])
        return NetworkFigures(
            flows_W={path: q / duration for path, q in record.by_name().items() if path not in within},
            loops=loop_figures.loops(self.built, record),
            heaters=self._heaters(),
            heat_pipes=self.pipes(),
            heat_pumps=self.heat_pumps(),
            molten=packs,
            events=events,
            events_in_all=len(record.turned),
        )

    def _heaters(self) -> dict[str, NodeHeaterFigures]:
        heat, found = self.record.by_name(), {}
        table = self.case.network
        powers = [] if table is None else [(one.name, one.power) for one in table.heaters]
        powers += [] if table is None else [(one.name, one.power) for one in table.regulators]
        for heater, power in powers:
            name = f"heater {heater}"
            mean = heat[name] / max(self.record.duration, 1e-30)
            mean = mean if abs(mean) > UNSEEN * power else 0.0
            turned = sum(each.name == name for each in self.record.turned)
            found[heater] = NodeHeaterFigures(mean_W=mean, duty=mean / power, switches=turned)
        return found
