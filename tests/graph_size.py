"""How long Snakemake takes to build the graph of jobs, beside an equally large graph of empty rules.

    python tests/graph_size.py 500 1000 5000

Prints, for each number of jobs, CPU seconds and peak memory of a dry run of config.yaml with as many seeds as it takes,
and of a workflow with the same files and no parameters, resources, logs, benchmarks or scripts. CPU seconds, since wall
time depends on what else the machine does.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]

EMPTY = """
import json
graph = json.load(open("graph.json"))

rule all:
    input: graph["all"]

rule environment:
    output: "r/environments/{environment}/{seed}.nc"
    shell: "true"

rule network:
    input: "r/environments/{environment}/{seed}.nc"
    output: "r/networks/{environment}/{variant}/{seed}.nc"
    shell: "true"

rule replay:
    input:
        expand("r/environments/{{environment}}/{seed}.nc", seed=graph["seeds"]),
        expand("r/networks/{{environment}}/{{variant}}/{seed}.nc", seed=graph["seeds"]),
    output: "r/replays/{environment}/{variant}/{sweep}.nc"
    shell: "true"

rule metrics:
    input:
        expand("r/environments/{{environment}}/{seed}.nc", seed=graph["seeds"]),
        "r/replays/{environment}/{variant}/{sweep}.nc",
    output: "r/metrics/{environment}/{variant}/{sweep}.nc"
    shell: "true"
"""


def measured(folder: Path, *arguments: str) -> tuple[int, float, float]:
    """Jobs, CPU seconds and peak memory (MB) of a dry run."""
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "rules", *arguments]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(said)
    jobs = int(re.search(r"^total\s+(\d+)", said, re.MULTILINE).group(1))
    return jobs, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Measure the numbers of jobs given, and print a table."""
    sys.path.insert(0, str(ROOT / "workflow"))
    from pipeline.configuration import Configuration
    from snakemake.common.configfile import load_configfile

    values = load_configfile(ROOT / "config.yaml")
    print("| jobs | CPU, s | empty rules, s | ratio | memory, MB | empty rules, MB | ratio |\n|--|--|--|--|--|--|--|")
    for number in map(int, sys.argv[1:]):
        configuration = Configuration(values)
        pieces = [
            (environment, variant, sweep)
            for environment, sweeps in configuration.sweeps.items()
            for sweep, entry in sweeps.items()
            for variant in entry["variants"]
        ]
        trained = [(e, v) for e in configuration.environments for v in configuration.variants[e]]
        a_seed = len(configuration.environments) + len(trained)
        seeds = list(range(1, 1 + max(1, round((number - 2 * len(pieces)) / a_seed))))
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            wanted = {"seeds": seeds, "controls": {"seeds": len(seeds)}, "results": str(folder / "results")}
            (folder / "seeds.yaml").write_text(json.dumps(wanted))
            ours = measured(ROOT, "--cores", "8", "--nolock", "--forceall", "--configfile", str(folder / "seeds.yaml"))
            targets = [f"r/metrics/{e}/{v}/{s}.nc" for e, v, s in pieces]
            targets += [f"r/networks/{e}/{v}/{seed}.nc" for e, v in trained for seed in seeds]
            (folder / "graph.json").write_text(json.dumps({"seeds": seeds, "all": targets}))
            (folder / "Snakefile").write_text(EMPTY)
            empty = measured(folder, "--cores", "8", "--scheduler", "greedy")
        cells = [ours[0], ours[1], empty[1], ours[1] / empty[1], ours[2], empty[2], ours[2] / empty[2]]
        print("| " + " | ".join(f"{cell:.2f}" if cell < 10 else f"{cell:.0f}" for cell in cells) + " |", flush=True)


if __name__ == "__main__":
    main()
