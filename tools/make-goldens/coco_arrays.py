#!/usr/bin/env python3
"""Makes Tests/EvaluationTests/Fixtures/coco-arrays.json: sets of boxes and masks and what pycocotools says of them.

    python3 -m venv /tmp/coco && /tmp/coco/bin/pip install pycocotools==2.0.11 numpy==2.4.6
    /tmp/coco/bin/python tools/make-goldens/coco_arrays.py

The output is the same on every run: the first small ones of tools/check-parity's random sets, each with its labels, results and
ladder of limits, SHA-256 digests of `eval["precision"]`, `eval["scores"]` and `eval["recall"]` (little-endian doubles in their own
order) and, where the reference can compute them, its twelve figures.
"""
import hashlib
import json
import pathlib
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/peers"))
import coco_sets  # noqa: E402

OUTPUT = ROOT / "Tests/EvaluationTests/Fixtures/coco-arrays.json"
MOST_BYTES = 7000


def main():
    lines, seed = [], 0
    while len(lines) < 40:
        kind, labels, results, limits = coco_sets.random_set(seed)
        seed += 1
        size = len(json.dumps([labels, results]))
        if size > MOST_BYTES or not results and len(lines) > 4 or not labels["annotations"] and len(lines) > 6:
            continue
        arrays, figures = coco_sets.evaluate(kind, labels, results, limits)
        digests = {name: hashlib.sha256(np.ascontiguousarray(arrays[name]).astype("<f8").tobytes()).hexdigest()
                   for name in ("precision", "scores", "recall")}
        lines.append(json.dumps(
            {"name": f"set {seed - 1}", "kind": kind, "limits": limits, "labels": labels, "results": results,
             "digests": digests, "figures": figures}, separators=(",", ":")))
    OUTPUT.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{len(lines)} sets, {OUTPUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
