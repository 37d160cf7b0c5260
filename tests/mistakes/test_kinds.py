"""Every kind of fault that is told of data has its entry in the catalogue, or a reason why it has none."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pipeline.datasets
from tests.mistakes.catalogue import CATALOGUE

WITHOUT_ENTRY = {
    "same_names": "two composites' names meet only where subfolders are named for it",
    "too_many_samples": "is told by numbers alone: tests/datasets/composing/test_composites.py",
    "groups": "tests/datasets/raw/test_grouping.py and tests/steps/test_validate.py have them",
    "no_samples": "names no file: tests/datasets/raw/test_targets.py",
    "labelme": "tests/datasets/reading/test_polygons.py",
}


def find_kinds(tree: ast.AST) -> Iterator[str]:
    """Kinds that stand in words in Fault(...), Refusal(...), or a pair of kind and text that is yielded."""
    for node in ast.walk(tree):
        held: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Fault", "Refusal"):
            held = node.args[:1]
        elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            held = node.value.elts[:1]
        yield from (one.value for one in held if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_every_kind_has_an_entry_or_a_reason() -> None:
    files = [file for folder in pipeline.datasets.__path__ for file in Path(folder).rglob("*.py")]
    kinds = {kind for file in files for kind in find_kinds(ast.parse(file.read_text()))}
    assert len(kinds) > 50
    entries = {entry.kind for entry in CATALOGUE}
    assert kinds - entries - WITHOUT_ENTRY.keys() == set()
    assert WITHOUT_ENTRY.keys() & entries == set()
    assert WITHOUT_ENTRY.keys() - kinds == set()
