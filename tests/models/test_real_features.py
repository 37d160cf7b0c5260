"""Features of a published encoder on real photographs; skipped where they are absent."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.model_selection import StratifiedKFold

from pipeline.fitting.control import FitControl
from pipeline.models import build_model
from pipeline.params import AugmentParams, EncoderFeaturesParams, TrainParams
from pipeline.params.classifiers import LogisticRegressionParams
from tests.pictures import describe_pictures, write_pictures

SHARED = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
PHOTOS, WEIGHTS = SHARED / "cats_dogs", SHARED / "weights/mobilenet_2_5_224_tf_no_top.h5"


@pytest.mark.slow
@pytest.mark.usefixtures("keras_backend")
@pytest.mark.skipif(not (PHOTOS.is_dir() and WEIGHTS.is_file()), reason=f"no photos and weights in {SHARED}")
def test_published_features_tell_cats_from_dogs_out_of_fold(tmp_path: Path) -> None:
    files = sorted(PHOTOS.glob("*/*.jpg"))
    labels = np.array([path.parent.name == "dog" for path in files], int)
    photos = [np.asarray(Image.open(path).convert("RGB")) for path in files]
    arrays = write_pictures(tmp_path, photos, [path.parent.name for path in files])
    entry = EncoderFeaturesParams(
        name="features",
        network="MobileNet",
        arguments={"alpha": 0.25},
        weights=str(WEIGHTS),
        classifier=LogisticRegressionParams(C=0.01),
    )
    right = []
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(photos, labels):
        model = build_model(entry, describe_pictures(), "classification", seed=0)
        model.fit(arrays, train, train[:1], TrainParams(), AugmentParams(), FitControl())
        right += [model.predict(photos[row][None])["label"].argmax() == labels[row] for row in test]
    assert len(right) == 300 and np.mean(right) >= 0.9
