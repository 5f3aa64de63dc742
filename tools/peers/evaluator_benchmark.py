"""One COCO evaluator: a whole evaluation as a process of its own, or evaluations of what is loaded, on request.

  evaluator_benchmark.py data FOLDER bbox|segm …                     makes labels.json, bbox.json, segm.json with a fixed seed
  evaluator_benchmark.py whole NAME KIND LABELS RESULTS              reads, evaluates, prints the twelve figures
  evaluator_benchmark.py serve NAME KIND LABELS RESULTS              reads; then one evaluation a line (see interleaving.py)
"""
import contextlib
import io
import json
import os
import resource
import sys
import time

IMAGES, OBJECTS, CLASSES, CROWDS, FOUND, HEIGHT, WIDTH = 5000, 36781, 80, 432, 100, 480, 640


def library(name):
    if name == "pycocotools":
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
    elif name == "faster-coco-eval":
        from faster_coco_eval import COCO
        from faster_coco_eval import COCOeval_faster as COCOeval
    elif name == "hotcoco":
        from hotcoco import COCO, COCOeval
    else:
        from ultrafast_pycocotools import COCO, COCOeval
    return COCO, COCOeval


def loaded(COCO, labels, results):
    truth = COCO(labels)
    return truth, (truth.loadRes if hasattr(truth, "loadRes") else truth.load_res)(results)


def evaluated(COCOeval, truth, found, kind):
    evaluation = COCOeval(truth, found, kind)
    evaluation.evaluate()
    evaluation.accumulate()
    return evaluation


def whole(name, kind, labels, results):
    COCO, COCOeval = library(name)
    with contextlib.redirect_stdout(io.StringIO()):
        evaluation = evaluated(COCOeval, *loaded(COCO, labels, results), kind)
        evaluation.summarize()
    print(json.dumps([float(value) for value in evaluation.stats]))


def serve(name, kind, labels, results):
    """Standard output is the answers' alone: whatever the library says goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    COCO, COCOeval = library(name)
    with contextlib.redirect_stdout(io.StringIO()):
        truth, found = loaded(COCO, labels, results)
        print("ready", file=answers)
        for _ in sys.stdin:
            start = time.perf_counter()
            evaluated(COCOeval, truth, found, kind)
            print(time.perf_counter() - start, file=answers)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, file=answers)


def ring(draw, np, x, y, w, h):
    """24 points around the middle of a box."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    sizes = draw.uniform(0.8, 1, 24)
    points = np.stack([x + w / 2 * (1 + np.cos(angles) * sizes), y + h / 2 * (1 + np.sin(angles) * sizes)], 1)
    return [round(float(v), 2) for v in points.ravel()]


def box(draw):
    w, h = draw.uniform(8, 300) ** draw.uniform(0.7, 1), draw.uniform(8, 300) ** draw.uniform(0.7, 1)
    return draw.uniform(0, WIDTH - w), draw.uniform(0, HEIGHT - h), w, h


def data(folder, kinds):
    """COCO val2017 in numbers: classes alike often, a detection in five beside an object of its class."""
    import numpy as np
    from pycocotools import mask as masks
    draw = np.random.RandomState(20171)
    owners = np.sort(draw.randint(0, IMAGES, OBJECTS))
    crowds = set(map(int, draw.choice(OBJECTS, CROWDS, replace=False)))
    objects, places = [], [[] for _ in range(IMAGES)]
    for number, image in enumerate(map(int, owners)):
        x, y, w, h = box(draw)
        outline = ring(draw, np, x, y, w, h)
        rle = masks.frPyObjects([outline], HEIGHT, WIDTH)[0]
        segmentation = [outline]
        if number in crowds:
            pixels = masks.decode(rle).ravel(order="F")
            edges = np.flatnonzero(np.diff(pixels)) + 1
            counts = np.diff(np.concatenate([[0], edges, [pixels.size]]))
            segmentation = {"size": [HEIGHT, WIDTH], "counts": [0] * int(pixels[0]) + [int(c) for c in counts]}
        places[image].append(number)
        objects.append({
            "id": number + 1, "image_id": image + 1, "category_id": int(draw.randint(1, CLASSES + 1)),
            "bbox": [round(float(v), 2) for v in (x, y, w, h)], "area": float(masks.area(rle)),
            "iscrowd": int(number in crowds), "segmentation": segmentation})
    labels = {
        "images": [{"id": i + 1, "file_name": f"{i + 1:012d}.jpg", "height": HEIGHT, "width": WIDTH} for i in range(IMAGES)],
        "annotations": objects, "categories": [{"id": k, "name": f"class {k}"} for k in range(1, CLASSES + 1)]}
    write(folder, "labels.json", labels)
    found = {"bbox": [], "segm": []}
    for image in range(IMAGES):
        for number in range(FOUND):
            entry = objects[places[image][draw.randint(len(places[image]))]] if places[image] and number % 5 == 0 else None
            if entry:
                x, y, w, h = entry["bbox"]
                shift = draw.normal(0, 0.08, 4)
                x, y, w, h = x + shift[0] * w, y + shift[1] * h, w * np.exp(shift[2]), h * np.exp(shift[3])
                x, y = min(max(x, 0), WIDTH - 2), min(max(y, 0), HEIGHT - 2)
                w, h = min(w, WIDTH - x), min(h, HEIGHT - y)
            else:
                x, y, w, h = box(draw)
            one = {"image_id": image + 1, "category_id": entry["category_id"] if entry else int(draw.randint(1, CLASSES + 1)),
                   "bbox": [round(float(v), 2) for v in (x, y, w, h)],
                   "score": round(float(draw.beta(3, 2) if entry else draw.beta(1, 4)), 5)}
            found["bbox"].append(one)
            if "segm" in kinds:
                rle = masks.frPyObjects([ring(draw, np, x, y, w, h)], HEIGHT, WIDTH)[0]
                found["segm"].append({
                    "image_id": one["image_id"], "category_id": one["category_id"],
                    "segmentation": {"size": rle["size"], "counts": rle["counts"].decode()}, "score": one["score"]})
    for kind in kinds:
        write(folder, f"{kind}.json", found[kind])


def write(folder, name, value):
    """Whole or not at all."""
    path = os.path.join(folder, name)
    with open(path + ".part", "w") as stream:
        json.dump(value, stream, separators=(",", ":"))
    os.replace(path + ".part", path)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "data":
        data(arguments[0], arguments[1:])
    else:
        {"whole": whole, "serve": serve}[command](*arguments)
