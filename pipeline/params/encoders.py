"""What entries share that read pictures with an encoder fitted by others: which, with which weights, at which size."""

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from pipeline.params.messages import suggest
from pipeline.params.section import Section

HUB = "keras_hub:"
"""What names of KerasHub presets begin with."""
IMAGENET, PRESET = "imagenet", "preset"
"""Weights that a network was published with: those of keras.applications, and those of a KerasHub preset."""
NETWORKS = (
    *(f"ConvNeXt{size}" for size in ("Base", "Large", "Small", "Tiny", "XLarge")),
    *(f"DenseNet{layers}" for layers in (121, 169, 201)),
    *(f"EfficientNetB{number}" for number in range(8)),
    *(f"EfficientNetV2{size}" for size in ("B0", "B1", "B2", "B3", "L", "M", "S")),
    *("InceptionResNetV2", "InceptionV3", "MobileNet", "MobileNetV2", "MobileNetV3Large", "MobileNetV3Small"),
    *("NASNetLarge", "NASNetMobile"),
    *(f"ResNet{layers}" for layers in (101, 152, 50)),
    *(f"ResNet{layers}V2" for layers in (101, 152, 50)),
    *("VGG16", "VGG19", "Xception"),
)
"""All of keras.applications (a test compares)."""
OURS = (
    *("include_top", "weights", "input_tensor", "input_shape", "pooling", "classes", "classifier_activation"),
    *("include_preprocessing", "name"),
)
"""Arguments of keras.applications that follow from the task, or that the entry has in words of its own."""
Side = Annotated[int, Field(ge=32)]


class EncoderParams(Section):
    """A network that others fitted, without its last layer, in its own preprocessing."""

    network: str
    """A network of keras.applications, such as MobileNet; or `keras_hub:` and a preset of KerasHub: its name, a folder, or
    hf://USER/NAME on Hugging Face."""
    arguments: dict[str, bool | int | float | str] = Field(default={})
    """Further arguments of the network's own, such as {alpha: 0.25} of MobileNet."""
    weights: str | None = IMAGENET
    """imagenet, which is fetched once; preset, for KerasHub's own; a .h5, .weights.h5 or .keras file of this network; null
    draws them at random."""
    size: tuple[Side, Side] = (224, 224)
    """Height and width in pixels that pictures are resized to."""

    @property
    def hub_preset(self) -> str | None:
        """The preset of KerasHub, or null for keras.applications."""
        return self.network.removeprefix(HUB) if self.network.startswith(HUB) else None

    @property
    def weights_file(self) -> str | None:
        """The file of the weights, where they come from one."""
        return None if self.weights in (None, IMAGENET, PRESET) else self.weights

    @field_validator("network")
    @classmethod
    def _network_exists(cls, network: str) -> str:
        if network not in NETWORKS and not (network.startswith(HUB) and network != HUB):
            raise ValueError(f"there is no network {network}: {suggest(network, NETWORKS)}")
        return network

    @field_validator("arguments")
    @classmethod
    def _arguments_are_free(cls, arguments: dict[str, bool | int | float | str]) -> dict[str, bool | int | float | str]:
        taken = [name for name in arguments if name in OURS]
        if taken:
            raise ValueError(f"{', '.join(taken)} cannot be given: the entry's own fields and the task decide")
        return arguments

    @model_validator(mode="after")
    def _weights_of_the_kind(self) -> Self:
        own, other = (PRESET, IMAGENET) if self.hub_preset else (IMAGENET, PRESET)
        if self.weights == other:
            raise ValueError(f"weights {other} is not for {self.network}: name {own}, a file, or null")
        return self
