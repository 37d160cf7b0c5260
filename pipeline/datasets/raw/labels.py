"""Classes of whole images, from folders or file names."""

import re
from pathlib import PurePosixPath

from pipeline.datasets.faults import Fault
from pipeline.datasets.raw.listing import Key
from pipeline.params import DataParams


def read_label(reference: str, key: Key, subset: str, data: DataParams, faults: list[Fault]) -> str:
    """The class of an image by its folder or name, "" where data.labels is null; adds to `faults` where none is told.

    Images of the test subset may lack it: they are unlabelled.
    """
    if data.labels is None:
        return ""
    if data.labels == "folders":
        label = find_class(reference, key)
        if not label and subset != "test":
            told = f"image '{reference}' lies in no folder of a class: move it into one, or remove it"
            faults.append(Fault("label_missing", told, reference))
        return label
    stem = PurePosixPath(reference.partition("#")[0]).stem
    match = re.search(data.labels, stem)
    if match is None and subset != "test":
        told = f"image '{reference}' has no class in its name: data.labels {data.labels!r} does not match '{stem}'"
        faults.append(Fault("label_missing", f"{told}: rename the file, or change data.labels", reference))
    return match["label"] or "" if match else ""


def find_class(reference: str, key: Key) -> str:
    """The folder of the class that an image lies in, "" where there is none; the key of a film's frame names the film too."""
    return key[0].rpartition("/")[0] if "#" in reference else key[0]
