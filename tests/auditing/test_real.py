"""Real photographs with known copies: scenes of fifteen classes with given subsets."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from pipeline.auditing import Planes, audit_samples, gather_samples
from pipeline.datasets.raw.contents import hash_pixels
from pipeline.params import LeakSearchParams, SplitParams
from tests.auditing.poisoned import SHARED, store_pictures

SCENES = SHARED / "scenes15"
SUBSETS = {"training": "train", "validation": "validation", "test": "test"}


@pytest.mark.skipif(not SCENES.is_dir(), reason=f"{SCENES} is not here (set SHARED_DATA)")
def test_scenes_have_eighteen_copies_eleven_across_subsets_one_contradictory():
    """The numbers come from an independent count over SHA-256 of the decoded pixels."""
    paths = sorted(SCENES.rglob("*.jpg"))
    ids = [path.relative_to(SCENES).as_posix() for path in paths]
    manifest = pd.DataFrame({"sample_id": ids, "group": ids, "label": [path.parent.name for path in paths]})
    manifest["content_hash"] = [hash_pixels(np.asarray(Image.open(path))) for path in paths]
    manifest = manifest.assign(sequence="", time=0, parts="", mask_hash="")
    subsets = [SUBSETS[name.partition("/")[0]] for name in ids]
    samples = gather_samples(manifest, pd.DataFrame({"fold": "0", "sample_id": ids, "subset": subsets}))
    nothing = Planes(store_pictures([np.zeros((1, 1, 1), np.uint8)]), np.zeros(len(ids), np.intp))
    split = SplitParams(kind="predefined", folds=1)
    found = audit_samples(samples, nothing, LeakSearchParams(near_identical=False), split, 0)["findings"]
    counts = Counter((finding["kind"], finding["severity"]) for finding in found)
    assert counts == {("identical", "leak"): 11, ("identical", "warning"): 7, ("contradictory_label", "leak"): 1}
