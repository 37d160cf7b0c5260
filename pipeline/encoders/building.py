"""Encoders by name: pictures (batch, height, width, 3) in 0 to 255 to features, all layers in one row."""

import inspect
from typing import Any

import keras

from pipeline.encoders.hub import build_backbone, build_converter
from pipeline.encoders.preprocessing import Preprocess
from pipeline.fitting.control import FitError
from pipeline.params.encoders import IMAGENET, OURS, EncoderParams
from pipeline.params.messages import suggest

Tensor = Any
PREFIX = "encoder_"


def build_encoder(params: EncoderParams) -> keras.Model:
    """The encoder of an entry with random weights, its preprocessing inside; names of its layers begin with `encoder_`.

    Raises FitError where network, arguments and size do not agree.
    """
    return wrap_network(params, build_network(params))


def build_network(params: EncoderParams, *, is_fitted: bool = False) -> keras.Model:
    """The bare network without its last layer; fitted ones have the weights that they were published with."""
    if params.hub_preset:
        return build_backbone(params.hub_preset, params.size, load_weights=is_fitted)
    return _build_application(params, IMAGENET if is_fitted else None)


def wrap_network(params: EncoderParams, network: keras.Model) -> keras.Model:
    """The encoder of a bare network: its preprocessing before it, in float32 whatever the precision, and all layers in one row."""
    pictures = keras.Input((*params.size, 3))
    if params.hub_preset:
        prepared = build_converter(params.hub_preset)(pictures)
    else:
        prepared = Preprocess(module_of(params.network), is_sharpened(params), dtype="float32")(pictures)
    encoder = keras.Model(pictures, network.call(prepared))  # `call`, not the network itself: a row of layers, not one
    for layer in encoder.layers:
        layer.name = PREFIX + layer.name.removeprefix(PREFIX)
    return encoder


def module_of(network: str) -> str:
    """The module of keras.applications that a network lies in, such as mobilenet."""
    return getattr(keras.applications, network).__module__.rpartition(".")[2]


def is_sharpened(params: EncoderParams) -> bool:
    """Whether the weights were fitted behind Keras' further scaling of EfficientNetB0 to B7."""
    return params.network.startswith("EfficientNetB") and params.weights is not None


def _build_application(params: EncoderParams, weights: str | None) -> keras.Model:
    function = getattr(keras.applications, params.network)
    known = [name for name in inspect.signature(function).parameters if name not in OURS]
    for name in params.arguments:
        if name not in known:
            raise FitError(f"arguments: {params.network} takes no {name}: {suggest(name, known)}")
    try:
        return function(include_top=False, weights=weights, input_shape=(*params.size, 3), **params.arguments)
    except ValueError as error:
        asked = f"arguments {params.arguments}, size {list(params.size)} and weights {weights}"
        raise FitError(f"{params.network} cannot be built from {asked}: {error}") from error
