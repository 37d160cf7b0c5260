"""Classes of whole images in one table of another tool."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.imported import ImportFault, read_rows
from pipeline.params import PredictionsParams

SAMPLES, CLASSES = ["cat/1", "dog/1", "dog/2"], ["cat", "dog"]


def entry_of(folder: Path, text: str = "") -> PredictionsParams:
    if text:
        (folder / "predictions.csv").write_text(text)
    return PredictionsParams.model_validate({"kind": "predictions", "name": "other", "folder": str(folder)})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sample_id,label\ncat/1,cat\ndog/1,cat\nelse,dog\n", [[1, 0], [1, 0]]),
        ("sample_id,dog,cat\ncat/1,0.25,0.75\ndog/1,1,0\nelse,0,1\n", [[0.75, 0.25], [0, 1]]),
    ],
)
def test_classes_come_by_name_or_with_probabilities(text: str, expected: list[list[float]], tmp_path: Path) -> None:
    rows = read_rows(entry_of(tmp_path, text), "0", SAMPLES, CLASSES)
    np.testing.assert_array_equal([rows.probabilities[name] for name in SAMPLES[:2]], expected)
    assert rows.strangers == ("else",) and rows.sample_ids == SAMPLES[:2]
    assert rows.find_faults(SAMPLES[:2]) == []
    assert rows.find_faults(SAMPLES)[0].startswith(
        f"other: 1 of 3 samples to test have no row in '{tmp_path}/predictions.csv': dog/2; rows there"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "does not exist: put it there, or name it in table"),
        ("name,label\na,cat\n", "has no column sample_id, but name, label"),
        ("sample_id,label\ncat/1,cat\ncat/1,dog\n", "has more than one row of cat/1"),
        ("sample_id,label\ncat/1,catt\n", "has the class 'catt', which the data have not: did you mean cat?"),
        ("sample_id,cat\ncat/1,1\n", "has no column dog: give a column label, or one a class"),
        (
            "sample_id,cat,dog\ncat/1,0.5,0.5\ndog/1,2.5,-1.5\n",
            "has 1 rows that are no probabilities, the first of dog/1",
        ),
        ("sample_id,cat,dog\ncat/1,0.9,0.9\n", "cat 0.9, dog 0.9; export them after softmax"),
        ("sample_id,cat,dog\ncat/1,,1\n", "has 1 rows that are no probabilities"),
    ],
)
def test_what_is_wrong_with_a_table_is_told(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ImportFault) as fault:
        read_rows(entry_of(tmp_path, text), "0", SAMPLES, CLASSES)
    assert told in str(fault.value)
