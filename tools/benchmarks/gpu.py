"""Steps on an NVIDIA GPU."""
import os
import subprocess
import tempfile

from shared import SEGMENTATION, TORCHVISION, floor, options, output, precisions
from interleaving import Row

GPU_SIZE = (800, 1333)
# In a repetition, after whose last step the GPU is waited for: taken one at a time the two programs' steps would wait for each
# other's. What is done on the CPU has all of its threads.
STEPS = ["--steps", "10", "--threads", str(os.cpu_count())]


def gpu_detector(report):
    size = ["--height", str(GPU_SIZE[0]), "--width", str(GPU_SIZE[1]), "--device", "cuda:0"]
    for precision in precisions():
        command = ["detect", *size, "--precision", precision, *STEPS]
        peer = [options.gpu_python, *TORCHVISION, "detect", *size, *(["--bfloat16"] if precision == "bfloat16" else []),
                *STEPS]
        row = Row(f"R50-FPN step, batch 2, {GPU_SIZE[0]}×{GPU_SIZE[1]}, GPU, both {precision}", [options.gpu_program, *command],
                  [("torchvision", peer, {})], options.repetitions)
        report.add(row, 0.8, None, floor(options.gpu_program, *command))


def gpu_teacher(report):
    """The published recipe: 180 000 steps of 40 images on 8 GPUs (Soft Teacher, section 4.1)."""
    for precision in precisions():
        whole = [options.gpu_program, "method", "--height", str(GPU_SIZE[0]), "--width", str(GPU_SIZE[1]), "--device", "cuda:0",
                 "--precision", precision, "--workers", str(options.workers), *STEPS, "--method"]
        pair = Row(f"Soft Teacher step, 1 + 4 images, GPU, {precision}, {options.workers} readers", [*whole, "soft-teacher"],
                   [("supervised, 5 images", [*whole, "supervised"], {})], options.repetitions)
        report.add(pair)
        rate = 5 / pair.seconds["ours"]
        print(f"\n{rate:.1f} images/s; 180 000 steps of 5 images on each of 8 GPUs: {180_000 * 5 / rate / 3600:.0f} h\n")
        report.heading = None


def gpu_segmenter(report):
    """First that both do the same, as on the CPU."""
    with tempfile.TemporaryDirectory() as folder:
        both = ["--model", "deeplabv3plus", "--backbone", "resnet101", "--weights", f"{folder}/weights.pth",
                "--inputs", f"{folder}/inputs.pth", "--device", "cuda:0"]
        peer = [options.gpu_python, SEGMENTATION[1]]
        subprocess.run([*peer, "work", *both, "--batch", "8", "--height", "513", "--width", "513"], check=True)
        ours, peer = [options.gpu_program, "segment-step", *both], [*peer, "step", *both]
        for side, command in (("ours", ours), ("Python", peer)):
            count, *losses = output(*command, "--check", "3").split()
            print(f"{side}: {count} parameters, losses of three steps {', '.join(f'{float(loss):.5f}' for loss in losses)}")
        for precision in precisions():
            command = [*ours, "--precision", precision, *STEPS]
            peers = [("PyTorch", [*peer, *STEPS, *(["--bfloat16"] if precision == "bfloat16" else [])], {})]
            name = f"DeepLabv3+ step, ResNet-101, batch 8, 513×513, GPU, both {precision}"
            report.add(Row(name, command, peers, options.repetitions), 0.8, None, floor(*command))
            if precision == precisions()[-1]:
                report.add(Row(name + ", algorithms timed", [*command, "--search"], peers, options.repetitions), 0.8)


GPU_SECTIONS = {"detector": gpu_detector, "teacher": gpu_teacher, "segmenter": gpu_segmenter}


def gpu(report):
    """The peer is eager PyTorch in float32, and channels-last under autocast, with the engine's own choice of algorithms."""
    for name, section in GPU_SECTIONS.items():
        if options.section in (None, name):
            section(report)
    if options.part == "gpu":
        report.table()
