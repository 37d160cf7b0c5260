"""The convolutional LSTM against Keras' own, and time folded into the batch."""

import keras
import numpy as np
import pytest

from pipeline.recurrent import ConvLstm, FoldTime, UnfoldTime

pytestmark = pytest.mark.usefixtures("keras_backend")
CLIP = np.random.default_rng(0).normal(size=(2, 3, 6, 8, 2)).astype("float32")


@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
def test_outputs_are_those_of_keras(sequences: bool, backwards: bool) -> None:
    own = ConvLstm(4, 3, sequences=sequences, backwards=backwards)
    theirs = keras.layers.ConvLSTM2D(
        4, 3, padding="same", recurrent_activation="sigmoid", return_sequences=sequences, go_backwards=backwards
    )
    outputs = keras.ops.convert_to_numpy(own(CLIP))
    theirs.build(CLIP.shape)
    kernel, bias = own.input_gates.get_weights()
    theirs.set_weights([kernel, *own.state_gates.get_weights(), bias])
    expected = keras.ops.convert_to_numpy(theirs(CLIP))
    if sequences and backwards:
        expected = expected[:, ::-1]  # Keras gives the last frame read, which is the clip's first, first
    np.testing.assert_allclose(outputs, expected, atol=1e-5)


def test_state_is_dropped_while_training_only() -> None:
    layer = ConvLstm(4, 3, sequences=False, dropout=0.5)
    calm, again, dropped = (layer(CLIP, training=training) for training in (False, False, True))
    np.testing.assert_array_equal(calm, again)
    assert np.abs(np.asarray(dropped) - np.asarray(calm)).max() > 1e-3


def test_folded_time_is_unfolded() -> None:
    folded = FoldTime()(CLIP)
    np.testing.assert_array_equal(np.asarray(folded)[3], CLIP[1, 0])
    np.testing.assert_array_equal(UnfoldTime(3)(folded), CLIP)
