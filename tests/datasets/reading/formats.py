"""The formats of the matrix, and what each of them holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from tests.datasets.reading import writers
from tests.datasets.reading.writers import Writer

DTYPES = (
    "bool",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "int8",
    "int16",
    "int32",
    "int64",
    "float16",
    "float32",
    "float64",
)
CHANNELS = ("1", "2", "3", "5", "1+alpha", "3+alpha")
LOSSY = 24
"""Grey values that a smooth ramp may lose to a lossy codec that halves the resolution of colours."""


@dataclass(frozen=True)
class Format:
    """One way to keep images."""

    name: str
    suffix: str
    write: Writer
    frames: int = 1
    axes: str | None = None
    """data.axes, where files of the format do not say them; None where they do."""
    grey_axes: str | None = None
    """The same for files of one channel, where they have no axis for it."""
    alpha: bool = False
    """Whether the format knows what alpha is."""
    holds: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Channels that a file may have, by type."""
    tolerance: int = 0
    """Grey values that it may lose; masks are refused where it loses any."""


ANY = dict.fromkeys(DTYPES, "1 2 3 5")
ANY_ALPHA = dict.fromkeys(DTYPES, "1 2 3 5 1+alpha 3+alpha")
SEVERAL = dict.fromkeys(DTYPES, "2 3 5")
SEVERAL_ALPHA = dict.fromkeys(DTYPES, "2 3 5 1+alpha 3+alpha")
PNG = {"bool": "1"} | dict.fromkeys(("uint8", "uint16"), "1 3 1+alpha 3+alpha")
COLOURS = {"uint8": "3"}
IMAGEJ = dict.fromkeys(("uint8", "uint16", "int16", "float32"), "1 2 3 5")
OME = {dtype: "1 2 3 5" for dtype in DTYPES if dtype not in ("uint64", "int64", "float16")}
FFV1_HOLDS = {"uint8": "1 3", "uint16": "1 3"}

FFV1 = partial(writers.write_video, codec="ffv1", formats=("gray", "bgr0", "gray16le", "rgb48le"))
H264 = partial(writers.write_video, codec="libx264rgb", formats=("", "rgb24", "", ""), qp="0")
VP9 = partial(writers.write_video, codec="libvpx-vp9", formats=("", "gbrp", "", ""), lossless="1")
LOSSY_H264 = partial(writers.write_video, codec="libx264", formats=("yuv420p", "yuv420p", "", ""), crf="10")
LOSSY_MPEG4 = partial(writers.write_video, codec="mpeg4", formats=("yuv420p", "yuv420p", "", ""), qmin="1", qmax="2")
QTRLE = partial(writers.write_video, codec="qtrle", formats=("", "rgb24", "", ""))

FORMATS = (
    Format("PNG", ".png", writers.write_png, alpha=True, holds=PNG),
    Format("PNG, palette", ".png", writers.write_png_palette, alpha=True, holds=COLOURS),
    Format(
        "JPG",
        ".jpg",
        partial(writers.write_pillow, quality=100),
        alpha=True,
        tolerance=LOSSY,
        holds={"bool": "1", "uint8": "1 3"},
    ),
    Format("BMP", ".bmp", writers.write_pillow, alpha=True, holds={"bool": "1", "uint8": "1 3 3+alpha"}),
    Format(
        "WebP, lossless", ".webp", partial(writers.write_webp, lossless=True), alpha=True, holds={"uint8": "3 3+alpha"}
    ),
    Format(
        "WebP, lossy",
        ".webp",
        partial(writers.write_webp, lossless=False),
        alpha=True,
        tolerance=LOSSY,
        holds={"uint8": "3 3+alpha"},
    ),
    Format("GIF", ".gif", writers.write_gif, frames=3, alpha=True, holds={"bool": "1", "uint8": "1 3"}),
    Format("TIFF", ".tif", writers.write_tiff, alpha=True, holds=ANY_ALPHA),
    Format("TIFF, deflated", ".tif", partial(writers.write_tiff, compression="zlib"), alpha=True, holds=ANY_ALPHA),
    Format("TIFF, tiles", ".tif", partial(writers.write_tiff, tile=(16, 16)), alpha=True, holds=ANY_ALPHA),
    Format("TIFF, big-endian", ".tif", partial(writers.write_tiff, byteorder=">"), alpha=True, holds=ANY_ALPHA),
    Format("TIFF, planes", ".tif", writers.write_tiff_planes, alpha=True, holds=SEVERAL_ALPHA),
    Format(
        "TIFF, pages TYX",
        ".tif",
        partial(writers.write_tiff_pages, metadata=None),
        frames=3,
        axes="TYXC",
        grey_axes="TYX",
        alpha=True,
        holds=ANY_ALPHA,
    ),
    Format("TIFF, pages CYX", ".tif", partial(writers.write_tiff_channels, metadata=None), axes="CYX", holds=SEVERAL),
    Format(
        "TIFF, pages said CYX", ".tif", partial(writers.write_tiff_channels, metadata={"axes": "CYX"}), holds=SEVERAL
    ),
    Format("ImageJ TCYX", ".tif", writers.write_imagej, frames=3, holds=IMAGEJ),
    Format("OME-TIFF TCYX", ".ome.tif", partial(writers.write_ome, axes="TCYX"), frames=3, holds=OME),
    Format(
        "OME-TIFF CZYX", ".ome.tif", partial(writers.write_ome, axes="CZYX", compression="zlib"), frames=3, holds=OME
    ),
    Format("NPY", ".npy", writers.write_npy, frames=3, axes="TYXC", holds=ANY),
    Format("NPZ", ".npz", writers.write_npz, frames=3, axes="TYXC", holds=ANY),
    Format("Zarr 2", ".zarr", partial(writers.write_zarr, version=2), frames=3, axes="TYXC", holds=ANY),
    Format("Zarr 3", ".zarr", partial(writers.write_zarr, version=3), frames=3, holds=ANY),
    Format("OME-Zarr 0.4", ".ome.zarr", partial(writers.write_ome_zarr, version=2), frames=3, holds=ANY),
    Format("OME-Zarr 0.5", ".ome.zarr", partial(writers.write_ome_zarr, version=3), frames=3, holds=ANY),
    Format("MKV, FFV1", ".mkv", FFV1, frames=3, holds=FFV1_HOLDS),
    Format("AVI, FFV1", ".avi", FFV1, frames=3, holds=FFV1_HOLDS),
    Format("MOV, QTRLE", ".mov", QTRLE, frames=3, holds=COLOURS),
    Format("MP4, H.264 without loss", ".mp4", H264, frames=3, holds=COLOURS),
    Format("WebM, VP9 without loss", ".webm", VP9, frames=3, holds=COLOURS),
    Format("MP4, H.264", ".mp4", LOSSY_H264, frames=3, tolerance=LOSSY, holds={"uint8": "1 3"}),
    Format("AVI, MPEG-4", ".avi", LOSSY_MPEG4, frames=3, tolerance=LOSSY, holds={"uint8": "1 3"}),
)


@dataclass(frozen=True)
class Cell:
    """One format with one type and one kind of channels."""

    format: Format
    dtype: str
    channels: str

    @property
    def axes(self) -> str | None:
        """data.axes for a file of this cell."""
        return self.format.grey_axes or self.format.axes if self.channels == "1" else self.format.axes

    @property
    def is_held(self) -> bool:
        """Whether a file of the format can hold it."""
        return self.channels in self.format.holds.get(self.dtype, "").split()

    def __str__(self) -> str:
        return f"{self.format.name}-{self.dtype}-{self.channels}"
