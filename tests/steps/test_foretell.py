"""The step that foretells the cost."""

from pathlib import Path

import pytest

from pipeline.fitting.control import FitError
from pipeline.params import (
    AugmentParams,
    ConstantParams,
    ModelParams,
    SearchParams,
    SearchRange,
    SplitParams,
    TrainParams,
    UNetParams,
)
from pipeline.provenance import read_record
from pipeline.steps.foretell import foretell
from tests.prepared import write_prepared

UNET = UNetParams(name="unet", depth=1, filters=2)
SPACE = (SearchRange(parameter="train.batch_size", choices=(2, 4)),)


def run(
    folder: Path,
    models: tuple[ModelParams, ...],
    samples: int = 4000,
    trials: int = 0,
    classes: int = 2,
    extra_fits: tuple[tuple[str, str], ...] = (),
) -> dict[str, float]:
    foretell(
        **write_prepared(folder, classes=classes).inputs,
        cost=folder / "cost.json",
        task="segmentation",
        models=models,
        train=TrainParams(samples=samples, epoch_samples=4, batch_size=4),
        augment=AugmentParams(),
        search=SearchParams(trials=trials, space=SPACE),
        split=SplitParams(kind="k_fold", folds=5),
        seed=0,
        extra_fits=extra_fits,
    )
    return read_record(folder / "cost.json")


def test_baselines_cost_nothing_worth_foretelling(tmp_path: Path) -> None:
    found = run(tmp_path, (ConstantParams(name="constant"),), trials=3)
    assert found == {"fits": 5, "trials": 0, "minutes": 0.0, "disk_mb": 0}


def test_extra_fits_are_counted(tmp_path: Path) -> None:
    extra = (("constant", "0-part50"), ("constant", "1-seed1"))
    assert run(tmp_path, (ConstantParams(name="constant"),), extra_fits=extra)["fits"] == 7


@pytest.mark.usefixtures("eager_steps")
class TestNetwork:
    """Costs of networks, from a few steps."""

    def test_fits_trials_and_minutes_are_multiplied(self, tmp_path: Path) -> None:
        found = run(tmp_path, (UNET, ConstantParams(name="constant")), trials=3)
        assert found["fits"] == 10 and found["trials"] == 15 and found["minutes"] > 0

    def test_what_cannot_be_fitted_is_told_before_anything_is(self, tmp_path: Path) -> None:
        with pytest.raises(FitError, match="binary_cross_entropy is for masks of 2 classes, these have 3"):
            run(tmp_path, (ConstantParams(name="constant"), UNET), classes=3)
