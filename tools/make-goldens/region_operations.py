#!/usr/bin/env python3
"""Writes Tests/TorchTests/Fixtures/regions.safetensors: RoIAlign with its gradient, and non-maximum suppression, as
torchvision computes them in float32.

Needs: torch==1.13.1, torchvision==0.14.1, numpy.
Run from the repository root: python3 tools/make-goldens/region_operations.py
"""

import numpy as np
import torch
from torchvision.ops import nms, roi_align
from torchvision.ops.boxes import _batched_nms_vanilla

import golden_file
from deterministic_weights import elements

CHANNELS = 3
SIZES = [(12, 16), (6, 8), (3, 4), (1, 1)]  # for an input of 48 x 64
SCALES = [1 / 4, 1 / 8, 1 / 16, 1 / 32]
golden = {}


def regions():
    random = np.random.RandomState(1)
    rows = []
    for _ in range(10):
        x0, y0 = random.uniform(-4, 60), random.uniform(-4, 44)
        rows.append([random.randint(2), x0, y0, x0 + random.uniform(0.5, 40), y0 + random.uniform(0.5, 30)])
    rows += [
        [0, 0, 0, 64, 48],  # the whole input
        [1, 8, 8, 8, 8],  # no extent
        [1, 200, 200, 260, 240],  # outside
        [0, -90, -90, -60, -70],  # outside
        [0, -30, -20, 90, 80],  # beyond all sides
        [1, 20, 30, 10, 12],  # turned round
        [0, 63.5, 47.5, 64, 48],  # in the last pixel
    ]
    levels = [i % 4 for i in range(len(rows))]
    return np.array(rows, np.float32), np.array(levels, np.int64)


def align():
    rows, levels = regions()
    golden["align.regions"], golden["align.levels"] = rows, levels
    for aligned in (False, True):
        for ratio in (0, 2):
            for height, width in ((7, 7), (2, 3)):
                maps = []
                for index, (h, w) in enumerate(SIZES):
                    flat = elements(f"map{index}", (2 * CHANNELS * h * w,))
                    maps.append(torch.from_numpy(flat.reshape(2, CHANNELS, h, w)).requires_grad_())
                result = torch.zeros(len(rows), CHANNELS, height, width)
                for level in range(4):
                    at = torch.from_numpy(np.flatnonzero(levels == level))
                    part = roi_align(maps[level], torch.from_numpy(rows)[at], (height, width), SCALES[level], ratio, aligned)
                    result = result.index_put((at,), part)
                weights = elements("weights", (result.numel(),)).reshape(result.shape)
                (result * torch.from_numpy(weights)).sum().backward()
                name = f"align.{'aligned' if aligned else 'plain'}.{ratio}.{height}x{width}"
                golden[name] = result.detach().numpy()
                for index, tensor in enumerate(maps):
                    golden[f"{name}.gradient{index}"] = tensor.grad.numpy()


def suppress():
    random = np.random.RandomState(2)
    count = 300
    corner = random.randint(0, 24, (count, 2))
    size = random.randint(0, 13, (count, 2))  # whole numbers: many overlaps equal a threshold, some boxes are empty
    boxes = np.concatenate([corner, corner + size], 1).astype(np.float32)
    scores = (random.randint(0, 60, count) / 64).astype(np.float32)  # many equal scores
    groups = random.randint(0, 4, count).astype(np.int64)
    golden["nms.boxes"], golden["nms.scores"], golden["nms.groups"] = boxes, scores, groups
    b, s, g = map(torch.from_numpy, (boxes, scores, groups))
    for threshold in (0.0, 0.3, 0.5, 0.6, 0.7, 1.0):
        golden[f"nms.single.{threshold}"] = nms(b, s, threshold).numpy()
        kept = _batched_nms_vanilla(b, s, g, threshold)
        # Its order of equal scores is left open; here the earlier box goes first.
        order = np.lexsort((kept.numpy(), -scores[kept.numpy()]))
        golden[f"nms.grouped.{threshold}"] = kept.numpy()[order]


align()
suppress()
golden_file.write("Tests/TorchTests/Fixtures/regions.safetensors", golden)
