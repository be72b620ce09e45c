# A verdict on every claim of the paper, in every environment; other stages add rows with the same columns.


use rule job as claims_table with:
    input:
        networks="<results>/tables/networks.csv",
        metrics="<results>/tables/metrics.csv",
        controls="<results>/tables/controls.csv",
        further=["<results>/theory/claims.nc"],
    output:
        netcdf="<results>/<artifact>.nc",
        csv="<results>/<artifact>.csv",
        markdown="<results>/<artifact>.md",
        page=report(
            "<results>/<artifact>.html",
            caption="../report/claims.rst",
            category="0 Claims",
            labels={"table": "claims"},
        ),
        seeds="<results>/tables/seeds.csv",
    pathvars:
        artifact="tables/claims",
    params:
        **by(
            "claims.py",
            {
                "claims": CLAIMS,
                "environments": CONFIGURATION.traits,
                "demonstration": CONFIGURATION.values.get("demonstration", False),
                "sources": sources(ENVIRONMENTS),
            },
        ),
