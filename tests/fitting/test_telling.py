"""An epoch in one line of the log."""

from pipeline.fitting.telling import describe_epoch

FIRST = {"epoch": 1, "samples": 32, "loss": 0.5, "validation_loss": 0.75, "validation_score": 0.25, "seconds": 4.0}
SECOND = {"epoch": 2, "samples": 64, "loss": 0.25, "validation_loss": 0.8, "validation_score": 0.5, "seconds": 6.0}


def test_epoch_is_told_with_its_own_time_and_rate() -> None:
    assert describe_epoch([FIRST], 10, 1, "dice") == (
        "epoch 1 of 10: loss 0.5000, validation loss 0.7500, dice 0.2500, 4.0 s, 8 images/s, the best so far"
    )
    assert describe_epoch([FIRST, SECOND], 10, 1, "dice") == (
        "epoch 2 of 10: loss 0.2500, validation loss 0.8000, dice 0.5000, 2.0 s, 16 images/s, the best was epoch 1"
    )
