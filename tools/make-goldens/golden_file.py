"""Writes arrays as a safetensors file, keys sorted: what Tests/TestSupport/GoldenFile.swift reads. Needs: numpy."""

import json
import struct

import numpy as np

TYPES = {"float32": "F32", "float64": "F64", "int64": "I64", "uint8": "U8", "bool": "BOOL"}


def write(path, arrays):
    header, offset, blobs = {}, 0, []
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        blob = array.tobytes()
        header[name] = {
            "dtype": TYPES[str(array.dtype)],
            "shape": list(np.shape(arrays[name])),
            "data_offsets": [offset, offset + len(blob)],
        }
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))
