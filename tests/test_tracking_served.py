"""What a registered model says that it takes, gives and needs."""

import ast
import warnings
from importlib.metadata import packages_distributions

import numpy as np
import pytest

from pipeline.datasets.manifest import Dataset
from pipeline.ensemble import Ensemble
from pipeline.models import build_model
from pipeline.params import ConstantParams
from pipeline.tasks import TaskKind
from pipeline.tracking.packages import ALWAYS, WHERE_USED
from pipeline.tracking.signature import build_signature
from pipeline.workflow import code_files

DATASET = Dataset(2, "uint8", (0, 200), ("background", "disc"), "d" * 64, "folders", label_names=("a", "b", "c"))
IMAGES = np.zeros((4, 8, 6, 2), np.uint8)


with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # MLflow warns of its own type hints
    from mlflow.models import infer_signature

    from pipeline.tracking.served import Predictor


def serve(task: TaskKind) -> Predictor:
    """A constant model of the task behind MLflow's interface."""
    model = build_model(ConstantParams(name="constant"), DATASET, task, 0)
    predictor = Predictor()
    predictor.ensemble = Ensemble((model,), DATASET, task, 0.5)
    return predictor


@pytest.mark.parametrize("task", ["segmentation", "depth", "classification"])
def test_signature_is_that_of_what_one_head_gives(task: TaskKind) -> None:
    predictor = serve(task)
    told = predictor.predict(None, IMAGES)
    expected = infer_signature(IMAGES, told)
    found = build_signature(predictor.ensemble)
    assert tuple(found.inputs.inputs[0].shape) == (-1, -1, -1, 2)
    (one,), (other,) = found.outputs.inputs, expected.outputs.inputs
    assert one.type == other.type and len(one.shape) == len(other.shape) and one.shape[-1] in (-1, other.shape[-1])


def test_several_heads_come_by_name() -> None:
    predictor = serve("mask_and_depth")
    told = predictor.predict(None, IMAGES)
    assert isinstance(told, dict)
    expected = {name: (array.dtype, array.ndim) for name, array in told.items()}
    found = build_signature(predictor.ensemble).outputs.inputs
    assert {spec.name: (spec.type, len(spec.shape)) for spec in found} == expected
    assert {name: kind.name for name, (kind, _) in expected.items()} == {"mask": "uint8", "depth": "float32"}


@pytest.mark.parametrize("kind", ["threshold", "unet", "encoder_features"])
def test_every_package_that_a_served_model_imports_is_required(kind: str) -> None:
    modules = {
        name.partition(".")[0]
        for path in code_files("pipeline.tracking.served", f"pipeline.models.{kind}")
        for node in ast.parse(path.read_text()).body
        for name in _imported(node)
    }
    packages = {module: names for module, names in packages_distributions().items() if module in modules}
    known = {*ALWAYS, *WHERE_USED.values(), "keras"}
    missing = {module for module, names in packages.items() if not known & {name.lower() for name in names}}
    assert missing == set()


def _imported(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
