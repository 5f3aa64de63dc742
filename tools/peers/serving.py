"""What every peer of tools/benchmark does: one repetition for each line on standard input."""
import resource
import sys
import time


def serve(repetition, steps=1, finish=lambda: None):
    """Prepares by one step and prints `ready`; then answers each line with the seconds that a step of several takes, and the end of
    input with the peak resident memory in bytes. `finish` waits for the device."""
    repetition()
    finish()
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        for _ in range(steps):
            repetition()
        finish()
        print((time.perf_counter() - start) / steps, flush=True)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, flush=True)
