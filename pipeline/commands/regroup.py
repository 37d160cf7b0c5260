"""From copies among the files to groups that no split divides."""

import logging
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from tqdm import tqdm

from pipeline.auditing import Planes, draw_plane, search_alike
from pipeline.datasets.arrays import Arrays, open_arrays
from pipeline.datasets.faults import DataError
from pipeline.datasets.files import aside
from pipeline.datasets.manifest import read_manifest
from pipeline.datasets.raw.grouping import COLUMNS, read_groups
from pipeline.datasets.raw.listing import GROUPS
from pipeline.datasets.reading import read_image
from pipeline.datasets.reading.references import parse_reference
from pipeline.params import Params, read_params
from pipeline.provenance import read_record

logger = logging.getLogger(__name__)

Pair = tuple[str, str]
COPIES = ("identical", "near_identical", "contradictory_label")
"""Kinds of findings that two files make."""
DIVIDING = ("predefined", "time_series", "blocked", "k_fold", "stratified_k_fold", "leave_one_out")
"""Schemes that divide groups, or refuse them."""


def regroup() -> None:
    """Write data/raw/DATASET/groups.csv, which joins the image files that show the same; rows that are there stay.

    All samples are compared, whatever subset they are in; of composites, the parts are. Raises DataError where nothing is
    prepared, and where there is nothing to join.
    """
    params = read_params(Path("params.yaml"))
    raw, folder = Path("data/raw", params.dataset), Path("data/experiments", params.experiment)
    if not (folder / "prepared" / "index.csv").is_file():
        raise DataError(f"{folder / 'prepared'} is missing: type snakemake preview --cores all first")
    pairs = _compare_parts(raw, folder, params) if params.data.compose else _compare_samples(folder, params)
    if not pairs:
        raise DataError(f"no two files of {raw} show the same: there is nothing to join")
    kept = read_groups(raw)
    groups = join_pairs([*pairs, *_pair_up(kept)], kept)
    if kept | groups == kept:  # written again, the file would make all that depends on it due
        logger.info("%s joins all of them already", raw / GROUPS)
        return
    with aside(raw / GROUPS) as part:
        pd.DataFrame(sorted((kept | groups).items()), columns=list(COLUMNS)).to_csv(
            part, index=False, lineterminator="\n"
        )
    logger.info("%s joins %d files to %d groups", (raw / GROUPS).resolve(), len(groups), len(set(groups.values())))
    if params.split.kind in DIVIDING:
        logger.warning("split.kind is %s: set it to one of whole groups, such as group_k_fold", params.split.kind)


def join_pairs(pairs: Sequence[Pair], kept: Mapping[str, str]) -> dict[str, str]:
    """The group of each file; files are of one group that pairs connect, named as one of them is kept, else for its first."""
    codes, files = pd.factorize(np.array(list(chain.from_iterable(pairs)), dtype=object), sort=True)
    ends = codes.reshape(-1, 2)
    links = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(files), len(files)))
    _, component = connected_components(links, directed=False)
    names = pd.Series([kept.get(file) for file in files], dtype=object)
    first = pd.Series(files, dtype=object).groupby(component).transform("first")
    return dict(zip(files.tolist(), names.groupby(component).transform("first").fillna(first), strict=True))


def _compare_samples(folder: Path, params: Params) -> list[Pair]:
    """Image files that hold the same pixels, those outside one sequence that show the same, and those that the audit named."""
    manifest, arrays = read_manifest(folder / "manifest.csv"), open_arrays(folder / "prepared")
    files = [parse_reference(images.split(";")[0]).name for images in manifest["images"]]
    first = manifest.groupby("content_hash")["images"].transform("first")
    pairs = [(parse_reference(images.split(";")[0]).name, file) for images, file in zip(first, files, strict=True)]
    planes = Planes(arrays, arrays.positions(manifest["sample_id"]))
    sequences = manifest["sequence"].where(manifest["sequence"] != "", "\n" + manifest["sample_id"])
    pairs += _search(planes, files, pd.factorize(sequences)[0], params) + _find_named(
        folder, manifest["sample_id"], files
    )
    return [(one, other) for one, other in pairs if one != other]


def _find_named(folder: Path, sample_ids: "pd.Series[str]", files: Sequence[str]) -> list[Pair]:
    """Pairs of the last audit: what it names must be joined, although another split compares other pairs."""
    path = folder / "audited.json"
    found = read_record(path)["findings"] if path.is_file() else []
    of_sample = dict(zip(sample_ids, files, strict=True))
    return [
        (of_sample[one["a"]], of_sample[one["b"]])
        for one in found
        if one["kind"] in COPIES and one["severity"] == "leak"
    ]


def _compare_parts(raw: Path, folder: Path, params: Params) -> list[Pair]:
    """Backgrounds that show the same, and cut-outs."""
    images = read_manifest(folder / "manifest.csv")["images"].drop_duplicates().str.split(";", expand=True)
    pairs = []
    for kind in images:
        files = sorted(set(images[kind]))
        read = tqdm(files, desc="read", unit="part", disable=None)
        planes = _gather([draw_plane(read_image(raw, file, params.data), None) for file in read])
        pairs += _search(planes, files, np.arange(len(files)), params)
    return pairs


def _search(planes: Planes, files: list[str], units: np.ndarray[Any, np.dtype[np.int64]], params: Params) -> list[Pair]:
    found = search_alike(planes, units, np.arange(len(files)), params.audit.leak_search, params.seed).found
    return [(files[pair.first], files[pair.second]) for pair in found]


def _gather(planes: Sequence[np.ndarray[Any, np.dtype[np.uint8]]]) -> Planes:
    """Grey planes (height, width) in memory."""
    shapes = pd.DataFrame([plane.shape for plane in planes], columns=["height", "width"])
    sizes = shapes["height"] * shapes["width"]
    index = shapes.assign(
        sample_id=shapes.index.astype(str), channels=1, image_offset=sizes.cumsum() - sizes, mask_offset=-1
    )
    arrays = Arrays(index, np.concatenate([plane.ravel() for plane in planes]), np.empty(0, np.uint8))
    return Planes(arrays, np.arange(len(planes)))


def _pair_up(groups: dict[str, str]) -> list[Pair]:
    """A pair of each file with the first of its group."""
    first: dict[str, str] = {}
    return [(first.setdefault(group, file), file) for file, group in groups.items()]
