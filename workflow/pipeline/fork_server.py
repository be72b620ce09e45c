"""Jobs of this machine begin as copies of one process, which has imported what most of them need.

Python, PyTorch and xarray take two CPU-seconds to import, a fifth of a whole run if each job does it. A copy takes a
hundredth of that, since the memory is shared until it is written to. Each job is a process of its own as ever: it
starts from the same state whatever ran before it, and can be killed or run out of memory alone.

`python -m pipeline.fork_server DESCRIPTOR` is the server. It has one thread, as a process that forks must. Where a
library starts a thread as it is imported, jobs import all themselves, and a sentence says so.
"""

import atexit
import gc
import io
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

# Nothing of this project: a job reads the code that is there when it starts.
IMPORTED = ("snakemake.script", "torch", "xarray", "netCDF4", "scipy.stats", "pydantic.main")
LIMIT = 65536  # bytes of a message
BUFFERED = {io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom}  # files that hold back what is written to them
# pandas imports Arrow where it is installed, whose memory is otherwise tidied up by a thread.
QUIET = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}


class Job:
    """A copy of the server that runs a script.

    Attributes:
        pid: number of its process.
    """

    def __init__(self, script: str, connection: socket.socket):
        self.script, self.connection = script, connection
        self.pid = self.told()

    def told(self) -> int:
        """The next number that the server says."""
        if message := self.connection.recv(LIMIT):
            return int(message)
        raise RuntimeError(f"the process that jobs are copies of has ended; how {self.script} ends will not be known")

    def wait(self) -> int:
        """Exit status: 0, or what the script asked for, or the negative number of the signal that killed it."""
        with self.connection:
            return self.told()


class ForkServer:
    """The server, as those that start jobs see it: it starts at the first job, and ends with this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen | None = None
        self.connection: socket.socket | None = None

    def start(self, script: str, environment: dict[str, str]) -> Job:
        """Start a script, with environment variables besides those of the server.

        Raises:
            RuntimeError: the server has ended.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self.lock:
            if self.connection is None:
                self.serve()
            with suppress(BrokenPipeError):  # of which the job tells
                request = json.dumps([script, environment]).encode()
                socket.send_fds(self.connection, [request], [theirs.fileno()])
        return Job(script, ours)

    def serve(self) -> None:
        """Start the server."""
        self.connection, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # -P: a module of the folder where it runs takes no library's place.
            command = [sys.executable, "-P", "-m", "pipeline.fork_server", str(theirs.fileno())]
            self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=os.environ | QUIET)
        atexit.register(self.end)

    def end(self) -> None:
        """End the server. Jobs that are running go on."""
        self.connection.close()
        self.process.wait()


def threads() -> list[str]:
    """Names of this process's threads besides the first."""
    others = (task for task in Path("/proc/self/task").iterdir() if task.name != str(os.getpid()))
    return sorted((task / "comm").read_text().strip() for task in others)


def serve(connection: socket.socket, copies: bool) -> str | None:
    """Start jobs as long as they are asked for.

    Args:
        connection: over which they are asked for.
        copies: whether jobs are copies of this process, rather than new ones.

    Returns:
        In a job, its script; in the server, None when there will be no more.
    """
    running: dict[int, tuple[int, socket.socket]] = {}  # process and whom to tell, by a pipe that closes when it ends
    while True:
        for ended in select.select([connection, *running], [], [])[0]:
            if ended is not connection:
                pid, asker = running.pop(ended)
                tell(asker, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
                os.close(ended)
                asker.close()
                continue
            message, descriptors, *_ = socket.recv_fds(connection, LIMIT, 1)
            if not message:
                return None
            asker = socket.socket(fileno=descriptors[0])
            asker.set_inheritable(False)
            script, environment = json.loads(message)
            ends, held = os.pipe()
            if not copies:
                os.set_inheritable(held, True)
            if pid := os.fork() if copies else begin(script, os.environ | environment):
                os.close(held)
                running[ends] = pid, asker
                tell(asker, pid)
                continue
            for each in (connection, asker, *(other for _, other in running.values())):
                each.close()
            for each in (ends, *running):
                os.close(each)
            os.environ.update(environment)
            return script


def begin(script: str, environment: dict[str, str]) -> int:
    """Start a script as a new process; its number."""
    return os.posix_spawn(sys.executable, [sys.executable, script], environment, setsigdef=[signal.SIGINT])


def tell(asker: socket.socket, number: int) -> None:
    """Tell a number to whom asked for a job, unless it has ended."""
    with suppress(BrokenPipeError):
        asker.send(str(number).encode())


def leave() -> NoReturn:
    """End a copy that has done its work, with all that Python does at its end but for giving back its memory.

    That would write to all that is shared, and take a fifth of a second. multiprocessing leaves its processes so too.
    """
    threading._shutdown()  # waits for threads
    atexit._run_exitfuncs()
    found = [each for each in gc.get_objects() if type(each) in BUFFERED]  # what the script has left open, and its log
    for each in (*found, sys.stdout, sys.stderr):
        with suppress(ValueError):  # of one that is closed or detached, and holds nothing back
            each.flush()
    os._exit(0)


def main() -> None:
    """Serve; in a job, run its script as Python would."""
    # Jobs are what an interrupt from the keyboard is for.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in IMPORTED:
        import_module(name)
    gc.freeze()  # collecting garbage would otherwise write to all of the memory that is shared
    if others := threads():
        message = "each job imports PyTorch and the rest itself, 2 s of CPU: a library that is imported starts a thread"
        print(f"{message} ({', '.join(others)})", file=sys.stderr, flush=True)
    connection = socket.socket(fileno=int(sys.argv[1]))
    connection.set_inheritable(False)
    if script := serve(connection, copies=not others):
        signal.signal(signal.SIGINT, signal.default_int_handler)
        tempfile.tempdir = None  # to be looked for anew, in the job's environment
        sys.argv = [script]
        runpy.run_path(script, run_name="__main__")
        leave()


if __name__ == "__main__":
    main()
