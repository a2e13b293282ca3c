"""What docs/systems/dawn_dusk_node.md makes of the runs: nothing but orbit and class is published."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from systems.formulas import Row, Runs

from orbit.calendar import calendar
from orbit.kinds.analytic import SunSynchronous

NODE, CLASS = 4e3, 1e9  # W
SATELLITES, EACH, TOGETHER = 12, 744.0, 5.0  # Three-Body, first launch: TOPS each, POPS together
CENTRES, ALL = 16, 16.0  # GW


def printed() -> list[Row]:
    """Announcements, checked against one another."""
    return [
        Row("Three-Body: twelve satellites of 744 TOPS", "POPS", SATELLITES * EACH / 1e3, 2, "5.00", note="744 is the largest, not each"),
        Row("Beijing programme: 16 centres, 16 GW", "GW each", ALL / CENTRES, 0, "1"),
    ]


def dark_year(altitude: float) -> tuple[float, float]:
    """Days with shadow in a year, and part of the year that is sunlit [-], of a dawn-dusk orbit [km]; cylinder, ephemeris of 2027."""
    year = calendar(SunSynchronous(altitude=altitude * 1e3, ltan=18 * 3600.0), start=datetime(2027, 1, 1, tzinfo=UTC))
    days = sum(last - first for first, last in year.seasons())
    return days, float(1 - np.mean(year.eclipse) / year.period)


def season(runs: Runs) -> list[Row]:
    """The eclipse season over the announced range of altitudes."""
    rows = []
    for altitude in (700, 750, 800):
        run = runs[f"at_{altitude}_km"]
        days, sunlit = dark_year(altitude)
        rows += [
            Row(f"{altitude} km: days with shadow", "d/yr", days, 1),
            Row(f"{altitude} km: sunlit part of the year", "%", 100 * sunlit, 2),
            Row(f"{altitude} km: longest shadow", "min", run["eclipse_s"] / 60, 2),
            Row(f"{altitude} km: array at the end of five years", "m2", run["array_m2"], 2),
            Row(f"{altitude} km: battery at 30 % depth", "Wh", run["pack_Wh"], 0),
            Row(f"{altitude} km: hottest point of the server", "degC", run["server_degC"], 1),
        ]
    return rows


def needs(runs: Runs) -> list[Row]:
    """One node, and how many make a gigawatt."""
    run = runs["at_750_km"]
    nodes = CLASS / NODE
    return [
        Row("array per kW of compute", "m2", run["array_m2"] / 4, 2),
        Row("battery per kW of compute", "Wh", run["pack_Wh"] / 4, 0),
        Row("radiator per kW of compute, planform", "m2", 6.0 / 4, 2),
        Row("mass per kW of compute", "kg", run["mass_kg"] / 4, 1, note="meshed parts, array, battery; no bus, no propulsion"),
        Row("nodes of 4 kW per GW", "thousand", nodes / 1e3, 0),
        Row("array per GW", "km2", run["array_m2"] * nodes / 1e6, 2),
        Row("radiator per GW, planform", "km2", 6.0 * nodes / 1e6, 2),
        Row("mass per GW", "kt", run["mass_kg"] * nodes / 1e6, 1),
    ]
