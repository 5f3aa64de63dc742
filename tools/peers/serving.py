"""What every peer of tools/benchmark does: one repetition for each line on standard input."""
import resource
import sys
import time


def serve(repetition):
    """Prepares by one repetition and prints `ready`; then answers each line with the seconds that one takes, and the end of input
    with the peak resident memory in bytes."""
    repetition()
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        repetition()
        print(time.perf_counter() - start, flush=True)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, flush=True)
