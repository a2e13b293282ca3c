"""Kinds of orbit and attitude say of themselves what others ask of them."""

from dataclasses import fields
from typing import get_args

import pytest

from orbit.steering import AnyAttitude
from orbit.track import Orbit


@pytest.mark.parametrize("kind", [*get_args(Orbit), *get_args(AnyAttitude)])
def test_kinds_name_their_files(kind):
    """A field that names a file is among `files`, so that its content is digested and a copy of it kept; each of them is a field."""
    names = {field.name for field in fields(kind)}
    assert set(kind.files) <= names
    assert ("file" in names) == ("file" in kind.files)
