# A verdict on every claim of the paper, in every environment.

# Rows of other stages: netCDF files with the columns of the claims table and the dimension row.
FURTHER_CLAIMS = [f"{RESULTS}/theory/claims.nc"]


rule claims_table:
    input:
        networks=f"{RESULTS}/tables/networks.csv",
        metrics=f"{RESULTS}/tables/metrics.csv",
        further=FURTHER_CLAIMS,
    output:
        netcdf=f"{RESULTS}/tables/claims.nc",
        csv=f"{RESULTS}/tables/claims.csv",
        markdown=f"{RESULTS}/tables/claims.md",
        page=report(
            f"{RESULTS}/tables/claims.html",
            caption="../report/claims.rst",
            category="0 Claims",
            labels={"table": "claims"},
        ),
        seeds=f"{RESULTS}/tables/seeds.csv",
    log:
        f"{RESULTS}/logs/tables/claims.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/claims.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe={
            "settings": {
                "claims": CONFIGURATION.values["claims"],
                "environments": CONFIGURATION.environments,
                "demonstration": CONFIGURATION.values.get("demonstration", False),
            },
            "code": fingerprint("workflow/scripts/claims.py"),
            "packages": packages("numpy", "pandas", "scipy", "xarray"),
        },
    script:
        "../scripts/claims.py"
