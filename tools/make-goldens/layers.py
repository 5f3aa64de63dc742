#!/usr/bin/env python3
"""Writes Tests/LayersTests/Fixtures/layers.safetensors: optimizers over several steps, schedules, and batch norms, as
PyTorch computes them.

Needs: torch==1.13.1, torchvision==0.14.1, numpy.
Run from the repository root: python3 tools/make-goldens/layers.py
"""

import numpy as np
import torch
from torch.optim.lr_scheduler import LambdaLR, LinearLR, MultiStepLR
from torchvision.ops.misc import FrozenBatchNorm2d

import golden_file
from deterministic_weights import elements

golden = {}
SHAPES = {"first.weight": (3, 4), "first.bias": (3,), "second.weight": (2, 3)}


def optimizers():
    """Gradients are given, not computed; with SGD `second.weight` has none at first."""
    cases = {
        "sgd": lambda groups: torch.optim.SGD(groups, lr=0.1, momentum=0.0),
        "momentum": lambda groups: torch.optim.SGD(groups, lr=0.1, momentum=0.9),
        "nesterov": lambda groups: torch.optim.SGD(groups, lr=0.1, momentum=0.9, nesterov=True),
        "adamw": lambda groups: torch.optim.AdamW(groups, lr=0.1, betas=(0.8, 0.95), eps=1e-6),
    }
    for name, make in cases.items():
        parameters = {n: torch.nn.Parameter(torch.from_numpy(elements(n, s))) for n, s in SHAPES.items()}
        weights = [parameters["first.weight"], parameters["second.weight"]]
        optimizer = make([
            {"params": weights, "weight_decay": 0.05},
            {"params": [parameters["first.bias"]], "weight_decay": 0.0, "lr": 0.2},
        ])
        for step in range(4):
            for group in optimizer.param_groups:
                group["lr"] = (0.1 if group["weight_decay"] else 0.2) / (1 + step)
            for n, parameter in parameters.items():
                parameter.grad = torch.from_numpy(elements(f"{n} gradient {step} weight", parameter.shape))
            if step == 0 and name != "adamw":
                parameters["second.weight"].grad = None
            optimizer.step()
            for n, parameter in parameters.items():
                golden[f"{name}.{step}.{n}"] = parameter.detach().numpy().copy()


def schedules():
    def rates(make, steps=40):
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
        schedulers = make(optimizer)
        result = []
        for _ in range(steps):
            result.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            for scheduler in schedulers:
                scheduler.step()
        return np.array(result)

    golden["schedule.step"] = rates(lambda o: [MultiStepLR(o, [20, 30], 0.1)])
    golden["schedule.warmup_step"] = rates(
        lambda o: [LinearLR(o, start_factor=0.001, total_iters=10), MultiStepLR(o, [20, 30], 0.1)])
    golden["schedule.polynomial"] = rates(lambda o: [LambdaLR(o, lambda x: (1 - x / 40) ** 0.9)])
    golden["schedule.cosine"] = rates(lambda o: [torch.optim.lr_scheduler.CosineAnnealingLR(o, 40, eta_min=0.05)])


def norms():
    flat = elements("norm input", (2 * 5 * 3 * 4,)) * np.float32(20)
    image = torch.from_numpy(flat.reshape(2, 5, 3, 4))
    frozen = FrozenBatchNorm2d(5, eps=1e-3)
    trained = torch.nn.BatchNorm2d(5, eps=1e-3, momentum=0.2)
    for norm in (frozen, trained):
        for name, tensor in norm.state_dict().items():
            tensor.copy_(torch.from_numpy(elements(name, tensor.shape)))
    golden["norm.frozen"] = frozen(image).numpy()
    golden["norm.evaluated"] = trained.eval()(image).detach().numpy()
    golden["norm.trained"] = trained.train()(image).detach().numpy()
    golden["norm.running_mean"] = trained.running_mean.numpy()
    golden["norm.running_var"] = trained.running_var.numpy()


optimizers()
schedules()
norms()
golden_file.write("Tests/LayersTests/Fixtures/layers.safetensors", golden)
