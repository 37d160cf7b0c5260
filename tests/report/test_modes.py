"""Why curves differ is told of what the fit had, and the tiles shown are those that differ most and in the middle."""

from typing import Any

import numpy as np
import pytest

from pipeline.datasets.diagnosed import Diagnosed
from pipeline.report.heads import MAP_VIEWS
from pipeline.report.modes import choose_tiles, limit_of, tell_causes, truths_of

MOVED = "the weights moved while it was taken"


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"augment.elastic_grid": 4, "augment.rotation": 0.0, "model.dropout": 0.0}, MOVED),
        ({"augment.flip_horizontal": True}, f"{MOVED} and its samples were augmented"),
        (
            {"model.dropout": 0.2, "train.foreground_share": 0.3, "train.optimizer.average": 0.99},
            f"{MOVED}, dropout left features out, its patches were drawn about foreground more often and "
            "the averaged weights, which are validated and kept, had no part in it",
        ),
    ],
    ids=["nothing else", "augmentation", "all else"],
)
def test_causes_are_those_that_this_fit_had(params: dict[str, Any], told: str) -> None:
    assert tell_causes({"params": params}) == told


def draw_diagnosed(differences: list[float]) -> Diagnosed:
    moving = np.full((len(differences), 4, 4, 1), 0.5, np.float32)
    batch = moving + np.array(differences, np.float32)[:, None, None, None]
    return Diagnosed("unet", "0", moving={"mask": moving}, batch={"mask": batch})


def test_tiles_are_the_one_that_differs_most_and_the_middle_one() -> None:
    view = MAP_VIEWS["mask"].__new__(MAP_VIEWS["mask"])  # of a sheet it needs nothing here
    assert choose_tiles(draw_diagnosed([0.1, -0.4, 0.2]), {"mask": view}) == [1, 2]
    assert choose_tiles(draw_diagnosed([0.1]), {"mask": view}) == [0]
    assert choose_tiles(draw_diagnosed([]), {}) == []


def test_colours_end_at_the_largest_difference_but_gross_ones() -> None:
    view = MAP_VIEWS["mask"].__new__(MAP_VIEWS["mask"])
    found = draw_diagnosed([0.1, -0.4])
    assert limit_of(view, found.batch["mask"], found.moving["mask"]) == pytest.approx(0.4)


def test_probabilities_of_the_true_class_are_told_in_both_modes() -> None:
    probabilities = np.array([[0.9, 0.1], [0.3, 0.7]], np.float32)
    found = Diagnosed(
        "cnn",
        "0",
        targets={"label": np.array([0, 0])},
        moving={"label": probabilities},
        batch={"label": 1 - probabilities},
    )
    moving, batch = truths_of(found, "label")
    assert moving.tolist() == pytest.approx([0.9, 0.3])
    assert batch.tolist() == pytest.approx([0.1, 0.7])
