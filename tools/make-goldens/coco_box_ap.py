#!/usr/bin/env python3
"""Makes Tests/EvaluationTests/Fixtures/box-ap.json: box sets and what pycocotools says of them.

    python3 -m venv /tmp/coco && /tmp/coco/bin/pip install pycocotools==2.0.11 numpy==2.4.6
    /tmp/coco/bin/python tools/make-goldens/coco_box_ap.py

The output is the same on every run. Each case holds its boxes, the twelve figures, AP and AP50 of each class, and SHA-256
digests of the precision and score tables (little-endian doubles, order class, area range, overlap, recall; at most 100
detections), so that a test can compare every number and not only the means.
"""

import contextlib
import hashlib
import io
import json
import pathlib
import sys

import numpy as np
import pycocotools
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/EvaluationTests/Fixtures/box-ap.json"
NAMES = ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"]


class HonouringIgnore(COCOeval):
    """pycocotools overwrites the `ignore` key by `iscrowd`; this puts it back."""

    def _prepare(self):
        super()._prepare()
        for objects in self._gts.values():
            for box in objects:
                box["ignore"] = box["iscrowd"] or box.get("wasIgnored", 0)


def evaluate(case):
    """The reference's figures for a case."""
    truth = COCO()
    truth.dataset = {
        "images": [{"id": i, "width": 1000, "height": 1000} for i in case["images"]],
        "categories": [{"id": c, "name": f"class {c}"} for c in case["categories"]],
        "annotations": [
            {
                "id": number + case.get("firstID", 1), "image_id": image, "category_id": category,
                "bbox": [x, y, w, h], "area": area, "iscrowd": crowd, "wasIgnored": ignored,
            }
            for number, (image, category, x, y, w, h, area, crowd, ignored) in enumerate(case["truth"])
        ],
    }
    results = [
        {"image_id": image, "category_id": category, "bbox": [x, y, w, h], "score": score}
        for image, category, x, y, w, h, score in case["detections"]
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        if results:
            found = truth.loadRes(results)
        else:
            found = COCO()
            found.dataset = dict(truth.dataset, annotations=[])
            found.createIndex()
        evaluation = HonouringIgnore(truth, found, "bbox")
        evaluation.params.catIds = case.get("evaluatedCategories", case["categories"])
        evaluation.params.imgIds = case.get("evaluatedImages", case["images"])
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    precision = evaluation.eval["precision"]
    scores = evaluation.eval["scores"]

    def mean(values):
        values = values[values > -1]
        return float(values.mean()) if values.size else -1.0

    def digest(table):
        # [overlap, recall, class, area, limit] to [class, area, overlap, recall]
        ordered = np.ascontiguousarray(table[:, :, :, :, 2].transpose(2, 3, 0, 1)).astype("<f8")
        return hashlib.sha256(ordered.tobytes()).hexdigest()

    return {
        "figures": dict(zip(NAMES, map(float, evaluation.stats))),
        # Of each class [identifier, AP, AP50], by ascending identifier.
        "classes": [
            [int(category), mean(precision[:, :, k, 0, 2]), mean(precision[0, :, k, 0, 2])]
            for k, category in enumerate(evaluation.params.catIds)
        ],
        "precisionDigest": digest(precision),
        "scoreDigest": digest(scores),
    }


def random_case(name, seed, images, categories, objects, found, size=300.0, crowd=0.0, ignored=0.0, levels=None,
                integers=False, mask_areas=False, noise=0.15):
    """Objects and detections around them: some near, some far, some doubled. `levels`: few distinct scores, so ties."""
    draw = np.random.RandomState(seed)
    truth, detections = [], []

    def rounded(values):
        return [int(v) for v in values] if integers else [round(float(v), 2) for v in values]

    for image in images:
        for _ in range(draw.randint(0, objects + 1)):
            category = int(draw.choice(categories))
            w, h = draw.uniform(3, size, 2) ** (0.6 + 0.4 * draw.rand())
            x, y = draw.uniform(0, 1000 - w), draw.uniform(0, 1000 - h)
            x, y, w, h = rounded((x, y, w, h))
            area = round(w * h * draw.uniform(0.4, 1.0), 2) if mask_areas else w * h
            truth.append([image, category, x, y, w, h, area, int(draw.rand() < crowd), int(draw.rand() < ignored)])
            for _ in range(draw.randint(0, 3)):
                shift = draw.normal(0, noise, 4) * draw.rand()
                box = rounded((x + shift[0] * w, y + shift[1] * h, max(1, w * (1 + shift[2])), max(1, h * (1 + shift[3]))))
                named = category if draw.rand() < 0.9 else int(draw.choice(categories))
                detections.append([image, named, *box, float(draw.rand())])
        for _ in range(draw.randint(0, found + 1)):
            w, h = draw.uniform(3, size, 2)
            box = rounded((draw.uniform(0, 900), draw.uniform(0, 900), w, h))
            detections.append([image, int(draw.choice(categories)), *box, float(draw.rand()) * 0.8])
    draw.shuffle(detections)
    for detection in detections:
        detection[:2] = map(int, detection[:2])
        detection[6] = round(detection[6] * levels) / levels if levels else round(detection[6], 5)
    return {
        "name": name, "images": list(images), "categories": list(categories), "truth": truth, "detections": detections,
    }


def small(name, truth, detections, images=(1,), categories=(1,), **more):
    return {"name": name, "images": list(images), "categories": list(categories), "truth": truth,
            "detections": detections, **more}


def cases():
    box = [1, 1, 10, 10, 50, 50, 2500, 0, 0]
    yield random_case("plain boxes", 1, range(1, 21), [1, 2, 3], 6, 4)
    yield random_case("crowds", 2, range(1, 16), [1, 2], 8, 6, crowd=0.3)
    yield random_case("ignored objects", 3, range(1, 16), [1, 2], 8, 6, ignored=0.3)
    yield random_case("crowds, ignored objects, areas of masks", 4, range(1, 21), [3, 7, 9], 8, 6, crowd=0.2,
                      ignored=0.2, mask_areas=True)
    yield random_case("ties in scores", 5, range(1, 16), [1, 2], 8, 6, levels=4)
    yield random_case("ties in overlaps, whole pixels", 6, range(1, 16), [1, 2], 12, 6, size=12, integers=True, levels=8)
    yield random_case("more than 100 detections of an image and class", 7, [1, 2], [1], 60, 500, levels=50)
    yield random_case("identifiers out of order and far apart", 8, [900, 5, 70000, 12], [90, 1, 44], 8, 6)
    yield random_case("many classes without objects", 9, range(1, 11), range(1, 31), 8, 4)
    yield dict(random_case("some classes only", 10, range(1, 11), [1, 2, 3, 4], 8, 6), evaluatedCategories=[2, 4])
    yield dict(random_case("some images only", 11, range(1, 11), [1, 2], 8, 6), evaluatedImages=[2, 3, 5, 7])
    yield small("no detections", [box], [])
    yield small("no objects", [], [[1, 1, 10, 10, 50, 50, 0.5]])
    yield small("neither objects nor detections", [], [])
    yield small("images without anything", [box], [[1, 1, 10, 10, 50, 50, 0.5]], images=(1, 2, 3))
    yield small("found exactly", [box], [[1, 1, 10, 10, 50, 50, 0.5]])
    yield small("only crowds", [box[:7] + [1, 0]], [[1, 1, 10, 10, 50, 50, 0.5], [1, 1, 30, 30, 10, 10, 0.4]])
    yield small("a crowd takes many detections, an object one", [box, [1, 1, 200, 200, 90, 90, 8100, 1, 0]],
                [[1, 1, 10, 10, 50, 50, 0.9], [1, 1, 11, 10, 50, 50, 0.8], [1, 1, 210, 210, 20, 20, 0.7],
                 [1, 1, 240, 240, 20, 20, 0.6]])
    yield small("of two equal overlaps the later object is taken",
                [[1, 1, 0, 0, 10, 10, 100, 0, 0], [1, 1, 4, 0, 10, 10, 100, 0, 0]],
                [[1, 1, 2, 0, 10, 10, 0.9], [1, 1, 0, 0, 10, 10, 0.8], [1, 1, 4, 0, 10, 10, 0.7]])
    yield small("areas at the bounds are in both ranges",
                [[1, 1, 0, 0, 32, 32, 1024, 0, 0], [1, 1, 200, 200, 96, 96, 9216, 0, 0]],
                [[1, 1, 0, 0, 32, 32, 0.9], [1, 1, 200, 200, 96, 96, 0.8], [1, 1, 500, 500, 32, 32, 0.7]])
    yield small("touching edges do not overlap", [[1, 1, 0, 0, 10, 10, 100, 0, 0]], [[1, 1, 10, 0, 10, 10, 0.9]])
    yield small("boxes without area", [[1, 1, 5, 5, 0, 0, 0, 0, 0], box], [[1, 1, 5, 5, 0, 0, 0.9], [1, 1, 9, 9, 50, 50, 0.8]])
    yield small("an overlap of exactly one half counts", [[1, 1, 0, 0, 10, 10, 100, 0, 0]], [[1, 1, 0, 0, 10, 5, 0.9]])
    yield small("negative and large scores", [box, [1, 1, 300, 300, 40, 40, 1600, 0, 0]],
                [[1, 1, 10, 10, 50, 50, -3.5], [1, 1, 300, 300, 40, 40, 1e6], [1, 1, 600, 0, 40, 40, 0.0]])
    # The reference's flaw: an object of identifier 0 is never found. The same boxes with identifiers from 1 are what we
    # answer for both.
    zero = random_case("identifiers of objects start at 0", 12, range(1, 4), [1], 3, 1)
    yield dict(zero, firstID=0, differsFromReference=True, corrected=evaluate(dict(zero, firstID=1)))


def main():
    if not pathlib.Path(pycocotools.__file__).exists() or np.__version__.split(".")[0] != "2":
        sys.exit("wanted: pycocotools 2.0.11 and numpy 2")
    lines = []
    for case in cases():
        case["reference"] = evaluate(case)
        lines.append(json.dumps(case, separators=(",", ":")))
    OUTPUT.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{len(lines)} cases, {OUTPUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
