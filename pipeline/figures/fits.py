"""The curves of a model's fits as a page of their own."""

from collections.abc import Mapping

import pandas as pd

from pipeline.figures.curves import draw_losses, draw_validation_scores
from pipeline.figures.style import theme_css

SCORE = "score"


def draw_fits(histories: Mapping[str, pd.DataFrame], best: Mapping[str, int | None], model: str) -> str:
    """An HTML page of the training curves of one model, a colour a fold; "" where nothing was trained."""
    trained = {fold: history for fold, history in histories.items() if len(history)}
    if not trained:
        return ""
    figures = draw_losses(trained, best, model) + draw_validation_scores(trained, best, model, SCORE)
    return f'<!doctype html>\n<meta charset="utf-8">\n<title>{model}</title>\n<style>{theme_css()}</style>\n{figures}\n'
