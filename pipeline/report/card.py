"""Model card of the registered model, in the sections of Mitchell et al. 2019 (arXiv:1810.03993)."""

from pathlib import Path
from typing import NamedTuple

from pipeline.datasets.files import aside
from pipeline.figures.comparison import spell
from pipeline.metrics import METRICS
from pipeline.params import HeadName
from pipeline.report.citation import cite
from pipeline.report.experiment import Experiment
from pipeline.report.rendering import spell_score
from pipeline.report.warnings import tell_count

GIVES: dict[HeadName, str] = {
    "mask": "a mask of the classes {classes}",
    "depth": "a map of depths in metres",
    "label": "one of the classes {labels}, with the probability of each",
}
NAMED = 8
"""Classes named; of more the first ones."""


class Part(NamedTuple):
    """A heading of the card, and what stands below it, a paragraph each."""

    heading: str
    lines: list[str]


def build_card(experiment: Experiment) -> list[Part]:
    """All parts of the card, in the order of the paper."""
    return [
        Part("Model", describe_model(experiment)),
        Part("Intended use", describe_use(experiment)),
        Part("Factors", describe_factors(experiment)),
        Part("Metrics", describe_metrics(experiment)),
        Part("Evaluation data", describe_evaluation(experiment)),
        Part("Training data", describe_training(experiment)),
        Part("Results", describe_results(experiment)),
        Part("Ethical considerations", [
            "The pipeline does not know who took the images, whether persons can be told in them, nor whom an error would harm:"
            " say so here before the model is given to others."
        ]),
        Part("Limits", describe_limits(experiment)),
    ]  # fmt: skip


def write_card(path: Path, experiment: Experiment) -> None:
    """Write the card as Markdown, whole or not at all."""
    with aside(path) as part:
        part.write_text(tell_card(experiment), encoding="utf-8")


def tell_card(experiment: Experiment) -> str:
    """The card as Markdown."""
    parts = [
        f"## {part.heading}\n\n" + "\n".join(f"- {line}" for line in part.lines) for part in build_card(experiment)
    ]
    title = f"# Model card: {experiment.registered['model']} of {experiment.params.experiment}"
    return "\n\n".join([title, *parts, f"From the report {cite(experiment)}"]).replace("\N{NO-BREAK SPACE}", " ") + "\n"


def describe_model(experiment: Experiment) -> list[str]:
    """What it is, and where it lies."""
    registered = experiment.registered
    (entry,) = (entry for entry in experiment.params.models if entry.name == registered["model"])
    use = "the mean of its fold models" if registered["use"] == "ensemble" else "fitted once more on all folds"
    devices = sorted({record["device"] for (model, _), record in experiment.fits.items() if model == entry.name})
    return [
        f"{entry.name}, of kind {entry.kind}, {use}: {registered['uri']} with the alias {registered['alias']}.",
        f"Fitted on {', '.join(devices)}; {cite(experiment, entry.name)}.",
    ]


def describe_use(experiment: Experiment) -> list[str]:
    """What it takes and gives, and what it is not for."""
    sheet, model = experiment.sheet, str(experiment.registered["model"])
    names = {"classes": _listed(sheet.class_names), "labels": _listed(list(sheet.dataset.label_names))}
    gives = " and ".join(GIVES[head].format(**names) for head in experiment.heads_of(model))
    return [
        f"Takes images of {tell_count(sheet.dataset.channels, 'channel')} ({', '.join(sheet.channel_names)}) as {sheet.dataset.dtype},"
        f" and gives {gives}.",
        f"Meant for more images of the kind of the data set {experiment.params.dataset}: taken by the same means, of the same subjects.",
        "Not meant for other instruments, subjects or classes, on which nothing was measured, nor for decisions about persons without one who looks.",
    ]


def describe_factors(experiment: Experiment) -> list[str]:
    """What the samples were kept apart by."""
    samples = experiment.sheet.explored["samples"]
    if experiment.params.split.divides_sequences:
        kept = "Sequences are divided by time: earlier and later parts of one are in training and test, apart by a gap"
    elif samples["groups"] < samples["all"]:
        kept = f"{tell_count(samples['groups'], 'group')} of {samples['all']:,} samples were never divided between training and test"
    else:
        kept = "No groups are known: samples of one subject or site, if there are any, may be on both sides of a split"
    return [f"{kept}.", "Other factors, such as instrument or site, are no part of the data and were not told apart."]


def describe_metrics(experiment: Experiment) -> list[str]:
    """What is measured, and how its uncertainty."""
    compare, winner = experiment.params.compare, _row(experiment, experiment.metric)
    told = [
        f"{spell(name)}{' (lower is better)' if not METRICS[name].higher_is_better else ''}"
        for name in _metrics(experiment)
    ]
    units = tell_count(int(winner["units"]), "independent unit")
    method = f"{100 * compare.confidence:g} % interval ({winner['interval']})"
    has_interval = winner["low"] == winner["low"]
    return [
        f"{spell(experiment.metric)} decides; also {_listed(told[1:])}." if told[1:] else f"{told[0]} decides.",
        f"Each with its {method} over {units}."
        if has_interval
        else f"Without intervals: {units} and few samples allow none.",
    ]


def describe_evaluation(experiment: Experiment) -> list[str]:
    """What was tested, and by which scheme."""
    split, sheet = experiment.params.split, experiment.sheet
    return [
        f"{int(_row(experiment, experiment.metric)['samples']):,} labelled samples of {experiment.params.dataset}, each predicted by a model that had not seen it:"
        f" {split.kind}, {tell_count(len(experiment.folds), 'fold')}.",
        f"The audit found {tell_count(sheet.audited['leaks'], 'leak')} between subsets.",
    ]


def describe_training(experiment: Experiment) -> list[str]:
    """What the fold models were fitted on."""
    splits = experiment.sheet.splits
    counts = splits[(splits["subset"] == "train") & splits["fold"].isin(experiment.folds)].groupby("fold").size()
    low, high = int(counts.min()), int(counts.max())
    size = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return [f"The other folds of the same data set: {size} samples a fold, after validation samples are set aside."]


def describe_results(experiment: Experiment) -> list[str]:
    """Mean and interval in every metric, and the score corrected for the choice, or that of the final test."""
    lines = [_tell_score(spell(name), _row(experiment, name)) for name in _metrics(experiment)]
    final = experiment.registered["final_test"]
    if final:
        scores = [_tell_score(spell(name), value) for name, value in final.items() if isinstance(value, dict)]
        return [*lines, f"On the final test set, which nothing else has seen: {'; '.join(scores)}"]
    corrected = experiment.metrics["winner_corrected"]["mean"]
    chosen = (
        []
        if corrected is None
        else [f"{spell(experiment.metric)} corrected for having been chosen: {spell_score(corrected)}."]
    )
    return [*lines, *chosen, "These are scores of its fold models; the registered model itself was not scored."]


def describe_limits(experiment: Experiment) -> list[str]:
    """What the comparison says that it does not cover, and the verdict."""
    return [str(experiment.metrics["verdict"]), *map(str, experiment.metrics["notes"])]


def _metrics(experiment: Experiment) -> list[str]:
    """The metrics that the model has, the one that decides first."""
    own = experiment.comparison[experiment.comparison["model"] == experiment.registered["model"]].dropna(
        subset=["mean"]
    )
    return sorted(own["metric"], key=lambda name: name != experiment.metric)


def _row(experiment: Experiment, metric: str) -> dict[str, float | str]:
    rows = experiment.comparison.set_index(["model", "metric"])
    return {str(name): value for name, value in rows.loc[(experiment.registered["model"], metric)].items()}


def _tell_score(name: str, row: dict[str, float | str]) -> str:
    low, high = float(row["low"]), float(row["high"])
    within = f" ({spell_score(low)} to {spell_score(high)})" if low == low else ""
    return f"{name}: {spell_score(float(row['mean']))}{within}."


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
