#!/usr/bin/env python3
"""Python's side of `tools/benchmark segment`: the same work as Sources/benchmark, one repetition for each line on stdin.

Needs Debian's python3-torchvision, which runs on the same libtorch as the default build; on a GPU a Python with CUDA's.
"""
import argparse
import glob
import math
import os
import random

import numpy
import torch
from PIL import Image, ImageFilter
from torch.nn import functional as F
from torchvision import transforms
from torchvision.transforms import functional as TF

import segmentation_networks as networks
from serving import serve

IGNORED = 255
# Of the recipes voc-1-8 and camvid-small: the rate, and that of the head over it.
RECIPES = {
    "deeplabv3plus": (lambda groups: torch.optim.SGD(groups, momentum=0.9, weight_decay=1e-4, foreach=True), 0.001, 10),
    "deeplabv3plus_light": (lambda groups: torch.optim.AdamW(groups, weight_decay=0.01, foreach=True), 0.001, 3),
}


def work(options):
    """What both sides begin with: random weights with the statistics of one batch, and a batch with labels."""
    net = networks.make(options.model, options.classes, options.backbone).to(options.device)
    images = torch.randn(options.batch, 3, options.height, options.width)
    labels = torch.randint(0, options.classes, (options.batch, options.height, options.width))
    labels[torch.rand(labels.shape) < 0.1] = IGNORED
    norms = [part for part in net.modules() if isinstance(part, torch.nn.BatchNorm2d)]
    momenta = [part.momentum for part in norms]
    for part in norms:
        part.momentum = 1
    with torch.no_grad():
        net(images.to(options.device))
    for part, momentum in zip(norms, momenta):
        part.momentum = momentum
    torch.save(net.cpu().state_dict(), options.weights)
    torch.save({"images": images, "labels": labels}, options.inputs)


def network(options):
    net = networks.make(options.model, options.classes, options.backbone)
    net.load_state_dict(torch.load(options.weights))
    net.to(options.device)
    return net.to(memory_format=torch.channels_last) if options.bfloat16 else net


def step(options):
    """Forward, cross-entropy, backward and the recipe's optimizer."""
    device = torch.device(options.device)
    net = network(options)
    inputs = torch.load(options.inputs, map_location=device)
    images, labels = inputs["images"], inputs["labels"]
    if options.bfloat16:
        images = images.to(memory_format=torch.channels_last)
    make, rate, factor = RECIPES[options.model]
    optimizer = make([{"params": net.backbone.parameters(), "lr": rate},
                      {"params": net.classifier.parameters(), "lr": factor * rate}])

    def repetition():
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=options.bfloat16):
            loss = F.cross_entropy(net(images), labels, ignore_index=IGNORED)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss

    if options.check:
        print(sum(p.numel() for p in net.parameters()), *(repetition().item() for _ in range(options.check)))
    else:
        serve(repetition, options.steps, torch.cuda.synchronize if device.type == "cuda" else lambda: None)


def label(options):
    """Files to label maps, one image at a time, at five sizes and mirrored, as ST and ST++ make pseudo-masks."""
    net = network(options).eval()
    mean, deviation = networks.normalization(options.model)
    files = sorted(glob.glob(options.folder + "/*.jpg"))

    @torch.inference_mode()
    def repetition():
        maps = []
        for path in files:
            image = TF.normalize(TF.to_tensor(Image.open(path).convert("RGB")), mean, deviation)[None]
            size, scores = image.shape[2:], 0
            for scale in (0.5, 0.75, 1, 1.5, 2):
                scaled = F.interpolate(image, [int(side * scale) for side in size], mode="bilinear", align_corners=True)
                for mirrored in (False, True):
                    found = net(scaled.flip(3) if mirrored else scaled).softmax(1)
                    found = found.flip(3) if mirrored else found
                    scores = scores + F.interpolate(found, size, mode="bilinear", align_corners=True)
            maps.append(scores.argmax(1).to(torch.uint8))
        return maps

    if options.dump:
        torch.cat([labels.flatten() for labels in repetition()]).numpy().tofile(options.dump)
    else:
        serve(repetition)


def cutout(image, labels):
    """A rectangle of noise that is not learnt, of 2 % to 40 % of the view."""
    height, width = labels.shape
    while True:
        area, ratio = height * width * random.uniform(0.02, 0.4), random.uniform(0.3, 1 / 0.3)
        rows, columns = int(math.sqrt(area * ratio)), int(math.sqrt(area / ratio))
        y, x = random.randrange(height), random.randrange(width)
        if y + rows <= height and x + columns <= width:
            break
    image[y:y + rows, x:x + columns] = numpy.random.randint(0, 256, (rows, columns, 3), dtype=numpy.uint8)
    labels[y:y + rows, x:x + columns] = IGNORED


def loader(options):
    """Photographs with masks to one batch of views: resize, crop, mirror; strong ones also jitter, grey, blur and a
    rectangle of noise."""
    files = sorted(glob.glob(options.folder + "/*.jpg"))
    masks = [os.path.join(options.masks, os.path.basename(file)[:-4] + ".png") for file in files]
    jitter = transforms.ColorJitter(0.5, 0.5, 0.5, 0.25)

    def view(path, mask):
        image, labels = Image.open(path), Image.open(mask)
        long = options.base if options.plain else random.randint(options.base // 2, 2 * options.base)
        width, height = (round(side * long / max(image.size)) for side in image.size)
        if options.draft:
            image.draft("RGB", (width, height))
        image = image.convert("RGB").resize((width, height), Image.BILINEAR)
        labels = labels.resize((width, height), Image.NEAREST)
        if not options.plain:
            missing = max(0, options.side - width), max(0, options.side - height)
            x, y = (random.randint(0, max(0, side - options.side)) for side in (width, height))
            if any(missing):
                image, labels = (TF.pad(one, [0, 0, *missing], fill) for one, fill in ((image, 0), (labels, IGNORED)))
            box = x, y, x + options.side, y + options.side
            image, labels = image.crop(box), labels.crop(box)
            if random.random() < 0.5:
                image, labels = TF.hflip(image), TF.hflip(labels)
        if options.strong:
            if random.random() < 0.8:
                image = jitter(image)
            if random.random() < 0.2:
                image = TF.rgb_to_grayscale(image, 3)
            if random.random() < 0.5:
                image = image.filter(ImageFilter.GaussianBlur(random.uniform(0.1, 2)))
        labels = numpy.array(labels)
        if options.strong and random.random() < 0.5:
            image = numpy.array(image)
            cutout(image, labels)
        image = TF.normalize(TF.to_tensor(image), [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
        return image, torch.from_numpy(labels).long()

    def repetition():
        return [torch.stack(part) for part in zip(*(view(*pair) for pair in zip(files, masks)))]

    if options.dump:
        torch.cat([part.flatten().float() for part in repetition()]).numpy().tofile(options.dump)
    else:
        serve(repetition)


PARTS = {"work": work, "step": step, "label": label, "loader": loader}
parser = argparse.ArgumentParser()
parser.add_argument("part", choices=list(PARTS))
parser.add_argument("--model", choices=list(RECIPES), default="deeplabv3plus")
parser.add_argument("--backbone", default="resnet50", help="of deeplabv3plus: resnet50 or resnet101")
parser.add_argument("--classes", type=int, default=21)
parser.add_argument("--device", default="cpu", help="of work and step")
parser.add_argument("--weights", help="a state dict; work writes it")
parser.add_argument("--inputs", help="images and labels of step; work writes them")
parser.add_argument("--batch", type=int, default=4, help="of work")
parser.add_argument("--height", type=int, default=321, help="of work")
parser.add_argument("--width", type=int, default=321, help="of work")
parser.add_argument("--bfloat16", action="store_true", help="step: autocast to bfloat16, weights channels-last")
parser.add_argument("--check", type=int, default=0, metavar="N", help="step: prints the number of parameters and N losses")
parser.add_argument("--folder")
parser.add_argument("--masks", metavar="FOLDER")
parser.add_argument("--side", type=int, default=321)
parser.add_argument("--base", type=int, default=400, help="loader: the longer side that random factors multiply")
parser.add_argument("--plain", action="store_true", help="loader: the whole of each image at the base size")
parser.add_argument("--strong", action="store_true")
parser.add_argument("--draft", action="store_true")
parser.add_argument("--dump", metavar="FILE")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--steps", type=int, default=1, help="steps in a repetition, whose mean time is said")
options = parser.parse_args()
torch.manual_seed(0)
random.seed(0)
torch.set_num_threads(options.threads)
PARTS[options.part](options)
