#!/usr/bin/env python3
"""Writes Tests/SegmentationTests/Fixtures/names/*.txt and segmentation.safetensors: torchvision's names, logits and gradients of its
segmentation networks with weights computed from their names (deterministic_weights.py), and losses of PyTorch on fixed logits. All
is computed in double.

Needs: torch==1.13.1, torchvision==0.14.1, numpy.
Run from the repository root: python3 tools/make-goldens/segmentation.py
"""

import numpy as np
import torch
import torch.nn.functional as F
import torchvision.models.segmentation as networks

import golden_file
from deterministic_weights import elements, fill

FIXTURES = "Tests/SegmentationTests/Fixtures/"
SAMPLES = 200
CLASSES = 5
IGNORED = 255
golden = {}


def values(name, shape):
    """Numbers in -2...2 that the test makes as well, in double."""
    flat = elements(name, (int(np.prod(shape)),)) * np.float32(20)
    return torch.from_numpy(flat.reshape(shape).astype(np.float64))


def keep(name, tensor):
    """A tensor as its shape, some of its elements, and its mean and mean square in double."""
    array = tensor.detach().numpy()
    flat = array.reshape(-1)
    assert flat.dtype == np.float64
    golden[name + ".shape"] = np.array(array.shape, np.int64)
    golden[name + ".samples"] = flat[np.arange(min(SAMPLES, flat.size)) * 7919 % flat.size]
    golden[name + ".moments"] = np.array([flat.mean(), (flat**2).mean()])


def without_dropout(model):
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return model


def network(name):
    make = getattr(networks, name)
    model = make(weights=None, weights_backbone=None, num_classes=CLASSES, aux_loss=True)
    return without_dropout(fill(model).double())


def keep_network(name, images):
    model = network(name)
    with open(f"{FIXTURES}names/{name}.txt", "w") as out:
        for key, tensor in model.state_dict().items():
            out.write(f"{key} {','.join(map(str, tensor.shape)) or '-'}\n")
    found = model.eval()(images)
    keep(name + ".logits", found["out"])
    keep(name + ".auxiliary", found["aux"])
    if name == "deeplabv3_resnet50":
        found = network(name).train()
        result = found(images)
        keep(name + ".trained.logits", result["out"])
        targets = torch.from_numpy(np.arange(images[:, 0].numel()) * 7 % CLASSES).reshape(images[:, 0].shape)
        loss = F.cross_entropy(result["out"], targets) + 0.5 * F.cross_entropy(result["aux"], targets)
        loss.backward()
        keep(name + ".trained.loss", loss.reshape(1))
        parameters = dict(found.named_parameters())
        for key in ("backbone.layer3.0.conv2.weight", "classifier.0.convs.2.0.weight", "classifier.4.bias",
                    "aux_classifier.0.weight"):
            keep(f"{name}.trained.gradient.{key}", parameters[key].grad)


def hard_examples(logits, targets, threshold, kept):
    """OHEM as UniMatch and TorchSemiSeg state it: pixels whose true class has a probability of at most the threshold, or of
    the kept-th smallest one if that is greater."""
    valid = targets != IGNORED
    probability = logits.softmax(1).gather(1, targets.where(valid, torch.zeros_like(targets))[:, None])[:, 0]
    smallest = probability[valid].sort().values
    limit = max(threshold, smallest[min(kept, len(smallest)) - 1].item())
    chosen = targets.where(valid & (probability <= limit), torch.full_like(targets, IGNORED))
    return F.cross_entropy(logits, chosen, ignore_index=IGNORED)


def dice(logits, targets):
    """1 - (2 sum(p y) + s) / (sum(p p) + sum(y) + s), s = 1e-5, over the batch's pixels that are not ignored; mean over classes."""
    valid = (targets != IGNORED)[:, None].double()
    truth = F.one_hot(targets.where(targets != IGNORED, torch.zeros_like(targets)), CLASSES).permute(0, 3, 1, 2) * valid
    p = logits.softmax(1) * valid
    axes = (0, 2, 3)
    return (1 - (2 * (p * truth).sum(axes) + 1e-5) / ((p * p).sum(axes) + truth.sum(axes) + 1e-5)).mean()


def keep_losses():
    shape = (2, CLASSES, 9, 11)
    draws = (elements("targets", (2 * 9 * 11,)).astype(np.float64) + 0.1) * 5 * (CLASSES + 1)
    drawn = torch.from_numpy(np.floor(draws).astype(np.int64)).clamp(0, CLASSES).reshape(2, 9, 11)
    targets = drawn.where(drawn < CLASSES, torch.full_like(drawn, IGNORED))
    golden["losses.targets"] = targets.numpy()
    weights = torch.tensor([1.0, 0.5, 2.0, 0.0, 3.0], dtype=torch.float64)
    soft = values("soft", shape).softmax(1)
    cases = {
        "cross_entropy": lambda x: F.cross_entropy(x, targets, ignore_index=IGNORED),
        "weighted_classes": lambda x: F.cross_entropy(x, targets, weights, ignore_index=IGNORED),
        "hard_threshold": lambda x: hard_examples(x, targets, 0.3, 1),
        "hard_kept": lambda x: hard_examples(x, targets, 0.1, 60),
        "dice": lambda x: dice(x, targets),
        "soft": lambda x: F.cross_entropy(x, soft),
    }
    for name, loss in cases.items():
        logits = values("logits", shape).requires_grad_()
        value = loss(logits)
        value.backward()
        keep(f"losses.{name}", value.reshape(1))
        keep(f"losses.{name}.gradient", logits.grad)


def main():
    torch.set_num_threads(2)
    keep_losses()
    images = values("images", (2, 3, 65, 97))
    for name in ("deeplabv3_resnet50", "fcn_resnet50"):
        keep_network(name, images)
    golden_file.write(FIXTURES + "segmentation.safetensors", golden)


main()
