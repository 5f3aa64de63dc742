#!/usr/bin/env python3
"""Writes Tests/ImagingTests/Fixtures/augmentation.safetensors, Pillow's and torchvision's changes of images, and
Tests/ViewsTests/Fixtures/erasing.safetensors, what torchvision's random erasing draws.

Needs: pillow==9.4.0 numpy==1.24.2 torchvision==0.14.1 (Debian 12's python3-pil, python3-numpy, python3-torchvision). Run from the
repository root: /usr/bin/python3 tools/make-goldens/augmentation.py

Arrays: `picture/NAME` [H, W, 3]; `color/NAME/OPERATION/PARAMETER` [H, W, 3]; `warp/NUMBER` [H, W, 3] of the picture
"noise" with the six numbers `map/NUMBER` (output to source, pixel corners at whole numbers) and black where the image
does not reach; `blur/NAME/TENTHS` by a deviation in tenths of a pixel; `hues/HUNDREDTHS` [32], the SHA-256 of all 2^24 colours
(red slowest) turned; `jitter/NUMBER` of the picture "noise" (even numbers) or "dull" (odd ones) by the operations `jitter/NUMBER/order` (0
brightness, 1 contrast, 2 saturation, 3 hue) with the numbers `jitter/NUMBER/factors` (brightness first).

Of erasing: for each range of areas and aspect ratios of Unbiased Teacher's release and each size of an image, `NUMBER/HEIGHTxWIDTH`: the
share of draws that erase, and of these mean and deviation of the height, of the width, of upper row and of left column.
"""

import hashlib
import math

import golden_file
import numpy as np
import PIL
import torch
import torchvision
from PIL import Image, ImageEnhance, ImageFilter, ImageOps
from torchvision.transforms import ColorJitter, RandomErasing
from torchvision.transforms import functional

OUTPUT = "Tests/ImagingTests/Fixtures/augmentation.safetensors"
ERASING = "Tests/ViewsTests/Fixtures/erasing.safetensors"
assert PIL.__version__ == "9.4.0", PIL.__version__
assert torchvision.__version__.startswith("0.14.1"), torchvision.__version__
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
    for hundredths in (-50, -10, -4, 0, 3, 10, 50):
        yield "hue", hundredths, functional.adjust_hue(image, hundredths / 100)
    yield "grey", 0, functional.to_grayscale(image, 3)


def warps(height, width):
    yield 1, 0, -1.7, 0, 1, 0
    yield 1, 0, 0, 0, 1, 2.25
    for degrees in (-30, 11, 29):
        a, x, y = math.radians(degrees), width / 2, height / 2
        cos, sin = math.cos(a), math.sin(a)
        yield cos, sin, x - cos * x - sin * y, -sin, cos, y + sin * x - cos * y
    for sx, sy in ((0.48, -0.3), (-0.2, 0.41)):
        yield 1 + sx * sy, -sx, 0, -sy, 1, 0


def jitters(images):
    torch.manual_seed(3)
    for number in range(24):
        order, *factors = ColorJitter.get_params((0.6, 1.4), (0.6, 1.4), (0.6, 1.4), (-0.1, 0.1))
        image = images[number % 2]
        change = (functional.adjust_brightness, functional.adjust_contrast, functional.adjust_saturation,
                  functional.adjust_hue)
        for operation in order:
            image = change[operation](image, factors[operation])
        yield number, order.numpy().astype(np.int64), np.array(factors), np.asarray(image)


def hues():
    red, green = np.mgrid[0:256, 0:256].astype(np.uint8)
    blue = np.arange(256, dtype=np.uint8)
    for hundredths in (-10, 0, 7):
        digest = hashlib.sha256()
        for value in range(256):
            colors = np.stack([np.full((256, 256), value, np.uint8), red, np.broadcast_to(blue, (256, 256))], -1)
            digest.update(functional.adjust_hue(Image.fromarray(colors), hundredths / 100).tobytes())
        yield hundredths, np.frombuffer(digest.digest(), np.uint8)


def erasing():
    torch.manual_seed(4)
    ranges = ((0.05, 0.2), (0.3, 3.3)), ((0.02, 0.2), (0.1, 6)), ((0.02, 0.2), (0.05, 8))
    for number, (areas, ratios) in enumerate(ranges):
        for height, width in ((100, 160), (30, 400)):
            image = torch.zeros(3, height, width)
            draws = [RandomErasing.get_params(image, areas, ratios, [0.0])[:4] for _ in range(20000)]
            erased = np.array([(h, w, y, x) for y, x, h, w in draws if (h, w) != (height, width)], dtype=np.float64)
            figures = [len(erased) / len(draws)]
            for column in erased.T:
                figures += [column.mean(), column.std()]
            yield f"{number}/{height}x{width}", np.array(figures)


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
    for name, picture in pictures_of(arrays):
        for tenths in (1, 3, 7, 10, 14, 15, 20, 45):
            blurred = Image.fromarray(picture).filter(ImageFilter.GaussianBlur(radius=tenths / 10))
            arrays[f"blur/{name}/{tenths}"] = np.asarray(blurred)
    for hundredths, digest in hues():
        arrays[f"hues/{hundredths}"] = digest
    for number, order, factors, result in jitters([noise, Image.fromarray(arrays["picture/dull"])]):
        arrays[f"jitter/{number}"] = result
        arrays[f"jitter/{number}/order"] = order
        arrays[f"jitter/{number}/factors"] = factors
    golden_file.write(OUTPUT, arrays)
    golden_file.write(ERASING, dict(erasing()))


def pictures_of(arrays):
    return [(name[8:], array) for name, array in arrays.items() if name.startswith("picture/")]


main()
