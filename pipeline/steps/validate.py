"""Step `validate`: raw files to manifest, or the list of all that is wrong."""

import logging
from pathlib import Path

from tqdm import tqdm

from pipeline.datasets.checking import (
    build_dataset,
    build_manifest,
    check_alike,
    check_targets,
    check_values,
    choose_values,
    warn_of_values,
)
from pipeline.datasets.contents import Contents, describe_sample
from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.layouts import find_samples
from pipeline.datasets.manifest import write_dataset, write_manifest
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
            faults += fault.faults

    values = choose_values(contents, data)
    faults += check_alike(raw, contents)
    if contents:
        faults += [*check_targets(raw, contents), *check_values(raw, contents, values, data)]
    if faults:
        count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''} in '{raw}':"
        raise DataError(Fault("", count), *faults)

    warnings = [*found.warnings, *warn_of_values(contents, values, data)]
    for warning in warnings:
        logger.warning(warning)
    table = build_manifest(contents, values)
    write_manifest(manifest, table)
    write_dataset(dataset, build_dataset(table, values, data, layout, warnings))
    logger.info("found %d samples (%s) in %s: %s", len(table), layout, raw, manifest)
