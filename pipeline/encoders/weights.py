"""Weights of an encoder: what ImageNet's, a preset's or a file's are, checked against the network that is asked for."""

import warnings
from pathlib import Path

import keras
import numpy as np

from pipeline.encoders.building import build_network, wrap_network
from pipeline.fitting.control import FitError
from pipeline.params.encoders import IMAGENET, EncoderParams

SUFFIXES = (".weights.h5", ".h5", ".hdf5", ".keras")


def read_encoder_weights(params: EncoderParams) -> list[np.ndarray] | None:
    """The weights that an entry names, in the order of `build_encoder(params)`; none where they are drawn.

    Raises FitError where they cannot be had or belong to another network.
    """
    if params.weights is None:
        return None
    network = _read_file(params, Path(params.weights_file)) if params.weights_file else _fetch(params)
    return wrap_network(params, network).get_weights()


def settle_weights(encoder: keras.Model) -> None:
    """To be called when weights were set: what Keras' Normalization (EfficientNetB0 to B7) computes from them is not renewed."""
    for layer in encoder.layers:
        if isinstance(layer, keras.layers.Normalization) and layer.weights:
            layer.finalize_state()


def describe_origin(params: EncoderParams) -> tuple[str, ...]:
    """The note of a fit that begins with pretrained weights: what they were fitted on may hold the test pictures."""
    if params.weights is None:
        return (f"the encoder {params.network} has random weights",)
    source = {IMAGENET: "on ImageNet"}.get(params.weights, f"by others ({params.weights}; often on ImageNet)")
    return (
        f"the encoder {params.network} was pretrained {source}: the pictures it was fitted on may include yours, test "
        "pictures too, and scores may then be too good",
    )


def _fetch(params: EncoderParams) -> keras.Model:
    try:
        return build_network(params, is_fitted=True)
    except Exception as error:  # Keras' own words for it are a bare Exception
        if "URL fetch failure" not in str(error):
            raise
        raise FitError(
            f"weights {params.weights} of {params.network} could not be fetched: {error}. Without the internet, name a "
            "file that holds them in weights"
        ) from error


def _read_file(params: EncoderParams, path: Path) -> keras.Model:
    if not path.is_file():
        raise FitError(f"weights {path} of {params.network} do not exist: name a file {' or '.join(SUFFIXES)}")
    if not path.name.endswith(SUFFIXES):
        raise FitError(f"weights {path} are no file of Keras: name a file {' or '.join(SUFFIXES)}")
    network = build_network(params)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", "Skipping")  # layers that would stay random
            if path.suffix == ".keras":
                network.set_weights(keras.saving.load_model(path, compile=False).get_weights())
            else:
                network.load_weights(path)
    except (ValueError, OSError, KeyError, TypeError, UserWarning) as error:
        raise FitError(
            f"weights {path} do not fit {params.network} with arguments {params.arguments}: {str(error).strip()}. "
            "Name the network, the arguments (such as {alpha: 0.25}) and the kind (without its last layer) that they are of"
        ) from error
    return network
