"""Section `train.loss`: what networks are fitted to lower, by head."""

from typing import Annotated, Literal

from pydantic import Field

from pipeline.params.section import Section, Share

MaskLoss = Literal[
    "dice",
    "tversky",
    "focal_tversky",
    "cl_dice",
    "binary_cross_entropy",
    "cross_entropy",
    "focal",
    "boundary_cross_entropy",
]
DepthLoss = Literal["l1", "mse", "huber", "berhu", "ssim", "gradient", "scale_invariant_log"]
LabelLoss = Literal["cross_entropy", "focal", "top_2_tolerant"]
Weight = Annotated[float, Field(gt=0)]
Positive = Annotated[float, Field(gt=0)]


class LossSettings(Section):
    """What the formulas of losses leave to be chosen; docs/losses.md has them."""

    focal_gamma: Annotated[float, Field(ge=0)] = 2.0
    """focal: exponent by which easy pixels or samples count less."""
    tversky_alpha: Positive = 0.3
    """tversky, focal_tversky: weight of what is wrongly foreground."""
    tversky_beta: Positive = 0.7
    """tversky, focal_tversky: weight of what is wrongly background."""
    focal_tversky_power: Positive = 0.75
    """focal_tversky: exponent of the loss; below 1 classes that go badly count more."""
    border_weight: Annotated[float, Field(ge=0)] = 10.0
    """boundary_cross_entropy: how much more a pixel counts at a border between classes."""
    border_sigma_px: Positive = 5.0
    """boundary_cross_entropy: distance in pixels over which that fades."""
    skeleton_iterations: Annotated[int, Field(ge=1)] = 3
    """cl_dice: erosions until a skeleton is left; at least half the width in pixels of the thickest structure."""
    huber_delta: Positive = 0.2
    """huber: error, as a share of the training subset's mean depth, beyond which it counts linearly."""
    ssim_window: Literal[3, 5, 7, 9, 11] = 7
    """ssim: side of the windows in pixels."""
    scale_invariance: Share = 0.5
    """scale_invariant_log: share of the common scale's error that is forgiven; 1 forgives any wrong scale."""
    label_smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """cross_entropy of labels: share of the truth that is spread over all classes."""
    class_weights: Literal["balanced"] | Annotated[tuple[Weight, ...], Field(min_length=2)] | None = None
    """Losses of labels: weight of each class in the order of the classes; balanced lets each class of the training
    subset weigh alike."""
    tolerance: Share = 0.5
    """top_2_tolerant: share of the loss that a close call is spared."""
    tolerant_threshold: Share = 0.2
    """top_2_tolerant: a call is close while the first choice is ahead of the truth by less than this probability."""
    tolerant_temperature: Positive = 0.05
    """top_2_tolerant: probability over which close turns into not close."""


class LossParams(Section):
    """Losses and their weights in the sum, by head; a head without losses learns nothing."""

    mask: dict[MaskLoss, Weight] = Field(default={"dice": 1.0, "binary_cross_entropy": 1.0})
    """Of masks."""
    depth: dict[DepthLoss, Weight] = Field(default={"l1": 1.0, "gradient": 0.5})
    """Of depth, in units of the training subset's mean depth."""
    label: dict[LabelLoss, Weight] = Field(default={"cross_entropy": 1.0})
    """Of the class of a whole image."""
    settings: LossSettings = LossSettings()
    """What their formulas leave to be chosen."""
