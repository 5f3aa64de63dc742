#!/usr/bin/env python3
"""torchvision's side of tools/benchmark: the same work as Sources/benchmark, one repetition for each line on stdin.

Needs Debian's python3-torchvision, which runs on the same libtorch as the default build; on a GPU a Python with CUDA's.
"""
import argparse

import torch
import torchvision
from torchvision.models.detection import fasterrcnn_resnet50_fpn

from serving import serve


def detect(options):
    from torchvision.models.detection.backbone_utils import _resnet_fpn_extractor
    from torchvision.models.resnet import resnet50
    from torchvision.ops.misc import FrozenBatchNorm2d
    height, width = options.height, options.width
    net = fasterrcnn_resnet50_fpn(weights=None, weights_backbone=None, num_classes=91,
                                  min_size=min(height, width), max_size=max(height, width))
    net.backbone = _resnet_fpn_extractor(resnet50(weights=None, norm_layer=FrozenBatchNorm2d), 3)
    net.train()
    if options.bfloat16:
        net = net.to(memory_format=torch.channels_last)
        give_float32_to_region_operators()
    device = torch.device(options.device)
    net.to(device)
    images = [torch.rand(3, height, width, device=device) for _ in range(options.batch)]
    targets = []
    for _ in range(options.batch):
        place = torch.rand(8, 2) * 0.5
        boxes = torch.cat([place, place + torch.rand(8, 2) * 0.375 + 0.125], 1)
        boxes = boxes * torch.tensor([width, height, width, height], dtype=torch.float32)
        targets.append({"boxes": boxes.to(device), "labels": torch.randint(1, 91, (8,), device=device)})
    optimizer = torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr=1e-5, momentum=0.9,
                                weight_decay=1e-4, foreach=True)

    def step():
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=options.bfloat16):
            losses = net(images, targets)
        optimizer.zero_grad(set_to_none=True)
        sum(losses.values()).backward()
        optimizer.step()

    serve(step, options.steps, torch.cuda.synchronize if device.type == "cuda" else lambda: None)


def give_float32_to_region_operators():
    """torchvision's RoIAlign and suppression have no bfloat16 on the CPU: a step under autocast fails without this."""
    align, suppress = torchvision.ops.poolers.roi_align, torchvision.ops.boxes.nms
    torchvision.ops.poolers.roi_align = lambda features, rois, **more: align(features.float(), rois.float(), **more)
    torchvision.ops.boxes.nms = lambda boxes, scores, threshold: suppress(boxes.float(), scores.float(), threshold)


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


def photographs(options):
    """JPEG files with what photographs have: smooth areas, edges, and some noise; on request label maps of the rectangles."""
    import numpy
    from PIL import Image
    draw = numpy.random.RandomState(1)
    height, width = options.height, options.width
    for index in range(options.count):
        coarse = Image.fromarray(draw.randint(0, 256, (height // 40, width // 40, 3), dtype=numpy.uint8))
        pixels = numpy.asarray(coarse.resize((width, height), Image.BICUBIC)).astype(float)
        labels = numpy.zeros((height, width), numpy.uint8)
        for number in range(12):
            x, y = draw.randint(0, width), draw.randint(0, height)
            color = draw.randint(0, 256, 3)
            place = slice(y, y + draw.randint(20, 200)), slice(x, x + draw.randint(20, 200))
            pixels[place], labels[place] = color, number + 1
        pixels += draw.normal(0, 4, pixels.shape)
        Image.fromarray(pixels.clip(0, 255).astype(numpy.uint8)).save(f"{options.folder}/{index:02d}.jpg", quality=90)
        if options.masks:
            mask = Image.fromarray(labels, "P")
            mask.putpalette(bytes(256 * 3))
            mask.save(f"{options.masks}/{index:02d}.png")


def loader(options):
    """Pillow decodes and augments, torchvision resizes and normalizes; with --draft Pillow decodes at a fraction of the size
    where the view is as small."""
    import glob
    import random
    from PIL import Image, ImageEnhance, ImageOps
    from torchvision.transforms import InterpolationMode
    from torchvision.transforms import functional as F
    files = sorted(glob.glob(options.folder + "/*.jpg"))

    def color(image):
        # Soft Teacher's nine operations with its magnitudes.
        magnitude, kind = random.randint(1, 9), random.randrange(9)
        factor = 0.18 * magnitude + 0.1
        if kind < 4:
            return (ImageEnhance.Color, ImageEnhance.Contrast, ImageEnhance.Brightness, ImageEnhance.Sharpness)[kind](
                image).enhance(factor)
        return (lambda i: i, ImageOps.autocontrast, ImageOps.equalize,
                lambda i: ImageOps.solarize(i, min(int(25.6 * magnitude), 255)),
                lambda i: ImageOps.posterize(i, 4 - int(0.4 * magnitude)))[kind - 4](image)

    def view(path):
        image = Image.open(path)
        width, height = image.size
        scale = options.side / min(width, height)
        size = [round(height * scale), round(width * scale)]
        if options.draft:
            image.draft("RGB", (size[1], size[0]))
        image = F.resize(image.convert("RGB"), size, InterpolationMode.BILINEAR)
        if not options.plain:
            if random.random() < 0.5:
                image = F.hflip(image)
            image = color(image)
        return F.normalize(F.to_tensor(image), [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])

    def repetition():
        views = [view(path) for path in files]
        height, width = ((max(v.shape[axis] for v in views) + 31) // 32 * 32 for axis in (1, 2))
        batch = torch.zeros(len(views), 3, height, width)
        for place, one in zip(batch, views):
            place[:, :one.shape[1], :one.shape[2]] = one
        return batch

    if options.dump:
        repetition().numpy().tofile(options.dump)
    else:
        serve(repetition)


def weights(options):
    from torchvision_predict import detector
    torch.save(detector().state_dict(), options.weights)


def predict(options):
    """Files to boxes, one image at a time, as the published evaluation does with a batch of 1 a process."""
    import glob
    import numpy
    from PIL import Image
    from torchvision_predict import detector
    net = detector()
    net.transform.min_size, net.transform.max_size = (options.side,), 1333
    files = sorted(glob.glob(options.folder + "/*.jpg"))

    @torch.inference_mode()
    def repetition():
        boxes, scores = 0, 0.0
        for path in files:
            pixels = torch.from_numpy(numpy.array(Image.open(path).convert("RGB")))
            found = net([pixels.permute(2, 0, 1).float() / 255])[0]
            boxes, scores = boxes + len(found["scores"]), scores + float(found["scores"].sum())
        return boxes, scores

    if options.check:
        print(*repetition())
    else:
        serve(repetition)


PARTS = {"detect": detect, "roi-align": roi_align, "nms": nms, "loader": loader, "photographs": photographs,
         "weights": weights, "predict": predict}
parser = argparse.ArgumentParser()
parser.add_argument("part", choices=list(PARTS))
parser.add_argument("--weights")
parser.add_argument("--check", action="store_true")
parser.add_argument("--folder")
parser.add_argument("--masks", metavar="FOLDER", help="photographs: for a label map of each")
parser.add_argument("--side", type=int, default=320)
parser.add_argument("--plain", action="store_true")
parser.add_argument("--draft", action="store_true")
parser.add_argument("--dump")
parser.add_argument("--device", default="cpu", help="of detect")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--steps", type=int, default=1, help="steps in a repetition, whose mean time is said")
parser.add_argument("--height", type=int, default=320)
parser.add_argument("--width", type=int, default=427)
parser.add_argument("--batch", type=int, default=2)
parser.add_argument("--bfloat16", action="store_true", help="detect: autocast to bfloat16, weights channels-last")
parser.add_argument("--forward-only", action="store_true")
parser.add_argument("--count", type=int, default=8000)
parser.add_argument("--classes", type=int, default=5)
options = parser.parse_args()
torch.manual_seed(0)
torch.set_num_threads(options.threads)
PARTS[options.part](options)
