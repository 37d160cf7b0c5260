"""What compare and report take on 5 models x 5 folds x 1,000 samples: `python -m tests.benchmarks.report [SAMPLES]`.

Scores and predictions are drawn, samples of a fold as many as said; nothing is fitted.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.report import verify_page
from pipeline.steps.report import report
from tests.experiments import draw_comparison, draw_experiment, draw_params

SAMPLES, FOLDS, SIDE_PX = 1000, 5, 32
GOAL = 60.0
"""Seconds for compare and report together."""
MODELS = [{"kind": "constant"}, {"kind": "threshold"}, *({"kind": "unet", "name": f"unet_{n}"} for n in (1, 2, 3))]


def measure(folder: Path, samples: int) -> dict[str, float]:
    """Seconds of each part."""
    params = draw_params(
        data={},
        models=MODELS,
        split={"kind": "k_fold", "folds": FOLDS},
        evaluate={"metrics": ["dice", "iou", "precision", "recall", "pixel_accuracy"]},
    )
    files = draw_experiment(folder, params, sequences=samples * FOLDS, frames=1, size=SIDE_PX, channels=1)
    seconds = {
        "compare": _time(lambda: draw_comparison(files, params)),
        "report": _time(lambda: report(**files, params=params)),
    }
    return seconds | {"verify": _time(lambda: verify_page(files["page"].read_text()))}


def tell(samples: int, seconds: dict[str, float]) -> str:
    """The seconds as a table, and whether the goal is met."""
    lines = [f"{name:<10}{taken:>8.1f} s" for name, taken in seconds.items()]
    both = seconds["compare"] + seconds["report"]
    head = f"{len(MODELS)} models x {FOLDS} folds x {samples:,} samples"
    return "\n".join([head, *lines, f"compare and report {both:.1f} s, goal {GOAL:.0f} s", ""])


def _time(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main(samples: int = SAMPLES) -> None:
    """Draw, measure and tell."""
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(tell(samples, measure(Path(folder), samples)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
