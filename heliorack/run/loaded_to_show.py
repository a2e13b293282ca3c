"""What a process needs for pictures and reports, loaded while it waits for load cases of the others."""

from contextlib import suppress

import matplotlib.backends.backend_agg
import matplotlib.collections
import matplotlib.figure
import matplotlib.patheffects  # noqa: F401

import heliorack.report.html
import heliorack.visuals.view  # noqa: F401
from heliorack.runtime.graphics import GraphicsError, pyvista_off_screen

with suppress(GraphicsError):  # whoever draws says so
    _ = pyvista_off_screen().Plotter
