"""What a run found, in one object: figures for people and programs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.case.margins import Verdict
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.coupling.charge_course import besides
from heliorack.coupling.energy_ledger import CLOSURE_LIMIT, Satellite
from heliorack.model.body import Body
from heliorack.model.loads import Loads
from heliorack.model.open_faces import Exposure
from heliorack.model.radiation import Radiating
from heliorack.model.thermocouples import Deviation
from heliorack.results import delivered_compute, end_of_life, figures, mass_rollup, radiation_figures, tables
from heliorack.results.compute_figures import compute_figures, starts_figures, switching_figures
from heliorack.results.coolant_answers import Answers
from heliorack.results.network_history import at_times
from heliorack.results.network_result import NetworkResult
from heliorack.results.verdicts import doubts, hardly_meant, material_limits, modes, passing, pipe_doubt
from heliorack.results.verdicts.limits import PipeLoad, weak_heaters
from heliorack.results.verdicts.mesh_error import MeshError
from heliorack.results.verdicts.standing_cells import standing_cells
from heliorack.runfolder import notebook
from heliorack.runfolder.comparison import Comparison, compare
from heliorack.runfolder.figures.charge import ChargeFigures
from heliorack.runfolder.figures.mission import MissionFigures
from heliorack.runfolder.notebook import Table
from heliorack.runfolder.numbered import typed
from heliorack.runfolder.summary import FirstLaw, LimitFigures, OrbitFigures, PartFigures, SatelliteLedger, Summary
from orbit.environment import Environment, orbit_summary
from power.bus.balance import Balance
from power.computing.delivered import Delivered
from power.system.mass import MassTable
from power.system.result import PowerResult
from power.system.yearly_figures import years_failures
from thermal.solve.hot_and_cold_starts import Starts
from thermal.solve.solution import Solution
from thermal.solve.switching import Switching

Floats = NDArray[np.float64]

TIME_REMARK, TIME_LIMIT = 1e-3, 1e-2  #: of the throughput: time errors of the first law that are worth a remark, and that fail a run
SMALLER = "take a smaller solver.tolerance_K, or solver.max_step_s"


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One solved case in memory: fields and histories, verdicts, sizes and masses; `summary` has its figures with units in the names."""

    case: Case
    env: Environment | None
    body: Body
    exposure: Exposure
    radiation: Radiating
    loads: Loads
    solution: Solution
    power: PowerResult | None
    years: dict[str, Any] | None  #: of the power side, where something ages (see `power.system.yearly_figures.battery_years`)
    satellite: Satellite | None  #: of periodic runs with [power]
    verdicts: tuple[Verdict, ...]
    pipes: tuple[PipeLoad, ...]
    deviations: tuple[Deviation, ...]
    assumptions: tuple[str, ...]
    heat: dict[str, float]  #: heat into the body by path over the run [J]
    stored: float  #: J
    throughput: float  #: what went in or out [J]
    closure: float  #: first-law closure [-]
    time_error: float  #: time error of the ledger [-]
    wall_time: float  #: s
    delivered: dict[str, Delivered] = field(default_factory=dict)  #: compute over one orbit by entry; empty for transients and runaways
    held_back: tuple[str, ...] = ()  #: sentences: devices that do not run at the clock that is asked for
    starts: Starts | None = None  #: where both starts were asked for
    switching: Switching | None = None  #: where thermostats or throttles were marched exactly
    mesh_error: MeshError | None = None  #: of every part's extremes; None of a run that was given up
    estimate: Callable[[], MeshError | None] | None = None  #: of `mesh_error`, where that was put off; collective
    answers: Answers = field(default_factory=Answers)  #: to what the case asks of its coolant hardware
    impossible: tuple[str, ...] = ()  #: what a second look found that cannot be
    mission: MissionFigures | None = None  #: where `run.years` asks for the life of the mission
    network: NetworkResult | None = None  #: solved with the parts
    charge: Balance | None = None  #: the bus over the whole of a transient

    def passed(self, v: Verdict) -> float | None:
        """When a transient first misses a limit on a part [s]; None of any other run or place."""
        if self.case.run.kind != "transient" or v.holds or v.at != "part":
            return None
        history, part = self.solution.history, self.body.assembly.part_names.index(v.on)
        values, extreme = (history.high, history.hottest) if v.side == "max" else (history.low, history.coldest)
        if v.calculated != extreme[part]:  # judged over some of the run alone
            return None
        return passing.passed(v, history.times, values[:, part])

    @property
    def failures(self) -> tuple[str, ...]:
        """Everything that the design or the solve does not hold, in words; empty when all is well."""
        said = [] if self.solution.runaway is None else [self.solution.runaway]
        for v in self.verdicts:
            if not v.holds:
                side = "above" if v.side == "max" else "below"
                found = f"{v.on}: predicted {v.predicted - ZERO_CELSIUS:.1f} degC is {-v.margin:.1f} K {side}"
                kind = v.level if v.mode == "operating" else f"{v.mode.replace('_', '-')} {v.level}"
                said.append(f"{found} the {kind} limit's {v.allowed - ZERO_CELSIUS:.1f} degC{passing.since(self.passed(v))}")
        said += material_limits.melted(self.case, self.body, self.solution.history)
        said += [p.words() for p in self.pipes if not p.holds]
        said += self.answers.failures
        if self.network is not None and self.solution.runaway is None:  # where power ran away the network was left on its way
            said += self.network.failures
        if self.power is not None:
            said += self.power.failures
        said += figures.gone_short(self.charged())
        periodic = self.solution.periodic
        if self.years is not None and self.case.power is not None and periodic is not None and self.solution.runaway is None:
            said += years_failures(self.years["rows"], self.case.power.max_depth_of_discharge)
        if self.mission is not None:
            said += [f"life of the mission, {failure}" for failure in self.mission.failures]
        if periodic is not None and not periodic.converged:
            said.append(self.case.solver.unsettled(periodic.orbits, periodic.estimated_error))
        said += self.impossible
        if self.closure > self.solution.ledger.limit():
            said.append(f"first law: closure {self.closure:.1e} of the throughput exceeds {self.solution.ledger.limit():.0e}")
        if self._time_error_above(TIME_LIMIT):
            said.append(f"{self._time_words()}, more than {TIME_LIMIT:.0e}: {SMALLER}")
        if self.satellite is not None and not self.satellite.closes:
            said.append(f"satellite: closure {self.satellite.closure:.1e} of its throughput exceeds {CLOSURE_LIMIT:.0e}")
        return tuple(said)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is worth a sentence without being a failure: geometry, loop gain, starts, switching, hot materials, what did not age."""
        of_orbit = () if self.env is None else self.env.assumptions
        told = (*self.case.assumptions, *self.body.assembly.assumptions, *of_orbit)
        said = [sentence for sentence in told if sentence.startswith("warning:")]
        if self.solution.loops.entries and self.solution.runaway is None:
            said.append(f"loop gain of temperature and compute power: {self.solution.loops.together:.3g}, below 1")
        said += [f"warning: {words}" for words in self.held_back]
        if self.solution.unreduced:
            said.append(f"no reduced model: {self.solution.unreduced}; all nodes were solved for")
        said += [found.words() for found in (self.starts, self.switching) if found is not None]
        said += modes.idle(self.case, modes.modes(self.case, self.body, self.loads.marched), tuple(self.body.assembly.part_names))
        said += hardly_meant.waves(self.case, self.env)
        said += hardly_meant.means_alone(self.case, self.env)
        said += hardly_meant.begun_again(self.case, self.env)
        charged = self.charged()
        if charged is not None and self.case.power is not None and (deep := charged.depth(self.case.power.max_depth_of_discharge)):
            said.append(deep)
        said += standing_cells(self.case, self.body, self.solution.history)
        said += hardly_meant.measured_in_kelvin({one.name: one.mean for one in self.deviations})
        said += weak_heaters(self.case, self.body, self.solution.history)
        said += pipe_doubt.remarks({pipe.part: pipe.doubt for pipe in self.pipes if pipe.doubt is not None})
        said += material_limits.above_service(self.case, self.body, self.solution.history)
        if self.power is not None and self.power.asked is not None and self.case.load_case and self.case.power and self._sized_alone:
            more = "" if self.case.variant else "; a run of all load cases sizes them for all"
            said.append("array and battery are sized for this load case alone" + more)
        said += self.answers.remarks
        if self.network is not None:
            said += (*self.network.of_loops, *self.network.built.extrapolated)
        if self.case.run.years is not None and self.mission is None:
            said.append("the life of the mission was not walked: it starts from a periodic state, and from an array that carries the load")
        said += end_of_life.remarks(self.case, end_of_life.worn(self.case, self.body))
        if self._time_error_above(TIME_REMARK) and not self._time_error_above(TIME_LIMIT):
            said.append(f"{self._time_words()}, more than {TIME_REMARK:.0e}: {SMALLER}")
        return tuple(said)

    @property
    def _sized_alone(self) -> bool:
        """Whether what is sized is for this load case and no other."""
        sizes = None if self.case.power is None else self.case.power.sizes
        return sizes is None or sizes.alone

    def _time_error_above(self, limit: float) -> bool:
        """Whether a run that did not run away integrated its heat worse than to `limit` of the throughput."""
        return self.solution.runaway is None and self.time_error > limit

    def _time_words(self) -> str:
        return f"first law: time error {self.time_error:.1e} of the throughput"

    @property
    def holds(self) -> bool | None:
        """Whether all limits are kept, by more than the error of the run, and the solve is sound; None where none is given."""
        if self.failures or self.within_error:
            return False
        if self.network is None:
            return True if self.verdicts else None
        return True if (self.verdicts or self.network.verdicts()) and not self.network.unjudged else None

    @property
    def within_error(self) -> tuple[str, ...]:
        """Limits that are kept by less than the run's own error, which therefore cannot be said to hold, in words."""
        return doubts.within_error(self.verdicts, self.errors())

    def errors(self) -> tuple[doubts.Errors, ...]:
        """Numerical error of every verdict's temperature."""
        return doubts.errors(self.verdicts, self.body.assembly, self.mesh_error, self.solution, self.radiation.temperature_error)

    def charged(self) -> ChargeFigures | None:
        """What the battery holds over a transient; None elsewhere."""
        return None if self.env is None else figures.charge(self.charge, self.env.period)

    def duration(self) -> float:
        """Time the ledger covers [s]."""
        return self.solution.ledger.duration

    @property
    def history(self) -> Table:
        """Columns of history.csv by name, one value per sample, units in the names: `time_s`, `PART max_degC`, `load_W`, ..."""
        carried = self.power is not None and self.power.carries and self.case.run.kind == "periodic"
        base_load = 0.0 if self.case.power is None else self.case.power.base_load
        balance = self.power.balance if self.power is not None and carried else None
        h, names = self.solution.history, self.body.assembly.part_names
        loops = {} if self.network is None else at_times(self.network, h.times)
        drawn = None
        if self.power is None and self.solution.runaway is None:
            built, took = None if self.network is None else self.network.built, self.heat.get("heaters", 0.0)
            drawn = besides(self.case, self.body, built, self.solution, took, h.times)
        return tables.history_table(h, names, self.env, self.loads.marched, base_load, balance, loops, self.charge, drawn)

    def mesh(self, at: float | str = "hottest") -> Any:
        """The mesh with temperatures [degC] at the kept moment nearest to `at`, a `pyvista.MultiBlock` with a block for each part.

        Args:
            at: Seconds, "hottest" or "coldest".

        Raises:
            ValueError: `at` is none of these.
        """
        grid = tables.mesh_grid(self.body.assembly)
        grid.point_data["temperature_degC"] = self.solution.history.fields[tables.nearest(self.solution.history, at)] - ZERO_CELSIUS
        return notebook.by_part(grid)

    def compare(self, other: "Result") -> Comparison:
        """What differs from another result, in inputs and in results."""
        return compare(self.summary(), other.summary(), self.case.document, other.case.document)

    def _repr_html_(self) -> str:
        """Verdict and extremes."""
        return notebook.html(self.summary())

    def summary(self) -> Summary:
        """Everything that goes into summary.json."""
        return Summary(
            title=self.case.title,
            question=self.case.question,
            case=self.case.load_case,
            kind=self.case.run.kind,
            holds=self.holds,
            failures=self.failures,
            unjudged=self.network.unjudged if self.network is not None and (self.verdicts or self.network.verdicts()) else (),
            remarks=self.remarks,
            parts=self.parts(),
            within_error=self.within_error,
            limits=self.limits(),
            heat_pipes=tuple(figures.pipe(p) for p in self.pipes),
            thermocouples=tuple(figures.thermocouple(d) for d in self.deviations),
            orbit=None if self.env is None else typed(OrbitFigures, orbit_summary(self.env)),
            heat_W={path: q / self.duration() for path, q in self.heat.items()},
            radiation=figures.radiation(radiation_figures.summary(self.radiation)),
            first_law=self.first_law(),
            satellite_ledger=None if self.satellite is None else typed(SatelliteLedger, self.satellite.summary()),
            periodic=figures.periodic(self.solution),
            lumped_estimate=figures.quick_look(self.body.assembly.part_names, self.solution.quick_look),
            steps=self.solution.steps,
            nodes=int(self.body.layout.size),
            cells=len(self.body.assembly.cells),
            power=None if self.power is None else figures.power(self.power, self._sized_alone, self.case, self.charged()),
            delivered=delivered_compute.figures(self.delivered) if self.power is None or self.power.carries else {},
            compute=compute_figures(tuple(entry.name for entry in self.case.compute), self.loads.marched, self.solution.loops),
            switching=switching_figures(self.switching),
            starts=starts_figures(self.starts),
            mass_kg=self.masses(),
            mass=mass_rollup.mass_figures(self.mass_table()),
            assumptions=self.assumptions,
            two_phase_loops=self.answers.two_phase_loops(),
            punctures=self.answers.punctures(),
            heat_pump=self.answers.heat_pump(),
            mission=self.mission,
            network=None if self.network is None else self.network.network(),
        )

    def limits(self) -> tuple[LimitFigures, ...]:
        """Every limit, on parts and faces and then on nodes of a network."""
        of_parts = (figures.limit(v, e.total, self.passed(v)) for v, e in zip(self.verdicts, self.errors(), strict=True))
        nodes = () if self.network is None else self.network.verdicts()
        return (
            *of_parts,
            *(figures.limit(v, self.case.solver.tolerance, self.network.passed(v) if self.network is not None else None) for v in nodes),
        )

    def parts(self) -> dict[str, PartFigures]:
        """Extremes, orbit mean and mass of every part, and of every node of a network."""
        h, mass = self.solution.history, self.body.part_mass
        span = h.times[-1] - h.times[0]
        mean = np.trapezoid(h.mean, h.times, axis=0) / span if span > 0 else h.mean[0]
        return {
            name: PartFigures(
                min_degC=float(h.coldest[i] - ZERO_CELSIUS),
                max_degC=float(h.hottest[i] - ZERO_CELSIUS),
                mean_degC=float(mean[i] - ZERO_CELSIUS),
                mass_kg=float(mass[i]),
                mesh_max_K=None if self.mesh_error is None else float(self.mesh_error.high[i]),
                mesh_min_K=None if self.mesh_error is None else float(self.mesh_error.low[i]),
            )
            for i, name in enumerate(self.body.assembly.part_names)
        } | (self.network.nodes() if self.network is not None and self.network.named else {})

    def first_law(self) -> FirstLaw:
        """The ledger of heat over the run."""
        return FirstLaw(
            closure=self.closure,
            limit=self.solution.ledger.limit(),
            time_error=self.time_error,
            throughput_J=self.throughput,
            stored_J=self.stored,
        )

    def mass_table(self) -> MassTable:
        """Mass lines with source and uncertainty; what is both meshed and sized counts once, by the heavier."""
        return mass_rollup.mass_table(self.case, self.body, self.power)

    def masses(self) -> dict[str, float | None]:
        """Mass lines [kg]: meshed parts together, array, battery, and the total; None of what has no size, and then of the total."""
        return mass_rollup.masses(self.mass_table())
