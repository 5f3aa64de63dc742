#!/usr/bin/env python3
"""Writes a safetensors file with the reference library (safetensors 0.8.0), for Tests/TorchTests.

    python3 -m pip install safetensors==0.8.0 && python3 tools/make-goldens/safetensors_file.py

With `--check FILE` reads FILE with the library instead, and prints what it holds.
"""

import ctypes
import pathlib
import struct
import sys

import safetensors

FOLDER = pathlib.Path(__file__).parents[2] / "Tests/TorchTests/Fixtures/safetensors"


def main():
    if sys.argv[1:2] == ["--check"]:
        for name, entry in safetensors.deserialize(pathlib.Path(sys.argv[2]).read_bytes()):
            print(name, entry["dtype"], entry["shape"], bytes(entry["data"]).hex())
        return
    assert safetensors.__version__ == "0.8.0", safetensors.__version__
    tensors = {
        "conv.weight": ("float32", [2, 3], struct.pack("<6f", *range(6))),
        "conv.bias": ("float32", [2], struct.pack("<2f", 0.5, -0.5)),
        "count": ("int64", [], struct.pack("<q", -7)),
        "double": ("float64", [1], struct.pack("<d", 0.1)),
        "half": ("float16", [3], struct.pack("<3e", 1, 2, 3)),
        "brain": ("bfloat16", [2], bytes([0x80, 0x3F, 0x00, 0x40])),
        "ints": ("int32", [2], struct.pack("<2i", -1, 1)),
        "short": ("int16", [1], struct.pack("<h", -300)),
        "byte": ("uint8", [3], bytes([1, 2, 255])),
        "signed": ("int8", [1], bytes([0x80])),
        "mask": ("bool", [1, 3], bytes([1, 0, 1])),
        "empty": ("float32", [0, 4], b""),
        'quote"\\n\u00fc': ("uint8", [1], bytes([9])),
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    buffers = {name: ctypes.create_string_buffer(data, len(data)) for name, (_, _, data) in tensors.items()}
    content = {
        name: safetensors.TensorSpec(
            dtype=dtype, shape=shape, data_ptr=ctypes.addressof(buffers[name]), data_len=len(data))
        for name, (dtype, shape, data) in tensors.items()
    }
    (FOLDER / "reference.safetensors").write_bytes(safetensors.serialize(content, {"format": "pt"}))


if __name__ == "__main__":
    main()
