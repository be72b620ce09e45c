"""Write docs/benchmark.md and its plot: python -m benchmarks.document build/benchmark.json docs"""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("agg")
from matplotlib import pyplot as plt

from benchmarks import bench_growth, bench_memory, bench_replay, tables

SCALE_STEPS = 2500  # iterations of scenarios/krishna2024.yaml
TEMPLATE = Path(__file__).with_name("document.md")
GPU = Path(__file__).with_name("gpu.json")  # measured where there was one
NAMES = {"predecessor": "predecessor-style loop", "hoisted": "hoisted", "jax": "JAX", "products": "bare products"}
COLOURS = dict(zip(NAMES, ("#d55e00", "#e69f00", "#0072b2", "#777777"), strict=True))


def draw(parts: list[dict], path: Path) -> None:
    """Each contender's time over this code's, with quartiles."""
    figure, axes = plt.subplots(figsize=(6.4, 2.8), layout="constrained")
    labels = []
    for row, part in enumerate(parts):
        settings = part.get("settings", 1)
        labels.append(f"{part['part']}, n = {part['size'][0]}" + (f", {settings} settings" if settings > 1 else ""))
        contenders = [name for name in NAMES if name in part["ratios"]]
        for place, name in enumerate(contenders):
            median, low, high = tables.quartiles(part["ratios"][name])
            y = row + 0.18 * (place - (len(contenders) - 1) / 2)
            axes.plot([low, high], [y, y], color=COLOURS[name], lw=2)
            axes.plot(median, y, "o", color=COLOURS[name], ms=4, label=NAMES[name] if row == 0 else None)
    axes.axvline(1, color="black", lw=0.8)
    axes.set(xscale="log", yticks=range(len(labels)), xlabel="time / this code's time")
    axes.set_yticklabels(labels)
    ticks = [0.5, 0.7, 1, 1.5, 2, 3, 4, 6]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    entries = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    figure.legend(entries.values(), entries.keys(), loc="outside right upper", frameon=False, fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120, metadata={"Software": None})


def write(found: dict, folder: Path) -> None:
    """The page and its plot in a folder."""
    infos = [benchmark["extra_info"] for benchmark in found["benchmarks"]]
    on_gpu = json.loads(GPU.read_text())
    parts = {
        name: [info for info in infos if info["part"] == name]
        for name in ("training", "scale", "scale_memory", "replay", "memory", "growth", "run", "cores", "tried")
    }
    text = TEMPLATE.read_text().format(
        summary=tables.summary(parts),
        machine=tables.machine(found["machine_info"], found["commit_info"]),
        training=tables.training(parts["training"]),
        scale=tables.scale(parts["scale"], parts["scale_memory"], SCALE_STEPS),
        gpu=tables.gpu(on_gpu["benchmarks"], on_gpu["machine_info"]),
        replay=tables.replay(parts["replay"]),
        memory=tables.memory(parts["memory"], bench_memory.REPLAYS),
        growth=tables.growth(parts["growth"]),
        run=tables.run(parts["run"]),
        cores=tables.cores(parts["cores"]),
        tried=tables.tried(parts["tried"]),
        replays=f"{bench_replay.REPLAYS:,}",
        replay_steps=bench_replay.STEPS,
        memory_units=bench_memory.UNITS,
        **{f"base_{axis}": value for axis, value in bench_growth.BASE.items()},
    )
    (folder / "benchmark.md").write_text(text)
    draw(parts["training"] + parts["replay"], folder / "images/benchmark.png")


if __name__ == "__main__":
    write(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
