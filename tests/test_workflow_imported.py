"""The Snakefile with predictions of another tool among the models."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from pipeline.datasets.predictions import read_predictions
from tests.workflows import BASELINES, copy_project, due, snakemake

pytestmark = pytest.mark.slow
OTHERS = BASELINES.replace(
    "{kind: threshold}]",
    "{kind: threshold},"
    " {kind: predictions, name: folded, folder: 'other/fold_{fold}', values: probabilities},"
    " {kind: predictions, name: masks, folder: other/masks, file: '{flat}_cp_masks.png', values: nonzero}]",
)
HERE = Path("data/experiments/tiny")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose threshold was fitted, and its predictions exported twice: probabilities by fold, and masks in one folder."""
    folder = copy_project(tmp_path_factory.mktemp("imported"), BASELINES)
    done = snakemake(folder, "--", *(f"{HERE}/scores/threshold/{fold}.csv" for fold in (0, 1)))
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "other/masks").mkdir(parents=True)
    for fold in (0, 1):
        predictions = read_predictions(folder / HERE / f"predictions/threshold/{fold}.npz")
        for sample_id, found in predictions.items():
            path = folder / f"other/fold_{fold}/{sample_id}.npy"
            path.parent.mkdir(parents=True, exist_ok=True)
            np.save(path, found["mask"])
            mask = found["mask"][..., 0].astype("float32") >= predictions.threshold
            Image.fromarray(mask * np.uint8(7)).save(folder / f"other/masks/{sample_id.replace('/', '_')}_cp_masks.png")
    (folder / "params.yaml").write_text(OTHERS)
    return folder


def test_missing_prediction_stops_the_workflow_before_any_fit(project: Path) -> None:
    lost = next((project / "other/masks").glob("*_03_cp_masks.png"), None) or next(
        (project / "other/masks").glob("*.png")
    )
    content = lost.read_bytes()
    lost.unlink()
    done = snakemake(project)
    lost.write_bytes(content)
    told = done.stdout + done.stderr
    assert done.returncode != 0 and "1 of 24 samples to test have no file" in told
    assert not (project / HERE / "models/constant/0.npz").exists()


def test_imported_predictions_score_as_the_model_that_made_them(project: Path) -> None:
    done = snakemake(project)
    assert done.returncode == 0, done.stdout + done.stderr
    for fold in (0, 1):
        own, masks, folded = (
            pd.read_csv(project / HERE / f"scores/{name}/{fold}.csv").set_index("sample_id")
            for name in ("threshold", "masks", "folded")
        )
        names = ["dice", "iou", "precision", "recall", "pixel_accuracy", "surface_distance"]
        pd.testing.assert_frame_equal(masks[names], own[names])
        assert list(folded.index) == list(own.index)
    registered = json.loads((project / HERE / "registered.json").read_text())
    assert registered["model"] in ("constant", "threshold")
    page = (project / "reports/tiny/index.html").read_text()
    assert "which samples the other tool had learnt from is not known" in page
    assert "not fitted here" in page
    assert due(project) == {}


def test_changed_prediction_redoes_its_own_model_alone(project: Path) -> None:
    path = next((project / "other/masks").glob("*.png"))
    Image.fromarray(np.zeros_like(np.asarray(Image.open(path)))).save(path)
    jobs = due(project)
    assert jobs["receive"] == 1 and jobs["train"] == 2 and jobs["predict"] == 1 and jobs["evaluate"] == 1
