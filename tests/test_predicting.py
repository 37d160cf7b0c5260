"""Predictions of samples, by models that stand for fitted ones."""

import numpy as np
import pytest

from pipeline.fitting.control import FitError
from pipeline.predicting import predict_samples
from tests.drawn import draw_arrays


class Broken:
    """Gives no number for dark images."""

    clip = 1

    def predict(self, clip: np.ndarray) -> dict[str, np.ndarray]:
        depth = np.ones((*clip.shape[1:3], 1), "float32")
        depth[0, 0] = np.nan if clip[-1].max() < 10 else 1
        return {"depth": depth}


def test_a_prediction_that_is_no_number_is_no_missing_score() -> None:
    arrays = draw_arrays(samples=2)
    assert len(list(predict_samples(Broken(), arrays, np.arange(2)))) == 2
    arrays._images[arrays.index["image_offset"][1] :] = 0  # type: ignore[index]
    with pytest.raises(FitError, match="the depth predicted for sample 001 holds values that are no number"):
        list(predict_samples(Broken(), arrays, np.arange(2)))
