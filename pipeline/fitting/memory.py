"""How large a batch fits into the memory that a fit may take."""

import logging
import math
from typing import Any

import keras

from pipeline.fitting.past_masks import inner_network
from pipeline.params import TrainParams
from pipeline.recurrent import ConvLstm

logger = logging.getLogger(__name__)
BYTES = 4  # float32
COPIES = 3.0  # activation, its gradient, and what the backend keeps beside: measured on U-Nets
RECURRENT_COPIES = 8  # gates and states of each frame
ATTENTION_COPIES = 5  # queries, keys, values, what was attended to, and the outputs
FRAMEWORK_MB = 900  # interpreter, backend and Keras before the first step


def fitting_batch_size(network: keras.Model, clip: tuple[int, int, int, int], params: TrainParams) -> int:
    """params.batch_size, halved until a step on clips (time, height, width, channel) fits into params.memory_mb."""
    batch_size = params.batch_size
    while batch_size > 1 and estimate_memory_mb(network, clip, batch_size) > params.memory_mb:
        batch_size //= 2
    if batch_size < params.batch_size:
        logger.warning(
            "batch_size %d needs about %.0f MB and train.memory_mb is %d: going on with %d",
            params.batch_size,
            estimate_memory_mb(network, clip, params.batch_size),
            params.memory_mb,
            batch_size,
        )
    return batch_size


def describe_batch(batch_size: int, params: TrainParams) -> tuple[str, ...]:
    """The note of a fit whose batch was halved."""
    if batch_size == params.batch_size:
        return ()
    return (f"batch_size {params.batch_size} was halved to {batch_size}: the memory would not hold a step of it",)


def estimate_memory_mb(network: keras.Model, clip: tuple[int, int, int, int], batch_size: int) -> float:
    """Memory of a training step in MB, from the sizes of all features, weights and the optimiser's two copies of them."""
    network = inner_network(network)  # of one that feeds on its own masks the last pass is learnt from
    frames, height, width = clip[:3]
    is_clip, channels = len(network.inputs[0].shape) == 5, network.inputs[0].shape[-1]
    shape: tuple[Any, ...] = (batch_size, *([frames] if is_clip else []), height, width, channels)
    features = sum(_feature_sizes(network, shape))
    return FRAMEWORK_MB + BYTES * (COPIES * features + 4 * network.count_params()) / 1e6


def _feature_sizes(network: keras.Model, shape: tuple[Any, ...]) -> list[int]:
    """Numbers in the output of every layer for an input of a shape."""
    traced = keras.models.clone_model(network, input_tensors=keras.Input(batch_shape=shape))
    return [
        math.prod(output.shape) * _copies_within(operation)
        for operation in traced.operations
        for output in keras.tree.flatten(operation.output)
    ]


def _copies_within(layer: keras.Operation) -> int:
    """How many features of its output's size a layer keeps."""
    if isinstance(layer, ConvLstm):
        return RECURRENT_COPIES * (1 if layer.sequences else int(layer.input.shape[1]))
    return ATTENTION_COPIES if isinstance(layer, keras.layers.MultiHeadAttention) else 1
