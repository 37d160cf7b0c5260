"""The draws that a person looks at are those of the fits."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.datasets.augmented import Augmented, read_augmented
from pipeline.params import AugmentParams, TrainParams
from pipeline.steps.augment import DRAWS, augment
from tests.experiments import draw_data, draw_params


def run(
    folder: Path, params: AugmentParams, patch: tuple[int, int] | None = None, targets: tuple[str, ...] = ("mask",)
) -> Augmented | None:
    files = draw_data(folder, draw_params(), sequences=8, frames=2, size=24, targets=targets)
    places = {name: files[name] for name in ("manifest", "index", "augmented")}
    augment(**places, shown_augment=params, train=TrainParams(patch=patch), seed=3)
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


def test_nothing_is_drawn_where_nothing_is_augmented(tmp_path):
    assert run(tmp_path, AugmentParams()) is None


def test_samples_without_masks_are_drawn_too(tmp_path, keras_backend, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    drawn = run(tmp_path, AugmentParams(flip_horizontal=True), targets=("label",))
    assert drawn is not None
    assert drawn.images.shape == (DRAWS + 1, 24, 24, 2)
    assert not drawn.masks.any()


FLIPS = {"flip_horizontal": True}


@pytest.mark.parametrize(
    ("section", "models", "is_shown"),
    [
        (FLIPS, [{"kind": "unet"}], True),
        (FLIPS, [{"kind": "constant"}], False),
        ({}, [{"kind": "unet"}], False),
        ({}, [{"kind": "unet"}, {"kind": "unet", "name": "flipped", "augment": FLIPS}], True),
        (FLIPS, [{"kind": "unet", "augment": {}}], False),
    ],
    ids=["network", "baseline", "all is off", "one entry's own", "off for the only one"],
)
def test_what_is_shown_is_the_first_networks_that_is_not_off(section, models, is_shown):
    shown = draw_params(augment=section, models=models).shown_augment
    assert shown == AugmentParams(flip_horizontal=is_shown)


def test_keras_is_imported_only_where_it_is_needed():
    code = "import sys, pipeline.steps.augment; print({'keras', 'tensorflow'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "set()"
