#!/usr/bin/env python3
"""Writes Tests/ImagingTests/Fixtures/resize.txt: torch's bilinear interpolation of normalized images.

Needs: torch (1.13.0 of Debian 12's python3-torch; later ones agree) and numpy. Run from the repository root:
/usr/bin/python3 tools/make-goldens/resize.py

Lines: height, width, outputHeight, outputWidth, mirrored (0/1), then channel:row:column:value of some places. The input
is value(y, x, c) below; the normalization is ImageNet's.
"""

import numpy as np
import torch

OUTPUT = "Tests/ImagingTests/Fixtures/resize.txt"
CASES = [
    (7, 9, 7, 9), (7, 9, 14, 18), (7, 9, 20, 13), (37, 53, 11, 16), (1, 1, 5, 4), (2, 3, 1, 1), (3, 900, 4, 1333),
    (900, 3, 1333, 4), (1, 50, 3, 25), (480, 640, 800, 1067), (427, 640, 240, 360),
]


def picture(height, width):
    y, x, c = np.mgrid[0:height, 0:width, 0:3].astype(np.uint64)
    return (((y * 7919 + x * 104729 + c * 1299709 + 1) * 2654435761 >> 13) & 255).astype(np.uint8)


def main():
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    random = np.random.RandomState(3)
    lines = []
    for height, width, out_height, out_width in CASES:
        for mirrored in (0, 1):
            image = torch.from_numpy(picture(height, width)).permute(2, 0, 1).float() / 255
            if mirrored:
                image = image.flip(-1)
            image = (image - mean[:, None, None]) / deviation[:, None, None]
            result = torch.nn.functional.interpolate(
                image[None].contiguous(), size=(out_height, out_width), mode="bilinear", align_corners=False
            )[0]
            places = [(0, 0, 0), (2, out_height - 1, out_width - 1)] + [
                (random.randint(3), random.randint(out_height), random.randint(out_width)) for _ in range(60)
            ]
            places += [(1, random.randint(out_height), out_width - 1 - i) for i in range(min(4, out_width))]
            values = [f"{c}:{y}:{x}:{result[c, y, x].item()!r}" for c, y, x in places]
            lines.append(" ".join(map(str, (height, width, out_height, out_width, mirrored))) + " " + " ".join(values))
    with open(OUTPUT, "w") as file:
        file.write("\n".join(lines) + "\n")


main()
