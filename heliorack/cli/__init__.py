"""The command line."""

from heliorack.cli.app import cli as cli
from heliorack.cli.app import main as main
