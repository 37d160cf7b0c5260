"""One set of parameters out of params.yaml, --configfile and --config."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from pipeline.params import Params, read_params
from pipeline.params.origins import Layer
from pipeline.params.reading import is_whole, parse_yaml


def read_merged(path: Path, configfiles: Sequence[Path], config: Mapping[str, Any]) -> Params:
    """Params of a YAML file, of Snakemake's --configfile files and of --config, in this order.

    A --configfile that names experiment, dataset and models, as a preset does, replaces all before it; any other amends it.
    Raises ParamsError with every fault, each with the one of them that it is in.
    """
    amendments: list[Layer] = []
    place = str(path)
    for configfile in configfiles:
        named = f"--configfile {os.path.relpath(configfile)}"
        settings = parse_yaml(configfile.read_text(), named)
        if is_whole(settings):
            path, place, amendments = configfile, named, []
        else:
            amendments.append(Layer(named, settings))
    given = Layer("--config", {key: None if value == "null" else _typed(value) for key, value in config.items()})
    return read_params(path, *amendments, given, place=place)


def _typed(value: Any) -> Any:
    """Snakemake reads `--config 'train={minutes: null}'` with strings for leaves: give them their types."""
    if isinstance(value, Mapping):
        return {key: yaml.safe_load(item) if isinstance(item, str) else _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [yaml.safe_load(item) if isinstance(item, str) else _typed(item) for item in value]
    return value
