#!/usr/bin/env python3
"""torchvision's side of tools/benchmark: the same work as Sources/benchmark, one repetition for each line on stdin.

Needs Debian's python3-torchvision, which runs on the same libtorch as the default build.
"""
import argparse
import resource
import sys
import time

import torch
import torchvision
from torchvision.models.detection import fasterrcnn_resnet50_fpn


def serve(repetition):
    repetition()
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        repetition()
        print(time.perf_counter() - start, flush=True)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, flush=True)


def detect(options):
    from torchvision.models.detection.backbone_utils import _resnet_fpn_extractor
    from torchvision.models.resnet import resnet50
    from torchvision.ops.misc import FrozenBatchNorm2d
    height, width = options.height, options.width
    net = fasterrcnn_resnet50_fpn(weights=None, weights_backbone=None, num_classes=91,
                                  min_size=min(height, width), max_size=max(height, width))
    net.backbone = _resnet_fpn_extractor(resnet50(weights=None, norm_layer=FrozenBatchNorm2d), 3)
    net.train()
    images = [torch.rand(3, height, width) for _ in range(options.batch)]
    targets = []
    for _ in range(options.batch):
        place = torch.rand(8, 2) * 0.5
        boxes = torch.cat([place, place + torch.rand(8, 2) * 0.375 + 0.125], 1)
        boxes = boxes * torch.tensor([width, height, width, height], dtype=torch.float32)
        targets.append({"boxes": boxes, "labels": torch.randint(1, 91, (8,))})
    optimizer = torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr=1e-5, momentum=0.9,
                                weight_decay=1e-4, foreach=True)

    def step():
        losses = net(images, targets)
        optimizer.zero_grad(set_to_none=True)
        sum(losses.values()).backward()
        optimizer.step()

    serve(step)


def roi_align(options):
    features = torch.randn(2, 256, 100, 152, requires_grad=not options.forward_only)
    place = torch.rand(512, 2) * torch.tensor([400.0, 250.0])
    regions = torch.cat([torch.randint(0, 2, (512, 1)).float(), place, place + torch.rand(512, 2) * 180 + 10], 1)

    def repetition():
        pooled = torchvision.ops.roi_align(features, regions, (7, 7), 0.25, 2)
        if not options.forward_only:
            torch.autograd.grad(pooled.sum(), features)

    serve(repetition)


def nms(options):
    place = torch.rand(options.count, 2) * 700
    boxes = torch.cat([place, place + torch.rand(options.count, 2) * 100 + 10], 1)
    scores = torch.rand(options.count)
    groups = torch.randint(0, options.classes, (options.count,))
    serve(lambda: torchvision.ops.batched_nms(boxes, scores, groups, 0.7))


parser = argparse.ArgumentParser()
parser.add_argument("part", choices=["detect", "roi-align", "nms"])
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--height", type=int, default=320)
parser.add_argument("--width", type=int, default=427)
parser.add_argument("--batch", type=int, default=2)
parser.add_argument("--forward-only", action="store_true")
parser.add_argument("--count", type=int, default=8000)
parser.add_argument("--classes", type=int, default=5)
options = parser.parse_args()
torch.manual_seed(0)
torch.set_num_threads(options.threads)
{"detect": detect, "roi-align": roi_align, "nms": nms}[options.part](options)
