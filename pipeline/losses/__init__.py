"""Losses of (y_true, y_pred) with keras.ops, by head: truth, some of it to be ignored, against logits."""

from pipeline.losses.arithmetic import one_hot, probabilities
from pipeline.losses.build import Loss, build_loss
from pipeline.losses.faults import find_faults

__all__ = ["Loss", "build_loss", "find_faults", "one_hot", "probabilities"]
