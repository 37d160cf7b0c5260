"""What the Snakefile asks of Python: the merged parameters, the files that a step is made of, and a lock that no crash leaves behind."""

import ast
import contextlib
import fcntl
import functools
import itertools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import yaml

from pipeline.params import Params, read_params
from pipeline.params.reading import is_whole, parse_yaml

LOCK = "foldwise.lock"
ROOT = Path(__file__).parent.parent
PROGRESS = re.compile(r"\d\d:\d\d:\d\d |.*\d%\|")
"""Lines of a log with a time, and progress bars."""
SHOWN = 40
"""Lines of a failed job's log that are told again."""
# what changes no result: values come as settings, so that a new key redoes nothing that does not read it, and how runs are logged
LEFT_OUT = ("pipeline.params", "pipeline.tracking")


def read_merged(path: Path, configfiles: Sequence[Path], config: Mapping[str, Any]) -> Params:
    """Params of a YAML file, of Snakemake's --configfile files and of --config, in this order; raises ParamsError with every fault.

    A --configfile that names experiment, dataset and models, as a preset does, replaces all before it; any other amends it.
    """
    amendments: list[Mapping[str, Any]] = []
    for configfile in configfiles:
        settings = parse_yaml(configfile.read_text(), str(configfile))
        if is_whole(settings):
            path, amendments = configfile, []
        else:
            amendments.append(settings)
    return read_params(path, *amendments, {key: _typed(value) for key, value in config.items()})


def _typed(value: Any) -> Any:
    """Snakemake reads `--config 'train={minutes: null}'` with strings for leaves: give them their types."""
    if isinstance(value, Mapping):
        return {key: yaml.safe_load(item) if isinstance(item, str) else _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [yaml.safe_load(item) if isinstance(item, str) else _typed(item) for item in value]
    return value


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


@contextlib.contextmanager
def hold_lock(folder: Path) -> Iterator[None]:
    """Hold the project's lock together with all others that work in it; without its folder there is nothing to hold."""
    if not folder.is_dir():
        yield
        return
    with (folder / LOCK).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        yield


def clear_stale_lock(folder: Path) -> IO[str]:
    """Remove Snakemake's own lock where its holder, and every job of it, was killed; then hold ours until the file is closed."""
    folder.mkdir(exist_ok=True)
    held = (folder / LOCK).open("a")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:  # somebody is alive: Snakemake's own lock decides
        pass
    else:
        shutil.rmtree(folder / "locks", ignore_errors=True)
    fcntl.flock(held, fcntl.LOCK_SH)
    return held


def find_faults(snakemake_log: str) -> list[str]:
    """What went wrong in each failed job, told at the end of its own log; `snakemake_log` is all that Snakemake said."""
    logs = dict.fromkeys(re.findall(r"^    log: (\S+) \(check log file", snakemake_log, re.MULTILINE))
    return [f"{_last_words(Path(log))}\nWhole log: {log}" for log in logs if Path(log).is_file()]


def _last_words(log: Path) -> str:
    """What follows the last line of progress: the faults, or the last line of a traceback; the last line where nothing does."""
    lines = log.read_text(errors="replace").splitlines() or ["It ended without a word, as a job does that was killed."]
    words = list(itertools.takewhile(lambda line: not PROGRESS.match(line), reversed(lines)))[::-1]
    if not words or words[0].startswith("Traceback"):
        return lines[-1]
    more = len(words) - SHOWN
    return "\n".join([*words[:SHOWN], f"and {more} lines more"] if more > 0 else words)


def use_this_python() -> None:
    """Let jobs find the Python that runs Snakemake, and this project, wherever they run and whatever is activated."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    os.environ["PYTHONPATH"] = str(ROOT)


@functools.cache
def count_gpus() -> int:
    """Devices that nvidia-smi lists, within CUDA_VISIBLE_DEVICES."""
    if "CUDA_VISIBLE_DEVICES" in os.environ:
        return len([name for name in os.environ["CUDA_VISIBLE_DEVICES"].split(",") if name not in ("", "-1")])
    if shutil.which("nvidia-smi") is None:
        return 0
    listed = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True)
    return sum(line.startswith("GPU ") for line in listed.stdout.splitlines())
