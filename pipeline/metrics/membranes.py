"""Scores of membranes by the cells that they part, as the ISBI 2012 challenge scored them, in NumPy."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.measure import label
from skimage.metrics import contingency_table
from skimage.segmentation import watershed

from pipeline.metrics.overlap import Mask

Labels = NDArray[np.integer[Any]]
Counts = NDArray[np.float64]
NO_CELLS = float("nan")
THRESHOLDS = tuple(np.round(np.arange(0.1, 1.05, 0.1), 1).tolist())
"""The challenge's steps of .1; at 0 all would be membrane."""


@dataclass(frozen=True)
class Overlaps:
    """Pixels of the truth's cells: those of each cell, of each predicted region, and of each cell and region shared."""

    cells: Counts
    regions: Counts
    shared: Counts


@dataclass(frozen=True)
class BestScores:
    """The highest means over samples, and the probability of membrane at which each is reached."""

    v_rand: float
    v_rand_threshold: float
    v_info: float
    v_info_threshold: float


def v_rand(target: Mask, prediction: Mask, counted: Mask | None = None) -> float:
    """Foreground-restricted Rand score after thinning, 2 sum p_ij^2 / (sum s_i^2 + sum t_j^2), in [0, 1].

    Masks (height, width) of membrane, `counted` false where the truth is unknown. Of the pixels inside the truth's
    cells a share s_i lies in cell i, t_j in predicted region j and p_ij in both; a pixel on a predicted line is a region
    of its own. NaN where the truth has no cell. (Arganda-Carreras et al. 2015, doi:10.3389/fnana.2015.00142, alpha .5.)

    Two cells of 2 pixels without a line between them: 2 (.25 + .25) / (.5 + 1) = .667.
    """
    return score_membranes(target, prediction, counted)[0]


def v_info(target: Mask, prediction: Mask, counted: Mask | None = None) -> float:
    """Foreground-restricted information theoretic score after thinning, 2 I(S; T) / (H(S) + H(T)), in [0, 1].

    S is the cell of a pixel, T its predicted region, otherwise as v_rand. 1.0 where both hold one region alone, for which
    the challenge's script has no number. Two cells without a line between them share no information: 0.0.
    """
    return score_membranes(target, prediction, counted)[1]


def best_over_thresholds(
    targets: Iterable[Mask], maps: Iterable[NDArray[np.floating[Any]]], thresholds: tuple[float, ...] = THRESHOLDS
) -> BestScores:
    """The challenge's figures for a stack: means over its sections at the threshold best for them, one for each score.

    `maps` (height, width) are probabilities of membrane, which reaches from the threshold on. The threshold is chosen on the
    very samples that are scored: for comparison with published figures alone, never for an estimate of one's own.
    """
    pairs = zip(targets, maps, strict=True)
    table = [scores_by_threshold(target, probabilities, thresholds) for target, probabilities in pairs]
    means = np.nanmean(np.array(table), axis=0)
    (rand, information), best = means.max(axis=0), means.argmax(axis=0)
    return BestScores(float(rand), thresholds[best[0]], float(information), thresholds[best[1]])


def scores_by_threshold(
    target: Mask, probabilities: NDArray[np.floating[Any]], thresholds: Iterable[float], counted: Mask | None = None
) -> NDArray[np.float64]:
    """V_rand and V_info (threshold, 2) of one sample, membrane reaching from each threshold on."""
    return np.array([score_membranes(target, probabilities >= threshold, counted) for threshold in thresholds])


def score_membranes(target: Mask, prediction: Mask, counted: Mask | None = None) -> tuple[float, float]:
    """V_rand and V_info of one sample, from one watershed."""
    overlaps = count_overlaps(target, prediction, counted)
    if not overlaps.cells.size:
        return NO_CELLS, NO_CELLS
    return rand_score(overlaps), information_score(overlaps)


def count_overlaps(target: Mask, prediction: Mask, counted: Mask | None = None) -> Overlaps:
    """Compare the cells of a true mask of membrane with the regions that a predicted one leaves when it is thinned."""
    unknown = np.zeros_like(target) if counted is None else ~counted
    return compare_labels(label_cells(target | unknown), thin(prediction | unknown))


def label_cells(membrane: Mask) -> Labels:
    """The cells, 1 and up, each joined over the four sides of its pixels; 0 on the membrane."""
    cells: Labels = label(~membrane, connectivity=1)  # type: ignore[no-untyped-call]
    return cells


def thin(membrane: Mask) -> Labels:
    """The cells grown into the membrane until lines of 1 px remain, which are 0; membrane without a cell is one region.

    As the challenge: a watershed of the mask itself, by the four sides of its pixels (Vincent & Soille 1991).
    """
    cells = label_cells(membrane)
    if not cells.any():
        return np.ones_like(cells)
    regions: Labels = watershed(membrane.astype(np.uint8), cells, connectivity=1, watershed_line=True)  # type: ignore[no-untyped-call]
    return regions


def compare_labels(cells: Labels, regions: Labels) -> Overlaps:
    """Count the pixels of cells 1 and up; those of region 0 are lines, each pixel a region of its own."""
    table = contingency_table(cells, regions, ignore_labels=[0]).tocsc()  # type: ignore[no-untyped-call]
    lines = np.ones(int(table[:, 0].sum()))
    inside = table[:, 1:]
    sizes = [np.asarray(table.sum(axis=1)).ravel(), np.asarray(inside.sum(axis=0)).ravel(), inside.data]
    of_cells, of_regions, shared = (size[size > 0].astype(np.float64) for size in sizes)
    return Overlaps(of_cells, np.concatenate([of_regions, lines]), np.concatenate([shared, lines]))


def rand_score(overlaps: Overlaps) -> float:
    """2 sum p_ij^2 / (sum s_i^2 + sum t_j^2)."""
    cells, regions, shared = (np.square(part).sum() for part in (overlaps.cells, overlaps.regions, overlaps.shared))
    return float(2 * shared / (cells + regions))


def information_score(overlaps: Overlaps) -> float:
    """2 I / (H_cells + H_regions) with I = H_cells + H_regions - H_shared; 1.0 when both entropies are 0."""
    cells, regions, shared = (_entropy(part) for part in (overlaps.cells, overlaps.regions, overlaps.shared))
    total = cells + regions
    return float(np.clip(2 * (total - shared) / total, 0.0, 1.0)) if total else 1.0


def _entropy(counts: Counts) -> float:
    shares = counts / counts.sum()
    return float(-(shares * np.log(shares)).sum())
