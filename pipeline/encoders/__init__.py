"""Networks that others fitted, as encoders of pictures: built by name, in their own preprocessing, with weights from files."""

from pipeline.encoders.building import build_encoder
from pipeline.encoders.features import keep_features, take_features
from pipeline.encoders.preprocessing import PictureRange, check_channels, check_pictures, highest_value
from pipeline.encoders.weights import describe_origin, read_encoder_weights, settle_weights

__all__ = [
    "PictureRange",
    "build_encoder",
    "check_channels",
    "check_pictures",
    "describe_origin",
    "highest_value",
    "keep_features",
    "read_encoder_weights",
    "settle_weights",
    "take_features",
]
