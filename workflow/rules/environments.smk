# Awake paths and map of each environment, one artifact a seed: seeds must not share paths.

from rnn_replay.environments import kind


rule environment:
    output:
        f"{RESULTS}/environments/{{environment}}/{{seed}}.nc",
    log:
        f"{RESULTS}/logs/environments/{{environment}}/{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/environments/{{environment}}/{{seed}}.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        recipe=lambda wildcards: {
            "settings": environment_settings(wildcards),
            "code": fingerprint(
                "workflow/scripts/make_environment.py",
                f"rnn_replay.environments.{kind(wildcards.environment, environment_settings(wildcards))}",
            ),
            "packages": packages("numpy", "ratinabox"),
        },
    script:
        "../scripts/make_environment.py"
