"""Films, by PyAV: frames in order are decoded once, and a jump starts at the key frame before."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np

from pipeline.datasets.reading.refusal import Refusal
from pipeline.datasets.reading.stored import Array, Role, Stored, check_size

LOSSLESS = ("ffv1", "huffyuv", "ffvhuff", "png", "rawvideo", "utvideo", "qtrle", "bmp", "tiff")
"""Codecs that keep every value, as masks need."""


def open_video(path: Path, role: Role) -> Stored:
    """The frames of the first film of a file, grey or RGB of 8 or 16 bits, upright. Raises Refusal."""
    path.open("rb").close()  # the operating system says better than a decoder what is wrong
    try:
        film = _Film(path, role)
    except av.FFmpegError as fault:
        raise Refusal("undecodable", f"cannot be decoded ({fault.strerror}): export it again") from None
    return Stored(len(film), film.read, film.close)


class _Film:
    """A film and where its decoder stands."""

    def __init__(self, path: Path, role: Role) -> None:
        self._file = av.open(path)
        try:
            self._stream = self._find_stream(role)
            self._times, self._keys = self._scan()
        except BaseException:
            self._file.close()
            raise
        self._next = len(self._times)
        self._frames: Iterator[Any] = iter(())

    def __len__(self) -> int:
        return len(self._times)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def read(self, number: int) -> Array:
        """Frame (height, width, channels); raises Refusal where it cannot be decoded."""
        try:
            if number < self._next or any(self._next < key <= number for key in self._keys):
                self._seek(number)
            while True:
                frame = next(self._frames)
                self._next += 1
                if self._next > number:
                    return _to_pixels(frame)
        except (StopIteration, av.FFmpegError) as fault:
            self._next = len(self._times)
            reason = fault.strerror if isinstance(fault, av.FFmpegError) else "it ends before"
            told = f"has {len(self)} frames, of which number {number} cannot be decoded ({reason})"
            raise Refusal("undecodable", f"{told}: export it again") from None

    def _find_stream(self, role: Role) -> Any:
        if not self._file.streams.video:
            raise Refusal("undecodable", "holds no film: export it again, or remove it")
        stream = self._file.streams.video[0]
        codec = stream.codec_context.name
        if role != "image" and codec not in LOSSLESS:
            raise Refusal(
                "lossy_mask", f"is a film in {codec}, which changes values: export it as PNG, TIFF or in ffv1"
            )
        check_size(stream.height, stream.width)
        stream.codec_context.thread_count = 1  # a process that forks cannot take a decoder's threads along
        return stream

    def _scan(self) -> tuple[list[int | None], list[int]]:
        """Time of each frame in order, and the frames that decoding may start at; nothing is decoded."""
        packets = [packet for packet in self._file.demux(self._stream) if packet.size]
        times = [packet.pts for packet in packets]
        if any(packet.is_corrupt for packet in packets):
            raise Refusal("undecodable", f"is cut short or damaged (it has {len(times)} frames): export it again")
        if None in times or len(set(times)) < len(times):
            return [None] * len(packets), [0]
        order = sorted((packet.pts, packet.is_keyframe) for packet in packets)
        self._check_end([time for time, _ in order])
        return [time for time, _ in order], [place for place, (_, is_key) in enumerate(order) if is_key]

    def _check_end(self, times: list[int]) -> None:
        """Refuse a film that ends before the time that its header states; Matroska and WebM do not tell otherwise."""
        stated = self._stream.metadata.get("DURATION")
        if stated is None or len(times) < 2:
            return
        hours, minutes, seconds = stated.split(":")
        lasts = 3600 * int(hours) + 60 * int(minutes) + float(seconds)
        longest = max(later - earlier for earlier, later in pairwise(times))
        end = float((times[-1] + 2 * longest) * self._stream.time_base)
        if end < lasts:
            told = (
                f"is cut short (it ends after {float(times[-1] * self._stream.time_base):.1f} of {lasts:.1f} seconds)"
            )
            raise Refusal("undecodable", f"{told}: export it again")

    def _seek(self, number: int) -> None:
        """Start at the last key frame up to this frame, or at the first one."""
        start = max((key for key in self._keys if key <= number), default=0)
        time = self._times[start]
        self._file.seek(0 if time is None else time, stream=self._stream, backward=True)
        frames = self._file.decode(self._stream)
        for frame in frames:
            if time is None or frame.pts is None or frame.pts >= time:
                self._frames, self._next = _again(frame, frames), start
                return
        self._frames = iter(())


def _again(frame: Any, frames: Iterator[Any]) -> Iterator[Any]:
    yield frame
    yield from frames


def _to_pixels(frame: Any) -> Array:
    bits = max(component.bits for component in frame.format.components)
    is_grey = frame.format.name.startswith(("gray", "ya"))
    names = ("gray", "gray16le") if is_grey else ("rgb24", "rgb48le")
    pixels = frame.to_ndarray(format=names[bits > 8])
    pixels = pixels if pixels.ndim == 3 else pixels[..., None]
    return np.rot90(pixels, round(frame.rotation / 90))
