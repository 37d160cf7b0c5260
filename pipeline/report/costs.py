"""What every model took, beside what it gave."""

from typing import Any

from pipeline.figures.costs import draw_quality
from pipeline.report.experiment import Experiment


def describe_costs(experiment: Experiment) -> dict[str, Any]:
    """A row a model, the best first, and a figure of quality against time."""
    rows = {row["model"]: row for row in experiment.costs.to_dict("records")}
    known = [rows[model] for model in experiment.models if model in rows]
    return {
        "rows": known,
        "has_search": any(row["search_seconds"] > 0 for row in known),
        "currency": next((row["currency"] for row in known if row["currency"]), ""),
        "devices": sorted({str(row["device"]) for row in known}),
        "figure": draw_quality(
            experiment.comparison, experiment.costs, experiment.metric, experiment.models, experiment.colours
        ),
    }
