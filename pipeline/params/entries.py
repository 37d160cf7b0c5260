"""What entries of section `models` share: a name, and what every network and every U-Net has."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from pipeline.params.augment import AugmentParams
from pipeline.params.section import Name, Section

HeadName = Literal["mask", "depth", "label"]


class ModelEntry(Section):
    """What every entry has."""

    model_config = ConfigDict(json_schema_extra={"required": ["kind"]})

    carries: ClassVar[frozenset[str]] = frozenset({"mask"})
    """Heads that the model can have."""
    is_baseline: ClassVar[bool] = False
    """Whether it is there to be beaten."""
    is_imported: ClassVar[bool] = False
    """Whether another tool made its predictions, so that it is neither fitted, refitted nor registered."""
    is_threaded: ClassVar[bool] = False
    """Whether its fit takes train.threads without a backend."""
    needs_backend: ClassVar[bool] = False
    """Whether Keras computes it."""
    searched: ClassVar[frozenset[str]] = frozenset()
    """Sections that a search may vary for it."""

    name: Name
    """Name in folders, tables and runs; the kind when left out."""

    @model_validator(mode="before")
    @classmethod
    def _named_by_kind(cls, entry: Any) -> Any:
        return {"name": entry["kind"], **entry} if isinstance(entry, dict) and "kind" in entry else entry

    def heads_of(self, heads: tuple[HeadName, ...]) -> tuple[HeadName, ...]:
        """Those of a task's heads that it learns."""
        chosen = getattr(self, "heads", None) or heads
        return tuple(head for head in heads if head in self.carries and head in chosen)

    @property
    def clip_frames(self) -> int:
        """Frames that the model sees at once."""
        return int(getattr(self, "clip", 1))

    def augment_of(self, section: AugmentParams) -> AugmentParams:
        """Random transforms that it is fitted with: its own, or else those of section `augment`."""
        own: AugmentParams | None = getattr(self, "augment", None)
        return section if own is None else own

    @property
    def feeds_on_masks(self) -> bool:
        """Whether the masks predicted for earlier frames are among its input channels."""
        return bool(getattr(self, "past_masks", False))


class NetworkParams(ModelEntry):
    """What every model that Keras fits has."""

    needs_backend: ClassVar[bool] = True
    searched: ClassVar[frozenset[str]] = frozenset({"model", "train", "augment"})

    clip: Annotated[int, Field(ge=1)] = 1
    """Frames seen at once: the frame to segment and those before it."""
    heads: Annotated[tuple[HeadName, ...], Field(min_length=1)] | None = None
    """Which of the task's heads it learns; null is all of them."""
    augment: AugmentParams | None = None
    """Random transforms for this entry alone, in place of section augment, {} for none; null is that section."""

    @property
    def stride(self) -> int:
        """Height and width that the network takes are multiples of this many pixels."""
        return 1


class UNetFamilyParams(NetworkParams):
    """What the U-Nets share."""

    carries: ClassVar[frozenset[str]] = frozenset({"mask", "depth", "label"})

    depth: Annotated[int, Field(ge=1, le=8)] = 3
    """Poolings between the first and the last level."""
    filters: Annotated[int, Field(ge=1)] = 16
    """Filters of the first level, doubled at each pooling."""
    convolutions: Annotated[int, Field(ge=1)] = 2
    """Convolutions a block."""
    kernel_size: Annotated[int, Field(ge=1)] | tuple[Annotated[int, Field(ge=1)], ...] = 3
    """Kernel size in pixels, one for all levels or one a level."""
    normalization: Literal["batch", "layer", "group", "none"] = "batch"
    """Normalisation after each convolution."""
    padding: Literal["same", "reflect"] = "same"
    """What stands beyond the border: zeros, or the mirrored image."""
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of features dropped in the bottleneck while training."""
    upsampling: Literal["transposed", "bilinear", "nearest"] = "transposed"
    """Way up in the decoder."""
    past_masks: bool = False
    """Feed the masks that the network predicted for the clip's earlier frames back into it, in training too; a clip of T
    frames then costs T passes."""

    deep_supervision: bool = False
    """Hold the decoder's coarser levels against the truth as well, each half as much as the one before it."""

    @property
    def stride(self) -> int:
        """Twice as many pixels a pooling."""
        return int(2**self.depth)

    @model_validator(mode="after")
    def _past_has_masks(self) -> Self:
        if self.past_masks and self.clip < 2:
            raise ValueError(
                f"past_masks needs a clip of 2 frames or more, not {self.clip}: set clip, or past_masks to false"
            )
        return self

    @model_validator(mode="after")
    def _kernel_a_level(self) -> Self:
        if isinstance(self.kernel_size, tuple) and len(self.kernel_size) != self.depth + 1:
            raise ValueError(
                f"{len(self.kernel_size)} kernel sizes for {self.depth + 1} levels (depth {self.depth} and the"
                " bottleneck): give one a level"
            )
        return self
