"""Constraints of a sweep: what they mean, and that they run nothing."""

import pytest

from heliorack.sweep.design.constraints import ConstraintError, constraint


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "a.__class__", "[x for x in a]", "a ** 9", "f'{a}'", "lambda: 1", "a if b else 1", "a[0]", "a is b", "-" * 500],
)
def test_constraint_runs_nothing(text):
    """Only comparisons, arithmetic and logic of names are read."""
    with pytest.raises(ConstraintError):
        constraint(text, {"a": "a", "b": "b"})


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("a > 1", True),
        ("1 < a <= 2 and not b == 'z'", False),
        ("a * 2 + 1 == 5 or false", True),
        ("b in ['y', 'z']", True),
        ("orbit.altitude_km / a < 250", False),
        ("-a < 0 and true", True),
    ],
)
def test_constraint_means_what_it_says(text, holds):
    """Python's own meaning of the same words."""
    values = {"a": 2, "b": "z", "orbit.altitude_km": 550}
    assert constraint(text, {name: name for name in values}).holds(values) is holds
