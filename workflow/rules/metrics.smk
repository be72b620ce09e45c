# Fidelity, speed and exploration of the replays: one job measures a sweep for all seeds of a variant.


rule metrics:
    input:
        environments=lambda wildcards: expand(
            f"{RESULTS}/environments/{{environment}}/{{seed}}.nc", seed=seeds(wildcards), **wildcards
        ),
        replays=lambda wildcards: expand(
            f"{RESULTS}/replays/{{environment}}/{{variant}}/{{seed}}/{{sweep}}.nc", seed=seeds(wildcards), **wildcards
        ),
    output:
        f"{RESULTS}/metrics/{{environment}}/{{variant}}/{{sweep}}.nc",
    log:
        f"{RESULTS}/logs/metrics/{{environment}}/{{variant}}/{{sweep}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/metrics/{{environment}}/{{variant}}/{{sweep}}.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=30,
    params:
        seeds=seeds,
        recipe={
            "code": fingerprint("workflow/scripts/measure_replays.py"),
            "packages": packages("numpy", "scipy", "POT"),
        },
    script:
        "../scripts/measure_replays.py"
