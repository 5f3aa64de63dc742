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


def operations(command):
    """The arithmetic in a step, counted before anything is timed: operations of all its passes through the network."""
    lines = subprocess.run([*command, "--parts", "1"], check=True, capture_output=True, text=True).stdout.splitlines()
    return next(float(line.split("\t")[2]) for line in lines if line.startswith("whole step"))


def methods(report):
    """Each method's step of a detector."""
    for size in sizes():
        against_supervised(report, "method", METHODS, size)


def segment_methods(report):
    """Each method's step of a segmenter."""
    against_supervised(report, "segment-method", SEGMENT_METHODS, (176, 240))


def against_supervised(report, step, names, size):
    """Each method's step against a supervised one of as many images, beside what its passes predict."""
    lines = []
    command = [OURS, step, "--height", str(size[0]), "--width", str(size[1]), "--precision", precisions()[0], "--method"]
    work = {method: operations([*command, method]) for method in ("supervised", *names)}
    for method in names:
        predicted = work[method] / work["supervised"]
        row = Row(f"{method}, {size[0]}×{size[1]}, {precisions()[0]}, predicted {predicted:.2f}", [*command, method],
                  [("supervised", [*command, "supervised"], {})], options.repetitions)
        report.add(row)
        lines.append((method, predicted, row.ratio("supervised")))
    for method, predicted, found in lines:
        print(f"{method}, {size[0]}: {work[method] / 1e9:.1f} GFLOP, predicted {predicted:.2f}, measured {found:.2f}, "
              f"{found / predicted - 1:+.0%}")


def print_parts(height, width, precision):
    lines = subprocess.run([OURS, "method", "--height", str(height), "--width", str(width), "--precision", precision,
                            "--parts", str(options.repetitions)], check=True, capture_output=True, text=True).stdout.splitlines()
    rows = [(name, *map(float, values)) for name, *values in (line.split("\t") for line in lines)]
    parts = [row for row in rows if len(row) > 2]
    whole = parts[-1][1]
    print(f"\n| part of a step, {height}×{width} | s | share | GFLOP | GB | floor s | s / floor |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, seconds, flops, moved, least in parts:
        work = f"{flops / 1e9:.1f} | {moved / 1e9:.2f} | {least:.4f} | {seconds / least:.1f}" if least >= 5e-6 else " | | | "
        print(f"| {name} | {seconds:.4f} | {seconds / whole:.1%} | {work} |")
    found = ", ".join(f"{row[0][7:]} {row[1]:.1f}" for row in rows if row[0].startswith("pseudo."))
    print(f"\nPseudo-boxes an image: {found}.")
