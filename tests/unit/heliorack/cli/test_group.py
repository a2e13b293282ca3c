"""How what ends a command becomes words and an exit code."""

import signal

import click
import pytest
from click.testing import CliRunner

from heliorack.cli.group import LEFT_IN, Commands
from thermal.errors import SolveError


@pytest.fixture
def heard():
    """Python hears Ctrl-C, although a shell may have started the tests in its background, where it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def ended(tmp_path, heard):
    """Exit code and words of a command that leaves a folder and is ended by `by`."""

    def run(by, left="run.partial"):
        (tmp_path / "run.partial").mkdir(exist_ok=True)

        @click.group(cls=Commands)
        def program():
            pass

        @program.command()
        def solve():
            click.get_current_context().meta[LEFT_IN] = tmp_path / left
            by()

        done = CliRunner().invoke(program, ["solve"])
        return done.exit_code, done.output.replace(str(tmp_path), "").strip()

    return run


def pressed():
    """Ctrl-C."""
    signal.raise_signal(signal.SIGINT)


def inside_petsc():
    """Ctrl-C in a callback of PETSc, which makes an error of it."""
    try:
        pressed()
    except KeyboardInterrupt:
        raise SolveError("the solve stopped (PETSc: PCApply())") from None


def failing():
    """A solve that fails by itself."""
    raise SolveError("Newton stopped after 25 iterations")


def test_an_interrupted_run_says_what_is_kept(ended):
    """Neither a design that fails nor a malformed question: exit code 130."""
    assert ended(pressed) == (130, "interrupted; what is done lies in /run.partial, and --resume goes on from there")
    assert ended(pressed, left="none") == (130, "interrupted before anything was solved")


def test_an_interrupt_inside_petsc_is_one(ended):
    """And not a solve that failed, which would send the user after a coarser mesh; the next failure is one again."""
    assert ended(inside_petsc)[0] == 130
    assert ended(failing) == (1, "Newton stopped after 25 iterations")


def test_ctrl_c_is_back_with_its_owner(ended):
    """Python's own answer to it stands again once a command has ended."""
    ended(pressed)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
