"""The loss of a fit: the weighted sum over heads, their losses, and the sizes at which they are supervised."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from keras import ops

from pipeline.losses import depths, labels, masks
from pipeline.losses.arithmetic import Tensor
from pipeline.losses.borders import boundary_cross_entropy
from pipeline.losses.similarity import ssim
from pipeline.losses.skeletons import cl_dice
from pipeline.params import DepthLoss, LabelLoss, LossParams, LossSettings, MaskLoss
from pipeline.tasks import Head

HeadLoss = Callable[[Tensor, Tensor], Tensor]
Loss = Callable[[Mapping[str, Tensor], Mapping[str, Tensor]], Tensor]


def build_loss(heads: Iterable[Head], params: LossParams, label_counts: Sequence[int] = ()) -> Loss:
    """The function (targets by head, logits by head) -> weighted sum of the losses of params; absent heads add nothing.

    Logits "mask@1", "mask@2", ... at 1/2, 1/4, ... of the size are held against the target shrunk by nearest neighbour, and
    their losses count 1/2, 1/4, ... (Lee et al. 2015). `label_counts`: training samples of each class.
    """
    losses = {head.name: _sum_of_head(head.name, params, label_counts) for head in heads}

    def total(targets: Mapping[str, Tensor], logits: Mapping[str, Tensor]) -> Tensor:
        result = ops.zeros((), "float32")
        for name, y_pred in logits.items():
            head, _, level = name.partition("@")
            stride = 2 ** int(level or 0)
            result += losses[head](_shrink(targets[head], stride), y_pred) / stride
        return result

    return total


def balanced_weights(counts: Sequence[int]) -> tuple[float, ...]:
    """samples / (classes * samples of the class), as if an absent class had one (King & Zeng 2001); 3 and 1 give 2/3 and 2."""
    return tuple(sum(counts) / (len(counts) * max(1, count)) for count in counts)


def mask_losses(settings: LossSettings) -> dict[MaskLoss, HeadLoss]:
    """Every loss of masks by name."""
    alpha, beta, power = settings.tversky_alpha, settings.tversky_beta, settings.focal_tversky_power
    border_weight, sigma_px = settings.border_weight, settings.border_sigma_px
    return {
        "dice": masks.dice,
        "tversky": partial(masks.tversky, alpha=alpha, beta=beta),
        "focal_tversky": partial(masks.focal_tversky, alpha=alpha, beta=beta, power=power),
        "cl_dice": partial(cl_dice, iterations=settings.skeleton_iterations),
        "binary_cross_entropy": masks.binary_cross_entropy,
        "cross_entropy": masks.cross_entropy,
        "focal": partial(masks.focal, gamma=settings.focal_gamma),
        "boundary_cross_entropy": partial(boundary_cross_entropy, weight=border_weight, sigma_px=sigma_px),
    }


def depth_losses(settings: LossSettings) -> dict[DepthLoss, HeadLoss]:
    """Every loss of depth by name."""
    return {
        "l1": depths.l1,
        "mse": depths.mse,
        "huber": partial(depths.huber, delta=settings.huber_delta),
        "berhu": depths.berhu,
        "ssim": partial(ssim, window=settings.ssim_window),
        "gradient": depths.gradient,
        "scale_invariant_log": partial(depths.scale_invariant_log, invariance=settings.scale_invariance),
    }


def label_losses(settings: LossSettings, counts: Sequence[int]) -> dict[LabelLoss, HeadLoss]:
    """Every loss of labels by name; `counts` are the training samples of each class."""
    chosen = settings.class_weights
    weights = balanced_weights(counts) if chosen == "balanced" else chosen
    return {
        "cross_entropy": partial(labels.cross_entropy, smoothing=settings.label_smoothing, class_weights=weights),
        "focal": partial(labels.focal, gamma=settings.focal_gamma, class_weights=weights),
        "top_2_tolerant": partial(
            labels.top_2_tolerant,
            tolerance=settings.tolerance,
            threshold=settings.tolerant_threshold,
            temperature=settings.tolerant_temperature,
            class_weights=weights,
        ),
    }


def _sum_of_head(head: str, params: LossParams, label_counts: Sequence[int]) -> HeadLoss:
    of_head: dict[str, Mapping[Any, HeadLoss]] = {
        "mask": mask_losses(params.settings),
        "depth": depth_losses(params.settings),
        "label": label_losses(params.settings, label_counts),
    }
    losses, weights = of_head[head], getattr(params, head)

    def weighted_sum(y_true: Tensor, y_pred: Tensor) -> Tensor:
        return sum(weight * losses[name](y_true, y_pred) for name, weight in weights.items())

    return weighted_sum


def _shrink(target: Tensor, stride: int) -> Tensor:
    """Every stride-th pixel of a map, from about the middle of the first block."""
    first = (stride - 1) // 2
    return target if stride == 1 else target[:, first::stride, first::stride]
