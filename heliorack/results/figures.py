"""Figures of summary.json, one function per row or table: SI becomes the unit of the key."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np

from heliorack.case.case import Case
from heliorack.case.margins import Verdict
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.sizing_dates import why_own
from heliorack.model.thermocouples import Deviation
from heliorack.results.verdicts.limits import PipeLoad
from heliorack.runfolder.figures.asked import AskedFigures, SizedAtFigures
from heliorack.runfolder.figures.charge import ChargeFigures
from heliorack.runfolder.figures.quick_look import LumpFigures, QuickLookFigures
from heliorack.runfolder.numbered import typed
from heliorack.runfolder.summary import (
    ExchangeRadiation,
    LifeFigures,
    LimitFigures,
    OpenRadiation,
    PeriodicFigures,
    PipeFigures,
    PowerFigures,
    ThermocoupleFigures,
)
from power.bus.balance import Balance
from power.storage.battery import ANCHORS
from power.storage.life import Life
from power.system.result import Asked, PowerResult, SizedAt
from thermal.solve.lumped import QuickLook
from thermal.solve.solution import Solution


def limit(v: Verdict, error: float, passed: float | None = None) -> LimitFigures:
    """A limit, judged; with the numerical error of its temperature [K] and when a transient first misses it [s]."""
    return LimitFigures(
        on=v.on,
        at=v.at,
        level=v.level,
        side=v.side,
        limit_degC=v.limit - ZERO_CELSIUS,
        allowed_degC=v.allowed - ZERO_CELSIUS,
        calculated_degC=v.calculated - ZERO_CELSIUS,
        predicted_degC=v.predicted - ZERO_CELSIUS,
        note=v.note,
        margin_K=v.margin,
        holds=v.holds,
        mode=v.mode,
        error_K=error,
        passed_s=passed,
    )


def pipe(p: PipeLoad) -> PipeFigures:
    """A heat pipe against its limit."""
    at = None if p.temperature is None else p.temperature - ZERO_CELSIUS
    return PipeFigures(part=p.part, load_W_m=p.load, limit_W_m=p.limit, holds=p.holds, at_degC=at)


def thermocouple(d: Deviation) -> ThermocoupleFigures:
    """Model minus measurement."""
    return ThermocoupleFigures(name=d.name, rows=d.rows, mean_K=d.mean, standard_deviation_K=d.deviation, worst_K=d.worst)


def radiation(said: Mapping[str, Any]) -> OpenRadiation | ExchangeRadiation:
    """What the model of radiation says of itself."""
    return typed(ExchangeRadiation, said) if said["model"] == "exchange" else typed(OpenRadiation, said)


def periodic(solution: Solution) -> PeriodicFigures | None:
    """How well the periodic state is one; None for other runs."""
    found = solution.periodic
    if found is None:
        return None
    return PeriodicFigures(
        converged=found.converged,
        orbits=found.orbits,
        estimated_error_K=found.estimated_error + solution.time_bias + (0.0 if solution.reduced is None else solution.reduced.error),
        time_bias_K=solution.time_bias,
        change_per_orbit_K=found.change,
        reduced_to=None if solution.reduced is None else solution.reduced.modes,
    )


def quick_look(names: Sequence[str], found: QuickLook | None) -> QuickLookFigures | None:
    """The lumped estimate beside the finite elements, by part; None where none was made."""
    if found is None:
        return None
    known = [(name, *pair) for name, *pair in zip(names, found.lumps.tolist(), found.means.tolist(), strict=False) if isfinite(pair[1])]
    farthest, lump, mean = max(known, key=lambda one: abs(one[1] - one[2]))
    parts = {name: LumpFigures(lumped_degC=a - ZERO_CELSIUS, mean_degC=b - ZERO_CELSIUS) for name, a, b in known}
    return QuickLookFigures(parts=parts, farthest=farthest, difference_K=lump - mean)


def asked(found: Asked, alone: bool, case: Case | None = None) -> AskedFigures:
    """What a load case asks of what is sized."""
    own = found.area_at is None or found.pack_at is None
    return AskedFigures(
        array_area_m2=found.area,
        array_by=found.area_by,
        pack_capacity_Wh=None if found.pack is None else found.pack / 3600,
        pack_by=found.pack_by,
        life="eol" if found.aged else "bol",
        aged=tuple(found.aged),
        alone=alone,
        array_at=sized_at(found.area_at),
        pack_at=sized_at(found.pack_at),
        years=case.power.years if found.aged and case is not None and case.power is not None else None,
        own_date=why_own(case) if own and case is not None else "",
    )


def sized_at(found: SizedAt | None) -> SizedAtFigures | None:
    """The orbit that a size was found for; None: the one that is flown."""
    if found is None:
        return None
    return SizedAtFigures(
        date=found.date, beta_deg=float(np.degrees(found.beta)), eclipse_min=found.eclipse / 60.0, solar_W_m2=found.sunlight
    )


def charge(found: Balance | None, period: float) -> ChargeFigures | None:
    """What the battery holds over a transient, beside revolutions of `period` [s]."""
    if found is None:
        return None
    soc, short = found.state_of_charge, found.load - found.served > 1e-9 * found.load.max()
    last = max(float(found.times[-1]) - period, 0.0)
    fall = float(np.interp(last, found.times, found.stored) - found.stored[-1])
    falls = fall > 1e-9 * found.capacity and found.stored[-1] > 0.0
    return ChargeFigures(
        start_state_of_charge=float(soc[0]),
        min_state_of_charge=float(soc.min()),
        end_state_of_charge=float(soc[-1]),
        unserved_Wh=found.unserved / 3600,
        short_at_s=float(found.times[short.argmax()]) if short.any() else None,
        left_s=float(found.stored[-1] / fall * (found.times[-1] - last)) if falls else None,
    )


def gone_short(found: ChargeFigures | None) -> list[str]:
    """Loads that get too little within a transient, as failures: temperatures are those of loads that were served."""
    said = None if found is None else found.shortfall()
    return [] if said is None else [said]


def power(found: PowerResult, alone: bool = True, case: Case | None = None, transient: ChargeFigures | None = None) -> PowerFigures:
    """Sizes and balance; None of what there is not, since no array carries the load."""
    balance, there = found.balance, found.carries

    def known(value: float) -> float | None:
        return float(value) if there else None

    return PowerFigures(
        carries=there,
        array_area_m2=found.array_area,
        array_sized=found.array_sized,
        array_peak_W=known(found.available.max()),
        array_mean_drawn_W=known(balance.mean(balance.drawn)),
        cells_max_degC=known(found.temperature.max() - ZERO_CELSIUS),
        load_mean_W=balance.mean(balance.load),
        load_peak_W=float(balance.load.max()),
        pack_capacity_Wh=None if found.pack_capacity is None else found.pack_capacity / 3600,
        pack_sized=found.pack_sized,
        depth_of_discharge=known(balance.depth_of_discharge),
        min_state_of_charge=known(balance.state_of_charge.min()),
        unserved_Wh=known(balance.unserved / 3600),
        deficit_Wh=known(balance.deficit / 3600),
        undrawn_Wh=known(balance.undrawn / 3600),
        bus_closure=known(balance.closure),
        warnings=tuple(found.warnings),
        life=None if found.life is None else life(found.life),
        asked=None if found.asked is None else asked(found.asked, alone, case),
        transient=transient,
    )


def life(found: Life) -> LifeFigures:
    """Age of the battery at the end of its years, with flown and tested anchors where no maker's curve counted it."""
    by_curve = found.law.startswith("the life curve")
    return LifeFigures(
        law=found.law,
        capacity=found.capacity,
        resistance=found.resistance,
        cycles=found.cycles,
        warnings=tuple(found.warnings),
        anchors=() if by_curve else tuple(ANCHORS),
    )
