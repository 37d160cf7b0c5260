"""One look at every file of a raw folder: what it holds, and all that is wrong with it."""

from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.raw.checking import check_alike, check_targets, check_values, choose_values
from pipeline.datasets.raw.contents import Contents, describe_sample
from pipeline.datasets.raw.doubts import doubt_contents
from pipeline.datasets.raw.grouping import check_groups
from pipeline.datasets.raw.layouts import find_samples
from pipeline.datasets.raw.pairing import RawSample
from pipeline.datasets.reading.references import parse_reference
from pipeline.params import DataParams


@dataclass(frozen=True)
class Survey:
    """What a raw folder holds; without faults the contents are those of all samples."""

    layout: str
    samples: tuple[RawSample, ...]
    contents: tuple[Contents, ...]
    values: tuple[int, ...]
    """Value of each class in the masks, background first."""
    faults: tuple[Fault, ...]
    warnings: tuple[str, ...]
    """What is allowed, but may be a mistake."""


def survey_folder(raw: Path, data: DataParams) -> Survey:
    """Read every file once, and find every fault before telling any."""
    layout, found = find_samples(raw, data)
    contents: list[Contents] = []
    faults = list(found.faults)
    for sample in tqdm(found.samples, desc="validate", unit="sample", disable=None):
        try:
            contents.append(describe_sample(raw, sample, data))
        except DataError as fault:
            faults += fault.faults

    if not contents and not faults:
        told = f"'{raw}' has no samples: see in section data of params.yaml which folders are read"
        faults.append(Fault("no_samples", told))
    files = [parse_reference(name).name for sample in found.samples for name in sample.images]
    faults += check_groups(raw, files, are_all=not found.faults)
    values = choose_values(raw, contents, data)
    faults += check_alike(raw, contents)
    if contents:
        faults += [*check_targets(raw, contents), *check_values(raw, contents, values, data)]
    warnings = [*found.warnings, *doubt_contents(contents, values, data)]
    return Survey(layout, tuple(found.samples), tuple(contents), values, tuple(faults), tuple(warnings))
