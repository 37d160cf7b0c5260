"""One page that tells what was done, what came out, and how far to believe it."""

import logging
from pathlib import Path

from pipeline.params import Params
from pipeline.report import read_experiment, write_card, write_page

logger = logging.getLogger(__name__)


def report(
    manifest: Path,
    dataset: Path,
    index: Path,
    explored: Path,
    splits: Path,
    split_summary: Path,
    audited: Path,
    augmented: Path,
    fits: list[Path],
    histories: list[Path],
    searches: list[Path],
    trials: list[Path],
    predictions: list[Path],
    scores: list[Path],
    comparison: Path,
    tests: Path,
    costs: Path,
    metrics: Path,
    diagnosed: Path,
    registered: Path,
    tracked: Path,
    unlabelled: list[Path],
    calibration: Path,
    reliability: Path,
    uncertainty: list[Path],
    benchmarks: list[Path],
    advice: list[Path],
    extra_folds: list[Path],
    extra_scores: list[Path],
    page: Path,
    card: Path,
    *,
    params: Params,
) -> None:
    """Write one HTML file that opens offline, and beside it the model card as Markdown.

    Lists hold one file a model and fold, named MODEL/FOLD; `searches` and `trials` are empty without a search, `unlabelled` holds
    the folder of masks when there are unlabelled samples, `uncertainty` the tables test.csv, final_test.csv and unlabelled.csv,
    `benchmarks` Snakemake's measurements, as far as they are wanted, `advice` the tables suspects.csv and suggested.csv, and
    learning_curve.csv and variance.csv where they were asked for, `extra_folds` and `extra_scores` what these were made from.
    """
    files = {
        name: given for name, given in locals().items() if name not in ("page", "card", "params")
    }  # what is read, by name
    experiment = read_experiment(files, params)
    write_page(page, experiment)
    write_card(card, experiment)
    logger.info("%s: %.1f MB", page, page.stat().st_size / 1e6)
