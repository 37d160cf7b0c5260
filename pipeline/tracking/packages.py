"""What must be installed where a registered model runs."""

import sys
from importlib.metadata import version

ALWAYS = ("numpy", "pandas", "scipy", "pillow", "pydantic", "pyyaml", "filelock", "tqdm", "mlflow")
WHERE_USED = {
    "cv2": "opencv-python-headless",
    "keras_hub": "keras-hub",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "skops": "skops",
    "threadpoolctl": "threadpoolctl",
}
"""Package by module: needed by those models whose loading imported it."""
BACKENDS = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}


def list_requirements(backend: str) -> list[str]:
    """Packages with their versions, `numpy==2.4.1`, for the models that this process has loaded; `numpy` is a backend too."""
    used = [package for module, package in WHERE_USED.items() if module in sys.modules]
    network = ["keras", BACKENDS[backend]] if backend in BACKENDS else []
    return [f"{package}=={version(package)}" for package in (*ALWAYS, *used, *network)]
