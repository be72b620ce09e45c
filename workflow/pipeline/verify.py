"""Check a whole folder of results against itself: nothing corrupt, nothing stale, all of it made by the same code.

    python -m pipeline.verify results

What the configuration would make now is not asked here but by `make why`.
"""

import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rnn_replay.artifacts.netcdf import Corrupt, read

from pipeline.provenance import KEYS, file_digest, provenance
from pipeline.staleness import listed

NOTES = {".runs", "logs", "benchmarks"}  # folders without artifacts


def problems(results: Path) -> Iterator[str]:
    """What is wrong in a folder of results, one sentence each, named by file."""
    found: dict[Path, dict[str, Any]] = {}
    for path in files(results):
        if path.name.startswith("."):
            yield f"{path} was left by a run that was cut off; run again, or delete it"
        elif is_artifact(path):
            try:
                if path.suffix == ".nc":
                    read(path)
                entry = provenance(path)
            except (Corrupt, OSError, TypeError, ValueError) as error:  # whatever stands in place of what was written
                yield str(error) if isinstance(error, Corrupt) else f"{path} cannot be read ({error})"
                continue
            if not entry.keys() >= set(KEYS):
                yield f"{path} does not say what it was made from"
            elif not path.absolute().as_posix().endswith(f"/{entry['artifact']}"):
                yield f"{path} is not what belongs there, but {entry['artifact']}"
            else:
                found[path] = entry
    if not found:
        yield f"{results} holds no artifact that can be read"
    yield from gone(found)
    for path, entry in found.items():
        yield from stale(path, entry)
    yield from mixtures(found)


def files(results: Path) -> Iterator[Path]:
    """All files of a folder of results, also behind links to folders, each folder once."""
    seen = set()
    for folder, folders, names in os.walk(results, followlinks=True):
        seen.add(os.path.realpath(folder))
        folders[:] = sorted(
            name for name in folders if name not in NOTES and os.path.realpath(f"{folder}/{name}") not in seen
        )
        yield from (Path(folder, name) for name in sorted(names))


def is_artifact(path: Path) -> bool:
    """Whether a file carries provenance."""
    return path.suffix == ".nc" or path.name.endswith(".provenance.json")


def gone(found: dict[Path, dict[str, Any]]) -> Iterator[str]:
    """Files that artifacts were made from, or made with, and that are not there."""
    missing: dict[Path, list[str]] = defaultdict(list)
    for path, entry in found.items():
        for name in (*entry["inputs"], *entry["beside"]):
            if not (root(path, entry) / name).exists():
                missing[root(path, entry) / name].append(entry["artifact"])
    for path, names in sorted(missing.items()):
        yield f"{path} is not there; run again (it was made with, or read for, {listed(names)})"


def root(path: Path, entry: dict[str, Any]) -> Path:
    """The folder of results that an artifact belongs to."""
    return Path(*path.parts[: len(path.parts) - len(Path(entry["artifact"]).parts)])


def stale(path: Path, entry: dict[str, Any]) -> Iterator[str]:
    """Inputs that are other than when an artifact was made, and files that changed since they were written."""
    folder = root(path, entry)
    for name, digest in entry["beside"].items():
        if is_other(folder / name, digest):
            yield f"{folder / name} was changed after it was written; delete it and run again"
    for name, digest in entry["inputs"].items():
        if is_other(folder / name, digest):
            yield f"{path} is stale: it was made from another {name}; run again"


def is_other(path: Path, digest: str) -> bool:
    """Whether a file that is there has another digest."""
    try:
        return path.exists() and file_digest(path) != digest
    except (Corrupt, OSError):
        return not is_artifact(path)  # an artifact is named above, where it is read


def mixtures(found: dict[Path, dict[str, Any]]) -> Iterator[str]:
    """Modules and packages of which artifacts of one folder of results used different versions."""
    used: dict[tuple[Path, str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path, entry in found.items():
        for part in ("code", "packages"):
            for name, state in entry["recipe"].get(part, {}).items():
                used[root(path, entry), part, name][state].append(entry["artifact"])
    for (folder, part, name), states in sorted(used.items()):
        most = max(states, key=lambda state: len(states[state]))
        for state, names in sorted(states.items()):
            if state != most:
                version = f"{name} {state}" if part == "packages" else f"another {name}"
                yield f"{folder}: {len(names)} of {sum(map(len, states.values()))} used {version}: {listed(names)}"


def main(folder: str) -> int:
    """Print what is wrong in a folder of results, and return how many things are."""
    results = Path(folder)
    if not results.is_dir():
        raise SystemExit(f"{results} is not there; allowed: a folder of results")
    wrong = list(problems(results))
    for line in wrong:
        print(line)
    count = sum(map(is_artifact, files(results)))
    verdict = f"{len(wrong)} found wrong" if wrong else "nothing corrupt, nothing stale, all made by the same code"
    print(f"{results}: {count} artifacts checked; {verdict}")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(min(main(*sys.argv[1:2] or ["results"]), 1))
