"""Which of several files and command lines a wrong setting comes from."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Layer(NamedTuple):
    """Settings, and the words for where they stand, such as params.yaml or --config."""

    place: str
    settings: Mapping[str, Any]


def find_origin(fault: str, layers: Sequence[Layer]) -> str:
    """The place of the layer that a fault is in; later layers amend earlier ones, and a fault begins with its key, as in "train.batch_size must be"."""
    found = re.match(r"[\w.]*\w", fault)
    holders = [(layer.place, layer.settings) for layer in layers]
    for depth, key in enumerate(found[0].split(".") if found else ()):
        inner = [(place, _enter(settings, key)) for place, settings in holders if _holds(settings, key)]
        if (
            not inner
        ):  # missing or a default: at the top that is the first layer's to say, deeper the last's that has the section
            return holders[-1 if depth else 0][0]
        holders = inner
        replaced = [number for number, (_, settings) in enumerate(holders) if not _amends(settings)]
        holders = holders[replaced[-1] :] if replaced else holders
    return holders[-1][0]


def _holds(settings: Any, key: str) -> bool:
    if isinstance(settings, Mapping):
        return key in settings
    return isinstance(settings, (list, tuple)) and key.isdigit() and int(key) < len(settings)


def _enter(settings: Any, key: str) -> Any:
    return settings[key] if isinstance(settings, Mapping) else settings[int(key)]


def _amends(settings: Any) -> bool:
    """Whether a value is merged into that of an earlier layer; any other takes its place."""
    return isinstance(settings, Mapping) and "kind" not in settings
