#!/usr/bin/env python3
"""Writes Tests/RandomnessTests/Fixtures/randomstate.txt: draws of numpy.random.RandomState.

Needs: numpy==1.26.4 (the legacy stream is frozen since 1.17: other versions give the same file).
Run from the repository root: python3 tools/make-goldens/randomness.py

Each line: operation, seed, arguments joined by commas (or -), then the values. Floating-point values are written as the
16 hexadecimal digits of their bits.
"""

import struct

import numpy as np

OUTPUT = "Tests/RandomnessTests/Fixtures/randomstate.txt"


def bits(values):
    return [struct.pack(">d", v).hex() for v in values]


def main():
    lines = []

    def add(operation, seed, arguments, values):
        arguments = ",".join(str(a) for a in arguments) or "-"
        lines.append(" ".join([operation, str(seed), arguments] + [str(v) for v in values]))

    for seed in (0, 1, 42, 4294967295):
        new = lambda: np.random.RandomState(seed)
        add("random_sample", seed, [], bits(new().random_sample(700)[-8:]))
        add("standard_normal", seed, [], bits(new().standard_normal(9)))
        for low, high in ((0, 1), (0, 2), (-5, 6), (0, 118287), (3, 3 + 2**32), (0, 2**40), (-(2**62), 2**62)):
            add("randint", seed, [low, high], new().randint(low, high, 12))
        add("choice", seed, [1000, 12, 1], new().choice(1000, 12))
        add("choice", seed, [1000, 12, 0], new().choice(1000, 12, replace=False))
        for count in (1, 2, 30):
            add("permutation", seed, [count], new().permutation(count))
    # As the scripts of STAC and Soft Teacher draw: the module's own generator, seeded with the fold's number.
    for seed in (1, 2, 3, 4, 5):
        for percent in (1, 2, 5, 10):
            draws = int(percent / 100 * 118287)
            np.random.seed(seed)
            picked = np.random.choice(range(118287), draws)
            add("unique", seed, [118287, draws], [len(set(picked.tolist()))])
        for replace in (1, 0):
            np.random.seed(seed)
            add("first", seed, [118287, 1182, replace], np.random.choice(range(118287), 1182, replace=bool(replace))[:8])
    with open(OUTPUT, "w") as file:
        file.write("\n".join(lines) + "\n")


main()
