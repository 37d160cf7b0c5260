"""Section `sample`: what the drawn data set looks like."""

from typing import Annotated

from pydantic import Field

from pipeline.params.section import Section


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
