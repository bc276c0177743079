"""Small pictures of colored bars, so that Ghost has something to resize."""

import random
import struct
import zlib
from pathlib import Path

from .posts import AUTHORS

SIZES = {
    **{f"photo-{number:02d}.png": (1200, 675) for number in range(24)},
    **{f"avatar-{number:02d}.png": (400, 400) for number in range(len(AUTHORS))},
    **{"icon.png": (256, 256), "logo.png": (600, 120), "cover.png": (1600, 600)},
}


def draw_pictures(folder: Path) -> None:
    """All pictures of the site into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (width, height) in SIZES.items():
        (folder / name).write_bytes(draw(width, height, name))


def draw(width: int, height: int, seed: str) -> bytes:
    """A PNG file of nine bars."""
    random_ = random.Random(seed)
    colors = [bytes(random_.randrange(40, 230) for _ in range(3)) for _ in range(9)]
    rows = b"".join(b"\0" + colors[y * 9 // height] * width for y in range(height))
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
