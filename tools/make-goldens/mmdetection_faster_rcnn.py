#!/usr/bin/env python3
"""Makes the goldens of mmdetection's convention from mmdetection's own Faster R-CNN (R50-FPN, Caffe style, as in its Soft
Teacher).

Needs: mmdet 3.3.0 with mmcv 2.1.0 and its operators on torch 1.13.1, as tools/peers/install-mmdetection FOLDER installs them.
Run from the repository root: FOLDER/bin/python tools/make-goldens/mmdetection_faster_rcnn.py
Weights (from their names in mmdetection) and images follow from formulas (deterministic_weights.py), so only results are
written: Tests/DetectionTests/Fixtures/mmdetection_float32.json and _float64.json. The images are taken in their own size, as
resizing is no matter of the detector. mmcv's suppression is for float32; in float64 it is written out.
"""
import importlib
import json
import os
import sys

import mmcv
import mmdet
import numpy as np
import torch
from mmdet.models.dense_heads import AnchorHead
from mmdet.models.task_modules.samplers import RandomSampler
from mmdet.registry import MODELS
from mmdet.structures import DetDataSample
from mmdet.utils import register_all_modules
from mmengine.config import Config
from mmengine.structures import InstanceData
from torch.nn import functional

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from deterministic_weights import elements  # noqa: E402

assert (mmdet.__version__, mmcv.__version__) == ("3.3.0", "2.1.0"), (mmdet.__version__, mmcv.__version__)
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Tests/DetectionTests/Fixtures")
CONFIGURATION = ".mim/configs/faster_rcnn/faster-rcnn_r50-caffe_fpn_1x_coco.py"
CLASSES = 4
SAMPLES = 64
SIZES = [(243, 310), (250, 190)]  # padded to 256 x 320 and, of itself, 256 x 192
# Of the last box no anchor has an IoU of 0.3 or more; the first two share their best anchors' neighbourhood.
TARGETS = [
    ([[10.0, 12.0, 100.0, 130.0], [30.0, 20.0, 120.0, 140.0], [5.0, 5.0, 300.0, 238.0], [200.0, 150.0, 206.0, 156.0]],
     [0, 1, 3, 2]),
    ([[20.0, 30.0, 70.0, 200.0]], [2]),
]
GRADIENTS = [
    "backbone.layer2.0.conv1.weight", "backbone.layer4.2.conv3.weight", "neck.lateral_convs.0.conv.weight",
    "neck.fpn_convs.3.conv.bias", "rpn_head.rpn_conv.weight", "rpn_head.rpn_cls.weight", "rpn_head.rpn_reg.bias",
    "roi_head.bbox_head.shared_fcs.0.weight",
]
suppression = importlib.import_module("mmcv.ops.nms")  # a function has the same name
binary_cross_entropy = functional.binary_cross_entropy_with_logits


def image(index):
    """A picture of smooth waves and blocks, uint8 RGB [H, W, 3], by a formula that Swift repeats in integers."""
    height, width = SIZES[index]
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return ((x * (7 + c) + y * (11 - 2 * c) + (x // 16) * (y // 12) * 29 + index * 53) % 256).astype(np.uint8)


def model(dtype):
    register_all_modules()
    configuration = Config.fromfile(os.path.join(os.path.dirname(mmdet.__file__), CONFIGURATION)).model
    configuration.backbone.init_cfg = None
    configuration.roi_head.bbox_head.num_classes = CLASSES
    configuration.train_cfg.rpn.sampler.num = configuration.train_cfg.rcnn.sampler.num = SAMPLES
    net = MODELS.build(configuration)
    state = {}
    for name, tensor in net.state_dict().items():
        values = torch.from_numpy(elements(name, tensor.shape))
        if name == "backbone.conv1.weight":
            values = values / np.float32(64)  # pixels are not divided by their deviation
        if name.endswith("bn3.weight"):
            values = values * np.float32(0.2)  # keeps the residual sum from growing over the blocks
        if "rpn_reg" in name or "fc_reg" in name:
            values = values * np.float32(0.1)
        state[name] = values
    net.load_state_dict(state)
    return net.to(dtype)


def plain_nms(boxes, scores, iou_threshold, **_):
    """Greedy suppression in the type of the boxes, with the interface of mmcv's."""
    order = scores.sort(descending=True, stable=True)[1].tolist()
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    fallen, kept = torch.zeros(len(boxes), dtype=torch.bool), []
    for index in order:
        if fallen[index]:
            continue
        kept.append(index)
        extent = torch.minimum(boxes[index, 2:], boxes[:, 2:]) - torch.maximum(boxes[index, :2], boxes[:, :2])
        shared = extent.clamp(min=0).prod(1)
        fallen |= shared / (areas[index] + areas - shared) > iou_threshold
    kept = torch.tensor(kept, dtype=torch.int64)
    return torch.cat([boxes[kept], scores[kept, None]], 1), kept


def sampled(tensor, count=40):
    flat = tensor.detach().double().flatten()
    indices = torch.arange(count, dtype=torch.int64) * 7919 % flat.numel()
    return {"shape": list(tensor.shape), "norm": flat.norm().item(), "indices": indices.tolist(),
            "values": flat[indices].tolist()}


def record_samples(net):
    """What is sampled from now on, and of anchors what is matched, in the numbering of all anchors and of proposals with the
    true boxes behind them."""
    samples, matches, places = [], [], []
    targets_of, sample_of = AnchorHead._get_targets_single, RandomSampler.sample

    def targets(self, flat_anchors, valid_flags, *arguments, **options):
        places[:] = [torch.where(valid_flags)[0]]
        result = targets_of(self, flat_anchors, valid_flags, *arguments, **options)
        places.clear()
        return result

    def sample(self, assigned, predicted, truth, **options):
        if places:
            def numbered(indices): return places[0][indices].tolist()
            objects = torch.where(assigned.gt_inds > 0)[0]
            matches.append({
                "objects": numbered(objects), "truth": (assigned.gt_inds[objects] - 1).tolist(),
                "background": int((assigned.gt_inds == 0).sum()), "ignored": int((assigned.gt_inds < 0).sum())})
            result = sample_of(self, assigned, predicted, truth, **options)
        else:
            count, proposals = len(truth), len(predicted.priors)
            def numbered(indices): return [proposals + i if i < count else i - count for i in indices.tolist()]
            result = sample_of(self, assigned, predicted, truth, **options)
        samples.append({"positive": numbered(result.pos_inds), "negative": numbered(result.neg_inds)})
        return result

    AnchorHead._get_targets_single, RandomSampler.sample = targets, sample
    return samples, matches


def golden(dtype):
    torch.manual_seed(0)
    if dtype == torch.float64:
        suppression.nms = plain_nms
        # Labels are float32 in any model, which brings the whole loss down to float32.
        functional.binary_cross_entropy_with_logits = lambda logits, labels, **options: binary_cross_entropy(
            logits, labels.to(logits.dtype), **options)
    net = model(dtype)
    result = {"torch": torch.__version__, "mmdet": mmdet.__version__, "mmcv": mmcv.__version__, "elementType": str(dtype)[6:],
              "state": [[name, *tensor.shape] for name, tensor in net.state_dict().items()]}
    samples = []
    for (height, width), (boxes, labels) in zip(SIZES, TARGETS):
        one = DetDataSample(metainfo={"img_shape": (height, width), "ori_shape": (height, width), "scale_factor": (1.0, 1.0)})
        one.gt_instances = InstanceData(bboxes=torch.tensor(boxes, dtype=dtype), labels=torch.tensor(labels))
        samples.append(one)
    pixels = [torch.from_numpy(image(i)[:, :, ::-1].copy()).permute(2, 0, 1) for i in range(2)]  # BGR
    data = net.data_preprocessor({"inputs": pixels, "data_samples": samples}, True)
    inputs, samples = data["inputs"].to(dtype), data["data_samples"]

    net.eval()
    with torch.no_grad():
        result["batch"] = dict(sampled(inputs), sizes=[list(size) for size in SIZES])
        features = net.extract_feat(inputs)
        result["features"] = [sampled(f) for f in features]
        proposals = net.rpn_head.predict(features, samples, rescale=False)
        result["proposals"] = [{"count": len(p), "first": p.bboxes[:10].tolist()} for p in proposals]
        found = net.roi_head.predict(features, proposals, samples, rescale=False)
        result["detections"] = [
            {"boxes": d.bboxes.tolist(), "scores": d.scores.tolist(), "labels": d.labels.tolist()} for d in found]

    net.train()
    result["samples"], result["matches"] = record_samples(net)
    losses = net.loss(inputs, samples)
    losses = {name: sum(value) if isinstance(value, list) else value for name, value in losses.items() if "loss" in name}
    result["losses"] = {name: value.item() for name, value in losses.items()}
    sum(losses.values()).backward()
    parameters = dict(net.named_parameters())
    result["gradients"] = {name: sampled(parameters[name].grad) for name in GRADIENTS}
    result["untrained"] = sorted(n for n, p in parameters.items() if p.grad is None)
    return result


# Samples are recorded by changed methods: float32, which changes least, goes first, each in a process of its own.
for name in sys.argv[1:] or ("float32", "float64"):
    if not sys.argv[1:]:
        assert os.spawnl(os.P_WAIT, sys.executable, sys.executable, os.path.abspath(__file__), name) == 0
        continue
    path = os.path.join(FOLDER, f"mmdetection_{name}.json")
    with open(path, "w") as file:
        json.dump(golden(getattr(torch, name)), file, indent=None, separators=(",", ":"))
    print(path, os.path.getsize(path), "bytes")
