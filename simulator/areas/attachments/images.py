"""What the head of an image file tells: its size, and of a small PNG the average color."""

import struct
import zlib
from dataclasses import dataclass

_PNG = b"\x89PNG\r\n\x1a\n"
_GIF = (b"GIF87a", b"GIF89a")
_JPEG = b"\xff\xd8"
# Frames of a JPEG that hold its size: baseline, progressive and so on, not tables.
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_MOST_PIXELS = 16_384
_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}  # color type to samples of a pixel; palettes are left out


@dataclass(frozen=True)
class Image:
    """Width and height in pixels; `color` as `#rrggbb`, empty where it is not known."""

    width: int
    height: int
    color: str = ""


def image_of(content: bytes) -> Image | None:
    """The image that a file is; None for everything else, broken images too."""
    try:
        if content.startswith(_PNG):
            return _png(content)
        if content.startswith(_GIF):
            return Image(*struct.unpack_from("<HH", content, 6))
        return _jpeg(content) if content.startswith(_JPEG) else None
    except (struct.error, zlib.error, IndexError, ZeroDivisionError):
        return None


def _png(content: bytes) -> Image:
    width, height, depth, kind, _, _, interlaced = struct.unpack_from(">IIBBBBB", content, 16)
    is_read = depth == 8 and kind in _CHANNELS and not interlaced
    if not is_read or not 0 < width * height <= _MOST_PIXELS:
        return Image(width, height)
    channels = _CHANNELS[kind]
    packed = b"".join(_chunks(content))
    lines = zlib.decompressobj().decompress(packed, height * (width * channels + 1))
    return Image(width, height, _average(lines, width=width, channels=channels))


def _chunks(content: bytes) -> list[bytes]:
    """The data chunks of a PNG."""
    found, at = [], len(_PNG)
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if name == b"IDAT":
            found.append(content[at + 8 : at + 8 + length])
        at += length + 12
    return found


def _average(lines: bytes, *, width: int, channels: int) -> str:
    """The mean color of unpacked scan lines (PNG specification, section 9: filtering)."""
    stride = width * channels
    sums, previous = [0] * channels, bytes(stride)
    for start in range(0, len(lines), stride + 1):
        previous = _unfiltered(
            lines[start], lines[start + 1 : start + 1 + stride], previous, channels
        )
        for channel in range(channels):
            sums[channel] += sum(previous[channel::channels])
    pixels = len(lines) // (stride + 1) * width
    means = [total // pixels for total in sums]
    red_green_blue = means[:3] if channels >= 3 else [means[0]] * 3
    return "#" + "".join(f"{mean:02x}" for mean in red_green_blue)


def _unfiltered(kind: int, line: bytes, above: bytes, channels: int) -> bytes:
    plain = bytearray(line)
    for at in range(len(plain)):
        left = plain[at - channels] if at >= channels else 0
        corner = above[at - channels] if at >= channels else 0
        guesses = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))
        plain[at] = (plain[at] + guesses[kind]) & 0xFF
    return bytes(plain)


def _paeth(left: int, above: int, corner: int) -> int:
    """The neighbor that is nearest to the plane through all three."""
    guess = left + above - corner
    return min((left, above, corner), key=lambda one: abs(guess - one))


def _jpeg(content: bytes) -> Image | None:
    at = 2
    while at + 9 <= len(content):
        marker, kind, length = struct.unpack_from(">BBH", content, at)
        if marker != 0xFF:
            return None
        if kind in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return Image(width, height)
        at += 2 + length
    return None
