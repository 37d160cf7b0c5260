"""An epoch in one line of the log."""

from collections.abc import Mapping, Sequence


def describe_epoch(history: Sequence[Mapping[str, float]], epochs: int, best_epoch: int, score: str) -> str:
    """The last row of a history, of so many `epochs` in all, as in "epoch 2 of 10: loss .5000, ...".

    `score` names what the score is; the time is of training and validation, the images those trained on in a second of it.
    """
    row, before = history[-1], history[-2] if len(history) > 1 else {"samples": 0, "seconds": 0}
    seconds = row["seconds"] - before["seconds"]
    rate = (row["samples"] - before["samples"]) / max(seconds, 1e-3)
    losses = (
        f"loss {row['loss']:.4f}, validation loss {row['validation_loss']:.4f}, {score} {row['validation_score']:.4f}"
    )
    best = "the best so far" if row["epoch"] == best_epoch else f"the best was epoch {best_epoch:.0f}"
    return f"epoch {row['epoch']:.0f} of {epochs}: {losses}, {seconds:.1f} s, {rate:.0f} images/s, {best}"
