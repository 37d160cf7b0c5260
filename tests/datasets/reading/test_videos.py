"""Films are read frame by frame, in any order and upright."""

import struct
import time
from pathlib import Path

import av
import numpy as np
import pytest

from pipeline.datasets.faults import DataError
from pipeline.datasets.reading import count_frames
from tests.datasets.reading.drawn import read_image
from tests.datasets.reading.formats import H264


def write_film(path: Path, codec: str, frames: int, **options: str) -> list[np.ndarray]:
    """A square that moves; the frames as a plain decoder has them."""
    with av.open(path, "w") as file:
        stream = file.add_stream(codec, rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(frames):
            pixels = np.full((48, 64, 3), 40, np.uint8)
            pixels[10:30, number % 40 : number % 40 + 20] = (220, 120, 2 * number % 256)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        file.mux(stream.encode())
    with av.open(path) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.mp4", "libx264", {"g": "12", "bf": "2"}),
        ("a.mov", "libx264", {"x264-params": "keyint=12:open-gop=1:bframes=3"}),
        ("a.mkv", "libx264", {"g": "1000", "bf": "3"}),
        ("a.avi", "mpeg4", {"g": "12", "bf": "2"}),
        ("a.avi", "libx264", {"g": "12", "bf": "2"}),
        ("a.webm", "libvpx-vp9", {"g": "12", "auto-alt-ref": "1", "lag-in-frames": "16"}),
        ("a.m4v", "mpeg4", {"g": "5"}),
    ],
)
def test_frames_are_read_in_any_order_as_a_plain_decoder_has_them(
    name: str, codec: str, options: dict[str, str], tmp_path: Path
) -> None:
    expected = write_film(tmp_path / name, codec, 40, **options)
    assert count_frames(tmp_path / name) == len(expected) == 40
    order = [*range(40), *np.random.default_rng(0).permutation(40).tolist(), 0, 39, 38, 39, 39]
    for frame in order:
        np.testing.assert_array_equal(read_image(tmp_path / name, frame), expected[frame], err_msg=f"frame {frame}")


def test_a_film_read_in_order_is_decoded_once(tmp_path: Path) -> None:
    expected = write_film(tmp_path / "a.mp4", "libx264", 300, g="1000")
    start = time.perf_counter()
    with av.open(tmp_path / "a.mp4") as file:
        for frame in file.decode(video=0):
            frame.to_ndarray(format="rgb24")
    once = time.perf_counter() - start
    start = time.perf_counter()
    for number in range(len(expected)):
        read_image(tmp_path / "a.mp4", number)
    assert time.perf_counter() - start < 15 * once  # from the start each time it would be 150 times


@pytest.mark.parametrize(("turns", "matrix"), [(-1, (0, 1, -1, 0)), (1, (0, -1, 1, 0)), (2, (-1, 0, 0, -1))])
def test_a_film_taken_upright_by_a_telephone_is_upright(turns: int, matrix: tuple[int, ...], tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (2, 16, 24, 3), np.uint8)
    H264(tmp_path / "a.mp4", pixels, False)
    content = bytearray((tmp_path / "a.mp4").read_bytes())
    place = content.index(b"tkhd") + 44  # the matrix in the header of the track, in 16.16 fixed point
    a, b, c, d = (65536 * value for value in matrix)
    content[place : place + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    (tmp_path / "a.mp4").write_bytes(content)
    np.testing.assert_array_equal(read_image(tmp_path / "a.mp4", 1), np.rot90(pixels[1], turns))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp4", "libx264"), ("a.avi", "mpeg4"), ("a.mkv", "ffv1"), ("a.webm", "libvpx-vp9")]
)
def test_a_film_cut_short_is_told(name: str, codec: str, share: float, tmp_path: Path) -> None:
    write_film(tmp_path / name, codec, 40)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(share * len(content))])
    with pytest.raises(DataError, match=r"cut short|cannot be decoded"):
        count_frames(tmp_path / name)


def test_only_the_film_of_a_file_with_sound_is_read(tmp_path: Path) -> None:
    with av.open(tmp_path / "a.mkv", "w") as file:
        film, sound = file.add_stream("ffv1", rate=5), file.add_stream("pcm_s16le", rate=8000)
        film.width, film.height, film.pix_fmt = 16, 16, "gray"
        for number in range(3):
            file.mux(film.encode(av.VideoFrame.from_ndarray(np.full((16, 16), number, np.uint8), "gray")))
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), layout="mono")
        silence.sample_rate = 8000
        file.mux([*film.encode(), *sound.encode(silence), *sound.encode()])
    assert count_frames(tmp_path / "a.mkv") == 3
    assert read_image(tmp_path / "a.mkv", 2).shape == (16, 16, 1)
    assert read_image(tmp_path / "a.mkv", 2).max() == 2
