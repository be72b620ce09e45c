# Awake paths and map of each environment, one artifact a seed: seeds must not share paths.

from rnn_replay.environments import kind


def environment_settings(wildcards):
    """Settings of an environment of either run."""
    return EXTENDED.values["environments"][wildcards.environment]


def environment_module(wildcards):
    """The module that makes an environment."""
    return [f"rnn_replay.environments.{kind(wildcards.environment, environment_settings(wildcards))}"]


use rule job as environment with:
    output:
        "<results>/<artifact>.nc",
    pathvars:
        artifact="environments/{environment}/{seed}",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        **by("make_environment.py", environment_settings, environment_module),
