"""Losses that the heads of a network cannot take, told before its first step."""

from collections.abc import Iterable, Iterator

from pipeline.params import LossParams
from pipeline.tasks import Head


def find_faults(heads: Iterable[Head], loss: LossParams) -> list[str]:
    """What is wrong with section train.loss for a network of these heads; nothing is []."""
    channels = {head.name: head.channels for head in heads}
    return [*_of_names(channels, loss), *_of_class_weights(channels, loss)]


def _of_names(channels: dict[str, int], loss: LossParams) -> Iterator[str]:
    named = [head for head in ("mask", "depth", "label") if getattr(loss, head)]
    if not set(named) & set(channels):
        yield (
            f"train.loss has losses for {' and '.join(named) or 'nothing'}, but the network learns "
            f"{' and '.join(channels)}: name one for these, such as {{{next(iter(channels))}: ...}} of docs/losses.md"
        )
    if "binary_cross_entropy" in loss.mask and channels.get("mask", 1) > 1:
        yield (
            f"train.loss.mask binary_cross_entropy is for masks of 2 classes, these have {channels['mask']}: "
            "name cross_entropy instead, such as {dice: 1, cross_entropy: 1}"
        )


def _of_class_weights(channels: dict[str, int], loss: LossParams) -> Iterator[str]:
    weights, classes = loss.settings.class_weights, channels.get("label")
    if isinstance(weights, tuple) and classes is not None and len(weights) != classes:
        yield (
            f"train.loss.settings.class_weights has {len(weights)} weights, the labels have {classes} classes: give one "
            "a class in the order of the classes, or balanced"
        )
