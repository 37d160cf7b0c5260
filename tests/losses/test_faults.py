"""Losses that heads cannot take are told with the mend."""

from dataclasses import dataclass

from pipeline.losses.faults import find_faults
from pipeline.params import LossParams, LossSettings


@dataclass(frozen=True)
class Head:
    name: str
    channels: int = 1


def test_what_fits_has_no_faults() -> None:
    heads = (Head("mask"), Head("depth"), Head("label", 3))
    assert find_faults(heads, LossParams()) == []
    assert find_faults(heads, LossParams(mask={}, settings=LossSettings(class_weights=(1, 2, 3)))) == []
    assert find_faults((Head("mask", 3),), LossParams(mask={"dice": 1, "cross_entropy": 1})) == []


def test_a_loss_for_no_head_is_told() -> None:
    [fault] = find_faults((Head("mask"),), LossParams(mask={}, label={}))
    assert "train.loss has losses for depth, but the network learns mask" in fault
    [fault] = find_faults((Head("depth"),), LossParams(mask={}, depth={}, label={}))
    assert "losses for nothing" in fault and "{depth: ...}" in fault


def test_binary_cross_entropy_of_many_classes_is_told() -> None:
    [fault] = find_faults((Head("mask", 4),), LossParams())
    assert "is for masks of 2 classes, these have 4" in fault and "{dice: 1, cross_entropy: 1}" in fault


def test_class_weights_of_another_number_are_told() -> None:
    loss = LossParams(settings=LossSettings(class_weights=(1.0, 2.0)))
    [fault] = find_faults((Head("label", 15),), loss)
    assert "has 2 weights, the labels have 15 classes" in fault
    assert find_faults((Head("mask"),), loss) == []
