#!/usr/bin/env python3
"""Makes the goldens of the Faster R-CNN tests from torchvision's own detector.

Needs Debian's python3-torch 1.13.1 and python3-torchvision 0.14.1 (apt-get install python3-torchvision).
Weights and images follow from formulas (deterministic_weights.py), so only the results are written:
Tests/DetectionTests/Fixtures/faster_rcnn_float32.json and _float64.json.
"""
import json
import os
import sys

import numpy as np
import torch
import torchvision
from torchvision.models.detection import _utils

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from deterministic_weights import elements  # noqa: E402

assert torch.__version__.startswith("1.13.1") or torch.__version__.startswith("1.13.0"), torch.__version__
assert torchvision.__version__.startswith("0.14.1"), torchvision.__version__
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Tests/DetectionTests/Fixtures")
SIZES = [(97, 140), (120, 90)]
TARGETS = [
    ([[10.0, 12.0, 60.0, 70.0], [80.0, 20.0, 130.0, 90.0], [5.0, 5.0, 25.0, 30.0]], [1, 2, 4]),
    ([[20.0, 30.0, 70.0, 100.0]], [3]),
]
GRADIENTS = [
    "backbone.body.layer2.0.conv1.weight", "backbone.body.layer4.2.conv3.weight",
    "backbone.fpn.inner_blocks.0.0.weight", "backbone.fpn.layer_blocks.3.0.bias", "rpn.head.conv.0.0.weight",
    "rpn.head.cls_logits.weight", "rpn.head.bbox_pred.bias", "roi_heads.box_head.fc6.weight",
    "roi_heads.box_predictor.cls_score.weight", "roi_heads.box_predictor.bbox_pred.weight",
]


def image(index):
    """A picture of smooth waves and blocks, uint8 [H, W, 3], by a formula that Swift repeats in integers."""
    height, width = SIZES[index]
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    value = (x * (7 + c) + y * (11 - 2 * c) + (x // 16) * (y // 12) * 29 + index * 53) % 256
    return value.astype(np.uint8)


def model(dtype):
    net = torchvision.models.detection.fasterrcnn_resnet50_fpn(
        weights=None, weights_backbone=None, num_classes=5, min_size=128, max_size=200)
    # Without weights torchvision trains ordinary batch norms; its released detector has frozen ones.
    from torchvision.models.detection.backbone_utils import _resnet_fpn_extractor
    from torchvision.models.resnet import resnet50
    from torchvision.ops.misc import FrozenBatchNorm2d
    net.backbone = _resnet_fpn_extractor(resnet50(weights=None, norm_layer=FrozenBatchNorm2d), 3)
    state = {}
    for name, tensor in net.state_dict().items():
        values = torch.from_numpy(elements(name, tensor.shape))
        if name.endswith("bn3.weight"):
            values = values * np.float32(0.2)  # keeps the residual sum from growing over the blocks
        if name.startswith("rpn.head.bbox_pred") or name.startswith("roi_heads.box_predictor.bbox_pred"):
            values = values * np.float32(0.1)
        state[name] = values
    net.load_state_dict(state)
    return net.to(dtype)


def sampled(tensor, count=40):
    flat = tensor.detach().double().flatten()
    indices = torch.arange(count, dtype=torch.int64) * 7919 % flat.numel()
    return {"shape": list(tensor.shape), "norm": flat.norm().item(), "indices": indices.tolist(),
            "values": flat[indices].tolist()}


def golden(dtype):
    torch.manual_seed(0)
    net = model(dtype)
    images = [torch.from_numpy(image(i)).permute(2, 0, 1).to(dtype) / 255 for i in range(2)]
    result = {"torch": torch.__version__, "torchvision": torchvision.__version__, "elementType": str(dtype)[6:]}

    net.eval()
    with torch.no_grad():
        batch, _ = net.transform(images)
        result["batch"] = dict(sampled(batch.tensors), sizes=[list(s) for s in batch.image_sizes])
        features = net.backbone(batch.tensors)
        result["features"] = [sampled(f) for f in features.values()]
        proposals, _ = net.rpn(batch, features)
        result["proposals"] = [{"count": len(p), "first": p[:10].tolist()} for p in proposals]
        result["detections"] = [
            {"boxes": d["boxes"].tolist(), "scores": d["scores"].tolist(), "labels": d["labels"].tolist()}
            for d in net(images)]

    net.train()
    recorded = []
    original = _utils.BalancedPositiveNegativeSampler.__call__

    def recording(self, matched):
        positive, negative = original(self, matched)
        for p, n in zip(positive, negative):
            recorded.append({"positive": torch.where(p)[0].tolist(), "negative": torch.where(n)[0].tolist()})
        return positive, negative

    _utils.BalancedPositiveNegativeSampler.__call__ = recording
    # torchvision makes float32 labels for any model, which brings the whole loss down to float32.
    from torch.nn import functional
    cross_entropy = functional.binary_cross_entropy_with_logits
    functional.binary_cross_entropy_with_logits = lambda logits, labels: cross_entropy(logits, labels.to(dtype))
    net.roi_heads.fg_bg_sampler.batch_size_per_image = 64
    net.rpn.fg_bg_sampler.batch_size_per_image = 64
    targets = [{"boxes": torch.tensor(b, dtype=dtype), "labels": torch.tensor(l)} for b, l in TARGETS]
    losses = net(images, targets)
    _utils.BalancedPositiveNegativeSampler.__call__ = original
    functional.binary_cross_entropy_with_logits = cross_entropy
    result["samples"] = recorded
    result["losses"] = {name: value.item() for name, value in losses.items()}
    sum(losses.values()).backward()
    parameters = dict(net.named_parameters())
    result["gradients"] = {name: sampled(parameters[name].grad) for name in GRADIENTS}
    result["untrained"] = sorted(n for n, p in parameters.items() if p.grad is None)
    return result


for name, dtype in (("float32", torch.float32), ("float64", torch.float64)):
    path = os.path.join(FOLDER, f"faster_rcnn_{name}.json")
    with open(path, "w") as file:
        json.dump(golden(dtype), file, indent=None, separators=(",", ":"))
    print(path, os.path.getsize(path), "bytes")
