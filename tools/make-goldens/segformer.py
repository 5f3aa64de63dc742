#!/usr/bin/env python3
"""Writes Tests/SegmentationTests/Fixtures/names/segformer_b*.txt and segformer.safetensors: names, maps, logits, loss and gradients of
SegFormer as `transformers` has it, with weights computed from their names (deterministic_weights.py). All is computed in double.

Needs: transformers==4.57.1, torch==2.13.0 (its CPU build is enough), numpy.
Run from the repository root: python3 tools/make-goldens/segformer.py
"""

import numpy as np
import torch
import torch.nn.functional as F
from transformers import SegformerConfig, SegformerForSemanticSegmentation

import golden_file
from deterministic_weights import elements, fill

FIXTURES = "Tests/SegmentationTests/Fixtures/"
SAMPLES = 200
CLASSES = 5
IGNORED = 255
WIDTHS = {"segformer_b0": [32, 64, 160, 256], "segformer_b1": [64, 128, 320, 512]}
golden = {}


def values(name, shape):
    """Numbers in -2...2 that the test makes as well, in double."""
    flat = elements(name, (int(np.prod(shape)),)) * np.float32(20)
    return torch.from_numpy(flat.reshape(shape).astype(np.float64))


def keep(name, tensor):
    """A tensor as its shape, some of its elements, and its mean and mean square in double."""
    array = tensor.detach().contiguous().numpy()
    flat = array.reshape(-1)
    assert flat.dtype == np.float64
    golden[name + ".shape"] = np.array(array.shape, np.int64)
    golden[name + ".samples"] = flat[np.arange(min(SAMPLES, flat.size)) * 7919 % flat.size]
    golden[name + ".moments"] = np.array([flat.mean(), (flat**2).mean()])


def network(name):
    """The model with the configuration's defaults but for its widths, and nothing that is drawn in training."""
    config = SegformerConfig(
        hidden_sizes=WIDTHS[name], num_labels=CLASSES, drop_path_rate=0.0, classifier_dropout_prob=0.0,
        attn_implementation="eager")
    return fill(SegformerForSemanticSegmentation(config)).double()


def keep_network(name, sizes):
    model = network(name)
    with open(f"{FIXTURES}names/{name}.txt", "w") as out:
        for key, tensor in model.state_dict().items():
            out.write(f"{key} {','.join(map(str, tensor.shape)) or '-'}\n")
    model.eval()
    for height, width in sizes:
        place = f"{name}.{height}x{width}"
        images = values("images", (2, 3, height, width))
        with torch.no_grad():
            found = model(images, output_hidden_states=True)
        for index, found_map in enumerate(found.hidden_states):
            keep(f"{place}.map{index}", found_map)
        keep(place + ".logits", found.logits)


def keep_training(name):
    model = network(name).train()
    images = values("images", (2, 3, 65, 97))
    targets = torch.from_numpy(np.arange(2 * 65 * 97) * 7 % CLASSES).reshape(2, 65, 97)
    result = model(images, labels=targets)
    result.loss.backward()
    keep(name + ".trained.logits", result.logits)
    keep(name + ".trained.loss", result.loss.reshape(1))
    parameters = dict(model.named_parameters())
    for key in (
        "segformer.encoder.patch_embeddings.0.proj.weight", "segformer.encoder.block.0.0.attention.self.sr.weight",
        "segformer.encoder.block.1.1.attention.self.key.weight", "segformer.encoder.block.2.1.attention.self.query.weight",
        "segformer.encoder.block.3.0.mlp.dwconv.dwconv.weight", "segformer.encoder.block.3.1.layer_norm_2.weight",
        "segformer.encoder.layer_norm.2.bias", "decode_head.linear_c.1.proj.weight", "decode_head.linear_fuse.weight",
        "decode_head.classifier.bias",
    ):
        keep(f"{name}.trained.gradient.{key}", parameters[key].grad)


def main():
    torch.set_num_threads(2)
    keep_network("segformer_b0", [(64, 96), (65, 97), (37, 150)])
    keep_network("segformer_b1", [(65, 97)])
    keep_training("segformer_b0")
    golden_file.write(FIXTURES + "segformer.safetensors", golden)


main()
