#!/usr/bin/env python3
"""Writes small PyTorch files in every form that is read, and what they hold, for Tests/TorchTests.

    /usr/bin/python3 tools/make-goldens/pth_files.py      (Debian's python3-torch 1.13.1)

`expected.json` maps each file to its entries in order: name, element type, shape, and the bytes as hexadecimal digits,
row-major and little-endian. A file with an `error` must be refused with a message that holds it.
"""

import collections
import io
import json
import pathlib
import zipfile

import torch

FOLDER = pathlib.Path(__file__).parents[2] / "Tests/TorchTests/Fixtures/pth"
NAMES = {torch.float64: "float64", torch.float32: "float32", torch.float16: "float16", torch.bfloat16: "bfloat16",
         torch.int64: "int64", torch.int32: "int32", torch.int16: "int16", torch.int8: "int8", torch.uint8: "uint8",
         torch.bool: "bool"}
expected = {}


def content(tensor):
    tensor = tensor.detach().contiguous()
    if tensor.dtype in (torch.bfloat16, torch.float16):
        raw = tensor.reshape(-1).view(torch.int16).numpy().tobytes()
    else:
        raw = tensor.numpy().tobytes()
    return {"type": NAMES[tensor.dtype], "shape": list(tensor.shape), "bytes": raw.hex()}


def save(name, value, entries, notes=(), legacy=False, key=None, protocol=2):
    torch.save(value, FOLDER / name, _use_new_zipfile_serialization=not legacy, pickle_protocol=protocol)
    expect(name, entries, notes, key)


def expect(name, entries, notes=(), key=None):
    expected.setdefault(name, []).append({
        "key": key, "notes": list(notes), "entries": [{"name": n, **content(t)} for n, t in entries.items()]})


def refuse(name, value, error, legacy=False):
    if value is not None:
        torch.save(value, FOLDER / name, _use_new_zipfile_serialization=not legacy)
    expected.setdefault(name, []).append({"key": None, "error": error})


def module():
    torch.manual_seed(1)
    return torch.nn.Sequential(collections.OrderedDict(
        conv=torch.nn.Conv2d(2, 3, 2, bias=False), bn=torch.nn.BatchNorm2d(3), fc=torch.nn.Linear(3, 2)))


class Whole(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(2, 2)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    base = torch.arange(24, dtype=torch.float32)

    types = {name: torch.arange(-2, 4).to(dtype).reshape(2, 3) for dtype, name in NAMES.items()}
    save("types.pth", types, types)
    save("types-legacy.pth", types, types, legacy=True)
    save("types-protocol4.pth", types, types, protocol=4)

    state = module().state_dict()
    save("state-dict.pth", state, state)
    save("state-dict-legacy.pth", state, state, legacy=True)

    parameters = {"w": torch.nn.Parameter(base[:6].reshape(2, 3)), "b": torch.nn.Parameter(base[:2], requires_grad=False)}
    save("parameters.pth", parameters, parameters)

    views = {
        "transposed": base[:6].reshape(2, 3).t(),
        "offset": base[4:10],
        "steps": base[1:20:3],
        "expanded": base[3:4].expand(2, 3),
        "channels-last": base.reshape(1, 2, 3, 4).contiguous(memory_format=torch.channels_last),
        "permuted": base.reshape(2, 3, 4).permute(2, 0, 1),
        "one-wide": base.reshape(6, 4)[:, 1:2],
        "number": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
        "shared": base,
    }
    save("views.pth", views, views)
    save("views-legacy.pth", views, views, legacy=True)

    # A checkpoint of a training run: optimizer state, numbers, texts, sets and lists around the weights.
    model = module()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    weights = collections.OrderedDict(model.state_dict())
    parallel = collections.OrderedDict(("module." + name, value) for name, value in weights.items())
    average = collections.OrderedDict((name, value * 2) for name, value in weights.items() if value.is_floating_point())
    checkpoint = {
        "epoch": 3, "best": 0.25, "name": "Größe", "none": None, "seen": {1, 2}, "history": [0.5, (1, True), -70000, 2**70],
        "optimizer": optimizer.state_dict(), "model": parallel, "ema": average,
    }
    notes = ["'model'", "not read: 'ema'", "'module.'"]
    save("checkpoint.pth", checkpoint, weights, notes)
    expect("checkpoint.pth", average, ["'ema'"], key="ema")
    save("checkpoint-legacy.pth", checkpoint, weights, notes, legacy=True)
    save("nested.pth", {"state": {"state_dict": dict(weights)}}, weights, ["'state' in 'state_dict'"])
    mixed = {"a": base[:2], "b": base[2:4], "version": 3, "device": torch.device("cpu")}
    save("mixed.pth", mixed, {"a": base[:2], "b": base[2:4]}, ["left out, no tensors: 'version', 'device'"])

    refuse("whole-module.pth", Whole(), "'__main__.Whole'")
    refuse("no-tensors.pth", {"epoch": 3}, "no tensors under any name")
    refuse("list.pth", [base], "a list of 1")
    refuse("complex.pth", {"a": base[:2], "z": torch.zeros(2, dtype=torch.complex64)}, "tensor 'z': its element type")
    refuse("sparse.pth", {"a": base[:2], "s": torch.eye(2).to_sparse()}, "'torch._utils._rebuild_sparse_tensor'")
    buffer = io.BytesIO()
    torch.save({"a": base[:2]}, buffer)
    with zipfile.ZipFile(buffer) as stored, zipfile.ZipFile(FOLDER / "compressed.pth", "w", zipfile.ZIP_DEFLATED) as packed:
        for record in stored.namelist():
            packed.writestr(zipfile.ZipInfo(record, (2020, 1, 1, 0, 0, 0)), stored.read(record) * 4, zipfile.ZIP_DEFLATED)
    refuse("compressed.pth", None, "compressed")
    torch.jit.save(torch.jit.trace(torch.nn.Linear(2, 2), torch.ones(1, 2)), str(FOLDER / "script.pth"))
    refuse("script.pth", None, "TorchScript")
    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
