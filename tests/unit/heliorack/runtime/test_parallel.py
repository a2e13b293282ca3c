"""Work of the first rank reaches all: its answer, or its error as it was raised."""

import ast
import copyreg
import pickle
from pathlib import Path
from threading import Barrier, Thread

import numpy as np
import pytest

from heliorack.casefile.errors import NOTHING, CaseError, CaseSyntaxError, Problem
from heliorack.runtime.parallel import on_first
from meshes.errors import GeometryError
from power.computing.response import RunawayError
from thermal.radiation.closure import ClosureError

ROOT = Path(__file__).parents[4]


class Ranks:
    """A communicator of threads that hand objects over as MPI does, by pickling them on the way."""

    def __init__(self, size):
        self.size, self._wire, self._meet = size, b"", Barrier(size, timeout=20.0)

    def of(self, rank):
        """The communicator as one rank sees it."""
        whole = self

        class One:
            size = whole.size

            def __init__(self):
                self.rank = rank

            def bcast(self, given, root=0):
                if rank == root:
                    whole._wire = pickle.dumps(given)
                whole._meet.wait()
                found = pickle.loads(whole._wire)
                whole._meet.wait()
                return found

        return One()


def together(size, work):
    """What `on_first` returns or raises on each rank."""
    ranks, found = Ranks(size), [None] * size

    def run(rank):
        try:
            found[rank] = on_first(ranks.of(rank), lambda: work(rank))
        except Exception as error:
            found[rank] = error

    threads = [Thread(target=run, args=(rank,)) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30.0)
    return found


def test_one_works_and_all_have_the_answer():
    """The others do nothing; alone there is nothing to send."""
    worked = []

    def work(rank):
        worked.append(rank)
        return np.arange(3.0)

    found = together(3, work)
    assert worked == [0]
    for each in found:
        np.testing.assert_array_equal(each, [0.0, 1.0, 2.0])
    assert together(1, lambda rank: "alone") == ["alone"]


class OwnError(ValueError):
    """An error that keeps something that cannot be sent."""

    def __init__(self, words):
        super().__init__(words)
        self.handle = open(__file__)  # noqa: SIM115


@pytest.mark.parametrize(
    "error",
    [
        GeometryError("part b: named twice"),
        CaseError("a.toml", [Problem("parts.b.mass_kg", NOTHING, "missing"), Problem("x", 3.0, "too large")]),
        CaseSyntaxError("a.toml", 3, 7, "unclosed", "x = ["),
        ClosureError("do not close", [1, 2], [0.2, 0.1]),
        RunawayError("gpu", 350.0),
        OSError(28, "No space left on device", "/tmp/full"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_the_error_of_the_first_rank_is_that_of_all(error):
    """Kind, words and what it carries are the same on every rank, also where its class takes other arguments than words."""

    def work(rank):
        raise error

    for found in together(2, work):
        assert type(found) is type(error)
        assert str(found) == str(error)
        assert {k: v for k, v in vars(found).items() if k != "problems"} == {k: v for k, v in vars(error).items() if k != "problems"}
        if isinstance(error, CaseError):
            assert found.problems == error.problems
            assert found.problems[0].found is NOTHING


def test_an_error_keeps_its_words_where_pickle_was_told_to_drop_them(monkeypatch):
    """tblib, which dask brings, makes an error of its class alone and sets its attributes: one made of its arguments says nothing then."""
    from tblib.pickling_support import pickle_exception

    monkeypatch.setitem(copyreg.dispatch_table, UnicodeDecodeError, pickle_exception)
    error = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")
    assert str(pickle.loads(pickle.dumps(error))) == ""

    def work(rank):
        raise error

    assert [(type(each), str(each)) for each in together(2, work)] == [(UnicodeDecodeError, str(error))] * 2


def test_an_error_that_cannot_be_sent_still_ends_the_others():
    """They get its words."""

    def work(rank):
        raise OwnError("kept a file open")

    first, other = together(2, work)
    assert isinstance(first, OwnError)
    assert str(other) == "OwnError: kept a file open"
    first.handle.close()


def test_nobody_else_broadcasts():
    """There is one way in which the first rank works for all."""
    calls = {
        path.relative_to(ROOT).as_posix()
        for room in ("heliorack", "meshes", "orbit", "power", "thermal")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Attribute) and node.attr == "bcast"
    }
    assert calls == {"heliorack/runtime/parallel.py"}
