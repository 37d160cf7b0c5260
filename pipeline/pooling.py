"""From features of a picture to one vector, and from that to logits of its label."""

from typing import Any

import keras

from pipeline.tasks import Head

Tensor = Any


def pool(features: Tensor, pooling: str, name: str) -> Tensor:
    """Features (batch, height, width, channel), or (batch, token, channel), as one vector: average, max or flatten."""
    if pooling == "flatten":
        return keras.layers.Flatten(name=name)(features)
    kind = {"average": "GlobalAveragePooling", "max": "GlobalMaxPooling"}[pooling]
    return getattr(keras.layers, f"{kind}{len(features.shape) - 2}D")(name=name)(features)


def label_logits(
    features: Tensor, dense: tuple[int, ...], dropout: float, heads: tuple[Head, ...]
) -> dict[str, Tensor]:
    """Logits (batch, channel) of each head from a vector (batch, feature): dense layers with dropout before each, float32."""
    for number, units in enumerate(dense):
        features = keras.layers.Dropout(dropout, name=f"label_dropout_{number}")(features)
        layer = keras.layers.Dense(
            units, activation="relu", kernel_initializer="he_normal", name=f"label_dense_{number}"
        )
        features = layer(features)
    features = keras.layers.Dropout(dropout, name="label_dropout")(features)
    return {head.name: vector_logits(features, head) for head in heads}


def vector_logits(features: Tensor, head: Head) -> Tensor:
    """Logits (batch, channel) of a pooled head from a vector (batch, feature), always in float32."""
    return keras.layers.Dense(head.channels, dtype="float32", name=f"{head.name}_logits")(features)
