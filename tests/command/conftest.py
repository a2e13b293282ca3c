"""Shared by the tests of the command line."""

import pytest


@pytest.fixture(scope="module")
def without_pictures():
    """Runs in this process leave empty pictures, which take most of the time of a small run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("heliorack.visuals.view.pictures", lambda folder: [(folder / name).touch() for name in ("picture.png", "orbit.png")])
        yield
