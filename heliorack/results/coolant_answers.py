"""What a case asks of its coolant hardware beside temperatures, answered: leaks by meteoroids, and whether a heat pump pays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import pi

from heliorack.case.case import Case
from heliorack.casefile.patterns import matching
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.body import Body
from heliorack.runfolder.figures.coolant import HeatPumpFigures, PunctureFigures, StationFigures, TwoPhaseLoopFigures
from orbit.environment import Environment
from thermal.fluid.heat_pump import Verdict
from thermal.fluid.questions import Leak, Punctures
from thermal.fluid.two_phase_loop import LoopState, NoBalanceError, solve


@dataclass(frozen=True, slots=True)
class Answers:
    """To both questions; None where the case does not ask."""

    leak: Leak | None = None
    area: float = 0.0  #: exposed [m2]
    years: float = 0.0
    wanted: float | None = None
    lift: Verdict | None = None
    loops: tuple[LoopState, ...] = ()
    unsettled: tuple[str, ...] = ()  #: loops that settle nowhere, in words

    @property
    def failures(self) -> tuple[str, ...]:
        """Loops that settle nowhere, dry out or lose their subcooling; a wanted chance of no leak that the wall does not give."""
        said = (*self.unsettled, *(one.words() for loop in self.loops for one in loop.shortfalls))
        if self.leak is None or self.leak.holds:
            return said
        wall = self.leak.armour
        has = (
            "no wall below 100 mm has it: more segments, or less area"
            if wall is None
            else f"a wall of {1e3 * wall.thickness:.3g} mm has it, {wall.added:.3g} kg more"
        )
        chance = f"no leak in {self.years:g} years with a chance of {self.leak.chance:.4f}, {self.wanted:g} is wanted"
        return (*said, f"punctures: {chance}; {has}")

    @property
    def remarks(self) -> tuple[str, ...]:
        """Both answers in a sentence each."""
        said = [_words(loop) for loop in self.loops]
        if self.leak is not None and self.leak.holds:
            held = f"a particle of {1e3 * self.leak.mass_withstood:.3g} g"
            hits = f"{self.leak.hits:.3g} heavier ones expected on {self.area:.4g} m2 in {self.years:g} years"
            said.append(f"punctures: no leak with a chance of {self.leak.chance:.4f}; the wall withstands {held}, {hits}")
        if self.lift is not None:
            said.append(f"heat pump: {self.lift.words()}")
        return tuple(said)

    def two_phase_loops(self) -> dict[str, TwoPhaseLoopFigures]:
        """For summary.json."""
        return {loop.name: _figures(loop) for loop in self.loops}

    def punctures(self) -> PunctureFigures | None:
        """For summary.json."""
        if self.leak is None:
            return None
        wall = self.leak.armour
        return PunctureFigures(
            area_m2=self.area,
            years=self.years,
            mass_withstood_g=1e3 * self.leak.mass_withstood,
            hits=self.leak.hits,
            no_leak=self.leak.chance,
            wanted=self.wanted,
            wall_needed_mm=None if wall is None else 1e3 * wall.thickness,
            armour_kg=None if wall is None else wall.added,
            holds=self.leak.holds,
        )

    def heat_pump(self) -> HeatPumpFigures | None:
        """For summary.json."""
        if self.lift is None:
            return None
        endless = float("inf")
        return HeatPumpFigures(
            pays=self.lift.pays,
            radiator_degC=self.lift.hot - ZERO_CELSIUS,
            mass_kg_kW=1e3 * self.lift.mass,
            without_pump_kg_kW=None if self.lift.without == endless else 1e3 * self.lift.without,
            pays_below_kg_kW=None if self.lift.turns_at == endless else 1e3 * self.lift.turns_at,
        )


def answers(case: Case, body: Body | None, env: Environment | None) -> Answers:
    """Answer what the case asks; without a body, of a network alone."""
    lift = None if case.heat_pump is None else case.heat_pump.verdict()
    loops, unsettled = [], []
    for loop in case.two_phase_loops:
        try:
            loops.append(solve(loop))
        except NoBalanceError as error:
            unsettled.append(str(error))
    found = Answers(lift=lift, loops=tuple(loops), unsettled=tuple(unsettled))
    asked = case.punctures
    if asked is None:
        return found
    area = _exposed(asked, case, body)
    years = asked.years or case.years_in_orbit
    assert years is not None  # the checks of the case ask for it
    altitude = None if env is None else float(env.distance.mean()) - env.planet_radius
    return replace(found, leak=asked.leak(area, years, altitude), area=area, years=years, wanted=asked.wanted)


def _figures(loop: LoopState) -> TwoPhaseLoopFigures:
    stations = (
        StationFigures(
            segment=one.name, quality=one.quality, at_degC=one.temperature - ZERO_CELSIUS, pressure_drop_Pa=one.drop, heat_W=one.heat
        )
        for one in loop.stations
    )
    return TwoPhaseLoopFigures(
        pressure_bar=loop.pressure / 1e5,
        into_pump_degC=loop.inlet - ZERO_CELSIUS,
        subcooling_K=loop.boiling - loop.inlet,
        pump_W=loop.pump_power,
        saturation_shift_K=loop.saturation_shift,
        stations=tuple(stations),
        holds=not loop.shortfalls,
    )


def _words(loop: LoopState) -> str:
    most = max(one.quality for one in loop.stations)
    drop = sum(one.drop for one in loop.stations)
    return (
        f"two-phase loop {loop.name}: boils at {loop.boiling - ZERO_CELSIUS:.1f} degC, quality {most:.3f} at most, enters its pump "
        f"{loop.boiling - loop.inlet:.1f} K colder; {drop / 1e3:.3g} kPa, which would move its boiling by {loop.saturation_shift:.2g} K"
    )


def _exposed(asked: Punctures, case: Case, body: Body | None) -> float:
    """Area [m2] given, of faces, or of the outside of a network's tubes."""
    if asked.area is not None:
        return asked.area
    if asked.loops is not None:
        assert case.network is not None  # the checks of the case ask for it
        named = matching(asked.loops, [loop.name for loop in case.network.loops])
        return sum(
            pi * (segment.diameter + 2 * asked.wall) * segment.length * segment.tubes
            for loop in case.network.loops
            if loop.name in named
            for segment in loop.segments
        )
    assert body is not None
    assert asked.faces is not None
    names = body.assembly.face_names
    return float(sum(body.face_area[names.index(name)] for name in matching(asked.faces, names)))
