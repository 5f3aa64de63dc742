"""Golden polygons: outlines turned into masks by pycocotools.

Wanted: pycocotools 2.0.11. Run from the repository's root:
    python3 tools/make-goldens/polygons.py
Writes Tests/AnnotationsTests/Fixtures/polygons.json.
"""

import json
import math
import random
from importlib.metadata import version

from pycocotools import mask

WANTED = "2.0.11"
TARGET = "Tests/AnnotationsTests/Fixtures/polygons.json"


def ring(draw, kind, height, width):
    """A closed polygon x, y, x, y …; kinds reach over the edges, lie on whole pixels, cross themselves, have no area."""
    if kind == "box":
        left, top = draw.randrange(-3, width), draw.randrange(-3, height)
        right, bottom = left + draw.randint(1, width), top + draw.randint(1, height)
        return [left, top, right, top, right, bottom, left, bottom]
    if kind == "line":
        x, y = draw.uniform(0, width), draw.uniform(0, height)
        return [x, y, x + draw.uniform(-9, 9), y + draw.uniform(-9, 9), x, y]
    count = draw.randint(3, 14)
    if kind == "wild":
        points = [(draw.uniform(-5, width + 5), draw.uniform(-5, height + 5)) for _ in range(count)]
    else:
        x, y = draw.uniform(0, width), draw.uniform(0, height)
        turns = sorted(draw.uniform(0, 2 * math.pi) for _ in range(count))
        radii = [draw.uniform(0.3, 0.6) * min(height, width) for _ in turns]
        points = [(x + r * math.cos(t), y + r * math.sin(t)) for r, t in zip(radii, turns)]
        if kind == "whole":
            points = [(round(x), round(y)) for x, y in points]
        if kind == "halves":
            points = [(round(2 * x) / 2, round(2 * y) / 2) for x, y in points]
        if kind == "repeated":
            points = [point for point in points for _ in range(2)]
    return [round(value, 3) for point in points for value in point]


def main():
    if version("pycocotools") != WANTED:
        raise SystemExit(f"pycocotools {WANTED} is wanted, {version('pycocotools')} is installed")
    draw = random.Random(20240301)
    kinds = ["star", "whole", "halves", "repeated", "wild", "box", "line"]
    cases = []
    for index in range(140):
        height, width = draw.randint(1, 60), draw.randint(1, 60)
        outline = ring(draw, kinds[index % len(kinds)], height, width)
        encoded = mask.frPyObjects([outline], height, width)[0]
        cases.append({"size": [height, width], "ring": outline, "counts": encoded["counts"].decode()})
    with open(TARGET, "w", encoding="utf-8") as file:
        lines = ",\n".join(json.dumps(case) for case in cases)
        file.write(f'{{"pycocotools": "{WANTED}", "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
