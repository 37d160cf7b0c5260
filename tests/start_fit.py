"""A process that tracks one small fit, for tests that start several at once."""

import os
import signal
import sys

from pipeline.params import AugmentParams, TrackingParams, TrainParams, UNetParams
from pipeline.provenance import complete_fit, describe_fit
from pipeline.tracking import track_fit

record = describe_fit(
    experiment="rings",
    model=UNetParams(name="unet"),
    train=TrainParams(),
    augment=AugmentParams(),
    seed=0,
    data_hash="d",
    split_hash="s",
    fold=sys.argv[1],
    backend="tensorflow",
)
with track_fit(TrackingParams(), record) as run:
    for epoch in (1, 2):
        run.log_epoch({"epoch": epoch, "loss": 0.5**epoch})
        if "killed" in sys.argv:
            os.kill(os.getpid(), signal.SIGKILL)
    run.finish(complete_fit(record, seconds=1, stopped="budget"))
