"""The figures of a page can be had as files."""

import xml.etree.ElementTree as ElementTree

import pandas as pd

from pipeline.figures.comparison import draw_intervals, draw_scores
from pipeline.figures.style import colours_of
from pipeline.report import figures_of

MODELS = ["unet", "a<b"]
COLOURS = colours_of(MODELS, [])
NUMBERS = pd.DataFrame({"model": MODELS, "metric": "dice", "mean": 0.5, "low": 0.4, "high": 0.6})
SCORES = pd.DataFrame({"model": MODELS, "sample_id": "a", "dice": [0.5, 0.6]})
PAGE = f"""<p>{draw_intervals(NUMBERS, "dice", MODELS, COLOURS)}</p><svg><path/></svg>
<p>{draw_scores(SCORES, "dice", MODELS, COLOURS, "sample_id")}</p>"""


def test_figures_are_found_by_their_names_and_open_by_themselves():
    figures = figures_of(PAGE)
    assert list(figures) == ["interval-dice", "scores"]
    for figure in figures.values():
        root = ElementTree.fromstring(figure)
        assert root.tag == "{http://www.w3.org/2000/svg}svg" and root[0].tag.endswith("rect")
        assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"
        assert "var(--" not in figure and COLOURS["unet"] in figure
