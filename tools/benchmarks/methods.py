"""Whole steps of methods against supervised ones."""
import subprocess

from shared import OURS, options, precisions, sizes
from interleaving import Row


def soft_teacher(report):
    precision = precisions()[0]
    for height, width in sizes():
        command = [OURS, "method", "--height", str(height), "--width", str(width), "--precision", precision]
        report.add(Row(f"{height}×{width}, {precision}", [*command, "--method", "soft-teacher"],
                       [("supervised", [*command, "--method", "supervised"], {})], options.repetitions))
    for height, width in sizes():
        print_parts(height, width, precision)


METHODS = ("self-training", "mean-teacher", "soft-teacher", "unbiased-teacher")
SEGMENT_METHODS = ("st", "pi-model", "temporal-ensembling", "mean-teacher", "cutmix-mean-teacher", "classmix", "fixmatch",
                   "pseudo-seg", "cps", "dual-teacher", "unimatch", "unimatch-v2")


def lines_of(command, steps=1):
    """What a step's parts are, medians of the steps taken: a line each, the whole step's, figures and the rates that floors were made of."""
    lines = subprocess.run([*command, "--parts", str(steps)], check=True, capture_output=True, text=True).stdout.splitlines()
    return {name: values for name, *values in (line.split("\t") for line in lines)}


def predictions(command, names):
    """Before anything is timed, of each method's step over a supervised one: operations of all passes through the network, and the
    least time of all operators, each that of its operations or of its bytes, by rates that are measured once."""
    supervised = lines_of([*command, "supervised"])
    work = {"supervised": supervised["whole step"]}
    work |= {name: lines_of([*command, name, "--rates", *supervised["rates"]])["whole step"] for name in names}
    operations, least = ({name: float(values[column]) for name, values in work.items()} for column in (1, 3))
    return {name: (operations[name] / 1e9, *(value[name] / value["supervised"] for value in (operations, least)))
            for name in work}


def methods(report):
    """Each method's step of a detector, and of a segmenter."""
    if options.task in (None, "detection"):
        for size in sizes():
            against_supervised(report, "method", METHODS, size)
    if options.task in (None, "segmentation"):
        against_supervised(report, "segment-method", SEGMENT_METHODS, (176, 240))


def against_supervised(report, step, names, size):
    """Each method's step against a supervised one of as many images, beside what is predicted of it."""
    command = [OURS, step, "--height", str(size[0]), "--width", str(size[1]), "--precision", precisions()[0], "--method"]
    predicted = predictions(command, names)
    lines = []
    for method in names:
        _, operations, least = predicted[method]
        row = Row(f"{method}, {size[0]}×{size[1]}, {precisions()[0]}, predicted {operations:.2f}, with memory traffic {least:.2f}",
                  [*command, method], [("supervised", [*command, "supervised"], {})], options.repetitions)
        report.add(row)
        lines.append((method, row.ratio("supervised")))
    for method, found in lines:
        gflop, operations, least = predicted[method]
        print(f"{method}, {size[0]}: {gflop:.1f} GFLOP, predicted {operations:.2f}, measured {found:.2f}, {found / operations - 1:+.0%}; "
              f"with memory traffic {least:.2f}, {found / least - 1:+.0%}")


def print_parts(height, width, precision):
    lines = lines_of([OURS, "method", "--height", str(height), "--width", str(width), "--precision", precision], options.repetitions)
    rows = [(name, *map(float, values)) for name, values in lines.items() if name != "rates"]
    parts = [row for row in rows if len(row) > 2]  # Figures have one number.
    whole = parts[-1][1]
    print(f"\n| part of a step, {height}×{width} | s | share | GFLOP | GB | floor s | s / floor |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, seconds, flops, moved, least in parts:
        work = f"{flops / 1e9:.1f} | {moved / 1e9:.2f} | {least:.4f} | {seconds / least:.1f}" if least >= 5e-6 else " | | | "
        print(f"| {name} | {seconds:.4f} | {seconds / whole:.1%} | {work} |")
    found = ", ".join(f"{row[0][7:]} {row[1]:.1f}" for row in rows if row[0].startswith("pseudo."))
    print(f"\nPseudo-boxes an image: {found}.")
