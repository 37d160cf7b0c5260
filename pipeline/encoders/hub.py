"""Presets of KerasHub: by name, from a folder, or from Hugging Face (hf://USER/NAME); the only keras_hub."""

from typing import Any

import keras

from pipeline.fitting.control import FitError

Tensor = Any


class Convert(keras.layers.Layer):  # type: ignore[misc]
    """The scale and offset of a preset's image converter, one number or one a channel."""

    def __init__(self, scale: Any, offset: Any, **settings: Any) -> None:
        super().__init__(**settings)
        self.scale, self.offset = scale, offset

    def call(self, images: Tensor) -> Tensor:
        scale = 1.0 if self.scale is None else keras.ops.convert_to_tensor(self.scale, images.dtype)
        offset = 0.0 if self.offset is None else keras.ops.convert_to_tensor(self.offset, images.dtype)
        return images * scale + offset

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"scale": self.scale, "offset": self.offset}


def build_backbone(preset: str, size: tuple[int, int], *, load_weights: bool = False) -> keras.Model:
    """The backbone of a preset. Raises FitError where there is none, or it takes no pictures of this size."""
    try:
        backbone = import_hub().models.Backbone.from_preset(preset, load_weights=load_weights)
    except (ValueError, FileNotFoundError, OSError) as error:
        raise FitError(f"network keras_hub:{preset} cannot be had: {error}") from error
    inputs = backbone.inputs
    if len(inputs) != 1 or len(inputs[0].shape) != 4 or inputs[0].shape[-1] != 3:
        raise FitError(
            f"network keras_hub:{preset} does not take one colour picture: name a preset of an image classifier"
        )
    if any(side not in (None, asked) for side, asked in zip(inputs[0].shape[1:3], size, strict=True)):
        raise FitError(f"network keras_hub:{preset} takes {list(inputs[0].shape[1:3])} pixels: set size to that")
    if isinstance(backbone.output, dict):
        raise FitError(f"network keras_hub:{preset} gives several features: name a preset of an image classifier")
    return backbone


def build_converter(preset: str) -> Convert:
    """The preset's own preprocessing of pictures in 0 to 255; none where it has none."""
    try:
        converter = import_hub().layers.ImageConverter.from_preset(preset)
    except (ValueError, FileNotFoundError, OSError):
        return Convert(None, None, dtype="float32")
    return Convert(converter.scale, converter.offset, dtype="float32")


def import_hub() -> Any:
    """KerasHub, or a FitError that says how to have it."""
    try:
        import keras_hub
    except ImportError as error:
        raise FitError(
            "a network keras_hub:... needs KerasHub, which is an extra: install it by `pip install keras-hub` (extra hub)"
        ) from error
    return keras_hub
