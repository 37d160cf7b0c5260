"""The outcome of an experiment in two lines."""

import sys
from pathlib import Path

from pipeline.params import ParamsError
from pipeline.provenance import read_record


def tell(experiment: str, /) -> None:
    """Print where the report lies, and the verdict; raises ParamsError where there is none yet."""
    folder = Path("reports", experiment)
    if not (folder / "metrics.json").is_file():
        raise ParamsError(f"{folder} holds no comparison yet: run snakemake --cores all first")
    sys.stdout.write(
        f"\nReport:  {folder / 'index.html'}\nVerdict: {read_record(folder / 'metrics.json')['verdict']}\n"
    )
