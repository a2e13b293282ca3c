"""The README's picture: the report of a run folder in a browser, light on the left, dark on the right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, GAP = 980, 1110, 24  #: of each half [pixels of the page]
SCALE = 0.62  #: of the picture to the page
LEFT, RIGHT = ("#answer", "#body"), ("#time", "[data-figure=heat_bands]")


def draw(folder: Path, target: Path) -> None:
    """Write the picture; needs chromium and its driver, as the tests of the report do."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
    from browser import Report, chromium
    from PIL import Image

    with chromium() as driver:
        driver.set_window_size(WIDTH + 40, 1000)
        page = Report(driver, folder / "report.html")
        halves = []
        for scheme, sections in (("light", LEFT), ("dark", RIGHT)):
            page.scheme(scheme)
            page.wait("document.documentElement.dataset.drawn === 'yes'")
            pieces = [Image.fromarray(page.picture(selector).astype("uint8")) for selector in sections]
            ground = tuple(int(part) for part in _ground(driver))
            halves.append(_column(pieces, ground))
    whole = Image.new("RGB", (2 * WIDTH, HEIGHT), "white")
    for k, half in enumerate(halves):
        whole.paste(half, (k * WIDTH, 0))
    small = whole.resize((round(2 * WIDTH * SCALE), round(HEIGHT * SCALE)), Image.Resampling.LANCZOS)
    small.quantize(256).save(target, optimize=True)


def _ground(driver: Any) -> list[str]:
    """Colour of the page."""
    import re

    return re.findall(r"\d+", driver.execute_script("return getComputedStyle(document.body).backgroundColor"))[:3]


def _column(pieces: list[Any], ground: tuple[int, ...]) -> Any:
    """Pieces of a page one below the other, cut to the half of the picture."""
    from PIL import Image

    half, top = Image.new("RGB", (WIDTH, HEIGHT), ground), GAP
    for piece in pieces:
        half.paste(piece, ((WIDTH - piece.width) // 2, top))
        top += piece.height + GAP
    return half
