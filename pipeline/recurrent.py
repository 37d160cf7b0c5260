"""Layers over the frames of a clip: time folded into the batch and back, and a convolutional LSTM."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

Tensor = Any
Shape = tuple[int | None, ...]


class FoldTime(keras.layers.Layer):  # type: ignore[misc]
    """(batch, time, height, width, channel) -> (batch * time, height, width, channel)."""

    def call(self, clip: Tensor) -> Tensor:
        return ops.reshape(clip, (-1, *ops.shape(clip)[2:]))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, frames = input_shape[:2]
        return (batch and frames and batch * frames, *input_shape[2:])


class UnfoldTime(keras.layers.Layer):  # type: ignore[misc]
    """The inverse of FoldTime for clips of a number of frames."""

    def __init__(self, frames: int, **settings: Any) -> None:
        super().__init__(**settings)
        self.frames = frames

    def call(self, images: Tensor) -> Tensor:
        return ops.reshape(images, (-1, self.frames, *ops.shape(images)[1:]))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch = input_shape[0]
        return (batch and batch // self.frames, self.frames, *input_shape[1:])

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"frames": self.frames}


class ConvLstm(keras.layers.Layer):  # type: ignore[misc]
    """Convolutional LSTM (Shi et al. 2015) of clips (batch, time, height, width, channel), equal to keras.layers.ConvLSTM2D.

    Keras' own layer demands a height and width known when it is built, so that whole images of another size than the
    patches could not be predicted, and convolves each gate of each frame apart; here the input's gates of all frames are
    one convolution, and the state's gates one a frame.
    """

    def __init__(
        self,
        filters: int,
        kernel: int,
        *,
        sequences: bool,
        backwards: bool = False,
        dropout: float = 0.0,
        **settings: Any,
    ) -> None:
        super().__init__(**settings)
        self.filters, self.kernel, self.sequences = filters, kernel, sequences
        self.backwards, self.dropout = backwards, dropout
        self.seed_generator = keras.random.SeedGenerator()
        self.input_gates = keras.layers.Conv2D(4 * filters, kernel, padding="same", bias_initializer=self._remember)
        self.state_gates = keras.layers.Conv2D(
            4 * filters, kernel, padding="same", use_bias=False, kernel_initializer="orthogonal"
        )

    def _remember(self, shape: Shape, dtype: Any = None) -> Tensor:
        """Biases of the gates input, forget, cell, output: 1 for forget, else 0 (Jozefowicz et al. 2015)."""
        gate = ops.arange(4 * self.filters) // self.filters
        return ops.cast(gate == 1, dtype or "float32")

    def build(self, clip_shape: Shape) -> None:
        self.input_gates.build((None, *clip_shape[2:]))
        self.state_gates.build((None, *clip_shape[2:4], self.filters))

    def call(self, clip: Tensor, training: bool = False) -> Tensor:
        frames = clip.shape[1]
        gates = UnfoldTime(frames)(self.input_gates(FoldTime()(clip)))
        state = cell = ops.zeros_like(gates[:, 0, ..., : self.filters])
        kept = self._draw_kept(state) if training and self.dropout else None
        states = []
        for frame in reversed(range(frames)) if self.backwards else range(frames):
            seen = state if kept is None else state * kept
            enter, forget, fresh, leave = ops.split(gates[:, frame] + self.state_gates(seen), 4, axis=-1)
            cell = ops.sigmoid(forget) * cell + ops.sigmoid(enter) * ops.tanh(fresh)
            state = ops.sigmoid(leave) * ops.tanh(cell)
            states.append(state)
        if not self.sequences:
            return state
        return ops.stack(states[::-1] if self.backwards else states, axis=1)

    def _draw_kept(self, state: Tensor) -> Tensor:
        return keras.random.dropout(ops.ones_like(state), self.dropout, seed=self.seed_generator)

    def compute_output_shape(self, clip_shape: Shape) -> Shape:
        time = clip_shape[1:2] if self.sequences else ()
        return (clip_shape[0], *time, *clip_shape[2:4], self.filters)

    def get_config(self) -> dict[str, Any]:
        own = {"filters": self.filters, "kernel": self.kernel, "sequences": self.sequences}
        return super().get_config() | own | {"backwards": self.backwards, "dropout": self.dropout}


def encode_clip(features: Tensor, depth: int, block: Callable[[Tensor, int], Tensor]) -> tuple[Tensor, list[Tensor]]:
    """A block and a pooling a level, of every frame: the features that reach the bottleneck, and the skips, all with time."""
    skips = []
    for level in range(depth):
        skips.append(block(features, level))
        features = each_frame(skips[-1], keras.layers.MaxPooling2D())
    return features, skips


def each_frame(features: Tensor, function: Callable[[Tensor], Tensor]) -> Tensor:
    """The same layers on every frame of (batch, time, height, width, channel)."""
    return UnfoldTime(features.shape[1])(function(FoldTime()(features)))


def last_frame(features: Tensor) -> Tensor:
    """(batch, height, width, channel) of the clip's last frame."""
    return features[:, -1]
