"""Runs programs in turn, one repetition each, so that a slow moment of the machine meets all of them."""
import os
import statistics
import subprocess
import sys
import time

# What our programs ask of glibc's allocator: to keep freed memory.
KEEP = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "100000000000", "MALLOC_ARENA_MAX": "1"}


class Child:
    """A program that prints `ready`, answers each line with the seconds of a repetition, and the end of input with its peak memory."""

    def __init__(self, command, environment):
        self.command = command
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, **environment})
        self.expect("ready")

    def expect(self, wanted=None):
        line = self.process.stdout.readline().strip()
        if not line or wanted and line != wanted:
            sys.exit(f"error: {' '.join(self.command)} ended or did not get ready: {line!r}")
        return line

    def step(self):
        self.process.stdin.write("step\n")
        self.process.stdin.flush()
        return float(self.expect())

    def finish(self):
        self.process.stdin.close()
        peak = int(self.expect())
        self.process.wait()
        return peak


class Whole:
    """A program that is started anew for each repetition, and timed from its start to its end.

    `{run}` in its command becomes another number each time: for places that it writes to.
    """

    def __init__(self, command, environment):
        self.command = command
        self.environment = {**os.environ, **environment}
        self.peak = 0
        self.runs = 0
        self.output = ""

    def step(self):
        command = [part.replace("{run}", str(self.runs)) for part in self.command]
        self.runs += 1
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self.environment)
        self.output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"error: {' '.join(self.command)} ended with {process.returncode}")
        self.peak = max(self.peak, usage.ru_maxrss * 1024)
        return seconds

    def finish(self):
        return self.peak


class Row:
    """What one interleaved run of ours and its peers has measured."""

    def __init__(self, name, ours, peers, repetitions, run=Child):
        """`peers`: for each of them its name, its command and what is added to its environment; `run`: Child or Whole."""
        self.name = name
        runs = {"ours": run(ours, {}), **{peer: run(command, more) for peer, command, more in peers}}
        times = {key: [] for key in runs}
        for _ in range(repetitions):
            for key, child in runs.items():
                times[key].append(child.step())
        self.seconds = {key: statistics.median(values) for key, values in times.items()}
        self.bytes = {key: child.finish() for key, child in runs.items()}
        # What each has said last, where it is started anew.
        self.outputs = {key: getattr(child, "output", "") for key, child in runs.items()}
        self.ratios = {peer: sorted(a / b for a, b in zip(times["ours"], times[peer])) for peer, _, _ in peers}

    def ratio(self, peer):
        """The median of neighbouring repetitions."""
        return statistics.median(self.ratios[peer])

    def ratio_text(self, peer):
        return f"{self.ratio(peer):.2f} ({self.ratios[peer][0]:.2f}–{self.ratios[peer][-1]:.2f})"

    def memory_ratio(self, peer):
        return self.bytes["ours"] / self.bytes[peer]

    def line(self, decimals=4):
        """A line of a Markdown table: seconds and ratios, then MiB."""
        cells = [self.name, f"{self.seconds['ours']:.{decimals}f}"]
        for peer in self.ratios:
            cells += [f"{self.seconds[peer]:.{decimals}f}", self.ratio_text(peer)]
        cells += [f"{peak / 2**20:.0f}" for peak in self.bytes.values()]
        return "| " + " | ".join(cells) + " |"

    def heading(self):
        peers = list(self.ratios)
        cells = ["work", "ours s"] + [cell for peer in peers for cell in (f"{peer} s", "ratio (range)")]
        cells += ["MiB ours"] + [f"MiB {peer}" for peer in peers]
        return "| " + " | ".join(cells) + " |\n|" + "---|" * len(cells)


def against(name, ours, peer, repetitions, peer_name="peer"):
    """Against a peer with the allocator as shipped, and told to keep freed memory as our programs do."""
    return Row(name, ours, [(peer_name, peer, {}), (f"{peer_name}, memory kept", peer, KEEP)], repetitions)
