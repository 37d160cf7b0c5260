"""Write params.yaml from a preset."""

import difflib
import logging
import re
import sys
from pathlib import Path
from typing import Literal

from pipeline.datasets.raw.folder import explain_missing, is_drawn
from pipeline.params import ParamsError, parse_params, parse_yaml

PRESETS = Path(__file__).parent.parent / "presets"
TARGET = Path("params.yaml")
Preset = Literal["composites", "depth", "masks", "membranes", "pets", "prominences", "sample", "scenes"]
"""The files of PRESETS, for --help."""

logger = logging.getLogger(__name__)


def init(*, preset: Preset, dataset: str, experiment: str | None = None, force: bool = False) -> None:
    """Write params.yaml from a preset for the raw files under data/raw/DATASET.

    A preset says what differs from the defaults. `snakemake --configfile pipeline/presets/PRESET.yaml --config
    dataset=DATASET experiment=NAME` uses one in place of params.yaml for one run, and leaves the file as it is.
    The experiment is named PRESET-DATASET where no name is given. A params.yaml that somebody edited is replaced after
    asking, or with --force. Raises ParamsError on an unknown preset, on a name that cannot be a folder, and on an
    edited params.yaml when nobody can be asked.
    """
    text = fill_preset(preset, dataset, experiment or (preset if preset == dataset else f"{preset}-{dataset}"))
    parse_params(parse_yaml(text), f"preset {preset}")
    if TARGET.exists() and not force and _is_edited(TARGET.read_text()):
        _ask_to_replace()
    TARGET.write_text(text)
    logger.info("%s is preset %s for data/raw/%s", TARGET, preset, dataset)
    raw = Path("data/raw", dataset)
    if raw.exists() or is_drawn(raw):
        logger.info("next: see that `data` and `split` suit the images, then snakemake preview --cores all")
    else:
        logger.warning("%s", explain_missing(raw))


def fill_preset(preset: str, dataset: str, experiment: str) -> str:
    """The text of a preset, comments kept, with its names filled in and the schema's path as params.yaml sees it."""
    known = sorted(path.stem for path in PRESETS.glob("*.yaml"))
    if preset not in known:
        near = difflib.get_close_matches(preset, known, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise ParamsError(f"there is no preset {preset}: {hint}known are {', '.join(known)}")
    text = (PRESETS / f"{preset}.yaml").read_text()
    for key, value in (("experiment", experiment), ("dataset", dataset)):
        text = re.sub(rf"(?m)^{key}:.*$", f"{key}: {value}", text)
    return text.replace("$schema=../params/schema.json", "$schema=pipeline/params/schema.json")


def _is_edited(text: str) -> bool:
    """Whether a params.yaml is none of the presets as `fill_preset` writes them."""
    names = {key: re.search(rf"(?m)^{key}: (\S+)$", text) for key in ("dataset", "experiment")}
    if not all(names.values()):
        return True
    dataset, experiment = (match[1] for match in names.values() if match)
    return all(text != fill_preset(path.stem, dataset, experiment) for path in PRESETS.glob("*.yaml"))


def _ask_to_replace() -> None:
    refusal = f"{TARGET} was edited: save it under another name, or replace it with --force"
    if not sys.stdin.isatty():
        raise ParamsError(refusal)
    sys.stderr.write(f"{TARGET} was edited. Replace it? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise ParamsError(refusal)
