"""What all sections of tools/benchmark share: programs, what was asked for, and the tables that are printed."""
import argparse
import os
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools/peers"))

OURS = os.path.join(ROOT, ".build/release/benchmark")
EVALUATE = os.path.join(ROOT, ".build/release/evaluate")
LABELS = os.path.join(ROOT, ".build/release/annotation-tool")
TORCHVISION = [os.path.join(ROOT, "tools/peers/torchvision_benchmark.py")]
PEER = ["/usr/bin/python3", *TORCHVISION]
SEGMENTATION = ["/usr/bin/python3", os.path.join(ROOT, "tools/peers/segmentation_benchmark.py")]
CPU_SIZES = ((320, 427), (800, 1067))

# What the command line says; tools/benchmark fills it.
options = argparse.Namespace()


def precisions():
    return [options.precision] if options.precision else ["float32", "bfloat16"]


def sizes():
    return [size for size in CPU_SIZES if options.size in (None, size[0])]


class Report:
    """Prints rows as they come, under a heading for each set of peers, and remembers those that have a goal."""

    def __init__(self):
        self.heading = None
        self.goals = []

    def add(self, row, goal=None, memory_goal=None, floor=None):
        heading = row.heading()
        if heading != self.heading:
            print(f"\n{heading}")
            self.heading = heading
        print(row.line(), flush=True)
        if goal:
            self.goals.append((row, goal, memory_goal, floor))

    def table(self):
        print("\n| work | peer | floor s | measured s | ratio (range) | goal | memory | goal |\n|" + "---|" * 8)
        for row, goal, memory_goal, floor in self.goals:
            peer = list(row.ratios)[-1]
            memory = ["–", "–"]
            if memory_goal:
                taken = row.memory_ratio(peer)
                memory = [f"{taken:.2f}", f"{memory_goal:.2f}" + ("" if taken <= memory_goal else " missed")]
            cells = [row.name, peer, f"{floor:.3f}" if floor else "–", f"{row.seconds['ours']:.3f}", row.ratio_text(peer),
                     f"{goal:.2f}" + ("" if row.ratio(peer) <= goal else " missed"), *memory]
            print("| " + " | ".join(cells) + " |")


def floor(program, *command):
    """The seconds that our operators need at least."""
    answer = subprocess.run([program, *command, "--floor"], check=True, capture_output=True, text=True).stdout
    return float(answer.split()[0])


def photographs(folder, count, height=480, width=640, masks=None):
    subprocess.run([*PEER, "photographs", "--folder", folder, "--count", str(count), "--height", str(height),
                    "--width", str(width), *(["--masks", masks] if masks else [])], check=True)


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def dumped(file, *command):
    """The bytes that a program writes to a file instead of serving."""
    subprocess.run([*command, "--dump", file], check=True)
    with open(file, "rb") as stream:
        return stream.read()


def apart(one, other):
    """The mean difference of pixels of 0…1: normalising divided by deviations of 0.226 in the mean."""
    return 0.226 * statistics.mean(abs(a - b) for a, b in zip(one, other))


def repetitions(height):
    """Fewer of what takes long."""
    return options.repetitions if height < 800 else max(2, options.repetitions // 2)
