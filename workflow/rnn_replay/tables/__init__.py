"""Tables over all environments, variants and seeds."""
