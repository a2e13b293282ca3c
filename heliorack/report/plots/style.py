"""What all plots of the report share. A colour that starts with `--` is a variable of the page, light or dark as the reader has it."""

from typing import Any

from heliorack.visuals.style import PALETTE

COLOURS = PALETTE[:6]  #: of curves; grey and black of the palette cannot be told from a dark ground
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
Figure = dict[str, Any]


def axis(title: str, **more: Any) -> dict[str, Any]:
    """An axis with its title, unit in it."""
    return {"title": {"text": title, "standoff": 8}, "gridcolor": "--line", "zerolinecolor": "--line", "linecolor": "--soft"} | more


def layout(height: int, **more: Any) -> dict[str, Any]:
    """Layout of a plot so many pixels high."""
    return {
        "height": height,
        "margin": {"l": 64, "r": 20, "t": 26, "b": 48},
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        "hovermode": "closest",
    } | more


def line(x: Any, y: Any, name: str, colour: str, unit: str, **more: Any) -> dict[str, Any]:
    """A curve; what hovers over it says name, value and unit."""
    style = {"color": colour, "width": 2} | more.pop("line", {})
    template = f"%{{y:.4~g}} {unit}<extra>%{{fullData.name}}</extra>"
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "name": name, "line": style, "hovertemplate": template} | more


def escaped(text: str) -> str:
    """Text as plotly shows it: it would take <b> and the like for its own.

    >>> escaped("a <b>bold</b> & true")
    'a &lt;b&gt;bold&lt;/b&gt; &amp; true'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def watts(value: float) -> str:
    """A power in words.

    >>> watts(12345.6), watts(0.84)
    ('12346 W', '0.8 W')
    """
    return f"{value:.0f} W" if abs(value) >= 9.95 else f"{value:.1f} W"


def faint(colour: str, share: float = 0.38) -> str:
    """A colour, part of it.

    >>> faint("#0072B2", 0.5)
    'rgba(0,114,178,0.5)'
    """
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{share:g})"
