"""Losses of depth, in units of the training subset's mean depth.

y_true: (batch, height, width) depth, NaN where nothing was measured, which counts nowhere.
y_pred: (batch, height, width, 1) logits; the depth predicted is softplus(logit) = log(1 + exp(logit)).
"""

from keras import ops

from pipeline.losses.arithmetic import SMALLEST, Tensor, weighted_mean

BERHU_SHARE = 0.2  # of the largest error, where berhu turns quadratic (Laina et al. 2016)
STRAIGHT = -15.0  # logit below which log softplus(x) is x in float32


def l1(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """|P - T|, the mean over measured pixels; 2 and 3 predicted for 1 and 3 give (1 + 0) / 2 = .5."""
    error, counted = _errors(y_true, y_pred)
    return weighted_mean(ops.abs(error), counted)


def mse(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """(P - T)^2, the mean over measured pixels; 3 and 3 predicted for 1 and 3 give (4 + 0) / 2 = 2."""
    error, counted = _errors(y_true, y_pred)
    return weighted_mean(ops.square(error), counted)


def huber(y_true: Tensor, y_pred: Tensor, delta: float) -> Tensor:
    """e^2 / 2 where the error |e| <= delta, else delta (|e| - delta / 2), the mean over measured pixels (Huber 1964).

    Delta 1 and errors of .5 and 3 give (.125 + 2.5) / 2 = 1.3125.
    """
    error, counted = _errors(y_true, y_pred)
    size = ops.abs(error)
    return weighted_mean(ops.where(size <= delta, ops.square(error) / 2, delta * (size - delta / 2)), counted)


def berhu(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """|e| where |e| <= c, else (e^2 + c^2) / (2 c), c a fifth of the batch's largest |e|, the mean (Laina et al. 2016).

    Errors of .1, .5 and 1 have c = .2 and give (.1 + .725 + 2.6) / 3 = 1.142. c has no gradient: it would reward the
    largest error for growing.
    """
    error, counted = _errors(y_true, y_pred)
    size = ops.abs(error)
    turn = ops.stop_gradient(ops.maximum(BERHU_SHARE * ops.max(size), SMALLEST))
    return weighted_mean(ops.where(size <= turn, size, (ops.square(error) + turn**2) / (2 * turn)), counted)


def gradient(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """The mean of |dP/dx - dT/dx| plus that of |dP/dy - dT/dy| over measured neighbours (Alhashim & Wonka 2018).

    Truth 1 2 4 in one row predicted as 1 2 2 gives (0 + 2) / 2 = 1; adding a constant to either changes nothing.
    """
    error, counted = _errors(y_true, y_pred)
    across = weighted_mean(ops.abs(error[:, :, 1:] - error[:, :, :-1]), counted[:, :, 1:] * counted[:, :, :-1])
    down = weighted_mean(ops.abs(error[:, 1:] - error[:, :-1]), counted[:, 1:] * counted[:, :-1])
    return across + down


def scale_invariant_log(y_true: Tensor, y_pred: Tensor, invariance: float) -> Tensor:
    """Mean of d^2 - invariance * (mean of d)^2, d = log P - log T, the mean over images (Eigen et al. 2014).

    2 and 2 predicted for 1 and 2 have d of log 2 and 0: at .5 .240 - .5 * .120 = .180. At 1 a wrong scale costs nothing.
    A truth of 0 has no logarithm and does not count.
    """
    y_true = ops.expand_dims(ops.cast(y_true, "float32"), -1)
    is_counted = y_true > SMALLEST  # nor is NaN
    logit = ops.cast(y_pred, "float32")
    log_depth = ops.where(logit < STRAIGHT, logit, ops.log(ops.softplus(ops.maximum(logit, STRAIGHT))))
    error = ops.where(is_counted, log_depth - ops.log(ops.where(is_counted, y_true, 1.0)), 0.0)
    pixels = ops.sum(ops.cast(is_counted, "float32"), axis=(1, 2, 3))
    mean, square = (ops.sum(values, axis=(1, 2, 3)) / ops.maximum(pixels, 1.0) for values in (error, error**2))
    return weighted_mean(square - invariance * mean**2, ops.cast(pixels > 0, "float32"))


def measured(y_true: Tensor, y_pred: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Truth, prediction and counted, each (batch, height, width, 1); both are 0 where nothing was measured."""
    y_true = ops.expand_dims(ops.cast(y_true, "float32"), -1)
    is_counted = ops.logical_not(ops.isnan(y_true))
    counted = ops.cast(is_counted, "float32")
    return ops.where(is_counted, y_true, 0.0), ops.softplus(ops.cast(y_pred, "float32")) * counted, counted


def _errors(y_true: Tensor, y_pred: Tensor) -> tuple[Tensor, Tensor]:
    truth, depth, counted = measured(y_true, y_pred)
    return depth - truth, counted
