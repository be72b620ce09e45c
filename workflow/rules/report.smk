# What the report shows besides figures and claims. `make report` writes the report itself.


rule configuration:
    output:
        yaml=f"{RESULTS}/configuration.yaml",
        page=report(
            f"{RESULTS}/configuration.html",
            caption="../report/configuration.rst",
            category="Configuration",
            labels={"configuration": "of this run"},
        ),
    log:
        f"{RESULTS}/logs/configuration.log",
    benchmark:
        f"{RESULTS}/benchmarks/configuration.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        recipe={
            # Where results lie, what is noted beside them and what goes beyond the paper make none of its artifacts another.
            "settings": {
                key: value
                for key, value in CONFIGURATION.values.items()
                if key not in ("results", "notes", "extended")
            },
            "code": fingerprint("workflow/scripts/write_configuration.py"),
            "packages": {},
        },
    script:
        "../scripts/write_configuration.py"


rule draw_animation:
    input:
        environments=first_environments(SWEPT),
        replays=first_replays(SWEPT),
    output:
        gif=f"{RESULTS}/figures/animation.gif",
        csv=f"{RESULTS}/figures/animation.csv",
        page=report(
            f"{RESULTS}/figures/animation.html",
            caption="../report/animation.rst",
            category="3 Replay",
            labels={"figure": "animation"},
        ),
    log:
        f"{RESULTS}/logs/figures/animation.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/animation.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("animation", SWEPT, claims=CLAIMS, **DECODERS),
    script:
        "../scripts/draw_animation.py"


rule report_pages:
    input:
        rules.configuration.output,
        rules.draw_animation.output if SWEPT else [],
        rules.draw_explorer.output if EXPLORED else [],
