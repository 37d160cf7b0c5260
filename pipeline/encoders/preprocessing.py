"""From pictures of any type to what an encoder was fitted on: red, green and blue in 0 to 255, then its own preprocessing."""

import importlib
from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.datasets.arrays import Arrays
from pipeline.fitting.control import FitError

Tensor = Any
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)


def highest_value(dtype: np.dtype[Any]) -> float:
    """The value of white: the largest of an unsigned type, 1 of floating point. Raises FitError for signed whole numbers."""
    if dtype.kind == "u":
        return float(np.iinfo(dtype).max)
    if dtype.kind == "f":
        return 1.0
    raise FitError(
        f"pictures of {dtype} have no known white, and a pretrained encoder asks for 0 to 255: "
        "store them as uint8, as uint16 (0 to 65535) or as floating point (0 to 1)"
    )


def check_channels(channels: int) -> None:
    """Raise FitError where pictures of so many channels are neither grey nor colour."""
    if channels not in (1, 3):
        raise FitError(
            f"a pretrained encoder takes 1 channel (grey) or 3 (red, green, blue), these pictures have {channels}: "
            "name the folders or channels to use in data.channels"
        )


def check_pictures(arrays: Arrays, positions: np.ndarray) -> None:
    """Raise FitError where the values of the samples are not what their type tells."""
    dtype = arrays.image(positions[0]).dtype
    highest_value(dtype)
    if dtype.kind != "f":
        return
    ends = np.array([(image.min(), image.max()) for image in map(arrays.image, positions)])
    low, high = ends[:, 0].min(), ends[:, 1].max()
    if low < 0 or high > 1:
        raise FitError(
            f"pictures of {dtype} must lie in 0 to 1 for a pretrained encoder, these lie in {low:g} to {high:g}: "
            "divide them by their largest possible value"
        )


class PictureRange(keras.layers.Layer):  # type: ignore[misc]
    """Undoes the normalisation by the training subset: red, green and blue in 0 to 255, a grey channel thrice.

    So augmentation counts in standard deviations of the training pictures, as it does for every network, and the encoder
    sees what it was fitted on. Mean and deviation are variables, saved with the network's weights.
    """

    def __init__(self, channels: int, **settings: Any) -> None:
        super().__init__(trainable=False, **settings, dtype="float32")
        self.channels = channels
        self.mean, self.deviation = (
            self.add_weight(shape=(channels,), initializer=value, trainable=False, name=name)
            for name, value in (("mean", "zeros"), ("deviation", "ones"))
        )

    def set_range(self, mean: np.ndarray, deviation: np.ndarray, white: float) -> None:
        """Take over the statistics (channel,) that pictures are normalised by, and the value of white."""
        self.mean.assign(np.asarray(mean, "float32") * 255 / white)
        self.deviation.assign(np.asarray(deviation, "float32") * 255 / white)

    def call(self, images: Tensor) -> Tensor:
        images = ops.cast(images, "float32") * self.deviation + self.mean
        return ops.tile(images, (1, 1, 1, 3)) if self.channels == 1 else images

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], 3)

    def get_config(self) -> dict[str, Any]:
        settings = super().get_config() | {"channels": self.channels}
        return {name: value for name, value in settings.items() if name not in ("dtype", "trainable")}


class Preprocess(keras.layers.Layer):  # type: ignore[misc]
    """The `preprocess_input` that a network of keras.applications has beside it, of pictures in 0 to 255."""

    def __init__(self, module: str, is_sharpened: bool = False, **settings: Any) -> None:
        """`module` is of keras.applications; `is_sharpened` adds what EfficientNetB0 to B7 do where weights are imagenet."""
        super().__init__(**settings)
        self.module, self.is_sharpened = module, is_sharpened

    def call(self, images: Tensor) -> Tensor:
        if self.is_sharpened:
            images = sharpen(images)
        function = importlib.import_module(f"keras.applications.{self.module}").preprocess_input
        return function(images + 0.0, data_format="channels_last")  # a copy: on PyTorch it would write into its input

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"module": self.module, "is_sharpened": self.is_sharpened}


def sharpen(images: Tensor) -> Tensor:
    """Contrast divided by the square root of ImageNet's deviation about ImageNet's mean.

    Keras adds this to EfficientNetB0 to B7 where weights are "imagenet" alone, so that the same weights from a file would
    give other features (https://github.com/tensorflow/tensorflow/issues/49930).
    """
    mean = 255 * np.asarray(IMAGENET_MEAN, "float32")
    return (images - mean) / np.sqrt(np.asarray(IMAGENET_DEVIATION, "float32")) + mean
