"""The outcome of an experiment in three lines."""

import sys
from pathlib import Path

from pipeline.params import ParamsError
from pipeline.provenance import read_record


def tell(experiment: str, /) -> None:
    """Print where the report lies, the verdict, and where MLflow shows it; raises ParamsError where there is none yet."""
    folder = Path("reports", experiment)
    if not (folder / "metrics.json").is_file():
        raise ParamsError(f"{folder} holds no comparison yet: run snakemake --cores all first")
    verdict = read_record(folder / "metrics.json")["verdict"]
    sys.stdout.write(f"\nReport:  {folder / 'index.html'}\nVerdict: {verdict}\n")
    published = Path("data/experiments", experiment, "published.json")
    if published.is_file():
        sys.stdout.write(f"MLflow:  mlflow ui, then {read_record(published)['views']['models']}\n")
