"""Golden run lengths: masks encoded by pycocotools.

Wanted: pycocotools 2.0.11, numpy. Run from the repository's root:
    python3 tools/make-goldens/run_lengths.py
Writes Tests/AnnotationsTests/Fixtures/run-lengths.json.
"""

import json
import random
from importlib.metadata import version

import numpy
from pycocotools import mask

WANTED = "2.0.11"
TARGET = "Tests/AnnotationsTests/Fixtures/run-lengths.json"


def main():
    if version("pycocotools") != WANTED:
        raise SystemExit(f"pycocotools {WANTED} is wanted, {version('pycocotools')} is installed")
    draw = random.Random(20240229)
    cases = []
    for index in range(60):
        height, width = draw.randint(1, 70), draw.randint(1, 70)
        density = draw.choice([0, 0.02, 0.3, 0.5, 0.9, 1])
        pixels = numpy.zeros((height, width), numpy.uint8, order="F")
        if index % 3 == 0:
            # Long runs: the compressed form then needs several characters a number, and negative differences.
            for _ in range(draw.randint(1, 3)):
                top, left = draw.randrange(height), draw.randrange(width)
                pixels[top : top + draw.randint(1, height), left : left + draw.randint(1, width)] = 1
        else:
            for row in range(height):
                for column in range(width):
                    pixels[row, column] = draw.random() < density
        encoded = mask.encode(pixels)
        cases.append({
            "size": [height, width],
            "rows": ["".join("#" if value else "." for value in row) for row in pixels],
            "counts": encoded["counts"].decode(),
            "area": int(mask.area(encoded)),
            "box": [float(value) for value in mask.toBbox(encoded)],
        })
    with open(TARGET, "w", encoding="utf-8") as file:
        json.dump({"pycocotools": WANTED, "cases": cases}, file, indent=0)
        file.write("\n")


if __name__ == "__main__":
    main()
