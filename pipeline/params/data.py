"""Sections `data` and `sample`: what the raw files mean, and what the drawn data set looks like."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from pipeline.params.section import Section, Size


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
    """Image folders, stacked as input channels in this order."""
    masks: str = "masks"
    """Folder of the masks."""
    ordered: bool = False
    """The images of a folder without subfolders are one sequence in natural order (a stack, a film)."""
    mask_values: tuple[int, ...] | None = None
    """Grey value of each class in the mask files, background first ([255, 0] inverts a binary mask); null takes the
    values found, ascending."""
    class_names: tuple[str, ...] | None = None
    """Name of each class, background first; null numbers them."""
    ignore_value: int | None = None
    """Grey value of mask pixels that count neither in the loss nor in the scores."""
    ignore_regions: tuple[Region, ...] = ()
    """Rectangles, a burnt-in clock for one, that count neither in the loss nor in the scores."""
    resize: Size | None = None
    """Height and width of the prepared arrays in pixels; null keeps each image's own size."""

    @model_validator(mode="after")
    def _classes_agree(self) -> Self:
        values = self.mask_values
        if values is not None and (len(values) < 2 or len(set(values)) != len(values)):
            raise ValueError(f"mask_values {list(values)} must be at least two different values, background first")
        if values is not None and self.ignore_value in values:
            raise ValueError(f"ignore_value {self.ignore_value} is also one of mask_values {list(values)}")
        if values is not None and self.class_names is not None and len(values) != len(self.class_names):
            raise ValueError(
                f"{len(self.class_names)} class_names for {len(values)} mask_values: give one name a value"
            )
        return self


class SampleParams(Section):
    """The data set that the step `sample` draws: a faint structure that moves among still look-alikes."""

    sequences: Annotated[int, Field(ge=2)] = 24
    """Sequences drawn."""
    frames: Annotated[int, Field(ge=2)] = 12
    """Frames a sequence."""
    size: Annotated[int, Field(ge=16)] = 64
    """Height and width of a frame in pixels."""
    look_alikes: Annotated[int, Field(ge=0)] = 4
    """Still structures a frame that look like the moving one but are background."""
    noise: Annotated[float, Field(ge=0)] = 0.08
    """Standard deviation of the noise, as a share of the grey range."""
    empty_share: Annotated[float, Field(ge=0, lt=1)] = 0.15
    """Share of the frames without any foreground."""
