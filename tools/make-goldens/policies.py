#!/usr/bin/env python3
"""Writes Tests/ImagingTests/Fixtures/policies.safetensors: Pillow's forms of the operations that RandAugment and CTAugment have beside those of
augmentation.py.

Needs: pillow==9.4.0 numpy==1.24.2. Run from the repository root: python3 tools/make-goldens/policies.py

Arrays: `picture/NAME` [H, W, 3]; `ringBlur/NAME` [H, W, 3], `ImageFilter.BLUR`; `mixed/NAME/OPERATION/HUNDREDTHS` [H, W, 3], `Image.blend` of the
picture and what an operation makes of it.
"""

import golden_file
import numpy as np
import PIL
from PIL import Image, ImageFilter, ImageOps

OUTPUT = "Tests/ImagingTests/Fixtures/policies.safetensors"
assert PIL.__version__ == "9.4.0", PIL.__version__
random = np.random.RandomState(9)
SIZES = ((19, 23), (5, 5), (5, 9), (4, 7), (1, 1), (2, 6))
OPERATIONS = {
    "autoContrast": ImageOps.autocontrast, "equalize": ImageOps.equalize, "invert": ImageOps.invert,
    "blur": lambda image: image.filter(ImageFilter.BLUR), "smooth": lambda image: image.filter(ImageFilter.SMOOTH),
}


def main():
    arrays = {}
    for height, width in SIZES:
        name = f"{height}x{width}"
        picture = random.randint(20, 220, (height, width, 3)).astype(np.uint8)
        image = Image.fromarray(picture)
        arrays[f"picture/{name}"] = picture
        arrays[f"ringBlur/{name}"] = np.asarray(image.filter(ImageFilter.BLUR))
        for operation, apply in OPERATIONS.items():
            for hundredths in (0, 13, 50, 77, 100):
                mixed = Image.blend(image, apply(image), hundredths / 100)
                arrays[f"mixed/{name}/{operation}/{hundredths}"] = np.asarray(mixed)
    golden_file.write(OUTPUT, arrays)


main()
