"""The whole of params.yaml."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import model_validator

from pipeline.params.agreement import find_faults
from pipeline.params.evaluation import POOLED_NAMES
from pipeline.params.sections import Sections
from pipeline.params.tasks import TASKS


class Params(Sections):
    """Everything that a user may choose."""

    @model_validator(mode="before")
    @classmethod
    def _metrics_of_task(cls, settings: Any) -> Any:
        """Metrics that are not chosen are the task's, and the first decides that every sample has a score in."""
        task = settings.get("task") if isinstance(settings, Mapping) else None
        if task not in TASKS:
            return settings
        evaluate, compare = (settings.get(name, {}) for name in ("evaluate", "compare"))
        if not isinstance(evaluate, Mapping) or not isinstance(compare, Mapping):
            return settings
        evaluate = {"metrics": TASKS[task].metrics, **evaluate}
        metrics = evaluate["metrics"]
        if isinstance(metrics, (list, tuple)) and metrics:
            first = next((name for name in metrics if name not in POOLED_NAMES), metrics[0])
            compare = {"metric": first, **compare}
        return {**settings, "evaluate": evaluate, "compare": compare}

    @model_validator(mode="after")
    def _sections_agree(self) -> Self:
        faults = list(find_faults(self))
        if faults:
            raise ValueError("\n".join(faults))
        return self
