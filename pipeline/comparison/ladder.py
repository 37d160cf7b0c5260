"""Who does not beat the forest, the strongest of the baselines."""

from collections.abc import Sequence
from math import isnan
from typing import get_args

from pipeline.comparison.decisions import list_tests
from pipeline.comparison.table import Comparison
from pipeline.comparison.wording import listed
from pipeline.metrics import METRICS, SPELT
from pipeline.params import ModelParams
from pipeline.provenance import Record

FOREST = "forest"


def describe_ladder(comparison: Comparison, fits: Sequence[Record]) -> list[str]:
    """A sentence for each forest that some model fails to beat in the metric that decides; `fits` tell the kinds of the models."""
    kinds = {str(fit["model"]): str(fit["params"]["model.kind"]) for fit in fits}
    baselines = {
        entry.model_fields["kind"].default for entry in get_args(get_args(ModelParams)[0]) if entry.is_baseline
    }
    others = [model for model, kind in kinds.items() if kind not in baselines]
    beaten = _find_beaten(comparison)
    notes = []
    for forest in [model for model, kind in kinds.items() if kind == FOREST]:
        metric = SPELT[comparison.metric]
        left = {model: _chance(comparison, model, forest) for model in others if (model, forest) not in beaten}
        weaker = [model for model, p in left.items() if p is not None and not isnan(p)]
        unknown = [model for model, p in left.items() if p is not None and isnan(p)]
        if weaker:
            verb = "does" if len(weaker) == 1 else "do"
            notes.append(f"{listed(weaker)} {verb} not beat the baseline {forest} in {metric}.")
        if unknown:
            verb = "beats" if len(unknown) == 1 else "beat"
            notes.append(
                f"Whether {listed(unknown)} {verb} the baseline {forest} in {metric} is not known: units are too few for a test."
            )
    return notes


def _find_beaten(comparison: Comparison) -> set[tuple[str, str]]:
    """Pairs of models of which the first is better than the second."""
    pairs = set()
    for test in list_tests(comparison, comparison.metric):
        if test["verdict"] in ("better", "worse"):
            ahead = 1 if METRICS[comparison.metric].sign * test["difference"] >= 0 else -1
            better, worse = (str(test["model_a"]), str(test["model_b"]))[::ahead]
            pairs.add((better, worse))
    return pairs


def _chance(comparison: Comparison, model: str, other: str) -> float | None:
    """The p-value of a pair, NaN where its units are too few; None of two models that are not compared."""
    tests = list_tests(comparison, comparison.metric)
    return next((float(test["p"]) for test in tests if {test["model_a"], test["model_b"]} == {model, other}), None)
