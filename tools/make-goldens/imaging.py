#!/usr/bin/env python3
"""Writes Tests/ImagingTests/Fixtures/images/* and decoded.txt, labels.txt beside them: small files of every kind, and
the pixels that Pillow reads from them.

Needs: pillow==11.1.0 numpy==1.26.4. Run from the repository root: python3 tools/make-goldens/imaging.py

decoded.txt: file, height, width, SHA-256 of ImageOps.exif_transpose(image).convert("RGB"). A line `file@N` is the decode
at 1/N by libjpeg's scaling (Image.draft). labels.txt: file, height, width, SHA-256 of the raw indices.
"""

import hashlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

FOLDER = "Tests/ImagingTests/Fixtures/"
rng = np.random.RandomState(7)


def picture(height, width):
    """Smooth colours with edges and noise, so that chroma upsampling and the DCT are really asked for."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    rgb = np.stack([x * 255 / width, y * 255 / height, 127 + 120 * np.sin(x / 3 + y / 5)], -1)
    rgb[height // 4 : height // 2, width // 3 : width // 2] = (250, 20, 30)
    return np.clip(rgb + rng.randint(-12, 13, rgb.shape), 0, 255).astype(np.uint8)


decoded, labels = [], []


def note(name, image=None):
    image = ImageOps.exif_transpose(image or Image.open(FOLDER + "images/" + name.split("@")[0]))
    if image.mode == "I;16":
        pixels = np.repeat((np.asarray(image) >> 8).astype(np.uint8)[..., None], 3, -1)
    else:
        pixels = np.asarray(image.convert("RGB"))
    digest = hashlib.sha256(pixels.tobytes()).hexdigest()
    decoded.append(f"{name} {pixels.shape[0]} {pixels.shape[1]} {digest}")


def note_labels(name, array):
    digest = hashlib.sha256(array.astype(np.uint8).tobytes()).hexdigest()
    labels.append(f"{name} {array.shape[0]} {array.shape[1]} {digest}")


def save(image, name, **options):
    image.save(FOLDER + "images/" + name, **options)
    note(name)


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def raw_png(name, array, depth, color_type, palette=None, interlaced=False):
    """A PNG written by hand, for depths and interlacing that Pillow does not write. `array` holds one value a sample."""
    height, width = array.shape[:2]

    def packed(part):
        data = b""
        for row in part.reshape(part.shape[0], -1):
            if depth == 16:
                data += b"\0" + row.astype(">u2").tobytes()
            else:
                bits = "".join(format(v, f"0{depth}b") for v in row)
                bits += "0" * (-len(bits) % 8)
                data += b"\0" + bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
        return data

    if interlaced:
        passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
        parts = [array[y::dy, x::dx] for y, x, dy, dx in passes]
        data = b"".join(packed(p) for p in parts if p.size)
    else:
        data = packed(array)
    out = b"\x89PNG\r\n\x1a\n"
    out += chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, int(interlaced)))
    if palette is not None:
        out += chunk(b"PLTE", bytes(palette))
    out += chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    with open(FOLDER + "images/" + name, "wb") as file:
        file.write(out)


def jpegs():
    base = Image.fromarray(picture(37, 53))
    for sampling, name in ((0, "444"), (1, "422"), (2, "420")):
        save(base, f"rgb-{name}.jpg", quality=90, subsampling=sampling)
    save(base, "low-quality.jpg", quality=20)
    save(base, "progressive.jpg", quality=85, progressive=True)
    save(base.convert("L"), "grey.jpg", quality=90)
    save(base.convert("CMYK"), "cmyk.jpg", quality=90)
    save(base, "restart.jpg", quality=85, restart_marker_blocks=3)
    save(base, "rgb-stored.jpg", quality=90, keep_rgb=True)
    save(Image.fromarray(picture(1, 1)), "one-pixel.jpg", quality=90)
    save(Image.fromarray(picture(9, 70)), "wide.jpg", quality=75)
    small = Image.fromarray(picture(11, 18))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x010F] = "maker"
        exif[0x0112] = orientation
        save(small, f"exif-{orientation}.jpg", quality=90, exif=exif.tobytes())
    exif = Image.Exif()
    exif[0x0112] = 9
    save(small, "exif-invalid.jpg", quality=90, exif=exif.tobytes())
    for scale in (2, 4, 8):
        for name in ("rgb-420.jpg", "progressive.jpg", "grey.jpg", "rgb-444.jpg"):
            image = Image.open(FOLDER + "images/" + name)
            image.draft(image.mode, (53 // scale, 37 // scale))
            image.load()
            note(f"{name}@{scale}", image)
    whole = open(FOLDER + "images/rgb-420.jpg", "rb").read()
    open(FOLDER + "images/truncated.jpg", "wb").write(whole[: len(whole) * 2 // 3])
    whole = open(FOLDER + "images/progressive.jpg", "rb").read()
    open(FOLDER + "images/truncated-progressive.jpg", "wb").write(whole[: len(whole) * 2 // 3])


def pngs():
    array = picture(19, 23)
    base = Image.fromarray(array)
    save(base, "rgb.png")
    save(base.convert("L"), "grey.png")
    alpha = Image.fromarray((array[..., 0]).astype(np.uint8))
    rgba = base.copy()
    rgba.putalpha(alpha)
    save(rgba, "rgba.png")
    save(rgba.convert("LA"), "grey-alpha.png")
    save(base.quantize(16), "palette.png")
    save(base.quantize(200), "palette-200.png")
    save(base.quantize(7), "palette-transparent.png", transparency=3)
    save(base.convert("1"), "one-bit.png")
    note_labels("palette.png", np.asarray(Image.open(FOLDER + "images/palette.png")))
    note_labels("palette-200.png", np.asarray(Image.open(FOLDER + "images/palette-200.png")))
    note_labels("palette-transparent.png", np.asarray(Image.open(FOLDER + "images/palette-transparent.png")))
    note_labels("grey.png", np.asarray(base.convert("L")))
    for depth in (1, 2, 4):
        values = rng.randint(0, 1 << depth, (13, 11))
        raw_png(f"grey-{depth}bit.png", values, depth, 0)
        note(f"grey-{depth}bit.png")
        note_labels(f"grey-{depth}bit.png", values)
        palette = rng.randint(0, 256, 3 << depth).astype(np.uint8)
        raw_png(f"palette-{depth}bit.png", values, depth, 3, palette)
        note(f"palette-{depth}bit.png")
        note_labels(f"palette-{depth}bit.png", values)
    values = rng.randint(0, 256, (13, 11))
    raw_png("grey-interlaced.png", values, 8, 0, interlaced=True)
    note("grey-interlaced.png")
    note_labels("grey-interlaced.png", values)
    values = rng.randint(0, 256, (13, 11, 3))
    raw_png("rgb-interlaced.png", values, 8, 2, interlaced=True)
    note("rgb-interlaced.png")
    values = rng.randint(0, 65536, (13, 11, 3))
    raw_png("rgb-16bit.png", values, 16, 2)
    note("rgb-16bit.png")
    values = rng.randint(0, 65536, (13, 11))
    raw_png("grey-16bit.png", values, 16, 0)
    note("grey-16bit.png")
    values = rng.randint(0, 256, (13, 11))
    raw_png("labels-16bit.png", values, 16, 0)
    note_labels("labels-16bit.png", values)
    whole = open(FOLDER + "images/rgb.png", "rb").read()
    open(FOLDER + "images/truncated.png", "wb").write(whole[: len(whole) * 2 // 3])
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 100000, 100000, 8, 2, 0, 0, 0))
    bomb += chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    open(FOLDER + "images/bomb.png", "wb").write(bomb)


jpegs()
pngs()
for name, lines in (("decoded", decoded), ("labels", labels)):
    with open(FOLDER + name + ".txt", "w") as file:
        file.write("\n".join(lines) + "\n")
