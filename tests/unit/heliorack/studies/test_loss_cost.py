"""Which losses are asked of which load case, and how they are said."""

from heliorack.case.case import loads
from heliorack.runfolder.losses import LossCost
from heliorack.studies.loss_cost import _asked, words

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
