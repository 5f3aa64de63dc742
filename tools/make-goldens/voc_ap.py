#!/usr/bin/env python3
"""Makes Tests/EvaluationTests/Fixtures/voc-ap.json: box sets and what mmeval says of them by Pascal VOC's rules.

    python3 -m venv /tmp/voc && /tmp/voc/bin/pip install mmeval==0.2.1 numpy==2.4.6
    /tmp/voc/bin/python tools/make-goldens/voc_ap.py

The output is the same on every run. A case has its boxes as corners (whole numbers, exact in mmeval's float32) and the average
precision of each class: `area` and `11points`, each also with `+1`, mmeval's legacy coordinates. mmeval takes an overlap of the
threshold for right, VOC only more: no overlap here comes near it. Equal scores do not occur: mmeval's sort is not stable.
"""

import json
import pathlib

import numpy as np
from mmeval import VOCMeanAP
from mmeval.metrics.utils.bbox_overlaps import calculate_overlaps

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/EvaluationTests/Fixtures/voc-ap.json"


def evaluate(case):
    """AP by class under each convention; None for classes without a wanted object."""
    classes, images = case["classes"], case["images"]
    rows = lambda items, image: np.array([i for i in items if i[0] == image], dtype=float).reshape(-1, 7)
    truths, found = [], []
    for image in range(images):
        objects, detections = rows(case["truth"], image), rows(case["detections"], image)
        hard = objects[:, 6] == 1
        truths.append({
            "bboxes": objects[~hard, 2:6], "labels": objects[~hard, 1].astype(int),
            "bboxes_ignore": objects[hard, 2:6], "labels_ignore": objects[hard, 1].astype(int)})
        found.append({
            "bboxes": detections[:, 2:6], "scores": detections[:, 6], "labels": detections[:, 1].astype(int)})
    answer = {}
    for mode in ("area", "11points"):
        for legacy in (False, True):
            for objects, detections in zip(truths, found):
                both = np.concatenate([objects["bboxes"], objects["bboxes_ignore"]])
                overlaps = calculate_overlaps(detections["bboxes"], both, use_legacy_coordinate=legacy)
                assert not (np.abs(overlaps - case["overlap"]) < 1e-5).any(), case["name"]
            metric = VOCMeanAP(
                iou_thrs=case["overlap"], num_classes=classes, eval_mode=mode, use_legacy_coordinate=legacy, nproc=1,
                classwise=True)
            results = metric(found, truths)["classwise_result"]
            answer[mode + ("+1" if legacy else "")] = [
                float(r["ap"][0, 0]) if r["num_gts"][0, 0] > 0 else None for r in results]
    return answer


def random_case(name, seed, images, classes, objects, found, overlap=0.5, difficult=0.0, size=40, noise=0.2):
    """Objects, and detections around them: some near, some far, some doubled, some of another class."""
    draw = np.random.RandomState(seed)
    truth, detections = [], []
    for image in range(images):
        for _ in range(draw.randint(0, objects + 1)):
            w, h = draw.randint(3, size, 2)
            x, y = draw.randint(0, 120, 2)
            category = int(draw.randint(classes))
            truth.append([image, category, int(x), int(y), int(x + w), int(y + h), int(draw.rand() < difficult)])
            for _ in range(draw.randint(0, 3)):
                moved = np.rint(np.array([x, y, x + w, y + h]) + draw.normal(0, noise, 4) * np.array([w, h, w, h]))
                moved[2:] = np.maximum(moved[2:], moved[:2] + 1)
                named = category if draw.rand() < 0.9 else int(draw.randint(classes))
                detections.append([image, named, *(int(v) for v in moved), 0])
        for _ in range(draw.randint(0, found + 1)):
            x, y = draw.randint(0, 120, 2)
            w, h = draw.randint(3, size, 2)
            detections.append([image, int(draw.randint(classes)), int(x), int(y), int(x + w), int(y + h), 0])
    for detection, rank in zip(detections, draw.permutation(len(detections))):
        detection[6] = round((int(rank) + 1) / (len(detections) + 1), 6)
    case = {"name": name, "images": images, "classes": classes, "overlap": overlap, "truth": truth,
            "detections": detections}
    return without_borderline(case)


def without_borderline(case):
    """Leaves out detections whose overlap with anything lies at the threshold."""
    def clear(detection):
        boxes = np.array([t[2:6] for t in case["truth"] if t[0] == detection[0]], dtype=float).reshape(-1, 4)
        own = np.array([detection[2:6]], dtype=float)
        return all((np.abs(calculate_overlaps(own, boxes, use_legacy_coordinate=legacy) - case["overlap"]) > 1e-5).all()
                   for legacy in (False, True))
    case["detections"] = [d for d in case["detections"] if clear(d)]
    return case


def cases():
    yield random_case("boxes of three classes", 1, 20, 3, 5, 3)
    yield random_case("difficult objects", 2, 20, 2, 6, 3, difficult=0.4)
    yield random_case("an overlap of 0.3", 3, 15, 2, 6, 3, overlap=0.3)
    yield random_case("small boxes, where the pixel counts", 4, 20, 2, 6, 2, size=10)
    yield random_case("classes without objects", 5, 4, 8, 2, 3)
    # Ten objects: recalls that are whole tenths, and some that multiples of 0.1 as floating-point numbers miss.
    truth = [[i, 0, 10, 10, 30, 30, 0] for i in range(10)]
    right = [[i, 0, 11, 10, 31, 30, round(0.95 - 0.1 * i, 2)] for i in range(8)]
    wrong = [[i, 0, 80, 80, 90, 90, round(0.93 - 0.1 * i, 2)] for i in range(8)]
    yield {"name": "recalls at whole tenths", "images": 10, "classes": 1, "overlap": 0.5, "truth": truth,
           "detections": right + wrong}
    yield {"name": "of two objects the one that overlaps most is taken twice", "images": 1, "classes": 1, "overlap": 0.5,
           "truth": [[0, 0, 0, 0, 20, 20, 0], [0, 0, 4, 0, 24, 20, 0]],
           "detections": [[0, 0, 0, 0, 20, 20, 0.9], [0, 0, 1, 0, 21, 20, 0.8]]}


def main():
    lines = []
    for case in cases():
        case["reference"] = evaluate(case)
        lines.append(json.dumps(case, separators=(",", ":")))
    OUTPUT.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{len(lines)} cases, {OUTPUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
