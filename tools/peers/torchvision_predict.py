#!/usr/bin/env python3
"""Compares `predict detect` with torchvision's own detector on image files, through a saved state dict.

  tools/peers/torchvision_predict.py --images FOLDER [--count N] [--legacy]

Writes a `fasterrcnn_resnet50_fpn` with weights from a formula as .pth, lets both find boxes in the same files, matches
the boxes class by class, and prints the largest differences. With such weights some proposals are tied to within
rounding, and either may win: a box without a partner on the other side is printed. Exit code 1 where these are more
than one in ten, or the differences exceed 1e-4 (score) or 0.02 pixels (box). Needs: a release build of `predict`; Debian's python3-torchvision.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch
import torchvision
from PIL import Image

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools/make-goldens"))
from deterministic_weights import elements  # noqa: E402

SCORE, BOX = 1e-4, 0.02


def detector():
    """The released architecture (frozen norms) with weights that give scores all over the range."""
    from torchvision.models.detection.backbone_utils import _resnet_fpn_extractor
    from torchvision.ops.misc import FrozenBatchNorm2d
    net = torchvision.models.detection.fasterrcnn_resnet50_fpn(
        weights=None, weights_backbone=None, num_classes=5, min_size=480, max_size=800)
    net.backbone = _resnet_fpn_extractor(torchvision.models.resnet50(weights=None, norm_layer=FrozenBatchNorm2d), 3)
    state = {}
    for name, tensor in net.state_dict().items():
        values = torch.from_numpy(elements(name, tensor.shape))
        if name.endswith("bn3.weight"):
            values = values * np.float32(0.2)
        if name.startswith("rpn.head.bbox_pred") or name.startswith("roi_heads.box_predictor.bbox_pred"):
            values = values * np.float32(0.1)
        state[name] = values
    net.load_state_dict(state)
    return net.eval()


def unmatched(ours, theirs):
    """Boxes without a partner, and the largest differences of pairs."""
    rest, lonely, box, score = list(ours), [], 0.0, 0.0
    for one in theirs:
        def distance(other):
            return max(abs(a - b) for a, b in zip(one["bbox"], other["bbox"]))
        same = [o for o in rest if o["category_id"] == one["category_id"] and distance(o) < 1]
        if not same:
            lonely.append(one)
            continue
        nearest = min(same, key=lambda o: distance(o) + abs(o["score"] - one["score"]))
        rest.remove(nearest)
        box, score = max(box, distance(nearest)), max(score, abs(nearest["score"] - one["score"]))
    return lonely + rest, box, score


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", required=True, help="a folder of JPEG or PNG files")
    parser.add_argument("--count", type=int, default=8, help="how many of them, the first by name")
    parser.add_argument("--legacy", action="store_true", help="save in the form before zip files")
    options = parser.parse_args()
    names = sorted(n for n in os.listdir(options.images) if n.lower().endswith((".jpg", ".jpeg", ".png")))
    names = names[: options.count]
    net = detector()
    with tempfile.TemporaryDirectory() as folder:
        weights, output = os.path.join(folder, "detector.pth"), os.path.join(folder, "out")
        torch.save(net.state_dict(), weights, _use_new_zipfile_serialization=not options.legacy)
        listed = os.path.join(folder, "list.txt")
        with open(listed, "w") as file:
            file.writelines(n + "\n" for n in names)
        subprocess.run(
            [os.path.join(ROOT, ".build/release/predict"), "detect", "--model", "fasterrcnn_resnet50_fpn", "--weights",
             weights, "--class-count", "4", "--images", listed, "--image-folder", options.images, "--output", output,
             "--short-side", "480", "--long-side", "800", "--no-pictures"], check=True)
        with open(os.path.join(output, "predictions.json")) as file:
            ours = json.load(file)
    failed = False
    for place, name in enumerate(names):
        picture = np.array(Image.open(os.path.join(options.images, name)).convert("RGB"))
        with torch.no_grad():
            found = net([torch.from_numpy(picture).permute(2, 0, 1).float() / 255])[0]
        theirs = [
            {"category_id": label, "bbox": [x0, y0, x1 - x0, y1 - y0], "score": score}
            for (x0, y0, x1, y1), label, score in zip(
                found["boxes"].tolist(), found["labels"].tolist(), found["scores"].tolist())]
        lonely, box, score = unmatched([o for o in ours if o["image_id"] == place + 1], theirs)
        failed |= len(lonely) > 0.1 * len(theirs) or box > BOX or score > SCORE
        print(f"{name} {picture.shape[1]}x{picture.shape[0]}: {len(theirs)} boxes, {len(lonely)} without a partner, "
              f"largest differences: box {box:.5f} px, score {score:.2e}")
        for one in lonely:
            print("  without a partner:", one["category_id"], [round(v, 3) for v in one["bbox"]], one["score"],
                  "the lowest score kept:", min(t["score"] for t in theirs))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
