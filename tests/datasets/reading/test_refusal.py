"""What is wrong with a file is told in one line with its name, what was found, and the mend; never by a traceback."""

import struct
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import av
import imagecodecs
import numpy as np
import pytest
import tifffile
import zarr
from PIL import Image

from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.reading import count_frames
from tests.datasets.reading.drawn import read_image, read_mask
from tests.datasets.reading.formats import FFV1, FORMATS, Cell, Format
from tests.datasets.reading.matrix import draw
from tests.raws import draw_image, draw_mask, write_picture

CUT = ["a.png", "a.jpg", "a.bmp", "a.tif", "deep.png", "a.webp", "a.gif", "a.npy", "a.npz", "lzw.tif", "a.mkv"]


def fault_of(read: Callable[[], object]) -> Fault:
    """The one fault that reading tells."""
    with pytest.raises(DataError) as caught:
        read()
    assert len(caught.value.faults) == 1
    assert "\n" not in str(caught.value)
    return caught.value.faults[0]


def write_any(path: Path) -> Path:
    """A file of noise in the format of the name, large enough to be cut."""
    pixels = np.random.default_rng(0).integers(0, 255, (40, 50, 3), np.uint8)
    match path.name:
        case "deep.png":
            path.write_bytes(imagecodecs.png_encode(pixels.astype(np.uint16) * 257))
        case "a.npy":
            np.save(path, pixels[..., 0])
        case "a.npz":
            np.savez_compressed(path, pixels[..., 0])
        case "lzw.tif":
            tifffile.imwrite(path, pixels, compression="lzw", rowsperstrip=4)
        case "a.mkv":
            FFV1(path, np.stack([pixels] * 9), False)
        case _:
            write_picture(path, pixels)
    return path


@pytest.mark.parametrize("name", CUT)
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.95])
def test_a_file_cut_short_is_told(name: str, share: float, tmp_path: Path) -> None:
    path = write_any(tmp_path / name)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    axes = "YXC" if path.suffix in (".npy", ".npz") else None
    frame = 8 if path.suffix == ".mkv" else None
    fault = fault_of(lambda: read_image(path, frame, axes=axes))
    assert fault.kind == ("file_empty" if share == 0 else fault.kind)
    assert fault.kind in ("file_empty", "undecodable", "frame_missing")
    assert fault.message.startswith(f"image '{path}' ")
    assert ": export it again" in fault.message
    assert fault.file == name


@pytest.mark.parametrize("share", [0.4, 0.6, 0.9])
def test_a_stack_cut_short_is_told(share: float, tmp_path: Path) -> None:
    pages = [Image.fromarray(draw_image(seed)) for seed in range(6)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    content = (tmp_path / "a.tif").read_bytes()
    (tmp_path / "a.tif").write_bytes(content[: int(share * len(content))])
    fault = fault_of(lambda: read_image(tmp_path / "a.tif", count_frames(tmp_path / "a.tif", "TYX") - 1, axes="TYX"))
    assert fault.kind == "undecodable"
    assert ": export it again" in fault.message


@pytest.mark.parametrize("suffix", sorted({single.suffix for single in FORMATS} - {".zarr", ".ome.zarr"}))
def test_text_with_the_name_of_an_image_is_told(suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"a{suffix}").write_text("Größe,Wert\n1,2\n" * 50)
    fault = fault_of(lambda: read_image(tmp_path / f"a{suffix}"))
    assert fault.kind == "undecodable"
    assert "cannot be decoded (it is text: 'Größe,Wert" in fault.message


@pytest.mark.parametrize("suffix", sorted({single.suffix for single in FORMATS} - {".zarr", ".ome.zarr"}))
def test_noise_with_the_name_of_an_image_is_told(suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"a{suffix}").write_bytes(np.random.default_rng(1).bytes(5000))
    assert fault_of(lambda: read_image(tmp_path / f"a{suffix}")).kind == "undecodable"


@pytest.mark.parametrize("suffix", sorted({single.suffix for single in FORMATS}))
def test_a_missing_file_is_told(suffix: str, tmp_path: Path) -> None:
    fault = fault_of(lambda: read_mask(tmp_path / f"a{suffix}"))
    assert fault == Fault(
        "file_missing",
        f"mask '{tmp_path / f'a{suffix}'}' is missing: add it, or remove what refers to it",
        f"a{suffix}",
    )


def test_links_that_lead_nowhere_or_in_a_circle_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to("b.png")
    assert "is a link to 'b.png', which is missing" in fault_of(lambda: read_image(tmp_path / "a.png")).message
    (tmp_path / "b.png").symlink_to("a.png")
    assert fault_of(lambda: read_image(tmp_path / "a.png")).kind == "link_loop"


def test_a_folder_with_the_name_of_an_image_is_told(tmp_path: Path) -> None:
    for name in ("a.png", "a.tif", "a.npy", "a.mp4"):
        (tmp_path / name).mkdir()
        fault = fault_of(lambda name=name: read_image(tmp_path / name))
        assert fault.kind == "folder_for_file" and "is a folder" in fault.message


def test_a_file_without_the_right_to_read_it_is_told(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.png", draw_image(0))
    path.chmod(0)
    program = (
        "import os, sys; from pathlib import Path; from pipeline.datasets.reading import read_image;"
        "from pipeline.params import DataParams; os.getuid() or os.setuid(65534);"
        "read_image(Path(sys.argv[1]), 'a.png', DataParams())"
    )
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)  # another user gets as far as the file
    told = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=False).stderr
    assert told.endswith(f"cannot be read (permission denied): type chmod u+r '{path}', or ask its owner to\n")


def write_bomb(path: Path) -> None:
    """A few bytes that say they are 100,000 x 100,000 pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    if path.suffix == ".png":
        bits = 16 if path.stem == "deep" else 8
        header = struct.pack(">IIBBBBB", 100_000, 100_000, bits, 2, 0, 0, 0)
        parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(1000))), chunk(b"IEND", b"")]
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    elif path.suffix == ".bmp":
        Image.fromarray(draw_image(0)).save(path)
        content = bytearray(path.read_bytes())
        content[18:26] = struct.pack("<ii", 100_000, 100_000)
        path.write_bytes(content)
    elif path.suffix == ".gif":
        Image.fromarray(draw_image(0)).save(path)
        content = path.read_bytes()
        path.write_bytes(content[:6] + struct.pack("<HH", 60_000, 60_000) + content[10:])
    elif path.suffix == ".tif":
        tifffile.imwrite(path, draw_image(0))
        with tifffile.TiffFile(path, mode="r+b") as file:
            for name in ("ImageWidth", "ImageLength"):
                file.pages.first.tags[name].overwrite(100_000)
    elif path.suffix == ".npy":
        with path.open("wb") as file:
            np.lib.format.write_array_header_1_0(
                file, {"descr": "|u1", "fortran_order": False, "shape": (100_000, 100_000)}
            )
            file.truncate(10**10 + 128)  # no block of it is on the disk
    else:
        zarr.create_array(path, shape=(100_000, 100_000), chunks=(1000, 1000), dtype="u1")


@pytest.mark.parametrize("name", ["a.png", "deep.png", "a.bmp", "a.gif", "a.tif", "a.npy", "a.zarr"])
def test_a_header_of_a_bomb_is_told_without_taking_memory(name: str, tmp_path: Path) -> None:
    write_bomb(tmp_path / name)
    tracemalloc.start()
    fault = fault_of(lambda: read_image(tmp_path / name))
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()
    assert fault.kind == "too_large"
    assert any(size in fault.message for size in ("100000x100000", "10,000,000,000 pixels", "3,600,000,000 pixels"))
    assert "cut it into tiles" in fault.message


@pytest.mark.parametrize("name", ["a.jpg", "jpeg.png", "a.webp", "a.tif", "a.mp4"])
def test_a_mask_with_lossy_content_is_told(name: str, tmp_path: Path) -> None:
    if name == "a.tif":
        tifffile.imwrite(tmp_path / name, np.kron(draw_mask(), np.ones((4, 4), np.uint8)), compression="jpeg")
    elif name == "a.mp4":
        next(single for single in FORMATS if single.name == "MP4, H.264").write(
            tmp_path / name, np.zeros((1, 16, 16, 3), np.uint8), False
        )
    else:
        Image.fromarray(draw_mask()).convert("RGB").save(tmp_path / name, format="WEBP" if name == "a.webp" else "JPEG")
    fault = fault_of(lambda: read_mask(tmp_path / name))
    assert fault.kind == "lossy_mask"
    assert "changes values: export it" in fault.message


def test_pixels_that_are_not_finite_are_counted(tmp_path: Path) -> None:
    pixels = np.zeros((8, 10, 3), np.float32)
    pixels[0, 0], pixels[1, 1, 0] = np.nan, np.inf
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb")
    assert "has 2 pixels of NaN or infinity: replace" in fault_of(lambda: read_image(tmp_path / "a.tif")).message


def test_a_mask_of_probabilities_is_told_and_one_of_whole_floats_taken(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", draw_mask(1).astype(np.float32) / 4)
    assert "is float32 with 20 values that are no whole numbers (0.25 for one)" in (
        fault_of(lambda: read_mask(tmp_path / "a.tif")).message
    )
    np.save(tmp_path / "b.npy", draw_mask(3).astype(float))
    np.testing.assert_array_equal(read_mask(tmp_path / "b.npy"), draw_mask(3))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.full((8, 10), -1, np.int16), "mask_value_range"),
        (np.full((8, 10), 70_000, np.uint32), "mask_value_range"),
        (np.full((8, 10), 2**40, np.int64), "value_range"),
        (np.full((8, 10), 1j), "dtype"),
        (np.array([["a"]]), "dtype"),
    ],
)
def test_values_that_no_class_can_have_are_told(values: np.ndarray, kind: str, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", values)
    assert fault_of(lambda: read_mask(tmp_path / "a.npy")).kind == kind


def test_an_array_of_objects_and_a_file_of_two_arrays_are_told(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{"a": 1}], object), allow_pickle=True)
    assert fault_of(lambda: read_image(tmp_path / "a.npy")).kind == "undecodable"
    np.savez(tmp_path / "b.npz", image=draw_image(0), mask=draw_mask())
    assert (
        "holds 2 arrays (image, mask): save one array a file"
        in fault_of(lambda: read_image(tmp_path / "b.npz")).message
    )
    group = zarr.open_group(tmp_path / "c.zarr", mode="w")
    for name in "ab":
        group.create_array(name, data=draw_image(0))
    assert (
        "is a group of 2 arrays (a, b): save one array a file"
        in fault_of(lambda: read_image(tmp_path / "c.zarr")).message
    )


def test_a_folder_that_is_no_zarr_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.zarr").mkdir()
    assert fault_of(lambda: read_image(tmp_path / "a.zarr")).kind == "undecodable"
    (tmp_path / "b.zarr").write_text("hello")
    assert fault_of(lambda: read_image(tmp_path / "b.zarr")).kind == "undecodable"


def test_a_damaged_chunk_is_told(tmp_path: Path) -> None:
    zarr.create_array(tmp_path / "a.zarr", data=draw_image(0), zarr_format=3)
    chunk = next(path for path in (tmp_path / "a.zarr" / "c").rglob("*") if path.is_file())
    chunk.write_bytes(chunk.read_bytes()[:-5])
    assert fault_of(lambda: read_image(tmp_path / "a.zarr")).kind == "undecodable"


def test_a_film_without_pictures_is_told(tmp_path: Path) -> None:
    with av.open(tmp_path / "a.mkv", "w") as file:
        stream = file.add_stream("pcm_s16le", rate=8000)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), layout="mono")
        silence.sample_rate = 8000
        file.mux(stream.encode(silence))
        file.mux(stream.encode())
    assert "holds no film" in fault_of(lambda: read_image(tmp_path / "a.mkv")).message


def test_a_frame_that_is_not_there_and_a_stack_for_one_image_are_told(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((3, 8, 10), np.uint8))
    assert (
        "has 3 frames, and frame 3 is asked for"
        in fault_of(lambda: read_image(tmp_path / "a.npy", 3, axes="TYX")).message
    )
    assert (
        "has 3 frames where one image is expected"
        in fault_of(lambda: read_image(tmp_path / "a.npy", axes="TYX")).message
    )


def test_colours_of_print_are_told(tmp_path: Path) -> None:
    Image.fromarray(draw_image(0, 3)).convert("CMYK").save(tmp_path / "a.jpg")
    assert (
        "has the colours of mode CMYK: save it in grey or RGB"
        in fault_of(lambda: read_image(tmp_path / "a.jpg")).message
    )
    tifffile.imwrite(tmp_path / "b.tif", draw_image(0, 4), photometric="separated")
    assert "has the colours of SEPARATED" in fault_of(lambda: read_image(tmp_path / "b.tif")).message


CHANGED = [single for single in FORMATS if not single.suffix.endswith(".zarr")]


@pytest.mark.parametrize("held", CHANGED, ids=lambda single: single.name)
@pytest.mark.filterwarnings("ignore")
def test_bytes_that_were_changed_give_pixels_or_a_fault_and_no_traceback(held: Format, tmp_path: Path) -> None:
    cell = next(cell for cell in (Cell(held, "uint8", channels) for channels in "13") if cell.is_held)
    path, generator = tmp_path / f"a{held.suffix}", np.random.default_rng(0)
    held.write(path, draw(cell), False)
    content = path.read_bytes()
    for _ in range(15):
        harmed = np.frombuffer(content, np.uint8).copy()
        reach = min(len(harmed), 400) if generator.random() < 0.6 else len(harmed)
        harmed[generator.integers(0, reach, 4)] = generator.integers(0, 256, 4)
        path.write_bytes(harmed.tobytes())
        with suppress(DataError):
            read_image(path, 0 if count_frames(path, cell.axes) > 1 else None, axes=cell.axes)
