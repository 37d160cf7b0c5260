"""Numbers of a sentence bound to the cells that they were written from."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

from pipeline.comparison.wording import number
from pipeline.report.experiment import Experiment
from pipeline.report.marking import NUMBER, to_data

Cells = Mapping[str, float]
"""Value by the name of its cell."""
SPELLINGS: tuple[Callable[[float], str], ...] = (
    number,
    lambda value: f"{value:,.0f}",
    lambda value: f"{100 * value:g}",
)
"""How a sentence may write a value: as a score, as a count, in per cent."""
TESTED = ("difference", "low", "high", "p_holm", "p_equivalent", "units_needed", "units")
ESTIMATED = ("mean", "low", "high", "units", "samples")


def bind_numbers(sentence: str, cells: Cells) -> Markup:
    """The sentence with each number marked by the first cell that would be written so, whatever its sign; others stay as they are.

    A cell stands behind one number, until all that are written alike have been taken.
    """
    left = dict(cells)

    def bind(found: re.Match[str]) -> str:
        shown = found[0].lstrip("\N{MINUS SIGN}-")
        fitting = [name for pool in (left, cells) for name, value in pool.items() if shown in _spell(abs(value))]
        if not fitting:
            return found[0]
        left.pop(fitting[0], None)
        return to_data(found[0], f"{cells[fitting[0]]:.9g}", str(escape(fitting[0])))

    return Markup(NUMBER.sub(bind, str(escape(sentence))))


def cells_of_verdict(experiment: Experiment) -> Cells:
    """What the sentence of the verdict may be written from."""
    metrics, metric = experiment.metrics, experiment.metric
    rows = experiment.comparison
    (winner,) = rows[(rows["model"] == experiment.winner) & (rows["metric"] == metric)].to_dict("records")
    corrected = {
        f"metrics/winner_corrected/{name}": metrics["winner_corrected"][name] for name in ("mean", "low", "high")
    }
    friedman = metrics["friedman"].get(metric) or {}
    return _known(
        {f"comparison/{experiment.winner}/{metric}/{name}": winner[name] for name in ESTIMATED}
        | corrected
        | {f"metrics/friedman/{metric}/p": friedman.get("p")}
        | _settings(experiment)
    )


def cells_of_pair(experiment: Experiment, test: Mapping[str, Any]) -> Cells:
    """What the sentence of a pair of models may be written from; `test` is its row of tests.csv."""
    place = f"tests/{test['model_a']} − {test['model_b']}/{test['metric']}"
    friedman = experiment.metrics["friedman"].get(test["metric"]) or {}
    return _known(
        {f"{place}/{name}": test[name] for name in TESTED}
        | {f"metrics/friedman/{test['metric']}/p": friedman.get("p")}
        | _settings(experiment)
    )


def _settings(experiment: Experiment) -> dict[str, float | None]:
    compare = experiment.params.compare
    return {"params/compare/confidence": compare.confidence, "params/compare/margin": compare.margin}


def _known(cells: Mapping[str, float | None]) -> Cells:
    return {name: float(value) for name, value in cells.items() if value is not None and value == value}


def _spell(value: float) -> set[str]:
    return {spell(value) for spell in SPELLINGS}
