"""Losses that heads cannot take are told with the mend."""

from pipeline.losses.faults import find_faults
from pipeline.params import LossParams, LossSettings
from pipeline.tasks import Head

MASK, DEPTH = Head("mask", 1, "sigmoid"), Head("depth", 1, "softplus")
LABEL = Head("label", 15, "softmax", is_pooled=True)


def test_what_fits_has_no_faults() -> None:
    heads = (MASK, DEPTH, LABEL)
    assert find_faults(heads, LossParams()) == []
    assert find_faults(heads, LossParams(mask={}, settings=LossSettings(class_weights=tuple(range(1, 16))))) == []
    assert find_faults((Head("mask", 3, "softmax"),), LossParams(mask={"dice": 1, "cross_entropy": 1})) == []


def test_a_loss_for_no_head_is_told() -> None:
    [fault] = find_faults((MASK,), LossParams(mask={}, label={}))
    assert "train.loss has losses for depth, but the network learns mask" in fault
    [fault] = find_faults((DEPTH,), LossParams(mask={}, depth={}, label={}))
    assert "losses for nothing" in fault and "{depth: ...}" in fault


def test_binary_cross_entropy_of_many_classes_is_told() -> None:
    [fault] = find_faults((Head("mask", 4, "softmax"),), LossParams())
    assert "is for masks of 2 classes, these have 4" in fault and "{dice: 1, cross_entropy: 1}" in fault


def test_class_weights_of_another_number_are_told() -> None:
    loss = LossParams(settings=LossSettings(class_weights=(1.0, 2.0)))
    [fault] = find_faults((LABEL,), loss)
    assert "has 2 weights, the labels have 15 classes" in fault
    assert find_faults((MASK,), loss) == []
