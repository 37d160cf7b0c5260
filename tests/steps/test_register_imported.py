"""Which model is registered where another tool's predictions are the best."""

from typing import Any

import pytest

from pipeline.steps.register import _choose_own


def compared(metric: str, **means: float | None) -> dict[str, Any]:
    winner = next(iter(means))
    return {
        "winner": winner,
        "metric": metric,
        "models": {model: {metric: {"mean": mean}} for model, mean in means.items()},
    }


@pytest.mark.parametrize(
    ("found", "chosen"),
    [
        (compared("dice", nnunet=0.9, unet=0.8, constant=0.1), "unet"),
        (compared("rmse", other=0.2, constant=3.0, unet=0.8), "unet"),
        (compared("dice", unet=0.9, nnunet=0.8, constant=0.1), "unet"),
        (compared("dice", nnunet=0.9, constant=0.1, unet=None), "constant"),
        (compared("dice", nnunet=0.9, unet=None, constant=None), "constant"),
    ],
)
def test_best_of_the_models_that_were_fitted_here_stands_in(found: dict[str, Any], chosen: str) -> None:
    assert _choose_own(found, {"unet", "constant"}) == chosen
