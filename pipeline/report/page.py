"""The report: sections filled into its page."""

from pathlib import Path
from typing import Any

from pipeline.report.advice import describe_curve, describe_suggested, describe_suspects, describe_variance
from pipeline.report.ambiguity import describe_ambiguity
from pipeline.report.audit import describe_audit
from pipeline.report.calibration import describe_calibration
from pipeline.report.card import build_card
from pipeline.report.citation import cite, cite_data, describe_origins
from pipeline.report.costs import describe_costs
from pipeline.report.data import describe_data
from pipeline.report.evidence import describe_evidence
from pipeline.report.experiment import Experiment
from pipeline.report.fits import describe_fits, describe_search
from pipeline.report.heads.label import describe_label
from pipeline.report.made_of import MadeOf, describe_made_of, write_made_of
from pipeline.report.marking import mark
from pipeline.report.mask_classes import describe_mask_classes
from pipeline.report.modes import describe_modes
from pipeline.report.origin import describe_origin
from pipeline.report.policies import describe_policies
from pipeline.report.rendering import render, write_html
from pipeline.report.samples import describe_samples
from pipeline.report.split import describe_split
from pipeline.report.stored import list_stored, tell_stored
from pipeline.report.unlabelled import describe_unlabelled
from pipeline.report.verdict import describe_verdict


def write_page(path: Path, experiment: Experiment) -> None:
    """Write the report as one HTML file, whole or not at all."""
    write_html(path, build_page(experiment, describe_made_of(experiment)))


def build_page(experiment: Experiment, made_of: MadeOf) -> str:
    """The report, each of its numbers marked with the cell that it comes from."""
    return mark(render("page.html", describe(experiment, made_of)))


def describe(experiment: Experiment, made_of: MadeOf) -> dict[str, Any]:
    """All that the templates show, a key a section."""
    return {
        "experiment": experiment,
        "sheet": experiment.sheet,
        "params": experiment.params,
        "metrics": experiment.metrics,
        "registered": experiment.registered,
        "verdict": describe_verdict(experiment),
        "evidence": describe_evidence(experiment),
        "costs": describe_costs(experiment),
        "data": describe_data(experiment.sheet),
        "split": describe_split(experiment.sheet),
        "audit": describe_audit(experiment.sheet),
        "fits": describe_fits(experiment),
        "modes": describe_modes(experiment),
        "search": describe_search(experiment),
        "samples": describe_samples(experiment),
        "classes": describe_label(experiment),
        "ambiguity": describe_ambiguity(experiment),
        "calibration": describe_calibration(experiment),
        "unlabelled": describe_unlabelled(experiment),
        "suspects": describe_suspects(experiment),
        "suggested": describe_suggested(experiment),
        "curve": describe_curve(experiment),
        "variance": describe_variance(experiment),
        "card": build_card(experiment),
        "mask_classes": describe_mask_classes(experiment),
        "policies": describe_policies(experiment),
        "origin": describe_origin(experiment),
        "citation": cite(experiment),
        "data_citation": cite_data(experiment.sheet),
        "origins": describe_origins(experiment) | {"stored": tell_stored(list_stored(experiment), made_of.hashes)},
        "made_of": write_made_of(made_of),
    }
