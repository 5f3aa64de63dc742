"""Parts of detectors: steps, loaders, predictions, operators."""
import array
import os
import subprocess
import tempfile

from shared import OURS, PEER, ROOT, apart, dumped, floor, options, photographs, precisions, repetitions, sizes
from interleaving import Row, against

MMDETECTION = os.path.join(ROOT, "tools/peers/mmdetection_benchmark.py")


def detect(report):
    for height, width in sizes():
        size = ["--height", str(height), "--width", str(width)]
        for name, ours, peer, goal in (("float32", "float32", [], 0.5), ("bfloat16, peer float32", "bfloat16", [], 0.5),
                                       ("bfloat16, peer bfloat16 and channels-last", "bfloat16", ["--bfloat16"], 0.8)):
            if ours in precisions():
                command = ["detect", *size, "--precision", ours]
                report.add(against(f"R50-FPN step, batch 2, {height}×{width}, {name}", [OURS, *command],
                                   [*PEER, "detect", *size, *peer], repetitions(height), "torchvision"),
                           goal, 0.6, floor(OURS, *command))


def mmdetection(report):
    for height, width in sizes():
        size = ["--height", str(height), "--width", str(width)]
        for precision in precisions():
            command = ["method", "--method", "soft-teacher", *size, "--precision", precision]
            report.add(against(f"Soft Teacher step, 1 + 4 images, {height}×{width}, {precision}, peer float32",
                               [OURS, *command], [options.python, MMDETECTION, *size], repetitions(height), "mmdetection"),
                       0.4, 0.5, floor(OURS, *command))


def loader(report):
    """Both in one thread. First the same views without chance, to see that it is the same work."""
    with tempfile.TemporaryDirectory() as folder:
        photographs(folder, 20)
        for side in (320, 240):
            size = ["--folder", folder, "--threads", "1", "--side", str(side)]
            for name, draft, goal in (("torchvision and Pillow", [], 1 / 3), ("the same with draft", ["--draft"], 2 / 3)):
                batches = [array.array("f", dumped(f"{folder}/batch", *command, "--plain"))
                           for command in ([OURS, "loader", *size], [*PEER, "loader", *size, *draft])]
                report.add(against(f"20 views, shorter side {side}, {name} (mean difference {apart(*batches) * 255:.2f}/255)",
                                   [OURS, "loader", *size], [*PEER, "loader", *size, *draft], 5 * options.repetitions, "Pillow"),
                           goal)


def views(report):
    """Ours on both sides: with views.on_device, and without it."""
    def compare(name, command, repetitions):
        report.add(Row(name, [OURS, *command, "--on-device"], [("on the loader's threads", [OURS, *command], {})], repetitions))

    with tempfile.TemporaryDirectory() as folder:
        photographs(folder, 20)
        for side in (320, 800):
            loader = ["loader", "--folder", folder, "--threads", "1", "--side", str(side), "--strong"]
            compare(f"20 strong views, shorter side {side}, a loader's thread", [*loader, "--thread-part"], 5 * options.repetitions)
            compare(f"20 strong views, shorter side {side}, to the end", loader, repetitions(side))
    for height, width in sizes()[:1]:
        for precision in precisions():
            compare(f"Soft Teacher step, 1 + 4 images, {height}×{width}, {precision}",
                    ["method", "--height", str(height), "--width", str(width), "--precision", precision],
                    repetitions(height))


def predict(report):
    """First that both find the same: the number of boxes and the sum of their scores."""
    with tempfile.TemporaryDirectory() as folder:
        photographs(folder, 8)
        weights = f"{folder}/weights.pth"
        subprocess.run([*PEER, "weights", "--weights", weights], check=True)
        for side, _ in sizes():
            size = ["--folder", folder, "--side", str(side)]
            found = [subprocess.run([*command, "--check"], check=True, capture_output=True, text=True).stdout.split()
                     for command in ([OURS, "predict", *size, "--weights", weights], [*PEER, "predict", *size])]
            same = f"{found[0][0]} and {found[1][0]} boxes, scores {float(found[0][1]):.2f} and {float(found[1][1]):.2f}"
            for precision in precisions():
                command = ["predict", *size, "--weights", weights, "--precision", precision]
                report.add(against(f"8 images, shorter side {side}, {precision} (float32: {same})", [OURS, *command],
                                   [*PEER, "predict", *size], repetitions(side), "torchvision"),
                           0.5, None, floor(OURS, *command))


def operators(report):
    def compare(name, part, ours, peer):
        report.add(against(name, [OURS, part, *ours], [*PEER, part, *peer], 5 * options.repetitions, "torchvision"))

    for layout in ([], ["--plain"]):
        for part in ([], ["--forward-only"]):
            compare(f"RoIAlign {'forward' if part else 'forward+backward'}, {'row-major' if layout else 'channels-last'}",
                    "roi-align", layout + part, part)
    for count, classes in ((4000, 5), (20000, 80)):
        size = ["--count", str(count), "--classes", str(classes)]
        compare(f"NMS, {count} boxes, {classes} classes", "nms", size, size)
