"""Jobs in the image: what Snakemake asks of Apptainer, of which a stand-in gives the commands here."""

import os
import subprocess

from checkout import command, environment, one_environment

STAND_IN = """#!/bin/sh
if [ "$1" = --version ]; then echo "apptainer version 1.3.0"; exit; fi
echo "$@" >> asked.txt
while [ "${1##*.}" != sif ]; do shift; done
shift
exec "$@"
"""


def test_each_job_is_given_in_the_image_beside_the_snakefile(tmp_path):
    folder = one_environment(tmp_path / "checkout")
    (folder / "rnn-replay.sif").touch()
    program = tmp_path / "bin/apptainer"
    program.parent.mkdir()
    program.write_text(STAND_IN)
    program.chmod(0o755)
    asked = command("results/environments/triangle/101.nc", "--cores", "1", "--software-deployment-method", "apptainer")
    paths = environment(folder) | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(asked, cwd=folder, env=paths, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    (line,) = [line for line in (folder / "asked.txt").read_text().splitlines() if line.startswith("exec ")]
    assert " rnn-replay.sif " in line and "make_environment.py" in line
    assert (folder / "results/environments/triangle/101.nc").exists()
