"""The whole workflow stops before anything trains, and says what is wrong where a user sees it."""

from pathlib import Path

import pytest

from tests.mistakes.running import DATASET
from tests.raws import draw_mask, write_picture, write_raw
from tests.workflows import copy_project, snakemake

PARAMS = f"""
experiment: mistakes
dataset: {DATASET}
data: {{mask_values: [0, 1]}}
split: {{kind: k_fold, folds: 3}}
models: [{{kind: constant}}]
"""


@pytest.mark.slow
def test_the_workflow_stops_before_it_trains_and_shows_every_fault(tmp_path: Path) -> None:
    root = copy_project(tmp_path, PARAMS)
    raw = write_raw(root / "data/raw" / DATASET, "123456")
    (raw / "masks/2.png").unlink()
    (raw / "images/5.png").unlink()
    (raw / "images/5.png").symlink_to(raw)
    write_picture(raw / "masks/3.png", draw_mask()[::2])
    told = snakemake(root)
    text = told.stdout + told.stderr
    assert told.returncode == 1
    for words in (
        "images/2.png' has no mask",
        "images/5.png' is a link",
        "masks/3.png' is 10x4, its image is 10x8",
        "masks/1.png' has 20 pixels of value 255, which is none of data.mask_values [0, 1]",
    ):
        assert words in text, text
    assert "Traceback" not in text
    assert not list((root / "data/experiments/mistakes").glob("models/*"))
