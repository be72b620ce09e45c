"""Whether an artifact is what the configuration, the code and its inputs would make now; if not, why, in words.

Judged from the provenance that artifacts carry, never from times of modification. Used by the Snakefile alone.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from rnn_replay.artifacts.netcdf import DIGEST, Corrupt, NotWritten, write_text

from pipeline.provenance import KEYS, checked, file_digest, holder, provenance, within

MISSING = "is not there"
# Parts of a recipe, and what has changed when one differs.
PARTS = {
    "settings": "configuration",
    "parameters": "configuration",
    "code": "code",
    "packages": "package",
    "threads": "package",
}


class Remembered:
    """What provenance and digests were found in files, kept between runs as long as the files stay as they are.

    Opening a netCDF file takes 3 ms, and there are hundreds. A file counts as the same as long as its size, inode and
    times of modification and change are; every write changes the last.
    """

    def __init__(self, path: Path):
        self.path = path
        self.known = remembered(path)
        self.found: dict[str, tuple[list[int], Any]] = {}

    def look(self, path: str | Path) -> Any:
        """Provenance of a holder, digest of another file; None if it is not there, a sentence if it is corrupt."""
        name = str(path)
        try:
            stat = os.stat(name)
        except (FileNotFoundError, NotADirectoryError):
            return None
        key = [stat.st_size, stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns]
        if name not in self.found or self.found[name][0] != key:
            old = self.known.get(name)
            self.found[name] = (key, old[1] if old and old[0] == key else inspect(name))
        return self.found[name][1]

    def provenance(self, path: str | Path) -> dict[str, Any] | str | None:
        """Provenance of a holder; None if it is not there, a sentence if it is corrupt."""
        return self.look(path)

    def digest(self, path: str | Path) -> str | None:
        """Digest of a file; None if it is not there or has none."""
        found = self.look(path)
        return found.get(DIGEST) if isinstance(found, dict) else found

    def keep(self) -> None:
        """Write what was found, if it is news."""
        known = self.known | {name: list(entry) for name, entry in self.found.items()}
        if known == self.known:
            return
        # What cannot be kept costs the next run time, and nothing else.
        with suppress(NotWritten):
            write_text(self.path, json.dumps(known))


def remembered(path: Path) -> dict[str, list]:
    """What was kept; entries that have not the shape of one are forgotten."""
    try:
        known = json.loads(path.read_text("utf-8"))
        return {name: [key, shaped(found)] for name, (key, found) in known.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def shaped(found: Any) -> Any:
    """A digest or sentence, or provenance.

    Raises:
        ValueError: it is neither.
    """
    return found if isinstance(found, str) else checked(found)


def inspect(path: str) -> Any:
    """Provenance of a holder, digest of another file, or a sentence if it is corrupt."""
    try:
        return provenance(path) if path.endswith((".nc", ".provenance.json")) else file_digest(path)
    except (Corrupt, OSError) as error:
        return str(error)


def reasons(
    outputs: Sequence[str],
    inputs: Sequence[str],
    recipe: dict[str, Any],
    root: str,
    files: Remembered,
    section: str = "",
) -> Iterator[tuple[str, str]]:
    """Why the outputs of a job are not what it would make now; nothing, if they are.

    Args:
        outputs, inputs: paths.
        recipe: settings, code and packages, as they are now.
        root: folder of results.
        files: what is in them.
        section: where the settings stand in the configuration.

    Yields:
        what changed (`missing`, `artifact`, `configuration`, `code`, `package` or `input`), and how.
    """
    missing = [path for path in outputs if not os.path.exists(path)]
    if missing:
        yield "missing", MISSING if len(missing) == len(outputs) else f"{within(root, missing[0])} {MISSING}"
        return
    found = files.provenance(holder(outputs))
    if not isinstance(found, dict) or not found.keys() >= set(KEYS):
        yield "artifact", "cannot be read" if isinstance(found, str) else "does not say what it was made from"
        return
    if found["artifact"] != within(root, holder(outputs)):
        yield "artifact", f"is not what belongs there, but {found['artifact']}"
        return
    wanted = json.loads(json.dumps(recipe))
    for part, kind in PARTS.items():
        old, new = found["recipe"].get(part, {}), wanted.get(part, {})
        if old != new:
            changes = (
                code_changes(old, new) if part == "code" else differences(old, new, section * (part == "settings"))
            )
            yield kind, "; ".join(changes)
    changed = [
        f"{name} changed" for name, digest in found["beside"].items() if files.digest(f"{root}/{name}") != digest
    ]
    if changed:
        yield "artifact", listed(changed)
    yield from input_reasons(found["inputs"], inputs, root, files)


def input_reasons(
    recorded: dict[str, str], inputs: Sequence[str], root: str, files: Remembered
) -> Iterator[tuple[str, str]]:
    """Which inputs are new, gone or other than when they were read."""
    wanted = {within(root, path): path for path in inputs}
    changes = [f"{name} added" for name in wanted if name not in recorded]
    changes += [f"{name} removed" for name in recorded if name not in wanted]
    # What is not there is made again, and this with it.
    changes += [
        f"{name} changed"
        for name, path in wanted.items()
        if name in recorded and files.digest(path) not in (None, recorded[name])
    ]
    if not changes and list(wanted) != list(recorded):
        changes = ["inputs are in another order"]
    if changes:
        yield "input", listed(changes)


def differences(old: Any, new: Any, key: str = "") -> list[str]:
    """What differs between two nested settings, one entry for each value, as `training.leak 0.3 → 0.2`."""
    if old == new:
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [*old, *(k for k in new if k not in old)]
        return [
            change
            for k in keys
            for change in differences(old.get(k, "nothing"), new.get(k, "nothing"), f"{key}.{k}".strip("."))
        ]
    if (
        isinstance(old, list)
        and isinstance(new, list)
        and len(old) == len(new)
        and any(isinstance(v, dict) for v in old)
    ):
        return [
            change for i, pair in enumerate(zip(old, new, strict=True)) for change in differences(*pair, f"{key}[{i}]")
        ]
    if isinstance(old, list) and isinstance(new, list) and len(str(old) + str(new)) > 100:
        return [f"{key} {len(old)} → {len(new)} entries"]
    return [f"{key} {old} → {new}"]


def code_changes(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """Which modules changed, came or went."""
    changes = [f"{name} changed" for name in new if name in old and old[name] != new[name]]
    changes += [f"{name} no longer used" for name in old if name not in new]
    return changes + [f"{name} newly used" for name in new if name not in old]


def listed(changes: list[str], most: int = 3) -> str:
    """A few changes in words, and how many more there are."""
    rest = len(changes) - most
    return "; ".join(changes[:most]) + (f"; and {rest} more" if rest > 0 else "")
