"""Section `audit`: how leaks between the subsets of a fold are looked for."""

from typing import Annotated

from pydantic import Field

from pipeline.params.section import Section


class LeakSearchParams(Section):
    """How leaks between the subsets of a fold are looked for."""

    near_identical: bool = True
    """Look for copies that were encoded again, resized, shaded, flipped, turned or cropped; identical pixels are always found."""
    features: Annotated[int, Field(ge=0)] = 10_000
    """Most samples whose turns by any angle and crops are looked for (about 20 ms each); of more, so many are drawn."""
    pairs: Annotated[int, Field(ge=0)] = 20_000
    """Most candidate pairs that are laid over each other (about 5 ms each), the most promising first."""


class AuditParams(LeakSearchParams):
    """How leaks between the subsets of a fold are looked for, and whether they stop the workflow."""

    waive: str = ""
    """Why the leaks that were found may stay, in words that the report prints; empty stops the workflow at a leak."""

    @property
    def is_waived(self) -> bool:
        """Whether leaks may stay."""
        return bool(self.waive.strip())

    @property
    def leak_search(self) -> LeakSearchParams:
        """What the search depends on: other words for a waiver start nothing anew."""
        return LeakSearchParams(**self.model_dump(exclude={"waive"}))
