"""What can be wrong with a split."""


class SplitError(ValueError):
    """The scheme cannot divide these samples; the message tells what to change."""
