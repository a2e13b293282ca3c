"""The group of commands, and how errors of ours become words and exit codes."""

from __future__ import annotations

import errno
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import click

if TYPE_CHECKING:
    from pathlib import Path

GOOD, MISSED, MALFORMED = 0, 1, 2  # exit codes: design holds, design or solve fails, question malformed
INTERRUPTED = 130  # exit code of a command that Ctrl-C ended, as shells have it
LEFT_IN = "heliorack.left_in"  #: in the context of a command that can be resumed: the folder it leaves when it is interrupted
HOUSE = ("heliorack", "orbit", "meshes", "thermal", "power", "cases")


class Commands(click.Group):
    """The group of commands; turns an error into its words and an exit code, without a traceback."""

    #: commands in the order of the work, not of the alphabet
    order: ClassVar[tuple[str, ...]] = (
        "new",
        "check",
        "orbit",
        "inspect",
        "mesh",
        "run",
        "size",
        "sensitivity",
        "sweep",
        "report",
        "view",
        "export",
        "library",
        "schema",
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Commands in `order`, then any others."""
        known = super().list_commands(ctx)
        return [*(name for name in self.order if name in known), *(name for name in known if name not in self.order)]

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any) -> click.Context:
        """The context, with the width of the terminal (click would import shutil for it, a tenth of `--help`)."""
        extra.setdefault("terminal_width", _terminal_width())
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command.

        Errors that our packages define speak to the engineer: a ValueError (CaseError, GeometryError) or a file that cannot be read or
        written is a malformed question, exit 2; a RuntimeError is a solve that failed, exit 1. Ctrl-C is neither, exit 130. Anything else
        keeps its traceback.
        """
        with _interrupts() as interrupted:
            try:
                return super().invoke(ctx)
            except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
                raise
            except KeyboardInterrupt:
                _complain(_interrupted_words(ctx))
                ctx.exit(INTERRUPTED)
            except OSError as error:
                _complain(_file_words(error))
                ctx.exit(MALFORMED)
            except (ValueError, RuntimeError) as error:
                code = _exit_code(error)
                if code is None:
                    raise
                swallowed = interrupted() and _of_a_solve(error)
                _complain(_interrupted_words(ctx) if swallowed else str(error))
                ctx.exit(INTERRUPTED if swallowed else code)


@contextmanager
def _interrupts() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed: inside a callback of PETSc it arrives as an error of PETSc's, which is not what the user should read."""
    pressed = False

    def notice(number: int, frame: Any) -> None:
        nonlocal pressed
        pressed = True
        raise KeyboardInterrupt

    alone = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not alone:  # ignored, or in the hands of a program that embeds this one
        yield lambda: False
        return
    signal.signal(signal.SIGINT, notice)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _of_a_solve(error: Exception) -> bool:
    from thermal.errors import SolveError

    return isinstance(error, SolveError)


def _interrupted_words(ctx: click.Context) -> str:
    """What Ctrl-C leaves, and how to go on."""
    left: Path | None = ctx.meta.get(LEFT_IN)
    if left is None:
        return "interrupted"
    if not left.is_dir():
        return "interrupted before anything was solved"
    return f"interrupted; what is done lies in {left}, and --resume goes on from there"


def _complain(words: str) -> None:
    """Say what is wrong on standard error, once however many ranks there are."""
    from heliorack.runtime.parallel import speaks

    if speaks():
        from heliorack.casefile.errors import printable

        click.echo(printable(words), err=True)


def _terminal_width() -> int:
    """Columns for help texts: those of the terminal up to 100, 80 in a pipe."""
    try:
        return max(50, min(100, os.get_terminal_size().columns - 2))
    except OSError:
        return 80


def _file_words(error: OSError) -> str:
    """An error of the file system in one line."""
    if isinstance(error, FileNotFoundError) and error.filename and not os.path.isdir(parent := os.path.dirname(error.filename) or "."):
        return f"{error.filename}: there is no folder {parent}; make it first, or name another file"
    if error.filename:
        return f"{error.filename}: {(error.strerror or str(error)).lower()}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):  # of what is printed, or of a library that does not say of what
        return f"{os.strerror(error.errno).lower()}, where the output goes or in a folder that is written to; make room and try again"
    return (error.strerror or str(error)).lower()


def _exit_code(error: Exception) -> int | None:
    """Exit code of an error of our own that speaks to the engineer; None for a fault of the program."""
    if type(error).__module__.partition(".")[0] not in HOUSE:
        return None
    return MALFORMED if isinstance(error, ValueError) else MISSED
