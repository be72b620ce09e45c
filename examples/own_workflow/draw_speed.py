"""Speed of replay against friction, seeds as points."""

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import pandas as pd

table = pd.read_csv(snakemake.input.table)
rows = table[
    (table["metric"] == snakemake.params.metric) & (table["decoder"] == "template") & (table["sweep"] == "momentum")
]
figure, axes = plt.subplots(figsize=(3, 2.5), layout="constrained")
axes.plot(rows["friction"], rows["value"], "o", alpha=0.6)
axes.set(xlabel="friction λ_v [1/step]", ylabel=snakemake.params.metric, title=", ".join(rows["environment"].unique()))
figure.savefig(snakemake.output[0], dpi=200)
