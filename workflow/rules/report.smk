# The configuration as it was used, for the report. `make report` writes the report itself.


use rule job as configuration with:
    output:
        yaml="<results>/<artifact>.yaml",
        page=report(
            "<results>/<artifact>.html",
            caption="../report/configuration.rst",
            category="Configuration",
            labels={"configuration": "of this run"},
        ),
    pathvars:
        artifact="configuration",
    resources:
        mem_mb=500,
        runtime=5,
    params:
        # Where results lie, what is noted beside them and what goes beyond the paper make none of its artifacts another.
        **by(
            "write_configuration.py",
            {
                key: value
                for key, value in CONFIGURATION.values.items()
                if key not in ("results", "notes", "extended", "rats")
            },
        ),


# What stands in the report beside figures and claims.
rule report_pages:
    input:
        rules.configuration.output,
        rules.animation.output if SWEPT else [],
        rules.explorer.output if EXPLORED else [],
