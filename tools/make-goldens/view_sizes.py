"""Sizes that torchvision's detection transform resizes images to, for Tests/SamplesTests.

Needs Debian's python3-torchvision 0.14.1 (torch 1.13). Prints the table that ViewGeometryTests holds.
"""

import random

import torch
import torchvision
from torchvision.models.detection.transform import GeneralizedRCNNTransform

assert torchvision.__version__.startswith("0.14.1"), torchvision.__version__
random.seed(0)
cases = [(480, 640, 800, 1333), (480, 640, 320, 533), (1, 1, 240, 320)]
while len(cases) < 64:
    cases.append((random.randint(20, 900), random.randint(20, 900), random.choice([240, 320, 600, 800]), random.choice([400, 533, 1000, 1333])))
for height, width, short, long in cases:
    transform = GeneralizedRCNNTransform(short, long, [0, 0, 0], [1, 1, 1]).eval()
    image, _ = transform.resize(torch.zeros(3, height, width), None)
    print(height, width, short, long, *image.shape[-2:])
