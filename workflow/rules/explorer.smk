# The explorer: a page of its own that shows every setting that was replayed. Paths are those of the first seed.

from hashlib import sha256

EXPLORED = [name for name in CONFIGURATION.environments if any(name == m[0] for m in CONFIGURATION.measurements)]


rule draw_explorer:
    input:
        environments=first_environments(EXPLORED),
        replays=[
            f"{RESULTS}/replays/{environment}/{variant}/{CONFIGURATION.seeds[0]}/{sweep}.nc"
            for environment, variant, sweep in CONFIGURATION.measurements
        ],
        metrics=f"{RESULTS}/tables/metrics.csv",
        networks=f"{RESULTS}/tables/networks.csv",
    output:
        page=report(
            f"{RESULTS}/figures/explorer.html",
            caption="../report/explorer.rst",
            category="3 Replay",
            labels={"figure": "explorer"},
        ),
    log:
        f"{RESULTS}/logs/figures/explorer.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/explorer.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        recipe={
            "settings": {"environments": EXPLORED, "leakage": CLAIMS["leakage"]},
            "code": fingerprint("workflow/scripts/draw_explorer.py")
            | {"page.html": sha256(open("workflow/rnn_replay/explorer/page.html", "rb").read()).hexdigest()[:16]},
            "packages": packages("altair", "numpy", "pandas", "scipy", "vl-convert-python", "xarray"),
        },
    script:
        "../scripts/draw_explorer.py"
