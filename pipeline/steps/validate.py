"""Step `validate`: raw files to manifest, or the list of all that is wrong."""

import logging
from pathlib import Path

import pandas as pd

from pipeline.datasets.composing.describing import describe_composites
from pipeline.datasets.faults import count_faults
from pipeline.datasets.manifest import write_dataset, write_manifest
from pipeline.datasets.raw.building import build_dataset, build_manifest
from pipeline.datasets.raw.grouping import join_groups
from pipeline.datasets.raw.survey import survey_folder
from pipeline.params import DataParams

logger = logging.getLogger(__name__)


def validate(raw: Path, manifest: Path, dataset: Path, *, data: DataParams) -> None:
    """Read every file of the raw folder once; raises DataError with one line a fault, after having seen all."""
    if data.compose is None:
        layout, values, table, warnings = _describe_files(raw, data)
    else:
        layout, values, table, warnings = describe_composites(raw, data, data.compose)

    for warning in warnings:
        logger.warning(warning)
    table = join_groups(raw, table, are_parts=data.compose is not None)
    write_manifest(manifest, table)
    write_dataset(dataset, build_dataset(raw, table, values, data, layout, warnings))
    logger.info("found %d samples (%s) in %s: %s", len(table), layout, raw, manifest)


def _describe_files(raw: Path, data: DataParams) -> tuple[str, tuple[int, ...], pd.DataFrame, list[str]]:
    """Layout, values of the classes, manifest and warnings of samples that are files."""
    survey = survey_folder(raw, data)
    if survey.faults:
        raise count_faults(raw, survey.faults)
    return survey.layout, survey.values, build_manifest(survey.contents, survey.values), list(survey.warnings)
