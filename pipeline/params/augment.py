"""Section `augment`: random transforms of the training samples."""

from typing import Annotated

from pydantic import Field

from pipeline.params.section import Section, Share

Strength = Annotated[float, Field(ge=0)]


class AugmentParams(Section):
    """Random transforms, one drawn a sample or clip, for image and mask alike; 0 or false is off."""

    flip_horizontal: bool = False
    """Mirror left and right half of the time."""
    flip_vertical: bool = False
    """Mirror top and bottom half of the time."""
    quarter_turns: bool = False
    """Turn by 0, 90, 180 or 270 degrees (square patches only)."""
    rotation: Annotated[float, Field(ge=0, le=180)] = 0.0
    """Largest rotation either way in degrees."""
    scale: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Largest zoom: .2 draws factors from 1/1.2 to 1.2."""
    shear: Annotated[float, Field(ge=0, lt=90)] = 0.0
    """Largest shear either way in degrees."""
    shift: Share = 0.0
    """Largest shift either way as a share of the patch."""
    elastic_px: Strength = 0.0
    """Standard deviation of the elastic displacement in pixels."""
    elastic_grid: Annotated[int, Field(ge=2)] = 4
    """Control points of the elastic displacement along each side."""
    brightness: Strength = 0.0
    """Largest shift of intensity either way in standard deviations of the training images."""
    contrast: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Largest change of contrast: .25 draws factors from .75 to 1.25."""
    noise: Strength = 0.0
    """Largest standard deviation of added noise in standard deviations of the training images."""
