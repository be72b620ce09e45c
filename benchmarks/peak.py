"""Peak memory of this process before and after replays, in bytes: python -m benchmarks.peak ours 128 1000 500"""

import re
import sys
from pathlib import Path

import torch

from benchmarks import ours, predecessor


def peak() -> int:
    """Largest resident set so far, in bytes. Not `ru_maxrss`, which a process inherits from the one that starts it."""
    return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1])


if __name__ == "__main__":
    torch.set_num_threads(1)
    code, *size = sys.argv[1:]
    units, replays, steps = map(int, size)
    module = {"ours": ours, "predecessor": predecessor}[code]
    module.Replay(units, replays, 1)()  # what the first products load and allocate is no replay's
    before = peak()
    module.Replay(units, replays, steps)()
    print(before, peak())
