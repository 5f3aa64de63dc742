#!/usr/bin/env python3
"""Writes Tests/BackboneTests/Fixtures/names/*.txt and backbone.safetensors: torchvision's and the PyPI package's names,
and features and gradients of models whose weights are computed from their names (deterministic_weights.py). All is
computed in double: in float, a rounding difference switches single ReLUs, which gradients show.

Needs: torch==1.13.1, torchvision==0.14.1, efficientnet-lite-pytorch==0.1.0, numpy.
Run from the repository root: python3 tools/make-goldens/backbone.py
"""

import numpy as np
import torch
import torchvision
from efficientnet_lite_pytorch import EfficientNet
from torchvision.models.detection.backbone_utils import BackboneWithFPN
from torchvision.ops.misc import FrozenBatchNorm2d

import golden_file
from deterministic_weights import elements, fill

FIXTURES = "Tests/BackboneTests/Fixtures/"
LAYERS = ["layer1", "layer2", "layer3", "layer4"]
SAMPLES = 200
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


def list_names(file, model):
    with open(f"{FIXTURES}names/{file}.txt", "w") as out:
        for name, tensor in model.state_dict().items():
            out.write(f"{name} {','.join(map(str, tensor.shape)) or '-'}\n")


def resnet_maps(model, images):
    x = model.maxpool(model.relu(model.bn1(model.conv1(images))))
    maps = []
    for layer in LAYERS:
        x = getattr(model, layer)(x)
        maps.append(x)
    return maps


def filled(model):
    return fill(model).double()


def lite_maps(model, images):
    x = model._swish(model._bn0(model._conv_stem(images)))
    maps = []
    for index, block in enumerate(model._blocks):
        x = block(x)
        if index in (2, 4, 10, 15):
            maps.append(x)
    return maps


def symmetric(model):
    """Replaces TensorFlow's padding by PyTorch's usual one."""
    for module in model.modules():
        if isinstance(module, torch.nn.Conv2d):
            module.padding = tuple(k // 2 for k in module.kernel_size)
            module.static_padding = torch.nn.Identity()
    return model


def keep_run(name, model, maps, parameters):
    """Maps, and gradients of the sum of each map times fixed numbers."""
    for index, tensor in enumerate(maps):
        keep(f"{name}.map{index}", tensor)
    loss = sum((m * values(f"weights{i}", m.shape)).mean() for i, m in enumerate(maps))
    loss.backward()
    for parameter in parameters:
        keep(f"{name}.gradient.{parameter}", dict(model.named_parameters())[parameter].grad)


def main():
    torch.set_num_threads(2)
    images = values("images", (2, 3, 64, 96))
    resnets = {n: getattr(torchvision.models, n) for n in ("resnet18", "resnet34", "resnet50", "resnet101")}
    for name, make in resnets.items():
        list_names(name, make())
        model = filled(make(norm_layer=FrozenBatchNorm2d))
        parameters = ["conv1.weight", "layer2.0.downsample.0.weight", "layer4.1.conv2.weight"]
        keep_run(f"{name}.frozen", model, resnet_maps(model, images), parameters)
        keep(f"{name}.logits", model(images))

    for stride, dilated in ((16, [False, False, True]), (8, [False, True, True])):
        model = filled(resnets["resnet50"](norm_layer=FrozenBatchNorm2d, replace_stride_with_dilation=dilated))
        parameters = ["layer3.0.conv2.weight", "layer4.1.conv2.weight"]
        keep_run(f"resnet50.stride{stride}", model, resnet_maps(model, images), parameters)

    model = filled(resnets["resnet18"]()).train()
    parameters = ["conv1.weight", "bn1.weight", "bn1.bias", "layer2.0.downsample.1.weight", "layer4.1.conv2.weight"]
    keep_run("resnet18.trained", model, resnet_maps(model, images), parameters)
    for buffer in ("bn1.running_mean", "bn1.running_var", "layer4.1.bn2.running_var"):
        keep(f"resnet18.trained.{buffer}", model.state_dict()[buffer])

    body = resnets["resnet50"](norm_layer=FrozenBatchNorm2d)
    layers = {name: str(index) for index, name in enumerate(LAYERS)}
    pyramid = BackboneWithFPN(body, layers, [256, 512, 1024, 2048], 256)
    list_names("resnet50_fpn", pyramid)
    filled(pyramid)
    keep_run("resnet50_fpn", pyramid, list(pyramid(images).values()),
             ["body.layer1.0.conv1.weight", "fpn.inner_blocks.3.0.weight", "fpn.layer_blocks.0.0.bias"])

    lite = EfficientNet.from_name("efficientnet-lite0")
    list_names("efficientnet_lite0", lite)
    filled(lite).eval()
    parameters = ["_conv_stem.weight", "_blocks.0._depthwise_conv.weight", "_blocks.11._expand_conv.weight"]
    keep_run("lite0.same", lite, lite_maps(lite, images), parameters)
    keep("lite0.same.logits", lite(images))
    lite = symmetric(filled(EfficientNet.from_name("efficientnet-lite0")).eval())
    keep_run("lite0.symmetric", lite, lite_maps(lite, images), parameters)
    lite = symmetric(filled(EfficientNet.from_name("efficientnet-lite0")).train())
    keep_run("lite0.trained", lite, lite_maps(lite, images), parameters + ["_blocks.3._bn1.weight"])
    keep("lite0.trained._bn0.running_var", lite.state_dict()["_bn0.running_var"])
    golden_file.write(FIXTURES + "backbone.safetensors", golden)


main()
