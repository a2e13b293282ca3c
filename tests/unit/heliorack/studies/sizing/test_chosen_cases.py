"""Which load cases of a design are solved: enough to tell of every limit where it is nearest to binding."""

from heliorack.studies.sizing.chosen_cases import covering, stands_for
from heliorack.studies.sizing.constraints import Row

HOT, WARM, COLD = Row("hot", "chip", "max"), Row("warm", "chip", "max"), Row("cold", "tank", "min")
SLACK = {HOT: 0.2, WARM: 4.0, COLD: 1.0, Row("warm", "tank", "min"): 9.0, Row("hot", "tank", "min"): 30.0}


def test_a_limit_is_looked_at_where_it_has_least_left():
    """The chip in the hot case, the tank in the cold one; the warm case has nothing that these do not tell of."""
    assert covering(SLACK, 6.0) == ["hot", "cold"]


def test_what_is_far_from_binding_is_left_out():
    """With the tank 8 K away only the chip is; yet the nearest one is never left out, nor one that has come to half of what it had."""
    assert covering(SLACK | {COLD: 8.0}, 6.0) == ["hot"]
    assert covering({COLD: 8.0}, 6.0) == ["cold"]
    assert covering(SLACK | {COLD: 8.0}, 6.0, {"cold": 20.0, "hot": 0.2}) == ["hot", "cold"]


def test_a_load_case_that_sizes_something_is_taken_whatever_its_limits():
    """It is asked for by name."""
    assert set(covering(SLACK, 6.0, always=["warm"])) == {"hot", "cold", "warm"}


def test_a_limit_alike_in_two_load_cases_is_told_of_by_one():
    """Within 0.1 K and a tenth."""
    assert covering({HOT: 3.0, WARM: 3.3, COLD: 1.0}, 6.0) == ["cold", "hot"]
    assert covering({HOT: 0.0, Row("hot", "tank", "min"): 2.5, COLD: 1.0}, 6.0) == ["hot", "cold"]


def test_the_same_limit_stands_for_what_was_not_solved():
    """In the load case in which it has least left."""
    assert stands_for(WARM, [HOT, COLD], SLACK) == HOT
    assert stands_for(Row("warm", "wing", "max"), [HOT, COLD], SLACK) is None
