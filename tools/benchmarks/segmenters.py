"""Parts of segmenters: steps, label maps, loaders."""
import array
import os
import subprocess
import tempfile

from shared import OURS, SEGMENTATION, apart, dumped, options, output, photographs, precisions
from interleaving import against


SEGMENTERS = {"deeplabv3plus": "ResNet-50", "deeplabv3plus_light": "EfficientNet-Lite0"}


def segmenters():
    return [(model, backbone) for model, backbone in SEGMENTERS.items() if options.network in (None, model)]


def segment_steps(report):
    """First that both do the same: the number of parameters and the losses of three steps from the same weights."""
    for model, backbone in segmenters():
        with tempfile.TemporaryDirectory() as folder:
            both = ["--model", model, "--weights", f"{folder}/weights.pth", "--inputs", f"{folder}/inputs.pth"]
            subprocess.run([*SEGMENTATION, "work", *both], check=True)
            ours, peer = [OURS, "segment-step", *both], [*SEGMENTATION, "step", *both]
            for side, command in (("ours", ours), ("Python", peer)):
                count, *losses = output(*command, "--check", "3").split()
                print(f"{backbone}, {side}: {count} parameters, losses of three steps "
                      + ", ".join(f"{float(loss):.5f}" for loss in losses))
            for name, precision, options_of_peer, goal in (
                    ("float32", "float32", [], 0.5), ("bfloat16, peer float32", "bfloat16", [], 0.5),
                    ("bfloat16, peer bfloat16 and channels-last", "bfloat16", ["--bfloat16"], 0.8)):
                if precision in precisions():
                    command = [*ours, "--precision", precision]
                    least, flops, _ = output(*command, "--floor").split()
                    print(f"predicted: {float(flops) / 1e9:.0f} GFLOP a step, {float(least):.3f} s at least")
                    report.heading = None
                    report.add(against(f"DeepLabv3+ step, {backbone}, {name}", command, [*peer, *options_of_peer],
                                       options.repetitions, "Python"), goal, 0.7, float(least))


def segment_labels(report):
    """First the share of pixels that both give the same class."""
    for model, backbone in segmenters():
        with tempfile.TemporaryDirectory() as folder:
            count = 2 if model == "deeplabv3plus" else 8
            photographs(folder, count, 240, 320)
            both = ["--model", model, "--weights", f"{folder}/weights.pth"]
            subprocess.run([*SEGMENTATION, "work", *both, "--inputs", f"{folder}/inputs.pth"], check=True)
            peer = [*SEGMENTATION, "label", *both, "--folder", folder]
            peers = dumped(f"{folder}/maps", *peer)
            for precision in precisions():
                ours = [OURS, "segment-label", *both, "--folder", folder, "--precision", precision]
                maps = dumped(f"{folder}/maps", *ours)
                same = sum(a == b for a, b in zip(maps, peers)) / len(peers)
                least, flops, _ = output(*ours, "--floor").split()
                print(f"predicted: {float(flops) / count / 1e9:.0f} GFLOP an image")
                report.heading = None
                row = against(f"{count} images of 320×240 to label maps, {backbone}, {precision}, peer float32 "
                              f"({same:.2%} of pixels alike)", ours, peer, options.repetitions, "Python")
                report.add(row, 1 / 1.5, None, float(least))


def segment_views(report):
    """First the same views without chance, to see that it is the same work."""
    with tempfile.TemporaryDirectory() as folder:
        masks = f"{folder}/masks"
        os.mkdir(masks)
        photographs(folder, 20, masks=masks)
        size = ["--folder", folder, "--masks", masks, "--threads", "1", "--side", "321"]
        for name, draft, goal in (("Pillow", [], 1 / 3), ("the same with draft", ["--draft"], 2 / 3)):
            batches = [array.array("f", dumped(f"{folder}/batch", *command, "--plain"))
                       for command in ([OURS, "loader", *size], [*SEGMENTATION, "loader", *size, *draft])]
            # Three channels of pixels, then one of labels.
            pixels, labels = ([batch[part] for batch in batches]
                              for place in [len(batches[0]) // 4 * 3] for part in (slice(place), slice(place, None)))
            same = sum(a == b for a, b in zip(*labels)) / len(labels[0])
            for kind, strong in (("weak", []), ("strong", ["--strong"])):
                report.add(against(f"20 {kind} views of 321×321 with labels, {name} (without chance: mean difference "
                                   f"{apart(*pixels) * 255:.2f}/255, {same:.2%} of labels alike)",
                                   [OURS, "loader", *size, *strong], [*SEGMENTATION, "loader", *size, *draft, *strong],
                                   5 * options.repetitions, "Pillow"), goal)


SECTIONS = {"steps": segment_steps, "labels": segment_labels, "views": segment_views}


def segment(report):
    for name, section in SECTIONS.items():
        if options.section in (None, name):
            section(report)
    report.table()
