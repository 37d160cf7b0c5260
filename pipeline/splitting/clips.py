"""Whether clips can be cut from the sequences at all."""

import pandas as pd

from pipeline.splitting.faults import SplitError


def check_clips(manifest: pd.DataFrame, frames: int, is_resized: bool) -> None:
    """Raise SplitError where a clip of so many frames has no sequence, or one that is shorter or of several sizes."""
    if frames == 1:
        return
    sequences = manifest[manifest["sequence"] != ""].groupby("sequence")
    if not len(sequences):
        raise SplitError(
            f"a model sees clips of {frames} frames, and no sample is in a sequence: set data.ordered to true where the"
            " files have an order, give one subfolder a sequence, or set the model's clip to 1"
        )
    faults = [
        f"sequence '{name}' has {count} frames, too few for clips of {frames}: set the model's clip to {count} or less,"
        " or leave the sequence out"
        for name, count in sequences.size().items()
        if count < frames
    ]
    for name, rows in sequences if not is_resized else ():
        sizes = rows["width"].astype(str) + "x" + rows["height"].astype(str)
        usual = sizes.mode()[0]
        odd = rows.loc[sizes != usual, "sample_id"]
        if len(odd):
            faults.append(
                f"frame '{odd.iloc[0]}' of sequence '{name}' is {sizes[odd.index[0]]}, most are {usual}, and the frames"
                " of a clip must be alike: set data.resize, or leave the sequence out"
            )
    if faults:
        raise SplitError("\n".join(faults))
