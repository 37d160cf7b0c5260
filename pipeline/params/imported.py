"""Entry of predictions that another tool made."""

import string
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from pipeline.params.entries import HeadName, ModelEntry

FOLD, SAMPLE, FLAT = "fold", "sample", "flat"


class PredictionsParams(ModelEntry):
    """Masks, depths or classes of another tool, compared beside the models that are fitted here."""

    carries: ClassVar[frozenset[str]] = frozenset({"mask", "depth", "label"})
    is_imported: ClassVar[bool] = True

    kind: Literal["predictions"] = "predictions"
    """Files in place of a model: nothing is fitted, and new images cannot be predicted."""
    folder: Annotated[str, Field(min_length=1)]
    """Folder of the files. {fold} in it stands for the number of the fold: the files of each fold then come from a tool that was
    fitted on that fold's training samples (python -m pipeline export_splits)."""
    head: HeadName | None = None
    """Which of the task's heads they hold; null is its first."""
    table: Annotated[str, Field(min_length=1)] = "predictions.csv"
    """For labels, in place of files: a CSV below the folder with a row a sample: its sample_id, and its class by name in column
    label, or a column a class with its probability."""
    file: str = "{sample}.*"
    """Name of a sample's file below the folder: {sample} is its sample_id, {flat} the same with _ for /, and .* any format
    that is read; such as {flat}.npz of nnU-Net, {sample}_cp_masks.png of Cellpose."""
    values: Literal["classes", "nonzero", "probabilities"] | tuple[int, ...] = "classes"
    """What files of masks hold: numbers of classes, background being 0; instances or 0 and 255, of which all but 0 is foreground;
    probabilities, from 0 to 1 or of 8 or 16 bits, of the foreground or a channel a class; or a list, the value of each class,
    background first."""

    def heads_of(self, heads: tuple[HeadName, ...]) -> tuple[HeadName, ...]:
        """The one head that it holds, where the task has it."""
        return tuple(head for head in heads if head == (self.head or heads[0]))

    def folder_of(self, fold: str) -> str:
        """The folder of one fold's files."""
        return self.folder.format_map({FOLD: fold})

    def folders(self, folds: Sequence[str]) -> list[str]:
        """All folders, without repeats."""
        return list(dict.fromkeys(map(self.folder_of, folds)))

    @property
    def is_by_fold(self) -> bool:
        """Whether each fold's files were predicted by a tool that was fitted for that fold."""
        return FOLD in _fields(self.folder)

    @field_validator("folder")
    @classmethod
    def _folds_alone(cls, folder: str) -> str:
        if unknown := _fields(folder) - {FOLD}:
            raise ValueError(
                f"{{{sorted(unknown)[0]}}} stands for nothing in a folder: {{fold}} is the number of the fold"
            )
        return folder

    @field_validator("file")
    @classmethod
    def _names_samples(cls, file: str) -> str:
        fields = _fields(file)
        if unknown := fields - {SAMPLE, FLAT}:
            raise ValueError(f"{{{sorted(unknown)[0]}}} stands for nothing in a file: take {{sample}} or {{flat}}")
        if len(fields) != 1:
            raise ValueError(
                f"'{file}' does not tell samples apart: name {{sample}} or {{flat}} in it, such as {{sample}}.png"
            )
        return file

    @field_validator("values")
    @classmethod
    def _values_differ(cls, values: str | tuple[int, ...]) -> str | tuple[int, ...]:
        if not isinstance(values, str) and (len(values) < 2 or len(set(values)) < len(values)):
            raise ValueError(f"{list(values)} does not name two classes or more by different values: background first")
        return values


def _fields(text: str) -> set[str]:
    """Names in braces; raises ValueError for a brace alone, or one that holds more than a name."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        raise ValueError(
            f"'{text}' has a brace that is not closed or not opened: write {{sample}} or {{fold}}"
        ) from None
    if any(name is not None and (spelt or turned or not name.isidentifier()) for _, name, spelt, turned in parts):
        raise ValueError(f"'{text}' has more than a name in braces: write {{sample}} or {{fold}}")
    return {name for _, name, _, _ in parts if name is not None}
