"""Colours and axes that all plots share."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Okabe and Ito, Color Universal Design (2008): told apart with every common colour vision
PALETTE = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#5A5A5A", "#000000")

INK, FAINT, NIGHT, SUNNY = "#1c2733", "#8a94a0", "#e4e7ec", "#f3c623"


def sheet(width: float, height: float) -> Any:
    """A white figure of `width` by `height` [inch] on which every text is plain.

    A title may hold $, a backslash or _, which matplotlib would take for mathematics and end the run over.
    """
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    matplotlib.rcParams["text.parse_math"] = False
    made = Figure(figsize=(width, height), dpi=100, facecolor="white")
    FigureCanvasAgg(made)
    return made


def stamp(figure: Any, image: NDArray[np.uint8], left: int, bottom: int) -> None:
    """Put an image (height, width, 3) on a sheet, pixel by pixel, under everything else; on an axis it would be sampled anew."""
    from matplotlib.artist import Artist

    rgba = np.dstack([image[::-1], np.full(image.shape[:2], 255, dtype=np.uint8)])  # lowest row first, as the canvas has it

    class Stamp(Artist):
        def draw(self, renderer: Any) -> None:
            gc = renderer.new_gc()
            renderer.draw_image(gc, left, bottom, rgba)
            gc.restore()

    made = Stamp()
    made.set_zorder(-1)
    figure.add_artist(made)


def write_png(figure: Any, target: Path) -> None:
    """Write a sheet as .png: three channels, which a white sheet needs no fourth for, compressed fast rather than to the last byte."""
    from PIL import Image

    figure.canvas.draw()
    Image.fromarray(np.ascontiguousarray(np.asarray(figure.canvas.buffer_rgba())[:, :, :3])).save(target, format="png", compress_level=4)


def plain(axis: Any, label: str) -> None:
    """Label and faint lines, as on every plot of time."""
    axis.set_ylabel(label, color=INK)
    axis.spines[["top", "right"]].set_visible(False)
    axis.spines[["left", "bottom"]].set_color(FAINT)
    axis.tick_params(colors=INK)
    axis.grid(axis="y", color="#d9dde2", linewidth=0.6)
    axis.set_axisbelow(True)
