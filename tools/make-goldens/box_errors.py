#!/usr/bin/env python3
"""Makes Tests/EvaluationTests/Fixtures/box-errors.json: what tidecv says of the box sets in box-ap.json.

    python3 -m venv /tmp/tide && /tmp/tide/bin/pip install tidecv==1.0.1 pycocotools==2.0.11 numpy==2.4.6 \
        opencv-python-headless matplotlib pandas seaborn
    /tmp/tide/bin/python tools/make-goldens/box_errors.py

The output is the same on every run. Where a set has none of the following, tidecv is asked as it is; else its input or its mean are
changed so that it answers what we do, and `released` holds what it says by itself:
- equal scores: they are replaced by their rank (score, image, place in the file), as tidecv's order of equal ones changes while it
  mends;
- detections in crowds and on ignored objects are taken out: tidecv gives them errors, though they are neither right nor wrong;
- classes without a wanted object are left out of the mean: tidecv counts them 0.
"""

import json
import pathlib
import unittest.mock

from pycocotools import mask as masks
from tidecv import TIDE, Data
from tidecv import ap as tide_ap

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Tests/EvaluationTests/Fixtures"
NAMES = {"ClassError": "classification", "BoxError": "localisation", "OtherError": "both",
         "DuplicateError": "duplicate", "BackgroundError": "background", "MissedError": "missed"}


# Numbers in a row of an object and of a detection; what stands behind them is its mask.
OBJECT, DETECTION = 9, 7


def shape(row, length):
    """What tidecv overlaps: the mask that a row has, else its box."""
    return {"mask": row[length]} if len(row) > length else {"box": row[2:6]}


def overlaps(one, others):
    return masks.iou([*one.values()], [value for other in others for value in other.values()], [0] * len(others))[0]


def data(name, images, categories):
    made = Data(name)
    for image in images:
        made.add_image(image, str(image))
    for category in categories:
        made.add_class(category, str(category))
    return made


def ask(images, categories, truth, detections, judged=None):
    """tidecv's answer; `judged`: the classes that the mean is over."""
    labels, found = data("truth", images, categories), data("found", images, categories)
    for row in truth:
        (labels.add_ignore_region if row[7] or row[8] else labels.add_ground_truth)(row[0], row[1], **shape(row, OBJECT))
    for row in detections:
        found.add_detection(row[0], row[1], row[6], **shape(row, DETECTION))
    mode = TIDE.MASK if any(len(row) > OBJECT for row in truth) else TIDE.BOX
    own = tide_ap.ClassedAPDataObject.get_mAP

    def mean(self):
        objects = [o for k, o in self.objs.items() if not o.is_empty() and (judged is None or k in judged)]
        return sum(o.get_ap() for o in objects) / len(objects) if objects else 100  # nothing wanted, nothing found

    with unittest.mock.patch.object(tide_ap.ClassedAPDataObject, "get_mAP", mean):
        run = TIDE().evaluate(labels, found, mode=mode)
        costs = {
            NAMES[error.__name__]: (run.fix_errors(lambda e, t=error: isinstance(e, t)).get_mAP() - run.ap) / 100
            for error in TIDE._error_types}
        special = {error.__name__: cost / 100 for error, cost in run.fix_special_errors().items()}
    assert own is tide_ap.ClassedAPDataObject.get_mAP
    return {
        "AP": run.ap / 100, "costs": costs,
        "counts": {NAMES[error.__name__]: len(run.error_dict[error]) for error in TIDE._error_types},
        "falsePositives": special["FalsePositiveError"], "falseNegatives": special["FalseNegativeError"],
        "ignored": [i for i, p in enumerate(found.annotations) if p.get("used", True) is None],
    }


def answer(case):
    images = sorted(case.get("evaluatedImages", case["images"]))
    categories = case.get("evaluatedCategories", case["categories"])
    keep = lambda row: row[0] in images and row[1] in categories
    truth = [row for row in case["truth"] if keep(row)]
    detections = [row for row in case["detections"] if keep(row)]
    order = sorted(range(len(detections)), key=lambda i: (-detections[i][6], detections[i][0], i))
    ranked = [list(row) for row in detections]
    for rank, place in enumerate(order):
        ranked[place][6] = 1 - rank / (len(order) + 1)
    best = []
    for image in images:
        best += sorted((row for row in ranked if row[0] == image), key=lambda row: -row[6])[:100]
    judged = {row[1] for row in truth if not row[7] and not row[8]}
    if not judged:
        return None
    # First what lies in a crowd, by tidecv; then what lies on an ignored object, by its overlap.
    crowds = [row for row in truth if not row[8] or row[7]]
    ignored = set(ask(images, categories, crowds, best, judged)["ignored"])
    matched = matches(images, truth, best)
    for place, found in enumerate(best):
        on = [shape(row, OBJECT) for row in truth if row[8] and not row[7] and row[:2] == found[:2]]
        if on and place not in matched and overlaps(shape(found, DETECTION), on).max() > 0.5:
            ignored.add(place)
    left = [row for place, row in enumerate(best) if place not in ignored]
    wanted = [row for row in truth if not row[7] and not row[8]]
    corrected = ask(images, categories, wanted, left, judged)
    released = ask(images, categories, truth, detections)
    for either in (corrected, released):
        del either["ignored"]
    differs = any(abs(corrected[k] - released[k]) > 1e-12 for k in ("AP", "falsePositives", "falseNegatives"))
    differs = differs or any(abs(corrected["costs"][k] - released["costs"][k]) > 1e-12 for k in NAMES.values())
    return dict(corrected, name=case["name"], **({"released": released} if differs else {}))


def matches(images, truth, detections):
    """The places of detections that find a wanted object."""
    found = set()
    for image in images:
        wanted = [row for row in truth if row[0] == image and not row[7] and not row[8]]
        free = set(range(len(wanted)))
        places = sorted((i for i, d in enumerate(detections) if d[0] == image), key=lambda i: -detections[i][6])
        for place in places:
            own, category = shape(detections[place], DETECTION), detections[place][1]
            near = [(overlaps(own, [shape(wanted[g], OBJECT)])[0], -g) for g in free if wanted[g][1] == category]
            if near and max(near)[0] >= 0.5:
                free.remove(-max(near)[1])
                found.add(place)
    return found


def main():
    cases = json.loads((FIXTURES / "box-ap.json").read_text())
    lines = [json.dumps(a, separators=(",", ":")) for a in map(answer, cases) if a]
    same = sum('"released"' not in line for line in lines)
    (FIXTURES / "box-errors.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{len(lines)} cases, {same} of them as released")


if __name__ == "__main__":
    main()
