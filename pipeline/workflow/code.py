"""The files that a step is made of."""

import ast
import functools
from pathlib import Path

ROOT = Path(__file__).parents[2]
# what changes no result: values come as settings, so that a new key redoes nothing that does not read it, and how runs are logged
LEFT_OUT = ("pipeline.params", "pipeline.tracking")


def code_files(*modules: str) -> list[Path]:
    """Files of our own that the modules are made of, imports followed, in alphabetical order.

    Modules imported by name, such as the models, are not found: name them.
    """
    found: set[Path] = set()
    pending = {package for module in modules for package in _with_packages(module)}
    while pending:
        module = pending.pop()
        path = _file(module)
        if path is not None and path not in found and not module.startswith(LEFT_OUT):
            found.add(path)
            pending |= {package for name in _imports(path) for package in _with_packages(name)}
    return sorted(found)


@functools.cache
def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _with_packages(module: str) -> set[str]:
    """`a.b.c` runs a, a.b and a.b.c."""
    parts = module.split(".")
    return {".".join(parts[: end + 1]) for end in range(len(parts))} if parts[0] == "pipeline" else set()


def _file(module: str) -> Path | None:
    path = ROOT.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)
