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
            "settings": CONFIGURATION.values,
            "code": fingerprint("workflow/scripts/write_configuration.py"),
            "packages": {},
        },
    script:
        "../scripts/write_configuration.py"
