"""One HTML file with everything that came out of a sweep."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from heliorack.sweep.analysis.summary import Shown, as_dict, pictures


def write_html(shown: Shown, path: Path) -> None:
    """Write one file that holds everything."""
    from heliorack.report.html import pages
    from heliorack.sweep.analysis.words import axis_cells, influence_rows

    images = {}
    for name, picture in pictures(shown).items():
        out = io.BytesIO()
        picture.suptitle("")  # the page has the heading
        picture.savefig(out, format="png", dpi=130, bbox_inches="tight")
        images[name] = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode("ascii")
    text = (
        pages()
        .get_template("sweep.html.jinja")
        .render(
            s=as_dict(shown),
            shown=shown,
            images=images,
            cells=lambda i: axis_cells(shown, int(i)),
            influences=influence_rows(shown.sensitivities),
        )
    )
    temporary = path.with_name(path.name + ".tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary.write_text(text, encoding="utf-8")
    temporary.rename(path)
