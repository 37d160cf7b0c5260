"""The Snakefile with models that need files of their own."""

from pathlib import Path

import pytest

from tests.raws import draw_image, write_picture
from tests.workflows import copy_project, due, snakemake

PICTURES = """
experiment: tiny
dataset: own
task: classification
data: {channels: [.], masks: null, labels: folders}
split: {kind: stratified_k_fold, folds: 2}
models:
  - {kind: constant}
  - {kind: encoder_features, network: MobileNet, arguments: {alpha: 0.25}, weights: a.weights.h5, size: [32, 32]}
search: {trials: 2, space: [{parameter: model.classifier.C, models: [encoder_features], low: 0.1, high: 1}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = copy_project(tmp_path, PICTURES)
    for number in range(12):
        write_picture(folder / f"data/raw/own/{'ab'[number % 2]}/{number}.png", draw_image(number))
    return folder


def test_missing_weights_are_told_before_the_first_job(folder: Path) -> None:
    told = snakemake(folder, "--dry-run")
    assert told.returncode == 1
    assert "models: the weights a.weights.h5 of encoder_features do not exist" in told.stdout + told.stderr


def test_classifiers_on_features_are_searched_and_baselines_are_not(folder: Path) -> None:
    (folder / "a.weights.h5").touch()
    jobs = due(folder)
    assert (jobs["train"], jobs["search"]) == (4, 2)
