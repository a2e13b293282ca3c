"""Which losses are asked of which load case, and how they are said."""

import pytest

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError
from heliorack.runfolder.losses import LossCost
from heliorack.studies.loss_cost import _asked, _shares, words
from heliorack.studies.sizing.losses import losses

BOX = (
    '[[parts]]\nname = "box"\nkind = "box"\nsize_mm = [10, 10, 10]\nmesh_mm = 10\nmaterial = "al_6061"\ncoating = "z93"\n'
    "[environment]\nsink_K = 3\n"
)
TRANSIENT = '[run]\nkind = "transient"\nduration_s = 10\nstart_degC = 20\n'


def test_a_transient_is_not_asked_for_its_pointing():
    """It loses that by its own table; all other names stay."""
    steady, transient = loads(BOX + '[run]\nkind = "steady"\n'), loads(BOX + TRANSIENT)
    assert _asked("heat_pipe, sun_pointing", steady) == "heat_pipe, sun_pointing"
    assert _asked("heat_pipe, sun_pointing", transient) == "heat_pipe"
    assert _asked("sun_pointing", transient) == ""


def test_a_battery_that_lasts_is_said_beside_the_table():
    """What it holds is said where nothing breaks; where loads go short that is said once, without the words about years."""
    figures = dict.fromkeys(("on", "hotter_K", "margin_K", "before_K", "delivered", "delivered_before", "throttled_min"))
    lasts = LossCost(case="hot", lost="Sun pointing", lacking_Wh=0.0, failures=(), battery="battery 90 % at the start", **figures)
    short = LossCost(case="hot", lost="Sun pointing", lacking_Wh=9.0, failures=("battery: empty",), battery="battery 0 %", **figures)
    assert words([lasts])[-1] == "  Sun pointing in hot: battery 90 % at the start"
    assert words([short])[-1] == "  Sun pointing in hot: battery: empty"


def test_what_pipes_of_a_network_carry():
    """Of their limits, one of 0 W before all; where one has none, of the most that any carries."""
    assert _shares({"a": (10.0, 100.0), "b": (5.0, 10.0)}) == {"a": 0.1, "b": 0.5}
    assert max((shares := _shares({"a": (10.0, 100.0), "b": (5.0, 0.0)})), key=lambda name: shares[name]) == "b"
    assert _shares({"a": (10.0, None), "b": (5.0, 10.0)}) == {"a": 1.0, "b": 0.5}
    assert _shares({}) == {}


NETWORK = """
title = "n"
[[network.nodes]]
name = "hot"
heat_W = 5
[[network.nodes]]
name = "cold"
held_degC = 0
[[network.heat_pipes]]
name = "left"
between = ["hot", "cold"]
conductance_W_K = 2
temperatures_degC = [20]
limit_W = [50]
[[network.heat_pipes]]
name = "right"
between = ["hot", "cold"]
conductance_W_K = 2
temperatures_degC = [20]
limit_W = [50]
[run]
kind = "steady"
"""


def test_heat_pipes_of_a_network_can_be_lost():
    """By name, and the one that carries most of its limit; a name that is none is refused in words, without geometry."""
    case, document = loads(NETWORK), {}
    assert [one.overrides for one in losses("left", case, document, {})] == [(("network.heat_pipes.left.failed", True),)]
    (worst,) = losses("heat_pipe", case, document, {"left": 0.2, "right": 0.4})
    assert (worst.name, worst.said) == ("lost_right", "heat pipe right, which carries most of 2")
    with pytest.raises(CaseError, match=r"middle +matches nothing that could fail"):
        losses("middle", case, document, {})
