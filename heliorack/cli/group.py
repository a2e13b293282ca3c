"""The group of commands, and how errors of ours become words and exit codes."""

from __future__ import annotations

import os
from typing import Any, ClassVar

import click

GOOD, MISSED, MALFORMED = 0, 1, 2  # exit codes: design holds, design or solve fails, question malformed
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
        written is a malformed question, exit 2; a RuntimeError is a solve that failed, exit 1. Anything else keeps its traceback.
        """
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except OSError as error:
            _complain(_file_words(error))
            ctx.exit(MALFORMED)
        except (ValueError, RuntimeError) as error:
            code = _exit_code(error)
            if code is None:
                raise
            _complain(str(error))
            ctx.exit(code)


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
    return f"{error.filename}: {(error.strerror or str(error)).lower()}" if error.filename else str(error)


def _exit_code(error: Exception) -> int | None:
    """Exit code of an error of our own that speaks to the engineer; None for a fault of the program."""
    if type(error).__module__.partition(".")[0] not in HOUSE:
        return None
    return MALFORMED if isinstance(error, ValueError) else MISSED
