"""Section `data`: what the raw files mean."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipeline.params.section import Section, Size
from pipeline.params.targets import ComposeParams, DepthParams

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Axes = Literal["TYX", "ZYX", "CYX", "YXC", "TYXC", "TCYX", "CTYX", "ZYXC", "ZCYX", "CZYX"]

COMPOSED = ("compose", "class_names", "masks")
"""Keys that composites may have, `masks` as null."""
COMPOSED_CLASSES = ("background", "cut-out")


class Region(Section):
    """A rectangle of the image in pixels of the file."""

    top: Annotated[int, Field(ge=0)]
    """First row."""
    left: Annotated[int, Field(ge=0)]
    """First column."""
    height: Annotated[int, Field(ge=1)]
    """Rows."""
    width: Annotated[int, Field(ge=1)]
    """Columns."""


class DataParams(Section):
    """How the files under data/raw/DATASET are to be read."""

    channels: Annotated[tuple[str, ...], Field(min_length=1)] = ("images",)
    """Image folders, stacked as input channels in this order; "." is the data set's own folder."""
    axes: Axes | None = None
    """Axes of image files with more than two that do not say them: T time, Z sections, C channels; masks have no C."""
    ordered: bool = False
    """The images of a folder without subfolders are one sequence in natural order (a stack, a film)."""
    resize: Size | None = None
    """Height and width of the prepared arrays in pixels; null keeps each image's own size."""
    standardize: bool = False
    """Bring every image to one mean and standard deviation in each channel, where brightness and contrast differ for no
    reason; not for composites."""
    masks: str | None = "masks"
    """Folder of the masks, or a COCO file (.json); null where there are none."""
    instances: Literal["files", "values"] | None = None
    """Masks of single objects, merged: `files` is one file an object in a folder named as the image, `values` one
    value an object."""
    mask_values: tuple[int, ...] | None = None
    """Grey value of each class in the mask files, background first ([255, 0] inverts a binary mask); null takes the
    values found, ascending."""
    mask_colours: tuple[Colour, ...] | None = None
    """Colour of each class in masks drawn in colours, such as "#ff0000", background first."""
    class_names: tuple[str, ...] | None = None
    """Name of each class, background first; null numbers them, or takes a COCO file's categories."""
    ignore_value: int | None = None
    """Grey value of mask pixels that count neither in the loss nor in the scores."""
    ignore_regions: tuple[Region, ...] = ()
    """Rectangles, a burnt-in clock for one, that count neither in the loss nor in the scores."""
    depth: DepthParams | None = None
    """Depth files; null where there are none."""
    labels: str | None = None
    """Class of a whole image: `folders` takes the name of the file's folder, else a regular expression over the
    file's name without suffix, its class as (?P<label>...)."""
    compose: ComposeParams | None = None
    """Composites in place of image and mask files."""

    @property
    def as_files(self) -> Self:
        """How files are read that are like these samples: of composites, the image and the background alone, if it is seen."""
        if self.compose is None:
            return self
        channels = ("images", "backgrounds") if self.compose.with_background else ("images",)
        return self.model_copy(update={"compose": None, "channels": channels, "resize": self.compose.size})

    @model_validator(mode="after")
    def _keys_agree(self) -> Self:
        faults = [*_faults_of_classes(self), *_faults_of_targets(self)]
        if faults:
            raise ValueError("\n".join(faults))
        return self


def _faults_of_classes(data: DataParams) -> Iterator[str]:
    values, colours, names = data.mask_values, data.mask_colours, data.class_names
    if values is not None and (len(values) < 2 or len(set(values)) != len(values)):
        yield f"mask_values {list(values)} must be at least two different values, background first"
    if colours is not None and (len(colours) < 2 or len({colour.lower() for colour in colours}) != len(colours)):
        yield f"mask_colours {list(colours)} must be at least two different colours, background first"
    if values is not None and data.ignore_value in values:
        yield f"ignore_value {data.ignore_value} is also one of mask_values {list(values)}: take it out of them, or set ignore_value to null"
    if values is not None and (colours is not None or data.instances is not None):
        other = "mask_colours" if colours is not None else "instances"
        yield f"mask_values are given beside {other}, which number the classes themselves: set one of the two to null"
    for key, given in (("mask_values", values), ("mask_colours", colours)):
        if given is not None and names is not None and len(given) != len(names):
            yield f"{len(names)} class_names for {len(given)} {key}: give one name a value"


def _faults_of_targets(data: DataParams) -> Iterator[str]:
    if data.labels is not None and data.labels != "folders":
        try:
            groups = re.compile(data.labels).groupindex
        except re.error as fault:
            yield f"labels {data.labels!r} is neither `folders` nor a regular expression ({fault})"
        else:
            if "label" not in groups:
                yield f"labels {data.labels!r} has no group (?P<label>...), which names the class: put it around that part of the name, as in ^(?P<label>[a-z]+)_"
    if "." in data.channels and (len(data.channels) > 1 or data.masks is not None or data.depth is not None):
        yield 'channels ["."] takes all files of the data set for images: move masks and depth elsewhere and set them to null'
    if data.compose is not None:
        yield from _faults_of_composites(data)


def _faults_of_composites(data: DataParams) -> Iterator[str]:
    fields = DataParams.model_fields
    given = [key for key in fields if key not in COMPOSED and getattr(data, key) != fields[key].default]
    if data.masks not in (None, "masks"):
        given.append("masks")
    if given:
        yield f"compose makes images and masks alone, at compose.size: leave out {', '.join(given)}"
    if data.class_names is not None and len(data.class_names) != len(COMPOSED_CLASSES):
        names = f"{len(data.class_names)} class_names for composites"
        yield f"{names}, which have {len(COMPOSED_CLASSES)} classes: name {' and '.join(COMPOSED_CLASSES)}"
