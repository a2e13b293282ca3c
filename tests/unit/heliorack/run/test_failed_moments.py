"""A life of years in which some moments fail: they are told with their year and words, and the others stay."""

from types import SimpleNamespace

import numpy as np
import pytest
from command.powered import changed
from command.test_life_of_mission import AGEING

from heliorack.case.case import loads
from heliorack.case.margins import Verdict
from heliorack.model.worst_epoch import dated_orbit
from heliorack.run import mission_samples
from heliorack.run.life_of_mission import FEW_UNDEFINED, figures
from heliorack.run.mission_moment import Mission
from heliorack.run.mission_samples import MOST_FAILED, Samples
from heliorack.run.mission_solves import Sample, UndefinedError
from orbit.calendar import calendar
from orbit.elements import EARTH_RADIUS
from thermal.errors import SolveError

YEARS = 8.0
PIPE = "radiator.pipe1: carries {:.0f} of 143 W m"


def mission():
    """Eight years of a small case."""
    case = loads(changed(AGEING, ('on = "server"\nmax_degC = 85', 'on = "server"\nmax_degC = 80')))
    orbit = dated_orbit(case).orbit
    walk = calendar(orbit, orbit.walk_start, 365.25 * YEARS, 73.0, EARTH_RADIUS)
    return Mission(case, YEARS, orbit, orbit.walk_start, EARTH_RADIUS, walk, ages=True)


def walked(monkeypatch, fails=lambda years: None):
    """A mission whose margin is 4 K at the start and falls by 1 K a year, a pipe is beyond its limit from the third on"""

    def solve(made, years, place, comm, bodies, say, start, like):
        error = fails(years)
        if error is not None:
            raise error
        limit = Verdict("server", "part", "rating", "max", 353.0, 353.0, 344.0 + years, 349.0 + years, 4.0 - years)
        beyond = (PIPE.format(140 + 2 * years),) if years > 3.0 else ()
        extremes = np.array([300.0, 344.0 + years])
        return Sample(years, place, (limit,), extremes, np.nan, None, None, 0.0, np.zeros(2), SimpleNamespace(), beyond)

    monkeypatch.setattr(mission_samples, "full_solve", solve)
    samples = Samples(mission(), None, None)
    samples.gather()
    return samples, figures(samples.mission, samples)


def test_a_solve_that_fails_is_a_failed_limit_of_its_year(monkeypatch):
    """No state from six years on: said with the first such moment and its words; the limit that breaks after four stays the first."""
    samples, life = walked(monkeypatch, lambda years: SolveError("power runs away:\n  300 W at 90 degC") if years > 6.0 else None)
    assert life.first_year == min(moment for moment in [s.years for s in samples.samples] if moment > 3.0)
    (broken,) = (limit.broken_year for limit in life.limits)
    assert broken == pytest.approx(4.0, abs=0.2)
    failed = [said for said in life.failures if "power runs away: 300 W at 90 degC" in said]
    assert len(failed) == len([one for one in samples.failed if one.years > 6.0]) >= 1
    assert all(
        said.startswith(f"at {one.years:.2f} years: ")
        for said, one in zip(failed, sorted(samples.failed, key=lambda f: f.years), strict=True)
    )
    assert life.error_K < 0.5


def test_what_fails_beside_limits_is_told_once_from_its_first_moment(monkeypatch):
    """A heat pipe that carries more each year: one line, of the first moment that was solved."""
    samples, life = walked(monkeypatch)
    first = min(sample.years for sample in samples.samples if sample.failures)
    assert [said for said in life.failures if "radiator.pipe1" in said] == [f"at {first:.2f} years: {PIPE.format(140 + 2 * first)}"]


def test_a_moment_without_an_attitude_is_passed_over_and_said(monkeypatch):
    """One moment is foretold by those beside it, among the assumptions; many are a failure, and end the walk."""
    _, whole = walked(monkeypatch)
    tried: list[float] = []
    _, life = walked(
        monkeypatch, lambda years: UndefinedError("attitude: +x and nadir are one") if tried.append(years) or len(tried) == 2 else None
    )
    assert [limit.broken_year for limit in life.limits] == pytest.approx([limit.broken_year for limit in whole.limits], abs=0.25)
    assert not any("attitude" in said for said in life.failures)
    assert any("that of the moments beside, since there attitude: +x and nadir are one" in said for said in life.assumptions)
    samples, life = walked(monkeypatch, lambda years: UndefinedError("attitude: +x and nadir are one"))
    assert len(samples.failed) == MOST_FAILED > FEW_UNDEFINED
    (said,) = life.failures
    assert f"{MOST_FAILED} of {MOST_FAILED} moments cannot be flown" in said
    assert life.limits == ()
    assert any("0 moments have a state, too few to tell" in said for said in life.assumptions)
