"""The figures of a page as files of their own: for slides, papers, and MLflow."""

import re

from pipeline.figures.style import PAPER, plain_colours

FIGURE = re.compile(r'<svg [^>]*data-figure="([^"]*)".*?</svg>', re.DOTALL)
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
FONT = "system-ui, Helvetica, Arial, sans-serif"


def figures_of(page: str) -> dict[str, str]:
    """Every drawn figure of a page by its name, such as `scores` or `loss-unet`, as the text of an SVG file in light colours."""
    return {found[1]: stand_alone(found[0]) for found in FIGURE.finditer(page)}


def stand_alone(figure: str) -> str:
    """A page's figure as a file: names of the page's colours replaced, with a size, a background, a font and a namespace."""
    size = 'width="{}" height="{}"'.format(*SIZE.findall(figure)[0])  # or it has none where a page shows it as an image
    declared = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}" '
    start = figure.index(">") + 1
    head, rest = figure[:start].replace("<svg ", declared, 1), figure[start:]
    return f'{head}\n<rect width="100%" height="100%" fill="{PAPER}"/>{plain_colours(rest)}\n'
