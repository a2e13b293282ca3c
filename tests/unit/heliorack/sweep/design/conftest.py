"""Sweeps as text, planned or refused."""

import pytest

import cases
from heliorack.casefile.errors import CaseError
from heliorack.sweep.design.plan import plan

EDGE = cases.path("edge_node")


@pytest.fixture
def planned(tmp_path):
    """Plan of a sweep over a shipped case, from the text of its table."""

    def of(text, base=EDGE, **more):
        path = tmp_path / "sweep.toml"
        path.write_text(f'case = "{base}"\n{text}', encoding="utf-8")
        return plan(path, **more)

    return of


@pytest.fixture
def refused(planned):
    """The message, without its first line, with which a sweep is refused."""

    def of(text, **more):
        with pytest.raises(CaseError) as caught:
            planned(text, **more)
        return [f"{problem.path}: {problem.message}" for problem in caught.value.problems]

    return of
