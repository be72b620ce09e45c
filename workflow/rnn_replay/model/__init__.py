"""The networks: the update rule, training, the awake run and replay."""
