"""What a fit of a network tells and refuses."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from pipeline.augment import Augment
from pipeline.batches import View
from pipeline.datasets.arrays import Arrays
from pipeline.datasets.manifest import Dataset
from pipeline.fitting.control import FitControl, FitError, FitResult
from pipeline.fitting.events import NAME
from pipeline.fitting.halving import fit_trainer
from pipeline.fitting.loop import FitData
from pipeline.fitting.scoring import build_score
from pipeline.fitting.trainer import Statistics, Trainer, stack_frames, unstack_frames
from pipeline.losses.masks import cross_entropy
from pipeline.models import build_model, save_model
from pipeline.models.unet import Model
from pipeline.params import AugmentParams, OptimizerParams, PredictParams, TrainParams, UNetParams
from pipeline.tasks import Head
from tests.drawn import describe, draw_arrays, gather

pytestmark = pytest.mark.usefixtures("eager_steps")
SMALL = UNetParams(name="unet", depth=1, filters=2)
NONE = AugmentParams()


def fit(
    arrays: Arrays, control: FitControl | None = None, classes: int = 2, entry: UNetParams = SMALL, **train: Any
) -> FitResult:
    model = build_model(entry, describe(classes=classes), "segmentation", seed=0)
    everything = np.arange(len(arrays))
    augment = train.pop("augment", NONE)
    params = TrainParams(**({"samples": 4, "epoch_samples": 4, "batch_size": 4} | train))
    return model.fit(arrays, everything, everything, params, augment, control or FitControl())


def sized(*sizes: tuple[int, int], frames: int = 1) -> Arrays:
    return gather([(np.zeros((*size, 1), "uint8"), np.zeros(size, "uint8")) for size in sizes], frames)


def test_history_tells_of_each_epoch() -> None:
    rows: list[dict[str, float]] = []
    result = fit(draw_arrays(), FitControl(on_epoch=rows.append), samples=8)
    assert rows == result.history and [row["epoch"] for row in rows] == [1, 2]
    assert [row["samples"] for row in rows] == [4, 8] and result.samples_seen == 8
    assert rows[0]["learning_rate"] > rows[1]["learning_rate"]
    assert 0 < rows[0]["seconds"] < rows[1]["seconds"] and result.notes == () and result.stopped == "budget"


def test_minutes_end_a_fit_after_an_epoch_at_least() -> None:
    result = fit(draw_arrays(), samples=40, minutes=1e-9)
    assert result.stopped == "minutes" and len(result.history) == 1


def test_best_weights_are_kept() -> None:
    """At a rate that ruins everything after the first epoch, the weights are those of the best epoch."""
    arrays, model = draw_arrays(), build_model(SMALL, describe(), "segmentation", seed=0)
    assert isinstance(model, Model)
    params = TrainParams(samples=20, epoch_samples=4, batch_size=4, optimizer=OptimizerParams(learning_rate=0.5))
    everything = np.arange(4)
    kept: list[list[np.ndarray]] = []
    control = FitControl(on_epoch=lambda row: kept.append(model.network.get_weights()))
    result = model.fit(arrays, everything, everything, params, NONE, control)
    losses = [row["validation_loss"] for row in result.history]
    assert result.best_epoch == int(np.argmin(losses)) + 1
    for weight, of_best in zip(model.network.get_weights(), kept[result.best_epoch - 1], strict=True):
        np.testing.assert_array_equal(weight, of_best)


def test_a_loss_that_is_no_number_ends_a_fit_with_the_mend() -> None:
    with pytest.raises(
        FitError, match=r"no number after epoch 1: lower train.optimizer.learning_rate \(it is 1e\+30\)"
    ):
        fit(draw_arrays(), samples=12, epoch_samples=12, optimizer=OptimizerParams(learning_rate=1e30, kind="sgd"))


def test_halved_batch_is_noted() -> None:
    result = fit(draw_arrays(size=(256, 256)), entry=UNetParams(name="unet", depth=1, filters=8), memory_mb=950)
    assert result.batch_size < 4 and f"halved to {result.batch_size}" in result.notes[0]


def test_batch_that_memory_refuses_is_halved_and_the_fit_begun_anew() -> None:
    def refuse(limit: int) -> FitResult:
        def loss(targets: Any, logits: Any) -> Any:
            if logits["mask"].shape[0] is not None and logits["mask"].shape[0] > limit:
                raise MemoryError
            return cross_entropy(targets["mask"], logits["mask"])

        network = build_model(
            UNetParams(name="unet", depth=1, filters=2, dropout=0.5), describe(), "segmentation", seed=0
        ).network  # type: ignore[attr-defined]
        augment = Augment(AugmentParams(noise=1.0), seed=0)
        statistics = Statistics(np.zeros(1, "float32"), np.ones(1, "float32"))
        trainer = Trainer(network, (Head("mask", 1, "sigmoid"),), augment, loss, statistics)
        clips = np.arange(4)[:, None]
        params = TrainParams(samples=8, epoch_samples=8, batch_size=8)
        return fit_trainer(
            trainer,
            FitData(draw_arrays(), clips, clips, View(("mask",), (16, 16))),
            max(1, limit * 4),
            params,
            0,
            FitControl(),
        )

    halved = refuse(2)
    assert halved.batch_size == 2 and halved.samples_seen == 8
    with pytest.raises(FitError, match="memory does not hold a step of one patch of 16x16"):
        refuse(0)


def test_events_are_written_beside(tmp_path: Path) -> None:
    fit(draw_arrays(), FitControl(tensorboard=tmp_path / "0.tensorboard"))
    assert b"validation_score" in (tmp_path / "0.tensorboard" / NAME).read_bytes()


@pytest.mark.parametrize(
    ("arrays", "settings", "message"),
    [
        (sized((16, 16), (16, 24)), {}, "the images have 2 sizes, from 16x16 to 16x24: set train.patch"),
        (sized((16, 24)), {"augment": AugmentParams(quarter_turns=True)}, "needs square patches, these are 16x24"),
        (sized((16, 16)), {"classes": 3}, "binary_cross_entropy is for masks of 2 classes, these have 3"),
        (
            sized((16, 16), (16, 24), frames=2),
            {"entry": UNetParams(name="u", clip=2), "patch": (16, 16)},
            "the frames of sequence s0 differ in size",
        ),
    ],
)
def test_what_cannot_be_fitted_is_told_before_the_first_step(arrays: Arrays, settings: Any, message: str) -> None:
    with pytest.raises(FitError, match=message):
        fit(arrays, **settings)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(FitError, match=r"(?s)binary_cross_entropy.*2 sizes"):
        fit(sized((16, 16), (16, 24)), classes=3)


def test_images_of_several_sizes_are_fitted_in_patches() -> None:
    assert fit(sized((9, 30), (16, 24)), patch=(16, 16)).samples_seen == 4


class TestInitialWeights:
    """Starting from a fitted model's file."""

    def written(self, path: Path, entry: UNetParams = SMALL, data_hash: str = "other") -> str:
        dataset = Dataset(1, "uint8", (0, 1), ("a", "b"), data_hash, "drawn")
        save_model(path / "0.npz", build_model(entry, dataset, "segmentation", seed=9), dataset, "segmentation")
        return str(path / "0.npz")

    def test_a_fit_starts_from_them(self, tmp_path: Path) -> None:
        still = {"optimizer": OptimizerParams(kind="sgd", learning_rate=1e-30, weight_decay=0.0)}
        model = build_model(SMALL, describe(), "segmentation", seed=0)
        expected = build_model(SMALL, describe(), "segmentation", seed=9)
        params = TrainParams(samples=4, epoch_samples=4, batch_size=4, initial_weights=self.written(tmp_path), **still)
        result = model.fit(draw_arrays(), np.arange(4), np.arange(4), params, NONE, FitControl(data_hash="data"))
        kernel = "weight_0000"
        np.testing.assert_array_equal(model.state()[kernel], expected.state()[kernel])
        assert "started from the weights of" in result.notes[0]

    def test_other_shapes_are_refused(self, tmp_path: Path) -> None:
        path = self.written(tmp_path, UNetParams(name="unet", depth=1, filters=4))
        with pytest.raises(FitError, match=r"weight 0 has shape \(3, 3, 1, 4\) there and \(3, 3, 1, 2\) here"):
            fit(draw_arrays(), initial_weights=path)

    def test_weights_that_know_the_samples_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(FitError, match="fitted on this very data set"):
            fit(draw_arrays(), FitControl(data_hash="data"), initial_weights=self.written(tmp_path, data_hash="data"))

    def test_a_missing_file_is_named(self) -> None:
        with pytest.raises(FitError, match=r"train.initial_weights nowhere.npz does not exist"):
            fit(draw_arrays(), initial_weights="nowhere.npz")


def test_dice_of_batches_pools_counted_pixels() -> None:
    score = build_score(Head("mask", 1, "sigmoid"))
    mask = np.array([[[1, 1, 0, 255]]])
    score.update_state(mask, np.array([9.0, -9, 9, 9], "float32").reshape(1, 1, 4, 1))
    assert float(keras.ops.convert_to_numpy(score.result())) == pytest.approx(2 / 4)
    score.update_state(mask, np.array([9.0, 9, -9, -9], "float32").reshape(1, 1, 4, 1))
    assert float(keras.ops.convert_to_numpy(score.result())) == pytest.approx(6 / 8)


def test_stacked_frames_are_unstacked() -> None:
    clip = np.random.default_rng(0).random((2, 3, 4, 5, 2)).astype("float32")
    stacked = stack_frames(clip)
    np.testing.assert_array_equal(stacked[..., 2:4], clip[:, 1])
    np.testing.assert_array_equal(unstack_frames(stacked, 3), clip)


def test_prediction_normalises_by_the_training_samples() -> None:
    model = build_model(SMALL, describe(), "segmentation", seed=0, predict=PredictParams())
    image = draw_arrays().image(0)[None].astype("uint16")
    before = model.predict(image)["mask"]
    model.set_state(model.state() | {"mean": np.array([100.0], "float32"), "deviation": np.array([2.0], "float32")})
    np.testing.assert_allclose(model.predict(image * 2 + 100)["mask"], before, atol=1e-5)
