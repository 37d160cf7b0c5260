"""What the machine has, and what jobs on it must find."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pipeline.workflow.code import ROOT


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
