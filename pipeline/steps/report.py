"""One page that tells what was done, what came out, and how far to believe it."""

import logging
from pathlib import Path

from pipeline.datasets.diagnosed import read_diagnosed
from pipeline.params import Params
from pipeline.provenance import read_record
from pipeline.report import Experiment, read_by_fit, read_sheet, read_table, write_page

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
    benchmarks: list[Path],
    page: Path,
    *,
    params: Params,
) -> None:
    """Write one HTML file that opens offline.

    Lists hold one file a model and fold, named MODEL/FOLD; `searches` and `trials` are empty without a search, `unlabelled` holds
    the folder of masks when there are unlabelled samples, `benchmarks` Snakemake's measurements, as far as they are wanted.
    """
    sheet = read_sheet(
        params=params,
        manifest=manifest,
        dataset=dataset,
        index=index,
        explored=explored,
        splits=splits,
        split_summary=split_summary,
        audited=audited,
        augmented=augmented,
    )
    experiment = Experiment(
        sheet=sheet,
        fits=read_by_fit(fits, read_record),
        histories=read_by_fit(histories, read_table),
        searches=read_by_fit(searches, read_record),
        trials=read_by_fit(trials, read_table),
        predictions=read_by_fit(predictions, lambda path: path),
        scores=read_by_fit(scores, read_table),
        comparison=read_table(comparison),
        tests=read_table(tests),
        costs=read_table(costs),
        metrics=read_record(metrics),
        diagnosed=read_diagnosed(diagnosed),
        registered=read_record(registered),
        tracked=read_record(tracked),
        unlabelled=unlabelled,
        benchmarks=benchmarks,
    )
    write_page(page, experiment)
    logger.info("%s: %.1f MB", page, page.stat().st_size / 1e6)
