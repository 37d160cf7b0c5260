"""Section `curve`, and the fits beyond those that are compared: of parts of the training subset, and of other seeds."""

from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from pipeline.params.section import Name, Section

PART, SEED = "part", "seed"
EXTRA_PATTERN = rf"\d+-({PART}[\d.]+|{SEED}\d+)"
"""What the name of an extra fold looks like, such as 0-part25 or 0-seed1."""


class CurveParams(Section):
    """A learning curve: fits on nested parts of the training subset, and what more samples are expected to give."""

    models: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    """Names of the models; null is all that learn more than a baseline."""
    shares: Annotated[tuple[Annotated[float, Field(gt=0, lt=1)], ...], Field(min_length=2)] = (0.125, 0.25, 0.5)
    """Parts of each fold's training subset that are fitted besides the whole of it, whole groups only."""
    folds: Annotated[int, Field(ge=1)] | None = None
    """How many folds are fitted so, the first ones; null is all."""
    more: Annotated[int, Field(ge=1)] = 20
    """Further training samples whose gain is foretold, and that of twice as many as there are."""

    @model_validator(mode="after")
    def _shares_ascend(self) -> Self:
        if list(self.shares) != sorted(set(self.shares)):
            raise ValueError(f"shares must ascend, each once, not {list(self.shares)}")
        return self


class ExtraFold(NamedTuple):
    """One of the split's folds, fitted another time."""

    base: str
    """The fold of the split: its validation and test subsets are the same."""
    share: float = 1.0
    """Part of its training subset."""
    repeat: int = 0
    """Number of another seed; 0 is the experiment's own."""

    @property
    def name(self) -> str:
        """0-part12.5 for an eighth of fold 0's training subset, 0-seed1 for its first further seed, 0 for itself."""
        if self.repeat:
            return f"{self.base}-{SEED}{self.repeat}"
        return self.base if self.share == 1 else f"{self.base}-{PART}{100 * self.share:g}"


def parse_fold(name: str) -> ExtraFold:
    """What the name of a fold says; "refit" and "0" are themselves."""
    base, _, kind = name.partition("-")
    if kind.startswith(PART):
        return ExtraFold(base, share=float(kind.removeprefix(PART)) / 100)
    return ExtraFold(base, repeat=int(kind.removeprefix(SEED) or 0))
