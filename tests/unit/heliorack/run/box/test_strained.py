"""Which designs judge a reduced model: not those at which a full solve too finds the battery outside the window in which it charges."""

from types import SimpleNamespace

import numpy as np
import pytest
from case_text import box, orbit

from heliorack.case.case import loads
from heliorack.run.box.box_model import ChargingError
from heliorack.run.box.recipe import NoBoxError
from heliorack.run.box.reduced_case import _apart

POWER = '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\nbattery_part = "pack"\n'
CASE = loads(orbit(20, preset="mean") + box("pack", (100, 100, 100)) + POWER)


def refuses(point):
    raise ChargingError("the battery leaves its charging window")


MODEL = SimpleNamespace(run=refuses, case_at=lambda point: CASE)


def full(low, high):
    """A design solved in full whose battery is between two temperatures [degC]."""
    return {"x": low}, SimpleNamespace(parts={"pack": SimpleNamespace(min_degC=low, max_degC=high)})


def test_a_design_that_both_refuse_does_not_judge():
    """MJ1 charges from 0 to 45 degC: a pack at 5 to 20 judges, and the model that refuses it is infinitely wrong; -1 and 46 do not."""
    found = _apart(MODEL, [full(-1.0, 20.0), full(5.0, 20.0), full(5.0, 46.0)])
    assert found == [(np.inf, "the battery leaves its charging window", {"x": 5.0})]


def test_none_that_judges_is_refused():
    with pytest.raises(NoBoxError, match="at all of 2 designs"):
        _apart(MODEL, [full(-1.0, 20.0), full(5.0, 46.0)])
