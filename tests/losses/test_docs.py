"""docs/losses.md names every loss and every setting."""

import re
from pathlib import Path
from typing import get_args

import pytest

from pipeline.params import DepthLoss, LabelLoss, LossSettings, MaskLoss

TEXT = (Path(__file__).parents[2] / "docs/losses.md").read_text()


@pytest.mark.parametrize(("head", "losses"), [("mask", MaskLoss), ("depth", DepthLoss), ("label", LabelLoss)])
def test_every_loss_has_its_row(head: str, losses: object) -> None:
    table = TEXT.split(f"| `{head}` |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(get_args(losses))


@pytest.mark.parametrize("setting", LossSettings.model_fields)
def test_every_setting_is_named(setting: str) -> None:
    assert f"`{setting}`" in TEXT
