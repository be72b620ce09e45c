"""A reference run: its tables as text, and whether another run agrees with them.

python -m pipeline.reference keep results reference README.md     copy a run's tables, refresh the README
python -m pipeline.reference compare results reference            each claim, here and there
"""

import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from rnn_replay import artifacts
from rnn_replay.claims.glance import glance_markdown
from rnn_replay.claims.statistics import DECIDED
from rnn_replay.claims.table import COLUMNS

FILES = ("tables/claims.csv", "tables/claims.md", "tables/seeds.csv", "tables/networks.csv", "configuration.yaml")
# Of stages of their own, which a reference may lack.
FURTHER = ("tables/extended/answers.csv", SHARES := "tables/readings_shares.csv")
STAGES = ("environments", "networks", "replays", "metrics", "tables")
BLOCK = re.compile(r"(?<=<!-- claims -->\n).*?(?=\n<!-- /claims -->)", re.DOTALL)


def keep(results: Path, reference: Path, readme: Path) -> None:
    """Copy the tables of a run, write down what made them, and put its claims into the README.

    Raises:
        ValueError: the run is a demonstration, which gives no verdicts, or the README has no place for the claims.
    """
    table = COLUMNS.read(results / "tables/claims.csv")
    if (table["verdict"] == "demo").any():
        raise ValueError(f"{results} is a demonstration; a reference needs a run with verdicts")
    text = readme.read_text()
    if not BLOCK.search(text):
        raise ValueError(f"{readme} has no lines '<!-- claims -->' and '<!-- /claims -->' to write between")
    made = provenance(results)  # before anything is copied, which would count as a change of the commit
    reference.mkdir(exist_ok=True)
    for name in FILES:
        shutil.copyfile(results / name, reference / Path(name).name)
    (reference / "provenance.yaml").write_text(yaml.safe_dump(made, sort_keys=False))
    for name in FURTHER:
        if (results / name).exists():
            shutil.copyfile(results / name, reference / Path(name).name)
    shares = pd.read_csv(results / SHARES) if (results / SHARES).exists() else None
    readme.write_text(BLOCK.sub(lambda _: glance_markdown(table, shares), text))


def provenance(results: Path) -> dict:
    """Commit, processor kind and, from the first artifact of each stage, hashes of code and versions of packages."""
    described = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True)
    stages = {}
    for stage in STAGES:
        recipe = yaml.safe_load(artifacts.read(min((results / stage).rglob("*.nc"))).attrs["recipe"])
        stages[stage] = {"packages": recipe["packages"], "code": recipe["code"]}
    versions = {"commit": described.stdout.strip(), "python": platform.python_version(), "machine": platform.machine()}
    return versions | {"stages": stages}


def compare(here: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    """Primary rows of two claims tables side by side.

    Args:
        here: claims table of a run.
        there: claims table of the reference.

    Returns:
        One row for each primary row of the reference: claim, environment, reference, here, agreement. The last is
        `yes`, `no` (one is supported and the other contradicted), `undecided` (one of the two is neither),
        `same direction` or `other direction` (a demonstration), or `not run`.
    """
    mine = {key(row): row for row in here[here["primary"]].itertuples()}
    lines = []
    for row in there[there["primary"]].itertuples():
        other = mine.get(key(row))
        lines.append(
            {
                "claim": f"{row.claim}: {row.says}",
                "environment": row.environment,
                "reference": shown(row),
                "here": shown(other) if other is not None else "–",
                "agreement": agreement(row, other),
            }
        )
    return pd.DataFrame(lines, columns=["claim", "environment", "reference", "here", "agreement"])


def key(row) -> tuple[str, str, str, str]:
    """What the same row has in common in two runs."""
    return row.claim, row.environment, row.contrast, row.metric


def shown(row) -> str:
    """Verdict, estimate and interval of a row."""
    if np.isnan(row.estimate):
        return row.verdict
    return f"{row.verdict} {row.estimate:.3g} [{row.low:.3g}, {row.high:.3g}]"


def agreement(there, here) -> str:
    """Whether a row agrees with the reference's; see :func:`compare`."""
    if here is None or here.verdict == "not testable" or np.isnan(here.estimate):
        return "not run"
    if here.verdict == "demo":
        return "same direction" if np.sign(here.effect) == np.sign(there.effect) else "other direction"
    if here.verdict == there.verdict:
        return "yes"
    return "no" if {here.verdict, there.verdict} == set(DECIDED) else "undecided"


def main(arguments: list[str]) -> int:
    """Run one of the two commands; the status of `compare` is 1 if a claim is supported here and contradicted there."""
    command, *paths = arguments
    paths = [Path(path) for path in paths]
    if command == "keep":
        keep(*paths)
        return 0
    results, reference = paths
    for path in (results / "tables/claims.csv", reference / "claims.csv"):
        if not path.exists():
            sys.exit(
                f"{path} is missing: {'make figures' if path.is_relative_to(results) else 'make reference'} makes it"
            )
    found = compare(COLUMNS.read(results / "tables/claims.csv"), COLUMNS.read(reference / "claims.csv"))
    print(found.to_string(index=False, justify="left"))
    counts = found["agreement"].value_counts()
    print(f"\n{', '.join(f'{name}: {count}' for name, count in counts.items())} (of {len(found)} primary rows)")
    return int((found["agreement"] == "no").any())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
