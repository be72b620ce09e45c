"""Go on with the run that was killed in this folder: with its targets, its configuration files and its options.

python -m pipeline.recovery --cores 8
"""

import subprocess
import sys

from pipeline.occupancy import RUN, OccupiedError, refuse_beside_a_live_run


def main(options: list[str]) -> int:
    """Unlock the folder and start the run again; options of Snakemake's come after those that it had."""
    try:
        killed = refuse_beside_a_live_run()
    except OccupiedError as error:
        raise SystemExit(f"Nothing was started: {error}.") from None
    snakemake = [sys.executable, "-m", "snakemake"]
    if killed is None:
        print("No run was killed here; the default run goes on.")
    else:
        print(f"Goes on: snakemake {' '.join(killed['arguments'])}")
    again = [*(killed["arguments"] if killed else []), *options, "--rerun-incomplete"]
    failed = subprocess.call([*snakemake, "--unlock"]) or subprocess.call([*snakemake, *again])
    if not failed:
        RUN.unlink(missing_ok=True)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
