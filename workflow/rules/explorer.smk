# The explorer: a page of its own that shows every setting that was replayed. Paths are those of the first seed.

from hashlib import sha256

EXPLORED = [name for name in ENVIRONMENTS if any(name == m[0] for m in CONFIGURATION.measurements)]


use rule job as explorer with:
    input:
        environments=expand("<results>/environments/{name}/{seed}.nc", name=EXPLORED, seed=SEEDS[0]),
        replays=[
            f"<results>/replays/{environment}/{variant}/{sweep}.nc"
            for environment, variant, sweep in CONFIGURATION.measurements
        ],
        metrics="<results>/tables/metrics.csv",
        networks="<results>/tables/networks.csv",
    output:
        page=report(
            "<results>/<artifact>.html",
            caption="../report/explorer.rst",
            category="3 Replay",
            labels={"figure": "explorer"},
        ),
    pathvars:
        artifact="figures/explorer",
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        **by(
            "draw_explorer.py",
            {
                "environments": traits(EXPLORED),
                "leakage": CLAIMS["leakage"],
                "level": CLAIMS["level"],
                "template": sha256((WORKFLOW / "rnn_replay/explorer/page.html").read_bytes()).hexdigest(),
            },
        ),
