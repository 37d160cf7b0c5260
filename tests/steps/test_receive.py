"""The step that checks predictions of another tool, whatever they are of."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.imported import ImportFault
from pipeline.params import PredictionsParams, SplitParams
from pipeline.params.tasks import TaskKind
from pipeline.provenance import read_record
from pipeline.steps.receive import receive
from tests.prepared import SUBSETS, Prepared, write_prepared

TESTED = [f"{place:03d}" for place, subset in enumerate(SUBSETS) if subset == "test"]
FILES = {"mask": np.zeros((16, 16), "uint8"), "depth": np.full((16, 16), 2.5, "float32")}


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    (tmp_path / "other").mkdir()
    return write_prepared(tmp_path)


def receive_in(prepared: Prepared, task: TaskKind, **settings: str) -> int:
    """How many files are received."""
    folder = prepared.folder
    entry = PredictionsParams.model_validate({"kind": "predictions", "folder": str(folder / "other"), **settings})
    split = SplitParams(kind="predefined", folds=1)
    receive(**prepared.inputs, received=folder / "other.json", task=task, model=entry, split=split)
    return int(read_record(folder / "other.json")["files"])


@pytest.mark.parametrize(
    ("task", "head", "settings"),
    [
        ("segmentation", "mask", {}),
        ("depth", "depth", {}),
        ("mask_and_depth", "mask", {}),
        ("mask_and_depth", "depth", {"head": "depth"}),
    ],
)
def test_files_hold_one_head_of_the_task(
    task: TaskKind, head: str, settings: dict[str, str], prepared: Prepared
) -> None:
    files = [prepared.folder / f"other/{name}.npy" for name in TESTED]
    for file in files:
        np.save(file, FILES[head])
    assert receive_in(prepared, task, **settings) == len(files)
    np.save(files[0], FILES[head] - 9.0)
    with pytest.raises(ImportFault, match=f"^predictions: .*{files[0].name}"):
        receive_in(prepared, task, **settings)


def test_a_table_is_one_file(prepared: Prepared) -> None:
    index = pd.read_csv(prepared.inputs["index"], dtype={"sample_id": str}, keep_default_na=False)
    index.assign(label=["even", "odd"] * 3).to_csv(prepared.inputs["index"], index=False)
    rows = "".join(f"{name},even\n" for name in TESTED)
    table = prepared.folder / "other/predictions.csv"
    table.write_text(f"sample_id,label\n{rows}")
    assert receive_in(prepared, "classification") == 1
    table.write_text(f"sample_id,label\n{rows.replace('even', 'ever')}")
    with pytest.raises(ImportFault, match="has the class 'ever', which the data have not: did you mean even"):
        receive_in(prepared, "classification")
