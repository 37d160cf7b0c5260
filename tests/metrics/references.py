"""What the metrics are checked on: masks and probabilities that other libraries were given too, drawn alike everywhere."""

import numpy as np
from scipy import ndimage

SIZE, MARGIN = 48, 3


def draw_patches(seed: int, share: float = 0.7) -> np.ndarray:
    """Smooth patches of foreground (48, 48) that keep 3 px from the end of the picture."""
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).random((SIZE, SIZE)), 2)
    mask = noise > np.quantile(noise, share)
    mask[:MARGIN] = mask[-MARGIN:] = False
    mask[:, :MARGIN] = mask[:, -MARGIN:] = False
    return mask


def draw_pair(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A mask, and another that agrees with it here and there: (48, 48) each."""
    target = draw_patches(seed)
    noise = ndimage.gaussian_filter(np.random.default_rng(1000 + seed).random((SIZE, SIZE)), 2)
    prediction = draw_patches(seed, 0.65) & (noise > np.quantile(noise, 0.2)) | draw_patches(500 + seed, 0.95)
    return target, prediction


def draw_classes(seed: int, samples: int = 300, classes: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """True classes (samples,), uneven, and probabilities (samples, classes) that lean to them."""
    generator = np.random.default_rng(seed)
    targets = generator.choice(classes, samples, p=[0.5, 0.25, 0.15, 0.1])
    scores = 2 * generator.gumbel(size=(samples, classes)) + 2 * np.eye(classes)[targets]
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return targets, weights / weights.sum(axis=1, keepdims=True)
