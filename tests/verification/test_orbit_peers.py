"""Orbit, Sun and shadow over two days from the same two-line elements against stored output of skyfield and Basilisk.

peers/orbit.json holds the peers' numbers with their versions, the command that made them and the date; `make bench` repeats the comparison
with the peers themselves. The ISS in December 2019 and a 550 km sun-synchronous orbit at the March equinox of 2026.
"""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from orbit.kinds.tle import tle_state
from orbit.motion import passages

HERE = Path(__file__).parent
STORED: dict[str, Any] = json.loads((HERE / "peers" / "orbit.json").read_text())


def _load_compare() -> ModuleType:
    """benchmarks/orbit_compare.py, the comparison that `make bench` runs."""
    spec = importlib.util.spec_from_file_location("orbit_compare", HERE.parents[1] / "benchmarks" / "orbit_compare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


compare = _load_compare()
orbits = pytest.mark.parametrize("orbit", STORED["orbits"].values(), ids=STORED["orbits"].keys())


@pytest.fixture
def claim(record_property):
    """Record a largest difference from a peer and what it may be, then assert it."""

    def check(found: float, tolerance: float, unit: str, expected: float = 0.0) -> None:
        record_property("found", f"{found:.3g} {unit}".strip())
        record_property("expected", f"{expected:g} {unit}".strip())
        record_property("tolerance", f"{tolerance:g} {unit}".strip())
        assert abs(found - expected) <= tolerance

    return check


def test_stored_numbers_say_where_they_come_from():
    """Versions, command and date, for the elements the comparison uses now."""
    assert {"bsk", "sgp4", "skyfield", "skyfield-data"} <= STORED["origin"]["versions"].keys()
    assert STORED["origin"]["command"]
    assert STORED["origin"]["date"]
    stored = {name: {key: orbit[key] for key in ("line1", "line2", "start")} for name, orbit in STORED["orbits"].items()}
    assert stored == compare.TLES


@orbits
def test_place_agrees_with_skyfield(orbit, claim):
    """SGP4 turned from TEME to GCRF: below 1 m of 6900 km over two days."""
    claim(compare.place_apart(orbit), 1.0, "m")


@orbits
def test_place_agrees_with_skyfield_to_a_millimetre_at_the_nodes_of_nutation(orbit, claim):
    """The metre is the matrix held for six hours: where it is exact, 1 mm is left."""
    t = np.array(orbit["place"]["t"])
    fresh = t % 21600.0 == 0.0
    tle, start = compare.elements(orbit)
    found = tle_state(tle, start, t[fresh])[0]
    claim(float(np.max(np.linalg.norm(found - np.array(orbit["place"]["position"])[fresh], axis=1))), 1e-3, "m")


@orbits
def test_sun_direction_agrees_with_skyfield(orbit, claim):
    """Apparent Sun by erfa and by DE421: 1e-5 degree over two days (0.005 is wanted)."""
    claim(compare.sun_apart(orbit), 1e-5, "deg")


@orbits
def test_sun_distance_agrees_with_skyfield(orbit, claim):
    """1e-7 of the distance."""
    _, start = compare.elements(orbit)
    found = np.linalg.norm(compare.sun_position(start, np.array(orbit["sun"]["t"])), axis=1)
    claim(float(np.max(np.abs(found / np.linalg.norm(orbit["sun"]["position"], axis=1) - 1))), 1e-7, "")


@orbits
def test_sun_of_the_compiled_march_agrees_with_skyfield_over_a_year(orbit, claim):
    """0.005 degree at 27 instants of a year."""
    claim(compare.sun_of_a_year_apart(orbit), 0.005, "deg")


@orbits
def test_entry_and_exit_epochs_agree_with_skyfield(orbit, claim):
    """At half the solar disc, every epoch of two days within 2 s."""
    claim(compare.from_skyfield(orbit)[0], 2.0, "s")


@orbits
def test_eclipse_durations_agree_with_skyfield(orbit, claim):
    """At half the solar disc, every duration of two days within 1 s."""
    claim(compare.from_skyfield(orbit)[1], 1.0, "s")


@orbits
def test_epochs_differ_from_skyfield_by_the_aberration_of_light_only(orbit, claim):
    """skyfield's shadow takes the geometric Sun; given the same Sun the epochs agree to 0.01 s."""
    claim(compare.from_skyfield(orbit, compare.geometric_sun)[0], 0.01, "s")


@orbits
def test_cone_contacts_agree_with_basilisk(orbit, claim):
    """Entry to and exit from penumbra and umbra, every epoch of two days within 2 s."""
    claim(compare.from_basilisk(orbit)[0], 2.0, "s")


@orbits
def test_umbra_and_penumbra_durations_agree_with_basilisk(orbit, claim):
    """Every duration of two days within 1 s."""
    claim(compare.from_basilisk(orbit)[1], 1.0, "s")


@orbits
@pytest.mark.parametrize("by", ["basilisk", "overlap"])
def test_illumination_in_penumbra_agrees_from_the_same_vectors(orbit, by, claim):
    """Basilisk's flat-disc formula, and a quadrature of the disc over the sphere of directions: within 1e-3 of either."""
    claim(compare.light_apart(orbit, by), 1e-3, "")


@orbits
def test_illumination_follows_the_quadrature_closely(orbit, claim):
    """With the limb's curvature on the sphere of directions 1e-5 is left, where the flat formula leaves 4e-4."""
    claim(compare.light_apart(orbit, "overlap"), 1e-5, "")


@orbits
def test_compiled_march_has_the_mean_illumination_of_basilisk(orbit, claim):
    """Mean elements with J2 against the SGP4 path, two days: within 1e-3."""
    claim(compare.mean_light_apart(orbit), 1e-3, "")


@orbits
def test_passages_bracket_the_half_light_of_skyfield(orbit, claim):
    """Penumbra entry, umbra entry, umbra exit, penumbra exit; half light in the middle of each crossing to 0.4 s."""
    tle, start = compare.elements(orbit)
    found = passages(tle, start, 40000.0)
    count = len(found.penumbra_entry)
    assert count >= 6
    middle = np.array([found.penumbra_entry + found.umbra_entry, found.penumbra_exit + found.umbra_exit]) / 2
    peer = np.array([orbit["skyfield"]["entry"][:count], orbit["skyfield"]["exit"][:count]])
    claim(float(np.max(np.abs(middle - peer))), 0.4, "s")
