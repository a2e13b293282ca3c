"""power.json of a run folder: what the plots and tables of the power side are made from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from heliorack.runfolder import numbered
from heliorack.runfolder.figures.power_year import PowerYear

NAME = "power.json"
Row = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFigures:
    """Mean power from one station to another over the orbit; the stations are those of `power.system.flows`."""

    from_: Annotated[str, Field(alias="from")]
    to: str
    mean_W: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerOrbit:
    """Array, load and battery over the orbit, one value per moment each."""

    time_s: Row
    available_W: Row
    drawn_W: Row
    load_W: Row
    served_W: Row
    charge_W: Row
    discharge_W: Row
    state_of_charge: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """A point of the array's curve."""

    voltage_V: float
    power_W: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayMoment:
    """The array's curve at a moment; powers are those of the whole array."""

    name: str
    time_s: float
    temperature_degC: float
    sunlight_W_m2: float
    voltage_V: Row
    current_A: Row
    power_W: Row
    best: CurvePoint
    works: CurvePoint


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayCurves:
    """The array at its hottest and its coldest in sunlight."""

    said: str
    per_cell: bool  #: voltages and currents are those of one cell
    moments: tuple[ArrayMoment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCurves:
    """Why there are no curves."""

    none: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """Year by year from beginning of life."""

    rows: tuple[PowerYear, ...]
    battery_degC: float
    assumed: bool  #: nothing told the battery's temperature
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerFile:
    """The power side of a run."""

    title: str
    case: str | None
    flows: tuple[FlowFigures, ...]
    orbit: PowerOrbit | None  #: None where no array carries the load
    eclipse_s: Row | None  #: edges of the shadow
    max_depth_of_discharge: float
    regulation: str
    life: Literal["bol", "eol"]
    array: ArrayCurves | NoCurves
    years: Years | None  #: where something ages

    def json(self) -> dict[str, Any]:
        """Content of power.json, its number first."""
        return numbered.numbered(self, NAME)


def read(run_dir: Path) -> PowerFile | None:
    """The power side of a run; None where there is none.

    Raises:
        FormatError: of a form that this version does not read, or damaged.
    """
    path = run_dir / NAME
    return numbered.read(PowerFile, path) if path.exists() else None
