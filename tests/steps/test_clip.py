"""The step that checks clips before anything is fitted."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from pipeline.datasets.manifest import write_manifest
from pipeline.params import DataParams
from pipeline.splitting import SplitError
from pipeline.steps.clip import clip
from tests.manifests import draw_manifest


@pytest.mark.parametrize(
    ("sequences", "resized", "told"),
    [
        ([6, 2, 6], {}, r"sequence 's1' has 2 frames, too few for clips of 4: set the model's clip to 2 or less"),
        ([], {}, "no sample is in a sequence: set data.ordered to true"),
        ([6, 6, 6], {}, "is 20x8, most are 8x8, and the frames of a clip must be alike: set data.resize"),
        ([6, 6, 6], {"resize": [8, 8]}, None),
    ],
)
def test_sequences_must_hold_the_longest_clip(
    sequences: list[int], resized: dict[str, list[int]], told: str | None, tmp_path: Path
) -> None:
    manifest = draw_manifest(sequences or [1, 1, 1, 1]).assign(height=8, width=8)
    manifest.loc[3, "width"] = 20
    if not sequences:
        manifest["sequence"] = ""
    write_manifest(tmp_path / "manifest.csv", manifest)
    with pytest.raises(SplitError, match=told) if told else nullcontext():
        clip(
            tmp_path / "manifest.csv",
            tmp_path / "clipped.json",
            clip_frames=4,
            data=DataParams.model_validate(resized),
        )
