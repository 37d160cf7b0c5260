"""The split's picture tells a gap from frames that a fold does not use."""

import pandas as pd

from pipeline.report.split import name_unused


def test_frames_before_and_after_all_that_a_fold_uses_are_no_gap():
    subsets = {
        "0": "gap train gap validation gap test gap gap final_test",
        "1": "train train gap validation gap test test gap final_test",
    }
    rows = [(fold, f"{time}", name) for fold, names in subsets.items() for time, name in enumerate(names.split())]
    splits = pd.DataFrame(rows, columns=["fold", "sample_id", "subset"]).sample(frac=1, random_state=0)
    manifest = pd.DataFrame({"sample_id": [f"{time}" for time in range(9)], "sequence": "film", "time": range(9)})
    found = name_unused(splits, manifest).groupby("fold")["subset"].agg(list)
    future = "unused_future"
    first = ["unused_past", "train", "gap", "validation", "gap", "test", future, future, "final_test"]
    assert found["0"] == first
    assert found["1"] == ["train", "train", "gap", "validation", "gap", "test", "test", future, "final_test"]
