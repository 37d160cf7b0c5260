"""Step `validate`: raw files to manifest, or the list of all that is wrong."""

import logging
from pathlib import Path

from tqdm import tqdm

from pipeline.datasets.checking import (
    build_dataset,
    build_manifest,
    check_alike,
    check_values,
    choose_values,
    warn_of_values,
)
from pipeline.datasets.contents import Contents, describe_sample
from pipeline.datasets.layouts import find_samples
from pipeline.datasets.manifest import DataError, write_dataset, write_manifest
from pipeline.params import DataParams

logger = logging.getLogger(__name__)


def validate(raw: Path, manifest: Path, dataset: Path, *, data: DataParams) -> None:
    """Read every file of the raw folder once; raises DataError with one line a fault, after having seen all."""
    layout, found = find_samples(raw, data)
    contents: list[Contents] = []
    faults = found.faults
    for sample in tqdm(found.samples, desc="validate", unit="sample", disable=None):
        try:
            contents.append(describe_sample(raw, sample, data))
        except DataError as fault:
            faults.append(str(fault))

    values = choose_values(contents, data)
    faults.extend(check_alike(raw, contents))
    if contents:
        faults.extend(check_values(raw, contents, values, data))
    if faults:
        lines = "\n".join(faults).splitlines()
        raise DataError("\n".join([f"{len(lines)} fault{'s' if len(lines) > 1 else ''} in '{raw}':", *lines]))

    warnings = [*found.warnings, *warn_of_values(contents, values, data)]
    for warning in warnings:
        logger.warning(warning)
    table = build_manifest(contents, values[0])
    write_manifest(manifest, table)
    write_dataset(dataset, build_dataset(table, values, data, layout, warnings))
    logger.info("found %d samples (%s) in %s: %s", len(table), layout, raw, manifest)
