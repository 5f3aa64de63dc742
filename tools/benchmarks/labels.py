"""Evaluation of detections, and conversion of labels."""
import json
import os
import subprocess
import sys
import tempfile

from shared import EVALUATE, LABELS, ROOT, options, output
from interleaving import Child, Row, Whole

EVALUATOR = os.path.join(ROOT, "tools/peers/evaluator_benchmark.py")
EVALUATORS = {"fast": ("hotcoco", "ultrafast-pycocotools"), "slow": ("faster-coco-eval", "pycocotools")}
LABEL_READER = os.path.join(ROOT, "tools/peers/read_labels.py")


def evaluate(_):
    """Whole processes, which all print the same figures to twelve decimals, and evaluations alone; the slow peers once, as processes."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or temporary
        os.makedirs(folder, exist_ok=True)
        labels, *results = [os.path.join(folder, name) for name in ("labels.json", "bbox.json", "segm.json")]
        if not all(map(os.path.exists, [labels, *results])):
            subprocess.run([options.python, EVALUATOR, "data", folder, "bbox", "segm"], check=True)
        figures = os.path.join(temporary, "figures.json")
        same = []
        print("| work | tool | s | ours / it (range) | MiB |\n|---|---|---:|---:|---:|")
        for group in ("fast", "slow") if not options.peers else (options.peers,):
            for kind, verb, found in (("bbox", "boxes", results[0]), ("segm", "masks", results[1])):
                if options.section not in (None, verb):
                    continue
                ours, count = ["--truth", labels, "--predictions", found], options.repetitions if group == "fast" else 1
                row = evaluators(f"{verb}, whole process", [verb, *ours, "--json", figures], group, "whole",
                                 [kind, labels, found], count, Whole)
                with open(figures) as stream:
                    wanted = list(json.load(stream).values())[:12]
                for tool in EVALUATORS[group]:
                    numbers = json.loads(row.outputs[tool].splitlines()[-1])
                    if any(abs(one - other) > 1e-12 for one, other in zip(wanted, numbers)):
                        sys.exit(f"error: {tool} says {numbers} of {verb}, ours {wanted}")
                same.append(f"AP of {verb} {wanted[0]!r}: all twelve figures of {' and '.join(EVALUATORS[group])} are ours.")
                if group == "fast":
                    evaluators(f"{verb}, evaluation alone", ["repeatedly", verb, *ours], group, "serve", [kind, labels, found],
                               count, Child)
    print("", *same, sep="\n")


def evaluators(name, ours, group, command, arguments, count, run):
    """Ours against the tools of a group, a line for each."""
    peers = [(tool, [options.python, EVALUATOR, command, tool, *arguments], {}) for tool in EVALUATORS[group]]
    row = Row(name, [EVALUATE, *ours], peers, count, run)
    print(f"| {name} | ours | {row.seconds['ours']:.3f} | | {row.bytes['ours'] / 2**20:.0f} |")
    for tool, _, _ in peers:
        print(f"| {name} | {tool} | {row.seconds[tool]:.3f} | {row.ratio_text(tool)} | {row.bytes[tool] / 2**20:.0f} |",
              flush=True)
    return row


def convert(_):
    """First that all read the same numbers of images, objects and classes."""
    tools = os.path.dirname(options.python)
    panlabel, hotcoco = os.path.join(tools, "panlabel"), os.path.join(tools, "coco")

    def labels(folder, images, objects):
        subprocess.run([LABELS, "synthesize", "--annotations-only", "--count", str(images), "--objects", str(objects), "--seed",
                        "1", "--output", folder], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        file = os.path.join(folder, "annotations.json")
        wanted = output(LABELS, "read", file).split()
        for tool in ("hotcoco", "pycocotools"):
            found = output(options.python, LABEL_READER, tool, file).splitlines()[-1].split()
            if found != wanted:
                sys.exit(f"error: {tool} reads {found} images, objects and classes of {file}, ours {wanted}")
        return file

    def row(name, ours, peers):
        row = Row(name, ours, [(tool, command, {}) for tool, command in peers], options.repetitions, Whole)
        print(f"| {name} | ours | {row.seconds['ours']:.3f} | | {row.bytes['ours'] / 2**20:.0f} |")
        for tool, _ in peers:
            print(f"| {name} | {tool} | {row.seconds[tool]:.3f} | {row.ratio_text(tool)} | {row.bytes[tool] / 2**20:.0f} |",
                  flush=True)

    def reading(name, file):
        row(name, [LABELS, "read", file],
            [(tool, [options.python, LABEL_READER, tool, file]) for tool in ("hotcoco", "pycocotools")])

    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        file = labels(os.path.join(folder, "small"), 5000, 36_781)
        size = f"{os.path.getsize(file) / 1e6:.1f} MB"
        print("| work | tool | s | ours / it (range) | MiB |\n|---|---|---:|---:|---:|")
        for form, ours in (("voc", "voc"), ("yolo", "yolo")):
            place = [os.path.join(folder, f"{form}-{tool}-{{run}}") for tool in ("ours", "panlabel", "hotcoco")]
            row(f"COCO of {size} to {form.upper()}",
                [LABELS, "convert", file, "--to", ours, "--output", place[0], "--allow-lossy"],
                [("panlabel", [panlabel, "convert", "--from", "coco", "--to", form, "--allow-lossy", "--input", file, "--output",
                               place[1]]),
                 ("hotcoco", [hotcoco, "convert", "--from", "coco", "--to", form, "--input", file, "--output", place[2]])])
        row(f"validate {size}", [LABELS, "validate", file],
            [("panlabel", [panlabel, "validate", "--format", "coco", file]), ("hotcoco", [hotcoco, "healthcheck", file])])
        reading(f"reading {size}", file)
        file = labels(os.path.join(folder, "large"), 118_287, 860_001)
        reading(f"reading {os.path.getsize(file) / 1e6:.0f} MB, as many as train2017", file)
