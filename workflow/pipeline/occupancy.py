"""One checkout at a time writes into a results folder.

Snakemake locks the folder that it runs in. Two checkouts, or two people's, whose `results` is the same folder on a
shared file system do not see each other's locks: each run leaves a note there while it lasts, and looks for others'.
"""

import atexit
import getpass
import json
import os
import socket
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rnn_replay.artifacts.netcdf import NotWritten, is_alive, write_text

# In the folder in which Snakemake runs: what `make recover` has to start again.
RUN = Path(".snakemake/run.json")
REMEDY = (
    "Where the folder is another user's, ask for write access (`chmod -R g+w`, and `umask 002` for what is to come), "
    "or set another `results`"
)
SHAPE = {"user": str, "host": str, "process": int, "folder": str, "arguments": list}


class OccupiedError(ValueError):
    """The results folder is in use or cannot be used, said in one sentence."""


def occupy(results: Path) -> None:
    """Leave a note in the results folder, and one in this folder, until this process ends.

    Args:
        results: the folder.

    Raises:
        OccupiedError: when a run from another folder is writing there, or no note can be left.
    """
    notes = results / ".runs"
    mine = {"user": getpass.getuser(), "host": socket.gethostname(), "process": os.getpid(), "folder": os.getcwd()}
    mine["arguments"] = sys.argv[1:]
    own = notes / f"{mine['host']}-{mine['process']}.json"
    # First leave the note, then look: of two runs that start at once at least one sees the other.
    for path in (own, RUN.absolute()):
        try:
            write_text(path, json.dumps(mine))
        except NotWritten as error:
            raise OccupiedError(f"a run of {mine['user']} cannot leave its note: {error} {REMEDY}") from error
        atexit.register(path.unlink, missing_ok=True)
    for path in sorted(notes.glob("*.json")):
        other = None if path.name.startswith(".") else note(path)
        if other is None:  # being written, or its run has just ended
            continue
        if other["host"] == mine["host"] and not is_alive(other["process"]):  # killed
            path.unlink(missing_ok=True)
            continue
        if other["folder"] == mine["folder"]:  # Snakemake's own lock tells these apart
            continue
        raise OccupiedError(
            f"results is '{results}', where a run of {other['user']} in {other['folder']} is writing (process "
            f"{other['process']} on {other['host']}); wait for it, or set another `results`. If that run was killed, "
            f"delete {path}"
        )


def note(path: Path) -> dict[str, Any] | None:
    """The note of a run; None if there is none.

    Raises:
        OccupiedError: it is no such note.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise OccupiedError(f"{path} cannot be read as the note of a run ({error}); delete it") from error
    if not isinstance(found, dict) or not all(isinstance(found.get(key), kind) for key, kind in SHAPE.items()):
        raise OccupiedError(f"{path} is not the note of a run; delete it")
    return found


def refuse_beside_a_live_run(path: Path = RUN) -> dict[str, Any] | None:
    """The note of the run that was killed in this folder, if one was.

    Raises:
        OccupiedError: it still runs.
    """
    found = note(path)
    if found and (found["host"] != socket.gethostname() or is_alive(found["process"])):
        raise OccupiedError(
            f"a run of {found['user']} in this folder has not ended (process {found['process']} on {found['host']}); "
            f"wait for it or stop it. If it was killed there, delete {path}"
        )
    return found


def check_own_folder() -> None:
    """Refuse to run, a dry run included, where Snakemake could not leave its notes.

    Raises:
        OccupiedError: naming the folder.
    """
    own = RUN.parent
    for folder in unwritable(own / name for name in ("", "auxiliary", "incomplete", "locks", "log", "metadata")):
        raise OccupiedError(
            f"{folder.absolute()} cannot be written to by {getpass.getuser()}, and Snakemake keeps its notes there; "
            "allowed: a checkout of one's own, or write access"
        )


def unwritable(paths: Iterable[Path]) -> Iterator[Path]:
    """Files and folders that this user cannot write to; of one that is yet to be made, the nearest folder above."""
    for path in sorted(set(paths)):
        there = next(found for found in (path, *path.parents, Path.cwd()) if found.exists())
        if not os.access(there, os.W_OK | (os.X_OK if there.is_dir() else 0)):
            yield there
