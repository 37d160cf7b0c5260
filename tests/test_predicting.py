"""Predictions of samples, by models that stand for fitted ones."""

import numpy as np
import pytest
from scipy.special import expit, softmax

from pipeline.fitting.control import FitError
from pipeline.params import PredictParams, SetParams
from pipeline.predicting import Pair, Pairs, as_stored, choose, predict_samples
from pipeline.tasks import build_task
from pipeline.thresholds import CANDIDATES
from tests.drawn import describe, draw_arrays


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


def draw_pairs(seed: int, count: int = 6) -> list[Pair]:
    """Masks, and logits of foreground twice too large and shifted, so that the best threshold is not .5; labels alike."""
    random, pairs = np.random.default_rng(seed), []
    for _ in range(count):
        logits, classes = random.normal(0, 2, (24, 24)), random.normal(0, 2, 2)
        mask = (random.random(logits.shape) < expit(logits)).astype("uint8")
        label = np.array(random.random() < softmax(classes)[1], int)
        told = {"mask": expit(2 * logits + 3)[..., None].astype("float32"), "label": softmax(3 * classes)}
        pairs.append(({"mask": mask, "label": label}, told))
    return pairs


def test_threshold_at_a_temperature_parts_the_same_pixels() -> None:
    pairs, task = draw_pairs(0), build_task("segmentation", describe())
    hot = choose(pairs, task, PredictParams(), seed=0)
    raw = choose(pairs, task, PredictParams(temperature=False), seed=0)
    assert raw.threshold in CANDIDATES and raw.threshold != 0.5 and raw.temperatures == {}
    assert abs(hot.temperatures["mask"] - 1) > 0.5 and abs(hot.threshold - raw.threshold) > 0.05
    for pair in draw_pairs(1):
        by_hot, by_raw = (as_stored(pair, chosen.temperatures)[1]["mask"] >= chosen.threshold for chosen in (hot, raw))
        assert (by_hot == by_raw).all()


def test_given_threshold_is_a_probability_at_the_temperature() -> None:
    chosen = choose(draw_pairs(0), build_task("segmentation", describe()), PredictParams(threshold=0.3), seed=0)
    assert chosen.threshold == 0.3 and chosen.temperatures["mask"] > 1.5


def test_sets_are_calibrated_at_the_temperature() -> None:
    pairs, task = draw_pairs(0, count=40), build_task("classification", describe())
    sets = SetParams(coverage=0.8)
    chosen = choose(pairs, task, PredictParams(sets=sets), seed=0)
    at_temperature = [as_stored(pair, chosen.temperatures) for pair in pairs]
    assert chosen.temperatures["label"] > 1.5
    assert chosen.quantile == task.calibrate_sets(at_temperature, sets) != task.calibrate_sets(pairs, sets)


def test_labels_are_predicted_once_whatever_is_chosen_by_them() -> None:
    class Asked:
        clip, times = 1, 0

        def predict(self, clip: np.ndarray) -> dict[str, np.ndarray]:
            self.times += 1
            return {"label": np.array([0.3, 0.7], "float32")}

    model, arrays, task = Asked(), draw_arrays(samples=4), build_task("classification", describe())
    chosen = choose(Pairs(model, arrays, np.arange(4), task), task, PredictParams(), seed=0)
    assert model.times == 4 and chosen.quantile is not None and "label" in chosen.temperatures
