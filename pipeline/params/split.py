"""Section `split`: which samples train, validate and test in each fold."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipeline.params.section import Section

SplitKind = Literal[
    "k_fold",
    "stratified_k_fold",
    "group_k_fold",
    "stratified_group_k_fold",
    "leave_one_out",
    "leave_one_group_out",
    "time_series",
    "blocked",
    "parts_k_fold",
    "predefined",
]

REFIT = "refit"
"""Name of the fold without a test subset, for one model on all samples but the final test's."""


class SplitParams(Section):
    """How samples are divided; groups and shared parts are never divided."""

    kind: SplitKind = "group_k_fold"
    """The scheme; `time_series` trains on the past only, `blocked` holds out contiguous blocks of each sequence,
    `parts_k_fold` divides every kind of shared part by itself and leaves out the samples that mix, `predefined` takes the
    subsets given with the data."""
    folds: Annotated[int, Field(ge=1)] = 5
    """Folds; for leave_one_out and leave_one_group_out the number of samples or groups, for predefined 1."""
    repeats: Annotated[int, Field(ge=1)] = 1
    """How often the whole scheme is repeated with another seed."""
    gap: Annotated[int, Field(ge=0)] = 0
    """Frames left out between subsets of one sequence (time_series, blocked)."""
    window: Literal["expanding", "sliding"] = "expanding"
    """time_series: train on all of the past, or on as many frames as the first fold has."""
    validation_fraction: Annotated[float, Field(gt=0, lt=1)] = 0.2
    """Share of each fold's training part held out for early stopping and the threshold, by the rules of the scheme;
    for parts_k_fold the share of each kind of part, so that of two kinds 0.2 leaves 0.04 of the samples."""
    final_test_fraction: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of the samples set aside first and opened once, for the winner."""

    @property
    def fold_count(self) -> int:
        """Folds over all repeats."""
        return self.folds * self.repeats

    @property
    def divides_sequences(self) -> bool:
        """Whether one sequence, a group, is divided by time, so that parts of it train and test."""
        return self.kind in ("time_series", "blocked")

    @property
    def fold_names(self) -> tuple[str, ...]:
        """Names of the folds over all repeats, "0" first, without REFIT."""
        return tuple(str(fold) for fold in range(self.fold_count))

    @model_validator(mode="after")
    def _scheme_is_possible(self) -> Self:
        fixed = ("leave_one_out", "leave_one_group_out", "time_series", "predefined")
        if self.repeats > 1 and self.kind in (*fixed, "blocked"):
            raise ValueError(f"{self.kind} gives the same folds every time: set repeats to 1, not {self.repeats}")
        if self.repeats > 1 and self.kind == "parts_k_fold":
            raise ValueError(
                f"folds of repeated parts_k_fold share parts, so that none is independent of another: set repeats to 1, not"
                f" {self.repeats}, and raise folds"
            )
        if self.kind == "predefined" and self.folds != 1:
            raise ValueError(f"predefined subsets make one fold: set folds to 1, not {self.folds}")
        if self.kind != "predefined" and self.folds < 2:
            raise ValueError(f"{self.kind} needs at least 2 folds, not {self.folds}")
        if self.kind == "predefined" and self.final_test_fraction:
            raise ValueError("predefined subsets are taken as they are: set final_test_fraction to 0")
        if self.window == "sliding" and self.kind != "time_series":
            raise ValueError(
                f"a sliding window means nothing to {self.kind}: choose time_series, or set window to expanding"
            )
        if self.gap and not self.divides_sequences:
            raise ValueError(
                f"a gap of {self.gap} means nothing to {self.kind}: choose time_series or blocked, or set gap to 0"
            )
        return self
