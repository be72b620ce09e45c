"""The image: built from the Containerfile, a small run in it makes the same as one outside, on this machine.

Needs root and Debian's buildah, crun and debootstrap. No image is fetched: the base is made of Debian's packages.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import ROOT, contents, one_environment, snakemake
from pipeline.provenance import file_digest

BASE, IMAGE = "localhost/rnn-replay-base", "localhost/rnn-replay-tested"
LARGEST = 2.5e9  # bytes of the image, base and PyTorch included
ENGINE = os.environ | {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.geteuid() != 0 or not all(map(shutil.which, ("buildah", "crun", "debootstrap"))),
        reason="needs root, buildah, crun and debootstrap",
    ),
]


def buildah(*arguments: str, check: bool = True) -> str:
    """Standard output of buildah."""
    done = subprocess.run(["buildah", *arguments], env=ENGINE, capture_output=True, text=True)
    if check and done.returncode:
        raise AssertionError(done.stdout[-2000:] + done.stderr[-3000:])
    return done.stdout.strip()


@pytest.fixture(scope="module")
def base() -> str:
    """A slim Debian with Python, made here unless it is there."""
    if not buildah("images", "--quiet", BASE, check=False):
        mirrors = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True)
        container = buildah("from", "scratch")
        included = "--include=python3,python3-venv,ca-certificates"
        subprocess.run(
            [
                "debootstrap",
                "--variant=minbase",
                included,
                "bookworm",
                buildah("mount", container),
                mirrors.stdout.split()[0],
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        buildah("umount", container)
        buildah("commit", "--rm", container, BASE)
    return BASE


@pytest.fixture(scope="module")
def image(base) -> str:
    """The image of the Containerfile, built with what pip is configured with here."""
    config = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.find-links"], capture_output=True, text=True
    )
    folders = config.stdout.split()
    shared = ["/etc/ssl/certs", *filter(os.path.exists, ["/etc/pip.conf"]), *filter(os.path.isdir, folders)]
    volumes = [part for path in shared for part in ("--volume", f"{path}:{path}:ro")]
    arguments = ["--build-arg", f"BASE={base}", "--build-arg", f"PIP_FIND_LINKS={' '.join(folders)}"]
    buildah("build", "--layers", *arguments, *volumes, "--tag", IMAGE, str(ROOT))
    return IMAGE


def test_a_run_in_the_image_makes_the_same_as_one_outside(image, tmp_path):
    outside, inside = one_environment(tmp_path / "outside"), tmp_path / "inside"
    inside.mkdir()
    done = snakemake(outside, "--cores", "1")
    assert done.returncode == 0, done.stderr[-3000:]
    container = buildah("from", image)
    mounts = ["--volume", f"{inside}:/rnn-replay/results"]
    mounts += ["--volume", f"{outside / 'config.yaml'}:/rnn-replay/config.yaml:ro"]
    try:
        buildah("run", *mounts, container, "--", "snakemake", "--cores", "1")
    finally:
        buildah("rm", container)
    here, there = outside / "results", inside
    assert contents(here).keys() == contents(there).keys() and len(contents(here)) > 20
    for name in contents(here):
        assert same(here / name, there / name), name


def same(here: Path, there: Path) -> bool:
    """Whether two files are equal but for the version of Python that their provenance names for information."""
    if here.suffix == ".nc":
        return file_digest(here) == file_digest(there)
    if here.name.endswith(".provenance.json"):
        found = [json.loads(path.read_text()) | {"python": ""} for path in (here, there)]
        return found[0] == found[1]
    return here.read_bytes() == there.read_bytes()


def test_the_image_is_no_larger_than_it_has_to_be(image):
    size = json.loads(buildah("images", "--json", image))[0]["size"]
    print(f"image: {size}")
    number, unit = size.split()
    assert float(number) * {"MB": 1e6, "GB": 1e9}[unit] < LARGEST


def test_versions_in_the_image_are_the_constraints(image):
    container = buildah("from", image)
    try:
        frozen = buildah("run", container, "--", "python", "-m", "pip", "list", "--format", "freeze")
    finally:
        buildah("rm", container)
    pinned = dict(line.split("==") for line in (ROOT / "envs/constraints.txt").read_text().splitlines() if "==" in line)
    found = {
        name.lower().replace("_", "-"): version.split("+")[0]
        for name, version in (line.split("==") for line in frozen.splitlines() if "==" in line)
    }
    assert {name: version for name, version in found.items() if name in pinned and pinned[name] != version} == {}
    assert "torch" in found and "snakemake" in found
