#!/usr/bin/env python3
"""Weights computed from their names: the NumPy form of Tests/TestSupport/DeterministicWeights.swift.

Needs: numpy>=1.24. Imported by the other scripts; run from the repository root (python3
tools/make-goldens/deterministic_weights.py) it writes Tests/BackboneTests/Fixtures/deterministic_weights.txt, by which
the test sees that both forms agree: name, shape, SHA-256 of the float32 elements (little-endian).
"""

import hashlib

import numpy as np


def elements(name, shape):
    """The elements of the tensor `name`, float32, of the given shape."""
    shape = tuple(int(n) for n in shape)
    count = int(np.prod(shape, dtype=np.int64))
    if name.endswith("num_batches_tracked"):
        return np.zeros(shape, np.float32)
    if len(shape) >= 2:
        scale, offset = np.sqrt(3 / int(np.prod(shape[1:], dtype=np.int64))), 0.0
    elif name.endswith("running_var") or name.endswith("weight"):
        scale, offset = 0.5, 1.0
    else:
        scale, offset = 0.1, 0.0
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) & (2**64 - 1)
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    u = (z >> np.uint64(40)).astype(np.float64) / 2**24
    return ((2 * u - 1) * scale + offset).astype(np.float32).reshape(shape)


def fill(model):
    """Fills every entry of a torch module's state dict."""
    import torch

    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            tensor.copy_(torch.from_numpy(elements(name, tensor.shape)))
    return model


def main():
    cases = [
        ("conv1.weight", (64, 3, 7, 7)),
        ("bn1.weight", (64,)),
        ("bn1.bias", (64,)),
        ("bn1.running_mean", (64,)),
        ("bn1.running_var", (64,)),
        ("bn1.num_batches_tracked", ()),
        ("roi_heads.box_predictor.cls_score.weight", (5, 1024)),
        ("roi_heads.box_predictor.cls_score.bias", (5,)),
        ("backbone.fpn.inner_blocks.0.0.weight", (256, 128, 1, 1)),
        ("é", (3,)),
    ]
    with open("Tests/BackboneTests/Fixtures/deterministic_weights.txt", "w") as file:
        for name, shape in cases:
            digest = hashlib.sha256(elements(name, shape).astype("<f4").tobytes()).hexdigest()
            file.write(f"{name} {','.join(map(str, shape)) or '-'} {digest}\n")


if __name__ == "__main__":
    main()
