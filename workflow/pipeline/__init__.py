"""All that knows Snakemake or the run as a whole; the science library knows nothing of it."""
