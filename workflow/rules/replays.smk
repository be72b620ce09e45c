# The quiescent phase: each trained network runs without input, under all settings of a sweep in one batch.


rule replay:
    input:
        environment=f"{RESULTS}/environments/{{environment}}/{{seed}}.nc",
        network=f"{RESULTS}/networks/{{environment}}/{{variant}}/{{seed}}.nc",
    output:
        f"{RESULTS}/replays/{{environment}}/{{variant}}/{{seed}}/{{sweep}}.nc",
    log:
        f"{RESULTS}/logs/replays/{{environment}}/{{variant}}/{{seed}}/{{sweep}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/replays/{{environment}}/{{variant}}/{{seed}}/{{sweep}}.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        recipe=lambda wildcards: {
            "settings": {
                key: EXTENDED.sweeps[wildcards.environment][wildcards.sweep][key] for key in ("settings", "sampling")
            },
            "code": fingerprint("workflow/scripts/replay_network.py"),
            "packages": packages("numpy", "torch"),
        },
    script:
        "../scripts/replay_network.py"
