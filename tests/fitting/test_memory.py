"""The batch that a fit's memory holds, from the sizes of features worked out by hand."""

import logging

import keras
import pytest

from pipeline.fitting.memory import FRAMEWORK_MB, describe_batch, estimate_memory_mb, fitting_batch_size
from pipeline.models.conv_lstm_unet import Model as ConvLstmUNet
from pipeline.models.unet import Model as UNet
from pipeline.params import ConvLstmUNetParams, PredictParams, TrainParams, UNetParams
from pipeline.tasks import Head

pytestmark = pytest.mark.usefixtures("keras_backend")
HEADS = (Head("mask", 1, "sigmoid"),)


def small_unet() -> keras.Model:
    entry = UNetParams(name="unet", depth=1, filters=2, convolutions=1, normalization="none")
    return UNet(entry, 1, HEADS, seed=0, predict=PredictParams()).network


def test_estimate_is_the_sum_over_features_and_weights() -> None:
    # 8x8: image 1, convolution and ReLU 2 + 2, way up 2, joined 4, convolution and ReLU 2 + 2, head 1; 4x4: 2, 4 + 4
    features = 64 * (1 + 2 + 2 + 2 + 4 + 2 + 2 + 1) + 16 * (2 + 4 + 4)
    weights = (9 * 1 + 1) * 2 + (9 * 2 + 1) * 4 + (4 * 4 * 2 + 2) + (9 * 4 + 1) * 2 + 3
    network = small_unet()
    assert network.count_params() == weights
    for batch_size in (1, 3):
        expected = FRAMEWORK_MB + 4 * (3 * features * batch_size + 4 * weights) / 1e6
        assert estimate_memory_mb(network, (1, 8, 8, 1), batch_size) == pytest.approx(expected)


def test_frames_of_a_clip_count() -> None:
    entry = ConvLstmUNetParams(name="n", depth=1, filters=2, clip=2)
    estimates = []
    for clip in (2, 6):
        model = ConvLstmUNet(entry.model_copy(update={"clip": clip}), 1, HEADS, seed=0, predict=PredictParams())
        estimates.append(estimate_memory_mb(model.network, (clip, 256, 256, 1), 4) - FRAMEWORK_MB)
    assert 2 < estimates[1] / estimates[0] < 3


def test_batch_is_halved_until_it_fits(caplog: pytest.LogCaptureFixture) -> None:
    network, clip = small_unet(), (1, 512, 512, 1)
    limit = int(estimate_memory_mb(network, clip, 3))
    params = TrainParams(batch_size=8, memory_mb=limit)
    with caplog.at_level(logging.WARNING):
        assert fitting_batch_size(network, clip, params) == 2
    assert "batch_size 8" in caplog.text and "going on with 2" in caplog.text
    assert "halved to 2" in describe_batch(2, params)[0] and describe_batch(8, params) == ()


def test_a_batch_that_fits_is_kept() -> None:
    assert fitting_batch_size(small_unet(), (1, 8, 8, 1), TrainParams(batch_size=7)) == 7
