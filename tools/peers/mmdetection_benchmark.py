#!/usr/bin/env python3
"""mmdetection's side of `tools/benchmark mmdetection`: one repetition for each line on standard input.

A training step of its SoftTeacher by its published configuration (R50-FPN, 1 labelled and 4 unlabelled images, eight boxes an
image, ten jitters) with forward, backward, SGD and the teacher's average; random pixels, no loading. The student's view is the
teacher's mirrored. Weights are random; scores are spread and the thresholds set so that about ten boxes an image pass.
Installed by tools/peers/install-mmdetection.
"""
import argparse
import contextlib
import os
import sys

import mmdet
import numpy
import torch
from mmdet.engine.hooks import MeanTeacherHook
from mmdet.registry import MODELS
from mmdet.structures import DetDataSample
from mmdet.structures.bbox import HorizontalBoxes
from mmdet.utils import register_all_modules
from mmengine.config import Config
from mmengine.optim import OptimWrapper
from mmengine.structures import InstanceData

from serving import serve

CONFIGURATION = ".mim/configs/soft_teacher/soft-teacher_faster-rcnn_r50-caffe_fpn_180k_semi-0.1-coco.py"
BOXES = 8
PASSING = 10
UNLABELED = 4


def make_model():
    register_all_modules()
    configuration = Config.fromfile(os.path.join(os.path.dirname(mmdet.__file__), CONFIGURATION))
    configuration.model.detector.backbone.init_cfg = None
    model = MODELS.build(configuration.model)
    for network in (model.student, model.teacher):
        network.init_weights()
    student = model.student
    with torch.no_grad():
        # Its blocks begin as identities and its images have a deviation of some 60: random features would vanish or explode.
        for name, value in student.named_parameters():
            if name.endswith("bn3.weight"):
                value.fill_(0.3)
        student.backbone.conv1.weight.div_(60)
        head = student.roi_head.bbox_head.fc_cls
        head.weight.mul_(12)
        head.bias.zero_()
        head.bias[-1] = 5.5
    model.teacher.load_state_dict(student.state_dict())
    return model.train()


def sample(height, width, boxes=0, mirrored=False):
    matrix = numpy.eye(3, dtype=numpy.float32)
    if mirrored:
        matrix[0] = [-1, 0, width]
    result = DetDataSample(metainfo={
        "img_shape": (height, width), "ori_shape": (height, width), "scale_factor": (1.0, 1.0), "flip": mirrored,
        "flip_direction": "horizontal" if mirrored else None, "homography_matrix": matrix, "img_id": 0})
    place = torch.rand(boxes, 2) * 0.5
    corners = torch.cat([place, place + torch.rand(boxes, 2) * 0.375 + 0.125], 1)
    corners = corners * torch.tensor([width, height, width, height], dtype=torch.float32)
    result.gt_instances = InstanceData(bboxes=HorizontalBoxes(corners), labels=torch.randint(0, 80, (boxes,)))
    return result


def make_data(height, width):
    images = [torch.randint(0, 256, (3, height, width), dtype=torch.uint8) for _ in range(1 + UNLABELED)]
    labeled, unlabeled = images[:1], images[1:]
    return {
        "inputs": {"sup": labeled, "unsup_teacher": unlabeled, "unsup_student": [image.flip(2) for image in unlabeled]},
        "data_samples": {
            "sup": [sample(height, width, BOXES)],
            "unsup_teacher": [sample(height, width) for _ in unlabeled],
            "unsup_student": [sample(height, width, mirrored=True) for _ in unlabeled]}}


def copied(data):
    return {key: {branch: [entry.clone() for entry in entries] for branch, entries in branches.items()}
            for key, branches in data.items()}


def set_thresholds(model, data):
    """So that about PASSING boxes an image have scores above; no limit on the boxes' uncertainty."""
    with torch.no_grad():
        batch = model.data_preprocessor(copied(data), True)
        found = model.teacher.predict(batch["inputs"]["unsup_teacher"], batch["data_samples"]["unsup_teacher"], rescale=False)
    scores = sorted((score for one in found for score in one.pred_instances.scores.tolist()), reverse=True)
    threshold = scores[min(len(scores) - 1, PASSING * UNLABELED)]
    settings = model.semi_train_cfg
    settings.pseudo_label_initial_score_thr = settings.rpn_pseudo_thr = settings.cls_pseudo_thr = threshold
    settings.reg_pseudo_thr = 1e9


parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--height", type=int, default=320)
parser.add_argument("--width", type=int, default=427)
options = parser.parse_args()
torch.manual_seed(0)
torch.set_num_threads(options.threads)
with contextlib.redirect_stdout(sys.stderr):  # it tells how every weight begins
    model = make_model()
data = make_data(options.height, options.width)
set_thresholds(model, data)
optimizer = OptimWrapper(torch.optim.SGD([p for p in model.student.parameters() if p.requires_grad], lr=1e-5, momentum=0.9,
                                         weight_decay=1e-4))
average = MeanTeacherHook(momentum=0.001)


def repetition():
    losses = model.train_step(copied(data), optimizer)
    average.momentum_update(model, 0.001)
    if not all(torch.isfinite(value).all() for value in losses.values()):
        sys.exit("error: a loss is not finite")


serve(repetition)
