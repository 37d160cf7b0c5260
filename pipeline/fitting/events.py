"""TensorBoard's event files, written without TensorBoard or TensorFlow: records of length, checksum and protocol buffer."""

import struct
import time
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

NAME = "events.out.tfevents.0.foldwise"  # one name: a fit that goes on overwrites its own
POLYNOMIAL = 0x82F63B78  # CRC-32C (Castagnoli), bits reversed
MASK_DELTA = 0xA282EAD8  # of TensorFlow's record format


def start_events(folder: Path, history: Iterable[Mapping[str, float]]) -> None:
    """A new event file in a folder, with the rows (epoch, loss, ...) that are known already."""
    folder.mkdir(parents=True, exist_ok=True)
    version = _field(3, b"brain.Event:2")
    (folder / NAME).write_bytes(_record(_double(1, time.time()) + version))
    for row in history:
        append_events(folder, row)


def append_events(folder: Path, row: Mapping[str, float]) -> None:
    """Add the values of an epoch, one a column, as scalars."""
    values = b"".join(
        _field(1, _field(1, name.encode()) + struct.pack("<Bf", 2 << 3 | 5, value))
        for name, value in row.items()
        if name != "epoch"
    )
    step = bytes([2 << 3]) + _varint(int(row["epoch"]))
    with (folder / NAME).open("ab") as file:
        file.write(_record(_double(1, time.time()) + step + _field(5, values)))


def _record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + _checksum(length) + data + _checksum(data)


def _checksum(data: bytes) -> bytes:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _table()[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + MASK_DELTA) & 0xFFFFFFFF)


@cache
def _table() -> list[int]:
    table = list(range(256))
    for _ in range(8):
        table = [(value >> 1) ^ (POLYNOMIAL if value & 1 else 0) for value in table]
    return table


def _double(number: int, value: float) -> bytes:
    return struct.pack("<Bd", number << 3 | 1, value)


def _field(number: int, data: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])
