#!/usr/bin/env python3
"""Makes Tests/EvaluationTests/Fixtures/mask-errors.json: sets of masks and what tidecv says of their errors.

    /tmp/tide/bin/python tools/make-goldens/mask_errors.py    # the environment of box_errors.py

The output is the same on every run: random labels and results as COCO has them, run lengths in both ways, with crowds and, in some
sets, equal scores. What tidecv is asked, and what of it is changed, says box_errors.py.
"""
import json

import numpy as np
from pycocotools import mask as masks

import box_errors

OUTPUT = box_errors.FIXTURES / "mask-errors.json"
HEIGHT, WIDTH = 40, 48


def pixels(draw, box):
    """A box without one of its corners, and without some of its pixels."""
    x, y, w, h = box
    made = np.zeros((HEIGHT, WIDTH), np.uint8, order="F")
    made[y:y + h, x:x + w] = 1
    made[y:y + h // 2, x:x + w // 2] &= draw.rand() < 0.8
    made &= (draw.rand(HEIGHT, WIDTH) < draw.choice([0.9, 1, 1])).astype(np.uint8)
    made[min(y + h, HEIGHT) - 1, min(x + w, WIDTH) - 1] = 1
    return np.asfortranarray(made)


def written(mask):
    return {"size": mask["size"], "counts": mask["counts"].decode()}


def random_set(seed):
    """Labels, results, and the rows of both for box_errors."""
    draw = np.random.RandomState(seed)
    labels = {"images": [{"id": i, "file_name": f"{i}.png", "height": HEIGHT, "width": WIDTH} for i in range(1, 5)],
              "annotations": [], "categories": [{"id": i, "name": f"class {i}"} for i in (1, 2, 3)]}
    results, truth, detections = [], [], []
    for image in range(1, 5):
        for _ in range(draw.randint(0, 5)):
            box = [int(draw.randint(0, 30)), int(draw.randint(0, 24)), int(draw.randint(6, 18)), int(draw.randint(6, 16))]
            category, crowd = int(draw.randint(1, 4)), int(draw.rand() < 0.15)
            mask = masks.encode(pixels(draw, box))
            labels["annotations"].append(
                {"id": len(truth) + 1, "image_id": image, "category_id": category, "iscrowd": crowd,
                 "bbox": masks.toBbox(mask).tolist(), "area": int(masks.area(mask)), "segmentation": written(mask)})
            truth.append([image, category, *masks.toBbox(mask).tolist(), 0, crowd, 0, mask])
            for _ in range(draw.randint(0, 4)):
                moved = [max(0, v + int(m)) for v, m in zip(box, draw.choice([0, 1, 5], 4, p=[0.5, 0.42, 0.08]))]
                named = category if draw.rand() < 0.85 else int(draw.randint(1, 4))
                score = round(float(draw.rand()), 1 if seed % 3 == 0 else 4)
                mask = masks.encode(pixels(draw, moved))
                results.append({"image_id": image, "category_id": named, "score": score, "segmentation": written(mask)})
                detections.append([image, named, *masks.toBbox(mask).tolist(), score, mask])
    return labels, results, {"name": f"masks {seed}", "images": [1, 2, 3, 4], "categories": [1, 2, 3], "truth": truth,
                             "detections": detections}


def main():
    lines = []
    for seed in range(12):
        labels, results, case = random_set(seed)
        lines.append(json.dumps(dict(box_errors.answer(case), labels=labels, results=results), separators=(",", ":")))
    OUTPUT.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    released = sum('"released"' not in line for line in lines)
    print(f"{len(lines)} sets, {released} of them as released, {OUTPUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
