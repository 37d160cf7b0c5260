"""What the report is made of: an experiment's tables and records, read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from pipeline.comparison import apply_policy
from pipeline.datasets.diagnosed import Diagnosed
from pipeline.figures.style import colours_of
from pipeline.metrics import METRICS
from pipeline.params import HeadName, Params
from pipeline.params.tasks import TASKS
from pipeline.provenance import Record
from pipeline.report.sheet import DataSheet

Fit = tuple[str, str]
"""Model and fold."""
Read = TypeVar("Read")
TEXT = (
    *("sample_id", "sequence", "group", "fold", "model", "model_a", "model_b", "metric", "method", "interval"),
    *("device", "currency", "empty", "head", "state", "bins", "kind", "source", "nearest"),
)


@dataclass(frozen=True)
class Experiment:
    """Everything read; what is by Fit is in the order of the models and folds."""

    files: Mapping[str, Any]
    """What was read: path, or list of paths, by the name that the step `report` gives it."""
    sheet: DataSheet
    fits: dict[Fit, Record]
    histories: dict[Fit, pd.DataFrame]
    searches: dict[Fit, Record]
    trials: dict[Fit, pd.DataFrame]
    predictions: dict[Fit, Path]
    scores: dict[Fit, pd.DataFrame]
    comparison: pd.DataFrame
    tests: pd.DataFrame
    costs: pd.DataFrame
    metrics: Record
    diagnosed: Diagnosed
    registered: Record
    tracked: Record
    unlabelled: list[Path]
    calibration: pd.DataFrame
    reliability: pd.DataFrame
    uncertainty: dict[str, pd.DataFrame]
    """How uncertain samples are: of `test`, `final_test` and `unlabelled`."""
    benchmarks: list[Path]
    advice: dict[str, pd.DataFrame] = field(default_factory=dict)
    """What to look at and to label: `suspects`, `suggested`, and `learning_curve` and `variance` where they were asked for."""

    @property
    def params(self) -> Params:
        """The parameters."""
        return self.sheet.params

    @property
    def metric(self) -> str:
        """The metric that decides."""
        return self.params.compare.metric

    @property
    def heads(self) -> tuple[HeadName, ...]:
        """What is told of each sample, by the task's heads."""
        return () if self.params.task is None else TASKS[self.params.task].heads

    def heads_of(self, model: str) -> tuple[HeadName, ...]:
        """The heads that a model learns."""
        (entry,) = (entry for entry in self.params.models if entry.name == model)
        return entry.heads_of(self.heads)

    @property
    def winner(self) -> str:
        """Name of the best model."""
        return str(self.metrics["winner"])

    @cached_property
    def models(self) -> list[str]:
        """Names of the models, the best first."""
        means = self.comparison[self.comparison["metric"] == self.metric].set_index("model")["mean"]
        ranks = (METRICS[self.metric].sign * means).rank(ascending=False, na_option="bottom")
        names = [entry.name for entry in self.params.models]
        return sorted(names, key=lambda name: (name != self.winner, ranks[name]))

    @property
    def baselines(self) -> list[str]:
        """Names of the models that learn next to nothing."""
        return [entry.name for entry in self.params.models if entry.is_baseline]

    @property
    def contenders(self) -> list[str]:
        """Names of the other models, the best first."""
        return [name for name in self.models if name not in self.baselines]

    @property
    def folds(self) -> list[str]:
        """Names of the folds that are tested."""
        return list(dict.fromkeys(fold for _, fold in self.scores))

    @cached_property
    def colours(self) -> dict[str, str]:
        """A colour a model."""
        return colours_of([entry.name for entry in self.params.models], self.baselines)

    @cached_property
    def judged_scores(self) -> dict[Fit, pd.DataFrame]:
        """The scores, those of empty masks as evaluate.empty_masks wants them."""
        policy = self.params.evaluate.empty_masks
        return {fit: apply_policy(table, policy) for fit, table in self.scores.items()}

    @cached_property
    def sample_scores(self) -> pd.DataFrame:
        """Every sample's judged scores, with columns `model` and `fold`."""
        return _join(self.judged_scores)

    @cached_property
    def raw_scores(self) -> pd.DataFrame:
        """Every sample's scores as evaluate wrote them, with columns `model` and `fold`."""
        return _join(self.scores)


def _join(scores: Mapping[Fit, pd.DataFrame]) -> pd.DataFrame:
    tables = [table.assign(model=model, fold=fold) for (model, fold), table in scores.items()]
    return pd.concat(tables, ignore_index=True)


def read_by_fit(paths: Sequence[Path], read: Callable[[Path], Read]) -> dict[Fit, Read]:
    """What files named MODEL/FOLD.* hold."""
    return {(path.parent.name, path.stem): read(path) for path in paths}


def read_table(path: Path) -> pd.DataFrame:
    """A table whose names stay text, "001" for one; an empty number is NaN."""
    table = pd.read_csv(path, dtype=dict.fromkeys(TEXT, "str"))
    return table.fillna({name: "" for name in TEXT if name in table})
