"""A classifier of all classes, and submodels of one class each for the pictures that it is not sure of."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from pipeline.classifiers import dump_classifier, load_classifier, predict_labels
from pipeline.datasets.arrays import Arrays
from pipeline.fitting.control import FitControl, FitResult
from pipeline.models import encoder_features
from pipeline.params import AugmentParams, CascadeParams, PredictParams, TrainParams
from pipeline.submodels import Submodels, ask_submodels, choose_confidence, fit_submodels, hand_on
from pipeline.tasks import Head, Prediction

FIRST, SECOND = "first/", "second/"


class Model:
    """Two stages on the same features behind the protocol of models."""

    clip = 1

    def __init__(
        self, entry: CascadeParams, channels: int, heads: tuple[Head, ...], seed: int, predict: PredictParams
    ) -> None:
        self.entry, self.seed, self.labels = entry, seed, heads[0].channels
        self.first = encoder_features.Model(entry.first, channels, heads, seed, predict)
        self.submodels: Submodels = {}
        self.confidence = 0.0

    def fit(
        self,
        arrays: Arrays,
        train: np.ndarray,
        validation: np.ndarray,
        params: TrainParams,
        augment: AugmentParams,
        control: FitControl,
    ) -> FitResult:
        """Fit the first model, then the submodels to the same features; the confidence is chosen on `validation`."""
        result = self.first.fit(arrays, train, validation, params, augment, control)
        features, of_validation = self.first.features_of(arrays, train, validation, params.threads)
        labels, truth = (np.array([arrays.label(place) for place in part]) for part in (train, validation))
        settings = self.entry.second or self.entry.first.classifier
        self.submodels, notes = fit_submodels(settings, features, labels, self.seed, params.threads)
        first, second = self._ask(of_validation)
        chosen = self.entry.confidence
        self.confidence = choose_confidence(first, second, truth) if chosen == "validation" else chosen
        told = describe_handing_on(first, second, truth, self.confidence)
        return replace(result, notes=tuple(dict.fromkeys([*result.notes, *notes, told])))

    def predict(self, clip: np.ndarray) -> Prediction:
        """Probabilities (label,) of the clip's last frame."""
        first, second = self._ask(self.first.encode(clip[-1])[None])
        return {"label": hand_on(first, second, self.confidence)[0]}

    def state(self) -> dict[str, np.ndarray]:
        """Both stages, and the confidence between them."""
        first = {f"{FIRST}{name}": part for name, part in self.first.state().items()}
        second = {f"{SECOND}{label}": dump_classifier(submodel) for label, submodel in self.submodels.items()}
        return {"confidence": np.array(self.confidence), **first, **second}

    def set_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over what `state` gave."""
        first, second = (
            {name.removeprefix(stage): part for name, part in state.items() if name.startswith(stage)}
            for stage in (FIRST, SECOND)
        )
        self.first.set_state(first)
        self.submodels = {int(label): load_classifier(part) for label, part in second.items()}
        self.confidence = float(state["confidence"])

    def _ask(self, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities (sample, label) of the first model and of the submodels."""
        first = predict_labels(self.first.classifier, features, self.labels)
        return first, ask_submodels(self.submodels, features, self.labels)


def describe_handing_on(first: np.ndarray, second: np.ndarray, labels: np.ndarray, confidence: float) -> str:
    """What the cascade did on validation: probabilities (sample, label) of both stages, and true labels (sample,)."""
    both = hand_on(first, second, confidence)
    share = float((first.max(axis=1) < confidence).mean())
    alone, together = (float((given.argmax(axis=1) == labels).mean()) for given in (first, both))
    return (
        f"below a confidence of {confidence:.2f} pictures go to the submodels, {100 * share:.0f} % of the validation samples:"
        f" accuracy {together:.3f}, and {alone:.3f} without them"
    )
