"""Section train.loss."""

import pytest
from pydantic import ValidationError

from pipeline.params import LossParams, LossSettings, TrainParams


def test_a_head_that_is_named_has_its_losses_and_the_others_their_defaults() -> None:
    loss = LossParams.model_validate({"mask": {"cl_dice": 0.5}})
    assert loss.mask == {"cl_dice": 0.5} and loss.depth == LossParams().depth


@pytest.mark.parametrize(
    "wrong",
    [
        {"mask": {"l1": 1}},
        {"depth": {"dice": 1}},
        {"label": {"top_2": 1}},
        {"mask": {"dice": 0}},
        {"settings": {"ssim_window": 4}},
        {"settings": {"class_weights": "even"}},
        {"settings": {"class_weights": [1, -1]}},
        {"settings": {"label_smoothing": 1}},
    ],
)
def test_what_is_no_loss_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        LossParams.model_validate(wrong)


def test_stages_keep_the_settings_of_the_fit_unless_they_have_their_own() -> None:
    settings = LossSettings(border_weight=3.0)
    train = TrainParams.model_validate(
        {
            "loss": {"settings": {"border_weight": 3.0}},
            "stages": [
                {"samples": 400},
                {"samples": 400, "loss": {"mask": {"boundary_cross_entropy": 1}}},
                {"samples": 400, "loss": {"mask": {"focal": 1}, "settings": {"focal_gamma": 1}}},
            ],
        }
    )
    assert [stage.loss.settings for stage in train.fits] == [settings, settings, LossSettings(focal_gamma=1.0)]
    assert train.fits[1].loss.mask == {"boundary_cross_entropy": 1} and train.fits[1].loss.depth == {}
