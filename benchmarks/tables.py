"""The tables of docs/benchmark.md, from what pytest-benchmark wrote."""

from collections.abc import Iterable

import numpy as np


def quartiles(ratios: list[float]) -> tuple[float, float, float]:
    """Median of paired ratios, and the quartiles around it."""
    low, median, high = np.quantile(ratios, [0.25, 0.5, 0.75])
    return median, low, high


def inverse(ratios: list[float]) -> list[float]:
    """The ratios of the other to this."""
    return [1 / ratio for ratio in ratios]


def shown(ratios: list[float]) -> str:
    """Median and quartiles in a cell."""
    median, low, high = quartiles(ratios)
    return f"{median:.2f} ({low:.2f}–{high:.2f})"


def share(ratios: list[float]) -> str:
    """A median as a percentage."""
    return f"{quartiles(ratios)[0]:.0%}"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def machine(info: dict, commit: dict) -> str:
    """What it was measured on."""
    packages = ", ".join(f"{name} {version}" for name, version in info["packages"].items())
    load = " / ".join(f"{value:.1f}" for value in info["load"])
    return (
        f"Measured on {info['cores']} cores of {info['processor']}, Python {info['python']}, {packages}. Load average "
        f"before the start {load} (1, 5, 15 minutes); code of commit {commit['id'][:7]}"
        f"{' with changes' if commit['dirty'] else ''}."
    )


def summary(parts: dict[str, list[dict]]) -> str:
    """What a user gets, and against what, in three lines: training, replay, the whole run."""

    def times(name: str) -> str:
        return ", ".join(f"{quartiles(part['ratios'][name])[0]:.1f}" for part in parts["training"])

    units = ", ".join(str(part["size"][0]) for part in parts["training"])
    sweep, runs = parts["replay"][-1], parts["run"]
    way = quartiles(sweep["ratios"]["predecessor"])[0]
    peaks = {part["code"]: f"{(part['peak'] - part['before']) / 1e6:,.0f} MB" for part in reversed(parts["memory"])}
    lines = [
        f"**Training**, one step on one core, {units} units: {times('predecessor')} times as fast as the predecessor's "
        f"loop, {times('jax')} times as fast as JAX's compiled scan.",
        f"**Replay** of {sweep['settings']} settings, {sweep['size'][0]} units: "
        f"{way:.1f} times as fast as the predecessor's way; of one setting, in {peaks['ours']} of memory against "
        f"{peaks['predecessor']}.",
        *(
            f"**A whole run**: {run['jobs']} jobs in {run['wall'] / 60:.0f} minutes on {run['cores']} cores."
            for run in runs
        ),
    ]
    return "  \n".join(lines)


def training(parts: list[dict]) -> str:
    """Training against all contenders."""
    head = ["n, batch, T", "predecessor", "hoisted", "JAX", "noise", "this code / bare products"]
    return table(
        head,
        (
            [
                ", ".join(map(str, part["size"])),
                shown(part["ratios"]["predecessor"]),
                *(shown(part["ratios"][name]) for name in ("hoisted", "jax")),
                share(part["ratios"]["noise"]),
                shown(inverse(part["ratios"]["products"])),
            ]
            for part in parts
        ),
    )


def scale(parts: list[dict], memory: list[dict], steps: int) -> str:
    """How long a network of so many steps takes at the predecessor's scale, and how much memory."""
    (part,) = parts
    minutes, ratios = part["seconds"] * steps / 60, part["ratios"]["predecessor"]
    peaks = {each["code"]: (each["peak"] - each["before"]) / 1e6 for each in memory}
    return (
        f"a step takes {part['seconds']:.2f} s, so a network of {steps:,} steps {minutes:.0f} minutes. The "
        f"predecessor's loop takes {shown(ratios)} times as long, in the same run. A step needs "
        f"{peaks['ours']:,.0f} MB of memory, and {peaks['predecessor']:,.0f} MB in the predecessor's loop."
    )


def gpu(benchmarks: list[dict], machine: dict) -> str:
    """What a GPU gives."""
    parts = [benchmark["extra_info"] for benchmark in benchmarks]
    head = ["n, batch, T", "a step, ms", "one core", "predecessor", "hoisted", "noise", "GPU memory, MB"]
    rows = (
        [
            ", ".join(map(str, part["size"])),
            f"{1000 * part['seconds']:.0f}",
            *(shown(part["ratios"][name]) for name in ("core", "predecessor", "hoisted")),
            share(part["ratios"]["noise"]),
            f"{part['peak'] / 1e6:,.0f}",
        ]
        for part in parts
    )
    return (
        f"an {parts[0]['device']} beside {machine['cores']} cores of {machine['processor']}, torch "
        f"{machine['packages']['torch']}:\n\n{table(head, rows)}"
    )


def replay(parts: list[dict]) -> str:
    """Replay against its contenders."""
    return table(
        ["n", "settings", "predecessor", "noise", "this code / bare products"],
        (
            [
                part["size"][0],
                part["settings"],
                shown(part["ratios"]["predecessor"]),
                share(part["ratios"]["noise"]),
                shown(inverse(part["ratios"]["products"])),
            ]
            for part in parts
        ),
    )


def memory(parts: list[dict], replays: int) -> str:
    """Peak memory of replay."""
    names = {"ours": "this code", "predecessor": "predecessor"}
    return table(
        ["code", "steps", "peak, MB", "of which positions, MB"],
        (
            [
                names[part["code"]],
                f"{part['steps']:,}",
                f"{(part['peak'] - part['before']) / 1e6:.0f}",
                f"{replays * (part['steps'] + 1) * 8 / 1e6:.0f}",
            ]
            for part in parts
        ),
    )


def growth(parts: list[dict]) -> str:
    """Relative cost along each axis."""
    names = {"units": "units n", "batch": "batch", "steps": "steps T", "settings": "settings of a replay"}

    def cells(part: dict) -> Iterable[str]:
        points = {part["base"]: "1"} | {int(value): shown(ratios) for value, ratios in part["ratios"].items()}
        return (f"{value}: {points[value]}" for value in sorted(points))

    rows = [[names[part["axis"]], *cells(part)] for part in parts]
    width = max(map(len, rows))
    return table(["changed", *[""] * (width - 1)], ([*row, *[""] * (width - len(row))] for row in rows))


def tried(parts: list[dict]) -> str:
    """Ideas that are not used: their time over that of what they would replace."""
    rows = {}
    for part in parts:
        ((name, ratios),) = part["ratios"].items()
        rows.setdefault(name, {})[", ".join(map(str, part["size"]))] = shown(ratios)
    sizes = list(rows["bfloat16"])
    names = {"bfloat16": "bfloat16 / float32", "stacked": "8 seeds in one batched product / one after the other"}
    return table(["n, batch, T", *sizes], ([names[name], *(row[size] for size in sizes)] for name, row in rows.items()))


def run(parts: list[dict]) -> str:
    """Where the time of a finished run went."""
    if not parts:
        return "**Of a finished run**: none lay in the results folder when this was made."
    (part,) = parts
    minutes = part["wall"] / 60
    totals = (
        f"**Of a finished run**: {part['jobs']} jobs in {minutes:.1f} minutes, up to {part['cores']} at once, so "
        f"{part['jobs'] / minutes:.0f} jobs a minute. Of all the time of these cores, waiting included, jobs took "
        f"{part['busy']:.0%}. Science, which is jobs less start-up, took {part['science']:.0%} by the times of jobs. "
        f"By their CPU times it took at least {part['science_sampled']:.0%}: Snakemake samples them, and misses the "
        "end of each. Start-up is measured: of a job that imports the same and ends. Snakemake's own start, before the "
        "first job, is not in it.\n\n"
    )
    head = ["stage", "jobs", "time on a core, s", "CPU as sampled, s", "start-up, CPU-s a job", "science in jobs"]
    return totals + table(
        head,
        (
            [
                stage["stage"],
                stage["jobs"],
                f"{stage['seconds']:.0f}",
                f"{stage['sampled']:.0f}",
                f"{stage['start_up'] / stage['jobs']:.1f}",
                f"{stage['science'] / stage['seconds']:.0%}",
            ]
            for stage in part["stages"]
        ),
    )


def cores(parts: list[dict]) -> str:
    """One core against two, and what a job costs besides its own work."""
    one, two = sorted(parts, key=lambda part: part["cores"])
    rows = (
        [part["cores"], part["jobs"], f"{part['wall']:.0f}", f"{part['cpu']:.0f}", f"{part['seconds']:.0f}"]
        for part in (one, two)
    )
    efficiency = one["wall"] / (2 * two["wall"])
    slowed = one["seconds"] / two["seconds"]
    # Bounds, as the CPU time of jobs lies between these two.
    least, most = (max(0.0, one["cpu"] - one[jobs]) / one["jobs"] for jobs in ("seconds", "sampled"))
    return (
        table(["cores", "jobs", "wall, s", "CPU, s", "all jobs, s"], rows)
        + "\n\nParallel efficiency, wall time on one core over twice that on two: "
        f"{efficiency:.2f}. In so small a run Snakemake starts, and the last job runs, on one core alone. The jobs "
        f"themselves took on one core {slowed:.2f} of their time on two. So in a long run efficiency is near "
        f"{slowed:.2f} times the share of time in which both cores are busy. Overhead of a training job: "
        f"{one['start_up']:.1f} CPU-s of start-up and imports, and {least:.1f} to {most:.1f} CPU-s of Snakemake, its "
        "own start spread over all jobs."
    )
