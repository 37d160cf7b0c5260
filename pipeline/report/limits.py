"""What a reader must know before believing the numbers."""

from collections import defaultdict

from pipeline.comparison.wording import listed
from pipeline.datasets.predictions import read_predictions
from pipeline.report.experiment import Experiment, Fit
from pipeline.report.policies import describe_policies
from pipeline.report.warnings import list_data_warnings
from pipeline.tasks.mask import Masks


def list_warnings(experiment: Experiment) -> list[str]:
    """What a reader must know before believing the numbers."""
    return [
        *about_policies(experiment),
        *experiment.metrics["notes"],
        *about_constants(experiment),
        *list_data_warnings(experiment.sheet),
        *_about_fits(experiment),
    ]


def tell_fits(fits: list[Fit], experiment: Experiment) -> str:
    """Such as: unet, all folds; forest, fold 2."""
    told = []
    for name in dict.fromkeys(model for model, _ in fits):
        folds = [fold for model, fold in fits if model == name]
        is_all = len(folds) > 1 and len(folds) == sum(model == name for model, _ in experiment.fits)
        told.append(
            f"{name}, " + ("all folds" if is_all else f"fold{'s' if len(folds) > 1 else ''} {', '.join(folds)}")
        )
    return "; ".join(told)


def about_policies(experiment: Experiment) -> list[str]:
    """That another policy for empty masks would have another model win, where it would."""
    has_empty = "mask" in experiment.heads and (experiment.raw_scores["empty"] != "").any()
    found = describe_policies(experiment) if has_empty else None
    if not found or len(found["leaders"]) < 2:
        return []
    told = "; ".join(f"{model} by {listed(policies)}" for model, policies in found["leaders"])
    return [f"Which model is best depends on the policy for samples without foreground (evaluate.empty_masks): {told}."]


def about_constants(experiment: Experiment) -> list[str]:
    """Models that give one class to every pixel, and that class is no background: their scores are those of the class's share."""
    constants = [entry.name for entry in experiment.params.models if entry.kind == "constant"]
    classes = {
        (model, fold): decide_first(experiment, model, fold)
        for model in constants
        if "mask" in experiment.heads_of(model)
        for fold in experiment.folds
    }
    names = experiment.sheet.class_names
    return [
        f"{tell_fits([fit for fit, found in classes.items() if found == number], experiment)}: every pixel is {names[number]},"
        " whatever the image shows; such scores tell how much of it there is, and no skill."
        for number in sorted({number for number in classes.values() if number})
    ]


def decide_first(experiment: Experiment, model: str, fold: str) -> int:
    """The class that a constant model gives to the first pixel of the first sample of a fold."""
    found = read_predictions(experiment.predictions[model, fold])
    prediction = found[found.sample_ids[0]]["mask"]
    return int(Masks.of(experiment.sheet.dataset).decide(prediction, found.threshold)[0, 0])


def _about_fits(experiment: Experiment) -> list[str]:
    places: dict[str, list[Fit]] = defaultdict(list)
    for (model, fold), record in experiment.fits.items():
        for note in record.get("notes", []):
            places[str(note)].append((model, fold))
        if not record.get("reproducible", True):
            places["cut short by a budget in minutes: not reproducible"].append((model, fold))
    warnings = [f"{tell_fits(where, experiment)}: {note}" for note, where in places.items()]
    records = list(experiment.fits.values())
    if any(not record["git_commit"] for record in records):
        warnings.append("The commit of some fits is unknown: they ran outside a git repository.")
    if any(record["git_dirty"] and record["git_commit"] for record in records):
        warnings.append("The code of some fits differed from its commit (marked +): it cannot be had back exactly.")
    if len({record["git_commit"] for record in records}) > 1:
        warnings.append("Fits come from more than one commit: see the table of fits.")
    return warnings
