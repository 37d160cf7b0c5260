"""The sections of params.yaml together, and what follows from them."""

from typing import Annotated

from pydantic import Field

from pipeline.params.audit import AuditParams, LeakSearchParams
from pipeline.params.augment import AugmentParams
from pipeline.params.data import DataParams
from pipeline.params.entries import NetworkParams
from pipeline.params.evaluation import (
    CompareParams,
    EvaluateParams,
    PredictParams,
    RegistryParams,
    TrackingParams,
)
from pipeline.params.extra import CurveParams, ExtraFold
from pipeline.params.models import ModelParams
from pipeline.params.sample import SampleParams
from pipeline.params.search import SearchParams
from pipeline.params.section import Name, Section
from pipeline.params.split import SplitParams
from pipeline.params.tasks import TaskKind
from pipeline.params.training import TrainParams


class Sections(Section):
    """Everything that a user may choose."""

    experiment: Name
    """Names the output folders and the MLflow experiment."""
    dataset: Name
    """Folder of the raw files under data/raw; `sample` is drawn when it is not there."""
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Seed of everything that is drawn."""
    task: TaskKind | None = "segmentation"
    """Kind of problem: masks, depths, both, or a class an image; null only looks at the data: checks, prepares, splits and
    audits them."""
    sample: SampleParams = SampleParams()
    """The drawn data set."""
    data: DataParams = DataParams()
    """How the raw files are read."""
    split: SplitParams = SplitParams()
    """Which samples train, validate and test."""
    audit: AuditParams = AuditParams()
    """How leaks between the subsets are looked for."""
    models: tuple[ModelParams, ...]
    """Models to compare; none where task is null."""
    train: TrainParams = TrainParams()
    """How networks are fitted."""
    augment: AugmentParams = AugmentParams()
    """Random transforms of the training samples."""
    search: SearchParams = SearchParams()
    """Hyper-parameter search."""
    predict: PredictParams = PredictParams()
    """How whole images are segmented."""
    evaluate: EvaluateParams = EvaluateParams()
    """What predictions are scored by."""
    compare: CompareParams = CompareParams()
    """How models are compared."""
    curve: CurveParams | None = None
    """Fits on parts of the training subsets, to foretell what more samples would give; null makes none."""
    registry: RegistryParams = RegistryParams()
    """What goes into the model registry."""
    tracking: TrackingParams = TrackingParams()
    """Where runs are tracked."""

    @property
    def clip_frames(self) -> int:
        """Frames of the longest clip that a model sees; 1 without models."""
        return max((entry.clip_frames for entry in self.models), default=1)

    @property
    def curve_fits(self) -> tuple[tuple[str, str], ...]:
        """Model and fold of every fit of the learning curve but those on whole training subsets."""
        if self.curve is None:
            return ()
        models, folds = self.curve.models or self._learners, self.split.fold_names[: self.curve.folds]
        shares = self.curve.shares
        return tuple((model, ExtraFold(fold, share).name) for model in models for fold in folds for share in shares)

    @property
    def seed_fits(self) -> tuple[tuple[str, str], ...]:
        """Model and fold of every fit with another seed than the experiment's."""
        repeats = range(1, self.train.seeds)
        folds = self.split.fold_names
        return tuple(
            (model, ExtraFold(fold, repeat=repeat).name)
            for model in self._learners
            for fold in folds
            for repeat in repeats
        )

    @property
    def extra_fits(self) -> tuple[tuple[str, str], ...]:
        """Model and fold of every fit that the comparison does not take."""
        return self.curve_fits + self.seed_fits

    @property
    def _learners(self) -> tuple[str, ...]:
        """Models that learn more than a baseline."""
        return tuple(entry.name for entry in self.models if not (entry.is_baseline or entry.is_imported))

    @property
    def is_waived(self) -> bool:
        """Whether leaks between the subsets may stay."""
        return self.audit.is_waived

    @property
    def shown_augment(self) -> AugmentParams:
        """The random transforms to look at: the first network's that are not all off; all off where there is none."""
        networks = [entry.augment_of(self.augment) for entry in self.models if isinstance(entry, NetworkParams)]
        return next((found for found in networks if found != AugmentParams()), AugmentParams())

    @property
    def scoring(self) -> EvaluateParams:
        """What scoring samples depends on: all of section `evaluate` but empty_masks, which judges the scores afterwards."""
        return self.evaluate.model_copy(update={"empty_masks": EvaluateParams.model_fields["empty_masks"].default})

    @property
    def leak_search(self) -> LeakSearchParams:
        """What the search for leaks depends on."""
        return self.audit.leak_search
