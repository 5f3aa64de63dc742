"""The segmentation networks of Sources/Segmentation, written plainly with torch.nn; names of tensors are the same, so that weights
can be exchanged.

DeepLabv3+ (Chen et al. 2018) on torchvision's ResNet-50 or ResNet-101 with output stride 16, and on EfficientNet-Lite0 (Google 2020) up to
stride 16 with separable convolutions.
"""
import torch
import torchvision
from torch import nn
from torch.nn import functional as F


def unit(inputs, outputs, kernel=1, dilation=1, groups=1):
    """A convolution, a norm and a ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, padding=dilation * (kernel // 2), dilation=dilation, groups=groups, bias=False),
        nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Separable(nn.Module):
    def __init__(self, inputs, outputs, kernel, dilation=1):
        super().__init__()
        self.depthwise = unit(inputs, inputs, kernel, dilation, groups=inputs)
        self.pointwise = unit(inputs, outputs)

    def forward(self, map):
        return self.pointwise(self.depthwise(map))


class Pyramid(nn.Module):
    """Atrous spatial pyramid pooling."""

    def __init__(self, inputs, width, rates, make):
        super().__init__()
        pooled = nn.Sequential(nn.AdaptiveAvgPool2d(1), *unit(inputs, width))
        self.convs = nn.ModuleList([unit(inputs, width), *(make(inputs, width, 3, rate) for rate in rates), pooled])
        self.project = unit((len(rates) + 2) * width, width)

    def forward(self, map):
        branches = [branch(map) for branch in self.convs]
        branches[-1] = F.interpolate(branches[-1], map.shape[2:], mode="bilinear", align_corners=True)
        return self.project(torch.cat(branches, 1))


class Decoder(nn.Module):
    def __init__(self, fine, coarse, classes, width, low_level, last, rates, make):
        super().__init__()
        self.pyramid = Pyramid(coarse, width, rates, make)
        self.low_level = unit(fine, low_level)
        self.fuse = nn.Sequential(make(width + low_level, last, 3), make(last, last, 3))
        self.predictor = nn.Conv2d(last, classes, 1)

    def forward(self, fine, coarse):
        fine = self.low_level(fine)
        context = F.interpolate(self.pyramid(coarse), fine.shape[2:], mode="bilinear", align_corners=True)
        return self.predictor(self.fuse(torch.cat([fine, context], 1)))


class ResNet(nn.Module):
    """torchvision's, without its classifier; the last stage is dilated."""

    channels = 256, 2048

    def __init__(self, name):
        super().__init__()
        whole = getattr(torchvision.models, name)(weights=None, replace_stride_with_dilation=[False, False, True])
        for name, part in whole.named_children():
            if name not in ("avgpool", "fc"):
                self.add_module(name, part)

    def forward(self, images):
        fine = self.layer1(self.maxpool(self.relu(self.bn1(self.conv1(images)))))
        return fine, self.layer4(self.layer3(self.layer2(fine)))


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride, expansion):
        super().__init__()
        inner = inputs * expansion
        if expansion > 1:
            self.expand_conv, self.bn0 = nn.Conv2d(inputs, inner, 1, bias=False), norm(inner)
        self.depthwise_conv = nn.Conv2d(inner, inner, kernel, stride, kernel // 2, groups=inner, bias=False)
        self.bn1 = norm(inner)
        self.project_conv, self.bn2 = nn.Conv2d(inner, outputs, 1, bias=False), norm(outputs)
        self.expands, self.adds = expansion > 1, stride == 1 and inputs == outputs

    def forward(self, input):
        map = relu6(self.bn0(self.expand_conv(input))) if self.expands else input
        map = relu6(self.bn1(self.depthwise_conv(map)))
        map = self.bn2(self.project_conv(map))
        return map + input if self.adds else map


def norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


def relu6(map):
    """libtorch 1.13 has no gradient of its ReLU6 in bfloat16 on a CPU: a step under autocast fails with it."""
    return map.clamp(0, 6) if map.dtype == torch.bfloat16 else F.relu6(map, inplace=True)


class EfficientNetLite0(nn.Module):
    """Up to the last stage at stride 16."""

    channels = 24, 112
    # Blocks, channels, kernel, stride and expansion of each stage; the second ends at stride 4.
    stages = (1, 16, 3, 1, 1), (2, 24, 3, 2, 6), (2, 40, 5, 2, 6), (3, 80, 3, 2, 6), (3, 112, 5, 1, 6)

    def __init__(self):
        super().__init__()
        self.conv_stem, self.bn0 = nn.Conv2d(3, 32, 3, 2, 1, bias=False), norm(32)
        blocks, inputs = [], 32
        for count, outputs, kernel, stride, expansion in self.stages:
            for place in range(count):
                blocks.append(InvertedResidual(inputs, outputs, kernel, stride if place == 0 else 1, expansion))
                inputs = outputs
        self.blocks = nn.Sequential(*blocks)

    def forward(self, images):
        fine = self.blocks[:3](relu6(self.bn0(self.conv_stem(images))))
        return fine, self.blocks[3:](fine)


class Segmenter(nn.Module):
    def __init__(self, backbone, classes, **decoder):
        super().__init__()
        self.backbone = backbone
        self.classifier = Decoder(*backbone.channels, classes, **decoder)

    def forward(self, images):
        logits = self.classifier(*self.backbone(images))
        return F.interpolate(logits, images.shape[2:], mode="bilinear", align_corners=True)


def make(model, classes, backbone="resnet50"):
    """The backbone is a choice of deeplabv3plus alone."""
    if model == "deeplabv3plus":
        return Segmenter(ResNet(backbone), classes, width=256, low_level=48, last=256, rates=(6, 12, 18), make=unit)
    return Segmenter(EfficientNetLite0(), classes, width=128, low_level=24, last=96, rates=(3, 6, 9), make=Separable)


def normalization(model):
    """Mean and deviation of pixels in 0…1."""
    if model == "deeplabv3plus":
        return [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    return [127 / 255] * 3, [128 / 255] * 3
