"""TensorBoard's own reader understands what we write."""

import struct
from pathlib import Path

import pytest

from pipeline.fitting.events import NAME, _checksum, append_events, start_events


def test_checksum_is_crc32c() -> None:
    crc = 0xE3069283  # of "123456789", the check value of CRC-32C
    masked = ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
    assert _checksum(b"123456789") == struct.pack("<I", masked)


def test_tensorflow_reads_the_events(tmp_path: Path, keras_backend: str) -> None:
    if keras_backend != "tensorflow":
        pytest.skip("the reader is TensorFlow's")
    from tensorflow.core.util import event_pb2
    from tensorflow.data import TFRecordDataset

    start_events(tmp_path / "0.tensorboard", [{"epoch": 1, "loss": 0.5, "validation_score": 0.25}])
    append_events(tmp_path / "0.tensorboard", {"epoch": 300, "loss": 0.125})
    records = TFRecordDataset([str(tmp_path / "0.tensorboard" / NAME)]).as_numpy_iterator()
    events = [event_pb2.Event.FromString(record) for record in records]
    assert events[0].file_version == "brain.Event:2"
    found = [(event.step, {value.tag: value.simple_value for value in event.summary.value}) for event in events[1:]]
    assert found == [(1, {"loss": 0.5, "validation_score": 0.25}), (300, {"loss": 0.125})]


def test_a_fit_that_begins_anew_writes_anew(tmp_path: Path) -> None:
    start_events(tmp_path, [{"epoch": 1, "loss": 0.5}])
    size = (tmp_path / NAME).stat().st_size
    start_events(tmp_path, [])
    assert (tmp_path / NAME).stat().st_size < size and len(list(tmp_path.iterdir())) == 1
