"""Parts of section `data` beside images and masks: depth, and composites."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from pipeline.params.section import Section, Size


class DepthParams(Section):
    """How far each pixel is, as a file an image."""

    folder: str = "depth"
    """Folder of the depth files."""
    scale: Annotated[float, Field(gt=0)] = 0.001
    """Metres a unit of the files: 0.001 for millimetres, 1 for metres."""
    missing: float | None = 0.0
    """Value of the files where nothing was measured, besides NaN; null where there is none."""


class ComposeParams(Section):
    """Composites of backgrounds and cut-outs with alpha, drawn when they are asked for; each cut-out lies wholly inside."""

    backgrounds: str = "backgrounds"
    """Folder of the backgrounds."""
    cutouts: str = "cutouts"
    """Folder of the cut-outs, images with alpha; what is half opaque or more is foreground."""
    placements: Annotated[int, Field(ge=1)] = 1
    """Composites of each pair of background and cut-out: 100 backgrounds, 100 cut-outs and 40 placements are 400,000."""
    pairs: Annotated[int, Field(ge=1)] | None = None
    """Pairs drawn; null takes all."""
    scale: tuple[Annotated[float, Field(gt=0, le=1)], Annotated[float, Field(gt=0, le=1)]] = (0.3, 0.6)
    """Least and greatest longer side of a cut-out, as a share of the background's shorter side."""
    flip: bool = True
    """Mirror cut-outs at random."""
    size: Size | None = None
    """Height and width of the composites in pixels; null keeps each background's own."""
    with_background: bool = True
    """The background alone as further channels, the second of two input images."""
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Seed of flips, scales and places."""

    @model_validator(mode="after")
    def _scale_ascends(self) -> Self:
        if self.scale[0] > self.scale[1]:
            raise ValueError(f"scale {list(self.scale)} must be the least and then the greatest share")
        return self
