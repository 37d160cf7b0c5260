"""Typed schema of params.yaml: every choice a user may make, described and checked before anything runs."""

from pipeline.params.ambiguity import CascadeParams, SetParams
from pipeline.params.audit import AuditParams, LeakSearchParams
from pipeline.params.augment import AugmentParams
from pipeline.params.classification import CnnParams, EncoderFeaturesParams, MlpParams, PretrainedParams
from pipeline.params.data import DataParams, Region
from pipeline.params.entries import HeadName, ModelEntry, NetworkParams, UNetFamilyParams
from pipeline.params.evaluation import (
    CompareParams,
    EmptyPolicy,
    EvaluateParams,
    PredictParams,
    RegistryParams,
    ThresholdMetric,
    TrackingParams,
)
from pipeline.params.experiment import Params
from pipeline.params.extra import EXTRA_PATTERN, CurveParams, ExtraFold, parse_fold
from pipeline.params.forest import FilterParams, ForestParams
from pipeline.params.imported import PredictionsParams
from pipeline.params.losses import DepthLoss, LabelLoss, LossParams, LossSettings, MaskLoss
from pipeline.params.models import (
    ConstantParams,
    ModelParams,
    ResidualUNetParams,
    ThresholdParams,
    UNetParams,
)
from pipeline.params.reading import (
    ParamsError,
    parse_params,
    parse_yaml,
    read_params,
    write_section,
)
from pipeline.params.sample import SampleParams
from pipeline.params.search import SearchParams, SearchRange, apply_best
from pipeline.params.sequences import ConvLstmUNetParams, TemporalTransformerParams
from pipeline.params.split import REFIT, SplitParams
from pipeline.params.targets import ComposeParams, DepthParams
from pipeline.params.training import (
    EarlyStoppingParams,
    OptimizerParams,
    ScheduleParams,
    TrainParams,
)
from pipeline.params.trees import TreesParams

__all__ = [
    "EXTRA_PATTERN",
    "REFIT",
    "AuditParams",
    "AugmentParams",
    "CascadeParams",
    "CnnParams",
    "CompareParams",
    "ComposeParams",
    "ConstantParams",
    "ConvLstmUNetParams",
    "CurveParams",
    "DataParams",
    "DepthLoss",
    "DepthParams",
    "EarlyStoppingParams",
    "EmptyPolicy",
    "EncoderFeaturesParams",
    "EvaluateParams",
    "ExtraFold",
    "FilterParams",
    "ForestParams",
    "HeadName",
    "LabelLoss",
    "LeakSearchParams",
    "LossParams",
    "LossSettings",
    "MaskLoss",
    "MlpParams",
    "ModelEntry",
    "ModelParams",
    "NetworkParams",
    "OptimizerParams",
    "Params",
    "ParamsError",
    "PredictParams",
    "PredictionsParams",
    "PretrainedParams",
    "Region",
    "RegistryParams",
    "ResidualUNetParams",
    "SampleParams",
    "ScheduleParams",
    "SearchParams",
    "SearchRange",
    "SetParams",
    "SplitParams",
    "TemporalTransformerParams",
    "ThresholdMetric",
    "ThresholdParams",
    "TrackingParams",
    "TrainParams",
    "TreesParams",
    "UNetFamilyParams",
    "UNetParams",
    "apply_best",
    "parse_fold",
    "parse_params",
    "parse_yaml",
    "read_params",
    "write_section",
]
