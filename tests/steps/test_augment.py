"""The draws that a person looks at are those of the fits."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.datasets.augmented import Augmented, read_augmented
from pipeline.params import AugmentParams, ConstantParams, ModelParams, TrainParams, UNetParams
from pipeline.steps.augment import DRAWS, augment
from tests.experiments import draw_data, draw_params

UNET = UNetParams(name="unet")


def run(
    folder: Path, params: AugmentParams, model: ModelParams = UNET, patch: tuple[int, int] | None = None
) -> Augmented | None:
    files = draw_data(folder, draw_params(), sequences=8, frames=2, size=24)
    places = {name: files[name] for name in ("manifest", "index", "augmented")}
    augment(**places, models=(model,), augment=params, train=TrainParams(patch=patch), seed=3)
    return read_augmented(files["augmented"])


@pytest.mark.parametrize("patch", [None, (16, 12)])
def test_flips_are_drawn_for_image_and_mask_alike(tmp_path, keras_backend, monkeypatch, patch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    drawn = run(tmp_path, AugmentParams(flip_horizontal=True), patch=patch)
    assert drawn is not None
    assert drawn.images.shape == (DRAWS + 1, *(patch or (24, 24)), 2)
    assert drawn.share == 1
    plain, mirrored = 0, 0
    for image, mask in zip(drawn.images[1:], drawn.masks[1:], strict=True):
        is_mirrored = np.allclose(image, drawn.images[0][:, ::-1], atol=1e-3)
        assert is_mirrored or np.allclose(image, drawn.images[0], atol=1e-3)
        assert (mask == (drawn.masks[0][:, ::-1] if is_mirrored else drawn.masks[0])).all()
        mirrored, plain = mirrored + is_mirrored, plain + (not is_mirrored)
    assert mirrored and plain


@pytest.mark.parametrize(
    ("params", "model"),
    [(AugmentParams(), UNET), (AugmentParams(rotation=9), ConstantParams(name="constant"))],
    ids=["all is off", "no network"],
)
def test_nothing_is_drawn_where_nothing_is_augmented(tmp_path, params, model):
    assert run(tmp_path, params, model) is None


def test_keras_is_imported_only_where_it_is_needed():
    code = "import sys, pipeline.steps.augment; print({'keras', 'tensorflow'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "set()"
