"""Multi-layer perceptron on the pixels of a whole picture, a baseline of classification."""

import keras

from pipeline.fitting.network import NetworkModel
from pipeline.params import MlpParams
from pipeline.pooling import label_logits
from pipeline.tasks import Head


class Model(NetworkModel[MlpParams]):
    """Dense layers alone, behind the protocol of models."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width that all pictures are resized to."""
        return self.entry.size

    def build_network(self, channels: int, heads: tuple[Head, ...]) -> keras.Model:
        params = self.entry
        pictures = keras.Input((*params.size, channels))
        features = keras.layers.Flatten(name="encoder_flatten")(pictures)
        for number, units in enumerate(params.layers):
            features = keras.layers.Dense(
                units, activation="relu", kernel_initializer="he_normal", name=f"encoder_dense_{number}"
            )(features)
            features = keras.layers.Dropout(params.dropout, name=f"encoder_dropout_{number}")(features)
        return keras.Model(pictures, label_logits(features, (), 0.0, heads))
