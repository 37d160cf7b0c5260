"""Classifiers of scikit-learn on the features of an encoder: their settings under scikit-learn's own names."""

from typing import Annotated, Literal

from pydantic import Field

from pipeline.params.section import Section
from pipeline.params.trees import TreesParams, Weighting


class LogisticRegressionParams(Section):
    """Linear in standardised features."""

    kind: Literal["logistic_regression"] = "logistic_regression"
    """sklearn.linear_model.LogisticRegression."""
    C: Annotated[float, Field(gt=0)] = 1.0
    """Inverse of the strength of regularisation."""
    l1_ratio: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the L1 penalty; 0 is L2 alone, which is far faster."""
    max_iter: Annotated[int, Field(ge=1)] = 1000
    """Iterations at most."""
    class_weight: Weighting = None
    """balanced weighs classes by the inverse of their count."""


class RandomForestParams(TreesParams):
    """Trees on bootstrap samples of random features."""

    kind: Literal["random_forest"] = "random_forest"
    """sklearn.ensemble.RandomForestClassifier."""


class MlpClassifierParams(Section):
    """A multi-layer perceptron on standardised features."""

    kind: Literal["mlp"] = "mlp"
    """sklearn.neural_network.MLPClassifier."""
    hidden_layer_sizes: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)] = (64,)
    """Units of each hidden layer."""
    alpha: Annotated[float, Field(ge=0)] = 1e-3
    """Strength of the L2 penalty."""
    learning_rate_init: Annotated[float, Field(gt=0)] = 1e-3
    """Step size of Adam."""
    max_iter: Annotated[int, Field(ge=1)] = 300
    """Epochs at most."""


class DecisionTreeParams(Section):
    """One tree."""

    kind: Literal["decision_tree"] = "decision_tree"
    """sklearn.tree.DecisionTreeClassifier."""
    criterion: Literal["gini", "entropy"] = "gini"
    """What a split lowers."""
    max_depth: Annotated[int, Field(ge=1)] | None = None
    """Levels of the tree; null grows until the leaves are pure."""
    min_samples_leaf: Annotated[int, Field(ge=1)] = 1
    """Fewest samples in a leaf."""
    class_weight: Weighting = None
    """balanced weighs classes by the inverse of their count."""


class SvmParams(Section):
    """A support vector machine on standardised features; its probabilities are calibrated by 5-fold cross-validation."""

    kind: Literal["svm"] = "svm"
    """sklearn.svm.SVC."""
    C: Annotated[float, Field(gt=0)] = 1.0
    """Inverse of the strength of regularisation."""
    kernel: Literal["linear", "rbf", "poly", "sigmoid"] = "rbf"
    """Kernel."""
    gamma: Literal["scale", "auto"] | Annotated[float, Field(gt=0)] = "scale"
    """Coefficient of the kernels rbf, poly and sigmoid."""
    class_weight: Weighting = None
    """balanced weighs classes by the inverse of their count."""


ClassifierParams = Annotated[
    LogisticRegressionParams | RandomForestParams | MlpClassifierParams | DecisionTreeParams | SvmParams,
    Field(discriminator="kind"),
]
