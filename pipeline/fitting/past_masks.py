"""Past frames' masks as input channels: those that the network itself predicts, in training as in prediction."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from pipeline.fitting.trainer import to_network_input
from pipeline.losses import probabilities
from pipeline.tasks import Head

Tensor = Any
Build = Callable[[int, tuple[Head, ...]], keras.Model]


class PastMasks(keras.layers.Layer):  # type: ignore[misc]
    """Segments a clip (batch, time, height, width, channel) frame by frame with one network, and gives the last frame's outputs.

    The network takes the clip with each frame's predicted mask as further channels: nothing yet for the frame that it is
    to segment. So the first frame is segmented without any mask, the second with the first's, and so on; before a clip's
    first frame stands that frame itself, as it does for samples at the start of a sequence. True masks have no way in.

    What is fed back is predicted in inference mode, which is what prediction will see, and without a gradient: a step
    learns from the last pass alone. That pass gets no masks for one sample in `time`, drawn by chance, since the network
    must know how to begin. A clip of T frames costs T passes in prediction and T - 1 more, forward only, in training.
    """

    def __init__(self, network: keras.Model, mask_channels: int, **settings: Any) -> None:
        super().__init__(**settings)
        self.network, self.mask_channels = network, mask_channels
        self.seed_generator = keras.random.SeedGenerator()

    def call(self, clip: Tensor, training: bool = False) -> dict[str, Tensor]:
        blank = ops.zeros_like(ops.repeat(clip[..., :1], self.mask_channels, axis=-1))
        masks = [blank[:, frame] for frame in range(clip.shape[1])]
        for frame in range(clip.shape[1] - 1):
            predicted = probabilities(self.network(self._see(clip, masks, frame), training=False)["mask"])
            masks[frame] = ops.cast(ops.stop_gradient(predicted), clip.dtype)
        if training:
            kept = self._draw_kept(clip)
            masks = [mask * kept for mask in masks]
        outputs: dict[str, Tensor] = self.network(self._see(clip, masks, clip.shape[1] - 1), training=training)
        return outputs

    def _see(self, clip: Tensor, masks: list[Tensor], frame: int) -> Tensor:
        """What the network takes to segment a frame: as many frames up to it as the clip has, each with its mask."""
        frames = clip.shape[1]
        seen = [max(0, frame - frames + 1 + place) for place in range(frames)]
        pairs = [ops.concatenate([clip[:, place], masks[place]], axis=-1) for place in seen]
        return to_network_input(ops.stack(pairs, axis=1), self.network)

    def _draw_kept(self, clip: Tensor) -> Tensor:
        """1 where a sample keeps its masks, 0 where it begins without any (batch, 1, 1, 1)."""
        drawn = keras.random.uniform((ops.shape(clip)[0], 1, 1, 1), seed=self.seed_generator)
        return ops.cast(drawn >= 1 / clip.shape[1], clip.dtype)

    def compute_output_spec(self, clip: Tensor, training: bool = False) -> dict[str, keras.KerasTensor]:
        outputs = self.network.output
        return {name: keras.KerasTensor((clip.shape[0], *made.shape[1:]), made.dtype) for name, made in outputs.items()}


def build_fed_network(build: Build, frames: int, channels: int, heads: tuple[Head, ...]) -> keras.Model:
    """A network of clips that feeds on its own masks; `build` makes the network within it, which takes their channels too."""
    mask_channels = next(head.channels for head in heads if head.name == "mask")
    clip = keras.Input((frames, None, None, channels))
    return keras.Model(clip, PastMasks(build(channels + mask_channels, heads), mask_channels)(clip))


def inner_network(network: keras.Model) -> keras.Model:
    """The network whose layers learn: the one within, where it feeds on its own masks."""
    fed = [layer for layer in network.layers if isinstance(layer, PastMasks)]
    return fed[0].network if fed else network
