"""One random transform drawn a sample or clip, applied to image and targets alike, inside the compiled step."""

import math
from typing import Any

import keras
from keras import ops

from pipeline.params import AugmentParams

Tensor = Any


class Augment(keras.layers.Layer):  # type: ignore[misc]
    """Random geometry and intensity of (images, maps); the seed's state is a variable and so is checkpointed.

    Call with images (batch, height, width, channel), a clip's frames folded into channels, in standard deviations,
    and maps by name (batch, height, width), such as masks of whole numbers; returns the same shapes. Beyond the border the
    patch is mirrored. Images are interpolated linearly; maps take the nearest pixel, never a mixture, and no colour changes.
    """

    def __init__(self, params: AugmentParams, seed: int) -> None:
        super().__init__(dtype="float32")
        self.params = params
        self.seed_generator = keras.random.SeedGenerator(seed)
        geometry = params.model_dump(exclude={"elastic_grid", "brightness", "contrast", "noise"})
        self.has_geometry = any(geometry.values())
        self.built = True

    def call(self, images: Tensor, maps: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        if self.has_geometry:
            rows, columns = self._source_coordinates(*ops.shape(images)[:3])
            images = sample_linear(images, rows, columns)
            maps = {name: sample_nearest(values, rows, columns) for name, values in maps.items()}
        return self._change_intensity(images), maps

    def _uniform(self, batch: int, low: float, high: float) -> Tensor:
        return keras.random.uniform((batch,), low, high, seed=self.seed_generator)

    def _coin(self, batch: int, is_on: bool) -> Tensor:
        """-1 or 1 with equal chance where on, else 1."""
        return ops.where(self._uniform(batch, -1.0, 1.0) < 0, -1.0, 1.0) if is_on else ops.ones((batch,))

    def _draw_turn(self, batch: int) -> tuple[Tensor, Tensor]:
        """Cosine and sine of the angle; of quarter turns alone they are whole numbers, so that no pixel is interpolated."""
        angle = self._uniform(batch, -self.params.rotation, self.params.rotation) * math.pi / 180
        cosine, sine = ops.cos(angle), ops.sin(angle)
        if not self.params.quarter_turns:
            return cosine, sine
        quarters = ops.one_hot(ops.cast(self._uniform(batch, 0.0, 4.0), "int32"), 4)
        across, along = quarters[:, 0] - quarters[:, 2], quarters[:, 1] - quarters[:, 3]
        return cosine * across - sine * along, sine * across + cosine * along

    def _source_coordinates(self, batch: int, height: int, width: int) -> tuple[Tensor, Tensor]:
        """For every pixel of the result the row and column (batch, height, width) it comes from."""
        params = self.params
        cosine, sine = self._draw_turn(batch)
        zoom = ops.power(1.0 + params.scale, self._uniform(batch, -1.0, 1.0))
        shear = ops.tan(self._uniform(batch, -params.shear, params.shear) * math.pi / 180)
        mirror_rows = self._coin(batch, params.flip_vertical)
        mirror_columns = self._coin(batch, params.flip_horizontal)
        cosine, sine = cosine / zoom, sine / zoom
        down = ops.reshape(ops.arange(height, dtype="float32") - (height - 1) / 2, (1, height, 1))
        right = ops.reshape(ops.arange(width, dtype="float32") - (width - 1) / 2, (1, 1, width))

        def spread(values: Tensor) -> Tensor:
            return ops.reshape(values, (batch, 1, 1))

        rows = spread(cosine * mirror_rows) * down + spread((shear * cosine - sine) * mirror_rows) * right
        columns = spread(sine * mirror_columns) * down + spread((shear * sine + cosine) * mirror_columns) * right
        rows += spread(self._uniform(batch, -params.shift, params.shift) * height) + (height - 1) / 2
        columns += spread(self._uniform(batch, -params.shift, params.shift) * width) + (width - 1) / 2
        if params.elastic_px:
            field = self._draw_displacement(batch, height, width)
            rows, columns = rows + field[..., 0], columns + field[..., 1]
        return rows, columns

    def _draw_displacement(self, batch: int, height: int, width: int) -> Tensor:
        shape = (batch, self.params.elastic_grid, self.params.elastic_grid, 2)
        control = keras.random.normal(shape, stddev=self.params.elastic_px, seed=self.seed_generator)
        return ops.image.resize(control, (height, width), interpolation="bicubic", data_format="channels_last")

    def _change_intensity(self, images: Tensor) -> Tensor:
        params, batch = self.params, ops.shape(images)[0]

        def spread(values: Tensor) -> Tensor:
            return ops.reshape(values, (batch, 1, 1, 1))

        if params.contrast:
            mean = ops.mean(images, axis=(1, 2), keepdims=True)
            images = (images - mean) * spread(self._uniform(batch, 1 - params.contrast, 1 + params.contrast)) + mean
        if params.brightness:
            images += spread(self._uniform(batch, -params.brightness, params.brightness))
        if params.noise:
            strength = spread(self._uniform(batch, 0.0, params.noise))
            images += strength * keras.random.normal(ops.shape(images), seed=self.seed_generator)
        return images


def sample_linear(images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Bilinear values of images (batch, height, width, channel) at coordinates (batch, height, width)."""
    height, width = ops.shape(images)[1:3]
    rows, columns = _mirror(rows, height), _mirror(columns, width)
    top, left = ops.floor(rows), ops.floor(columns)
    down, right = ops.expand_dims(rows - top, -1), ops.expand_dims(columns - left, -1)
    top, left = ops.cast(top, "int32"), ops.cast(left, "int32")
    bottom, far = ops.minimum(top + 1, height - 1), ops.minimum(left + 1, width - 1)
    upper = _take(images, top, left) * (1 - right) + _take(images, top, far) * right
    lower = _take(images, bottom, left) * (1 - right) + _take(images, bottom, far) * right
    return upper * (1 - down) + lower * down


def sample_nearest(masks: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """The nearest pixel of masks (batch, height, width) at coordinates (batch, height, width)."""
    height, width = ops.shape(masks)[1:3]
    nearest_rows = ops.cast(ops.floor(_mirror(rows, height) + 0.5), "int32")
    nearest_columns = ops.cast(ops.floor(_mirror(columns, width) + 0.5), "int32")
    return _take(masks, nearest_rows, nearest_columns)


def _mirror(coordinates: Tensor, size: int) -> Tensor:
    """Coordinates folded into 0 ... size - 1 as between two mirrors."""
    last = max(size - 1, 1)
    return last - ops.abs(last - ops.mod(coordinates, 2.0 * last))


def _take(values: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """values[b, rows[b], columns[b]] by one flat gather, the fastest on every backend."""
    batch, height, width = ops.shape(values)[:3]
    flat = ops.reshape(values, (batch * height * width, *ops.shape(values)[3:]))
    start = ops.reshape(ops.arange(batch, dtype="int32") * height * width, (batch, 1, 1))
    return ops.take(flat, start + rows * width + columns, axis=0)
