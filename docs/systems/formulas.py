"""What the pages of docs/systems share: rows of their tables, and a radiator's balance with anybody's constants.

Everything here and in the scripts of the systems is closed form. What the shipped cases give when they are run stands in figures.json
(systems/runs.py measures it).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, radians
from typing import Any

from orbit.planet import albedo_factor, plate_view_factor
from thermal.constants import STEFAN_BOLTZMANN

ZERO = 273.15  #: K at 0 degC
PRINTED_SIGMA = 5.67e-8  #: W/m2K4, as the published balances have it
SPACE = 2.725  #: K
MEAN_RADIUS, EQUATOR = 6371.0, 6378.137  #: km, the planet of the published view factors and that of the program
Run = dict[str, float]
Runs = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of a table, with what was printed for it."""

    words: str
    unit: str
    found: float
    digits: int  #: behind the point
    printed: str = ""  #: as it stands in the source; empty where the source prints nothing
    note: str = ""

    @property
    def agrees(self) -> bool | None:
        """Whether what is found rounds to what is printed; None where nothing is."""
        if not self.printed:
            return None
        behind = len(self.printed.partition(".")[2])
        return f"{self.found:.{behind}f}" == self.printed


@dataclass(frozen=True, slots=True)
class Step:
    """One cause of a difference: the figure once it is taken into account, those above it included."""

    words: str
    value: float


def edge_on(altitude: float, radius: float = MEAN_RADIUS) -> float:
    """View factor from a face that is edge-on to the Earth [-]; both in km."""
    return float(plate_view_factor((radius + altitude) / radius, pi / 2))


def albedo_edge_on(altitude: float, azimuth: float, radius: float = MEAN_RADIUS) -> float:
    """Albedo factor of a face that is edge-on to the Earth, the Sun on the horizon of the point below (beta 90 deg) [-].

    Args:
        azimuth: Between face normal and Sun [deg]: 0 for a face in the Sun, 90 for one that is edge-on to it.
    """
    return float(albedo_factor((radius + altitude) / radius, pi / 2, pi / 2, radians(azimuth)))


def uniform(heat: float, absorbed: float, emittance: float, sink: float = 0.0, sigma: float = STEFAN_BOLTZMANN) -> float:
    """Temperature [K] at which a radiator without temperature differences rejects `heat` [W/m2 of planform].

    Args:
        absorbed: By all faces together [W/m2 of planform].
        emittance: Of all emitting faces together: 1.84 for two of 0.92.
    """
    return float(((heat + absorbed) / (emittance * sigma) + sink**4) ** 0.25)


def tube_by_hand(heat: float, emittance: float, absorbed: float) -> float:
    """Mean temperature [K] of a coolant tube of the strips: two fins of its sheet, the bond, and its own faces, without a mesh.

    The strips of starcloud_rack and ai1_radiator: a bar of 12 mm in the middle of 100 mm of aluminium of 1.5 mm, bonded with 20 kW/m2K.

    Args:
        heat: Brought by the tube, per planform of its strip [W/m2].
        emittance: Of both faces together.
        absorbed: By both faces together [W/m2 of planform].
    """
    from scipy.optimize import brentq

    from thermal.fluid.pipes.fin import Fin
    from thermal.properties.material import LIBRARY

    pitch, wide, thick, bond = 0.100, 0.012, 0.0015, 20_000.0
    fin = Fin(LIBRARY["al_6061"].conductivity, thick, emittance, SPACE, absorbed)

    def missing(base: float) -> float:
        """Heat that is left over with such a fin base, per length of the tube [W/m]."""
        fins = 2 * fin.solve(base, (pitch - wide) / 2).heat
        return heat * pitch - fins - own(base + fins / 2 / (thick * bond))

    def own(tube: float) -> float:
        return wide * (emittance * STEFAN_BOLTZMANN * (tube**4 - SPACE**4) - absorbed)

    base = float(brentq(missing, fin.balance, 500.0, xtol=1e-10))
    return base + fin.solve(base, (pitch - wide) / 2).heat / (thick * bond)


def degC(kelvin: float) -> float:
    return kelvin - ZERO


def table(rows: list[Row]) -> str:
    """Rows with what was printed and what comes out."""
    lines = ["| figure | unit | printed | heliorack | |", "|---|---|---|---|---|"]
    for row in rows:
        verdict = {True: "agrees", False: "**differs**", None: ""}[row.agrees]
        said = "; ".join(filter(None, [verdict, row.note]))
        lines.append(f"| {row.words} | {row.unit} | {row.printed} | {row.found:.{row.digits}f} | {said} |")
    return "\n".join(lines)


def plain(rows: list[Row]) -> str:
    """Rows that nobody printed."""
    lines = ["| figure | unit | heliorack | |", "|---|---|---|---|"]
    lines += [f"| {row.words} | {row.unit} | {row.found:.{row.digits}f} | {row.note} |" for row in rows]
    return "\n".join(lines)


def ladder(steps: list[Step], unit: str, digits: int = 2) -> str:
    """Each cause with the figure after it and by how much it moved it; the changes add up as printed."""
    lines = [f"| cause, each added to those above | {unit} | change |", "|---|---|---|"]
    before: float | None = None
    for step in steps:
        value = round(step.value, digits)
        change = "" if before is None else f"{value - before:+.{digits}f}"
        lines.append(f"| {step.words} | {value:.{digits}f} | {change} |")
        before = value
    first, last = round(steps[0].value, digits), round(steps[-1].value, digits)
    lines.append(f"| **all together** | | **{last - first:+.{digits}f}** |")
    return "\n".join(lines)
