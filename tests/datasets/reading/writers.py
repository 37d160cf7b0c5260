"""Writes small arrays in every format that is read; what a format cannot hold, its library refuses."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import av
import imagecodecs
import numpy as np
import tifffile
import zarr
from PIL import Image

Writer = Callable[[Path, np.ndarray, bool], object]
"""Takes frames (frames, height, width, channels), one where the format has one, and whether the last channel is alpha."""


def write_png(path: Path, pixels: np.ndarray, alpha: bool) -> None:
    """Grey of 1 bit by Pillow, the rest by imagecodecs."""
    _check_alpha(pixels, alpha)
    if pixels.dtype == bool:
        Image.fromarray(_squeeze(pixels)).save(path)
    else:
        path.write_bytes(imagecodecs.png_encode(_squeeze(pixels)))


def write_png_palette(path: Path, pixels: np.ndarray, alpha: bool) -> None:
    """Colours as indices of a palette of as many."""
    _draw_palette(pixels).save(path)


def write_pillow(path: Path, pixels: np.ndarray, alpha: bool, **how: Any) -> None:
    """By Pillow, in the format of the suffix."""
    _check_alpha(pixels, alpha)
    Image.fromarray(_squeeze(pixels)).save(path, **how)


def write_webp(path: Path, pixels: np.ndarray, alpha: bool, *, lossless: bool) -> None:
    """By imagecodecs."""
    _check_alpha(pixels, alpha)
    path.write_bytes(imagecodecs.webp_encode(_squeeze(pixels), level=100, lossless=lossless))


def write_gif(path: Path, pixels: np.ndarray, alpha: bool) -> None:
    """All frames, with a palette each where they are in colour."""
    if pixels.shape[-1] == 1 and pixels.dtype not in (bool, np.uint8):
        raise TypeError("GIF has palettes of 8 bits")
    first, *rest = [
        _draw_palette(frame[None]) if frame.shape[-1] > 1 else Image.fromarray(frame[..., 0]) for frame in pixels
    ]
    first.save(path, save_all=True, append_images=rest, disposal=2)


def write_tiff(path: Path, pixels: np.ndarray, alpha: bool, **how: Any) -> None:
    """One page, channels interleaved."""
    layout = {"planarconfig": "contig"} if pixels.shape[-1] > 1 else {}
    tifffile.imwrite(path, pixels[0] if layout else pixels[0, ..., 0], **(_describe(pixels, alpha) | layout | how))


def write_tiff_planes(path: Path, pixels: np.ndarray, alpha: bool) -> None:
    """One page, one plane a channel."""
    if pixels.shape[-1] == 1:
        raise ValueError("one plane is no stack")
    tifffile.imwrite(path, np.moveaxis(pixels[0], -1, 0), **_describe(pixels, alpha), planarconfig="separate")


def write_tiff_pages(path: Path, pixels: np.ndarray, alpha: bool, **how: Any) -> None:
    """One page a frame, and what `how` says of them."""
    layout = {"planarconfig": "contig"} if pixels.shape[-1] > 1 else {}
    tifffile.imwrite(path, pixels if layout else pixels[..., 0], **(_describe(pixels, alpha) | layout | how))


def write_tiff_channels(path: Path, pixels: np.ndarray, alpha: bool, **how: Any) -> None:
    """One page a channel, and what `how` says of them."""
    if pixels.shape[-1] == 1:
        raise ValueError("one page is no stack")
    tifffile.imwrite(path, np.moveaxis(pixels[0], -1, 0), photometric="minisblack", **how)


def write_imagej(path: Path, pixels: np.ndarray, alpha: bool) -> None:
    """Frames T and channels C, or colours S."""
    is_rgb = pixels.shape[-1] == 3
    stack = pixels if is_rgb else np.moveaxis(pixels, -1, 1)
    tifffile.imwrite(path, stack, imagej=True, metadata={"axes": "TYXS" if is_rgb else "TCYX"})


def write_ome(path: Path, pixels: np.ndarray, alpha: bool, axes: str, **how: Any) -> None:
    """OME-TIFF with channels before or after the frames."""
    place = axes.index("C")
    tifffile.imwrite(
        path, np.moveaxis(pixels, -1, place), ome=True, photometric="minisblack", metadata={"axes": axes}, **how
    )


def write_npy(path: Path, pixels: np.ndarray, alpha: bool) -> None:
    """Frames, height, width and channels, as they are."""
    np.save(path, pixels)


def write_npz(path: Path, pixels: np.ndarray, alpha: bool) -> None:
    """One array, compressed."""
    np.savez_compressed(path, pixels)


def write_zarr(path: Path, pixels: np.ndarray, alpha: bool, version: int) -> None:
    """Chunks of two frames, dimension names in Zarr 3 only."""
    names = {"dimension_names": ["t", "y", "x", "c"]} if version == 3 else {}
    chunks = (2, *pixels.shape[1:])
    zarr.create_array(path, data=pixels, chunks=chunks, zarr_format=version, **names)


def write_ome_zarr(path: Path, pixels: np.ndarray, alpha: bool, version: int) -> None:
    """Two levels with axes t, c, y, x: OME-Zarr 0.4 in Zarr 2, 0.5 in Zarr 3."""
    group = zarr.open_group(path, mode="w", zarr_format=version)
    stack = np.moveaxis(pixels, -1, 1)
    for level in (0, 1):
        group.create_array(str(level), data=np.ascontiguousarray(stack[..., :: level + 1, :: level + 1]))
    axes = [{"name": name} for name in "tcyx"]
    scales = [{"axes": axes, "datasets": [{"path": "0"}, {"path": "1"}]}]
    group.attrs.update({"ome": {"version": "0.5", "multiscales": scales}} if version == 3 else {"multiscales": scales})


def write_video(
    path: Path, pixels: np.ndarray, alpha: bool, codec: str, formats: Sequence[str], **options: str
) -> None:
    """One of the codec's pixel `formats`: grey, RGB, grey of 16 bits, RGB of 16 bits, "" where there is none."""
    kinds = {"uint8 x 1": "gray", "uint8 x 3": "rgb24", "uint16 x 1": "gray16le", "uint16 x 3": "rgb48le"}
    kind = f"{pixels.dtype.name} x {pixels.shape[-1]}"
    source = av.VideoFormat(kinds.get(kind, kind)).name
    with av.open(path, "w") as file:
        stream = file.add_stream(codec, rate=5, options=options)
        stream.height, stream.width = pixels.shape[1:3]
        stream.pix_fmt = av.VideoFormat(formats[list(kinds).index(kind)]).name
        for frame in pixels:
            plain = np.ascontiguousarray(frame[..., 0] if frame.shape[-1] == 1 else frame)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(plain, source)))
        file.mux(stream.encode())


def _squeeze(pixels: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(pixels[0, ..., 0] if pixels.shape[-1] == 1 else pixels[0])


def _check_alpha(pixels: np.ndarray, alpha: bool) -> None:
    if pixels.shape[-1] in (2, 4) and not alpha:
        raise ValueError("a second or fourth channel is alpha")


def _describe(pixels: np.ndarray, alpha: bool) -> dict[str, Any]:
    """How TIFF is to take the channels."""
    kind = {"photometric": "rgb" if pixels.shape[-1] - alpha == 3 else "minisblack"}
    return kind | {"extrasamples": ["unassalpha"]} if alpha else kind


def _draw_palette(pixels: np.ndarray) -> Image.Image:
    if pixels.dtype != np.uint8 or pixels.shape[-1] != 3:
        raise TypeError("a palette has colours of 3 x 8 bits")
    colours, indices = np.unique(pixels[0].reshape(-1, 3), axis=0, return_inverse=True)
    picture = Image.fromarray(indices.reshape(pixels.shape[1:3]).astype(np.uint8)).convert("P")
    picture.putpalette(colours.ravel().tolist())
    return picture
