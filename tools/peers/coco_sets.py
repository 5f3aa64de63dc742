"""Random sets of COCO labels and results, full of what evaluators get wrong, and what pycocotools says of them."""
import contextlib
import copy
import io

import numpy as np
from pycocotools import mask as masks
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

LADDERS = ([1, 10, 100], [1, 10, 100], [1, 10, 100], [1, 2, 3], [3], [2, 100], [1, 5, 10, 20], [100, 500, 1000])
IDS = (lambda draw, count: list(range(count)), lambda draw, count: list(range(1, count + 1)),
       lambda draw, count: sorted(int(i) for i in draw.choice(10**6, count, replace=False)),
       lambda draw, count: [int(i) for i in draw.permutation(10 * count)[:count]],
       lambda draw, count: [int(i) * 10**12 for i in draw.permutation(10 * count)[:count]])


def ids(draw, count):
    return IDS[draw.randint(len(IDS))](draw, count)


def box_in(draw, height, width, whole):
    w, h = draw.uniform(1, width * 0.8), draw.uniform(1, height * 0.8)
    if draw.rand() < 0.1:
        # Areas at the bounds of the ranges.
        w, h = [(32, 32), (96, 96), (16, 64), (0, 12), (12, 0)][draw.randint(5)]
    x, y = draw.uniform(0, max(1, width - w)), draw.uniform(0, max(1, height - h))
    numbers = [x, y, w, h]
    return [int(v) for v in numbers] if whole else [round(float(v), 2) for v in numbers]


def near(draw, box, whole):
    """A box that overlaps another by much, by little, exactly, or by one half."""
    kind = draw.randint(4)
    x, y, w, h = box
    if kind == 0:
        return list(box)
    if kind == 1:
        return [x, y, w / 2, h]
    noise = draw.normal(0, 0.1 if kind == 2 else 0.3, 4)
    numbers = [x + noise[0] * w, y + noise[1] * h, max(0.5, w * (1 + noise[2])), max(0.5, h * (1 + noise[3]))]
    return [int(v) for v in numbers] if whole else [round(float(v), 2) for v in numbers]


def ring(draw, box):
    """A polygon in a box, sometimes with points outside the image and points that coincide."""
    x, y, w, h = box
    if draw.rand() < 0.3:
        return [float(v) for v in (x, y, x, y + h, x + w, y + h, x + w, y)]
    angles = np.sort(draw.uniform(0, 2 * np.pi, draw.randint(3, 12)))
    sizes = draw.uniform(0.5, 1.1, len(angles))
    points = np.stack([x + w / 2 * (1 + np.cos(angles) * sizes), y + h / 2 * (1 + np.sin(angles) * sizes)], 1)
    return [round(float(v), 1) for v in points.ravel()]


def bitmap(draw, box, height, width):
    """Pixels of a box with holes and noise."""
    pixels = np.zeros((height, width), np.uint8, order="F")
    x, y, w, h = (int(max(0, v)) for v in box)
    pixels[y:y + max(1, h), x:x + max(1, w)] = 1
    if draw.rand() < 0.5:
        pixels &= (draw.rand(height, width) < 0.9).astype(np.uint8)
    return np.asfortranarray(pixels)


def plain_counts(pixels, draw):
    counts, value, run = [], 0, 0
    for pixel in pixels.ravel(order="F"):
        if pixel != value:
            counts.append(run)
            value, run = pixel, 0
        run += 1
    counts.append(run)
    if draw.rand() < 0.2:
        # Runs of no pixel, as careless writers make them.
        place = draw.randint(len(counts))
        counts[place:place + 1] = [counts[place], 0, 0]
    return [int(c) for c in counts]


def segmentation(draw, box, height, width, polygons=True, plain=True):
    kind = draw.randint(4)
    if kind < 2 and polygons:
        return [ring(draw, box) for _ in range(draw.choice([1, 1, 2, 3]))]
    pixels = bitmap(draw, box, height, width)
    if kind == 2 and plain:
        return {"size": [height, width], "counts": plain_counts(pixels, draw)}
    mask = masks.encode(pixels)
    return {"size": [height, width], "counts": mask["counts"].decode()}


def random_set(seed):
    """A set: kind ("bbox" or "segm"), labels, results and the ladder of limits; the same for the same seed."""
    draw = np.random.RandomState(seed)
    kind = "segm" if seed % 2 else "bbox"
    height, width = (draw.randint(8, 130), draw.randint(8, 130)) if kind == "segm" else (480, 640)
    whole = draw.rand() < 0.4
    levels = [0, 3, 10][draw.randint(3)]
    crowds = draw.choice([0, 0.1, 0.5])
    images = [{"id": i, "file_name": f"{i}.jpg", "height": int(height), "width": int(width)}
              for i in ids(draw, draw.randint(1, 9))]
    categories = [{"id": i, "name": f"class {i}"} for i in ids(draw, draw.randint(1, 5))]
    used = categories if draw.rand() < 0.7 else categories[:1]
    boxes, results = [], []
    most = int(draw.choice([0, 2, 6, 20]))
    with_box = draw.rand() < 0.5

    def score():
        value = draw.choice([draw.rand(), draw.rand() * 2 - 1, 0.0, 1.0], p=[0.8, 0.1, 0.05, 0.05])
        return round(value * levels) / levels if levels else round(float(value), 4)

    def found(image, category, box):
        result = {"image_id": image["id"], "category_id": category["id"], "score": score()}
        if kind == "bbox":
            return dict(result, bbox=box)
        # Without boxes pycocotools reads compressed masks alone.
        result["segmentation"] = segmentation(draw, box, height, width, with_box, with_box)
        if draw.rand() < 0.03:
            pixels = bitmap(draw, box, height + 1, width)
            result["segmentation"] = {"size": [int(height) + 1, int(width)],
                                      "counts": masks.encode(pixels)["counts"].decode()}
        if with_box:
            result["bbox"] = box
            if draw.rand() < 0.05:
                del result["segmentation"]
        elif results and draw.rand() < 0.1:
            result["bbox"] = box
        return result

    for image in images:
        if draw.rand() < 0.2:
            continue
        for _ in range(draw.randint(0, most + 1)):
            category = used[draw.randint(len(used))]
            box = box_in(draw, height, width, whole)
            if boxes and draw.rand() < 0.1:
                box = list(boxes[-1][2])
            boxes.append((image, category, box))
            for _ in range(draw.randint(0, 4)):
                named = category if draw.rand() < 0.9 else categories[draw.randint(len(categories))]
                results.append(found(image, named, near(draw, box, whole)))
        for _ in range(draw.randint(0, draw.choice([1, 4, 130], p=[0.3, 0.6, 0.1]))):
            results.append(found(image, categories[draw.randint(len(categories))], box_in(draw, height, width, whole)))
    if results and draw.rand() < 0.1:
        results[draw.randint(len(results))]["category_id"] = 77_777_777
    if kind == "bbox" or with_box:
        draw.shuffle(results)
    objects = []
    for number, (image, category, box) in zip(ids(draw, len(boxes)) if boxes else [], boxes):
        area = draw.choice([box[2] * box[3], box[2] * box[3] * draw.rand(), 1024, 9216, 0])
        entry = {"id": number, "image_id": image["id"], "category_id": category["id"], "bbox": box,
                 "area": float(area), "iscrowd": int(draw.rand() < crowds)}
        if draw.rand() < 0.05:
            entry["ignore"] = 1
        if kind == "segm":
            entry["segmentation"] = segmentation(draw, box, height, width)
        objects.append(entry)
    draw.shuffle(objects)
    labels = {"images": images, "categories": categories, "annotations": objects}
    return kind, labels, results, LADDERS[draw.randint(len(LADDERS))]


def evaluate(kind, labels, results, limits):
    """What pycocotools says: its `eval`, and its twelve figures where it can compute them."""
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = copy.deepcopy(labels)
        truth.createIndex()
        if results:
            found = truth.loadRes(copy.deepcopy(results))
        else:
            found = COCO()
            found.dataset = dict(truth.dataset, annotations=[])
            found.createIndex()
        evaluation = COCOeval(truth, found, kind)
        evaluation.params.maxDets = list(limits)
        evaluation.evaluate()
        evaluation.accumulate()
        figures = None
        if len(limits) > 2:
            evaluation.summarize()
            figures = [float(value) for value in evaluation.stats]
    return evaluation.eval, figures
