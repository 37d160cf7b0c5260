"""Overlap of skeletons, for thin structures that must not be torn."""

from keras import ops

from pipeline.losses.arithmetic import SMOOTHING, Tensor, one_hot, probabilities


def cl_dice(y_true: Tensor, y_pred: Tensor, iterations: int) -> Tensor:
    """1 - 2 A B / (A + B), A = |S(P) T| / |S(P)| and B = |S(T) P| / |S(T)|, S a soft skeleton (Shit et al. 2021).

    A is how much of the prediction's skeleton lies in the truth, B how much of the truth's skeleton was found; over the whole
    batch, the mean over foreground classes. A line of 1 px predicted .5, 0 beside it, has A 1 and B .5: 1 - 1 / 1.5 = 1/3.
    """
    channels = ops.shape(y_pred)[-1]
    truth, counted = one_hot(y_true, channels)
    share = probabilities(y_pred) * counted
    if channels > 1:
        truth, share = truth[..., 1:], share[..., 1:]
    inside = _covered(soft_skeleton(share, iterations), truth)
    found = _covered(soft_skeleton(truth, iterations), share)
    return 1 - ops.mean(2 * inside * found / (inside + found))


def soft_skeleton(maps: Tensor, iterations: int) -> Tensor:
    """What opening takes away at each erosion, (batch, height, width, channel) in [0, 1] like the maps."""
    skeleton = ops.relu(maps - _open(maps))
    for _ in range(iterations):
        maps = _erode(maps)
        ridge = ops.relu(maps - _open(maps))
        skeleton = skeleton + ops.relu(ridge - skeleton * ridge)
    return skeleton


def _covered(skeleton: Tensor, maps: Tensor) -> Tensor:
    """Share of each class's skeleton that its map covers."""
    axes = (0, 1, 2)
    return (ops.sum(skeleton * maps, axis=axes) + SMOOTHING) / (ops.sum(skeleton, axis=axes) + SMOOTHING)


def _open(maps: Tensor) -> Tensor:
    return ops.max_pool(_erode(maps), (3, 3), 1, "same")


def _erode(maps: Tensor) -> Tensor:
    """The least of a pixel and its 4 neighbours."""
    return -ops.maximum(ops.max_pool(-maps, (3, 1), 1, "same"), ops.max_pool(-maps, (1, 3), 1, "same"))
