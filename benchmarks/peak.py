"""Peak memory of this process before and after replays or a step of training, in bytes.

python -m benchmarks.peak replay ours 128 1000 500          units, replays, steps
python -m benchmarks.peak training ours 512 200 100 484     units, batch, steps, features
"""

import re
import sys
from pathlib import Path

import torch

from benchmarks import ours, predecessor
from benchmarks.problem import Problem


def peak() -> int:
    """Largest resident set so far, in bytes. Not `ru_maxrss`, which a process inherits from the one that starts it."""
    return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1])


if __name__ == "__main__":
    torch.set_num_threads(1)
    what, code, *size = sys.argv[1:]
    module, (units, batch, steps, *features) = {"ours": ours, "predecessor": predecessor}[code], map(int, size)
    # What the first products load and allocate is nobody's.
    if what == "replay":
        module.Replay(units, batch, 1)()
        before = peak()
        module.Replay(units, batch, steps)()
    else:
        module.Training(Problem(1, 1, 1))()
        before = peak()
        step = module.Training(Problem(units, batch, steps, *features))
        step()
        step()
    print(before, peak())
