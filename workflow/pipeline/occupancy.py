"""One checkout at a time writes into a results folder.

Snakemake locks the folder that it runs in. Two checkouts, or two people's, whose `results` is the same folder on a
shared file system do not see each other's locks: each run leaves a note there while it lasts, and looks for others'.
"""

import atexit
import getpass
import json
import os
import socket
from pathlib import Path


class OccupiedError(ValueError):
    """The results folder is in use, said in one sentence."""


def occupy(results: Path) -> None:
    """Leave a note in the results folder until this process ends.

    Args:
        results: the folder.

    Raises:
        OccupiedError: when a run from another folder is writing there.
    """
    notes = results / ".runs"
    notes.mkdir(parents=True, exist_ok=True)
    mine = {"user": getpass.getuser(), "host": socket.gethostname(), "process": os.getpid(), "folder": os.getcwd()}
    own = notes / f"{mine['host']}-{mine['process']}.json"
    # First leave the note, then look: of two runs that start at once at least one sees the other.
    write(own, mine)
    atexit.register(own.unlink, missing_ok=True)
    for note in sorted(notes.glob("*.json")):
        try:
            other = json.loads(note.read_text())
        except FileNotFoundError:  # that run has just ended
            continue
        if other["host"] == mine["host"] and not is_alive(other["process"]):  # killed
            note.unlink(missing_ok=True)
            continue
        if other["folder"] == mine["folder"]:  # Snakemake's own lock tells these apart
            continue
        raise OccupiedError(
            f"results is '{results}', where a run of {other['user']} in {other['folder']} is writing (process "
            f"{other['process']} on {other['host']}); wait for it, or set another `results`. If that run was killed, "
            f"delete {note}"
        )


def write(path: Path, note: dict) -> None:
    """Write a note at once: whoever looks sees all of it or none."""
    temporary = path.with_suffix(".part")
    temporary.write_text(json.dumps(note))
    temporary.rename(path)


def is_alive(process: int) -> bool:
    """Whether a process of this machine runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True
