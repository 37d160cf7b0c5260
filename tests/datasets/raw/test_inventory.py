"""The inventory of a raw folder changes when, and only when, something visible in it does."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.datasets.raw.inventory import write_inventory


def edit(raw: Path) -> None:
    (raw / "images/1.png").write_bytes(b"other")


def touch(raw: Path) -> None:
    os.utime(raw / "images/1.png", ns=(1, 1))


def add(raw: Path) -> None:
    (raw / "masks/2.png").write_bytes(b"mask")


def remove(raw: Path) -> None:
    (raw / "masks/1.png").unlink()


def rename(raw: Path) -> None:
    (raw / "masks/1.png").rename(raw / "masks/3.png")


def swap(raw: Path) -> None:
    (raw / "images").rename(raw / "other")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    for name in ("images", "masks"):
        (tmp_path / "raw" / name).mkdir(parents=True)
        (tmp_path / "raw" / name / "1.png").write_bytes(b"pixel")
        os.utime(tmp_path / "raw" / name / "1.png", ns=(0, 0))
    return tmp_path / "raw"


def take(raw: Path) -> Path:
    inventory = raw.parent / "raw.json"
    write_inventory(raw, inventory)
    return inventory


def test_files_and_bytes_are_counted(raw: Path) -> None:
    told = json.loads(take(raw).read_text())
    assert (told["files"], told["bytes"]) == (2, 10)


@pytest.mark.parametrize("change", [edit, touch, add, remove, rename, swap])
def test_every_change_is_told(raw: Path, change: Callable[[Path], None]) -> None:
    before = take(raw).read_text()
    change(raw)
    assert take(raw).read_text() != before


def test_nothing_is_written_where_nothing_changed(raw: Path) -> None:
    os.utime(take(raw), ns=(0, 0))
    (raw / "images/.hidden").write_bytes(b"")
    assert take(raw).stat().st_mtime_ns == 0


def test_links_are_followed_and_loops_are_not(raw: Path) -> None:
    (raw / "images/loop").symlink_to(raw)
    (raw / "images/itself").symlink_to("itself")
    (raw / "images/nowhere").symlink_to("absent.png")
    (raw.parent / "link").symlink_to(raw)
    before = take(raw.parent / "link").read_text()
    add(raw)
    assert take(raw.parent / "link").read_text() != before
