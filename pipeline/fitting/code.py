"""Which code fits: a fit or search is not gone on from when it has changed."""

import hashlib
from pathlib import Path

import pipeline

CODE = (
    *(
        "attention.py",
        "augment.py",
        "batches.py",
        "classifiers.py",
        "filters.py",
        "layers.py",
        "pooling.py",
        "predicting.py",
        "recurrent.py",
        "submodels.py",
        "thresholds.py",
    ),
    *(
        "datasets/arrays.py",
        "datasets/clips.py",
        "datasets/resizing.py",
        "datasets/composing/*.py",
        "encoders/*.py",
        "fitting/*.py",
        "losses/*.py",
        "models/*.py",
    ),
)


def hash_fitting_code() -> str:
    """SHA-256 of the files that a fit's outcome depends on."""
    folder = Path(pipeline.__path__[0])
    files = (path for glob in CODE for path in sorted(folder.glob(glob)))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
