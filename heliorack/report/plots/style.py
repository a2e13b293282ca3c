"""What all plots of the report share. A colour that starts with `--` is a variable of the page, light or dark as the reader has it."""

from collections.abc import Mapping, Sequence
from typing import Any

from heliorack.visuals.style import PALETTE

COLOURS = PALETTE[:6]  #: of curves; grey and black of the palette cannot be told from a dark ground
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
TALL = 0.12  #: of the greatest power: a node above it has room for two lines
LETTER = 7  #: width of one [pixels]
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

    >>> watts(12345.6), watts(-512.3), watts(0.84)
    ('12.3 kW', '−512 W', '0.8 W')
    """
    size = abs(value)
    said = f"{size / 1000:.1f} kW" if size >= 9999.5 else f"{size:.0f} W" if size >= 9.95 else f"{size:.1f} W"
    return "−" + said if value < 0 else said


def bands(
    nodes: Mapping[str, tuple[str, float, str]], links: Sequence[tuple[str, str, float]], tints: Sequence[str], height: int
) -> Figure:
    """Bands between nodes, whose names stand to the right of them.

    Args:
        nodes: Words, power [W] through it and colour of each.
        links: From node, to node, power [W].
        tints: Colours of the links.
        height: Pixels.
    """
    names, most = list(nodes), max(power for _, power, _ in nodes.values())
    labels = {n: escaped(words) + ("<br>" if power > TALL * most else ", ") + watts(power) for n, (words, power, _) in nodes.items()}
    ends = [max(map(len, labels[name].split("<br>"))) for name in names if all(name != start for start, _, _ in links)]
    data = {
        "type": "sankey", "arrangement": "snap", "valueformat": ".4~g", "valuesuffix": " W", "textfont": {"color": "--ink"},
        "node": {
            "label": list(labels.values()), "color": [colour for *_, colour in nodes.values()], "pad": 18, "thickness": 16,
            "line": {"width": 0}, "hovertemplate": "%{label}<extra></extra>",
        },
        "link": {
            "source": [names.index(a) for a, _, _ in links], "target": [names.index(b) for _, b, _ in links],
            "value": [power for *_, power in links], "color": [faint(tint) for tint in tints],
            "hovertemplate": "%{source.label} to<br>%{target.label}<br>%{value:.4~g} W<extra></extra>",
        },
    }  # fmt: skip
    right = 24 + LETTER * min(max(ends, default=0), 40)
    return {"data": [data], "layout": layout(height, margin={"l": 10, "r": right, "t": 12, "b": 12})}


def faint(colour: str, share: float = 0.38) -> str:
    """A colour, part of it.

    >>> faint("#0072B2", 0.5)
    'rgba(0,114,178,0.5)'
    """
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{share:g})"
