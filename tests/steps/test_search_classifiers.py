"""The search of a classifier on an encoder's features."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.datasets.manifest import write_dataset
from pipeline.datasets.splits import write_splits
from pipeline.params import (
    AugmentParams,
    CompareParams,
    EncoderFeaturesParams,
    EvaluateParams,
    PredictParams,
    SearchParams,
    SearchRange,
    TrackingParams,
    TrainParams,
)
from pipeline.params.classifiers import LogisticRegressionParams
from pipeline.provenance import read_record
from pipeline.steps.search import search
from tests.pictures import describe_pictures, draw_pictures, write_pictures
from tests.prepared import Prepared

SPACE = (
    SearchRange(parameter="model.classifier.C", models=("features",), low=1e-3, high=10, log=True),
    SearchRange(parameter="train.optimizer.learning_rate", choices=(1e-3, 1e-2)),
)


@pytest.mark.usefixtures("keras_backend")
def test_search_tries_settings_of_the_classifier_on_features_taken_once(root: Path) -> None:
    write_pictures(root / "prepared", draw_pictures(16))
    write_dataset(root / "dataset.json", describe_pictures())
    subsets = np.repeat(["train", "validation", "test"], [8, 4, 4])
    rows = {"fold": "0", "sample_id": [f"{row:03d}" for row in range(16)], "subset": subsets}
    write_splits(root / "splits.csv", pd.DataFrame(rows))
    prepared = Prepared(root)
    files = prepared.of_search("features", "0")
    classifier = LogisticRegressionParams()
    search(
        **prepared.inputs,
        **files,
        task="classification",
        model=EncoderFeaturesParams(
            name="features",
            network="MobileNet",
            arguments={"alpha": 0.25},
            weights=None,
            size=(32, 32),
            classifier=classifier,
        ),
        train=TrainParams(),
        augment=AugmentParams(),
        predict=PredictParams(),
        evaluate=EvaluateParams(metrics=("accuracy", "log_loss")),
        compare=CompareParams(metric="log_loss"),
        search=SearchParams(trials=3, space=SPACE),
        seed=0,
        experiment="drawn",
        tracking=TrackingParams(),
    )
    trials = pd.read_csv(files["trials"])
    assert list(read_record(files["best"])["best"]) == ["model.classifier.C"]
    assert trials["model.classifier.C"].nunique() == 3 and (trials["state"] == "COMPLETE").all()
    assert len(list((root / "prepared/features").glob("*.npy"))) == 1
