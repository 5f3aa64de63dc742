#!/usr/bin/env python3
"""Writes Tests/ImagingTests/Fixtures/augmentation.safetensors: Pillow's colour operations and affine transform.

Needs: pillow==9.4.0 (Debian 12's python3-pil) numpy==1.24.2. Run from the repository root:
/usr/bin/python3 tools/make-goldens/augmentation.py

Arrays: `picture/NAME` [H, W, 3]; `color/NAME/OPERATION/PARAMETER` [H, W, 3]; `warp/NUMBER` [H, W, 3] of the picture
"noise" with the six numbers `map/NUMBER` (output to source, pixel corners at whole numbers) and black where the image
does not reach.
"""

import math

import golden_file
import numpy as np
import PIL
from PIL import Image, ImageEnhance, ImageOps

OUTPUT = "Tests/ImagingTests/Fixtures/augmentation.safetensors"
assert PIL.__version__ == "9.4.0", PIL.__version__
random = np.random.RandomState(5)


def pictures():
    noise = random.randint(0, 256, (21, 17, 3))
    y, x, c = np.mgrid[0:24, 0:20, 0:3]
    dull = 60 + 20 * c + 2 * x + y + random.randint(0, 4, (24, 20, 3))
    grey = np.repeat(random.randint(30, 200, (18, 19, 1)), 3, -1)
    flat = np.zeros((5, 6, 3)) + (9, 200, 77)
    few = random.randint(0, 2, (20, 31, 3)) * 90 + 40
    tiny = {f"{h}x{w}": random.randint(0, 256, (h, w, 3)) for h, w in ((1, 1), (3, 5), (2, 7), (3, 3))}
    every = {"noise": noise, "dull": dull, "grey": grey, "flat": flat, "few": few, **tiny}
    return {name: array.astype(np.uint8) for name, array in every.items()}


def operations(image):
    yield "autoContrast", 0, ImageOps.autocontrast(image)
    yield "equalize", 0, ImageOps.equalize(image)
    for magnitude in (1, 5, 9):
        threshold = min(int(25.6 * magnitude), 255)
        yield "solarize", threshold, ImageOps.solarize(image, threshold)
    for bits in (1, 2, 3, 4):
        yield "posterize", bits, ImageOps.posterize(image, bits)
    for magnitude in (1, 3, 5, 7, 9):
        factor = 0.18 * magnitude + 0.1
        yield "color", magnitude, ImageEnhance.Color(image).enhance(factor)
        yield "contrast", magnitude, ImageEnhance.Contrast(image).enhance(factor)
        yield "brightness", magnitude, ImageEnhance.Brightness(image).enhance(factor)
        yield "sharpness", magnitude, ImageEnhance.Sharpness(image).enhance(factor)


def warps(height, width):
    yield 1, 0, -1.7, 0, 1, 0
    yield 1, 0, 0, 0, 1, 2.25
    for degrees in (-30, 11, 29):
        a, x, y = math.radians(degrees), width / 2, height / 2
        cos, sin = math.cos(a), math.sin(a)
        yield cos, sin, x - cos * x - sin * y, -sin, cos, y + sin * x - cos * y
    for sx, sy in ((0.48, -0.3), (-0.2, 0.41)):
        yield 1 + sx * sy, -sx, 0, -sy, 1, 0


def main():
    arrays = {}
    for name, picture in pictures().items():
        arrays[f"picture/{name}"] = picture
        for operation, parameter, result in operations(Image.fromarray(picture)):
            arrays[f"color/{name}/{operation}/{parameter}"] = np.asarray(result)
    noise = Image.fromarray(arrays["picture/noise"])
    for number, numbers in enumerate(warps(noise.height, noise.width)):
        arrays[f"map/{number}"] = np.array(numbers, dtype=np.float64)
        arrays[f"warp/{number}"] = np.asarray(noise.transform(noise.size, Image.AFFINE, numbers, Image.BILINEAR))
    golden_file.write(OUTPUT, arrays)


main()
