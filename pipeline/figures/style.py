"""How every figure looks: one unit is one pixel of the page, and colours follow its light or dark theme."""

import io
import re
from collections.abc import Iterable
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK, MUTED, LINE, PAPER = "#1f2429", "#667079", "#d4d9dd", "#fefefe"
BASELINE = "#8b939b"
# Okabe and Ito 2008, told apart by colour-blind readers; the second colour is for dark pages.
SERIES = {
    "#0072b2": "#4ba3dc",
    "#d55e00": "#f08a3c",
    "#009e73": "#35c79d",
    "#cc79a7": "#e29cc4",
    "#a67c00": "#e0b73a",
    "#56b4e9": "#8fd0f5",
    "#6a4c93": "#a98bd6",
    "#7d4e2d": "#bf8d68",
}
COLOURS = tuple(SERIES)
THEME = {INK: "#e3e6e8", MUTED: "#9aa3ab", LINE: "#383e44", PAPER: "#16191c", BASELINE: "#8b939b", **SERIES}
"""Colour on light pages -> colour on dark pages."""

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 12,
    "axes.labelsize": 12,
    "axes.titlesize": 13,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "legend.fontsize": 11,
    "legend.frameon": False,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.titlecolor": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 1,
    "axes.grid": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "lines.linewidth": 1.6,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}
styled = matplotlib.rc_context(STYLE)


def build_axes(
    width: float, height: float, left: float = 48, right: float = 14, top: float = 28, bottom: float = 40
) -> tuple[Figure, Axes]:
    """A figure of one axes; its size and margins in pixels of the page."""
    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    axes = figure.add_axes(
        (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
    )
    return figure, axes


def shorten_ticks(axes: Axes, x: bool = True, y: bool = True) -> None:
    """Ticks as scores are printed: no zero before the point."""
    for axis, is_meant in ((axes.xaxis, x), (axes.yaxis, y)):
        if is_meant:
            axis.set_major_formatter(lambda value, _: re.sub(r"^(-?)0\.", r"\1.", f"{round(value, 9):g}"))


def to_svg(figure: Figure, name: str, description: str) -> str:
    """The figure as an SVG element for a page; `name`, by which it can be taken from the page, keeps its ids apart from those of others."""
    text = io.StringIO()
    with matplotlib.rc_context({**STYLE, "svg.hashsalt": name}):
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r' id="[A-Za-z_.0-9]+_\d+"', "", svg)  # figure_1, axes_1, ...: the same in every figure
    svg = re.sub(r'(#|id=")([mpch][0-9a-f]{10})', rf"\1{name}-\2", svg)
    svg = re.sub(r"font: (\d+px) [^;\"]*", r"font-size: \1", svg)
    width, height = figure.get_size_inches() * 72
    tag = f'<svg data-figure="{_escape(name)}" viewBox="0 0 {width:.0f} {height:.0f}" style="width:{width:.0f}px" role="img" xmlns:xlink="http://www.w3.org/1999/xlink"'
    svg = re.sub(r"<svg[^>]*>", lambda _: f'{tag} aria-label="{_escape(description)}">', svg, count=1)
    for colour in THEME:
        svg = svg.replace(colour, f"var({css_name(colour)})")
    return svg.strip()


def css_name(colour: str) -> str:
    """The page's variable that holds a colour of the theme."""
    return f"--c{colour.removeprefix('#')}"


def plain_colours(svg: str) -> str:
    """A figure with the colours of light pages in place of the page's variables."""
    for colour in THEME:
        svg = svg.replace(f"var({css_name(colour)})", colour)
    return svg


def theme_css() -> str:
    """Declarations of the theme's colours, for light pages and for dark ones."""
    light = " ".join(f"{css_name(colour)}: {colour};" for colour in THEME)
    dark = " ".join(f"{css_name(colour)}: {other};" for colour, other in THEME.items())
    return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"


def colours_of(models: Iterable[str], baselines: Iterable[str]) -> dict[str, str]:
    """A colour a model, the same all over the report; baselines are grey."""
    grey = set(baselines)
    networks = [name for name in models if name not in grey]
    return dict.fromkeys(grey, BASELINE) | {name: COLOURS[place % len(COLOURS)] for place, name in enumerate(networks)}


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
